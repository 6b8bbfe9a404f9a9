#!/usr/bin/env python3
"""Measure the matching engine and print a table.

    python benchmarks/bench_matching.py [--seeds 201 202 203] [--no-mip] [--json FILE]

Every instance comes from make_instance.py or make_islands.py, every result is written by the engine and judged by
verify_matching.py in a process of its own. `shared` at 500 x 150 is compared with the optimum that HiGHS (through scipy,
one row per household and use) proves. Seconds are CPU seconds of the process: for the engine those of the certificate
(from tables in memory to result in memory, kernels loaded before), for HiGHS those of `milp` alone.
The exit status is 1 when a target of the product is missed.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from time import process_time

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from ali.matching import Instance, solve
from ali.matching.layout import USES, lay_out

HERE = Path(__file__).parent
SIZES = {"XS": (500, 150), "S": (5_000, 1_500)}
SCRIPTS = {
    "reference": ["make_instance.py"],
    "ceilings": ["make_instance.py", "--quotas", "--pins"],
    "islands": ["make_islands.py"],
    "ties": ["make_islands.py", "--ties"],
}
MOST_SECONDS = 2.0
LEAST_SHARE = 0.998


@dataclass
class Row:
    """One run."""

    population: str
    size: str
    seed: int
    model: str
    objective: int
    gap: float
    gap_given_pins: float
    cpu_seconds: float
    verified: bool
    first_come: float  # value of serving by waiting time, as a share of the objective
    optimum: int | None = None
    mip_seconds: float | None = None

    @property
    def problem(self) -> str:
        """What target this run misses, if any."""
        if not self.verified:
            return "refused by the verifier"
        if self.population == "ceilings":
            return ""
        if (self.model, self.size) in {("whole", "S"), ("shared", "XS")} and self.cpu_seconds > MOST_SECONDS:
            return "too slow"
        if self.model == "whole" and self.gap > 0:
            return "not exact"
        if self.optimum and self.objective < LEAST_SHARE * self.optimum:
            return "too far from the optimum"
        return ""


def make(folder: Path, population: str, size: str, seed: int) -> Path:
    """One instance folder."""
    households, dwellings = SIZES[size]
    words = ["--households", str(households), "--dwellings", str(dwellings), "--seed", str(seed)]
    script = SCRIPTS[population]
    out = folder / f"{population}-{size}-{seed}"
    command = [sys.executable, str(HERE / script[0]), str(out), *words, *script[1:]]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return out


def measure(folder: Path, population: str, size: str, seed: int, model: str, *, with_mip: bool) -> Row:
    """Solve, let the verifier judge, compare."""
    source = folder / f"{population}-{size}-{seed}"
    result = solve(Instance.read(source), model=model)
    result.write(folder / "result")
    command = [sys.executable, str(HERE / "verify_matching.py"), str(source), str(folder / "result")]
    judged = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    row = Row(
        population, size, seed, model, result.objective, result.gap,
        result.certificate.get("gap_given_pins", result.gap), result.certificate["cpu_seconds"],
        bool(judged["ok"]), first_come(result.instance, model) / max(1, result.objective),
    )  # fmt: skip
    if with_mip and model == "shared" and size == "XS" and population != "ceilings":
        row.optimum, row.mip_seconds = optimum_of_shared(result.instance)
    return row


def first_come(instance: Instance, model: str) -> int:
    """Today's practice: who has waited longest takes the best place still free."""
    layout = lay_out(instance, model)
    room, order = (
        layout.slots.copy(),
        np.argsort(-instance.sources["households"].integers("waiting_days"), kind="stable"),
    )
    weight = instance.weight[layout.arc]
    starts = np.searchsorted(layout.household, np.arange(len(order) + 1))
    total = 0
    for h in order.tolist():
        arcs = np.arange(starts[h], starts[h + 1])
        arcs = arcs[room[layout.node[arcs]] > 0]
        if len(arcs):
            arc = arcs[np.argmax(weight[arcs])]
            node = int(layout.node[arc])
            total += int(weight[arc])
            room[node] -= 1
            if node >= layout.first_use:  # the first to come decides the use of an open dwelling
                base = node - (node - layout.first_use) % USES
                room[[n for n in range(base, base + USES) if n != node]] = 0
    return total


def optimum_of_shared(instance: Instance) -> tuple[int, float]:
    """The optimum proven by HiGHS, and its CPU seconds."""
    layout = lay_out(instance, "shared")
    arcs, nodes = len(layout.arc), len(layout.slots)
    uses = np.arange(layout.first_use, nodes)
    column = lambda node: arcs + node - layout.first_use  # noqa: E731
    in_use = np.flatnonzero(layout.node >= layout.first_use)
    one, each = np.ones(arcs), np.arange(arcs)
    width = arcs + len(uses)
    matrix = lambda v, r, c, height: sparse.csr_matrix((v, (r, c)), shape=(height, width))  # noqa: E731
    slots = np.where(np.arange(nodes) < layout.first_use, layout.slots, 0)
    ones = np.ones(len(in_use))
    rows = [
        (matrix(one, layout.household, each, len(instance.persons)), np.ones(len(instance.persons))),
        (
            matrix(np.r_[one, -layout.slots[uses]], np.r_[layout.node, uses], np.r_[each, column(uses)], nodes),
            slots,
        ),
        (
            matrix(
                np.r_[ones, -ones], np.r_[np.arange(len(in_use)), np.arange(len(in_use))],
                np.r_[in_use, column(layout.node[in_use])], len(in_use),
            ),
            np.zeros(len(in_use)),
        ),
        (matrix(np.ones(len(uses)), (uses - layout.first_use) // USES, column(uses), layout.opens), np.ones(layout.opens)),
    ]  # fmt: skip
    weight = np.r_[-instance.weight[layout.arc].astype(float), np.zeros(len(uses))]
    start = process_time()
    answer = milp(
        weight,
        constraints=LinearConstraint(
            sparse.vstack([m for m, _ in rows]), -np.inf, np.concatenate([b for _, b in rows])
        ),
        integrality=np.r_[np.zeros(arcs), np.ones(len(uses))],
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0, "time_limit": 300},
    )
    return round(-answer.fun), process_time() - start


COLUMNS = (
    "population", "size", "seed", "model", "objective", "certified gap", "given the pins", "of the optimum", "CPU s",
    "HiGHS MIP CPU s", "first come", "verifier",
)  # fmt: skip


def show(row: Row) -> None:
    """One line of the table, as soon as it is known."""
    share = f"{100 * row.objective / row.optimum:.3f}%" if row.optimum else ""
    mip = f"{row.mip_seconds:.2f}" if row.mip_seconds is not None else ""
    judged = ("accepted" if row.verified else "REFUSED") + (f", {row.problem}" if row.problem else "")
    first = f"{100 * row.first_come:.1f}%" if row.population != "ceilings" else ""  # it knows no ceilings
    gaps = (f"{100 * row.gap:.4f}%", f"{100 * row.gap_given_pins:.4f}%")
    cells = (
        row.population, row.size, row.seed, row.model, row.objective, *gaps, share, f"{row.cpu_seconds:.3f}", mip,
        first, judged,
    )  # fmt: skip
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


def summarise(rows: list[Row]) -> None:
    """The worst of each kind."""
    print()
    for population, model, size in sorted(
        {(row.population == "ceilings", row.model, row.size) for row in rows}
    ):
        group = [
            r for r in rows if (r.population == "ceilings", r.model, r.size) == (population, model, size)
        ]
        line = f"{model} {size}{' under quotas and pins' if population else ''}: worst gap {100 * max(r.gap_given_pins for r in group):.4f}%, worst CPU {max(r.cpu_seconds for r in group):.2f} s"
        solved = [row for row in group if row.optimum and row.mip_seconds]
        if solved:
            worst = min(row.objective / row.optimum for row in solved if row.optimum)
            ratio = sum(row.mip_seconds or 0 for row in solved) / sum(row.cpu_seconds for row in solved)
            line += f", worst share of the optimum {100 * worst:.3f}%, {ratio:.1f} times less CPU than HiGHS"
        print(line)


def main() -> int:
    """Run, print, judge."""
    a = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    a.add_argument("--seeds", type=int, nargs="+", default=[201, 202, 203])
    a.add_argument("--no-mip", action="store_true", help="skip the comparison with HiGHS")
    a.add_argument("--json", type=Path, help="also write the rows here")
    a = a.parse_args()
    rows: list[Row] = []
    print(f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for seed in a.seeds:
            for population in SCRIPTS:
                for size in SIZES:
                    make(folder, population, size, seed)
                    for model in ("whole", "shared"):
                        rows.append(measure(folder, population, size, seed, model, with_mip=not a.no_mip))
                        show(rows[-1])
    summarise(rows)
    if a.json:
        a.json.write_text(json.dumps([asdict(row) for row in rows], indent=1), encoding="utf-8")
    return int(any(row.problem for row in rows))


if __name__ == "__main__":
    sys.exit(main())
