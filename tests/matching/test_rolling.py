"""Weekly arrivals: prices from the past keep places for who comes later, and each week knows only the weeks before."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ali.cli.main import main
from ali.matching import Instance, InstanceProblem
from ali.matching.rolling import Rolling, season

from .brute_force import best_value
from .conftest import tables
from .test_optimum import tiny


def two_kinds() -> Instance:
    """Whoever comes first is worth little in the only home, whoever comes later much."""
    content = tables(
        [(name, 1, "man") for name in ("past1", "past2", "early", "late")],
        [("d", "men", 1)],
        [("past1", "d", 10), ("past2", "d", 90), ("early", "d", 10), ("late", "d", 90)],
    )
    return Instance.from_columns(content)


def arrivals(*weeks: list[int]) -> list[Any]:
    return [np.array(week, np.int64) for week in weeks]


def test_a_place_is_kept_for_who_is_likely_to_come() -> None:
    played = season(two_kinds(), arrivals([2], [3]), np.array([0, 1]), np.array([0, 1, 0, 1]), past_weeks=1)

    assert played.homes.tolist() == [-1, -1, -1, 0]
    assert (played.value, played.hindsight, played.first_come) == (90, 90, 10)
    assert played.share == 1


def test_nobody_is_kept_waiting_for_who_never_comes() -> None:
    alone = season(two_kinds(), arrivals([2], []), np.array([0]), np.zeros(4, np.int64), patience=1)

    assert alone.homes[2] == 0


def test_who_has_waited_too_long_is_no_longer_placed() -> None:
    rolling = Rolling(two_kinds(), np.array([1]), np.zeros(4, np.int64), weeks=3, patience=0, past_weeks=1)

    placed = rolling.arrive(np.array([2]))

    assert placed.tolist() == []
    assert rolling.waiting == []


def test_same_seed_same_homes() -> None:
    plays = [
        season(
            two_kinds(), arrivals([2], [3]), np.array([0, 1]), np.array([0, 1, 0, 1]), seed=5
        ).homes.tolist()
        for _turn in range(2)
    ]

    assert plays[0] == plays[1]


@settings(max_examples=40, deadline=None)
@given(content=tiny(quotas=False, pins=False), data=st.data())
def test_nobody_beats_hindsight_and_homes_are_lawful(
    content: dict[str, dict[str, list[Any]]], data: st.DataObject
) -> None:
    try:
        instance = Instance.from_columns(content)
    except InstanceProblem:
        return
    everybody = data.draw(st.permutations(range(len(instance.persons))))
    cut = data.draw(st.integers(0, len(everybody)))
    weeks = arrivals(list(everybody[:cut]), list(everybody[cut:]))

    played = season(instance, weeks, np.arange(len(everybody)), instance.group, samples=3)

    assert played.first_come <= played.hindsight
    assert played.value <= played.hindsight == best_value(content, "whole")
    living = np.bincount(played.homes[played.homes >= 0], minlength=len(instance.mode))
    assert (living <= np.where(instance.mode == 0, 1, instance.beds)).all()


@settings(max_examples=30, deadline=None)
@given(content=tiny(quotas=False, pins=False))
def test_one_week_with_nobody_after_it_is_solved_exactly(content: dict[str, dict[str, list[Any]]]) -> None:
    try:
        instance = Instance.from_columns(content)
    except InstanceProblem:
        return
    everybody = np.arange(len(instance.persons))

    assert season(instance, [everybody], everybody, instance.group, samples=2).share == 1


def test_without_a_past_or_weeks_is_a_sentence() -> None:
    with pytest.raises(InstanceProblem, match="Servono gli arrivi passati"):
        Rolling(two_kinds(), np.zeros(0, np.int64), np.zeros(4, np.int64), weeks=2)
    with pytest.raises(InstanceProblem, match="devono essere numeri positivi"):
        Rolling(two_kinds(), np.array([0]), np.zeros(4, np.int64), weeks=0)
    rolling = Rolling(two_kinds(), np.array([0]), np.zeros(4, np.int64), weeks=1)
    rolling.arrive(np.array([2]))
    with pytest.raises(InstanceProblem, match="non ce ne sono altre"):
        rolling.arrive(np.array([3]))


def test_nobody_arrives_twice() -> None:
    rolling = Rolling(two_kinds(), np.array([0]), np.zeros(4, np.int64), weeks=3)
    rolling.arrive(np.array([2]))

    with pytest.raises(InstanceProblem, match="arriva una volta sola"):
        rolling.arrive(np.array([2]))
    with pytest.raises(InstanceProblem, match="non è nell'istanza"):
        rolling.arrive(np.array([9]))


def test_command_plays_the_weeks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tables_of = {
        "households": {
            "household": ["past1", "past2", "early", "late"], "persons": [1] * 4, "group": ["man"] * 4,
            "territory": ["A", "B", "A", "B"], "week": [0, 0, 1, 2],
        },
        "dwellings": {"dwelling": ["d"], "mode": ["men"], "beds": [1]},
        "arcs": {"household": ["past1", "past2", "early", "late"], "dwelling": ["d"] * 4, "weight": [10, 90, 10, 90]},
    }  # fmt: skip
    for name, columns in tables_of.items():
        pq.write_table(pa.table(columns), tmp_path / f"{name}.parquet")
    words = ["match", "weekly", str(tmp_path), "--past-weeks", "1", "--out", str(tmp_path / "homes.csv")]

    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["share"] == 1
    assert (tmp_path / "homes.csv").read_text().splitlines()[-1] == "late,d"
    tables_of["households"]["week"] = [0, 0, 0, 0]
    pq.write_table(pa.table(tables_of["households"]), tmp_path / "households.parquet")
    assert main(words) == 2
    assert "nessun nucleo arriva" in capsys.readouterr().err
