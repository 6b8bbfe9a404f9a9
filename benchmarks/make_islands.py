#!/usr/bin/env python3
"""A second population for the same format, so that the engine is tuned to no single generator.

    python make_islands.py OUT --households N --dwellings M [--seed S] [--open SHARE] [--ties] [--csv]

Nothing of make_instance.py is reused: territories are islands (no arc leaves one), of very different size; half of the
people alone are women; weights are per household and heavy-tailed (Pareto), or with --ties one of six values; a dwelling
is open with probability SHARE (half, if not said). Each household likes 1-40 dwellings of its island, popular ones more.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

PEOPLE_PER_ISLAND = 250
GROUPS, MODES = np.array(["man", "woman", "family"]), np.array(["whole", "men", "women", "open"])


def generate(
    households: int, dwellings: int, seed: int, open_share: float, ties: bool
) -> dict[str, pa.Table]:
    """The three tables every model needs."""
    r = np.random.Generator(np.random.PCG64([seed, 77]))
    islands = max(1, households // PEOPLE_PER_ISLAND)
    size = r.pareto(1.2, islands) + 0.3
    size /= size.sum()
    h_island, d_island = r.choice(islands, households, p=size), r.choice(islands, dwellings, p=size)
    alone = r.random(households) < 0.7
    persons = np.where(alone, 1, 2 + np.minimum(r.geometric(0.5, households), 6))
    group = np.where(alone, r.integers(0, 2, households), 2)
    beds = 1 + np.minimum(r.geometric(0.35, dwellings), 11)
    rest = (1 - open_share) / 3
    mode = r.choice(4, dwellings, p=[rest, rest, rest, open_share])
    fame = r.pareto(2.0, dwellings) + 0.1
    rows = []
    for h in range(households):
        lawful = (mode == 0) | (mode == 3) | (mode == group[h] + 1)
        near = np.flatnonzero((d_island == h_island[h]) & lawful & (beds >= persons[h]))
        count = min(len(near), int(r.integers(1, 41)))
        if count:
            liked = r.choice(near, count, replace=False, p=fame[near] / fame[near].sum())
            value = (
                r.integers(1, 7, count) * 100 if ties else (100 * (1 + r.pareto(1.5, count))).astype(np.int64)
            )
            rows.append(np.stack([np.full(count, h), np.sort(liked), np.minimum(value, 10**6) * persons[h]]))
    arcs = np.concatenate(rows, axis=1)
    H, D = names("N", households), names("C", dwellings)
    tables = {
        "households": {
            "household": H, "persons": persons, "group": GROUPS[group], "income_eur": np.full(households, 900),
            "territory": names("I", islands)[h_island], "waiting_days": r.integers(0, 700, households), "priority": alone * 1,
        },
        "dwellings": {
            "dwelling": D, "mode": MODES[mode], "beds": beds, "rent_eur": np.full(dwellings, 250),
            "territory": names("I", islands)[d_island], "municipality": names("I", islands)[d_island],
        },
        "arcs": {
            "household": H[arcs[0]], "dwelling": D[arcs[1]], "weight": arcs[2], "needs_income_eur": np.zeros(arcs.shape[1], np.int64),
        },
    }  # fmt: skip
    return {name: pa.table({c: pa.array(v) for c, v in columns.items()}) for name, columns in tables.items()}


def names(prefix: str, count: int) -> np.ndarray:
    """Identifiers of the same width."""
    return np.array([f"{prefix}{i:0{len(str(count))}d}" for i in range(count)], dtype=object)


def main() -> None:
    """Write the folder and print what is in it."""
    a = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    a.add_argument("out", type=Path)
    a.add_argument("--households", type=int, default=500)
    a.add_argument("--dwellings", type=int, default=150)
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--open", type=float, default=0.5)
    a.add_argument("--ties", action="store_true")
    a.add_argument("--csv", action="store_true")
    a = a.parse_args()
    tables = generate(a.households, a.dwellings, a.seed, a.open, a.ties)
    a.out.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        if a.csv:
            pcsv.write_csv(table, a.out / f"{name}.csv")
        else:
            pq.write_table(table, a.out / f"{name}.parquet", compression="zstd", store_schema=False)
    print(json.dumps({name: table.num_rows for name, table in tables.items()} | {"seed": a.seed}))


if __name__ == "__main__":
    main()
