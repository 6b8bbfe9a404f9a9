"""An explanation says what stands in the way, with groups and counts and never a name."""

import json
from pathlib import Path

import pytest

from ali.cli.main import main
from ali.matching import Instance, InstanceProblem, explain, solve

from .conftest import tables


def test_housed_household_sees_its_home_and_the_dearer_ones(small: Instance) -> None:
    explanation = explain(solve(small, model="shared"), "F")

    assert (explanation.home, explanation.weight) == ("W", 70)
    assert [(option.dwelling, option.standing) for option in explanation.alternatives] == [
        ("O", "other use"),
        ("W", "assigned"),
    ]
    assert explanation.alternatives[0].occupants == {"woman": 2}


def test_household_without_home_sees_who_took_its_dwellings(small: Instance) -> None:
    explanation = explain(solve(small, model="shared"), "A")

    assert explanation.home is None
    assert explanation.taken_by == {"woman": 2, "man": 1}
    dearer = explanation.alternatives[1]
    assert (dearer.dwelling, dearer.standing) == ("M", "dearer")
    assert dearer.price is not None
    assert 30 <= dearer.price <= 35  # between what it is worth to A and to who has it


def test_price_of_a_place_is_what_others_would_lose() -> None:
    content = tables(
        [("a", 1, "man"), ("b", 1, "man")],
        [("m", "men", 1), ("n", "men", 1)],
        [("a", "m", 9), ("a", "n", 8), ("b", "m", 7)],
    )

    explanation = explain(solve(Instance.from_columns(content), model="whole"), "a")

    assert explanation.home == "n"
    assert explanation.alternatives[0].standing == "dearer"
    assert 1 <= (explanation.alternatives[0].price or 0) <= 7


def test_closed_arcs_say_why() -> None:
    content = tables(
        [("a", 1, "man"), ("b", 1, "man"), ("w", 1, "woman")],
        [("m", "men", 2), ("n", "men", 1)],
        [("a", "m", 9), ("a", "n", 8), ("b", "m", 7), ("b", "n", 3), ("w", "m", 4)],
        pins=[("a", "n", "forbid"), ("b", "n", "pin")],
    )
    content["arcs"]["needs_income_eur"] = [0, 0, 0, 0, 0]
    result = solve(Instance.from_columns(content), model="whole")

    assert [o.standing for o in explain(result, "a").alternatives] == ["assigned", "forbidden"]
    assert [o.standing for o in explain(result, "b").alternatives] == ["pinned elsewhere", "assigned"]
    assert [o.standing for o in explain(result, "w").alternatives] == ["unfit"]


def test_sentences_never_name_another_household(small: Instance) -> None:
    result = solve(small, model="shared")
    for household in result.homes():
        text = " ".join(explain(result, household).sentences())
        words = set(text.replace(".", " ").replace(",", " ").split())
        assert not words & ({"A", "B", "G", "K", "F"} - {household})


def test_command_explains_from_the_folders(
    small: Instance, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "instance").mkdir()
    small.write(tmp_path / "instance")
    result = solve(Instance.read(tmp_path / "instance"), model="shared")
    result.write(tmp_path / "result")
    words = ["match", "explain", str(tmp_path / "instance"), str(tmp_path / "result"), "--household", "A"]

    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [change["rule"] for change in told.pop("would_house")] == ["bed"]
    assert told == json.loads(json.dumps(explain(result, "A").as_dict()))
    assert main(words) == 0
    assert "non c'è casa" in capsys.readouterr().out


def test_unknown_household_is_refused(small: Instance) -> None:
    with pytest.raises(InstanceProblem, match="«Z» non è nell'istanza"):
        explain(solve(small, model="shared"), "Z")
