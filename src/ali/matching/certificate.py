"""The proof: prices, and the bound anyone can compute again from them in exact integers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ali.matching.instance import WHOLE
from ali.matching.layout import USES, Layout, net_of, reweighed
from ali.matching.plan import SCALE, Effort, JobPlan, Plan, Progress
from ali.matching.subgradient import lower_bound_prices, node_values
from ali.matching.tables import Ints
from ali.matching.transport import Net


@dataclass(frozen=True, eq=False)
class Proof:
    """Scaled prices; the bound is that of the verifier, in the unit of weights."""

    scale: int
    bound: int
    dwelling: Ints | None
    household: Ints | None
    quota: Ints
    opening: Ints | None = None


def prove_whole(layout: Layout, weight: Ints, plan: Plan, quota: Ints) -> Proof:
    """The duals of the transport as they are: integers already."""
    price = plan.price.copy()
    bound = bound_of_whole(layout, weight, price, quota)
    return Proof(1, bound, price, None, quota)


def prove_joint(layout: Layout, plan: Plan, jobs: JobPlan, quota: Ints) -> Proof:
    """The prices the search ended with: of one slot of each node, and of one post of each opening."""
    bound = (jobs.bound + SCALE * int(quota @ layout.instance.quota_limit)) // SCALE
    return Proof(SCALE, bound, plan.price, None, quota * SCALE, jobs.price)


def prove_shared(
    layout: Layout, weight: Ints, plan: Plan, quota: Ints, effort: Effort, progress: Progress
) -> Proof:
    """Household prices from the search, or from the transport where they prove more.

    Those of the search count on the pins being obeyed; with pins they are improved once more without.
    """
    instance = layout.instance
    net = net_of(layout, weight)
    proofs = [household_prices_of(layout, net, plan.gain, quota, 1)]
    if plan.household_price is not None:
        proofs.append(household_prices_of(layout, net, _scaled(plan.household_price), quota, SCALE))
    best = min(proofs, key=lambda proof: proof.bound)
    reached = plan.value(layout.weight)
    if not len(instance.pinned.household) or best.bound <= reached or best.household is None:
        return best
    progress("bound", 0.9)
    target = float(reached - int(quota @ instance.quota_limit))
    start = best.household / best.scale
    u = lower_bound_prices(net, layout.slots, layout.first_use, start, target, effort.rounds, 1.0)
    return min(
        best, household_prices_of(layout, net, _scaled(u), quota, SCALE), key=lambda proof: proof.bound
    )


def _scaled(u: NDArray[np.float64]) -> Ints:
    return np.rint(u * SCALE).astype(np.int64)


def household_prices_of(layout: Layout, net: Net, household: Ints, quota: Ints, scale: int) -> Proof:
    """A proof of `shared` from scaled prices of households and plain ones of quotas, already paid in the net."""
    bound = bound_of_shared(layout, net, household, quota, scale)
    return Proof(scale, bound, None, household, quota * scale)


def bound_of_whole(layout: Layout, weight: Ints, price: Ints, quota: Ints) -> int:
    """Slots at their price, plus for each household the best it could gain at these prices; quotas paid in the weights."""
    instance = layout.instance
    best = np.zeros(len(instance.persons) + 1, np.int64)
    starts = np.searchsorted(layout.household, np.arange(len(best)))
    left = np.append(weight - price[layout.node], 0)
    best = np.where(starts[1:] > starts[:-1], np.maximum.reduceat(left, starts)[:-1], 0)
    slots = np.where(instance.mode == WHOLE, 1, instance.beds)
    return int((slots * price).sum() + np.maximum(best, 0).sum() + (quota * instance.quota_limit).sum())


def bound_of_shared(layout: Layout, net: Net, price: Ints, quota: Ints, scale: int) -> int:
    """Households at their price, plus for each dwelling its best lawful use at what is left of the weights."""
    scaled = net if scale == 1 else reweighed(net, net.weight * scale)
    worth = node_values(scaled, price, layout.slots, 0)
    uses = worth[layout.first_use :].reshape(-1, USES)
    total = int(price.sum()) + int(worth[: layout.first_use].sum()) + int(uses.max(1).sum())
    return (total + int((quota * scale * layout.instance.quota_limit).sum())) // scale
