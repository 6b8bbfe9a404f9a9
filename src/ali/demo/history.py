"""Invented people who have already left reception in the past months, and how it ended (domain.md 1.6)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from ali.demo.chance import Wheel, stream
from ali.demo.population import invent_population
from ali.demo.shapes import CentreSpec, HouseholdSpec, PersonSpec

MONTHS = 6
A_MONTH_PER_THOUSAND = 14
FATES = {"communicated": 0.25, "decreed": 0.25, "notified": 0.5}
OUTCOMES = Wheel({"U01": 27, "U02": 11, "U03": 21, "U04": 15, "U05": 13, "U08": 5, "U09": 4, "U11": 4})


@dataclass(frozen=True, slots=True)
class Departure:
    """A household that is no longer in reception: its people as they were, and how they left."""

    household: HouseholdSpec
    persons: tuple[PersonSpec, ...]
    left_on: date
    reason: str

    @property
    def is_in_network_home(self) -> bool:
        return self.reason == "U04"


def invent_departures(
    *, seed: int, people: int, today: date, centres: Sequence[CentreSpec]
) -> tuple[Departure, ...]:
    """Those who left month by month, for a reception that hosts `people` today."""
    a_month = round(people * A_MONTH_PER_THOUSAND / 1000)
    if not a_month:
        return ()
    found: list[Departure] = []
    for month in range(MONTHS, 0, -1):
        then = today - timedelta(days=31 * month)
        for left in _left_since(then, seed=seed * 100 + month, people=a_month, today=today, centres=centres):
            found.append(_keyed(left, f"M{month}"))
    return tuple(found)


def _keyed(departure: Departure, prefix: str) -> Departure:
    """The same with keys that no other month has."""
    household = departure.household
    key = f"{prefix}{household.key}"
    return replace(
        departure,
        household=replace(
            household, key=key, members=tuple(f"{prefix}{member}" for member in household.members)
        ),
        persons=tuple(
            replace(person, key=f"{prefix}{person.key}", household=key) for person in departure.persons
        ),
    )


def _left_since(
    then: date, *, seed: int, people: int, today: date, centres: Sequence[CentreSpec]
) -> Iterator[Departure]:
    chance = stream(seed, "departures")
    past = invent_population(
        seed=seed, people=people, today=then, centres=centres, leaving_share=1.0, fates=FATES
    )
    for household in past.households:
        persons = tuple(past.by_key[key] for key in household.members)
        first = persons[0].exit
        if first is not None and first.due_on is not None and first.due_on < today:
            reason = (
                "U06"
                if first.cause == "other_permit" and chance.random() < 0.3
                else _outcome(chance, first.cause)
            )
            yield Departure(household, persons, first.due_on, reason)


def _outcome(chance: Random, cause: str) -> str:
    return "U03" if cause == "voluntary" else OUTCOMES.spin(chance)
