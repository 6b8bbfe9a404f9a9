"""The model `joint`: homes and jobs together.

With a price on every post the jobs of a household are settled by its home: each arc is worth its weight and what the best
jobs that go with it add, and homes are a problem of `shared`. With homes settled, jobs are a transport of seekers to
posts, and the reverse. Plans come from three starts (homes first, jobs first, prices) and go to and fro between the two
halves while that is worth more; prices come from a deflected subgradient on households and posts together.
"""

from dataclasses import replace

import numpy as np

from ali.matching.joint_bounds import ByBed, lowest
from ali.matching.layout import Layout
from ali.matching.market import Both, Market
from ali.matching.plan import SCALE, Effort, JobPlan, Plan, Progress, silent, with_pins
from ali.matching.shared import solve_shared
from ali.matching.subgradient import Reals
from ali.matching.tables import Ints
from ali.matching.transport import NONE

MOST_TURNS = 6  # between homes and jobs
TURNS = 4  # between prices and plans
FAR_STEP, NEXT_STEP = 1.0, 0.7  # first moves of the bound, and how they shrink from turn to turn


class Search:
    """The best plan so far, and how to make a better one."""

    def __init__(self, market: Market, effort: Effort) -> None:
        self.market, self.effort = market, effort
        self.light = replace(effort, rounds=0)
        nobody = with_pins(market.layout, np.full(len(market.layout.instance.persons), NONE, np.int64))
        idle = np.full(market.seekers, NONE, np.int64)
        nobody[market.short_of_income(nobody, idle)] = NONE
        self.best = market.both(nobody, idle)

    def house(self, weight: Ints, effort: Effort) -> Plan:
        """The best homes at these weights."""
        return solve_shared(self.market.layout, weight, effort, silent)

    def improve(self, plan: Both, posts: Ints) -> Both:
        """Homes that go with the jobs, jobs that go with the homes, while that is worth more."""
        for _ in range(MOST_TURNS):
            homes = self.house(self.market.homes_with(plan.job_of), self.light).arc_of
            better = self.market.both(homes, plan.job_of)
            better = better if better.value > plan.value else plan
            again, _ = self.market.take_jobs(better.arc_of, posts)
            better = again if again.value > better.value else better
            if better.value <= plan.value:
                break
            plan = better
        return plan

    def keep(self, plan: Both) -> None:
        """Remember a plan if it is the best."""
        if plan.value > self.best.value:
            self.best = plan

    def homes_first(self) -> None:
        """Who has a home sees what is left: the best homes without jobs, then the best jobs."""
        free = np.where(self.market.packages.needs == 0, self.market.weight, 0)
        homes = self.house(free, self.light).arc_of
        plan, _ = self.market.take_jobs(homes, self.market.no_prices())
        self.keep(self.improve(plan, self.market.no_prices()))

    def jobs_first(self) -> Ints:
        """The best jobs wherever they are, then the best homes they allow; gives what a post is worth."""
        market = self.market
        homeless = with_pins(market.layout, np.full(len(market.layout.instance.persons), NONE, np.int64))
        plan, posts = market.take_jobs(homeless, market.no_prices())
        homes = self.house(market.homes_with(plan.job_of), self.light).arc_of
        self.keep(self.improve(market.both(homes, plan.job_of), posts))
        return posts

    def at_prices(self, posts: Ints) -> Plan:
        """The best homes when posts have these prices, then jobs, and to and fro; gives the homes with their duals."""
        homes = self.house(self.market.homes_at(posts), self.light)
        plan, _ = self.market.take_jobs(homes.arc_of, posts)
        self.keep(self.improve(plan, posts))
        return homes


def solve_joint(layout: Layout, weight: Ints, effort: Effort, progress: Progress) -> Plan:
    """The best homes and jobs found within the effort, with prices of beds and posts that prove how good they are."""
    market = Market(layout, weight)
    search, bound = Search(market, effort), ByBed(market)
    progress("joint", 0.0)
    search.homes_first()
    progress("joint", 0.2)
    posts = search.jobs_first()
    progress("joint", 0.3)
    homes = search.at_prices(posts)
    prices = bound.start(homes, posts)
    proven, step = bound.look(prices)[0], FAR_STEP
    for turn in range(TURNS if effort.rounds else 0):
        progress("joint", 0.4 + 0.5 * turn / TURNS)
        if proven - search.best.value < 1:
            break
        rounds, target = effort.rounds // (4 * TURNS), float(search.best.value)
        proven, prices = lowest(bound.look, prices, target, rounds, step)
        search.at_prices(np.rint(prices[len(market.slots) :]).astype(np.int64))
        step *= NEXT_STEP
    return _plan(market, search.best, prices)


def _plan(market: Market, best: Both, prices: Reals) -> Plan:
    nodes = len(market.slots)
    price = np.rint(prices * SCALE).astype(np.int64)
    proof = ByBed(market)
    proven = proof.exact(price[:nodes], price[nodes:], SCALE)
    layout = market.layout
    is_open = np.bincount(layout.node[best.arc_of[best.arc_of >= 0]], minlength=nodes) > 0
    is_open[: layout.first_use] = True
    goes = market.homes_with(best.job_of) > 0
    return Plan(
        arc_of=best.arc_of,
        gain=np.zeros(len(best.arc_of), np.int64),
        price=price[:nodes],
        is_open=is_open,
        bound_with_pins=proven // SCALE,
        jobs=JobPlan(best.job_of, price[nodes:], market.jobs.weight, goes, proven),
    )
