"""From an instance and a model to the nodes and arcs of a transport problem.

A dwelling is one node; in the model `shared` an open dwelling is three nodes, one for each use (men, women, family),
of which at most one is open at a time. Pinned households are not in the game: they hold their slot before it starts.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ali.matching import checks
from ali.matching.checks import Flags
from ali.matching.instance import FAMILY, OPEN, WHOLE, Instance
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
    size: Ints  # slots that each net arc takes: the persons of adults who ask to live together, else 1
    is_pinned: np.ndarray[tuple[int], np.dtype[np.bool_]]  # per net arc

    @property
    def opens(self) -> int:
        """How many dwellings have a use to choose."""
        return (len(self.slots) - self.first_use) // USES

    @cached_property
    def weight(self) -> Ints:
        """Of each net arc."""
        return self.instance.weight[self.arc]

    @cached_property
    def in_game(self) -> Flags:
        """The net arcs that the transport moves: no pin, and one slot each."""
        free: Flags = ~self.is_pinned & (self.size == 1)
        return free


def lay_out(instance: Instance, model: str) -> Layout:
    """Nodes and arcs of the instance under `whole` or `shared`."""
    _check_pins(instance, model)
    homes = len(instance.mode)
    slots = np.where(instance.mode == WHOLE, 1, instance.beds)
    dwelling, first_use = np.arange(homes), homes
    usable = instance.usable_with_jobs if model == "joint" else instance.usable
    h, d = instance.arc_household[usable], instance.arc_dwelling[usable]
    node = d
    if model != "whole":
        opens = np.flatnonzero(instance.mode == OPEN)
        rank = np.full(homes, -1, np.int64)
        rank[opens] = np.arange(len(opens))
        beds = instance.beds[opens]
        slots[opens] = 0
        slots = np.concatenate([slots, np.stack([beds, beds, np.ones_like(beds)], 1).ravel()])
        dwelling = np.concatenate([dwelling, np.repeat(opens, USES)])
        node = np.where(rank[d] >= 0, homes + USES * rank[d] + instance.group[h], d)
    size = _sizes(instance, h, d, model)
    one_slot_each = model == "whole" or bool((size == 1).all())
    reached = np.bincount(node, None if one_slot_each else size, minlength=len(slots)).astype(np.int64)
    slots = np.minimum(
        slots, reached + 1
    )  # one slot nobody can take keeps the price of a half-empty node at 0
    must = np.zeros(len(instance.persons), bool)
    must[instance.pinned.household] = True
    held = must[h] if len(instance.pinned.household) else np.zeros(len(h), bool)
    taken = np.bincount(node[held], size[held], minlength=len(slots)).astype(np.int64)
    capacity, pinned_use = _after_pins(slots, first_use, taken)
    return Layout(
        instance,
        model,
        dwelling,
        slots,
        capacity,
        first_use,
        pinned_use,
        usable,
        h,
        node,
        size,
        held,
    )


def _sizes(instance: Instance, h: Ints, d: Ints, model: str) -> Ints:
    if model == "whole":
        return np.broadcast_to(np.int64(1), len(h))
    by_bed = (instance.group[h] != FAMILY) & (instance.mode[d] != WHOLE)
    return np.where(by_bed, instance.persons[h], 1)


def _after_pins(slots: Ints, first_use: int, taken: Ints) -> tuple[Ints, Ints]:
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
    source = instance.sources["pins"]
    if model != "joint":
        left = np.zeros(len(instance.persons), bool)
        left[instance.arc_household[instance.usable]] = True
        checks.pins_without_jobs(source, instance.pinned, left[instance.pinned.household])
    checks.pins_fit_model(model, source, instance.pinned, people, homes)


def pins_broken(layout: Layout, arc_of: Ints) -> Ints:
    """Positions, among the pinned households, of those not in their dwelling: in `joint` a home may need a job."""
    held = np.flatnonzero(layout.is_pinned)
    out = held[arc_of[layout.household[held]] != held]
    return np.flatnonzero(np.isin(layout.instance.pinned.household, layout.household[out]))


def net_of(layout: Layout, weight: Ints) -> Net:
    """The arcs with these weights, indexed by household and by node."""
    households = len(layout.instance.persons)
    net = net_between(layout.household, layout.node, weight, households, layout.slots)
    return net._replace(col_size=layout.size[net.col_arc]) if (layout.size > 1).any() else net


def net_between(household: Ints, node: Ints, weight: Ints, households: int, slots: Ints) -> Net:
    """Arcs, in order of household, to nodes with so many slots; each takes one."""
    col_start = starts_of(np.bincount(node, minlength=len(slots)))
    column, column_household, column_weight = by_column(node, household, weight, col_start)
    return Net(
        row_start=np.searchsorted(household, np.arange(households + 1)).astype(np.int64),
        row_node=node,
        weight=weight,
        arc_household=household,
        col_start=col_start,
        col_arc=column,
        col_household=column_household,
        col_weight=column_weight,
        col_size=np.zeros(0, np.int64),
        slot_start=starts_of(slots),
    )


def reweighed(net: Net, weight: Ints) -> Net:
    """The same arcs with other weights."""
    return net._replace(weight=weight, col_weight=weight[net.col_arc])


def starts_of(counts: Ints) -> Ints:
    """Where each group starts, and where the last one ends."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])


def empty_state(layout: Layout, capacity: Ints) -> State:
    """Nobody in, every price zero."""
    return empty_between(len(layout.instance.persons), layout.slots, capacity)


def empty_between(households: int, slots: Ints, capacity: Ints) -> State:
    """Nobody in, every price zero, with so many slots of each node open."""
    nodes = len(slots)
    return State(
        capacity=capacity.copy(),
        used=np.zeros(nodes, np.int64),
        price=np.zeros(nodes, np.int64),
        gain=np.zeros(households, np.int64),
        active=np.zeros(households, np.int64),
        arc_of=np.full(households, NONE, np.int64),
        slot_of=np.full(households, NONE, np.int64),
        slot_household=np.full(int(slots.sum()), NONE, np.int64),
        dist=np.full(nodes, FAR, np.int64),
        parent=np.full(nodes, NONE, np.int64),
        heap=np.zeros(nodes, np.int64),
        place=np.full(nodes, NONE, np.int64),
        settled=np.zeros(nodes, np.int64),
        work=np.zeros(1, np.int64),
    )
