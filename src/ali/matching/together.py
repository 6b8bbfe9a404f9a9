"""Adults who ask to live together: one request that takes several slots of one node, all or none.

The transport knows households of one slot. A request is placed beside it: its node has as many slots less, and
everybody else rearranges at best. The duals say at once the most that a place can bring: what it is worth, less the price
of its slots, less what the request loses elsewhere; few places are tried.
"""

import numpy as np

from ali.matching.layout import Layout
from ali.matching.tables import Ints
from ali.matching.transport import Net, State, grow, insert, remove, shrink, value

MOST_TRIES = 5  # places of one request, at each turn


class Requests:
    """The requests of an instance and where they are; the transport under them stays optimal."""

    def __init__(self, layout: Layout, full: Net, net: Net, state: State) -> None:
        self.layout, self.full, self.net, self.state = layout, full, net, state
        self.placed = np.full(len(layout.instance.persons), -1, np.int64)
        self.arcs = np.flatnonzero((layout.size > 1) & ~layout.is_pinned)
        self.households = np.unique(layout.household[self.arcs])

    def value(self) -> int:
        """What the placed requests are worth."""
        return int(self.full.weight[self._in_use()].sum())

    def gains(self) -> Ints:
        """What each household would lose if it had to stay out; a request, what is left once its slots are paid."""
        gain = self.state.gain.copy()
        layout, arcs = self.layout, self._in_use()
        if len(arcs):
            paid = layout.size[arcs] * self.state.price[layout.node[arcs]]
            gain[layout.household[arcs]] = np.maximum(0, self.full.weight[arcs] - paid)
        return gain

    def settle(self) -> bool:
        """Let every request look for a better place while one finds it; whether any did."""
        moved, again = False, True
        while again:
            again = False
            for household in self.households:
                again |= self.look_around(int(household))
            moved |= again
        return moved

    def look_around(self, household: int) -> bool:
        """Move a request to the first place that makes the whole worth more, the most promising first."""
        now = self._total()
        for arc in self._promising(household):
            undo = self._move(household, int(arc))
            if undo is not None and self._total() > now:
                return True
            self._take_back(undo)
        return False

    def leave(self, node: int) -> list[int]:
        """Take every request out of a node; returns them."""
        out = [int(self.layout.household[a]) for a in self._in_use() if self.layout.node[a] == node]
        for household in out:
            self._out(household)
        return out

    def come_to(self, node: int) -> None:
        """Let the requests that would gain most try a node just opened."""
        at = np.arange(self.full.col_start[node], self.full.col_start[node + 1])
        if not len(self.full.col_size) or not (self.full.col_size[at] > 1).any():
            return
        for arc in self.full.col_arc[at[self.full.col_size[at] > 1]].tolist():
            if self.full.weight[arc] > 0 and self._promise(np.array([arc]))[0] > 0:
                now = self._total()
                undo = self._move(int(self.layout.household[arc]), arc)
                if undo is not None and self._total() <= now:
                    self._take_back(undo)

    def _in_use(self) -> Ints:
        return self.placed[self.placed >= 0]

    def _total(self) -> int:
        return int(value(self.net, self.state)) + self.value()

    def _promise(self, arcs: Ints) -> Ints:
        """The most that each arc can add to the whole."""
        layout = self.layout
        paid = layout.size[arcs] * self.state.price[layout.node[arcs]]
        lost = self.gains()[layout.household[arcs]]
        out: Ints = self.full.weight[arcs] - paid - lost
        return out

    def _promising(self, household: int) -> Ints:
        start, end = self.full.row_start[household], self.full.row_start[household + 1]
        arcs = np.arange(start, end)
        arcs = arcs[(self.layout.size[arcs] > 1) & (arcs != self.placed[household])]
        arcs = arcs[(self.state.capacity[self.layout.node[arcs]] > 0) & (self.full.weight[arcs] > 0)]
        promise = self._promise(arcs)
        order = np.argsort(-promise, kind="stable")[:MOST_TRIES]
        promising: Ints = arcs[order[promise[order] > 0]]
        return promising

    def _move(self, household: int, arc: int) -> list[tuple[int, int]] | None:
        """Place a request, others out of its way; what was before, None if it has no room."""
        node, size = int(self.layout.node[arc]), int(self.layout.size[arc])
        before = [(household, int(self.placed[household]))]
        self._out(household)
        for other in self._in_use()[self.layout.node[self._in_use()] == node].tolist():
            if self.state.capacity[node] >= size:
                break
            before.append((int(self.layout.household[other]), other))
            self._out(int(self.layout.household[other]))
        if self.state.capacity[node] < size:
            self._take_back(before)
            return None
        self._in(household, arc)
        return before

    def _take_back(self, before: list[tuple[int, int]] | None) -> None:
        for household, _ in before or []:
            self._out(household)
        for household, arc in before or []:
            if arc >= 0:
                self._in(household, arc)

    def _in(self, household: int, arc: int) -> None:
        remove(self.net, self.state, household)
        shrink(self.net, self.state, int(self.layout.node[arc]), int(self.layout.size[arc]))
        self.placed[household] = arc

    def _out(self, household: int) -> None:
        arc = int(self.placed[household])
        if arc < 0:
            return
        self.placed[household] = -1
        grow(self.net, self.state, int(self.layout.node[arc]), int(self.layout.size[arc]))
        insert(self.net, self.state, household)
