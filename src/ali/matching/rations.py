"""Ceilings on persons: a price per person for each quota, then a lawful plan as near as can be to what the prices prove.

With prices on quotas the problem has no ceilings left and its best plan gives a bound. Prices go up where too many
persons came in and down where there is room, each quota by halving. What remains between plan and bound comes from
households that do not fill a ceiling exactly; an exact search over the few arcs that matter closes most of it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ali.matching.certificate import bound_of_shared, bound_of_whole
from ali.matching.core import best_of_core
from ali.matching.layout import Layout
from ali.matching.plan import Effort, Plan, Progress, silent
from ali.matching.tables import Ints

Solver = Callable[[Layout, Ints, Effort, Progress], Plan]


@dataclass(frozen=True, eq=False)
class Ceilings:
    """The quotas seen from the arcs of a layout."""

    layout: Layout

    def prices_on_arcs(self, quota: Ints) -> Ints:
        """What the household of each net arc pays for the quotas of the dwelling."""
        instance = self.layout.instance
        per_person = np.zeros(len(instance.mode), np.int64)
        np.add.at(per_person, instance.quota_dwelling, quota[instance.quota_row])
        return instance.persons[self.layout.household] * per_person[self.layout.dwelling[self.layout.node]]

    def inside(self, arc_of: Ints) -> Ints:
        """Persons in each quota."""
        instance = self.layout.instance
        arcs = arc_of[arc_of >= 0]
        living = np.zeros(len(instance.mode), np.int64)
        np.add.at(
            living,
            self.layout.dwelling[self.layout.node[arcs]],
            instance.persons[self.layout.household[arcs]],
        )
        out = np.zeros(len(instance.quota_limit), np.int64)
        np.add.at(out, instance.quota_row, living[instance.quota_dwelling])
        return out

    def over(self, arc_of: Ints) -> Ints:
        """Persons above each ceiling, negative where there is room."""
        return self.inside(arc_of) - self.layout.instance.quota_limit


def rationed(layout: Layout, quota: Ints) -> Ints:
    """Weights of the net arcs once their quotas are paid."""
    return layout.instance.weight[layout.arc] - Ceilings(layout).prices_on_arcs(quota)


def ration(layout: Layout, solver: Solver, effort: Effort, progress: Progress) -> tuple[Plan, Ints]:
    """The best lawful plan found, with the duals and the quota prices of the lowest bound."""
    ceilings = Ceilings(layout)
    quota = np.zeros(len(layout.instance.quota_limit), np.int64)
    free = solver(layout, rationed(layout, quota), effort, progress)
    if (ceilings.over(free.arc_of) <= 0).all():
        return free, quota
    search = PriceSearch(ceilings, solver, replace(effort, work=effort.work // 20, rounds=0))
    search.look_at(free, quota)
    for done in range(effort.rations):
        progress("quotas", done / effort.rations)
        search.step()
    best_arcs = search.best_arcs
    if effort.core and search.best_value < search.bound:
        core = best_of_core(
            layout, search.plan, search.best_arcs, rationed(layout, search.quota), effort.core
        )
        if core is not None and (ceilings.over(core) <= 0).all():
            best_arcs = max(best_arcs, core, key=lambda arcs: _worth(layout, arcs))
    return replace(search.plan, arc_of=best_arcs), search.quota


class PriceSearch:
    """Prices of quotas by halving, keeping the lowest bound and the best lawful plan met on the way."""

    def __init__(self, ceilings: Ceilings, solver: Solver, effort: Effort) -> None:
        self.ceilings, self.layout, self.solver, self.effort = ceilings, ceilings.layout, solver, effort
        quotas = len(self.layout.instance.quota_limit)
        self.low = np.zeros(quotas, np.int64)
        self.high = np.full(quotas, -1, np.int64)  # not known yet
        self.now = np.zeros(quotas, np.int64)
        self.bound = 2**62
        self.best_value = -1
        self.best_arcs = np.zeros(0, np.int64)
        self.first = (
            int(
                (
                    self.layout.instance.weight
                    // self.layout.instance.persons[self.layout.instance.arc_household]
                ).mean()
            )
            + 1
        )

    def step(self) -> None:
        """One more set of prices."""
        over = self.ceilings.over(self.last)
        dear = (over < 0) & (self.now > 0)
        self.low = np.where(over > 0, self.now, self.low)
        self.high = np.where(dear, self.now, self.high)
        stuck = (over > 0) & (self.high >= 0) & (self.high - self.low <= 1)
        self.high = np.where(stuck, -1, self.high)
        sunk = dear & (self.high - self.low <= 1)
        self.low = np.where(sunk, self.low // 2, self.low)
        up = np.where(self.high >= 0, (self.low + self.high + 1) // 2, np.maximum(2 * self.low, self.first))
        down = (self.low + self.high) // 2
        self.now = np.where(over > 0, up, np.where(dear, down, self.now))
        self.look_at(self.solver(self.layout, rationed(self.layout, self.now), self.effort, silent), self.now)

    def look_at(self, plan: Plan, quota: Ints) -> None:
        """Take what a set of prices has found."""
        self.last = plan.arc_of
        bound = _bound(self.layout, plan, quota)
        if bound < self.bound:
            self.bound, self.plan, self.quota = bound, plan, quota.copy()
        lawful = make_lawful(self.ceilings, plan)
        if (value := _worth(self.layout, lawful)) > self.best_value:
            self.best_value, self.best_arcs = value, lawful


def _bound(layout: Layout, plan: Plan, quota: Ints) -> int:
    if layout.model == "whole":
        return bound_of_whole(layout.instance, plan.price, quota)
    return bound_of_shared(layout.instance, plan.gain, quota, 1)


def _worth(layout: Layout, arc_of: Ints) -> int:
    return int(layout.instance.weight[layout.arc[arc_of[arc_of >= 0]]].sum())


def make_lawful(ceilings: Ceilings, plan: Plan) -> Ints:
    """The plan with the least valuable persons out of the quotas they exceed, and free room given again."""
    repair = _Repair(ceilings, plan)
    repair.let_out()
    repair.let_in()
    return repair.arc_of


class _Repair:
    """A plan being brought under its ceilings."""

    def __init__(self, ceilings: Ceilings, plan: Plan) -> None:
        layout, instance = ceilings.layout, ceilings.layout.instance
        self.layout, self.arc_of = layout, plan.arc_of.copy()
        self.weight, self.persons = instance.weight[layout.arc], instance.persons[layout.household]
        self.over = ceilings.over(self.arc_of)
        used = np.bincount(layout.node[self.arc_of[self.arc_of >= 0]], minlength=len(layout.slots))
        self.room = np.where(plan.is_open, layout.slots - used, 0)
        self.of_dwelling: dict[int, list[int]] = {}
        for row, d in zip(instance.quota_row.tolist(), instance.quota_dwelling.tolist(), strict=True):
            self.of_dwelling.setdefault(d, []).append(row)

    def let_out(self) -> None:
        """Put out the households worth least per person, where there are too many."""
        housed = self.arc_of[self.arc_of >= 0]
        housed = housed[~self.layout.is_pinned[housed]]
        for arc in housed[np.argsort(self.weight[housed] / self.persons[housed], kind="stable")].tolist():
            quotas = self._quotas_of(arc)
            if any(self.over[q] > 0 for q in quotas):
                self.arc_of[self.layout.household[arc]] = -1
                self.room[self.layout.node[arc]] += 1
                self.over[quotas] -= self.persons[arc]

    def let_in(self) -> None:
        """Give free places to whom they fit, the most valuable first."""
        out = np.flatnonzero((self.arc_of[self.layout.household] < 0) & (self.room[self.layout.node] > 0))
        for arc in out[np.argsort(-self.weight[out], kind="stable")].tolist():
            h, n = int(self.layout.household[arc]), int(self.layout.node[arc])
            quotas = self._quotas_of(arc)
            fits = all(self.over[q] + self.persons[arc] <= 0 for q in quotas)
            if fits and self.arc_of[h] < 0 and self.room[n] > 0:
                self.arc_of[h] = arc
                self.room[n] -= 1
                self.over[quotas] += self.persons[arc]

    def _quotas_of(self, arc: int) -> list[int]:
        return self.of_dwelling.get(int(self.layout.dwelling[self.layout.node[arc]]), [])
