"""Ceilings on persons: a price per person for each quota, then a lawful plan as near as can be to what the prices prove.

With prices on quotas the problem has no ceilings left and its best plan gives a bound. Prices go up where too many
persons came in and down where there is room. What remains between plan and bound comes from
households that do not fill a ceiling exactly; an exact search over the few arcs that matter closes most of it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ali.matching.certificate import bound_of_shared, bound_of_whole
from ali.matching.core import Core, best_of_core
from ali.matching.layout import Layout, net_of, pins_broken
from ali.matching.plan import SCALE, Effort, Plan, Progress, silent
from ali.matching.tables import Ints

LEAST_CORE = 4_000  # arcs
SMALL = 500  # arcs that the exact search always takes whole
CORE_PER_HOUSEHOLD = 3
ENOUGH = 0.998  # of the bound: less is worth a larger core
MANY, NEAR = (
    50_000,
    0.997,
)  # arcs from which, within a normal budget, so much of the bound needs no core at all
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
    return layout.weight - Ceilings(layout).prices_on_arcs(quota) if quota.any() else layout.weight


def ration(layout: Layout, solver: Solver, effort: Effort, progress: Progress) -> tuple[Plan, Ints]:
    """The best lawful plan found, with the duals and the quota prices of the lowest bound."""
    ceilings = Ceilings(layout)
    quota = np.zeros(len(layout.instance.quota_limit), np.int64)
    light = replace(effort, work=effort.work // 10, rounds=0)
    free = solver(layout, rationed(layout, quota), light if len(quota) else effort, progress)
    if (ceilings.over(free.arc_of) <= 0).all():
        if len(quota):
            free = solver(layout, rationed(layout, quota), effort, progress)
        if (ceilings.over(free.arc_of) <= 0).all():
            return exact_where_small(layout, free, effort), quota
    search = PriceSearch(ceilings, solver, light)
    search.look_at(free, quota)
    for done in range(effort.rations):
        if not search.may_improve():
            break
        progress("quotas", done / effort.rations)
        search.step()
    search.look_again(effort)
    search.look_closer(effort.core)
    return search.best_plan(), search.quota


def exact_where_small(layout: Layout, plan: Plan, effort: Effort) -> Plan:
    """The same plan, or the best there is where requests of several slots left something open in a small instance."""
    if not effort.core or not (is_small_joint(layout) or is_small_shared(layout)):
        return plan
    weight = layout.weight
    value = plan.value(weight)
    broken = len(pins_broken(layout, plan.arc_of)) > 0
    if value >= plan.bound_with_pins and not broken:
        return plan
    exact = best_of_core(layout, plan, plan.arc_of, weight, len(weight))
    better = exact is not None and (broken or _value(layout, exact) > value)
    return with_core(plan, exact) if exact is not None and better else plan


def is_small_joint(layout: Layout) -> bool:
    """Whether homes and jobs together are few enough for an exact search."""
    return layout.model == "joint" and len(layout.arc) + len(layout.instance.jobs.weight) <= SMALL


def is_small_shared(layout: Layout) -> bool:
    """Whether there are requests of several slots, few enough for an exact search."""
    return layout.model == "shared" and len(layout.arc) <= SMALL and bool((layout.size > 1).any())


def with_core(plan: Plan, core: Core) -> Plan:
    """The plan with another assignment, and the duals it had."""
    jobs = replace(plan.jobs, job_of=core.job_of) if plan.jobs else None
    return replace(plan, arc_of=core.arc_of, jobs=jobs)


class PriceSearch:
    """Prices of quotas by steps that shrink when they overshoot, keeping the lowest bound and the best lawful plan."""

    def __init__(self, ceilings: Ceilings, solver: Solver, effort: Effort) -> None:
        self.ceilings, self.layout, self.solver, self.effort = ceilings, ceilings.layout, solver, effort
        instance = self.layout.instance
        per_person = instance.weight // instance.persons[instance.arc_household]
        self.now = np.zeros(len(instance.quota_limit), np.int64)
        self.stride = np.full(len(self.now), max(1, int(per_person.mean())), np.int64)
        self.side = np.zeros(len(self.now), np.int64)  # 1: too many persons at the last price, -1: too few
        self.bound = self.proven = 2**62  # without and with trust in the pins
        self.best_value = -1
        self.best = Core(np.zeros(0, np.int64), np.zeros(0, np.int64))

    def best_plan(self) -> Plan:
        """The best lawful assignment, with the duals of the lowest bound."""
        return with_core(self.plan, self.best)

    def may_improve(self) -> bool:
        """Whether anything is still to be won."""
        return self.best_value < self.proven

    def step(self) -> None:
        """One more set of prices: dearer where too many came in, cheaper where there is room."""
        side = np.sign(self.ceilings.over(self.last))
        side = np.where((side < 0) & (self.now == 0), 0, side)
        turned = side * self.side < 0
        self.stride = np.where(turned, (self.stride + 1) // 2, self.stride)
        self.now = np.maximum(0, self.now + side * self.stride)
        self.side = np.where(side != 0, side, self.side)
        self.look_at(self.solver(self.layout, rationed(self.layout, self.now), self.effort, silent), self.now)

    def look_again(self, effort: Effort) -> None:
        """The best prices once more, with all the effort where the model has a search of its own."""
        if self.layout.opens and self.may_improve():
            plan = self.solver(self.layout, rationed(self.layout, self.quota), effort, silent)
            self.bound = 2**62
            self.look_at(plan, self.quota)

    def look_closer(self, most: int) -> None:
        """An exact search over the arcs nearest to the best prices, over twice as many while much is left open."""
        if self.layout.model == "joint" and not is_small_joint(self.layout):
            return
        weight = rationed(self.layout, self.quota)
        if len(weight) > MANY and most < MANY and self.best_value >= NEAR * self.proven:
            return
        size = max(LEAST_CORE, CORE_PER_HOUSEHOLD * len(self.layout.instance.persons))
        while size <= most and self.may_improve():
            core = best_of_core(self.layout, self.plan, self.best.arc_of, weight, size)
            if core is not None and (self.ceilings.over(core.arc_of) <= 0).all():
                self.keep_better(core)
            if size >= len(weight) or self.best_value >= ENOUGH * self.proven:
                break
            size *= 2

    def keep_better(self, core: Core) -> None:
        """Remember a lawful plan if it is the best so far."""
        if (value := _value(self.layout, core)) > self.best_value:
            self.best_value, self.best = value, core

    def look_at(self, plan: Plan, quota: Ints) -> None:
        """Take what a set of prices has found."""
        self.last = plan.arc_of
        bound = _bound(self.layout, plan, quota)
        given_pins = plan.bound_with_pins + int(quota @ self.layout.instance.quota_limit)
        self.proven = min(self.proven, given_pins)
        if bound < self.bound:
            self.bound, self.plan, self.quota = bound, plan, quota.copy()
        none = np.zeros(0, np.int64)
        self.keep_better(Core(make_lawful(self.ceilings, plan), plan.jobs.job_of if plan.jobs else none))


def _bound(layout: Layout, plan: Plan, quota: Ints) -> int:
    if layout.model == "whole":
        return bound_of_whole(layout, rationed(layout, quota), plan.price, quota)
    if plan.jobs:
        return plan.jobs.bound // SCALE + int(quota @ layout.instance.quota_limit)
    return bound_of_shared(layout, net_of(layout, rationed(layout, quota)), plan.gain, quota, 1)


def _value(layout: Layout, core: Core) -> int:
    if len(pins_broken(layout, core.arc_of)):
        return -1
    homes = int(layout.instance.weight[layout.arc[core.arc_of[core.arc_of >= 0]]].sum())
    jobs = core.job_of[core.job_of >= 0]
    return homes + (int(layout.instance.jobs.weight[jobs].sum()) if len(jobs) else 0)


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
        housed = self.arc_of[self.arc_of >= 0]
        used = np.bincount(layout.node[housed], layout.size[housed], len(layout.slots)).astype(np.int64)
        self.room = np.where(plan.is_open, layout.slots - used, 0)
        self.goes = plan.jobs.goes if plan.jobs else np.ones(len(layout.arc), bool)
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
                self.room[self.layout.node[arc]] += self.layout.size[arc]
                self.over[quotas] -= self.persons[arc]

    def let_in(self) -> None:
        """Give free places to whom they fit, the most valuable first."""
        out = np.flatnonzero(
            self.goes
            & (self.arc_of[self.layout.household] < 0)
            & (self.room[self.layout.node] >= self.layout.size)
        )
        for arc in out[np.argsort(-self.weight[out], kind="stable")].tolist():
            h, n = int(self.layout.household[arc]), int(self.layout.node[arc])
            quotas = self._quotas_of(arc)
            fits = all(self.over[q] + self.persons[arc] <= 0 for q in quotas)
            if fits and self.arc_of[h] < 0 and self.room[n] >= self.layout.size[arc]:
                self.arc_of[h] = arc
                self.room[n] -= self.layout.size[arc]
                self.over[quotas] += self.persons[arc]

    def _quotas_of(self, arc: int) -> list[int]:
        return self.of_dwelling.get(int(self.layout.dwelling[self.layout.node[arc]]), [])
