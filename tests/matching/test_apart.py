"""Workers that exchange prices alone give what one process gives."""

from pathlib import Path

import pytest

from ali.matching import Instance, InstanceProblem, solve
from ali.matching.apart import solve_apart, split

from .conftest import Verify
from .test_results import generated, plain  # noqa: F401  fixtures


def test_two_workers_find_the_objective_and_the_bound_of_one_process(
    plain: Path,  # noqa: F811
    verify: Verify,
    tmp_path: Path,
) -> None:
    instance = Instance.read(plain)
    alone = solve_apart(instance)
    together = solve_apart(instance, workers=2)

    assert (together.objective, together.bound) == (alone.objective, alone.bound)
    assert together.homes() == alone.homes()
    assert verify(together, tmp_path)["ok"]
    exact = solve(instance, model="whole").objective
    assert 0.998 * exact <= together.objective <= exact <= together.bound <= 1.002 * exact


def test_a_worker_holds_its_own_households_alone(plain: Path) -> None:  # noqa: F811
    instance = Instance.read(plain)
    parts = split(instance, 3)

    assert sorted(h for part in parts for h in part.household.tolist()) == list(range(len(instance.persons)))
    assert sum(len(part.weight) for part in parts) == len(instance.usable)


def test_ceilings_are_refused(generated: Path) -> None:  # noqa: F811
    with pytest.raises(InstanceProblem, match="senza quote"):
        solve_apart(Instance.read(generated))
