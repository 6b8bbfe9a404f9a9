"""A solved state that takes changes: a home more or less, a household more or less, a pin, an exclusion.

The transport under it stays optimal after every change (see `transport`), so under `whole` the answer is exact and its
duals prove it. Under `shared` the uses of open homes adapt where the change makes another use worth a try, and household
prices bound what any allocation can reach: the certificate follows each change at the cost of the columns it touches.
"""

from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ali.matching.checks import Flags
from ali.matching.errors import InstanceProblem
from ali.matching.instance import FAMILY, OPEN, WHOLE, Instance, fits
from ali.matching.layout import USES, Layout, lay_out
from ali.matching.padding import NoRoom, Padded
from ali.matching.plan import free_households
from ali.matching.rations import rationed
from ali.matching.result import USE_NAMES, Result
from ali.matching.subgradient import node_values
from ali.matching.tables import Ints
from ali.matching.transport import (
    NONE,
    State,
    close,
    fill,
    insert,
    open_node,
    put_back,
    remove,
    saved_copy,
    start_from,
    vacate,
    value,
)

NOT_IN_PLAY = np.inf  # the price of a household that is pinned or gone: nobody takes it
ROUNDING = 1e-3
TRIES = 12  # changes of use tried after a change
SEATS = 4  # homes tried for a request of several beds
MOST_SLOTS = 64  # room kept in a node beyond who can reach it today

Mark = tuple[State, int, int, int, float, int, int]


class Warm:
    """A plan kept optimal while the instance changes."""

    def __init__(self, instance: Instance, layout: Layout, weight: Ints, slots: Ints) -> None:
        self.instance, self.model = instance, layout.model
        size = layout.size if layout.model == "shared" else None
        self.pad = Padded(layout.household, layout.node, weight, slots, len(instance.persons), size)
        self.state = self.pad.empty_state()
        homes, pad = len(instance.mode), self.pad
        self.homes, self.first_use = homes, layout.first_use
        extra = pad.most_nodes - pad.nodes
        self.mode = _grown(instance.mode, extra, WHOLE)
        self.beds = _grown(instance.beds, extra, 0)
        self.persons = _grown(instance.persons, pad.most_people + 1 - pad.people, 0)
        self.group = _grown(instance.group, pad.most_people + 1 - pad.people, 0)
        self.home_of = _grown(layout.dwelling, pad.most_nodes + 1 - pad.nodes, NONE)
        self.is_split = (self.mode == OPEN) & (layout.model == "shared")
        self.first_node = np.arange(len(self.mode))
        opens = np.flatnonzero(self.is_split)
        self.first_node[opens] = homes + USES * np.arange(len(opens))
        self.use = np.full(len(self.mode), NONE)  # of each open home
        self.locked = np.zeros(len(self.mode), bool)  # a pin has chosen the use
        self.room = _grown(slots, pad.most_nodes + 1 - pad.nodes, 0)  # slots that pins leave
        self.held = np.zeros(
            pad.most_nodes + 1, np.int64
        )  # slots of requests of several beds, where they are
        self.held_arc = np.full(pad.most_people + 1, NONE)  # the arc that such a request uses
        self.held_value = 0
        self.bulky = np.zeros(
            pad.most_people + 1, bool
        )  # requests of several beds: the transport leaves them be
        self.gone = np.zeros(pad.most_people + 1, bool)
        self.pinned_home = np.full(pad.most_people + 1, NONE)
        self.pinned_value = 0
        self.quota_price = np.zeros(homes + extra, np.int64)  # per person, of each home
        self.quota_total = 0
        self.quota_home = instance.quota_dwelling.copy()
        self.u: NDArray[np.float64] | None = None
        self.worth = np.zeros(0)
        self.proven = 0.0
        self.quiet = np.zeros((0, USES), np.int64)

    @classmethod
    def of(cls, result: Result) -> Self:
        """The state of a result, made optimal from its assignment and prices."""
        instance, model = result.instance, str(result.certificate["model"])
        if model not in {"whole", "shared"}:
            raise InstanceProblem(f"Un «e se» si prova su un risultato whole o shared, non {model}.")
        layout = lay_out(instance, model)
        prices = result.prices
        scale = prices.scale
        quota = np.zeros(len(instance.quotas), np.int64) if prices.quota is None else prices.quota // scale
        weight = rationed(layout, quota)
        slots = np.where(instance.mode == WHOLE, 1, instance.beds)
        if model == "shared":
            beds = instance.beds[instance.mode == OPEN]
            slots = np.where(instance.mode == OPEN, 0, slots)
            slots = np.concatenate([slots, np.stack([beds, beds, np.ones_like(beds)], 1).ravel()])
        reached = np.bincount(layout.node, layout.size, minlength=len(slots)).astype(np.int64)
        slots = np.minimum(slots, reached + MOST_SLOTS)
        warm = cls(instance, layout, weight, slots)
        np.add.at(warm.quota_price, instance.quota_dwelling, quota[instance.quota_row])
        warm.quota_total = int(quota @ instance.quota_limit)
        warm._take(layout, result)
        return warm

    def _take(self, layout: Layout, result: Result) -> None:
        """Put everybody where the result has them, pins first, and let the transport repair what is not optimal."""
        instance, prices, pad = self.instance, result.prices, self.pad
        is_pinned = layout.is_pinned
        taken = np.bincount(layout.node[is_pinned], layout.size[is_pinned], minlength=len(layout.slots))
        self.room[: len(taken)] -= taken.astype(np.int64)
        pins = instance.pinned
        self.pinned_home[pins.household] = pins.dwelling
        self.pinned_value = int(instance.weight[layout.arc][layout.is_pinned].sum())
        self.locked[self.home_of[layout.first_use : len(layout.slots) : USES]] = layout.pinned_use >= 0
        price = np.zeros(pad.most_nodes + 1, np.int64)
        uses = prices.dwelling_use or (None,) * len(prices.dwelling)
        for d, use, p in zip(prices.dwelling.tolist(), uses, prices.dwelling_price.tolist(), strict=True):
            price[self._node(d, USE_NAMES.index(use) if use else NONE)] = p // prices.scale
            if use and self.is_split[d]:
                self.use[d] = USE_NAMES.index(use)
        at = result.assignment
        housed = np.flatnonzero(at >= 0)
        split = housed[self.is_split[at[housed]]]
        self.use[at[split]] = instance.group[split]
        is_open = np.ones(pad.most_nodes + 1, bool)
        opens = np.flatnonzero(self.is_split)
        for kind in range(USES):
            is_open[self.first_node[opens] + kind] = self.use[opens] == kind
            closed = self.locked[opens] & (self.use[opens] != kind)
            self.room[self.first_node[opens[closed]] + kind] = 0
        order = np.argsort(layout.household, kind="stable")
        chosen = np.flatnonzero(at[layout.household[order]] == layout.dwelling[layout.node[order]])
        arcs = pad.live_arcs()[chosen]
        chosen = order[chosen]
        bulky = np.zeros(len(instance.persons), bool)
        bulky[layout.household[layout.size > 1]] = True
        self.bulky[: len(bulky)] = bulky
        several = bulky[layout.household[chosen]] & ~is_pinned[chosen]
        np.add.at(self.held, layout.node[chosen[several]], layout.size[chosen[several]])
        self.held_arc[layout.household[chosen[several]]] = arcs[several]
        self.held_value = int(pad.net.weight[arcs[several]].sum())
        self.state.capacity[:] = np.where(is_open, self.room - self.held, 0)
        price[self.state.capacity == 0] = 0
        arc_of = np.full(pad.most_people + 1, NONE)
        arc_of[layout.household[chosen[~several]]] = arcs[~several]
        free = free_households(layout)
        arc_of[pins.household] = NONE
        start_from(pad.net, self.state, price, arc_of, free[~bulky[free]])
        if self.model == "shared":
            self._take_household_prices(result, free)
        self.quiet = self._excess()

    def _take_household_prices(self, result: Result, free: Ints) -> None:
        u = np.full(self.pad.most_people + 1, NOT_IN_PLAY)
        u[free] = self.state.gain[free]
        bulky = free[self.bulky[free]]
        u[bulky] = np.where(
            self.held_arc[bulky] >= 0, self.pad.net.weight[self.held_arc[bulky]] - self._beds_price(bulky), 0
        ).clip(0)
        self._prove_with(u)
        best = (self.proven, u, self.worth)
        if result.prices.household is not None:
            u = u.copy()
            u[free] = result.prices.household[free] / result.prices.scale
            self._prove_with(u)
            if self.proven > best[0]:
                self.proven, self.u, self.worth = best

    def _beds_price(self, households: Ints) -> Ints:
        nodes = self.pad.net.row_node[self.held_arc[households]]
        one = self.mode[self.home_of[nodes]] == WHOLE
        price: Ints = self.state.price[nodes] * np.where(one, 1, self.persons[households])
        return price

    def _size(self, h: int, node: int) -> int:
        """The slots that a request of several beds takes in a node."""
        return 1 if self.mode[self.home_of[node]] == WHOLE else int(self.persons[h])

    def _prove_with(self, u: NDArray[np.float64]) -> None:
        self.u = u
        self.worth = node_values(self.pad.net, u, self.room, 0)
        by_home = self.worth[: self.homes].sum() + self._uses(self.worth).max(1, initial=0).sum()
        self.proven = float(u[np.isfinite(u)].sum() + by_home)

    def _uses(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values of nodes as rows of open homes by use."""
        opens = np.flatnonzero(self.is_split)
        out: NDArray[np.float64] = values[self.first_node[opens][:, None] + np.arange(USES)]
        return out

    # What is known of the state

    @property
    def objective(self) -> int:
        """Value of the plan."""
        paid = 0
        if self.quota_price.any():
            at = self.homes_of(pins=False)
            housed = np.flatnonzero(at >= 0)
            paid = int((self.persons[housed] * self.quota_price[at[housed]]).sum())
        return self._net_value() + self.pinned_value + paid

    def _net_value(self) -> int:
        """Value of the plan in the weights of the transport, pins apart."""
        return int(value(self.pad.net, self.state)) + self.held_value

    @property
    def bound(self) -> int:
        """No allocation that obeys the pins is worth more."""
        if self.u is None:
            return self._net_value() + self.pinned_value + self.quota_total - self._paid_by_pins()
        return int(self.proven + ROUNDING) + self.pinned_value + self.quota_total - self._paid_by_pins()

    def _paid_by_pins(self) -> int:
        pinned = np.flatnonzero(self.pinned_home >= 0)
        return int((self.persons[pinned] * self.quota_price[self.pinned_home[pinned]]).sum())

    def homes_of(self, *, pins: bool = True) -> Ints:
        """Home of each household, -1 for none."""
        arcs = self.arcs_in_use()
        homes = np.where(arcs >= 0, self.home_of[self.pad.net.row_node[arcs]], NONE)
        if pins:
            homes[self.pinned_home >= 0] = self.pinned_home[self.pinned_home >= 0]
        found: Ints = homes.astype(np.int64)
        return found

    def arcs_in_use(self) -> Ints:
        """The arc of each household in the game, -1 for none."""
        arcs: Ints = np.maximum(self.state.arc_of, self.held_arc)
        return arcs

    def lawful_homes(self) -> Ints:
        """The same once the ceilings are obeyed: who is worth least per person leaves the quotas that are exceeded."""
        at, limit = self.homes_of(), self.instance.quota_limit
        if not len(limit):
            return at
        over = self._inside(at) - limit
        if (over <= 0).all():
            return at
        at = at.copy()
        quotas: dict[int, list[int]] = {}
        for row, home in zip(self.instance.quota_row.tolist(), self.quota_home.tolist(), strict=True):
            quotas.setdefault(home, []).append(row)
        housed = np.flatnonzero((at >= 0) & (self.pinned_home < 0))
        worth = self.pad.net.weight[self.arcs_in_use()[housed]] / self.persons[housed]
        for h in housed[np.argsort(worth, kind="stable")].tolist():
            rows = quotas.get(int(at[h]), [])
            if any(over[row] > 0 for row in rows):
                at[h] = NONE
                over[rows] -= self.persons[h]
        return at

    def worth_of(self, households: Ints) -> int:
        """What the places of these households, none of them pinned, are worth."""
        arcs = self.arcs_in_use()[households]
        paid = self.persons[households] * self.quota_price[self.home_of[self.pad.net.row_node[arcs]]]
        return int((self.pad.net.weight[arcs] + paid).sum())

    def _inside(self, at: Ints) -> Ints:
        housed = np.flatnonzero(at >= 0)
        living = np.bincount(at[housed], weights=self.persons[housed], minlength=len(self.mode))
        out = np.zeros(len(self.instance.quota_limit), np.int64)
        np.add.at(out, self.instance.quota_row, living.astype(np.int64)[self.quota_home])
        return out

    def price_of(self, home: int, group: int) -> int | None:
        """What one place costs a household of this group now; None where its use is closed."""
        node = self._node(home, group)
        return int(self.state.price[node]) if self.state.capacity[node] > 0 else None

    def _node(self, home: int, group: int) -> int:
        return int(self.first_node[home]) + (group if self.is_split[home] else 0)

    def nodes_of(self, home: int) -> range:
        """The nodes of a home: one, or one for each use."""
        first = int(self.first_node[home])
        return range(first, first + (USES if self.is_split[home] else 1))

    # To come back

    def mark(self) -> Mark:
        """What `back_to` needs."""
        pad = self.pad
        values = (self.proven, self.pinned_value, self.held_value)
        return saved_copy(self.state), len(pad.notes), pad.nodes, pad.people, *values

    def back_to(self, mark: Mark) -> None:
        """Undo every change since the mark."""
        put_back(self.state, mark[0])
        self.pad.take_back(mark[1])
        self.pad.nodes, self.pad.people, self.proven, self.pinned_value, self.held_value = mark[2:]

    def make_room(self) -> None:
        """Lay out again with more empty places; marks made before are lost."""
        old = self.pad
        self.pad, self.state = old.with_more_room(self.state)
        nodes, people = self.pad.most_nodes - old.most_nodes, self.pad.most_people - old.most_people
        self.mode, self.beds = _grown(self.mode, nodes, WHOLE), _grown(self.beds, nodes, 0)
        self.is_split, self.locked = _grown(self.is_split, nodes, False), _grown(self.locked, nodes, False)
        self.first_node, self.use = _grown(self.first_node, nodes, NONE), _grown(self.use, nodes, NONE)
        self.quota_price = _grown(self.quota_price, nodes, 0)
        self.home_of, self.room = _grown(self.home_of, nodes, NONE), _grown(self.room, nodes, 0)
        self.persons, self.group = _grown(self.persons, people, 0), _grown(self.group, people, 0)
        self.pinned_home = _grown(self.pinned_home, people, NONE)
        self.gone = _grown(self.gone, people, False)
        self.held, self.bulky = _grown(self.held, nodes, 0), _grown(self.bulky, people, False)
        self.held_arc = _grown(self.pad.placed(old, self.held_arc), people, NONE)
        self.worth = _grown(self.worth, nodes, 0.0)
        if self.u is not None:
            self.u = _grown(self.u, people, NOT_IN_PLAY)

    # Changes

    def add_home(self, mode: int, beds: int, households: Ints, weights: Ints, instead_of: int = NONE) -> int:
        """One more home with these arcs; returns its position. Arcs that cannot be lawful are left out.

        It counts in the quotas of the home it is there instead of.
        """
        ceiling = int(self.quota_price[instead_of]) if instead_of >= 0 else 0
        lawful = fits(np.full(len(households), mode), self.group[households])
        lawful &= (self.persons[households] <= beds) & (weights > 0) & self._plays(households)
        households, weights = households[lawful], weights[lawful] - self.persons[households[lawful]] * ceiling
        split = mode == OPEN and self.model == "shared"
        home = self._new_home(mode, beds, split)
        if instead_of >= 0:
            self.pad.write(self.quota_price, home, ceiling)
            self.pad.write(self.quota_home, np.flatnonzero(self.quota_home == instead_of), home)
        first = self.pad.nodes
        for use in range(USES) if split else [NONE]:
            mine = self.group[households] == use if split else np.ones(len(households), bool)
            slots = 1 if mode == WHOLE or use == USES - 1 else beds
            sizes = self._sizes(households[mine], mode)
            node = self.pad.add_node(slots, households[mine], weights[mine], sizes)
            self.pad.write(self.home_of, node, home)
            self.pad.write(self.room, node, slots)
        self.pad.write(self.first_node, home, first)
        if split:
            self._choose_use(home)
        else:
            open_node(self.pad.net, self.state, first, int(self.room[first]))
        self._prove_again(list(self.nodes_of(home)))
        return home

    def _sizes(self, households: Ints, mode: int) -> Ints:
        """The slots that each household takes in a home of this mode."""
        by_bed = self.model == "shared" and mode != WHOLE
        one = np.ones(len(households), np.int64)
        return np.where(by_bed & (self.group[households] != FAMILY), self.persons[households], one)

    def _plays(self, households: Ints) -> Flags:
        """Which households look for a home: neither pinned nor gone."""
        gone = self.bulky[households] & (self.pinned_home[households] < 0) & ~self.gone[households]
        plays: Flags = (self.state.active[households] == 1) | gone
        return plays

    def _new_home(self, mode: int, beds: int, split: bool) -> int:
        free = np.flatnonzero(self.beds == 0)
        if not len(free):
            raise NoRoom
        home = int(free[0])
        for array, now in ((self.mode, mode), (self.beds, beds), (self.is_split, split)):
            self.pad.write(array, home, now)
        return home

    def remove_home(self, home: int) -> None:
        """Take a home away; who lived there looks for another."""
        if (self.pinned_home == home).any():
            raise InstanceProblem("l'alloggio ha nuclei fissati da un obbligo: prima si toglie l'obbligo.")
        nodes = list(self.nodes_of(home))
        for h in self._held_in(nodes):
            self._let_out(h, give=False)
        for node in nodes:
            if self.state.capacity[node]:
                close(self.pad.net, self.state, node)
            self.pad.write(self.room, node, 0)
        self._prove_again(nodes)
        self.pad.write(self.use, home, NONE)
        self.pad.write(self.locked, home, True)

    def _held_in(self, nodes: Sequence[int]) -> list[int]:
        held = np.flatnonzero(self.held_arc >= 0)
        there = np.isin(self.pad.net.row_node[self.held_arc[held]], nodes)
        found: list[int] = held[there].tolist()
        return found

    def _let_out(self, h: int, *, give: bool = True) -> None:
        """Take a request of several beds out of its home; its slots are given again."""
        arc = int(self.held_arc[h])
        if arc < 0:
            return
        node = int(self.pad.net.row_node[arc])
        size = self._size(h, node)
        self.held_value -= int(self.pad.net.weight[arc])
        self.pad.write(self.held_arc, h, NONE)
        self.pad.write(self.held, node, self.held[node] - size)
        for _ in range(size if give else 0):
            self._widen(node)

    def _widen(self, node: int) -> None:
        """One slot more, given to whom it is worth most."""
        state, net = self.state, self.pad.net
        if state.capacity[node] == 0:
            open_node(net, state, node, 1)
            return
        state.capacity[node] += 1
        fill(net, state, node)

    def _seat(self, h: int) -> None:
        """Give a request of several beds the home where it brings most, if it brings anything."""
        if self.held_arc[h] >= 0:
            return
        net, state = self.pad.net, self.state
        arcs = self.pad.arcs_of(h)
        nodes = net.row_node[arcs]
        sizes = np.array([self._size(h, node) for node in nodes.tolist()], np.int64)
        fits_in = (state.capacity[nodes] >= sizes) & (net.weight[arcs] > 0)
        hope = net.weight[arcs] - sizes * state.price[nodes]
        before = self._net_value()
        for at in np.argsort(-hope, kind="stable")[:SEATS].tolist():
            if not fits_in[at] or hope[at] <= 0:
                continue
            mark = self.mark()
            node, size = int(nodes[at]), int(sizes[at])
            for _ in range(size):
                self._shrink(node)
            self.pad.write(self.held, node, self.held[node] + size)
            self.pad.write(self.held_arc, h, int(arcs[at]))
            self.held_value += int(net.weight[arcs[at]])
            if self._net_value() > before:
                return
            self.back_to(mark)

    def arcs_to(self, home: int, *, pinned: bool = False) -> tuple[Ints, Ints]:
        """Households and weights of the arcs that reach a home, in any use; gone and, unless asked, pinned ones apart."""
        parts = [self.pad.column(node) for node in self.nodes_of(home)]
        households, weights = np.concatenate([h for h, _ in parts]), np.concatenate([w for _, w in parts])
        weights = weights + self.persons[households] * self.quota_price[home]
        here = self._plays(households) | (pinned & (self.pinned_home[households] >= 0))
        return households[here], weights[here]

    def add_household(self, persons: int, group: int, homes: Ints, weights: Ints) -> int:
        """One more household with these arcs; returns its position."""
        lawful = fits(self.mode[homes], np.full(len(homes), group)) & (persons <= self.beds[homes])
        worth = weights - persons * self.quota_price[homes]
        lawful &= weights > 0
        homes, worth = homes[lawful], worth[lawful]
        nodes = self.first_node[homes] + np.where(self.is_split[homes], group, 0)
        by_bed = self.model == "shared" and group != FAMILY
        sizes = np.where(by_bed & (self.mode[homes] != WHOLE), persons, 1)
        h = self.pad.add_household(nodes, worth, sizes)
        self.pad.write(self.persons, h, persons)
        self.pad.write(self.group, h, group)
        if (sizes > 1).any():
            self.pad.write(self.bulky, h, True)
            self._seat(h)
        else:
            insert(self.pad.net, self.state, h)
        if self.u is not None:
            self._reprice(h, self._best_price(nodes, worth, self.u), nodes)
        return h

    def _best_price(self, nodes: Ints, weights: Ints, u: NDArray[np.float64]) -> float:
        """The price of one more household that proves most: only one home may still find it cheap."""
        surplus = []
        for node, weight in zip(nodes.tolist(), weights.tolist(), strict=True):
            home = int(self.home_of[node])
            regret = max(self.worth[list(self.nodes_of(home))]) - self.worth[node]
            surplus.append(weight - self._cheapest(node, u) - regret)
        return float(sorted([0.0, 0.0, *surplus])[-2])

    def _cheapest(self, node: int, u: NDArray[np.float64]) -> float:
        """What the last slot of a node is worth at these prices."""
        households, weights = self.pad.column(node)
        left = np.sort(weights - u[households])[::-1][: int(self.room[node])]
        return max(0.0, float(left[-1])) if len(left) == int(self.room[node]) > 0 else 0.0

    def remove_household(self, h: int) -> None:
        """Take a household out of the game, and out of its home."""
        if self.pinned_home[h] >= 0:
            raise InstanceProblem("il nucleo è fissato in un alloggio: prima si toglie l'obbligo.")
        self._take_out(h)
        self.pad.write(self.gone, h, True)
        self._reprice(h, NOT_IN_PLAY, self._nodes_wanted(h))

    def _take_out(self, h: int) -> None:
        if self.bulky[h]:
            self._let_out(h)
        else:
            remove(self.pad.net, self.state, h)

    def change_arc(self, h: int, home: int, weight: int) -> None:
        """Another worth for a pair, 0 to exclude it; a pair that had no arc gets one."""
        node = self._node(home, int(self.group[h]))
        if self.pinned_home[h] >= 0:
            raise InstanceProblem("il nucleo è fissato in un alloggio: prima si toglie l'obbligo.")
        self._take_out(h)
        arc = self.pad.arc(h, node)
        if arc >= 0:
            self.pad.drop_arc(arc)
        worth = weight - int(self.persons[h]) * int(self.quota_price[home])
        if weight > 0:
            size = int(self._sizes(np.array([h]), int(self.mode[home]))[0])
            self.pad.add_arc(h, node, worth, size)
        if self.bulky[h]:
            self._seat(h)
        else:
            insert(self.pad.net, self.state, h)
        self._prove_again([node])

    def pin(self, h: int, home: int) -> None:
        """Hold a place of a home for a household, whoever else wanted it."""
        node = self._node(home, int(self.group[h]))
        arc = self.pad.arc(h, node)
        if arc < 0:
            raise InstanceProblem(
                "la coppia non ha il suo arco: una regola la esclude, e un obbligo non basta."
            )
        if self.pinned_home[h] >= 0:
            raise InstanceProblem("il nucleo è già fissato in un alloggio.")
        size = int(self._sizes(np.array([h]), int(self.mode[home]))[0])
        if self.room[node] < size:
            raise InstanceProblem("l'alloggio non ha più posto, oltre a chi vi è già fissato.")
        self._ceilings_can_hold(h, home)
        worth = int(self.pad.net.weight[arc]) + int(self.persons[h]) * int(self.quota_price[home])
        nodes = self._nodes_wanted(h)
        self._take_out(h)
        if self.is_split[home]:
            self._lock_use(home, int(self.group[h]))
        for other in self._held_in([node]):
            if self.state.capacity[node] < size:
                self._let_out(other)
        for _ in range(size):
            self._shrink(node)
        self.pad.write(self.room, node, self.room[node] - size)
        self.pad.write(self.pinned_home, h, home)
        self.pinned_value += worth
        self._reprice(h, NOT_IN_PLAY, nodes, list(self.nodes_of(home)))

    def _ceilings_can_hold(self, h: int, home: int) -> None:
        at = self.pinned_home.copy()
        at[h] = home
        over = np.flatnonzero(self._inside(at) > self.instance.quota_limit)
        if len(over):
            name, limit = self.instance.quotas[int(over[0])], self.instance.quota_limit[over[0]]
            raise InstanceProblem(f"gli obblighi superano la quota {name} ({limit} persone).")

    def _lock_use(self, home: int, use: int) -> None:
        self.change_use(home, use)
        for node in self.nodes_of(home):
            if node != self._node(home, use):
                self.pad.write(self.room, node, 0)
        self.pad.write(self.locked, home, True)

    def _shrink(self, node: int) -> None:
        """One slot less; if all are taken, one household looks again."""
        state, net = self.state, self.pad.net
        out = NONE
        if state.used[node] == state.capacity[node]:
            out = int(state.slot_household[net.slot_start[node] + state.used[node] - 1])
            vacate(net, state, out)
        state.capacity[node] -= 1
        if state.capacity[node] == 0:
            state.price[node] = 0
        if out >= 0:
            insert(net, state, out)

    # Uses of open homes

    def change_use(self, home: int, use: int) -> None:
        """Give an open home another use; everybody rearranges."""
        now = int(self.use[home])
        if now == use:
            return
        if now >= 0:
            for h in self._held_in([self._node(home, now)]):
                self._let_out(h, give=False)
            close(self.pad.net, self.state, self._node(home, now))
        node = self._node(home, use)
        open_node(self.pad.net, self.state, node, int(self.room[node]))
        self.pad.write(self.use, home, use)

    def _choose_use(self, home: int) -> None:
        gains = self._gains()
        worths = [self._worth(node, gains) for node in self.nodes_of(home)]
        self.change_use(home, int(np.argmax(worths)))

    def _excess(self) -> Ints:
        """The most that each other use of each open home can add now."""
        opens = np.flatnonzero(self.is_split)
        if not len(opens):
            return np.zeros((0, USES), np.int64)
        gains = self._gains()
        worths = self._uses_worth(gains, opens)
        now = np.where(self.use[opens] >= 0, worths[np.arange(len(opens)), self.use[opens]], 0)
        out = worths - now[:, None]
        out[self.locked[opens]] = -1
        if self.held.any():
            out[self.held[self.first_node[opens][:, None] + np.arange(USES)].any(1)] = -1
        return out

    def _gains(self) -> NDArray[np.float64]:
        """The gains of the households in the game; the others take nothing."""
        return np.where(self.state.active == 1, self.state.gain, NOT_IN_PLAY)

    def _uses_worth(self, gains: NDArray[np.float64], opens: Ints) -> Ints:
        values = node_values(self.pad.net, gains, self.room, self.first_use)
        at = self.first_node[opens][:, None] + np.arange(USES) - self.first_use
        worths: Ints = np.rint(values[at]).astype(np.int64)
        return worths

    def adapt(self) -> None:
        """Seat the requests of several beds that are out, and try the changes of use that promise more than before."""
        for h in np.flatnonzero(
            self.bulky & (self.held_arc < 0) & (self.pinned_home < 0) & ~self.gone
        ).tolist():
            self._seat(h)
        opens = np.flatnonzero(self.is_split)
        if not len(opens):
            return
        tried = np.zeros((len(opens), USES), bool)
        now = int(value(self.pad.net, self.state))
        for _ in range(TRIES):
            excess = self._excess()
            quiet = np.zeros_like(excess)
            quiet[: len(self.quiet)] = self.quiet
            hopes = np.where(tried | (excess <= quiet), 0, excess)
            best = int(hopes.argmax())
            if hopes.flat[best] <= 0:
                return
            row, use = divmod(best, USES)
            tried[row, use] = True
            mark = self.mark()
            self.change_use(int(opens[row]), use)
            after = int(value(self.pad.net, self.state))
            if after > now:
                now = after
            else:
                self.back_to(mark)

    # The proof of `shared`

    def _nodes_wanted(self, h: int) -> Ints:
        nodes: Ints = self.pad.net.row_node[self.pad.arcs_of(h)]
        return nodes

    def _worth(self, node: int, u: NDArray[np.float64]) -> float:
        households, weights = self.pad.column(node)
        left = weights - u[households]
        slots = int(self.room[node])
        sizes = self.pad.sizes(node)
        if (sizes[left > 0] > 1).any():
            return _packed(left, sizes, slots)
        left = left[left > 0]
        if len(left) > slots:
            left = -np.sort(-left)[:slots]
        return float(left.sum())

    def _prove_again(self, nodes: list[int]) -> None:
        """The bound, once the columns of these nodes have changed."""
        if self.u is None or not nodes:
            return
        homes = np.unique(self.home_of[nodes])
        before = sum(self.worth[list(self.nodes_of(int(d)))].max() for d in homes)
        self.pad.write(self.worth, np.array(nodes), [self._worth(node, self.u) for node in nodes])
        self.proven += float(sum(self.worth[list(self.nodes_of(int(d)))].max() for d in homes) - before)

    def _reprice(self, h: int, price: float, nodes: Ints, others: list[int] | None = None) -> None:
        """The bound, once household h has another price."""
        if self.u is None:
            return
        old = self.u[h]
        self.proven += (price if np.isfinite(price) else 0.0) - (old if np.isfinite(old) else 0.0)
        self.pad.write(self.u, h, price)
        self._prove_again(sorted({*nodes.tolist(), *(others or [])}))


def _packed(worth: NDArray[np.float64], sizes: Ints, slots: int) -> float:
    """The most that households of these sizes are worth in so many slots."""
    best = np.zeros(slots + 1)
    single = np.sort(worth[(sizes == 1) & (worth > 0)])[::-1][:slots]
    best[1 : len(single) + 1] = np.cumsum(single)
    best[len(single) + 1 :] = single.sum()
    for value_of, size in zip(worth[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        if value_of > 0 and size <= slots:
            best[size:] = np.maximum(best[size:], best[: slots + 1 - size] + value_of)
    return float(best[slots])


def _grown(array: NDArray, more: int, fill: float) -> NDArray:  # type: ignore[type-arg]  # any numbers
    return np.concatenate([array, np.full(more, fill, array.dtype)])
