"""What the rules read of a household and of a home: plain numbers, one row or a whole column, no names.

The same classes hold one household (integers) or all of them (numpy columns): the rules in `eligibility` are written once
and work on both, row by row in a page and by the million in a round.
"""

from dataclasses import dataclass, field
from typing import Any

Column = Any  # Any: an int, or a numpy column of them

GROUPS = ("man", "woman", "family")
MAN, WOMAN, FAMILY = range(3)
MODES = ("whole", "men", "women", "open")
WHOLE, MEN, WOMEN, OPEN = range(4)


@dataclass(frozen=True)
class HouseholdFacts:
    """A household that leaves reception. Days are ordinals (`date.toordinal`), money is cents a month, distances km."""

    persons: Column
    group: Column
    income: Column
    step_free: Column
    leaves_on: Column
    waiting_days: Column
    minors: Column
    east: Column  # kilometres on a local grid, of where they live now
    north: Column


@dataclass(frozen=True)
class HomeFacts:
    """A home with beds free in the window. Rent, condominium: of the unit when whole, otherwise of one bed.

    `free_from` is the day of the first bed that may be given, `all_free_from` that of the last; the days of the beds
    between are in `FreeBed`, one for each bed.
    """

    mode: Column
    beds: Column
    total_beds: Column
    max_people_left: Column
    rent: Column
    condominium: Column
    step_free: Column
    free_from: Column
    all_free_from: Column
    east: Column
    north: Column


@dataclass(frozen=True)
class FreeBed:
    """A bed that may be given: from which day (ordinal), and whether that day is sure or only expected."""

    day: int
    is_sure: bool


@dataclass(frozen=True)
class Known:
    """A row's identity, kept apart from the facts so that no rule can read it."""

    pk: int
    public_id: str
    label: str
    bodies: frozenset[int] = field(default=frozenset())
