"""A change tried on a solved state says what solving again would say, and proves it."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ali.matching import Instance, InstanceProblem, solve
from ali.matching.amending import amended, amended_result
from ali.matching.reading import read_result
from ali.matching.whatif import (
    AddHome,
    AddHousehold,
    Change,
    ChangeHome,
    Pin,
    Refuse,
    RemoveHome,
    RemoveHousehold,
    Study,
)

from .brute_force import best_value
from .conftest import Verify
from .test_optimum import tiny

relaxed = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@st.composite
def changes(draw: st.DrawFn, content: dict[str, dict[str, list[Any]]]) -> list[Change]:
    """One to three changes on different households and homes."""
    people = draw(st.permutations(content["households"]["household"]))
    homes = draw(st.permutations(content["dwellings"]["dwelling"]))
    weight = st.integers(1, 15)
    some: list[Change] = []
    for at, kind in enumerate(draw(st.lists(st.integers(0, 6), min_size=1, max_size=3))):
        group = draw(st.sampled_from(["man", "woman", "family"]))
        one, home = people[at % len(people)], homes[at % len(homes)]
        arcs = {name: draw(weight) for name in draw(st.sets(st.sampled_from(people), min_size=1))}
        liked = {name: draw(weight) for name in draw(st.sets(st.sampled_from(homes), min_size=1))}
        some.append(
            [
                AddHome(f"new{at}", draw(st.sampled_from(["whole", "men", "women", "open"])), draw(st.integers(1, 3)), arcs),
                RemoveHome(home),
                ChangeHome(home, beds=draw(st.integers(1, 4)), arcs=arcs if draw(st.booleans()) else None),
                AddHousehold(f"n{at}", draw(st.integers(1, 3)), group, liked),
                RemoveHousehold(one),
                Refuse(one, home),
                Pin(one, home),
            ][kind]
        )  # fmt: skip
    return some


def as_content(instance: Instance) -> dict[str, dict[str, list[Any]]]:
    order = {"households": ["household", "persons", "group"], "dwellings": ["dwelling", "mode", "beds"]}
    order |= {"arcs": ["household", "dwelling", "weight"], "pins": ["household", "dwelling", "kind"]}
    order |= {"quotas": ["quota", "limit_persons", "dwelling"]}
    content = {name: source.table.to_pydict() for name, source in instance.sources.items()}
    return {
        name: {column: content[name][column] for column in columns}
        for name, columns in order.items()
        if name in content
    }


@pytest.mark.parametrize("model", ["whole", "shared"])
@pytest.mark.parametrize("quotas", [False, True])
@relaxed
@given(data=st.data())
def test_change_is_worth_what_every_allocation_says(
    verify: Verify, model: str, quotas: bool, data: st.DataObject
) -> None:
    content = data.draw(tiny(quotas=quotas, pins=True, together=True))
    some = data.draw(changes(content))
    try:
        study = Study.of(solve(Instance.from_columns(content), model=model))
        before = study.standing(), study.warm.homes_of().tolist()
        outcome = study.what_if(*some)
    except InstanceProblem:
        return
    assert (study.standing(), study.warm.homes_of().tolist()) == before

    assert study.apply(*some).after == outcome.after
    try:
        changed = amended(study)
    except InstanceProblem:  # nobody is left, or no pair is
        assert outcome.after.objective == 0
        return
    best = best_value(as_content(changed), model)
    assert best is not None
    assert outcome.after.objective <= best <= outcome.after.bound
    if model == "whole" and not quotas:
        assert outcome.after.objective == best == outcome.after.bound
    with tempfile.TemporaryDirectory() as folder:
        assert verify(amended_result(study), Path(folder))["problems"] == []


@settings(relaxed, max_examples=30)
@given(data=st.data())
def test_many_changes_one_after_the_other_stay_exact(data: st.DataObject) -> None:
    content = data.draw(tiny(quotas=False, pins=False))
    try:
        study = Study.of(solve(Instance.from_columns(content), model="whole"))
    except InstanceProblem:
        return

    for turn in range(3):
        arcs = {
            name: data.draw(st.integers(1, 30))
            for name in data.draw(st.sets(st.sampled_from(study.households), min_size=1))
        }
        study.apply(AddHome(f"x{turn}", "whole", 4, arcs))
        study.what_if(RemoveHome(f"x{turn}"))
    study.warm.make_room()

    assert (
        study.standing().objective
        == study.standing().bound
        == best_value(as_content(amended(study)), "whole")
    )


def test_more_changes_than_empty_places(small: Instance) -> None:
    study = Study.of(solve(small, model="shared"))
    alone = study.what_if(AddHome("like O", "open", 2, like="O")).after

    for turn in range(60):
        study.apply(AddHome(f"x{turn}", "whole", 1, {"A": 1}), RemoveHome(f"x{turn}"))

    assert study.what_if(AddHome("like O", "open", 2, like="O")).after == alone


def test_answer_reads_as_a_person_would_say_it(small: Instance) -> None:
    study = Study.of(solve(small, model="shared"))

    outcome = study.what_if(AddHome("N", "men", 1, like="M"))

    assert outcome.gained == 30
    assert outcome.sentences()[:2] == [
        "Avrebbero casa 1 nucleo in più (+1 persone).",
        "Il valore complessivo passa da 210 a 240 (+30).",
    ]
    assert outcome.sentences()[-1] in {"A: senza casa → N", "A: senza casa → M"} or len(outcome.moves) == 2


def test_result_read_back_gives_the_same_study(small: Instance, tmp_path: Path) -> None:
    result = solve(small, model="shared")
    result.write(tmp_path / "result")

    study = Study.of(read_result(small, tmp_path / "result"))

    assert study.standing() == Study.of(result).standing()
    assert study.what_if(RemoveHome("O")).after == Study.of(result).what_if(RemoveHome("O")).after


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (RemoveHome("Z"), "alloggio in meno Z: l'alloggio «Z» non è nell'istanza."),
        (RemoveHousehold("Z"), "nucleo in meno Z: il nucleo «Z» non è nell'istanza."),
        (AddHome("O", "whole", 1, {"A": 1}), "alloggio in più O: «O» c'è già."),
        (AddHome("N", "barn", 1, {"A": 1}), "alloggio in più N: «barn» in «mode» non è fra whole, men, women, open."),
        (AddHome("N", "whole", 0, {"A": 1}), "alloggio in più N: «beds» vale 0: deve stare fra 1 e 10000."),
        (AddHome("N", "whole", 1), "alloggio in più N: mancano gli abbinamenti, o un alloggio a cui somiglia."),
        (AddHome("N", "whole", 1, {"A": 0}), "alloggio in più N: il valore dell'abbinamento con «A» deve essere maggiore di 0."),
        (AddHousehold("N", 0, "man", {"O": 1}), "nucleo in più N: un nucleo ha almeno una persona."),
        (Pin("A", "W"), "coppia fissata A - W: la coppia non ha il suo arco: una regola la esclude, e un obbligo non basta."),
    ],
)  # fmt: skip
def test_impossible_change_is_a_sentence_and_changes_nothing(
    small: Instance, change: Change, says: str
) -> None:
    study = Study.of(solve(small, model="shared"))
    before = study.standing()

    with pytest.raises(InstanceProblem) as refusal:
        study.what_if(RemoveHousehold("G"), change)

    assert str(refusal.value) == says
    assert study.standing() == before
    assert study.what_if(AddHome("N", "whole", 2, {"K": 45})).gained >= 0


def test_full_home_of_pinned_households_takes_no_more(small: Instance) -> None:
    study = Study.of(solve(small, model="whole"))
    study.apply(Pin("B", "M"))

    with pytest.raises(InstanceProblem, match="non ha più posto, oltre a chi vi è già fissato"):
        study.what_if(Pin("A", "M"))
    with pytest.raises(InstanceProblem, match="prima si toglie l'obbligo"):
        study.what_if(RemoveHome("M"))
