"""A proposal is as solid as the share of small changes it survives; each trial is solved as well as solving anew."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ali.matching import Instance, InstanceProblem, solve
from ali.matching.rulebook import Rule, RuleBook
from ali.matching.screening import Arcs
from ali.matching.solidity import Shake, Trials, grade, lawful_arcs, shaken, solidity

from .brute_force import best_value
from .conftest import tables
from .test_optimum import tiny

PEOPLE = {"persons": [1, 1, 1], "group": [0, 0, 0], "income": [1000, 760, 500], "leaves": [10, 10, 10]}
HOMES = {"mode": [1, 1], "beds": [1, 1], "rent": [250, 300], "free": [0, 5]}
BOOK = RuleBook.of(
    [
        Rule("rent", "home.rent * 1000 <= household.income * 400"),
        Rule("time", "home.free <= household.leaves + 15"),
    ],
    "500 + household.income - home.rent",
    household=PEOPLE,
    home=HOMES,
)
SHAKES = [
    Shake("household", ("income",), percent=10),
    Shake("household", ("leaves",), days=15),
    Shake("home", ("rent",), percent=10),
    Shake("home", ("free",), days=30),
]


@pytest.fixture
def result() -> Any:
    h, d, w = lawful_arcs(BOOK, PEOPLE, HOMES)
    arcs = [(f"h{a}", f"d{b}", c) for a, b, c in zip(h.tolist(), d.tolist(), w.tolist(), strict=True)]
    content = tables([(f"h{i}", 1, "man") for i in range(3)], [("d0", "men", 1), ("d1", "men", 1)], arcs)
    return solve(Instance.from_columns(content), model="shared")


def test_without_changes_everybody_keeps_the_home(result: Any) -> None:
    shares = solidity(result, BOOK, PEOPLE, HOMES, [])

    assert shares.tolist() == [100, 100, -1]


def test_same_seed_same_shares_and_more_for_who_has_room(result: Any) -> None:
    shares = solidity(result, BOOK, PEOPLE, HOMES, SHAKES, seed=7)

    assert shares.tolist() == solidity(result, BOOK, PEOPLE, HOMES, SHAKES, seed=7).tolist()
    assert 0 < shares[1] < 100  # 760 euros carry a rent of 300 now, and not always a little later
    assert shares[2] == -1


def test_staying_in_another_part_of_the_same_home_is_staying(result: Any) -> None:
    apart = solidity(result, BOOK, PEOPLE, HOMES, SHAKES, seed=3)
    together = solidity(result, BOOK, PEOPLE, HOMES, SHAKES, seed=3, same=[0, 0])

    assert (together >= apart).all()


def test_a_reason_to_stay_makes_proposals_more_solid(result: Any) -> None:
    free = solidity(result, BOOK, PEOPLE, HOMES, SHAKES, seed=3)
    kept = solidity(result, BOOK, PEOPLE, HOMES, SHAKES, seed=3, keep_bonus=500)

    assert (kept >= free).all()


def test_columns_of_one_shake_move_together() -> None:
    draw = np.random.default_rng(1)
    facts = {"first": [10] * 50, "last": [20] * 50, "other": [5] * 50}

    moved = shaken(facts, "home", [Shake("home", ("first", "last"), days=30)], draw)

    assert (moved["last"] - moved["first"] == 10).all()
    assert abs(moved["first"] - 10).max() <= 30
    assert len(set(moved["first"].tolist())) > 5
    assert (moved["other"] == 5).all()


def test_unknown_fact_is_refused(result: Any) -> None:
    with pytest.raises(InstanceProblem, match="«colour» non è un dato"):
        solidity(result, BOOK, PEOPLE, HOMES, [Shake("home", ("colour",), days=1)])


def test_grades_have_their_limits() -> None:
    assert [grade(percent) for percent in (100, 90, 89, 60, 59, 0)] == [
        "solid", "solid", "fair", "fair", "fragile", "fragile",
    ]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(content=tiny(quotas=False, pins=True), data=st.data())
def test_each_trial_is_solved_as_well_as_anew(
    content: dict[str, dict[str, list[Any]]], data: st.DataObject
) -> None:
    try:
        base = solve(Instance.from_columns(content), model="whole")
    except InstanceProblem:
        return
    arcs = content["arcs"]
    weights = [max(1, weight + data.draw(st.integers(-4, 4))) for weight in arcs["weight"]]
    pinned = {h for h, kind in zip(*[content.get("pins", {}).get(c, []) for c in ("household", "kind")], strict=True) if kind == "pin"}  # fmt: skip
    weights = [
        old if h in pinned else new
        for h, old, new in zip(arcs["household"], arcs["weight"], weights, strict=True)
    ]
    instance = base.instance

    homes = Trials(base).homes_under(instance.arc_household, instance.arc_dwelling, np.array(weights))

    at = homes[instance.arc_household] == instance.arc_dwelling
    best = best_value({**content, "arcs": {**arcs, "weight": weights}}, "whole")
    assert int(np.array(weights)[at].sum()) == best


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 40)), min_size=1, max_size=6))
def test_arcs_at_once_are_those_of_the_screening(rows: list[tuple[int, int]]) -> None:
    people = {
        "persons": [1] * len(rows), "group": [0] * len(rows), "income": [row[0] for row in rows], "leaves": [row[1] for row in rows],
    }  # fmt: skip
    arcs = Arcs.screen(BOOK, people, HOMES)

    at_once = lawful_arcs(BOOK, people, HOMES)

    assert sorted(zip(*(part.tolist() for part in at_once), strict=True)) == sorted(
        zip(*(part.tolist() for part in arcs.triples()), strict=True)
    )
