"""Exact transport of households to nodes, kept optimal while it changes.

A node is a dwelling, or one use of a dwelling that may be used in several ways. `price[n]` is what one slot of node n
is worth, `gain[h]` what household h would lose if it had to stay out. After every public step these hold, which is the
proof of optimality (linear programming duality, in integers):

    gain[h] = max(0, weight - price over the open arcs of h), reached by the arc the household uses;
    gain[h] = 0 for a household left out;  price[n] = 0 for a node with a free slot.

One household comes in by a shortest path of reduced costs that raises prices (`insert`), one slot opens by a shortest
path that lowers them (`fill`). Everything else (a home more, a home less, another use) is made of these two. A first
solution starts from the prices of a quick auction, which leaves little for them to do.
Kernels of one file are compiled and cached together, so they stay in one file.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ali.matching.compiled import kernel

Ints = NDArray[np.int64]
NONE = -1


class Net(NamedTuple):
    """What does not change: arcs by household (rows) and by node (columns)."""

    row_start: Ints
    row_node: Ints
    weight: Ints
    arc_household: Ints
    col_start: Ints
    col_arc: Ints
    col_household: Ints  # of each arc in the order of col_arc: close together in memory
    col_weight: Ints
    col_size: Ints  # slots each arc takes, in the same order; empty where each takes one
    slot_start: Ints


class State(NamedTuple):
    """Who is where, the duals, and the working memory of the two searches."""

    capacity: Ints
    used: Ints
    price: Ints
    gain: Ints
    active: Ints
    arc_of: Ints
    slot_of: Ints
    slot_household: Ints
    dist: Ints
    parent: Ints
    heap: Ints
    place: Ints
    settled: Ints
    work: Ints  # one number: arcs looked at so far, the clock of the budgets


FAR = np.int64(2**62)
LASTING = 8  # the fields before the working memory, which every search leaves clean


def saved_copy(state: State) -> State:
    """A copy that `put_back` can return to; the working memory is shared."""
    return State._make([*(part.copy() for part in state[:LASTING]), *state[LASTING:]])


def put_back(state: State, saved: State) -> None:
    """Make the state what it was when it was saved."""
    for part, old in zip(state[:LASTING], saved[:LASTING], strict=True):
        part[:] = old


@kernel
def by_column(node: Ints, household: Ints, weight: Ints, starts: Ints) -> tuple[Ints, Ints, Ints]:
    """The arcs in order of node, each node's in the order they came, with their households and weights."""
    at = starts.copy()
    order = np.empty(len(node), np.int64)
    households = np.empty(len(node), np.int64)
    weights = np.empty(len(node), np.int64)
    for a in range(len(node)):
        i = at[node[a]]
        at[node[a]] += 1
        order[i] = a
        households[i] = household[a]
        weights[i] = weight[a]
    return order, households, weights


@kernel
def heap_push(s: State, size: int, n: int, d: int) -> int:
    """Put node n in the heap with distance d, or bring it nearer; returns the new size."""
    heap, place, dist = s.heap, s.place, s.dist
    i = place[n]
    if i < 0:
        i = size
        size += 1
    dist[n] = d
    while i > 0:
        up = (i - 1) >> 1
        m = heap[up]
        if dist[m] <= d:
            break
        heap[i] = m
        place[m] = i
        i = up
    heap[i] = n
    place[n] = i
    return size


@kernel
def heap_pop(s: State, size: int) -> int:
    """Take the nearest node off a heap of `size` nodes; the caller lowers its size."""
    heap, place, dist = s.heap, s.place, s.dist
    top: int = heap[0]
    place[top] = -2
    size -= 1
    if size > 0:
        n = heap[size]
        d = dist[n]
        i = 0
        while True:
            j = 2 * i + 1
            if j >= size:
                break
            if j + 1 < size and dist[heap[j + 1]] < dist[heap[j]]:
                j += 1
            m = heap[j]
            if dist[m] >= d:
                break
            heap[i] = m
            place[m] = i
            i = j
        heap[i] = n
        place[n] = i
    return top


@kernel
def forget(s: State, settled: int, waiting: int) -> None:
    """Clean the working memory after a search."""
    for i in range(settled):
        n = s.settled[i]
        s.dist[n] = FAR
        s.place[n] = -1
    for i in range(waiting):
        n = s.heap[i]
        s.dist[n] = FAR
        s.place[n] = -1


@kernel
def insert(net: Net, s: State, h: int) -> None:
    """Bring household h in, at the best of all rearrangements; it may stay out, or put another out."""
    s.active[h] = 1
    s.work[0] += 2 * (net.row_start[h + 1] - net.row_start[h])
    top = 0
    for a in range(net.row_start[h], net.row_start[h + 1]):
        n = net.row_node[a]
        if s.capacity[n] > 0:
            top = max(top, net.weight[a] - s.price[n])
    s.gain[h] = top
    if top == 0:
        return
    best = top
    end = -2 - h  # who stays out, as -2 - household; else the arc that reaches a free slot
    size = 0
    settled = 0
    for a in range(net.row_start[h], net.row_start[h + 1]):
        n = net.row_node[a]
        if s.capacity[n] == 0:
            continue
        d = top - net.weight[a] + s.price[n]
        if d < best:
            if s.used[n] < s.capacity[n]:
                best = d
                end = a
            elif d < s.dist[n]:
                size = heap_push(s, size, n, d)
                s.parent[n] = a
    while size > 0:
        n = heap_pop(s, size)
        size -= 1
        d = s.dist[n]
        s.settled[settled] = n
        settled += 1
        if d >= best:
            break
        for i in range(net.slot_start[n], net.slot_start[n] + s.used[n]):
            k = s.slot_household[i]
            reach = d + s.gain[k]
            if reach < best:
                best = reach
                end = -2 - k
            s.work[0] += net.row_start[k + 1] - net.row_start[k]
            for a in range(net.row_start[k], net.row_start[k + 1]):
                m = net.row_node[a]
                if s.place[m] == -2 or s.capacity[m] == 0:
                    continue
                e = reach - net.weight[a] + s.price[m]
                if e < best and e < s.dist[m]:
                    if s.used[m] < s.capacity[m]:
                        best = e
                        end = a
                    else:
                        size = heap_push(s, size, m, e)
                        s.parent[m] = a
    s.gain[h] = top - best
    for i in range(settled):
        n = s.settled[i]
        rise = best - s.dist[n]
        if rise > 0:
            s.price[n] += rise
            for j in range(net.slot_start[n], net.slot_start[n] + s.used[n]):
                s.gain[s.slot_household[j]] -= rise
    if end >= 0:
        a = end
        n = net.row_node[a]
        free = net.slot_start[n] + s.used[n]
        s.used[n] += 1
    else:
        k = -2 - end
        if k == h:
            forget(s, settled, size)
            return
        free = s.slot_of[k]
        a = s.parent[net.row_node[s.arc_of[k]]]
        s.arc_of[k] = NONE
        s.slot_of[k] = NONE
        s.gain[k] = 0
    while True:
        k = net.arc_household[a]
        old = s.arc_of[k]
        old_slot = s.slot_of[k]
        s.arc_of[k] = a
        s.slot_of[k] = free
        s.slot_household[free] = k
        if k == h:
            break
        free = old_slot
        a = s.parent[net.row_node[old]]
    forget(s, settled, size)


@kernel
def vacate(net: Net, s: State, h: int) -> int:
    """Take household h out of its slot, without repairing the prices; returns the node it leaves, or -1."""
    if s.arc_of[h] < 0:
        return NONE
    n: int = net.row_node[s.arc_of[h]]
    s.used[n] -= 1
    last = net.slot_start[n] + s.used[n]
    k = s.slot_household[last]
    s.slot_household[s.slot_of[h]] = k
    s.slot_of[k] = s.slot_of[h]
    s.arc_of[h] = NONE
    s.slot_of[h] = NONE
    return n


@kernel
def fill(net: Net, s: State, n: int) -> None:
    """Give one free slot of node n, whose price may be above 0, to the best of all rearrangements, or make it free."""
    best = s.price[n]
    if best == 0:
        return
    end = NONE
    size = heap_push(s, 0, n, 0)
    settled = 0
    while size > 0:
        m = heap_pop(s, size)
        size -= 1
        d = s.dist[m]
        s.settled[settled] = m
        settled += 1
        if d >= best:
            break
        s.work[0] += net.col_start[m + 1] - net.col_start[m]
        for i in range(net.col_start[m], net.col_start[m + 1]):
            k = net.col_household[i]
            if s.active[k] == 0:
                continue
            e = d + s.gain[k] - net.col_weight[i] + s.price[m]
            if e >= best:
                continue
            a = net.col_arc[i]
            own = s.arc_of[k]
            if own < 0:
                best = e
                end = a
                continue
            o = net.row_node[own]
            if s.place[o] == -2:
                continue
            if e + s.price[o] < best:
                best = e + s.price[o]
                end = a
            if e < s.dist[o]:
                size = heap_push(s, size, o, e)
                s.parent[o] = a
    for i in range(settled):
        m = s.settled[i]
        fall = best - s.dist[m]
        if fall > 0:
            s.price[m] -= fall
            for j in range(net.slot_start[m], net.slot_start[m] + s.used[m]):
                s.gain[s.slot_household[j]] += fall
    if end >= 0:
        a = end
        k = net.arc_household[a]
        vacate(net, s, k)
        while True:
            m = net.row_node[a]
            if m == n:
                free = net.slot_start[n] + s.used[n]
                s.used[n] += 1
                s.arc_of[k] = a
                s.slot_of[k] = free
                s.slot_household[free] = k
                break
            b = s.parent[m]
            out = net.arc_household[b]
            free = s.slot_of[out]
            s.arc_of[k] = a
            s.slot_of[k] = free
            s.slot_household[free] = k
            a = b
            k = out
    forget(s, settled, size)


@kernel
def remove(net: Net, s: State, h: int) -> None:
    """Take household h out of the game and give its slot to the best other use."""
    s.active[h] = 0
    s.gain[h] = 0
    n = vacate(net, s, h)
    if n >= 0:
        fill(net, s, n)


@kernel
def close(net: Net, s: State, n: int) -> None:
    """Close node n; its households look for another place."""
    s.capacity[n] = 0
    count = s.used[n]
    out = s.slot_household[net.slot_start[n] : net.slot_start[n] + count].copy()
    s.used[n] = 0
    for h in out:
        s.arc_of[h] = NONE
        s.slot_of[h] = NONE
    for h in out:
        insert(net, s, h)


@kernel
def open_node(net: Net, s: State, n: int, capacity: int) -> None:
    """Open the closed node n with some slots and let the best households move in."""
    top = 0
    for i in range(net.col_start[n], net.col_start[n + 1]):
        h = net.col_household[i]
        if s.active[h] == 1:
            top = max(top, net.col_weight[i] - s.gain[h])
    s.price[n] = top
    s.capacity[n] = capacity
    for _ in range(capacity):
        if s.price[n] == 0:
            break
        fill(net, s, n)


@kernel
def shrink(net: Net, s: State, n: int, slots: int) -> None:
    """Take so many slots from node n; who loses one looks for another place."""
    s.capacity[n] -= slots
    count = max(0, s.used[n] - s.capacity[n])
    out = np.empty(count, np.int64)
    for i in range(count):
        s.used[n] -= 1
        h = s.slot_household[net.slot_start[n] + s.used[n]]
        s.arc_of[h] = NONE
        s.slot_of[h] = NONE
        out[i] = h
    for h in out:
        insert(net, s, h)


@kernel
def grow(net: Net, s: State, n: int, slots: int) -> None:
    """Give so many slots back to node n, each to the best of all rearrangements."""
    for _ in range(slots):
        s.capacity[n] += 1
        fill(net, s, n)


@kernel
def auction(net: Net, capacity: Ints, households: Ints, increment: int, bids: int) -> tuple[Ints, Ints]:
    """Prices of the nodes and the arc of each household after a quick auction: near the optimum, not at it.

    Who is out bids for its best node what makes it as good as the second best, and an increment. At most so many bids.
    """
    nodes = len(capacity)
    price = np.zeros(nodes, np.int64)
    paid = np.zeros(net.slot_start[nodes], np.int64)
    holder = np.full(net.slot_start[nodes], NONE, np.int64)
    arc_of = np.full(len(net.row_start) - 1, NONE, np.int64)
    out = households[::-1].copy()
    size = len(out)
    while size > 0 and bids > 0:
        size -= 1
        h = out[size]
        first, second, best = 0, 0, NONE
        for a in range(net.row_start[h], net.row_start[h + 1]):
            n = net.row_node[a]
            if capacity[n] == 0:
                continue
            gain = net.weight[a] - price[n]
            if gain > first:
                first, second, best = gain, first, a
            elif gain > second:
                second = gain
        if best < 0:
            continue
        bids -= 1
        n = net.row_node[best]
        start, end = net.slot_start[n], net.slot_start[n] + capacity[n]
        cheapest = start
        for i in range(start, end):
            if holder[i] < 0:
                cheapest = i
                break
            if paid[i] < paid[cheapest]:
                cheapest = i
        beaten = holder[cheapest]
        if beaten >= 0:
            arc_of[beaten] = NONE
            out[size] = beaten
            size += 1
        holder[cheapest] = h
        paid[cheapest] = min(net.weight[best], price[n] + first - second + increment)
        arc_of[h] = best
        lowest = paid[start]
        for i in range(start, end):
            lowest = min(lowest, 0 if holder[i] < 0 else paid[i])
        price[n] = lowest
    return price, arc_of


@kernel
def start_from(net: Net, s: State, price: Ints, arc_of: Ints, households: Ints) -> None:
    """Make an empty state optimal, starting from any prices: the nearer they are, the less is left to do.

    Who has the best arc at these prices keeps it; the others come in one by one; dear free slots are filled last.
    """
    s.price[:] = price
    late = np.empty(len(households), np.int64)
    size = 0
    for h in households:
        top = 0
        for a in range(net.row_start[h], net.row_start[h + 1]):
            n = net.row_node[a]
            if s.capacity[n] > 0:
                top = max(top, net.weight[a] - price[n])
        a = arc_of[h]
        if a >= 0 and net.weight[a] - price[net.row_node[a]] == top:
            n = net.row_node[a]
            slot = net.slot_start[n] + s.used[n]
            s.used[n] += 1
            s.arc_of[h] = a
            s.slot_of[h] = slot
            s.slot_household[slot] = h
            s.gain[h] = top
            s.active[h] = 1
        elif top == 0:
            s.active[h] = 1
        else:
            late[size] = h
            size += 1
    for i in range(size):
        insert(net, s, late[i])
    for n in range(len(price)):
        while s.used[n] < s.capacity[n] and s.price[n] > 0:
            fill(net, s, n)


@kernel
def value(net: Net, s: State) -> int:
    """Sum of the weights of the arcs in use."""
    total = 0
    for a in s.arc_of:
        if a >= 0:
            total += net.weight[a]
    return total


@kernel
def bound(s: State) -> int:
    """What the duals prove: nothing better exists with these capacities."""
    total = 0
    for n in range(len(s.price)):
        total += s.capacity[n] * s.price[n]
    for h in range(len(s.gain)):
        total += s.gain[h]
    return total
