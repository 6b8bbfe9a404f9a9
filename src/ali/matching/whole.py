"""The model `whole`: a transport problem, solved exactly household by household."""

import numpy as np

from ali.matching.layout import Layout, empty_state, net_of
from ali.matching.plan import Effort, Plan, Progress, free_households, with_pins
from ali.matching.tables import Ints
from ali.matching.transport import Net, State, bound, fill, insert, insert_all, open_node

PART = 2_000  # households between two signs of life


def solve_whole(layout: Layout, weight: Ints, effort: Effort, progress: Progress) -> Plan:
    """The best assignment there is; its duals prove it, unless a pin costs more than it brings."""
    net = net_of(layout, weight)
    state = empty_state(layout, layout.capacity)
    fill_in(net, state, free_households(layout), progress)
    arc_of = with_pins(layout, state.arc_of)
    proven = int(bound(state)) + int(weight[layout.is_pinned].sum())
    release_pins(layout, net, state)
    return Plan(arc_of, state.gain, state.price, state.capacity > 0, proven)


def fill_in(net: Net, state: State, households: Ints, progress: Progress) -> None:
    """Bring these households in, telling how far we are."""
    for start in range(0, len(households), PART):
        progress("whole", start / len(households))
        insert_all(net, state, households[start : start + PART])


def release_pins(layout: Layout, net: Net, state: State) -> None:
    """Let the pinned households compete for their dwelling like the others.

    The bound may not count on a pin being obeyed, so its best prices are those of this game.
    """
    pinned = np.flatnonzero(layout.is_pinned)
    for arc in pinned:
        node = layout.node[arc]
        if state.capacity[node] == 0:
            open_node(net, state, node, 1)
        else:
            state.capacity[node] += 1
            fill(net, state, node)
    for arc in pinned:
        insert(net, state, layout.household[arc])
