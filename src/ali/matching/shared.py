"""The model `shared`: which use each open dwelling gets, on top of an exact transport.

Once every open dwelling has its use the rest is a transport problem, kept optimal while a use changes. Its duals say
at once how much a change of use could bring at most (`excess`), so almost all changes are refused without a try, and the
largest excess of each dwelling, summed, bounds what is still to be won.
"""

import numpy as np

from ali.matching.layout import USES, Layout, empty_state, net_of
from ali.matching.plan import Effort, Plan, Progress, free_households, with_pins
from ali.matching.subgradient import node_values
from ali.matching.tables import Ints
from ali.matching.transport import Net, State, close, insert_all, open_node, put_back, saved_copy, value
from ali.matching.whole import release_pins

Choice = tuple[int, int]  # open dwelling, use


class UseSearch:
    """A solution that changes the use of one open dwelling at a time."""

    def __init__(self, layout: Layout, net: Net) -> None:
        self.net, self.first = net, layout.first_use
        self.slots = layout.capacity
        self.fixed = layout.pinned_use
        self.use = layout.pinned_use.copy()
        capacity = layout.capacity.copy()
        rest = np.repeat(self.use, USES) != np.tile(np.arange(USES), layout.opens)
        capacity[self.first :][rest] = 0
        self.state = empty_state(layout, capacity)
        insert_all(net, self.state, free_households(layout))

    def value(self) -> int:
        """Sum of the weights in use, pinned households apart."""
        return int(value(self.net, self.state))

    def worths(self) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
        """What each use of each open dwelling is worth at the present gains of the households."""
        values = node_values(self.net, self.state.gain.astype(np.float64), self.slots, self.first)
        return values.astype(np.int64).reshape(-1, USES)

    def excess(self) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
        """The most that each other use can add; no change of use brings more."""
        worths = self.worths()
        rows = np.arange(len(self.use))
        now = np.where(self.use >= 0, worths[rows, self.use], 0)
        out = worths - now[:, None]
        out[self.fixed >= 0] = -1
        return out

    def change(self, dwelling: int, use: int) -> None:
        """Give an open dwelling another use; everybody rearranges."""
        if self.use[dwelling] >= 0:
            close(self.net, self.state, self._node(dwelling, int(self.use[dwelling])))
        node = self._node(dwelling, use)
        open_node(self.net, self.state, node, int(self.slots[node]))
        self.use[dwelling] = use

    def open_all(self) -> None:
        """A first use for every open dwelling, the most valuable dwellings first."""
        worths = self.worths()
        for dwelling in np.argsort(-worths.max(1), kind="stable"):
            if self.use[dwelling] < 0:
                self.change(int(dwelling), int(self._worth_of(int(dwelling)).argmax()))

    def save(self) -> tuple[State, Ints]:
        """What `restore` needs to come back here."""
        return saved_copy(self.state), self.use.copy()

    def restore(self, saved: tuple[State, Ints]) -> None:
        """Come back to where `save` was called."""
        put_back(self.state, saved[0])
        self.use[:] = saved[1]

    def _node(self, dwelling: int, use: int) -> int:
        return self.first + USES * dwelling + use

    def _worth_of(self, dwelling: int) -> Ints:
        a = self._node(dwelling, 0)
        slots = self.slots[: a + USES]
        return node_values(self.net, self.state.gain.astype(np.float64), slots, a).astype(np.int64)


def candidates(excess: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> list[Choice]:
    """Changes of use that may bring something, the most promising first."""
    flat = excess.ravel()
    order = np.argsort(-flat, kind="stable")
    return [(int(e) // USES, int(e) % USES) for e in order[: int((flat > 0).sum())]]


def climb(search: UseSearch, tries: int, locked: int = -1) -> int:
    """Change one use at a time while that is worth more; returns the tries left."""
    now = search.value()
    better = True
    while better and tries > 0:
        better = False
        saved = search.save()
        for dwelling, use in candidates(search.excess())[:tries]:
            if dwelling == locked:
                continue
            tries -= 1
            search.change(dwelling, use)
            if search.value() > now:
                now, better = search.value(), True
                break
            search.restore(saved)
    return tries


def climb_by_chains(search: UseSearch, tries: int) -> int:
    """Force one change, let the others follow, keep the whole when it is worth more; returns the tries left."""
    better = True
    while better and tries > 0:
        better = False
        now, saved = search.value(), search.save()
        for dwelling, use in candidates(search.excess()):
            if tries <= 0:
                break
            search.change(dwelling, use)
            tries = climb(search, tries - 1, locked=dwelling)
            if search.value() > now:
                better = True
                break
            search.restore(saved)
    return tries


def solve_shared(layout: Layout, weight: Ints, effort: Effort, progress: Progress) -> Plan:
    """The best uses found within the effort, with the exact transport under them."""
    progress("shared", 0.0)
    search = UseSearch(layout, net_of(layout, weight))
    search.open_all()
    progress("shared", 0.3)
    left = climb(search, effort.tries)
    progress("shared", 0.6)
    climb_by_chains(search, left)
    state = search.state
    arc_of = with_pins(layout, state.arc_of)
    release_pins(layout, search.net, state)
    return Plan(arc_of, state.gain, state.price, state.capacity > 0)
