"""Who can live together in one home whose beds free themselves on different days.

A household can enter a bed that is free by its last day, so the beds that suit it are the first ones of the home, as many
as are free by then. That is why both answers below are exact and no search is needed:

- the engine is given one place for each day on which beds of a shared home free themselves, with as many beds as that day
  frees. Whoever is placed has a bed of their own that is free by their day, and whatever can be lived in that home can be
  written so. Only a home for men or for women has beds with different days: a whole home takes one household, which waits
  for the last bed, and an open home is offered with all its beds from one day (`queries.homes_on_offer`).
  Men and women are alone in the product's instances (`queries._group`): a request of several adults (ADR 13) would need beds
  of several days at once, and another way to write them.
- of some households each takes, in any order, the last bed still free that suits it: when one finds none, no way of sharing
  the beds exists (the well-known rule for jobs of one unit with deadlines).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from ali.allocation.eligibility import Parameters, free_day, last_day
from ali.allocation.facts import FAMILY, MEN, OPEN, WHOLE, WOMEN, FreeBed, HomeFacts, HouseholdFacts
from ali.allocation.queries import Home


@dataclass(frozen=True)
class Part:
    """The beds of a home that are free from one day: a place for the engine. `home` is the home's position."""

    home: int
    name: str
    facts: HomeFacts
    persons: int
    is_sure: bool


def parts_of(position: int, home: Home) -> list[Part]:
    """Return the home as the engine takes it: whole, or one part for each day on which its beds free themselves."""
    name, facts = home.known.public_id, home.facts
    days = Counter(bed.day for bed in home.beds)
    if len(days) < 2 or facts.mode not in (MEN, WOMEN):
        # At least one: a home that nobody may enter has no pairs, and the engine's format wants a bed.
        return [Part(position, name, facts, max(len(home.beds), 1), all(bed.is_sure for bed in home.beds))]
    return [
        Part(
            position,
            f"{name}/{day}",
            replace(facts, free_from=day),
            beds,
            all(bed.is_sure for bed in home.beds if bed.day == day),
        )
        for day, beds in sorted(days.items())
    ]


def live_together(home: Home, households: Sequence[HouseholdFacts], parameters: Parameters) -> bool:
    """Say whether the home holds all these households, each of which it would hold alone."""
    return beds_for(home, households, parameters) is not None


def beds_for(
    home: Home, households: Sequence[HouseholdFacts], parameters: Parameters
) -> list[FreeBed] | None:
    """Return for each household the bed that decides its day, or None when they cannot all live there.

    Who closes a home has it alone; others are all men or all women.
    """
    groups = {int(one.group) for one in households}
    if home.facts.mode == WHOLE or (home.facts.mode == OPEN and FAMILY in groups):
        if len(households) > 1:
            return None
        day = int(free_day(households[0], home.facts))
        return [FreeBed(day, all(bed.is_sure for bed in home.beds))]
    if len(groups) > 1:
        return None
    left = list(home.beds)
    found = []
    for one in households:
        suits = sum(bed.day <= last_day(one, parameters) for bed in left)
        if not suits:
            return None
        found.append(left.pop(suits - 1))
    return found


def bed_beside(
    home: Home,
    household: HouseholdFacts,
    others: Sequence[tuple[HouseholdFacts, date | None]],
    parameters: Parameters,
) -> FreeBed | None:
    """Return the bed left for a household that the home would hold alone, when others keep theirs; None without one.

    `others` come with the day of the bed meant for them. The household takes the last bed that suits it.
    """
    if not others:
        alone = beds_for(home, [household], parameters)
        return alone[0] if alone else None
    if beds_for(home, [household, *(facts for facts, _day in others)], parameters) is None:
        return None
    left = list(home.beds)
    for day in sorted((day.toordinal() for _facts, day in others if day), reverse=True):
        kept = sum(bed.day <= day for bed in left)
        if kept:
            left.pop(kept - 1)
    suits = [bed for bed in left if bed.day <= last_day(household, parameters)]
    return suits[-1] if suits else None
