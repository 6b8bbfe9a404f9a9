#!/usr/bin/env python3
"""Rules to arcs at 50,000 x 15,000, against the loop that anybody would write in plain Python.

    python benchmarks/bench_rules.py [--seed 201] [--households N] [--dwellings N] [--plain-homes N]

The loop is timed on `--plain-homes` homes against every household, its integers are compared one by one with those of the
engine, and its time is scaled to all homes (it is the same work for each). Seconds are CPU seconds.
"""

import argparse
import sys
from time import process_time

import numpy as np

from ali.matching.rulebook import Rule, RuleBook
from ali.matching.screening import Arcs

LEAST_RATIO, MOST_MS = 50.0, 5.0
NUMBERS = {"WHOLE": 0, "OPEN": 3, "FAMILY": 2, "wait_days": 45, "share": 400, "green": 300}
DEFINITIONS = {
    "closes_it": "home.mode == WHOLE or (home.mode == OPEN and household.group == FAMILY)",
    "monthly_cost": "home.rent * (1 if home.mode == WHOLE else household.persons)",
    "free_day": "home.all_free_from if closes_it else home.free_from",
    "km2": "(household.east - home.east) * (household.east - home.east) + (household.north - home.north) * (household.north - home.north)",
    "urgency": "1000 - min(1000, abs(max(-90, min(90, household.leaves_on - free_day))) * 11)",
    "waiting": "min(1000, household.waiting_days * 1000 // 720)",
    "closeness": "1000 - min(1000, km2 // 2)",
    "room": "1000 if monthly_cost * 1000 <= household.income * green else 250",
}
RULES = [
    Rule("beds", "household.persons <= home.beds"),
    Rule("group", "home.mode == WHOLE or home.mode == OPEN or household.group == home.mode - 1"),
    Rule("empty", "not closes_it or home.beds == home.total_beds"),
    Rule("access", "household.step_free == 0 or home.step_free == 1"),
    Rule("time", "free_day <= household.leaves_on + wait_days"),
    Rule("rent", "monthly_cost * 1000 <= household.income * share"),
    Rule("territory", "household.territory == home.territory or household.second == home.territory"),
]
VALUE = "household.persons * (500 + (urgency * 250 + waiting * 200 + closeness * 300 + room * 250) // 1000)"


def facts(households: int, dwellings: int, seed: int) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Columns of an invented population."""
    r = np.random.Generator(np.random.PCG64([seed, 5]))
    persons = r.choice(np.arange(1, 7), households, p=[0.62, 0.12, 0.11, 0.08, 0.05, 0.02])
    beds = r.integers(1, 7, dwellings)
    people = {
        "persons": persons, "group": np.where(persons > 1, 2, r.integers(0, 2, households)),
        "income": r.integers(0, 250_000, households), "step_free": (r.random(households) < 0.05) * 1,
        "leaves_on": r.integers(0, 120, households), "waiting_days": r.integers(0, 900, households),
        "east": r.integers(0, 600, households), "north": r.integers(0, 900, households),
        "territory": r.integers(0, 36, households), "second": r.integers(0, 36, households),
    }  # fmt: skip
    first = r.integers(0, 150, dwellings)
    homes = {
        "mode": r.choice(4, dwellings, p=[0.55, 0.25, 0.09, 0.11]), "beds": beds,
        "total_beds": beds + (r.random(dwellings) < 0.2), "rent": r.integers(12_000, 90_000, dwellings),
        "step_free": (r.random(dwellings) < 0.2) * 1, "free_from": first,
        "all_free_from": first + r.integers(0, 40, dwellings), "east": r.integers(0, 600, dwellings),
        "north": r.integers(0, 900, dwellings), "territory": r.integers(0, 36, dwellings),
    }  # fmt: skip
    return people, homes


def plain_loop(
    people: dict[str, list[int]], home: dict[str, int]
) -> tuple[list[tuple[int, int]], list[list[bool]]]:
    """One home against every household, as one would write it: the arcs, and what each rule refuses."""
    arcs, refusals = [], []
    columns = zip(*people.values(), strict=True)
    for h, (persons, group, income, step_free, leaves, waiting, east, north, territory, second) in enumerate(
        columns
    ):
        closes = home["mode"] == 0 or (home["mode"] == 3 and group == 2)
        cost = home["rent"] * (1 if home["mode"] == 0 else persons)
        free = home["all_free_from"] if closes else home["free_from"]
        refused = [
            persons > home["beds"], home["mode"] not in {0, 3, group + 1}, closes and home["beds"] != home["total_beds"],
            step_free == 1 and home["step_free"] != 1, free > leaves + 45, cost * 1000 > income * 400,
            home["territory"] not in {territory, second},
        ]  # fmt: skip
        if not any(refused):
            urgency = 1000 - min(1000, abs(max(-90, min(90, leaves - free))) * 11)
            far = 1000 - min(1000, ((east - home["east"]) ** 2 + (north - home["north"]) ** 2) // 2)
            room = 1000 if cost * 1000 <= income * 300 else 250
            points = urgency * 250 + min(1000, waiting * 1000 // 720) * 200 + far * 300 + room * 250
            arcs.append((h, persons * (500 + points // 1000)))
        refusals.append(refused)
    return arcs, refusals


def measure(
    households: int = 50_000, dwellings: int = 15_000, seed: int = 201, plain_homes: int = 30
) -> dict[str, float]:
    """The row of the table."""
    people, homes = facts(households, dwellings, seed)
    book = RuleBook.of(
        RULES, VALUE, household=people, home=homes, numbers=NUMBERS, definitions=DEFINITIONS
    ).with_numbers(NUMBERS)
    start = process_time()
    arcs = Arcs.screen(book, people, homes)
    engine = process_time() - start
    lists = {name: column.tolist() for name, column in people.items()}
    picked = np.linspace(0, dwellings - 1, plain_homes).astype(int).tolist()
    same, plain = True, 0.0
    for d in picked:
        home = {name: int(column[d]) for name, column in homes.items()}
        start = process_time()
        expected, refusals = plain_loop(lists, home)
        plain += process_time() - start
        found, weights = arcs.lists[d]
        same &= expected == list(zip(found.tolist(), weights.tolist(), strict=True))
        same &= bool((arcs.column(home).refused == np.array(refusals).T).all())
    seconds = []
    for d in picked:
        start = process_time()
        arcs.change_home(d, rent=int(homes["rent"][d]) + 5_000)
        seconds.append(process_time() - start)
    return {
        "arcs": len(arcs), "engine_seconds": engine, "plain_seconds": plain / plain_homes * dwellings,
        "ratio": plain / plain_homes * dwellings / engine, "change_ms": 1000 * max(seconds), "same": float(same),
    }  # fmt: skip


def main() -> int:
    """Measure, print, judge."""
    a = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    a.add_argument("--seed", type=int, default=201)
    a.add_argument("--households", type=int, default=50_000)
    a.add_argument("--dwellings", type=int, default=15_000)
    a.add_argument("--plain-homes", type=int, default=30)
    a = a.parse_args()
    row = measure(a.households, a.dwellings, a.seed, a.plain_homes)
    print(
        "| arcs from rules | lawful pairs | CPU s | plain Python CPU s | ratio | worst changed home | same integers |"
    )
    print("|---|---|---|---|---|---|---|")
    print(
        f"| {a.households} x {a.dwellings} | {row['arcs']:.0f} | {row['engine_seconds']:.2f} | {row['plain_seconds']:.0f} "
        f"| {row['ratio']:.0f} | {row['change_ms']:.2f} ms | {'yes' if row['same'] else 'NO'} |"
    )
    return int(row["ratio"] < LEAST_RATIO or row["change_ms"] > MOST_MS or not row["same"])


if __name__ == "__main__":
    sys.exit(main())
