#!/usr/bin/env python3
"""What HiGHS (through scipy, one thread) makes of an instance; shares no code with the engine.

    python highs_model.py INSTANCE --model whole|shared|joint [--limit SECONDS] [--gap 1e-4]

`whole` is the linear programme (its vertices are whole numbers); `shared` and `joint` are mixed integer programmes with
the rows household-in-use <= use one by one, as docs/how-to/check-a-round.md describes the models. Prints one JSON line:
{objective, bound, cpu_seconds, status}; the seconds are those of the solver alone.
"""

import argparse
import json
from pathlib import Path
from time import process_time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

OPEN, FAMILY = 3, 2


class Model:
    """Columns: arcs, then job arcs, then uses of open dwellings; rows are added block by block."""

    def __init__(self, folder: Path, model: str) -> None:
        self.folder, self.model = folder, model
        people, homes, arcs = (self.read(name) for name in ("households", "dwellings", "arcs"))
        self.people, self.homes = people["household"], homes["dwelling"]
        self.group = at(people["group"], pa.array(["man", "woman", "family"]))
        self.mode = at(homes["mode"], pa.array(["whole", "men", "women", "open"]))
        self.persons, self.beds = people["persons"].to_numpy(), homes["beds"].to_numpy()
        needs = arcs["needs_income_eur"].to_numpy()
        keep = np.ones(len(needs), bool) if model == "joint" else needs == 0
        self.h, self.d = at(arcs["household"], self.people)[keep], at(arcs["dwelling"], self.homes)[keep]
        self.w, self.needs = arcs["weight"].to_numpy()[keep], needs[keep]
        self.blocks: list[sparse.csr_matrix] = []
        self.limits: list[np.ndarray] = []
        jobs = self.read("job_arcs") if model == "joint" else None
        self.jw = jobs["weight"].to_numpy() if jobs else np.zeros(0)
        opens = np.flatnonzero(self.mode == OPEN) if model != "whole" else np.zeros(0, np.int64)
        self.rank = np.full(len(self.mode), -1)
        self.rank[opens] = np.arange(len(opens))
        self.uses, self.opens = 3 * len(opens), opens
        self.width = len(self.h) + len(self.jw) + self.uses
        self.homes_rows()
        if jobs:
            self.jobs_rows(jobs)

    def read(self, name: str) -> dict[str, pa.Array]:
        """One table as columns."""
        table = pq.read_table(self.folder / f"{name}.parquet")
        return {column: table[column].combine_chunks() for column in table.column_names}

    def add(self, row: np.ndarray, column: np.ndarray, value: np.ndarray, limit: np.ndarray) -> None:
        """One block of rows, each at most its limit."""
        shape = (len(limit), self.width)
        self.blocks.append(sparse.csr_matrix((value.astype(float), (row, column)), shape=shape))
        self.limits.append(np.asarray(limit, float))

    def homes_rows(self) -> None:
        """One home each, slots or beds of each home, one use of each open home."""
        each, one = np.arange(len(self.h)), np.ones(len(self.h))
        self.add(self.h, each, one, np.ones(len(self.people)))
        in_use = self.rank[self.d] >= 0
        by_bed = (self.mode[self.d] > 0) & (self.group[self.h] != FAMILY) & (self.model != "whole")
        size = np.where(by_bed, self.persons[self.h], 1)
        plain = ~in_use
        self.add(self.d[plain], each[plain], size[plain], np.where(self.mode == 0, 1, self.beds))
        if not self.uses:
            return
        use = 3 * self.rank[self.d] + self.group[self.h]
        first = len(self.h) + len(self.jw)
        column, room = first + np.arange(self.uses), np.repeat(self.beds[self.opens], 3)
        room[FAMILY::3] = 1
        row = np.concatenate([use[in_use], np.arange(self.uses)])
        self.add(
            row,
            np.concatenate([each[in_use], column]),
            np.concatenate([size[in_use], -room]),
            np.zeros(self.uses),
        )
        arc = each[in_use]
        pair = np.arange(len(arc))
        self.add(
            np.concatenate([pair, pair]),
            np.concatenate([arc, first + use[in_use]]),
            np.concatenate([np.ones(len(arc)), -np.ones(len(arc))]),
            np.zeros(len(arc)),
        )
        self.add(np.arange(self.uses) // 3, column, np.ones(self.uses), np.ones(len(self.opens)))

    def jobs_rows(self, jobs: dict[str, pa.Array]) -> None:
        """One job each, posts, income that homes need, and jobs that do not go with a home."""
        openings, commutes = self.read("openings"), self.read("commutes")
        h, o = at(jobs["household"], self.people), at(jobs["opening"], openings["opening"])
        _, seeker = np.unique(h * 1000 + jobs["person"].to_numpy(), return_inverse=True)
        column, one = len(self.h) + np.arange(len(h)), np.ones(len(h))
        self.add(seeker, column, one, np.ones(seeker.max() + 1))
        self.add(o, column, one, openings["posts"].to_numpy())
        needy = np.flatnonzero(self.needs > 0)
        self.add(
            np.concatenate([self.h[needy], h]),
            np.concatenate([needy, column]),
            np.concatenate([self.needs[needy], -jobs["income_eur"].to_numpy()]),
            np.zeros(len(self.people)),
        )
        wide = len(openings["opening"])
        near = np.sort(
            at(commutes["dwelling"], self.homes) * wide + at(commutes["opening"], openings["opening"])
        )
        order = np.argsort(self.h, kind="stable")
        start = np.searchsorted(self.h[order], np.arange(len(self.people) + 1))
        rows, columns = [], []
        for j in range(len(h)):
            arcs = order[start[h[j]] : start[h[j] + 1]]
            key = self.d[arcs] * wide + o[j]
            place = np.minimum(np.searchsorted(near, key), len(near) - 1)
            apart = arcs[near[place] != key]
            rows.append(np.full(len(apart) + 1, j))
            columns.append(np.append(apart, len(self.h) + j))
        row, col = np.concatenate(rows), np.concatenate(columns)
        self.add(row, col, np.ones(len(row)), np.ones(len(h)))

    def solve(self, limit: float, gap: float) -> dict[str, float | int | None]:
        """Run HiGHS."""
        cost = -np.concatenate([self.w, self.jw, np.zeros(self.uses)]).astype(float)
        rows = LinearConstraint(sparse.vstack(self.blocks), -np.inf, np.concatenate(self.limits))
        whole = np.zeros(self.width) if self.model == "whole" else np.ones(self.width)
        options = {"time_limit": limit, "mip_rel_gap": gap}
        start = process_time()
        answer = milp(cost, constraints=rows, integrality=whole, bounds=Bounds(0, 1), options=options)
        seconds = process_time() - start
        bound = answer.mip_dual_bound if self.model != "whole" else answer.fun
        return {
            "objective": None if answer.fun is None else round(-answer.fun),
            "bound": None if bound is None else -bound,
            "cpu_seconds": seconds,
            "status": int(answer.status),
        }


def at(values: pa.Array, ids: pa.Array) -> np.ndarray:
    """Position of each value."""
    return np.asarray(pc.index_in(values, value_set=ids)).astype(np.int64)


def main() -> None:
    """Solve one instance and print what came out."""
    a = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    a.add_argument("instance", type=Path)
    a.add_argument("--model", choices=["whole", "shared", "joint"], required=True)
    a.add_argument("--limit", type=float, default=120.0)
    a.add_argument("--gap", type=float, default=1e-4)
    a = a.parse_args()
    print(json.dumps(Model(a.instance, a.model).solve(a.limit, a.gap)))


if __name__ == "__main__":
    main()
