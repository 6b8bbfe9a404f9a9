"""The instalments of a repayment plan and how far it was kept. Plain functions on integer cents."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from ali.core.decisions import Refusal
from ali.rents.settling import split_evenly

MOST = 60


class ImpossiblePlan(Refusal):
    """Instalments that cannot be."""


@dataclass(frozen=True)
class Planned:
    """One instalment as agreed."""

    number: int
    due_on: date
    cents: int


@dataclass(frozen=True)
class Followed:
    """One instalment with what has been paid of it."""

    planned: Planned
    paid: int
    is_missed: bool

    @property
    def left(self) -> int:
        return self.planned.cents - self.paid

    @property
    def is_paid(self) -> bool:
        return self.left == 0


def instalments(cents: int, number: int, first_due_on: date) -> list[Planned]:
    """Return `number` monthly instalments that sum to `cents` exactly and differ by a cent at most."""
    if not 1 <= number <= MOST:
        raise ImpossiblePlan(_("Le rate sono da 1 a %(most)s.") % {"most": MOST})
    if cents < number:
        raise ImpossiblePlan(_("Il debito è troppo piccolo per tante rate."))
    return [
        Planned(place + 1, _months_later(first_due_on, place), amount)
        for place, amount in enumerate(split_evenly(cents, number))
    ]


def _months_later(day: date, months: int) -> date:
    """The same day some months later, the last of the month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def follow(plan: Sequence[Planned], repaid: int, today: date, grace_days: int) -> list[Followed]:
    """Spread what was repaid over the instalments in their order; one not paid `grace_days` after its day is missed."""
    followed = []
    for one in plan:
        paid = min(repaid, one.cents)
        repaid -= paid
        late = today > one.due_on + timedelta(days=grace_days)
        followed.append(Followed(one, paid, is_missed=paid < one.cents and late))
    return followed


def is_broken(followed: Sequence[Followed]) -> bool:
    """Say whether any instalment was missed."""
    return any(one.is_missed for one in followed)
