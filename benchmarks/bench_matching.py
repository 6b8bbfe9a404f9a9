#!/usr/bin/env python3
"""Measure the matching engine against OR-Tools, HiGHS and first come, and print the table of targets.

    python benchmarks/bench_matching.py [--rows whole-S shared-XS ...] [--seeds 201 202] [--fresh]

Every instance comes from make_instance.py (three scarcities: homes for 15%, 30% and 60% of the households) or
make_islands.py (islands of territories, heavy tails; also with ties), every result is judged by verify_matching.py in a
process of its own. A row of the table is the worst value over its instances; speeds are ratios of total CPU seconds, of
the process: for the engine those of the certificate (from tables in memory to result in memory, kernels loaded before),
for the others those of the solver alone. What is measured is kept in benchmarks/results/matching.jsonl, so that a long
run can be taken up again; --fresh forgets it. The exit status is 1 when a target is missed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ali.matching import Instance, Result, solve
from ali.matching.fair import solve_fairly
from ali.matching.layout import USES, lay_out

HERE = Path(__file__).parent
KEPT, TABLE = HERE / "results" / "matching.jsonl", HERE / "results" / "matching.md"
HOUSEHOLDS = {"XS": 500, "S": 5_000, "M": 50_000, "L": 150_000}
HOMES = {"tight": 0.15, "usual": 0.30, "loose": 0.60}
ISLANDS = {"islands": [], "ties": ["--ties"]}


@dataclass(frozen=True)
class Row:
    """One line of the table: what is solved, against whom, and what must hold."""

    model: str
    size: str
    target: str
    populations: tuple[str, ...]
    seeds: int
    rivals: tuple[str, ...] = ()
    limit: int = 120  # seconds of HiGHS


ALL = (*HOMES, *ISLANDS)
ROWS = {
    "whole-L": Row("whole", "L", "≥ 99.99% of the bound, ≤ 1/5 of OR-Tools", ("usual",), 2, ("ortools",)),
    "whole-S": Row(
        "whole", "S", "exact, ≤ 1/60 of HiGHS LP, ≤ OR-Tools", ALL, 2, ("ortools", "highs"), 600
    ),
    "shared-XS": Row("shared", "XS", "≥ 99.95% of the optimum, ≤ 1/10 of HiGHS", ALL, 3, ("highs",), 300),
    "shared-S": Row("shared", "S", "≥ 99.8% of HiGHS in 120 s, gap ≤ 1%, ≤ 1/10", ALL, 1, ("highs",)),
    "shared-M": Row("shared", "M", "gap ≤ 0.5% in ≤ 120 CPU s", ("usual",), 1),
    "shared-L": Row("shared", "L", "gap ≤ 1% in ≤ 120 CPU s", ("usual",), 1),
    "joint-XS": Row("joint", "XS", "≥ 99.5% of the optimum or bound, ≤ 1/20 of HiGHS", tuple(HOMES), 2, ("highs",), 300),
    "joint-S": Row("joint", "S", "gap ≤ 3% in ≤ 60 CPU s", tuple(HOMES), 1),
    "together-S": Row("shared", "S", "certified, no target", ("together",), 1),
    "ceilings-S": Row("shared", "S", "quotas and pins: certified, no target", ("ceilings",), 2),
    "rerun-S": Row("whole", "S", "≥ 50 times fewer moves, ≤ 0.05% lost", ("usual",), 2),
}  # fmt: skip
QUICK = ("whole-S", "shared-XS", "joint-XS")


def make(folder: Path, row: Row, population: str, seed: int) -> Path:
    """One instance folder."""
    out = folder / f"{row.model}-{row.size}-{population}-{seed}"
    people = HOUSEHOLDS[row.size]
    words = ["--households", str(people), "--seed", str(seed)]
    if population in ISLANDS:
        run("make_islands.py", out, *words, "--dwellings", int(0.3 * people), *ISLANDS[population])
        return out
    more = ["--quotas", "--pins"] if population == "ceilings" else []
    homes = int(HOMES.get(population, 0.30) * people)
    model = "joint" if row.model == "joint" else "shared"
    run("make_instance.py", out, *words, "--dwellings", homes, "--model", model, *more)
    if population == "together":
        run("make_together.py", out, out.with_name(f"{out.name}-joined"), "--seed", seed)
        return out.with_name(f"{out.name}-joined")
    return out


def run(script: str, *words: object) -> str:
    """What a script beside this one prints."""
    command = [sys.executable, str(HERE / script), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode and not script.startswith("verify"):
        raise RuntimeError(f"{script}: {done.stderr.strip().splitlines()[-1:]}")
    return done.stdout


def measure(folder: Path, name: str, population: str, seed: int) -> dict[str, Any]:
    """Solve, let the verifier judge, let the others solve."""
    row = ROWS[name]
    source = make(folder, row, population, seed)
    instance = Instance.read(source)
    result = solve(instance, model=row.model)
    result.write(folder / "result")
    verifier = "verify_together.py" if population == "together" else "verify_matching.py"
    judged = json.loads(run(verifier, source, folder / "result"))
    out: dict[str, Any] = {
        "row": name, "population": population, "seed": seed, "objective": result.objective, "bound": result.bound,
        "gap": result.certificate.get("gap_given_pins", result.gap), "cpu_seconds": result.certificate["cpu_seconds"],
        "ok": judged["ok"], "first_come": first_come(instance, row.model) if row.model != "joint" and population != "together" else None,
    }  # fmt: skip
    if name == "rerun-S":
        out |= rerun(result)
    if "ortools" in row.rivals:
        out["ortools"] = json.loads(run("ortools_flow.py", source))
    if "highs" in row.rivals:
        out["highs"] = json.loads(
            run("highs_model.py", source, "--model", row.model, "--limit", row.limit).splitlines()[-1]
        )
    return out


def rerun(first: Result) -> dict[str, Any]:
    """Once the values of one household in a hundred have changed by up to 10%."""
    instance = first.instance
    r = np.random.Generator(np.random.PCG64([1, 1]))
    changed = (r.random(len(instance.persons)) < 0.01)[instance.arc_household]
    factor = np.where(changed, r.uniform(0.9, 1.1, len(changed)), 1.0)
    again = instance.with_weights(np.maximum(1, (instance.weight * factor).astype(np.int64)))
    result = solve_fairly(
        again, model=first.certificate["model"], previous=first.assignment, keep_bonus="auto"
    )
    return {"keep": result.certificate["keep"]}


def first_come(instance: Instance, model: str) -> int:
    """Today's practice: who has waited longest takes the best place still free."""
    layout = lay_out(instance, model)
    room = layout.slots.copy()
    order = np.argsort(-instance.sources["households"].integers("waiting_days"), kind="stable")
    starts = np.searchsorted(layout.household, np.arange(len(order) + 1))
    total = 0
    for h in order.tolist():
        arcs = np.arange(starts[h], starts[h + 1])
        arcs = arcs[room[layout.node[arcs]] > 0]
        if len(arcs):
            arc = arcs[np.argmax(layout.weight[arcs])]
            node = int(layout.node[arc])
            total += int(layout.weight[arc])
            room[node] -= 1
            if node >= layout.first_use:  # the first to come decides the use of an open dwelling
                base = node - (node - layout.first_use) % USES
                room[[n for n in range(base, base + USES) if n != node]] = 0
    return total


def share(one: dict[str, Any]) -> float | None:
    """Of what HiGHS found, or of its bound where it did not finish."""
    highs = one.get("highs")
    if not highs or not highs["objective"]:
        return None
    best = highs["objective"] if highs["status"] == 0 else max(highs["objective"], highs["bound"] or 0)
    if one["row"] == "shared-S":
        best = highs["objective"]
    return float(one["objective"] / best)


def line(name: str, found: list[dict[str, Any]]) -> tuple[str, bool]:
    """The row of the table, and whether its target holds."""
    row, cpu = ROWS[name], sum(one["cpu_seconds"] for one in found)
    gap, worst = max(one["gap"] for one in found), max(one["cpu_seconds"] for one in found)
    times = {
        rival: sum(one[rival]["cpu_seconds"] for one in found) / cpu
        for rival in ("ortools", "highs")
        if rival in found[0]
    }
    shares = [s for one in found if (s := share(one)) is not None]
    first = [one["first_come"] / one["objective"] for one in found if one["first_come"]]
    keep = [one["keep"] for one in found if "keep" in one]
    fewer = [one["moved_without"] / max(1, one["moved"]) for one in keep]
    holds = {
        "whole-L": gap <= 1e-4 and times.get("ortools", 0) >= 5,
        "whole-S": gap == 0 and times.get("ortools", 0) >= 1 and times.get("highs", 0) >= 60,
        "shared-XS": min(shares, default=0) >= 0.9995 and times.get("highs", 0) >= 10,
        "shared-S": min(shares, default=0) >= 0.998 and gap <= 0.01 and times.get("highs", 0) >= 10,
        "shared-M": gap <= 0.005 and worst <= 120,
        "shared-L": gap <= 0.01 and worst <= 120,
        "joint-XS": min(shares, default=0) >= 0.995 and times.get("highs", 0) >= 20,
        "joint-S": gap <= 0.03 and worst <= 60,
        "rerun-S": bool(fewer) and min(fewer) >= 50,
    }.get(name, True) and all(one["ok"] for one in found)
    notes = [f"{100 * min(shares):.3f}% of HiGHS" if shares else ""]
    notes += [f"{one['moved']} moves instead of {one['moved_without']}, proven ≥ {one['fewest_proven']}" for one in keep]  # fmt: skip
    cells = (
        name, row.target, len(found), f"{100 * gap:.4f}%", f"{worst:.3f}", times_of(times, "ortools"),
        times_of(times, "highs"), f"{100 * max(first):.1f}%" if first else "", "; ".join(filter(None, notes)),
        "yes" if holds else "NO",
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |", holds


def times_of(times: dict[str, float], rival: str) -> str:
    """How many times less CPU than a rival."""
    return f"{times[rival]:.1f} times" if rival in times else ""


HEAD = (
    "row", "target", "instances", "worst gap", "worst CPU s", "less CPU than OR-Tools", "than HiGHS", "first come at best",
    "notes", "holds",
)  # fmt: skip


def kept_results(fresh: bool) -> dict[tuple[str, str, int], dict[str, Any]]:
    """What a former run has measured."""
    if fresh or not KEPT.is_file():
        return {}
    rows = [json.loads(text) for text in KEPT.read_text(encoding="utf-8").splitlines()]
    return {(one["row"], one["population"], one["seed"]): one for one in rows}


def main() -> int:
    """Measure what is not yet known, print the table, judge."""
    a = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    a.add_argument("--rows", nargs="+", choices=[*ROWS, "quick"], default=os.environ.get("ROWS", "").split())
    a.add_argument("--seeds", type=int, nargs="+", help="instead of 201, 202...")
    a.add_argument("--fresh", action="store_true", help="forget what a former run has measured")
    a = a.parse_args()
    names = [name for one in a.rows or ROWS for name in (QUICK if one == "quick" else (one,))]
    known = kept_results(a.fresh)
    KEPT.parent.mkdir(exist_ok=True)
    for name in names:
        for population in ROWS[name].populations:
            for seed in a.seeds or range(201, 201 + ROWS[name].seeds):
                if (name, population, seed) not in known:
                    with tempfile.TemporaryDirectory() as folder:
                        known[name, population, seed] = measure(Path(folder), name, population, seed)
                    text = "".join(f"{json.dumps(one, sort_keys=True)}\n" for one in known.values())
                    KEPT.write_text(text, encoding="utf-8")
                    print(f"<!-- {name} {population} {seed} -->", file=sys.stderr, flush=True)
    lines, holds = [f"| {' | '.join(HEAD)} |", f"{'|---' * len(HEAD)}|"], True
    for name in ROWS:
        found = [one for one in known.values() if one["row"] == name]
        if found:
            text, fine = line(name, found)
            lines.append(text)
            holds &= fine or name not in names
    print("\n".join(lines))
    TABLE.write_text("\n".join(["# Matching, measured", "", *lines, ""]), encoding="utf-8")
    return int(not holds)


if __name__ == "__main__":
    sys.exit(main())
