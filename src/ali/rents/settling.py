"""Which payment pays which charge, and exact divisions of money. Plain functions on integer cents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Open:
    """What is left of a charge, or of a payment: `left` is always positive."""

    pk: int
    left: int
    day: date
    is_last: bool = False  # paid after all the others: a charge that a repayment plan covers


@dataclass(frozen=True)
class Match:
    """So many cents of a payment go to a charge."""

    charge: int
    credit: int
    cents: int


def settle(charges: Iterable[Open], credits: Iterable[Open], first: Sequence[int] = ()) -> list[Match]:
    """Pay the oldest charges first (c.c. 1193), before them those that were named (`first`), after them those in a plan.

    Nothing is paid twice: no charge gets more than its `left`, no payment gives more than its own.
    """
    named = {pk: place for place, pk in enumerate(first)}
    waiting = sorted(charges, key=lambda one: (named.get(one.pk, len(named)), one.is_last, one.day, one.pk))
    left = {one.pk: one.left for one in waiting}
    matches = []
    for credit in sorted(credits, key=lambda one: (one.day, one.pk)):
        money = credit.left
        for charge in waiting:
            cents = min(money, left[charge.pk])
            if cents > 0:
                matches.append(Match(charge.pk, credit.pk, cents))
                left[charge.pk] -= cents
                money -= cents
    return matches


def split_evenly(cents: int, parts: int) -> list[int]:
    """Return `parts` amounts that differ by one cent at most and sum to `cents`, the larger ones first."""
    each, rest = divmod(cents, parts)
    return [each + (place < rest) for place in range(parts)]


def split_by_weight(cents: int, weights: Sequence[int]) -> list[int]:
    """Return amounts in proportion to `weights` that sum to `cents` exactly (largest remainder, the first when equal)."""
    whole = sum(weights)
    if whole <= 0:
        return [cents, *[0] * (len(weights) - 1)]
    floors = [cents * weight // whole for weight in weights]
    remainders = [cents * weight % whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda place: (-remainders[place], place))
    for place in order[: cents - sum(floors)]:
        floors[place] += 1
    return floors
