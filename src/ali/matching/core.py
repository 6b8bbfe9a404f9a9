"""The exact search over the few arcs that can matter once ceilings have their prices (HiGHS, through scipy).

An arc that is far from worth its prices is in no good plan. What is left is small: a mixed integer programme with a
limit on nodes, never on seconds, so that the same input gives the same answer.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ali.matching.jobs import Jobs
from ali.matching.layout import USES, Layout
from ali.matching.plan import Plan
from ali.matching.tables import Ints

NODES = 100


class Core(NamedTuple):
    """An assignment: the net arc of each household and, in `joint`, the job arc of each seeker, -1 for none."""

    arc_of: Ints
    job_of: Ints


def best_of_core(layout: Layout, plan: Plan, start: Ints, weight: Ints, size: int) -> Core | None:
    """The best lawful plan over the `size` arcs nearest to the prices of `plan`, or None if none was found."""
    arcs = _nearest(layout, plan, start, weight, size)
    model = _Programme(layout, arcs)
    chosen = model.solve()
    if chosen is None:
        return None
    out = np.full(len(layout.instance.persons), -1, np.int64)
    picked = np.concatenate([arcs[chosen[chosen < len(arcs)]], np.flatnonzero(layout.is_pinned)])
    out[layout.household[picked]] = picked
    if layout.model != "joint":
        return Core(out, np.zeros(0, np.int64))
    jobs = layout.instance.jobs
    job_of = np.full(len(jobs.seeker_household), -1, np.int64)
    taken = chosen[chosen >= len(arcs)] - len(arcs)
    job_of[jobs.arc_seeker[taken]] = taken
    return Core(out, job_of)


def _nearest(layout: Layout, plan: Plan, start: Ints, weight: Ints, size: int) -> Ints:
    short = plan.gain[layout.household] + layout.size * _prices(layout, plan)[layout.node] - weight
    short[start[start >= 0]] = -1
    free = np.flatnonzero(~layout.is_pinned & (layout.capacity[layout.node] > 0))
    return np.sort(free[np.argsort(short[free], kind="stable")[:size]])


def _prices(layout: Layout, plan: Plan) -> NDArray[np.float64]:
    """Prices of the slots; in a use that is closed, what the use in force earns, shared by the slots it would have."""
    price = plan.price.astype(np.float64)
    if layout.opens:
        earns = np.where(plan.is_open, plan.price * layout.slots, 0)[layout.first_use :]
        best = np.repeat(earns.reshape(-1, USES).max(1), USES)
        closed = ~plan.is_open[layout.first_use :]
        shared = best / np.maximum(layout.slots[layout.first_use :], 1)
        price[layout.first_use :] = np.where(closed, shared, price[layout.first_use :])
    return price


class _Programme:
    """Rows: households, slots of nodes, one use per open dwelling, ceilings."""

    def __init__(self, layout: Layout, arcs: Ints) -> None:
        self.layout, self.arcs = layout, arcs
        self.rows: list[Ints] = []
        self.columns: list[Ints] = []
        self.values: list[NDArray[np.float64]] = []
        self.limits: list[NDArray[np.float64]] = []
        self.height = 0
        h, n = layout.household[arcs], layout.node[arcs]
        each = np.arange(len(arcs))
        self.jobs = layout.instance.jobs if layout.model == "joint" else None
        self.first_use_column = len(arcs) + (len(self.jobs.weight) if self.jobs else 0)
        self._add(h, each, np.ones(len(arcs)), np.ones(len(layout.instance.persons)))
        in_use = n >= layout.first_use
        limit = np.where(np.arange(len(layout.slots)) < layout.first_use, layout.capacity, 0)
        size = layout.size[arcs].astype(np.float64)
        self._add(n, each, size, limit.astype(np.float64), self._use_columns())
        if in_use.any():
            self._uses(n, each, in_use)
        self._ceilings(h, n, each)
        if self.jobs:
            self._posts(self.jobs, each)
            self._incomes(self.jobs)
            self._commutes(self.jobs)

    def _use_columns(self) -> tuple[Ints, Ints, NDArray[np.float64]]:
        nodes = np.arange(self.layout.first_use, len(self.layout.slots))
        return nodes, self._column_of(nodes), -self.layout.capacity[nodes].astype(np.float64)

    def _column_of(self, node: Ints) -> Ints:
        return self.first_use_column + node - self.layout.first_use

    def _uses(self, n: Ints, each: Ints, in_use: NDArray[np.bool_]) -> None:
        rows = np.arange(int(in_use.sum()))
        minus = -np.ones(len(rows))
        more = (rows, self._column_of(n[in_use]), minus)
        self._add(rows, each[in_use], np.ones(len(rows)), np.zeros(len(rows)), more)
        nodes = np.arange(self.layout.first_use, len(self.layout.slots))
        dwelling = (nodes - self.layout.first_use) // USES
        self._add(dwelling, self._column_of(nodes), np.ones(len(nodes)), np.ones(self.layout.opens))

    def _ceilings(self, h: Ints, n: Ints, each: Ints) -> None:
        instance, layout = self.layout.instance, self.layout
        limit = instance.quota_limit.astype(np.float64)
        must = np.zeros(len(instance.mode), np.int64)
        np.add.at(must, instance.pinned.dwelling, instance.persons[instance.pinned.household])
        np.subtract.at(limit, instance.quota_row, must[instance.quota_dwelling])
        order = np.argsort(layout.dwelling[n], kind="stable")
        d = layout.dwelling[n][order]
        low = np.searchsorted(d, instance.quota_dwelling, "left")
        many = np.searchsorted(d, instance.quota_dwelling, "right") - low
        row = np.repeat(instance.quota_row, many)
        at = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many) + np.repeat(low, many)
        column = each[order][at]
        self._add(row, column, instance.persons[h][column].astype(np.float64), limit)

    def _posts(self, jobs: Jobs, each: Ints) -> None:
        column = len(each) + np.arange(len(jobs.weight))
        self._add(jobs.arc_seeker, column, np.ones(len(column)), np.ones(len(jobs.seeker_household)))
        self._add(jobs.arc_opening, column, np.ones(len(column)), jobs.posts.astype(np.float64))

    def _incomes(self, jobs: Jobs) -> None:
        """The jobs of a household bring what its home needs; what a pinned home needs they bring anyhow."""
        layout = self.layout
        column = len(self.arcs) + np.arange(len(jobs.weight))
        needs = layout.instance.needs_income[layout.arc[self.arcs]].astype(np.float64)
        limit = np.zeros(len(layout.instance.persons))
        held = np.flatnonzero(layout.is_pinned)
        limit[layout.household[held]] = -layout.instance.needs_income[layout.arc[held]]
        more = (jobs.arc_household, column, -jobs.income.astype(np.float64))
        self._add(layout.household[self.arcs], np.arange(len(self.arcs)), needs, limit, more)

    def _commutes(self, jobs: Jobs) -> None:
        """One row for each job and home that do not go together; small instances only."""
        layout, wide = self.layout, max(1, len(jobs.posts))
        known = jobs.commute_dwelling * wide + jobs.commute_opening
        held = np.flatnonzero(layout.is_pinned)
        arcs = np.concatenate([self.arcs, held])
        arc, job = np.nonzero(layout.household[arcs][:, None] == jobs.arc_household[None, :])
        dwelling = layout.dwelling[layout.node[arcs[arc]]]
        apart = ~np.isin(dwelling * wide + jobs.arc_opening[job], known)
        arc, job = arc[apart], job[apart]
        free = arc < len(self.arcs)
        rows = np.arange(len(arc))
        more = (rows[free], arc[free], np.ones(int(free.sum())))
        self._add(rows, len(self.arcs) + job, np.ones(len(job)), free.astype(np.float64), more)

    def _add(
        self,
        row: Ints,
        column: Ints,
        value: NDArray[np.float64],
        limit: NDArray[np.float64],
        more: tuple[Ints, Ints, NDArray[np.float64]] | None = None,
    ) -> None:
        for r, c, v in ((row, column, value), *((more,) if more else ())):
            self.rows.append(r + self.height)
            self.columns.append(c)
            self.values.append(v)
        self.limits.append(limit)
        self.height += len(limit)

    def solve(self) -> Ints | None:
        """Positions of the chosen arcs."""
        from scipy import sparse  # noqa: PLC0415  slow to import, needed only under quotas
        from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415

        uses = len(self.layout.slots) - self.layout.first_use
        width = self.first_use_column + uses
        where = (np.concatenate(self.rows), np.concatenate(self.columns))
        matrix = sparse.csr_matrix((np.concatenate(self.values), where), shape=(self.height, width))
        weight = self.layout.instance.weight[self.layout.arc[self.arcs]].astype(np.float64)
        if self.jobs:
            weight = np.concatenate([weight, self.jobs.weight])
        answer = milp(
            np.concatenate([-weight, np.zeros(uses)]),
            constraints=LinearConstraint(matrix, -np.inf, np.concatenate(self.limits)),
            integrality=np.ones(width),
            bounds=Bounds(0, 1),
            options={"node_limit": NODES, "mip_rel_gap": 0.0},
        )
        return None if answer.x is None else np.flatnonzero(answer.x[: self.first_use_column] > 0.5)
