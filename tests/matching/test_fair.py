"""Choices of fairness against every allocation of tiny instances, and on a generated one."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from ali.cli.main import main
from ali.matching import Instance, InstanceProblem, NothingToMatch, solve
from ali.matching.fair import How, solve_fairly, values_by_household, with_floor

from .brute_force import allocations
from .conftest import Verify, tables
from .test_optimum import tiny
from .test_results import generated, plain  # noqa: F401  fixtures

Content = dict[str, dict[str, list[Any]]]


def with_columns(content: Content) -> Content:
    """Two classes and two territories, household by household in turn."""
    people = content["households"]
    count = len(people["household"])
    people["priority"] = [i % 2 for i in range(count)]
    people["territory"] = [f"t{i // 2 % 2}" for i in range(count)]
    return content


@pytest.mark.parametrize("model", ["whole", "shared"])
@settings(max_examples=60, deadline=None)
@given(content=tiny(quotas=False, pins=True))
def test_no_gain_of_a_class_is_bought_from_a_higher_one(model: str, content: Content) -> None:
    content = with_columns(content)
    priority = np.array(content["households"]["priority"])
    weight = {
        (h, d): w
        for h, d, w in zip(
            content["arcs"]["household"], content["arcs"]["dwelling"], content["arcs"]["weight"], strict=True
        )
    }
    names = content["households"]["household"]

    def by_class(homes: dict[str, str | None]) -> tuple[int, int]:
        values = [weight[h, d] if (d := homes[h]) else 0 for h in names]
        return tuple(sum(v for v, p in zip(values, priority, strict=True) if p == one) for one in (0, 1))  # type: ignore[return-value]

    best = max((by_class(homes) for _, homes in allocations(content, model)), default=None)
    try:
        instance = Instance.from_columns(content)
        result = solve_fairly(instance, model=model, by_class=True)
    except InstanceProblem:
        assert best in (None, (0, 0))
        return
    values = values_by_household(instance, result)
    assert (values[priority == 0].sum(), values[priority == 1].sum()) == best


@settings(max_examples=60, deadline=None)
@given(content=tiny(quotas=False, pins=False))
def test_floor_never_leaves_the_worst_territory_worse(content: Content) -> None:
    content = with_columns(content)
    try:
        instance = Instance.from_columns(content)
    except NothingToMatch:
        return
    _, report = with_floor(instance, How("whole"), "max")

    assert report["reached"] >= report["before"]
    assert report["price"] >= 0


def test_classes_and_floor_are_certified_on_the_instance_solved(
    plain: Path,  # noqa: F811
    verify: Verify,
    tmp_path: Path,
) -> None:
    result = solve_fairly(Instance.read(plain), model="shared", by_class=True, floor="max")

    judged = verify(result, tmp_path)
    assert judged["ok"], judged["problems"]
    assert result.certificate["objective_as_given"] <= solve(Instance.read(plain), model="shared").bound
    assert [row["priority"] for row in result.certificate["classes"]] == [0, 1, 2]


def test_floor_out_of_reach_is_said() -> None:
    """Two households of one territory, one home: half is the most."""
    content = tables([("a", 1, "man"), ("b", 1, "man")], [("m", "men", 1)], [("a", "m", 5), ("b", "m", 6)])

    with pytest.raises(InstanceProblem, match="La soglia del 80% non si raggiunge"):
        solve_fairly(Instance.from_columns(content), model="whole", floor=0.8)


def test_automatic_bonus_moves_fewer_at_little_cost(plain: Path) -> None:  # noqa: F811
    instance = Instance.read(plain)
    first = solve(instance, model="whole")
    weight = instance.weight.copy()
    weight[::50] += 40
    changed = instance.with_weights(weight)

    result = solve_fairly(changed, model="whole", previous=first.homes(), keep_bonus="auto")

    keep = result.certificate["keep"]
    assert keep["fewest_proven"] <= keep["moved"] <= keep["moved_without"]
    assert keep["lost"] <= 0.0005 * solve(changed, model="whole").objective


def test_command_takes_the_choices(generated: Path, tmp_path: Path) -> None:  # noqa: F811
    words = ["match", "solve", str(generated), "--model", "whole", "--budget", "small"]
    assert main([*words, "--out", str(tmp_path / "first")]) == 0

    more = ["--by-class", "--floor", "10%", "--from", str(tmp_path / "first"), "--keep-bonus", "auto"]
    assert main([*words, "--out", str(tmp_path / "second"), *more]) == 0

    certificate = json.loads((tmp_path / "second" / "certificate.json").read_text(encoding="utf-8"))
    assert {"classes", "floor", "keep", "objective_as_given"} <= certificate.keys()
