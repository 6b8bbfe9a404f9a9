"""Beds of one home that free themselves on different days: nobody is counted in a bed that is not free by their day."""

from collections.abc import Sequence
from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ali.allocation.eligibility import DEFAULT_WEIGHTS, RULE_CODES, closes_it, free_day, last_day
from ali.allocation.facts import (
    FAMILY,
    MAN,
    MEN,
    OPEN,
    WHOLE,
    WOMAN,
    WOMEN,
    FreeBed,
    HomeFacts,
    HouseholdFacts,
    Known,
)
from ali.allocation.queries import Candidate, Home, usable_beds
from ali.allocation.sharing import beds_for, parts_of
from ali.allocation.solving import Answer, Question, Run, Wish, solve_allocation
from ali.rules.values import RuleValue, shipped_rules
from ali.work.affordability import BANDS

DAY = date(2026, 3, 2).toordinal()
PARAMETERS: dict[str, RuleValue] = {
    rule.code: rule for rule in shipped_rules() if rule.code in {*RULE_CODES, BANDS}
}
WAIT = PARAMETERS["allocation.wait_days"].value


def a_home(pk: int, mode: int, days: Sequence[int], *, others: int = 0, most: int | None = None) -> Home:
    """A home with beds that free themselves on `days`; `others` beds are not free in the window."""
    total = len(days) + others
    beds = usable_beds([FreeBed(day, is_sure=True) for day in days], total, most)
    facts = HomeFacts(
        mode=mode,
        beds=len(days),
        total_beds=total,
        max_people_left=10**6 if most is None else max(most - others, 0),
        rent=10_000,
        condominium=0,
        step_free=1,
        free_from=beds[0].day if beds else min(days),
        all_free_from=max(days),
        east=935,
        north=5050,
    )
    return Home(Known(pk, f"casa-{pk}", ""), facts, 1, "PD", tuple(beds))


def a_household(pk: int, group: int, leaves_in: int, *, persons: int = 1, waited: int = 100) -> Candidate:
    facts = HouseholdFacts(
        persons=persons,
        group=group,
        income=500_000,
        step_free=0,
        leaves_on=DAY + leaves_in,
        waiting_days=waited,
        minors=0,
        east=935,
        north=5050,
    )
    return Candidate(Known(pk, f"nucleo-{pk}", ""), facts, (pk,), frozenset())


def solved(people: list[Candidate], homes: list[Home], wishes: Sequence[Wish] = (), **run: Any) -> Answer:
    question = Question.ask(people, homes, PARAMETERS, DEFAULT_WEIGHTS)
    return solve_allocation(question, Run("shared", 1, "PD", **run), wishes)


def test_second_bed_is_not_given_before_it_is_free() -> None:
    homes = [a_home(1, MEN, [DAY, DAY + 90])]
    both_soon = [a_household(1, MAN, 10), a_household(2, MAN, 12)]
    one_later = [a_household(1, MAN, 10), a_household(2, MAN, 80)]

    assert len(solved(both_soon, homes).homes) == 1
    answer = solved(one_later, homes)
    assert answer.homes == {1: 1, 2: 1}
    assert [enters_on(answer, pk) - DAY for pk in (1, 2)] == [0, 90]


def test_home_stopped_by_a_rule_is_counted_once_however_many_days_its_beds_have() -> None:
    answer = solved([a_household(1, WOMAN, 10)], [a_home(1, MEN, [DAY, DAY + 5, DAY + 9])])

    assert answer.told[1].stopped == [{"code": "group", "homes": 1}]


def test_pins_take_the_last_bed_that_suits_each() -> None:
    homes = [a_home(1, MEN, [DAY, DAY + 90]), a_home(2, MEN, [DAY])]
    people = [a_household(1, MAN, 80), a_household(2, MAN, 10), a_household(3, MAN, 10)]
    wishes = [Wish(one, 1, is_pin=True) for one in (1, 2, 3)]

    answer = solved(people, homes, wishes)

    assert answer.homes == {1: 1, 2: 1, 3: 2}


def test_excluded_home_is_excluded_in_each_of_its_beds() -> None:
    answer = solved([a_household(1, MAN, 60)], [a_home(1, MEN, [DAY, DAY + 20])], [Wish(1, 1, is_pin=False)])

    assert answer.homes == {}


def test_who_stays_in_the_home_but_in_another_bed_has_not_moved() -> None:
    homes = [a_home(1, MEN, [DAY, DAY + 30])]

    answer = solved([a_household(1, MAN, 28)], homes, previous={1: 1}, keep_bonus=60)

    assert (answer.certificate["kept"], answer.certificate["moved"]) == (1, 0)


def test_act_that_limits_people_keeps_the_first_beds_empty() -> None:
    beds = [FreeBed(DAY + day, is_sure=True) for day in (0, 0, 80, 80)]

    assert [bed.day - DAY for bed in usable_beds(beds, 4, 3)] == [0, 80, 80]
    assert usable_beds(beds, 6, 2) == []


def test_whole_home_is_one_place_with_the_day_of_its_last_bed() -> None:
    home = a_home(1, WHOLE, [DAY, DAY + 10])

    assert len(parts_of(0, home)) == 1
    assert enters_on(solved([a_household(1, FAMILY, 30, persons=2)], [home]), 1) == DAY + 10


def enters_on(answer: Answer, household: int) -> int:
    """The day of the bed that a household was given."""
    bed = answer.told[household].bed
    assert bed is not None
    return bed.day


days = st.lists(st.sampled_from([0, 0, 5, 20, 45, 80]), min_size=1, max_size=4)


@st.composite
def many_homes(draw: st.DrawFn) -> list[Home]:
    found = []
    for pk in range(1, draw(st.integers(1, 4)) + 1):
        mode = draw(st.sampled_from([WHOLE, MEN, MEN, WOMEN, OPEN]))
        free = [DAY + day for day in draw(days)]
        if mode == OPEN:
            free = [max(free)] * len(free)
        most = draw(st.none() | st.integers(1, 5))
        found.append(a_home(pk, mode, free, others=draw(st.integers(0, 2)), most=most))
    return found


@st.composite
def many_people(draw: st.DrawFn) -> list[Candidate]:
    found = []
    for pk in range(1, draw(st.integers(1, 8)) + 1):
        group = draw(st.sampled_from([MAN, MAN, WOMAN, FAMILY]))
        persons = draw(st.integers(2, 4)) if group == FAMILY else 1
        leaves = draw(st.sampled_from([0, 3, 20, 30, 64, 65, 90]))
        found.append(a_household(pk, group, leaves, persons=persons, waited=draw(st.integers(0, 700))))
    return found


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(many_people(), many_homes(), st.data())
def test_no_round_proposes_more_persons_on_any_day_than_beds_free_that_day(
    people: list[Candidate], homes: list[Home], data: st.DataObject
) -> None:
    pairs = [(one.known.pk, home.known.pk) for one in people for home in homes]
    pinned = data.draw(st.lists(st.sampled_from(pairs), max_size=2, unique=True))

    answer = solved(people, homes, [Wish(*pair, is_pin=True) for pair in pinned])

    facts = {one.known.pk: one.facts for one in people}
    for home in homes:
        there = [pk for pk, dwelling in answer.homes.items() if dwelling == home.known.pk]
        enters = {pk: enters_on(answer, pk) for pk in there}
        for pk in there:
            assert free_day(facts[pk], home.facts) <= enters[pk] <= last_day(facts[pk], PARAMETERS)
        if any(closes_it(facts[pk], home.facts) for pk in there):
            assert len(there) == 1
        else:
            assert len({facts[pk].group for pk in there}) <= 1
        for day in {bed.day for bed in home.beds}:
            persons = sum(facts[pk].persons for pk in there if enters[pk] <= day)
            assert persons <= sum(bed.day <= day for bed in home.beds)


@given(days, st.lists(st.integers(-WAIT, 90), min_size=1, max_size=4), st.none() | st.integers(1, 5))
def test_beds_for_some_households_are_found_whenever_they_exist(
    free: list[int], leaving: list[int], most: int | None
) -> None:
    home = a_home(1, MEN, [DAY + day for day in free], most=most)
    people = [a_household(pk, MAN, leaves).facts for pk, leaves in enumerate(leaving)]

    found = beds_for(home, people, PARAMETERS)

    exists = any(
        all(bed.day <= last_day(one, PARAMETERS) for one, bed in zip(people, some, strict=True))
        for some in permutations(home.beds, len(people))
    )
    assert (found is not None) == exists
    if found is not None:
        assert not set(map(id, found)) - set(map(id, home.beds))
        assert len(set(map(id, found))) == len(found)


@pytest.mark.parametrize("group", [WOMAN, FAMILY])
def test_men_share_with_nobody_else(group: int) -> None:
    home = a_home(1, OPEN, [DAY, DAY, DAY])
    other = a_household(2, group, 30, persons=1 + (group == FAMILY))

    assert beds_for(home, [a_household(1, MAN, 30).facts, other.facts], PARAMETERS) is None
