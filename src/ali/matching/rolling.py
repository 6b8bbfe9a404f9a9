"""Weekly arrivals: who comes this week gets a home at prices that keep a place for who is likely to come later.

Each week some futures are drawn from past arrivals, with a seed; each is solved together with who waits now, and the mean
of what they lose with one place less is its cost. A household takes the home that brings most above the cost, if any.
The mix of the draws follows what has arrived so far, so that prices learn when people change.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ali.matching.errors import InstanceProblem
from ali.matching.instance import Instance
from ali.matching.layout import Layout, empty_state, lay_out, net_of
from ali.matching.tables import Ints
from ali.matching.transport import NONE, Net, State, fill, insert, remove, vacate
from ali.matching.transport import value as value_of
from ali.matching.whole import bring_in

SAMPLES = 24  # futures drawn each week
PATIENCE = 8  # weeks a household waits beyond the first
KNOWN = 0.92  # of what a future loses when all of it is known, what is lost when it comes week by week
CANDIDATES = 6  # homes whose cost is computed exactly, the most promising by price
BELIEF = 1.0  # weeks of arrivals that the past is worth, against what is seen


@dataclass(frozen=True)
class Season:
    """How a run of weeks went, against knowing everything beforehand."""

    homes: Ints  # home of each household, -1 for none
    value: int
    hindsight: int  # the best that anybody could have done knowing all arrivals: a bound
    first_come: int  # whoever comes first takes the best place left

    @property
    def share(self) -> float:
        """The share of the hindsight bound that was reached."""
        return self.value / self.hindsight if self.hindsight else 1.0

    def as_dict(self) -> dict[str, Any]:  # Any: what JSON can hold
        """Plain values."""
        return {
            "value": self.value, "hindsight_bound": self.hindsight, "share": self.share,
            "first_come": self.first_come, "housed_households": int((self.homes >= 0).sum()),
        }  # fmt: skip


@dataclass(eq=False)
class Rolling:
    """The prices of the places, week after week. Positions are those of the instance."""

    instance: Instance
    history: Ints  # households that came before: only examples
    kind: Ints  # of each household, a small integer: what the mix is made of
    weeks: int
    seed: int = 0
    samples: int = SAMPLES
    patience: int = PATIENCE
    past_weeks: int = 0  # that the history spans; as many as the weeks to come, if not said
    homes: Ints = field(init=False)
    prices: NDArray[np.float64] = field(init=False)  # of a slot of each home
    layout: Layout = field(init=False)
    net: Net = field(init=False)

    def __post_init__(self) -> None:
        if not len(self.history):
            raise InstanceProblem("Servono gli arrivi passati: senza esempi non si immagina chi verrà.")
        if self.weeks < 1 or self.samples < 1 or self.patience < 0:
            raise InstanceProblem("Settimane, prove e attesa devono essere numeri positivi.")
        self.layout = lay_out(self.instance, "whole")
        self.net = net_of(self.layout, self.instance.weight[self.layout.arc])
        self.free = self.layout.slots.copy()
        self.homes = np.full(len(self.instance.persons), NONE)
        self.prices = np.zeros(len(self.free))
        self.waiting: list[tuple[int, int]] = []  # household, week it came
        kinds = int(self.kind.max(initial=0)) + 1
        self.pools = [self.history[self.kind[self.history] == k] for k in range(kinds)]
        weeks = self.past_weeks or self.weeks
        self.rate = np.array([len(pool) for pool in self.pools]) / weeks
        self.seen = np.zeros(kinds)
        self.came = np.zeros(len(self.homes), bool)
        self.week = 0

    def arrive(self, households: Ints) -> Ints:
        """Who came this week is placed, or waits; returns who got a home now."""
        if self.week >= self.weeks:
            raise InstanceProblem(f"Le settimane sono {self.weeks}: non ce ne sono altre.")
        if len(households) and ((households < 0) | (households >= len(self.homes))).any():
            raise InstanceProblem("Un arrivo non è nell'istanza.")
        if len(np.unique(households)) < len(households) or self.came[households].any():
            raise InstanceProblem("Un nucleo arriva una volta sola.")
        self.came[households] = True
        self.week += 1
        self.seen += np.bincount(self.kind[households], minlength=len(self.seen))
        self.waiting += [(h, self.week) for h in households.tolist()]
        now = np.array([h for h, _ in self.waiting], np.int64)
        placed = self._place(now)
        left = self.week - self.patience
        gone = set(placed.tolist())
        self.waiting = [(h, came) for h, came in self.waiting if h not in gone and came > left]
        return placed

    def expected(self) -> NDArray[np.float64]:
        """Arrivals of each kind in the weeks that are left."""
        rate = (BELIEF * self.rate + self.seen) / (BELIEF + self.week)
        return rate * (self.weeks - self.week)

    def _futures(self, now: Ints) -> list[State]:
        """Each future solved with who waits now."""
        states = []
        for sample in range(self.samples):
            draw = np.random.Generator(np.random.PCG64([self.seed, self.week, sample]))
            state = empty_state(self.layout, self.free)
            future = self._future(draw)
            bring_in(self.net, state, np.concatenate([now, future[~np.isin(future, now)]]))
            states.append(state)
        self.prices = np.mean([state.price for state in states], axis=0)
        return states

    def _future(self, draw: np.random.Generator) -> Ints:
        """Who may come: as many of each kind as expected, from the past."""
        parts = []
        for pool, mean in zip(self.pools, self.expected(), strict=True):
            count = min(len(pool), int(mean) + int(draw.random() < mean - int(mean)))
            if count:
                parts.append(draw.choice(pool, count, replace=False))
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)

    def _place(self, now: Ints) -> Ints:
        """One after the other, who gains most first, each at costs that its own wish has not raised."""
        futures = self._futures(now)
        placed, taken = [], []
        for h in self._by_gain(now):
            for state in futures:
                remove(self.net, state, h)
            arc = self._best_arc(futures, h)
            if arc < 0:
                for state in futures:
                    insert(self.net, state, h)
                continue
            node = int(self.net.row_node[arc])
            for state in futures:
                _take_slot(self.net, state, node)
            self.free[node] -= 1
            placed.append(h)
            taken.append(node)
        return self._arranged(np.array(placed, np.int64), np.array(taken, np.int64))

    def _arranged(self, placed: Ints, taken: Ints) -> Ints:
        """Share the places taken this week in the best way among those who took them."""
        slots = np.bincount(taken, minlength=len(self.free)).astype(np.int64)
        state = empty_state(self.layout, slots)
        bring_in(self.net, state, placed)
        placed = placed[state.arc_of[placed] >= 0]
        self.homes[placed] = self.layout.dwelling[self.net.row_node[state.arc_of[placed]]]
        self.free += slots - state.used
        return placed

    def _best_arc(self, futures: list[State], h: int) -> int:
        """The arc that brings most above what its place costs in the mean of the futures, -1 if none brings anything."""
        arcs = np.arange(self.net.row_start[h], self.net.row_start[h + 1])
        arcs = arcs[self.free[self.net.row_node[arcs]] > 0]
        if not len(arcs):
            return NONE
        price = np.mean([state.price[self.net.row_node[arcs]] for state in futures], axis=0)
        left = self.net.weight[arcs] - price
        top = [at for at in np.argsort(-left, kind="stable")[:CANDIDATES].tolist() if left[at] >= 0]
        gains = {
            at: float(self.net.weight[arcs[at]]) - self._cost(futures, int(self.net.row_node[arcs[at]]))
            for at in top
        }
        best = max(gains, key=lambda at: (gains[at], -at), default=NONE)
        return int(arcs[best]) if best >= 0 and gains[best] >= 0 else NONE

    def _cost(self, futures: list[State], node: int) -> float:
        """What the futures lose, in the mean, with one slot of the node less."""
        return KNOWN * sum(_cost_in(self.net, state, node) for state in futures) / len(futures)

    def _by_gain(self, now: Ints) -> list[int]:
        best = []
        for h in now.tolist():
            arcs = slice(self.net.row_start[h], self.net.row_start[h + 1])
            left = self.net.weight[arcs] - self.prices[self.net.row_node[arcs]]
            best.append(left.max(initial=0.0))
        order: list[int] = now[np.argsort(-np.array(best), kind="stable")].tolist()
        return order


def _take_slot(net: Net, state: State, node: int) -> int:
    """One slot less; if all are taken, one household looks again. Returns what is lost."""
    if state.used[node] < state.capacity[node]:
        state.capacity[node] -= 1
        return 0
    out = int(state.slot_household[net.slot_start[node] + state.used[node] - 1])
    before = int(state.gain[out]) + int(state.price[node])
    vacate(net, state, out)
    state.capacity[node] -= 1
    insert(net, state, out)
    return before - int(state.gain[out])


def _cost_in(net: Net, state: State, node: int) -> int:
    """What one future loses with one slot of the node less; the slot is then given back."""
    if state.used[node] < state.capacity[node]:
        return 0
    lost = _take_slot(net, state, node)
    state.capacity[node] += 1
    fill(net, state, node)
    return lost


def season(
    instance: Instance,
    arrivals: Sequence[Ints],
    history: Ints,
    kind: Ints,
    *,
    seed: int = 0,
    samples: int = SAMPLES,
    patience: int = PATIENCE,
    past_weeks: int = 0,
) -> Season:
    """Play the weeks one after the other, each knowing only the past."""
    rolling = Rolling(instance, history, kind, len(arrivals), seed, samples, patience, past_weeks)
    for households in arrivals:
        rolling.arrive(households)
    everybody = np.concatenate([np.zeros(0, np.int64), *arrivals])
    state = empty_state(rolling.layout, rolling.layout.slots)
    bring_in(rolling.net, state, everybody)
    at = rolling.homes[instance.arc_household] == instance.arc_dwelling
    return Season(
        rolling.homes, int(instance.weight[at].sum()), int(value_of(rolling.net, state)),
        _first_come(rolling.layout, rolling.net, everybody),
    )  # fmt: skip


def _first_come(layout: Layout, net: Net, households: Ints) -> int:
    free, total = layout.slots.copy(), 0
    for h in households.tolist():
        arcs = np.arange(net.row_start[h], net.row_start[h + 1])
        arcs = arcs[free[net.row_node[arcs]] > 0]
        if len(arcs):
            arc = int(arcs[np.argmax(net.weight[arcs])])
            total += int(net.weight[arc])
            free[net.row_node[arc]] -= 1
    return total
