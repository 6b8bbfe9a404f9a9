"""Homes and jobs of `joint` on one table: which job goes with which home, and one half when the other is settled."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ali.matching.checks import Flags
from ali.matching.instance import OPEN, WHOLE
from ali.matching.jobs import Jobs
from ali.matching.layout import USES, Layout, empty_between, net_between, net_of, pins_broken, starts_of
from ali.matching.packages import (
    Packages,
    Scratch,
    homes_that_go,
    jobs_that_go,
    package_weights,
    reach_of,
)
from ali.matching.tables import Ints
from ali.matching.transport import Net
from ali.matching.whole import bring_in

BROKEN = -(2**60)
NEEDED = 2  # a job that goes with a home which needs its income


@dataclass(frozen=True, eq=False)
class Both:
    """Homes and jobs: the net arc of each household and the job arc of each seeker, -1 for none."""

    arc_of: Ints
    job_of: Ints
    value: int  # BROKEN where a pin is not obeyed


class Market:
    """Homes with their weights (quotas paid), jobs, and which go together."""

    def __init__(self, layout: Layout, weight: Ints) -> None:
        self.layout, self.weight = layout, weight
        self.jobs: Jobs = layout.instance.jobs
        self.net = net_of(layout, weight)
        self.packages = _packages(layout, self.jobs, self.net)
        most = int(np.diff(self.packages.seat_start).max(initial=0)) + 1
        self.scratch = Scratch(*(np.zeros(most + 1, np.int64) for _ in range(5)))
        self.seekers = len(self.jobs.seeker_household)
        top = int(weight.max(initial=1)) + int(self.jobs.weight.max(initial=1))
        self.must = 4 * top  # what a job is worth more where the home needs its income

    @cached_property
    def slots(self) -> Ints:
        """Slots of each node as the published bound counts them: all its beds."""
        instance, first = self.layout.instance, self.layout.first_use
        beds = instance.beds[self.layout.dwelling]
        slots = np.where(instance.mode[self.layout.dwelling] == WHOLE, 1, beds)
        slots[:first][instance.mode == OPEN] = 0
        slots[first + 2 :: USES] = 1
        return slots

    def no_prices(self) -> Ints:
        """Posts for nothing."""
        return np.zeros(len(self.jobs.posts), np.int64)

    def both(self, arc_of: Ints, job_of: Ints) -> Both:
        """The plan with its value."""
        homes, jobs = arc_of[arc_of >= 0], job_of[job_of >= 0]
        value = int(self.weight[homes].sum()) + int(self.jobs.weight[jobs].sum())
        broken = len(pins_broken(self.layout, arc_of)) or self.short_of_income(arc_of, job_of).any()
        return Both(arc_of, job_of, BROKEN if broken else value)

    def job_values(self, posts: Ints) -> Ints:
        """What each job arc is worth once its post is paid."""
        return self.jobs.weight - posts[self.jobs.arc_opening]

    def homes_at(self, posts: Ints) -> Ints:
        """What each arc is worth with the best jobs that go with it, over the jobs without a home."""
        out = np.zeros(len(self.weight), np.int64)
        floor = np.zeros(len(self.layout.instance.persons), np.int64)
        demand = np.zeros(len(self.jobs.posts))
        package_weights(self.packages, self.scratch, self.weight, self.job_values(posts), floor, out, demand)
        return out

    def homes_with(self, job_of: Ints) -> Ints:
        """The weights of the arcs that go with these jobs, 0 for the others."""
        goes = np.zeros(len(self.weight), bool)
        homes_that_go(self.packages, job_of, goes)
        return np.where(goes, self.weight, 0)

    def take_jobs(self, arc_of: Ints, posts: Ints) -> tuple[Both, Ints]:
        """The best jobs for these homes, and what a post is worth; a home that its jobs cannot carry is given up."""
        goes = np.zeros(len(self.jobs.weight), np.int64)
        jobs_that_go(self.packages, self.scratch, arc_of, self.job_values(posts), goes)
        weight = np.where(goes > 0, self.jobs.weight, 0) + np.where(goes == NEEDED, self.must, 0)
        net = net_between(self.jobs.arc_seeker, self.jobs.arc_opening, weight, self.seekers, self.jobs.posts)
        state = empty_between(self.seekers, self.jobs.posts, self.jobs.posts)
        bring_in(net, state, np.arange(self.seekers))
        kept = arc_of.copy()
        kept[self.short_of_income(arc_of, state.arc_of)] = -1
        return self.both(kept, state.arc_of), state.price

    def short_of_income(self, arc_of: Ints, job_of: Ints) -> Flags:
        """The households whose jobs do not bring what their home needs."""
        income = np.zeros(len(arc_of), np.int64)
        taken = job_of[job_of >= 0]
        np.add.at(income, self.jobs.arc_household[taken], self.jobs.income[taken])
        needs = np.where(arc_of >= 0, self.packages.needs[arc_of], 0)
        short: Flags = needs > income
        return short


def _packages(layout: Layout, jobs: Jobs, net: Net) -> Packages:
    seat_start = starts_of(np.bincount(jobs.seeker_household, minlength=len(layout.instance.persons)))
    job_start = starts_of(np.bincount(jobs.arc_seeker, minlength=len(jobs.seeker_household)))
    most = int((job_start[seat_start[1:]] - job_start[seat_start[:-1]]).max(initial=0))
    reach = reach_of(
        layout.household, net.col_start, net.col_arc, layout.dwelling,
        starts_of(np.bincount(jobs.commute_dwelling, minlength=len(layout.instance.mode))), jobs.commute_opening,
        seat_start, job_start, jobs.arc_opening, len(jobs.posts), max(1, (most + 63) // 64),
    )  # fmt: skip
    needs = layout.instance.needs_income[layout.arc]
    return Packages(net.row_start, needs, reach, seat_start, job_start, jobs.arc_opening, jobs.income)
