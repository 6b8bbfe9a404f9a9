"""The model `whole`: a transport problem, solved exactly."""

import numpy as np

from ali.matching.layout import Layout, empty_state, net_of
from ali.matching.plan import Effort, Plan, Progress, free_households, with_pins
from ali.matching.tables import Ints
from ali.matching.transport import Net, State, auction, bound, fill, insert, open_node, start_from

INCREMENTS = 80  # of the auction, in the mean weight: fewer leave more to repair, more cost more bids
BIDS = 50  # per household, at most: prices of very unequal weights would climb for ever


def solve_whole(layout: Layout, weight: Ints, effort: Effort, progress: Progress) -> Plan:
    """The best assignment there is; its duals prove it, unless a pin costs more than it brings."""
    net = net_of(layout, weight)
    state = empty_state(layout, layout.capacity)
    progress("whole", 0.0)
    bring_in(net, state, free_households(layout))
    progress("whole", 0.9)
    arc_of = with_pins(layout, state.arc_of)
    proven = int(bound(state)) + int(weight[layout.is_pinned].sum())
    release_pins(layout, net, state)
    return Plan(arc_of, state.gain, state.price, state.capacity > 0, proven)


def bring_in(net: Net, state: State, households: Ints) -> None:
    """Make an empty state the best transport of these households."""
    small = _smaller(net)
    above = int(np.count_nonzero(small.weight > 0))
    total = int(small.weight.sum(where=small.weight > 0, dtype=np.int64))
    increment = max(1, total // above // INCREMENTS) if above else 1
    price, arc_of = auction(small, state.capacity, households, increment, BIDS * len(households))
    start_from(small, state, price, arc_of, households)


def _smaller(net: Net) -> Net:
    """The same rows in half the memory, where the numbers are small: the auction reads them again and again."""
    if not len(net.weight) or net.weight.max() >= 2**31 or len(net.slot_start) >= 2**31:
        return net
    return net._replace(row_node=net.row_node.astype(np.int32), weight=net.weight.astype(np.int32))


def release_pins(layout: Layout, net: Net, state: State) -> None:
    """Let the pinned households compete for their dwelling like the others.

    The bound may not count on a pin being obeyed, so its best prices are those of this game.
    """
    pinned = np.flatnonzero(layout.is_pinned)
    for arc in pinned:
        node = layout.node[arc]
        for _ in range(layout.size[arc]):
            if state.capacity[node] == 0:
                open_node(net, state, node, 1)
            else:
                state.capacity[node] += 1
                fill(net, state, node)
    for arc in pinned:
        insert(net, state, layout.household[arc])
