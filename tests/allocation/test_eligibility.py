"""The hard rules and the reasons: one pair and all pairs at once say the same, and nothing tells more than the band."""

from dataclasses import asdict, fields
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ali.allocation.eligibility import (
    DEFAULT_WEIGHTS,
    HARD_RULES,
    REASONS,
    RULE_CODES,
    explain_pair,
    free_day,
    passed_rules,
    rule_book,
    weight,
)
from ali.allocation.facts import FAMILY, MAN, MEN, OPEN, WHOLE, WOMEN, HomeFacts, HouseholdFacts
from ali.matching.screening import Arcs
from ali.rules.values import RuleValue, shipped_rules
from ali.work.affordability import BANDS

DAY = date(2026, 3, 2).toordinal()
PARAMETERS: dict[str, RuleValue] = {
    rule.code: rule for rule in shipped_rules() if rule.code in {*RULE_CODES, BANDS}
}

households = st.builds(
    HouseholdFacts,
    persons=st.integers(1, 7),
    group=st.integers(0, 2),
    income=st.integers(0, 300_000),
    step_free=st.integers(0, 1),
    leaves_on=st.integers(DAY - 30, DAY + 120),
    waiting_days=st.integers(0, 2000),
    minors=st.integers(0, 5),
    east=st.integers(900, 960),
    north=st.integers(5000, 5060),
)


@st.composite
def homes(draw: st.DrawFn) -> HomeFacts:
    total = draw(st.integers(1, 8))
    first = draw(st.integers(DAY - 60, DAY + 90))
    return HomeFacts(
        mode=draw(st.integers(0, 3)),
        beds=draw(st.integers(1, total)),
        total_beds=total,
        max_people_left=draw(st.integers(0, 8)),
        rent=draw(st.integers(0, 95_000)),
        condominium=draw(st.integers(0, 9_000)),
        step_free=draw(st.integers(0, 1)),
        free_from=first,
        all_free_from=first + draw(st.integers(0, 60)),
        east=draw(st.integers(900, 960)),
        north=draw(st.integers(5000, 5060)),
    )


def a_man(**changed: int) -> HouseholdFacts:
    facts = {"persons": 1, "group": MAN, "income": 115_000, "step_free": 0, "leaves_on": DAY + 30}
    facts |= {"waiting_days": 400, "minors": 0, "east": 935, "north": 5050}
    return HouseholdFacts(**{**facts, **changed})


def a_shared_home(**changed: int) -> HomeFacts:
    facts = {"mode": MEN, "beds": 2, "total_beds": 4, "max_people_left": 4, "rent": 24_000}
    facts |= {"condominium": 3_000, "step_free": 1, "free_from": DAY, "all_free_from": DAY}
    return HomeFacts(**{**facts, "east": 935, "north": 5050, **changed})


@given(st.lists(households, min_size=1, max_size=6), st.lists(homes(), min_size=1, max_size=6))
def test_all_pairs_at_once_say_what_each_pair_says(
    people: list[HouseholdFacts], places: list[HomeFacts]
) -> None:
    rows = HouseholdFacts(
        **{
            one.name: np.array([asdict(facts)[one.name] for facts in people], dtype=np.int64)[:, None]
            for one in fields(HouseholdFacts)
        }
    )
    columns = HomeFacts(
        **{
            one.name: np.array([asdict(facts)[one.name] for facts in places], dtype=np.int64)[None, :]
            for one in fields(HomeFacts)
        }
    )
    shape = (len(people), len(places))
    masks = {rule.code: np.broadcast_to(rule.passes(rows, columns, PARAMETERS), shape) for rule in HARD_RULES}
    values = np.broadcast_to(weight(rows, columns, DEFAULT_WEIGHTS, PARAMETERS), shape)

    for row, household in enumerate(people):
        for column, home in enumerate(places):
            alone = passed_rules(household, home, PARAMETERS)
            assert {code: bool(mask[row, column]) for code, mask in masks.items()} == alone
            assert values[row, column] == weight(household, home, DEFAULT_WEIGHTS, PARAMETERS)


@given(st.lists(households, min_size=1, max_size=6), st.lists(homes(), min_size=1, max_size=6))
def test_the_book_of_a_round_says_what_each_pair_says(
    people: list[HouseholdFacts], places: list[HomeFacts]
) -> None:
    columns = [
        {one.name: [getattr(row, one.name) for row in rows] for one in fields(kind)}
        for rows, kind in ((people, HouseholdFacts), (places, HomeFacts))
    ]

    arcs = Arcs.screen(rule_book(PARAMETERS, DEFAULT_WEIGHTS), columns[0], columns[1])

    pairs = [(one, home, row, column) for row, one in enumerate(people) for column, home in enumerate(places)]
    lawful = {
        (row, column): weight(one, home, DEFAULT_WEIGHTS, PARAMETERS)
        for one, home, row, column in pairs
        if all(passed_rules(one, home, PARAMETERS).values())
    }
    assert {(h, d): w for h, d, w in zip(*(part.tolist() for part in arcs.triples()), strict=True)} == lawful


@given(households, homes())
def test_every_reason_is_a_share_of_a_thousand(household: HouseholdFacts, home: HomeFacts) -> None:
    for reason in REASONS:
        assert 0 <= reason.per_mille(household, home, PARAMETERS) <= 1000


@given(st.integers(90_000, 400_000), st.integers(90_000, 400_000))
def test_two_incomes_in_one_band_weigh_and_read_the_same(first: int, second: int) -> None:
    poorer, richer = a_man(income=first), a_man(income=second)

    told = [
        (
            weight(one, a_shared_home(), DEFAULT_WEIGHTS, PARAMETERS),
            str(explain_pair(one, a_shared_home(), DEFAULT_WEIGHTS, PARAMETERS)),
        )
        for one in (poorer, richer)
    ]

    assert told[0] == told[1]  # 270 euros are green from 900 euros of income on


@pytest.mark.parametrize(
    ("household", "home", "stopped_by"),
    [
        (a_man(), a_shared_home(mode=WOMEN), "group"),
        (a_man(), a_shared_home(max_people_left=0), "beds"),
        (a_man(step_free=1), a_shared_home(step_free=0), "access"),
        (a_man(), a_shared_home(free_from=DAY + 46, all_free_from=DAY + 46), "time"),
        (a_man(income=67_000), a_shared_home(), "rent"),
        (a_man(income=0), a_shared_home(), "rent"),
        (a_man(persons=3, group=FAMILY, income=300_000), a_shared_home(mode=OPEN, beds=3), "empty"),
        (a_man(), a_shared_home(mode=WHOLE, beds=1, total_beds=2), "empty"),
    ],
)
def test_rule_stops(household: HouseholdFacts, home: HomeFacts, stopped_by: str) -> None:
    passed = passed_rules(household, home, PARAMETERS)

    assert [code for code, ok in passed.items() if not ok] == [stopped_by]


def test_limits_are_included() -> None:
    at_the_limit = passed_rules(
        a_man(income=67_500), a_shared_home(free_from=DAY + 45, all_free_from=DAY + 45), PARAMETERS
    )

    assert all(at_the_limit.values())


def test_family_in_an_open_home_waits_for_its_last_bed() -> None:
    home = a_shared_home(mode=OPEN, beds=4, free_from=DAY, all_free_from=DAY + 20)

    assert free_day(a_man(), home) == DAY
    assert free_day(a_man(group=FAMILY, persons=3), home) == DAY + 20


def test_facts_cannot_hold_who_somebody_is() -> None:
    known = {one.name for one in fields(HouseholdFacts)}

    assert known == {
        "persons",
        "group",
        "income",
        "step_free",
        "leaves_on",
        "waiting_days",
        "minors",
        "east",
        "north",
    }
