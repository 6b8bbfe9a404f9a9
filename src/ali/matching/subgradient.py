"""The bound of `shared`: prices on households, lowered by a deflected subgradient.

With price u on each household, every dwelling takes its best lawful use at values (weight - u)+, and
sum u + sum of those uses is a bound for any u >= 0. A household that two dwellings want becomes dearer, one that
nobody wants becomes cheaper. Only plain sums and products, in a fixed order: the same on every machine.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ali.matching.compiled import kernel
from ali.matching.tables import Ints
from ali.matching.transport import Net

Reals = NDArray[np.float64]
Number = TypeVar("Number", np.int64, np.float64)
PATIENCE = 20  # rounds without a lower bound before the steps shrink
MEMORY = 0.95  # how much of the last direction stays in the next


@kernel
def best_of_node(net: Net, u: NDArray[Number], n: int, slots: int, top: NDArray[Number], who: Ints) -> int:
    """Write the values (weight - u)+ of the best arcs of node n, by column, filling at most `slots`; returns how many."""
    size = 0
    bulky = 0
    for i in range(net.col_start[n], net.col_start[n + 1]):
        h = net.col_household[i]
        v = net.col_weight[i] - u[h]
        if v <= 0:
            continue
        if len(net.col_size) and net.col_size[i] > 1:
            bulky += net.col_size[i] <= slots
            continue
        if size < slots:
            j = size
            size += 1
        elif v > top[size - 1]:
            j = size - 1
        else:
            continue
        while j > 0 and top[j - 1] < v:
            top[j] = top[j - 1]
            who[j] = who[j - 1]
            j -= 1
        top[j] = v
        who[j] = i
    if bulky:
        size = pack(net, u, n, slots, top, who, size, bulky)
    return size


@kernel
def pack(
    net: Net, u: NDArray[Number], n: int, slots: int, top: NDArray[Number], who: Ints, size: int, bulky: int
) -> int:
    """The best mix of the `size` single households in `top` and of those that take several slots of node n."""
    best = np.zeros(slots + 1, top.dtype)
    for c in range(1, slots + 1):
        best[c] = best[c - 1]
        if c <= size:
            best[c] += top[c - 1]
    item = np.empty(bulky, np.int64)
    taken = np.zeros((bulky, slots + 1), np.bool_)
    k = 0
    for i in range(net.col_start[n], net.col_start[n + 1]):
        m = net.col_size[i]
        v = net.col_weight[i] - u[net.col_household[i]]
        if m == 1 or m > slots or v <= 0:
            continue
        item[k] = i
        for c in range(slots, m - 1, -1):
            if best[c - m] + v > best[c]:
                best[c] = best[c - m] + v
                taken[k, c] = True
        k += 1
    left = slots
    chosen = np.empty(bulky, np.int64)
    many = 0
    for k in range(bulky - 1, -1, -1):
        if taken[k, left]:
            chosen[many] = item[k]
            many += 1
            left -= net.col_size[item[k]]
    size = min(size, left)
    for k in range(many):
        top[size] = net.col_weight[chosen[k]] - u[net.col_household[chosen[k]]]
        who[size] = chosen[k]
        size += 1
    return size


@kernel
def node_values(net: Net, u: NDArray[Number], slots: Ints, first: int) -> NDArray[Number]:
    """What the best households of each node from `first` on are worth at prices u; exact where these are integers."""
    widest = 1
    for n in range(len(slots)):
        widest = max(widest, slots[n])
    top = np.zeros(widest, u.dtype)
    who = np.zeros(widest, np.int64)
    out = np.zeros(len(slots) - first, u.dtype)
    for n in range(first, len(slots)):
        size = best_of_node(net, u, n, slots[n], top, who)
        for j in range(size):
            out[n - first] += top[j]
    return out


@kernel
def wanted(net: Net, u: Reals, slots: Ints, first_use: int, pull: Reals) -> float:
    """The bound at prices u; `pull` becomes 1 - how many dwellings want each household."""
    widest = 1
    for n in range(len(slots)):
        widest = max(widest, slots[n])
    top = np.zeros((3, widest))
    who = np.zeros((3, widest), np.int64)
    size = np.zeros(3, np.int64)
    total = 0.0
    for h in range(len(u)):
        total += u[h]
        pull[h] = 1.0
    n = 0
    while n < len(slots):
        uses = 1 if n < first_use else 3
        best = -1.0
        chosen = 0
        for g in range(uses):
            size[g] = best_of_node(net, u, n + g, slots[n + g], top[g], who[g])
            worth = 0.0
            for j in range(size[g]):
                worth += top[g, j]
            if worth > best:
                best = worth
                chosen = g
        total += best
        for j in range(size[chosen]):
            pull[net.col_household[who[chosen, j]]] -= 1.0
        n += uses
    return total


@kernel
def lower_bound_prices(
    net: Net, slots: Ints, first_use: int, start: Reals, target: float, rounds: int, step: float
) -> Reals:
    """Household prices with the lowest bound found in so many rounds; stops within 1 of the target.

    `step` scales the first moves: 1 from afar, less from prices that are good already.
    """
    u = start.copy()
    best_u = start.copy()
    best = np.inf
    pull = np.zeros(len(u))
    direction = np.zeros(len(u))
    since = 0
    for _ in range(rounds):
        total = wanted(net, u, slots, first_use, pull)
        if total < best - 1e-9:
            best = total
            best_u[:] = u
            since = 0
        else:
            since += 1
            if since >= PATIENCE:
                step *= 0.7
                since = 0
                if step < 0.01:
                    break
                u[:] = best_u
        if best - target < 1.0:
            break
        length = 0.0
        for h in range(len(u)):
            if u[h] <= 0.0 and pull[h] > 0.0:
                pull[h] = 0.0
            direction[h] = pull[h] + MEMORY * direction[h]
            length += direction[h] * direction[h]
        if length == 0.0:
            break
        move = step * (total - target) / length
        for h in range(len(u)):
            u[h] = max(0.0, u[h] - move * direction[h])
    return best_u
