"""Homes and jobs together, against every allocation of tiny instances and against the two easy orders."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ali.cli.main import main
from ali.matching import Instance, InstanceProblem, NothingToMatch, solve

from .brute_force import best_value
from .conftest import Verify, tables

relaxed = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
Content = dict[str, dict[str, list[Any]]]


@st.composite
def tiny(draw: st.DrawFn, *, rules: bool) -> Content:
    groups = draw(st.lists(st.sampled_from(["man", "woman", "family"]), min_size=1, max_size=4))
    households = [(f"h{i}", draw(st.integers(1, 3)), group) for i, group in enumerate(groups)]
    modes = draw(st.lists(st.sampled_from(["whole", "men", "women", "open"]), min_size=1, max_size=3))
    dwellings = [(f"d{i}", mode, draw(st.integers(1, 3))) for i, mode in enumerate(modes)]
    pairs = [(h[0], d[0]) for h in households for d in dwellings if draw(st.integers(0, 3)) > 0]
    assume(pairs)
    quotas, pins = [], []
    if rules:
        quotas = [("q", draw(st.integers(0, 4)), d[0]) for d in dwellings[:1]]
        some = draw(st.lists(st.sampled_from(pairs), max_size=2, unique_by=lambda pair: pair[0]))
        pins = [(h, d, draw(st.sampled_from(["pin", "forbid"]))) for h, d in some]
    weight = st.integers(1, 30)
    content = tables(households, dwellings, [(h, d, draw(weight)) for h, d in pairs], quotas, pins)
    content["arcs"]["needs_income_eur"] = [draw(st.sampled_from([0, 0, 4, 7, 12])) for _ in pairs]
    openings = [f"o{i}" for i in range(draw(st.integers(1, 3)))]
    content["openings"] = {"opening": openings, "posts": [draw(st.integers(1, 2)) for _ in openings]}
    seekers = [(h[0], k) for h in households for k in range(draw(st.integers(0, 2)))][:4]
    jobs = [(h, k, o) for h, k in seekers for o in openings if draw(st.booleans())]
    content["job_arcs"] = {
        "household": [h for h, _, _ in jobs],
        "person": [k for _, k, _ in jobs],
        "opening": [o for _, _, o in jobs],
        "weight": [draw(weight) for _ in jobs],
        "income_eur": [draw(st.integers(0, 9)) for _ in jobs],
    }
    near = [(d[0], o) for d in dwellings for o in openings if draw(st.integers(0, 2)) > 0]
    content["commutes"] = {
        "dwelling": [d for d, _ in near],
        "opening": [o for _, o in near],
        "minutes": [5] * len(near),
    }
    return content


def check(content: Content, verify: Verify) -> None:
    best = best_value(content, "joint")
    try:
        result = solve(Instance.from_columns(content), model="joint")
    except NothingToMatch:
        return
    except InstanceProblem:
        assert best is None  # no allocation obeys the pins
        return
    with tempfile.TemporaryDirectory() as folder:
        judged = verify(result, Path(folder))
    assert judged["problems"] == []
    assert result.objective == best


@relaxed
@given(content=tiny(rules=False))
def test_homes_and_jobs_reach_the_best_allocation(verify: Verify, content: Content) -> None:
    check(content, verify)


@relaxed
@given(content=tiny(rules=True))
def test_homes_and_jobs_obey_quotas_and_pins(verify: Verify, content: Content) -> None:
    check(content, verify)


def test_command_explains_one_household_of_a_joint_result(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = tables([("a", 1, "man"), ("b", 1, "man")], [("m", "open", 1)], [("a", "m", 9), ("b", "m", 7)])
    content["arcs"]["needs_income_eur"] = [400, 0]
    content["openings"] = {"opening": ["o"], "posts": [1]}
    content["job_arcs"] = {
        "household": ["a"], "person": [0], "opening": ["o"], "weight": [5], "income_eur": [500]
    }  # fmt: skip
    content["commutes"] = {"dwelling": ["m"], "opening": ["o"], "minutes": [20]}
    (tmp_path / "instance").mkdir()
    Instance.from_columns(content).write(tmp_path / "instance")
    words = [str(tmp_path / "instance"), str(tmp_path / "result")]
    main(["match", "solve", words[0], "--model", "joint", "--out", words[1]])
    capsys.readouterr()

    assert main(["match", "explain", *words, "--household", "a"]) == 0
    assert "Al nucleo a si propone m, con valore 9." in capsys.readouterr().out
    assert main(["match", "explain", *words, "--binding"]) == 2
    assert "un nucleo alla volta" in capsys.readouterr().err
