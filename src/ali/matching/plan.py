"""What a model hands over: who uses which arc, what a slot is worth, and what each budget may spend."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ali.matching.layout import Layout
from ali.matching.tables import Ints

SCALE = 100  # prices that are not whole keep two decimals
Progress = Callable[[str, float], None]  # stage, share done; raising in it stops the run


@dataclass(frozen=True)
class Effort:
    """A budget in counts, never in seconds: the same on every machine."""

    work: int  # looks at each arc, in the search of uses
    least_work: int  # arcs that may be looked at however small the instance
    rounds: int  # rounds of the bound
    rations: int  # rounds of the prices of quotas
    core: int  # arcs left to the exact solver under quotas, 0 for none


EFFORTS = {
    "small": Effort(work=50, least_work=2_000_000, rounds=100, rations=8, core=0),
    "normal": Effort(work=150, least_work=20_000_000, rounds=400, rations=14, core=20_000),
    "large": Effort(work=5_000, least_work=200_000_000, rounds=3_000, rations=40, core=200_000),
}


@dataclass(frozen=True, eq=False)
class JobPlan:
    """Who takes which opening, and what a post is worth."""

    job_of: Ints  # job arc of each seeker, -1 for none
    price: Ints  # of one post of each opening, scaled
    weight: Ints  # of each job arc
    goes: np.ndarray[tuple[int], np.dtype[np.bool_]]  # per net arc, whether it goes with these jobs
    bound: int  # what the prices prove, scaled, quotas apart

    @property
    def value(self) -> int:
        """Sum of the weights of the jobs taken."""
        return int(self.weight[self.job_of[self.job_of >= 0]].sum())


@dataclass(frozen=True, eq=False)
class Plan:
    """An assignment on a layout, pinned households included, and the duals it was found with."""

    arc_of: Ints  # net arc of each household, -1 for none
    gain: Ints  # of each household, 0 for a pinned one
    price: Ints  # of one slot of each node
    is_open: np.ndarray[tuple[int], np.dtype[np.bool_]]  # whether each node is in use or may be
    bound_with_pins: int  # nothing that obeys the pins is worth more, in the weights it was found with
    household_price: NDArray[np.float64] | None = (
        None  # prices to prove `shared` with, where the search has some
    )
    jobs: JobPlan | None = None  # in `joint`, where prices are scaled

    def value(self, weight: Ints) -> int:
        """Sum of these weights over the arcs in use, and of the jobs."""
        jobs = self.jobs.value if self.jobs else 0
        return int(weight[self.arc_of[self.arc_of >= 0]].sum()) + jobs

    def homes(self, layout: Layout) -> Ints:
        """Dwelling of each household, -1 for none."""
        return np.where(self.arc_of >= 0, layout.dwelling[layout.node[self.arc_of]], -1)


def with_pins(layout: Layout, arc_of: Ints) -> Ints:
    """The same arcs with those of the pinned households."""
    out = arc_of.copy()
    pinned = np.flatnonzero(layout.is_pinned)
    out[layout.household[pinned]] = pinned
    return out


def free_households(layout: Layout) -> Ints:
    """The households that no pin holds, territory by territory: who competes for the same homes comes together."""
    free = np.ones(len(layout.instance.persons), bool)
    free[layout.instance.pinned.household] = False
    order = np.argsort(layout.instance.territory, kind="stable")
    return order[free[order]].astype(np.int64)


def silent(stage: str, share: float) -> None:
    """Nobody is watching."""
