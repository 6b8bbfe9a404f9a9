"""`ali match weekly`: arrivals week by week, placed at prices drawn from the past."""

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ali.matching.errors import InstanceProblem

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from ali.matching.instance import Instance
    from ali.matching.tables import Ints

BAD_INPUT = 2
COLUMN = "week"  # 0 and less: the past; from 1 on: the weeks to play


def register(actions: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `weekly`."""
    command = actions.add_parser(
        "weekly", help="arrivi settimana per settimana, con i prezzi di chi è probabile che venga"
    )
    command.add_argument(
        "instance", type=Path, metavar="INSTANCE",
        help="cartella delle tabelle; in households la colonna «week»: 0 o meno il passato, da 1 le settimane",
    )  # fmt: skip
    command.add_argument(
        "--past-weeks", type=int, default=0, metavar="N", help="settimane che il passato copre"
    )
    command.add_argument(
        "--samples", type=int, default=24, metavar="N", help="futuri estratti ogni settimana (24)"
    )
    command.add_argument("--patience", type=int, default=8, metavar="N", help="settimane d'attesa (8)")
    command.add_argument("--seed", type=int, default=0, metavar="N", help="seme dei futuri")
    command.add_argument("--out", type=Path, metavar="FILE", help="scrive nucleo e alloggio in CSV")
    command.set_defaults(handler=play)


def play(arguments: argparse.Namespace) -> int:
    """Play the weeks, print how near they come to knowing everything beforehand."""
    from ali.matching import Instance  # noqa: PLC0415  the engine is slow to load
    from ali.matching.rolling import season  # noqa: PLC0415

    try:
        instance = Instance.read(arguments.instance)
        past, weeks, kind = _weeks(instance)
        if arguments.out and arguments.out.is_dir():
            raise InstanceProblem(f"{arguments.out}: è una cartella, serve un file.")
        played = season(
            instance, weeks, past, kind, seed=arguments.seed, samples=arguments.samples,
            patience=arguments.patience, past_weeks=arguments.past_weeks,
        )  # fmt: skip
        if arguments.out:
            _write(arguments.out, instance, played.homes)
    except (InstanceProblem, OSError) as problem:
        print(str(problem), file=sys.stderr)
        return BAD_INPUT
    print(json.dumps(played.as_dict(), sort_keys=True))
    return 0


def _weeks(instance: "Instance") -> "tuple[Ints, list[Ints], Ints]":
    """Return the past, the arrivals of each week, and what the mix is made of: place and group."""
    import numpy as np

    source = instance.sources["households"]
    week = source.integers(COLUMN)
    last = int(week.max(initial=0))
    if last < 1:
        raise InstanceProblem(f"{source.label}: nessun nucleo arriva da oggi in poi («{COLUMN}» da 1).")
    places: dict[str, int] = {}
    names = source.text("territory").to_pylist() if "territory" in source.table.column_names else []
    place = [places.setdefault(name, len(places)) for name in names] or [0] * len(week)
    arrivals = [np.flatnonzero(week == number) for number in range(1, last + 1)]
    return np.flatnonzero(week <= 0), arrivals, np.array(place) * 3 + instance.group


def _write(path: Path, instance: "Instance", homes: "Ints") -> None:
    names, dwellings = instance.households.to_pylist(), instance.dwellings.to_pylist()
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["household", "dwelling"])
        rows.writerows(
            [name, dwellings[home] if home >= 0 else ""]
            for name, home in zip(names, homes.tolist(), strict=True)
        )
    draft.rename(path)
