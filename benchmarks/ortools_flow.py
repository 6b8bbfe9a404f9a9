#!/usr/bin/env python3
"""The model `whole` as OR-Tools' min-cost flow, on the same arcs; shares no code with the engine.

    python ortools_flow.py INSTANCE

In a process of its own: OR-Tools and HiGHS cannot live in one. Prints {objective, cpu_seconds}, from arrays in memory to
the optimal flow.
"""

import json
import sys
from pathlib import Path
from time import process_time

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
from ortools.graph.python import min_cost_flow


def main() -> None:
    """Solve one instance and print what came out."""
    folder = Path(sys.argv[1])
    people, homes, arcs = (
        pq.read_table(folder / f"{name}.parquet") for name in ("households", "dwellings", "arcs")
    )
    h, d = (
        np.asarray(pc.index_in(arcs[name].combine_chunks(), value_set=table[name].combine_chunks())).astype(
            np.int64
        )
        for name, table in (("household", people), ("dwelling", homes))
    )
    lawful = arcs["needs_income_eur"].to_numpy() == 0
    h, d, weight = h[lawful], d[lawful], arcs["weight"].to_numpy()[lawful]
    mode = homes["mode"].to_numpy(zero_copy_only=False)
    slots = np.where(mode == "whole", 1, homes["beds"].to_numpy())
    start = process_time()
    n, m = people.num_rows, homes.num_rows
    sink = n + m
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([h, np.arange(n), n + np.arange(m)]),
        np.concatenate([n + d, np.full(n + m, sink)]),
        np.concatenate([np.ones(len(h) + n, np.int64), slots]),
        np.concatenate([-weight, np.zeros(n + m, np.int64)]),
    )
    flow.set_nodes_supplies(
        np.arange(sink + 1), np.concatenate([np.ones(n, np.int64), np.zeros(m, np.int64), [-n]])
    )
    if flow.solve() != flow.OPTIMAL:
        sys.exit("no optimal flow")
    print(json.dumps({"objective": -flow.optimal_cost(), "cpu_seconds": process_time() - start}))


if __name__ == "__main__":
    main()
