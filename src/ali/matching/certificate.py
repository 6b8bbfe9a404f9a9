"""The proof: prices, and the bound anyone can compute again from them in exact integers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ali.matching.instance import FAMILY, OPEN, WHOLE, Instance
from ali.matching.layout import Layout, net_of
from ali.matching.plan import Effort, Plan, Progress
from ali.matching.subgradient import lower_bound_prices
from ali.matching.tables import Ints

SCALE = 100  # household prices of `shared` keep two decimals


@dataclass(frozen=True, eq=False)
class Proof:
    """Scaled prices; the bound is that of the verifier, in the unit of weights."""

    scale: int
    bound: int
    dwelling: Ints | None
    household: Ints | None
    quota: Ints


def prove_whole(layout: Layout, plan: Plan, quota: Ints) -> Proof:
    """The duals of the transport as they are: integers already."""
    price = plan.price.copy()
    bound = bound_of_whole(layout.instance, price, quota)
    return Proof(1, bound, price, None, quota)


def prove_shared(
    layout: Layout, weight: Ints, plan: Plan, quota: Ints, effort: Effort, progress: Progress
) -> Proof:
    """Household prices from the search, or from the transport where they prove more.

    Those of the search count on the pins being obeyed; with pins they are improved once more without.
    """
    instance = layout.instance
    proofs = [household_prices_of(instance, plan.gain, quota, 1)]
    if plan.household_price is not None:
        proofs.append(household_prices_of(instance, _scaled(plan.household_price), quota * SCALE, SCALE))
    best = min(proofs, key=lambda proof: proof.bound)
    reached = plan.value(instance.weight[layout.arc])
    if not len(instance.pinned.household) or best.bound <= reached or best.household is None:
        return best
    progress("bound", 0.9)
    target = float(reached - int(quota @ instance.quota_limit))
    start = best.household / best.scale
    u = lower_bound_prices(
        net_of(layout, weight), layout.slots, layout.first_use, start, target, effort.rounds, 1.0
    )
    return min(
        best, household_prices_of(instance, _scaled(u), quota * SCALE, SCALE), key=lambda proof: proof.bound
    )


def _scaled(u: NDArray[np.float64]) -> Ints:
    return np.rint(u * SCALE).astype(np.int64)


def household_prices_of(instance: Instance, household: Ints, quota: Ints, scale: int) -> Proof:
    """A proof of `shared` from scaled prices."""
    return Proof(scale, bound_of_shared(instance, household, quota, scale), None, household, quota)


def values(instance: Instance, quota: Ints, scale: int) -> Ints:
    """Scaled weight of each usable arc, once its quotas are paid."""
    per_person = np.zeros(len(instance.mode), np.int64)
    np.add.at(per_person, instance.quota_dwelling, quota[instance.quota_row])
    h, d = instance.arc_household[instance.usable], instance.arc_dwelling[instance.usable]
    return instance.weight[instance.usable] * scale - instance.persons[h] * per_person[d]


def bound_of_whole(instance: Instance, price: Ints, quota: Ints) -> int:
    """Slots at their price, plus for each household the best it could gain at these prices."""
    h, d = instance.arc_household[instance.usable], instance.arc_dwelling[instance.usable]
    best = np.zeros(len(instance.persons), np.int64)
    np.maximum.at(best, h, values(instance, quota, 1) - price[d])
    slots = np.where(instance.mode == WHOLE, 1, instance.beds)
    return int((slots * price).sum() + best.sum() + (quota * instance.quota_limit).sum())


def bound_of_shared(instance: Instance, price: Ints, quota: Ints, scale: int) -> int:
    """Households at their price, plus for each dwelling its best lawful use at what is left of the weights."""
    h, d = instance.arc_household[instance.usable], instance.arc_dwelling[instance.usable]
    left = values(instance, quota, scale) - price[h]
    keep = left > 0
    h, d, left = h[keep], d[keep], left[keep]
    use = d * 3 + np.where(instance.mode[d] == OPEN, instance.group[h], 0)
    order = np.lexsort((-left, use))
    use, left, d, h = use[order], left[order], d[order], h[order]
    starts = np.searchsorted(use, use, side="left")
    one = (instance.mode[d] == WHOLE) | ((instance.mode[d] == OPEN) & (instance.group[h] == FAMILY))
    inside = np.arange(len(use)) - starts < np.where(one, 1, instance.beds[d])
    worth = np.zeros(len(instance.mode) * 3, np.int64)
    np.add.at(worth, use[inside], left[inside])
    total = (
        int(price.sum()) + int(worth.reshape(-1, 3).max(1).sum()) + int((quota * instance.quota_limit).sum())
    )
    return total // scale
