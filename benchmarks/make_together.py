#!/usr/bin/env python3
"""Adults who ask to live together, out of the adults alone of any instance.

    python make_together.py IN OUT [--share .2] [--seed N]

IN is an instance of make_instance.py or make_islands.py, of any model. That share of the adults alone is joined two by
two, sometimes three by three, with others of the same sex who could live in some of the same homes: one household, of
group man or woman, with several persons (docs/adr/0013-living-together-is-one-request.md). Its arcs are the homes that
all of them may have and that have beds for all; weights and incomes needed are summed. Job arcs keep their person,
numbered inside the new household. Pinned households stay as they were, and so does every other table.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq


def read(folder: Path) -> dict[str, dict[str, list]]:
    """Every table as plain columns."""
    return {path.stem: pq.read_table(path).to_pydict() for path in sorted(folder.glob("*.parquet"))}


def homes_of(tables: dict[str, dict[str, list]]) -> dict[str, dict[str, tuple[int, int]]]:
    """Household -> dwelling -> weight and income needed."""
    out: dict[str, dict[str, tuple[int, int]]] = {}
    arcs = tables["arcs"]
    for h, d, w, needs in zip(
        arcs["household"], arcs["dwelling"], arcs["weight"], arcs["needs_income_eur"], strict=True
    ):
        out.setdefault(h, {})[d] = (w, needs)
    return out


def join(tables: dict[str, dict[str, list]], share: float, seed: int) -> dict[str, list[str]]:
    """Request -> the adults in it, named after the first."""
    r = np.random.Generator(np.random.PCG64([seed, 5]))
    people, homes = tables["households"], homes_of(tables)
    beds = dict(zip(tables["dwellings"]["dwelling"], tables["dwellings"]["beds"], strict=True))
    pinned = set(tables.get("pins", {}).get("household", []))
    alone = [
        (h, group)
        for h, group in zip(people["household"], people["group"], strict=True)
        if group != "family" and h in homes and h not in pinned
    ]
    picked = [alone[i] for i in r.permutation(len(alone))[: int(share * len(alone))]]
    out: dict[str, list[str]] = {}
    waiting: dict[tuple[str, str], list[str]] = {}  # (group, a home they like) -> who waits for company
    for h, group in picked:
        liked = list(homes[h])
        home = liked[int(r.integers(len(liked)))]
        company = waiting.setdefault((group, home), [])
        company.append(h)
        wanted = 3 if r.random() < 0.2 else 2
        common = set.intersection(*(set(homes[one]) for one in company))
        if len(company) >= wanted and any(beds[d] >= len(company) for d in common):
            out[company[0]] = company[:]
            company.clear()
    return out


def together(
    tables: dict[str, dict[str, list]], requests: dict[str, list[str]]
) -> dict[str, dict[str, list]]:
    """The same tables with the requests in place of their adults."""
    beds = dict(zip(tables["dwellings"]["dwelling"], tables["dwellings"]["beds"], strict=True))
    homes, head = homes_of(tables), {one: name for name, all_ in requests.items() for one in all_}
    seat = {one: i for all_ in requests.values() for i, one in enumerate(all_)}
    gone = {one for one, name in head.items() if one != name}
    out = dict(tables)
    people = tables["households"]
    kept = [i for i, h in enumerate(people["household"]) if h not in gone]
    out["households"] = {c: [v[i] for i in kept] for c, v in people.items()}
    income = dict(zip(people["household"], people["income_eur"], strict=True))
    for i, h in enumerate(out["households"]["household"]):
        if h in requests:
            out["households"]["persons"][i] = len(requests[h])
            out["households"]["income_eur"][i] = sum(income[one] for one in requests[h])
    rows = []
    for h, options in homes.items():
        if h in gone:
            continue
        for d in options:
            company = requests.get(h, [h])
            if all(d in homes[one] for one in company) and (h not in requests or beds[d] >= len(company)):
                rows.append((h, d, *(sum(homes[one][d][k] for one in company) for k in (0, 1))))
    columns = zip(*rows, strict=True)
    out["arcs"] = dict(
        zip(("household", "dwelling", "weight", "needs_income_eur"), map(list, columns), strict=True)
    )
    if "job_arcs" in tables:
        jobs = {c: list(v) for c, v in tables["job_arcs"].items()}
        for i, h in enumerate(jobs["household"]):
            if h in head:
                jobs["household"][i], jobs["person"][i] = head[h], seat[h]
        out["job_arcs"] = jobs
    if "pins" in tables:
        still = {(row[0], row[1]) for row in rows}
        pins = list(zip(*tables["pins"].values(), strict=True))
        pins = [pin for pin in pins if (pin[0], pin[1]) in still and pin[0] not in requests]
        out["pins"] = dict(zip(tables["pins"], map(list, zip(*pins, strict=True)), strict=True))
    return out


def write(folder: Path, tables: dict[str, dict[str, list]]) -> None:
    """One Parquet file per table."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, columns in tables.items():
        pq.write_table(pa.table(columns), folder / f"{name}.parquet", compression="zstd", store_schema=False)


def main() -> None:
    """Write the folder and print what is in it."""
    a = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    a.add_argument("source", type=Path, metavar="IN")
    a.add_argument("out", type=Path, metavar="OUT")
    a.add_argument("--share", type=float, default=0.2)
    a.add_argument("--seed", type=int, default=1)
    a = a.parse_args()
    tables = read(a.source)
    requests = join(tables, a.share, a.seed)
    write(a.out, together(tables, requests))
    print(json.dumps({"requests": len(requests), "adults": sum(map(len, requests.values())), "seed": a.seed}))


if __name__ == "__main__":
    main()
