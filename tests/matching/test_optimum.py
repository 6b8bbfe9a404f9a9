"""Both models against every allocation of tiny instances, with pins, forbids and quotas."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ali.matching import Instance, InstanceProblem, solve

from .brute_force import best_value
from .conftest import Verify, tables

relaxed = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@st.composite
def tiny(
    draw: st.DrawFn, *, quotas: bool, pins: bool, together: bool = False
) -> dict[str, dict[str, list[Any]]]:
    groups = draw(st.lists(st.sampled_from(["man", "woman", "family"]), min_size=1, max_size=6))
    households = [
        (f"h{i}", draw(st.integers(1, 4)) if together or group == "family" else 1, group)
        for i, group in enumerate(groups)
    ]
    modes = draw(st.lists(st.sampled_from(["whole", "men", "women", "open", "open"]), min_size=1, max_size=4))
    dwellings = [(f"d{i}", mode, draw(st.integers(1, 4))) for i, mode in enumerate(modes)]
    weight = st.integers(1, 12) | st.integers(1, 1000)
    pairs = [(h[0], d[0]) for h in households for d in dwellings if draw(st.integers(0, 3)) > 0]
    assume(pairs)
    arcs = [(h, d, draw(weight)) for h, d in pairs]
    ceilings = []
    for quota in range(draw(st.integers(1, 2)) if quotas else 0):
        limit = draw(st.integers(0, 5))
        members = draw(st.sets(st.sampled_from([d[0] for d in dwellings]), min_size=1))
        ceilings += [(f"q{quota}", limit, d) for d in sorted(members)]
    forced: list[tuple[str, str, str]] = []
    for h, d in (
        draw(st.lists(st.sampled_from(pairs), max_size=3, unique_by=lambda pair: pair[0])) if pins else []
    ):
        forced.append((h, d, draw(st.sampled_from(["pin", "forbid"]))))
    return tables(households, dwellings, arcs, ceilings, forced)


def check(content: dict[str, dict[str, list[Any]]], model: str, verify: Verify) -> None:
    best = best_value(content, model)
    try:
        result = solve(Instance.from_columns(content), model=model)
    except InstanceProblem:
        assert not best  # no allocation obeys the pins, or nobody may go anywhere
        return
    with tempfile.TemporaryDirectory() as folder:
        judged = verify(result, Path(folder))
    assert judged["problems"] == []
    assert result.objective == best
    if model == "whole" and not {"quotas", "pins"} & content.keys():
        assert result.gap == 0


@pytest.mark.parametrize("model", ["whole", "shared"])
@relaxed
@given(content=tiny(quotas=False, pins=False))
def test_plain_instance_reaches_the_best_allocation(
    verify: Verify, model: str, content: dict[str, dict[str, list[Any]]]
) -> None:
    check(content, model, verify)


@pytest.mark.parametrize("model", ["whole", "shared"])
@relaxed
@given(content=tiny(quotas=False, pins=True))
def test_pins_are_obeyed_at_the_least_cost(
    verify: Verify, model: str, content: dict[str, dict[str, list[Any]]]
) -> None:
    check(content, model, verify)


@pytest.mark.parametrize("model", ["whole", "shared"])
@relaxed
@given(content=tiny(quotas=True, pins=True))
def test_quotas_are_obeyed_at_the_least_cost(
    verify: Verify, model: str, content: dict[str, dict[str, list[Any]]]
) -> None:
    check(content, model, verify)


@pytest.mark.parametrize("model", ["whole", "shared"])
@relaxed
@given(content=tiny(quotas=False, pins=True, together=True))
def test_adults_who_ask_to_live_together_are_housed_all_or_none(
    verify: Verify, model: str, content: dict[str, dict[str, list[Any]]]
) -> None:
    check(content, model, verify)


@pytest.mark.parametrize("model", ["whole", "shared"])
@relaxed
@given(content=tiny(quotas=True, pins=True, together=True))
def test_requests_of_several_adults_obey_quotas(
    verify: Verify, model: str, content: dict[str, dict[str, list[Any]]]
) -> None:
    check(content, model, verify)
