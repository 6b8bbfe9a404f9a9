"""A transport with room to spare: arcs, homes and households come and go without laying everything out again.

Rows and columns have a few empty places each. An empty place of a row leads to a node that is always closed, one of a
column to a household that is never in the game: the searches of `transport` pass over both. Whatever is written is
noted, so that it can be taken back.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ali.matching.tables import Ints
from ali.matching.transport import FAR, NONE, Net, State

PLACES = 4  # empty places in each row and column
NEW_NODES, NEW_HOUSEHOLDS, NEW_SLOTS = 48, 32, 2_000
NEW_ARCS = 20_000  # in the columns of new nodes, and as many in the rows of new households


class NoRoom(Exception):
    """The empty places are used up: lay out again with more."""


class Padded:
    """The arrays of a transport, with who is in it and the notes to take changes back."""

    def __init__(
        self,
        household: Ints,
        node: Ints,
        weight: Ints,
        slots: Ints,
        people: int,
        size: Ints | None = None,
        more: int = 1,
    ) -> None:
        self.more = more
        self.nodes, self.people = len(slots), people
        self.most_nodes, self.most_people = self.nodes + NEW_NODES * more, people + NEW_HOUSEHOLDS * more
        self.closed, self.nobody = self.most_nodes, self.most_people  # where empty places lead
        self.notes: list[tuple[NDArray[Any], Any, Any]] = []  # Any: an index and what was there
        places, arcs = PLACES * more, NEW_ARCS * more
        order = np.argsort(household, kind="stable")
        household, node, weight = household[order], node[order], weight[order]
        self.row_len = _lengths(household, self.most_people + 1)
        row_start = _starts(self.row_len, people, places, self.most_people + 2)
        arc = row_start[household] + _ranks(household, self.row_len)
        room = int(row_start[-1]) + arcs
        row_node, weights = np.full(room, self.closed), np.zeros(room, np.int64)
        row_node[arc], weights[arc] = node, weight
        owner = np.full(room, self.nobody)
        owner[: row_start[people]] = np.repeat(np.arange(people), np.diff(row_start[: people + 1]))
        self.col_len = _lengths(node, self.most_nodes + 1)
        col_start = _starts(self.col_len, self.nodes, places, self.most_nodes + 2)
        by_node = np.argsort(node, kind="stable")
        at = col_start[node[by_node]] + _ranks(node[by_node], self.col_len)
        room = int(col_start[-1]) + arcs
        col_arc = np.full(room, NONE)
        col_household, col_weight = np.full(room, self.nobody), np.zeros(room, np.int64)
        col_arc[at], col_household[at], col_weight[at] = arc[by_node], household[by_node], weight[by_node]
        col_size = np.ones(0 if size is None else len(col_arc), np.int64)
        if size is not None:
            col_size[at] = size[order][by_node]
        slot_start = _starts(slots, self.nodes, 0, self.most_nodes + 2)
        self.most_slots = int(slot_start[-1]) + NEW_SLOTS * more
        self.slots = np.zeros(self.most_nodes + 1, np.int64)
        self.slots[: self.nodes] = slots
        self.net = Net(
            row_start, row_node, weights, owner, col_start, col_arc, col_household, col_weight, col_size, slot_start
        )  # fmt: skip

    def empty_state(self) -> State:
        """Nobody in, every node closed."""
        nodes, people = self.most_nodes + 1, self.most_people + 1
        return State(
            capacity=np.zeros(nodes, np.int64),
            used=np.zeros(nodes, np.int64),
            price=np.zeros(nodes, np.int64),
            gain=np.zeros(people, np.int64),
            active=np.zeros(people, np.int64),
            arc_of=np.full(people, NONE),
            slot_of=np.full(people, NONE),
            slot_household=np.full(self.most_slots, NONE),
            dist=np.full(nodes, FAR),
            parent=np.full(nodes, NONE),
            heap=np.zeros(nodes, np.int64),
            place=np.full(nodes, NONE),
            settled=np.zeros(nodes, np.int64),
            work=np.zeros(1, np.int64),
        )

    def write(self, array: NDArray[Any], index: Any, value: Any) -> None:  # Any: what numpy takes
        """Write and note what was there."""
        old = array[index]
        self.notes.append((array, index, old.copy() if isinstance(old, np.ndarray) else old))
        array[index] = value

    def take_back(self, since: int) -> None:
        """Undo what was written after the first `since` notes."""
        while len(self.notes) > since:
            array, index, old = self.notes.pop()
            array[index] = old

    def add_node(self, slots: int, households: Ints, weights: Ints, sizes: Ints) -> int:
        """One more node, closed, with its arcs; the households are all different."""
        net, n = self.net, self.nodes
        arc = net.row_start[households] + self.row_len[households]
        start = int(net.col_start[n])
        end = start + len(households) + PLACES * self.more
        if (
            n >= self.most_nodes
            or (arc >= net.row_start[households + 1]).any()
            or end > len(net.col_arc)
            or int(net.slot_start[n]) + slots > self.most_slots
        ):
            raise NoRoom
        self.nodes += 1
        self.write(net.col_start, slice(n + 1, None), end)
        self.write(net.slot_start, slice(n + 1, None), int(net.slot_start[n]) + slots)
        self.write(self.slots, n, slots)
        self._link(
            arc,
            np.arange(start, start + len(households)),
            households,
            np.full(len(households), n),
            weights,
            sizes,
        )
        self.write(self.row_len, households, self.row_len[households] + 1)
        self.write(self.col_len, n, len(households))
        return n

    def add_household(self, nodes: Ints, weights: Ints, sizes: Ints) -> int:
        """One more household, out of the game, with its arcs; the nodes are all different."""
        net, h = self.net, self.people
        at = net.col_start[nodes] + self.col_len[nodes]
        start = int(net.row_start[h])
        end = start + len(nodes) + PLACES * self.more
        if h >= self.most_people or (at >= net.col_start[nodes + 1]).any() or end > len(net.weight):
            raise NoRoom
        self.people += 1
        self.write(net.row_start, slice(h + 1, None), end)
        self.write(net.arc_household, slice(start, end), h)
        self._link(np.arange(start, start + len(nodes)), at, np.full(len(nodes), h), nodes, weights, sizes)
        self.write(self.col_len, nodes, self.col_len[nodes] + 1)
        self.write(self.row_len, h, len(nodes))
        return h

    def add_arc(self, household: int, node: int, weight: int, size: int) -> None:
        """One more arc between two that are known."""
        net = self.net
        arc = int(net.row_start[household] + self.row_len[household])
        at = int(net.col_start[node] + self.col_len[node])
        if arc >= net.row_start[household + 1] or at >= net.col_start[node + 1]:
            raise NoRoom
        self._link(*(np.array([one]) for one in (arc, at, household, node, weight, size)))
        self.write(self.row_len, household, self.row_len[household] + 1)
        self.write(self.col_len, node, self.col_len[node] + 1)

    def _link(self, arc: Ints, at: Ints, household: Ints, node: Ints, weight: Ints, size: Ints) -> None:
        net = self.net
        self.write(net.row_node, arc, node)
        self.write(net.weight, arc, weight)
        self.write(net.col_arc, at, arc)
        self.write(net.col_household, at, household)
        self.write(net.col_weight, at, weight)
        if len(net.col_size):
            self.write(net.col_size, at, size)

    def arcs_of(self, household: int) -> Ints:
        """The arcs of a household, empty places apart."""
        start = int(self.net.row_start[household])
        arcs = np.arange(start, start + int(self.row_len[household]))
        kept: Ints = arcs[self.net.row_node[arcs] != self.closed]
        return kept

    def arc(self, household: int, node: int) -> int:
        """The arc from a household to a node, -1 if there is none."""
        found = self.arcs_of(household)
        found = found[self.net.row_node[found] == node]
        return int(found[0]) if len(found) else NONE

    def column(self, node: int) -> tuple[Ints, Ints]:
        """Households and weights of the arcs that reach a node."""
        at = self._places_of(node)
        return self.net.col_household[at], self.net.col_weight[at]

    def sizes(self, node: int) -> Ints:
        """The slots that each of those arcs takes."""
        at = self._places_of(node)
        return self.net.col_size[at] if len(self.net.col_size) else np.ones(len(at), np.int64)

    def _places_of(self, node: int) -> Ints:
        start = int(self.net.col_start[node])
        at = np.arange(start, start + int(self.col_len[node]))
        kept: Ints = at[self.net.col_household[at] != self.nobody]
        return kept

    def drop_arc(self, arc: int) -> None:
        """Take an arc that nobody uses away."""
        net = self.net
        node = int(net.row_node[arc])
        start = int(net.col_start[node])
        at = start + int(np.argmax(net.col_arc[start : start + int(self.col_len[node])] == arc))
        self.write(net.row_node, arc, self.closed)
        self.write(net.weight, arc, 0)
        self.write(net.col_arc, at, NONE)
        self.write(net.col_household, at, self.nobody)
        self.write(net.col_weight, at, 0)

    def live_arcs(self) -> Ints:
        """Every arc, in order of household."""
        arcs: Ints = np.flatnonzero(self.net.row_node != self.closed)
        return arcs

    def with_more_room(self, state: State) -> tuple["Padded", State]:
        """The same transport laid out again with twice the empty places."""
        net, arcs = self.net, self.live_arcs()
        sizes = None
        if len(net.col_size):
            of_arc = np.ones(len(net.weight), np.int64)
            live = net.col_arc >= 0
            of_arc[net.col_arc[live]] = net.col_size[live]
            sizes = of_arc[arcs]
        wider = Padded(
            net.arc_household[arcs], net.row_node[arcs], net.weight[arcs], self.slots[: self.nodes], self.people,
            sizes, 2 * self.more,
        )  # fmt: skip
        new = wider.empty_state()
        for name in ("capacity", "used", "price"):
            getattr(new, name)[: self.nodes] = getattr(state, name)[: self.nodes]
        for name in ("gain", "active", "slot_of"):
            getattr(new, name)[: self.people] = getattr(state, name)[: self.people]
        new.slot_household[: len(state.slot_household)] = state.slot_household
        new.arc_of[: self.people] = wider.placed(self, state.arc_of)[: self.people]
        return wider, new

    def placed(self, old: "Padded", arcs: Ints) -> Ints:
        """Where the arcs of `old`, which this one replaces, are now."""
        place = np.full(len(old.net.weight) + 1, NONE)
        place[old.live_arcs()] = self.live_arcs()
        out: Ints = place[arcs]
        return out


def _lengths(positions: Ints, size: int) -> Ints:
    return np.bincount(positions, minlength=size).astype(np.int64)


def _starts(lengths: Ints, used: int, places: int, size: int) -> Ints:
    """Where each of `used` stretches begins, with empty places after each; the rest begin where they end."""
    out = np.zeros(size, np.int64)
    ends = np.cumsum(lengths[:used] + places)
    out[1 : used + 1] = ends
    out[used + 1 :] = ends[-1] if used else 0
    return out


def _ranks(sorted_positions: Ints, lengths: Ints) -> Ints:
    """How many of the same came before each."""
    first = np.cumsum(lengths) - lengths
    return np.arange(len(sorted_positions)) - first[sorted_positions]
