"""The door: an instance in, a result with its certificate out."""

from collections.abc import Mapping
from functools import cache
from time import process_time
from typing import Any

import numpy as np
import pyarrow as pa

from ali.matching import checks
from ali.matching.certificate import Proof, prove_joint, prove_shared, prove_whole
from ali.matching.errors import InstanceProblem
from ali.matching.instance import Instance, ready
from ali.matching.joint import solve_joint
from ali.matching.layout import USES, Layout, lay_out, net_of, pins_broken
from ali.matching.plan import EFFORTS, Effort, Plan, Progress, silent
from ali.matching.rations import Solver, ration, rationed
from ali.matching.result import USE_NAMES, Prices, Result, positions
from ali.matching.shared import solve_shared
from ali.matching.subgradient import lower_bound_prices
from ali.matching.tables import Ints
from ali.matching.whole import solve_whole

MODELS = ("whole", "shared", "joint")
SOLVERS: dict[str, Solver] = {"whole": solve_whole, "shared": solve_shared, "joint": solve_joint}


def solve(
    instance: Instance,
    *,
    model: str,
    seed: int = 0,
    budget: str = "normal",
    previous: Mapping[str, str | None] | Ints | None = None,
    keep_bonus: int = 0,
    progress: Progress | None = None,
) -> Result:
    """The best allocation found, with prices that bound what any other could reach.

    `previous` and `keep_bonus` make it worth staying: the result then speaks of the instance with the bonus in it.
    """
    if model not in MODELS:
        raise InstanceProblem(f"«{model}» non è un modello; i modelli sono {', '.join(MODELS)}.")
    if budget not in EFFORTS:
        raise InstanceProblem(
            f"«{budget}» non è un impegno di calcolo; si può scegliere fra {', '.join(EFFORTS)}."
        )
    if keep_bonus < 0:
        raise InstanceProblem("Il premio per chi resta non può essere negativo.")
    startup = warm(model) + ready()
    start = process_time() - instance.prepared_seconds
    before = previous_homes(instance, previous)
    changed = before is not None and keep_bonus > 0
    solved = instance.with_bonus(before, keep_bonus) if before is not None and changed else instance
    layout, plan, proof = _solve(solved, model, EFFORTS[budget], progress or silent)
    seconds = process_time() - start
    homes = plan.homes(layout)
    objective = plan.value(layout.weight)
    certificate: dict[str, Any] = {  # Any: what JSON can hold
        "model": model,
        "objective": objective,
        "bound": proof.bound,
        "gap": (proof.bound - objective) / proof.bound if proof.bound else 0.0,
        "price_scale": proof.scale,
        "seed": seed,
        "budget": budget,
        "input_sha256": solved.sha256,
        "rules": solved.rules,
        "housed_households": int((homes >= 0).sum()),
        "housed_persons": int(solved.persons[homes >= 0].sum()),
        "cpu_seconds": round(seconds, 6),
        "startup_seconds": round(startup, 6),
    }
    if len(solved.pinned.household):
        certificate |= _given_pins(solved, plan, proof, objective)
    if before is not None:
        certificate |= _compared(instance, before, homes, keep_bonus)
    job_of = plan.jobs.job_of if plan.jobs else None
    if job_of is not None:
        certificate["persons_with_job"] = int((job_of >= 0).sum())
    return Result(solved, homes, _prices(layout, plan, proof), certificate, changed, job_of)


def _solve(instance: Instance, model: str, effort: Effort, progress: Progress) -> tuple[Layout, Plan, Proof]:
    layout = lay_out(instance, model)
    checks.something_usable(instance.sources["arcs"], instance, layout.arc)
    plan, quota = ration(layout, SOLVERS[model], effort, progress)
    checks.pins_have_income(instance, pins_broken(layout, plan.arc_of))
    weight = rationed(layout, quota)
    if plan.jobs:
        return layout, plan, prove_joint(layout, plan, plan.jobs, quota)
    if model == "whole":
        return layout, plan, prove_whole(layout, weight, plan, quota)
    return layout, plan, prove_shared(layout, weight, plan, quota, effort, progress)


def previous_homes(instance: Instance, previous: Mapping[str, str | None] | Ints | None) -> Ints | None:
    """The homes of a former plan as positions in this instance, -1 for none; None without a former plan."""
    if previous is None or isinstance(previous, np.ndarray):
        return previous
    households = pa.array(previous.keys(), pa.string())
    return positions(instance, households, pa.array(previous.values(), pa.string()))


def _given_pins(instance: Instance, plan: Plan, proof: Proof, objective: int) -> dict[str, Any]:  # Any: JSON
    """How good the allocation is among those that obey the pins, which the prices alone cannot say."""
    quotas = int(proof.quota @ instance.quota_limit) // proof.scale
    bound = min(proof.bound, plan.bound_with_pins + quotas)
    return {"bound_given_pins": bound, "gap_given_pins": (bound - objective) / bound if bound else 0.0}


def _compared(instance: Instance, before: Ints, homes: Ints, keep_bonus: int) -> dict[str, int]:
    """How far the new allocation is from the one before."""
    plain = int(instance.weight[homes[instance.arc_household] == instance.arc_dwelling].sum())
    return {
        "keep_bonus": keep_bonus,
        "objective_without_bonus": plain,
        "kept": int(((before >= 0) & (before == homes)).sum()),
        "moved": int(((before >= 0) & (before != homes)).sum()),
        "newly_housed": int(((before < 0) & (homes >= 0)).sum()),
    }


def _prices(layout: Layout, plan: Plan, proof: Proof) -> Prices:
    if proof.opening is not None and proof.dwelling is not None:
        nodes = np.flatnonzero(proof.dwelling)
        return Prices(
            proof.scale,
            None,
            proof.quota,
            layout.dwelling[nodes],
            proof.dwelling[nodes],
            _uses(layout, nodes),
            proof.opening,
        )
    if proof.dwelling is not None:
        kept = np.flatnonzero(proof.dwelling)
        return Prices(proof.scale, None, proof.quota, kept, proof.dwelling[kept])
    nodes = np.flatnonzero(plan.is_open & (layout.slots > 0))
    price = plan.price[nodes] * proof.scale
    return Prices(
        proof.scale, proof.household, proof.quota, layout.dwelling[nodes], price, _uses(layout, nodes)
    )


def _uses(layout: Layout, nodes: Ints) -> tuple[str | None, ...]:
    return tuple(
        USE_NAMES[(n - layout.first_use) % USES] if n >= layout.first_use else None for n in nodes.tolist()
    )


@cache
def warm(model: str = "shared") -> float:
    """Load or compile the kernels of a model on a tiny instance; the seconds of CPU it took, the first time."""
    start = process_time()
    models = MODELS if model == "joint" else MODELS[:2]
    tiny = Instance.from_columns(
        {
            "households": {
                "household": ["a", "b", "c", "d"],
                "persons": [1, 1, 2, 1],
                "group": ["man", "woman", "family", "man"],
            },
            "dwellings": {"dwelling": ["w", "o"], "mode": ["whole", "open"], "beds": [2, 2]},
            "pins": {"household": ["b"], "dwelling": ["w"], "kind": ["pin"]},
            "arcs": {
                "household": ["a", "b", "c", "a", "b", "c", "d"],
                "dwelling": ["w", "w", "w", "o", "o", "o", "o"],
                "weight": [5, 6, 9, 4, 5, 7, 3],
                "needs_income_eur": [0, 0, 0, 2, 0, 0, 0],
            },
            "openings": {"opening": ["k"], "posts": [1]},
            "job_arcs": {
                "household": ["a", "d"],
                "person": [0, 0],
                "opening": ["k", "k"],
                "weight": [2, 3],
                "income_eur": [1, 2],
            },
            "commutes": {"dwelling": ["w"], "opening": ["k"], "minutes": [9]},
        }
    )
    for each in models:
        layout, plan, _ = _solve(tiny, each, EFFORTS["small"], silent)
        if each == "shared":
            net = net_of(layout, tiny.weight[layout.arc])
            lower_bound_prices(net, layout.slots, layout.first_use, plan.gain.astype(np.float64), 0.0, 2, 1.0)
    return process_time() - start
