"""From an instance and a model to the nodes and arcs of a transport problem.

A dwelling is one node; in the model `shared` an open dwelling is three nodes, one for each use (men, women, family),
of which at most one is open at a time. Pinned households are not in the game: they hold their slot before it starts.
"""

from dataclasses import dataclass

import numpy as np

from ali.matching import checks
from ali.matching.instance import OPEN, WHOLE, Instance
from ali.matching.tables import Ints
from ali.matching.transport import FAR, NONE, Net, State, by_column

USES = 3  # men, women, family: in the order of the groups


@dataclass(frozen=True, eq=False)
class Layout:
    """The nodes of an instance under a model."""

    instance: Instance
    model: str
    dwelling: Ints  # of each node
    slots: Ints  # of each node, before pins
    capacity: Ints  # of each node, once the pinned households are in
    first_use: int  # nodes from here on are the uses of open dwellings, three by three
    pinned_use: Ints  # per open dwelling: the use its pins ask for, -1 without pins
    arc: Ints  # instance arc of each net arc
    household: Ints
    node: Ints
    is_pinned: np.ndarray[tuple[int], np.dtype[np.bool_]]  # per net arc

    @property
    def opens(self) -> int:
        """How many dwellings have a use to choose."""
        return (len(self.slots) - self.first_use) // USES


def lay_out(instance: Instance, model: str) -> Layout:
    """Nodes and arcs of the instance under `whole` or `shared`."""
    _check_pins(instance, model)
    homes = len(instance.mode)
    slots = np.where(instance.mode == WHOLE, 1, instance.beds)
    dwelling, first_use = np.arange(homes), homes
    h, d = instance.arc_household[instance.usable], instance.arc_dwelling[instance.usable]
    node = d.copy()
    if model == "shared":
        opens = np.flatnonzero(instance.mode == OPEN)
        rank = np.full(homes, -1, np.int64)
        rank[opens] = np.arange(len(opens))
        beds = instance.beds[opens]
        slots[opens] = 0
        slots = np.concatenate([slots, np.stack([beds, beds, np.ones_like(beds)], 1).ravel()])
        dwelling = np.concatenate([dwelling, np.repeat(opens, USES)])
        node = np.where(rank[d] >= 0, homes + USES * rank[d] + instance.group[h], d)
    reached = np.bincount(node, minlength=len(slots))
    slots = np.minimum(
        slots, reached + 1
    )  # one slot nobody can take keeps the price of a half-empty node at 0
    must = np.zeros(len(instance.persons), bool)
    must[instance.pinned.household] = True
    capacity, pinned_use = _after_pins(slots, first_use, node[must[h]])
    return Layout(
        instance, model, dwelling, slots, capacity, first_use, pinned_use, instance.usable, h, node, must[h]
    )


def _after_pins(slots: Ints, first_use: int, pinned: Ints) -> tuple[Ints, Ints]:
    taken = np.bincount(pinned, minlength=len(slots))
    uses = taken[first_use:].reshape(-1, USES)
    pinned_use = np.where(uses.any(1), uses.argmax(1), -1)
    capacity = slots - taken
    closed = (pinned_use[:, None] >= 0) & (pinned_use[:, None] != np.arange(USES))
    capacity[first_use:][closed.ravel()] = 0
    return capacity, pinned_use


def _check_pins(instance: Instance, model: str) -> None:
    if not len(instance.pinned.household):
        return
    people = checks.Households(instance.households, instance.persons, instance.group)
    homes = checks.Dwellings(instance.dwellings, instance.mode, instance.beds)
    checks.pins_fit_model(model, instance.sources["pins"], instance.pinned, people, homes)


def net_of(layout: Layout, weight: Ints) -> Net:
    """The arcs with these weights, indexed by household and by node."""
    column = by_column(layout.node, _starts(np.bincount(layout.node, minlength=len(layout.slots))))
    return Net(
        row_start=_starts(np.bincount(layout.household, minlength=len(layout.instance.persons))),
        row_node=layout.node,
        weight=weight,
        arc_household=layout.household,
        col_start=_starts(np.bincount(layout.node, minlength=len(layout.slots))),
        col_arc=column,
        col_household=layout.household[column],
        col_weight=weight[column],
        slot_start=_starts(layout.slots),
    )


def _starts(counts: Ints) -> Ints:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])


def empty_state(layout: Layout, capacity: Ints) -> State:
    """Nobody in, every price zero."""
    nodes, households = len(layout.slots), len(layout.instance.persons)
    return State(
        capacity=capacity.copy(),
        used=np.zeros(nodes, np.int64),
        price=np.zeros(nodes, np.int64),
        gain=np.zeros(households, np.int64),
        active=np.zeros(households, np.int64),
        arc_of=np.full(households, NONE, np.int64),
        slot_of=np.full(households, NONE, np.int64),
        slot_household=np.full(int(layout.slots.sum()), NONE, np.int64),
        dist=np.full(nodes, FAR, np.int64),
        parent=np.full(nodes, NONE, np.int64),
        heap=np.zeros(nodes, np.int64),
        place=np.full(nodes, NONE, np.int64),
        settled=np.zeros(nodes, np.int64),
        work=np.zeros(1, np.int64),
    )
