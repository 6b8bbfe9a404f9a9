"""Packages of `joint`: for each household the best jobs that go with a home, at given prices of posts.

Jobs of a household are numbered one after the other, seeker by seeker; one bit for each says, arc by arc, whether the
dwelling has a commute to it. An arc that needs income is worth taking only with jobs that bring it: few members, few
openings each, so a search with two bounds (value and income still to come) finds the best of all choices.
"""

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from ali.matching.compiled import kernel
from ali.matching.tables import Ints

Number = TypeVar("Number", np.int64, np.float64)
Bits = NDArray[np.uint64]
NEVER = -(2**60)
NO_JOB = -1


class Packages(NamedTuple):
    """What does not change: arcs by household, seekers by household, job arcs by seeker."""

    row_start: Ints
    needs: Ints  # of each net arc: the income that jobs must bring
    reach: Bits  # of each net arc: the jobs of its household that its dwelling can reach
    seat_start: Ints  # seekers of each household
    job_start: Ints  # job arcs of each seeker
    opening: Ints
    income: Ints


class Scratch(NamedTuple):
    """Working memory of one search, a row more than the largest household has seekers."""

    pick: Ints
    choice: Ints
    best_pick: Ints
    income: Ints
    most_income: Ints


@kernel
def reach_of(
    row_household: Ints, col_start: Ints, col_arc: Ints, node_dwelling: Ints, commute_start: Ints, commute: Ints,
    first_job: Ints, job_start: Ints, opening: Ints, openings: int, words: int,
) -> Bits:  # fmt: skip
    """The bits of every arc: dwelling by dwelling, the openings it reaches are marked once."""
    bits = np.zeros((len(row_household), words), np.uint64)
    mark = np.full(max(1, openings), -1, np.int64)
    for n in range(len(node_dwelling)):
        d = node_dwelling[n]
        if col_start[n + 1] > col_start[n]:
            for i in range(commute_start[d], commute_start[d + 1]):
                mark[commute[i]] = n
        for i in range(col_start[n], col_start[n + 1]):
            a = col_arc[i]
            h = row_household[a]
            first, last = job_start[first_job[h]], job_start[first_job[h + 1]]
            for j in range(first, last):
                if mark[opening[j]] == n:
                    bit = j - first
                    bits[a, bit >> 6] |= np.uint64(1) << np.uint64(bit & 63)
    return bits


@kernel
def reaches(p: Packages, a: int, bit: int) -> bool:
    """Whether the dwelling of arc a (-1: no dwelling) goes with the household's job number `bit`."""
    return a < 0 or (p.reach[a, bit >> 6] >> np.uint64(bit & 63)) & np.uint64(1) == np.uint64(1)


@kernel
def best_jobs(p: Packages, s: Scratch, h: int, a: int, value: NDArray[Number], least: Number) -> Number:
    """The most that jobs of household h are worth with arc a (-1: no home), if that is more than `least`.

    NEVER if they cannot bring what the arc needs; the jobs are left in `s.pick`, one per seeker.
    """
    total: Number = value[0] * 0
    got = 0
    first = p.seat_start[h]
    seats = p.seat_start[h + 1] - first
    origin = p.job_start[first]
    for k in range(seats):
        s.pick[k] = NO_JOB
        best = value[0] * 0
        for j in range(p.job_start[first + k], p.job_start[first + k + 1]):
            if value[j] > best and reaches(p, a, j - origin):
                best = value[j]
                s.pick[k] = j
        total += best
        if s.pick[k] >= 0:
            got += p.income[s.pick[k]]
    needs = p.needs[a] if a >= 0 else 0
    if got >= needs or total <= least:
        return total
    return _with_income(p, s, h, a, value, needs, least)


@kernel
def _with_income(
    p: Packages, s: Scratch, h: int, a: int, value: NDArray[Number], needs: int, least: Number
) -> Number:
    """The search over all choices worth more than `least`, member by member; `least` if there is none."""
    first = p.seat_start[h]
    seats = p.seat_start[h + 1] - first
    origin = p.job_start[first]
    worth = np.zeros(seats + 1, value.dtype)
    later = np.zeros(seats + 1, value.dtype)
    s.most_income[seats] = 0
    s.income[0] = 0
    for k in range(seats - 1, -1, -1):
        top = value[0] * 0
        most = 0
        for j in range(p.job_start[first + k], p.job_start[first + k + 1]):
            if reaches(p, a, j - origin):
                top = max(top, value[j])
                most = max(most, p.income[j])
        later[k] = later[k + 1] + top
        s.most_income[k] = s.most_income[k + 1] + most
    best: Number = least
    if s.most_income[0] < needs or later[0] <= least:
        return least
    k = 0
    s.choice[0] = p.job_start[first] - 2
    while k >= 0:
        if k == seats:
            if worth[k] > best:
                best = worth[k]
                for i in range(seats):
                    s.best_pick[i] = s.pick[i]
            k -= 1
            continue
        s.choice[k] += 1
        j = s.choice[k]
        if j >= p.job_start[first + k + 1]:
            k -= 1
            continue
        more = value[0] * 0
        brings = 0
        if j >= p.job_start[first + k]:
            if not reaches(p, a, j - origin):
                continue
            more = value[j]
            brings = p.income[j]
        if worth[k] + more + later[k + 1] <= best or s.income[k] + brings + s.most_income[k + 1] < needs:
            continue
        s.pick[k] = j if j >= p.job_start[first + k] else NO_JOB
        worth[k + 1] = worth[k] + more
        s.income[k + 1] = s.income[k] + brings
        k += 1
        if k < seats:
            s.choice[k] = p.job_start[first + k] - 2
    for i in range(seats):
        s.pick[i] = s.best_pick[i]
    return best


@kernel
def add_demand(p: Packages, s: Scratch, h: int, times: float, demand: NDArray[np.float64]) -> None:
    """Count the posts of the jobs in `s.pick`."""
    for k in range(p.seat_start[h + 1] - p.seat_start[h]):
        if s.pick[k] >= 0:
            demand[p.opening[s.pick[k]]] += times


@kernel
def package_weights(
    p: Packages, s: Scratch, weight: Ints, value: NDArray[Number], floor: NDArray[Number],
    out: NDArray[Number], demand: NDArray[np.float64],
) -> Number:  # fmt: skip
    """What each arc adds with its jobs to the jobs without a home, 0 where not above `floor` of the household.

    Returns the sum of the jobs without homes and leaves in `demand` the posts they take.
    """
    never = value[0] * 0 + NEVER
    total: Number = value[0] * 0
    demand[:] = 0.0
    for h in range(len(p.row_start) - 1):
        alone = best_jobs(p, s, h, -1, value, never)
        add_demand(p, s, h, 1.0, demand)
        total += alone
        for a in range(p.row_start[h], p.row_start[h + 1]):
            out[a] = 0
            if weight[a] > floor[h]:
                least = floor[h] + alone - weight[a]
                jobs = best_jobs(p, s, h, a, value, least)
                if jobs > least:
                    out[a] = weight[a] + jobs - alone
    return total


@kernel
def best_packages(
    p: Packages, s: Scratch, node: Ints, size: Ints, weight: Ints, price: NDArray[Number],
    value: NDArray[Number], demand: NDArray[np.float64], posts: NDArray[np.float64], last: Ints,
) -> Number:  # fmt: skip
    """Sum of every household's best package at prices of slots and posts; `demand` and `posts` become what they take.

    `last` holds the arc of each household's best package, -1 for none: what was best last time is looked at first.
    """
    never = value[0] * 0 + NEVER
    total: Number = value[0] * 0
    demand[:] = 0.0
    posts[:] = 0.0
    for h in range(len(p.row_start) - 1):
        alone = best_jobs(p, s, h, -1, value, never)
        best = alone
        chosen = -1
        a = last[h]
        if a >= 0:
            left = weight[a] - size[a] * price[node[a]]
            jobs = best_jobs(p, s, h, a, value, best - left)
            if left + jobs > best:
                best = left + jobs
                chosen = a
        for a in range(p.row_start[h], p.row_start[h + 1]):
            left = weight[a] - size[a] * price[node[a]]
            if left + alone > best:
                jobs = best_jobs(p, s, h, a, value, best - left)
                if left + jobs > best:
                    best = left + jobs
                    chosen = a
        best_jobs(p, s, h, chosen, value, never)
        add_demand(p, s, h, 1.0, posts)
        total += best
        last[h] = chosen
        if chosen >= 0:
            demand[node[chosen]] += size[chosen]
    return total


@kernel
def jobs_that_go(p: Packages, s: Scratch, arc_of: Ints, value: Ints, out: Ints) -> None:
    """For each job arc whether it goes with the home of its household: 0 no, 1 yes, 2 yes and the home needs its income.

    Where a home needs income the plan is the best package: every seeker may change to a job that brings no less, one of
    them to any that still reaches the need. Whatever they take, the income is there as long as each keeps such a job.
    """
    never = value[0] * 0 + NEVER
    for h in range(len(p.row_start) - 1):
        a = arc_of[h]
        first = p.seat_start[h]
        origin = p.job_start[first]
        free = a < 0 or p.needs[a] == 0
        spare = 0
        freest = 0
        if not free:
            if best_jobs(p, s, h, a, value, never) == never:
                continue
            got = 0
            for k in range(p.seat_start[h + 1] - first):
                if s.pick[k] >= 0:
                    got += p.income[s.pick[k]]
                    freest = k
            spare = got - p.needs[a]
        for k in range(p.seat_start[h + 1] - first):
            least = p.income[s.pick[k]] if not free and s.pick[k] >= 0 else 0
            if k == freest:
                least = max(0, least - spare)
            for j in range(p.job_start[first + k], p.job_start[first + k + 1]):
                if reaches(p, a, j - origin) and p.income[j] >= least:
                    out[j] = 2 if least > 0 else 1


@kernel
def homes_that_go(p: Packages, job_of: Ints, out: NDArray[np.bool_]) -> None:
    """For each net arc whether it goes with the jobs that its household has."""
    for h in range(len(p.row_start) - 1):
        first = p.seat_start[h]
        origin = p.job_start[first]
        got = 0
        for k in range(first, p.seat_start[h + 1]):
            if job_of[k] >= 0:
                got += p.income[job_of[k]]
        for a in range(p.row_start[h], p.row_start[h + 1]):
            goes = got >= p.needs[a]
            for k in range(first, p.seat_start[h + 1]):
                if job_of[k] >= 0 and not reaches(p, a, job_of[k] - origin):
                    goes = False
            out[a] = goes
