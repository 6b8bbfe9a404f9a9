"""Rules are text: one pair and whole columns say the same, a home that changes is as if it had always been so."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ali.matching.expressions import RuleProblem, parse
from ali.matching.rulebook import Rule, RuleBook
from ali.matching.screening import Arcs

RULES = [
    Rule("beds", "household.persons <= home.beds", missing="household.persons - home.beds", unit="posti"),
    Rule("group", "home.mode == WHOLE or household.group == home.mode - 1 or home.mode == 3"),
    Rule("rent", "cost * 1000 <= household.income * share", missing="(cost * 1000 - household.income * share) // share"),
    Rule("time", "not home.late or household.days >= min(home.day, 60) % 45 and abs(household.days) < 1_000"),
]  # fmt: skip
DEFINITIONS = {
    "cost": "home.rent * (1 if home.mode == WHOLE else household.persons)",
    "late": "home.day > 30",
}
RULES[3] = Rule("time", RULES[3].condition.replace("home.late", "late"))
VALUE = "household.persons * (500 + max(0, 100 - household.days) // 3 + (100 if home.mode == WHOLE else -home.day))"
HOUSEHOLD = {
    "persons": st.integers(1, 6), "group": st.integers(0, 2), "income": st.integers(0, 2000), "days": st.integers(-40, 90),
}  # fmt: skip
HOME = {
    "mode": st.integers(0, 3), "beds": st.integers(1, 6), "rent": st.integers(0, 900), "day": st.integers(0, 90),
}  # fmt: skip


def the_book() -> RuleBook:
    return RuleBook.of(
        RULES, VALUE, household=HOUSEHOLD, home=HOME, numbers=["share", "WHOLE"], definitions=DEFINITIONS
    ).with_numbers({"share": 400, "WHOLE": 0})


def plain(household: dict[str, int], home: dict[str, int]) -> tuple[list[bool], int]:
    """The same rules as anybody would write them, for one pair."""
    cost = home["rent"] * (1 if home["mode"] == 0 else household["persons"])
    passed = [
        household["persons"] <= home["beds"],
        home["mode"] in {0, 3, household["group"] + 1},
        cost * 1000 <= household["income"] * 400,
        not home["day"] > 30
        or (household["days"] >= min(home["day"], 60) % 45 and abs(household["days"]) < 1000),
    ]
    bonus = 100 if home["mode"] == 0 else -home["day"]
    return passed, household["persons"] * (500 + max(0, 100 - household["days"]) // 3 + bonus)


def as_columns(rows: list[dict[str, int]]) -> dict[str, Any]:
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


people = st.lists(st.fixed_dictionaries(HOUSEHOLD), min_size=1, max_size=8)
places = st.lists(st.fixed_dictionaries(HOME), min_size=1, max_size=6)


def table(arcs: Arcs) -> dict[tuple[int, int], int]:
    return {(h, d): w for h, d, w in zip(*(part.tolist() for part in arcs.triples()), strict=True)}


@settings(max_examples=80, deadline=None)
@given(people, places)
def test_columns_give_the_integers_of_the_plain_loop(
    some: list[dict[str, int]], homes: list[dict[str, int]]
) -> None:
    arcs = Arcs.screen(the_book(), as_columns(some), as_columns(homes))

    answers = [[plain(one, home) for home in homes] for one in some]
    expected = {
        (h, d): value for h, row in enumerate(answers) for d, (passed, value) in enumerate(row) if all(passed)
    }
    assert table(arcs) == expected
    for h, row in enumerate(answers):
        assert arcs.removed[:, h].tolist() == [
            sum(not passed[rule] for passed, _ in row) for rule in range(len(RULES))
        ]
        assert arcs.removed_alone[:, h].tolist() == [
            sum(not passed[rule] and sum(passed) == len(RULES) - 1 for passed, _ in row)
            for rule in range(len(RULES))
        ]


@settings(max_examples=60, deadline=None)
@given(people, places, st.fixed_dictionaries(HOME), st.data())
def test_changed_home_is_as_if_screened_anew(
    some: list[dict[str, int]], homes: list[dict[str, int]], other: dict[str, int], data: st.DataObject
) -> None:
    position = data.draw(st.integers(0, len(homes) - 1))
    arcs = Arcs.screen(the_book(), as_columns(some), as_columns(homes))

    arcs.change_home(position, **other)

    anew = Arcs.screen(
        the_book(), as_columns(some), as_columns([*homes[:position], other, *homes[position + 1 :]])
    )
    assert table(arcs) == table(anew)
    assert (arcs.removed == anew.removed).all()
    assert (arcs.removed_alone == anew.removed_alone).all()


def test_removed_home_leaves_no_trace() -> None:
    homes = [{"mode": 0, "beds": 3, "rent": 100, "day": 0}, {"mode": 1, "beds": 1, "rent": 900, "day": 50}]
    one = [{"persons": 1, "group": 0, "income": 1000, "days": 0}]
    arcs = Arcs.screen(the_book(), as_columns(one), as_columns(homes))

    arcs.remove_home(1)

    assert table(arcs) == {(0, 0): 500 + 33 + 100}
    assert not arcs.removed.any()


def test_best_keeps_the_homes_worth_most() -> None:
    homes = [{"mode": mode, "beds": 3, "rent": 100, "day": 10 * mode} for mode in (3, 0, 1)]
    arcs = Arcs.screen(
        the_book(), as_columns([{"persons": 1, "group": 0, "income": 1000, "days": 0}]), as_columns(homes)
    )

    household, home, weight = arcs.best(2)

    assert home.tolist() == [1, 2]
    assert weight.tolist() == sorted(weight.tolist(), reverse=True)
    assert household.tolist() == [0, 0]


def test_first_failing_rule_and_what_is_missing() -> None:
    facts = {
        "household.persons": 4, "household.group": 2, "household.income": 500, "household.days": 0,
        "home.mode": 0, "home.beds": 2, "home.rent": 300, "home.day": 0,
    }  # fmt: skip
    book = the_book()

    failing = book.first_failing(facts)

    assert failing is not None
    assert failing.code == "beds"
    assert book.shortfall("beds", facts) == 2
    assert book.shortfall("rent", facts) == 250  # euros of income
    assert book.shortfall("group", facts) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("household.persons <=", "non si legge"),
        ("household.name == 1", "«household.name» non è un dato che le regole possono leggere"),
        ("__import__('os').system('true') == 1", "le sole funzioni sono min, max e abs"),
        ("household.persons.__class__ == 1", "non è un dato"),
        ("[1][0] == 1", "non si può usare"),
        ("household.persons / 2 == 1", "si possono usare solo + - * // %"),
        ("household.persons == 1.5", "non è un numero intero"),
        ("household.persons and home.beds", "qui serve un confronto"),
        ("(household.persons == 1) + 1 == 2", "qui serve un numero"),
        ("household.persons in 3", "si possono usare solo =="),
        ("abs(1, 2) == 1", "numero di valori sbagliato"),
        ("1 if household.persons == 1 else household.persons == 2", "dello stesso tipo"),
        ("household.persons", "deve essere una condizione"),
        ("1 == 1 or " * 400 + "1 == 1", "troppo lunga"),
    ],
)
def test_text_that_is_no_rule_is_refused_by_name(text: str, says: str) -> None:
    with pytest.raises(RuleProblem, match=r"regola mine: .*") as refusal:
        RuleBook.of([Rule("mine", text)], "1", household=HOUSEHOLD, home=HOME)

    assert says in str(refusal.value)


def test_numbers_without_a_value_and_codes_told_twice_are_refused() -> None:
    with pytest.raises(RuleProblem, match="mancano i valori di share"):
        RuleBook.of([], "share", household=[], home=[], numbers=["share"]).with_numbers({})
    with pytest.raises(RuleProblem, match="regola a: il codice compare due volte"):
        RuleBook.of([Rule("a", "1 == 1"), Rule("a", "1 == 1")], "1", household=[], home=[])


def test_what_is_the_same_for_all_is_computed_once() -> None:
    term = parse("household.persons * 2 + home.beds", {"household.persons", "home.beds"})

    known = term.known({"household.persons": np.array([1, 2])})

    assert known.names == {"home.beds"}
    assert known({"home.beds": 1}).tolist() == [3, 5]
