"""Why not that home, the smallest change that would help, where one more home helps most, what a choice costs."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ali.cli.main import main
from ali.matching import Instance, InstanceProblem, solve
from ali.matching.choices import prices_of_choices
from ali.matching.fair import solve_fairly
from ali.matching.guide import new_homes
from ali.matching.ruled import Ruled, build_instance
from ali.matching.whatif import Study
from ali.matching.why import Why

from .brute_force import best_value
from .conftest import tables
from .test_optimum import tiny
from .test_ruled import folder

__all__ = ["folder"]  # a fixture


def test_dearer_home_says_to_whom_it_matters_and_what_it_would_cost(small: Instance) -> None:
    answer = Why.of(solve(small, model="shared")).not_that_one("A", "M")

    assert answer.reason == "dearer"
    assert (answer.matters_to, answer.cost, answer.moved) == ({"man": 1}, 5, 1)
    assert "importa a 1 uomo solo" in answer.sentences()[0]
    assert "B" not in json.dumps(answer.as_dict()).replace("Beds", "")


def test_proposed_home_is_said_to_be_so(small: Instance) -> None:
    assert Why.of(solve(small, model="shared")).not_that_one("F", "W").reason == "assigned"


def test_first_failing_rule_is_told_with_what_is_missing(folder: Path) -> None:
    build_instance(folder)
    why = Why.of(solve(Instance.read(folder), model="shared"), Ruled.read(folder))

    answer = why.not_that_one("B", "M")

    assert (answer.reason, answer.missing, answer.unit) == ("rent", 140, "euro")
    assert answer.sentences() == [
        "B - M: la regola che la esclude per prima è «il canone è troppo alto» (mancano 140 euro)."
    ]


def test_without_rules_the_tables_say_what_is_wrong() -> None:
    content = tables(
        [("a", 1, "man"), ("f", 3, "family"), ("w", 1, "woman"), ("x", 1, "man")],
        [("m", "men", 2), ("o", "whole", 2)],
        [("a", "m", 9), ("x", "m", 8), ("w", "o", 4), ("x", "o", 3)],
        pins=[("x", "o", "forbid")],
    )
    content["arcs"]["needs_income_eur"] = [0, 0, 0, 0]
    why = Why.of(solve(Instance.from_columns(content), model="whole"))

    reasons = [why.not_that_one(*pair).reason for pair in [("f", "o"), ("w", "m"), ("x", "o"), ("a", "o")]]

    assert reasons == ["beds", "group", "forbidden", "no arc"]


def test_smallest_change_houses_who_is_out(folder: Path) -> None:
    build_instance(folder)
    why = Why.of(solve(Instance.read(folder), model="shared"), Ruled.read(folder))

    changes = why.relaxations("B")

    assert [(one.rule, one.dwelling, one.missing) for one in changes] == [("rent", "M", 140)]
    assert changes[0].gained == 590 - 510  # the place has one bed: A would leave it
    assert why.relaxations("F") == []


def test_income_that_is_missing_is_a_change(small: Instance) -> None:
    content = tables([("a", 1, "man")], [("m", "men", 1)], [("a", "m", 9)])
    content["households"] |= {"household": ["a", "b"], "persons": [1, 1], "group": ["man", "man"]}
    content["dwellings"] = {"dwelling": ["m", "n"], "mode": ["men", "men"], "beds": [1, 1]}
    content["arcs"] = {
        "household": ["a", "b"], "dwelling": ["m", "n"], "weight": [9, 7], "needs_income_eur": [0, 120],
    }  # fmt: skip

    changes = Why.of(solve(Instance.from_columns(content), model="whole")).relaxations("b")

    assert [(one.rule, one.missing, one.unit, one.gained) for one in changes] == [
        ("income", 120, "euro al mese", 7)
    ]
    assert "un reddito più alto: 120 euro al mese per n" in changes[0].line()


def test_rule_that_keeps_most_people_out_comes_first(folder: Path) -> None:
    build_instance(folder)
    why = Why.of(solve(Instance.read(folder), model="shared"), Ruled.read(folder))

    binding = why.binding()

    assert binding[0].code == "rent"
    assert (binding[0].households, binding[0].alone) == (1, 3)
    assert {one.code for one in binding} >= {"rent", "place"}


def test_new_home_for_most_people_comes_first(small: Instance) -> None:
    homes = new_homes(Study.of(solve(small, model="shared")))

    assert [(home.like, home.persons) for home in homes][:1] == [("O", 1)]
    assert all(home.gained > 0 for home in homes)


@settings(max_examples=40, deadline=None)
@given(content=tiny(quotas=True, pins=False))
def test_price_of_the_ceilings_is_the_difference_of_two_optima(
    content: dict[str, dict[str, list[Any]]],
) -> None:
    try:
        result = solve(Instance.from_columns(content), model="whole")
    except InstanceProblem:
        return

    every = next(one for one in prices_of_choices(result) if one.kind == "quotas")

    free = {name: columns for name, columns in content.items() if name != "quotas"}
    assert every.value == (best_value(free, "whole") or 0) - (best_value(content, "whole") or 0)


def test_pins_and_exclusions_have_a_price() -> None:
    content = tables(
        [("a", 1, "man"), ("b", 1, "man")],
        [("m", "men", 1), ("n", "men", 1)],
        [("a", "m", 9), ("a", "n", 8), ("b", "m", 7), ("b", "n", 2)],
        pins=[("a", "m", "pin")],
    )

    choices = prices_of_choices(solve(Instance.from_columns(content), model="whole"))

    assert [(one.kind, one.value, one.persons) for one in choices] == [("pins", 4, 0)]
    assert choices[0].line() == "Senza gli obblighi: valore +4, +0 persone, 0 nuclei di differenza."


def test_command_explains_a_pair_and_the_whole(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build_instance(folder)
    solve(Instance.read(folder), model="shared").write(folder / "result")
    words = ["match", "explain", str(folder), str(folder / "result")]

    assert main([*words, "--household", "B", "--dwelling", "M"]) == 0
    assert main([*words, "--household", "B"]) == 0
    assert main([*words, "--binding", "--new-homes", "--choices"]) == 0

    out = capsys.readouterr().out
    assert "mancano 140 euro" in out
    assert "Avrebbe casa con un solo cambiamento: il canone è troppo alto: 140 euro per M" in out
    assert "Nessuna scelta di equità costa" in out


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ([], "Manca che cosa spiegare"),
        (["--dwelling", "M", "--binding"], "--dwelling vuole anche --household"),
        (["--household", "Z", "--dwelling", "M"], "Il nucleo «Z» non è nell'istanza"),
        (["--household", "B", "--dwelling", "Z"], "L'alloggio «Z» non è nell'istanza"),
    ],
)
def test_command_says_what_it_needs(
    folder: Path, more: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    build_instance(folder)
    solve(Instance.read(folder), model="shared").write(folder / "result")

    assert main(["match", "explain", str(folder), str(folder / "result"), *more]) == 2
    assert says in capsys.readouterr().err


@settings(max_examples=30, deadline=None)
@given(content=tiny(quotas=False, pins=True, together=True), data=st.data())
def test_every_pair_has_an_answer(content: dict[str, dict[str, list[Any]]], data: st.DataObject) -> None:
    try:
        why = Why.of(
            solve(Instance.from_columns(content), model=data.draw(st.sampled_from(["whole", "shared"])))
        )
    except InstanceProblem:
        return
    for household in content["households"]["household"]:
        for dwelling in content["dwellings"]["dwelling"]:
            assert why.not_that_one(household, dwelling).sentences()
        for change in why.relaxations(household):
            assert change.gained >= 0 or change.moved


def test_classes_have_a_price_in_the_weights_as_given() -> None:
    content = tables([("a", 1, "man"), ("b", 1, "man")], [("m", "men", 1)], [("a", "m", 9), ("b", "m", 7)])
    content["households"]["priority"] = [1, 0]
    given = Instance.from_columns(content)

    choices = prices_of_choices(solve_fairly(given, model="whole", by_class=True), given=given)

    assert [(one.kind, one.value, one.persons) for one in choices] == [("fairness", 2, 0)]
    assert choices[0].line().startswith("Senza le classi di precedenza: valore +2")
