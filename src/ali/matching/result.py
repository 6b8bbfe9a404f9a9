"""A result: who goes where, what that is worth, the prices that prove how good it is, and its folder."""

import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ali.matching.errors import InstanceProblem
from ali.matching.instance import Instance
from ali.matching.tables import Ints, file_of, parquet_bytes, read_source

USE_NAMES = ("men", "women", "family")


@dataclass(frozen=True, eq=False)
class Prices:
    """Scaled integers by table: the proof, and for `shared` also what a slot of each dwelling in use is worth."""

    scale: int
    household: Ints | None = None
    quota: Ints | None = None
    dwelling: Ints = field(
        default_factory=lambda: np.zeros(0, np.int64)
    )  # position of the dwelling, one per row
    dwelling_price: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    dwelling_use: tuple[str | None, ...] | None = None  # of each row, in `shared` and `joint`
    opening: Ints | None = None  # in `joint`


@dataclass(frozen=True, eq=False)
class Result:
    """The answer to one instance; `instance` is the one actually solved."""

    instance: Instance
    assignment: Ints  # position of the dwelling of each household, -1 for none
    prices: Prices
    certificate: dict[str, Any]  # Any: what JSON can hold
    changed: bool = False  # the instance solved is not the one given
    job_of: Ints | None = None  # in `joint`, the job arc of each seeker, -1 for none

    @property
    def objective(self) -> int:
        """Sum of the weights."""
        return int(self.certificate["objective"])

    @property
    def bound(self) -> int:
        """No allocation whatever is worth more."""
        return int(self.certificate["bound"])

    @property
    def gap(self) -> float:
        """How much of the bound is not reached."""
        return float(self.certificate["gap"])

    def homes(self) -> dict[str, str | None]:
        """Household -> its dwelling or None."""
        names = self.instance.dwellings.to_pylist()
        pairs = zip(self.instance.households.to_pylist(), self.assignment.tolist(), strict=True)
        return {household: names[at] if at >= 0 else None for household, at in pairs}

    def files(self) -> dict[str, bytes]:
        """The result folder without the instance, name -> content."""
        tables = {"assignment": self._assignment(), **self._price_tables()}
        if self.job_of is not None:
            tables["jobs"] = self._jobs(self.job_of)
        files = {f"{name}.parquet": parquet_bytes(table) for name, table in tables.items()}
        text = json.dumps(self.certificate, ensure_ascii=False, indent=2, sort_keys=True)
        return files | {"certificate.json": f"{text}\n".encode()}

    def write(self, folder: Path | str) -> None:
        """Write the folder in one go: beside it first, then renamed, so that nobody finds half of it."""
        folder = Path(folder)
        refuse_foreign_folder(folder)
        draft = folder.with_name(f".{folder.name}.draft-{os.getpid()}")
        draft.mkdir(parents=True)
        try:
            for name, content in self.files().items():
                (draft / name).write_bytes(content)
            if self.changed:
                (draft / "instance").mkdir()
                self.instance.write(draft / "instance")
            _replace(folder, draft)
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _assignment(self) -> pa.Table:
        at = pa.array(self.assignment, mask=self.assignment < 0)
        return pa.table({"household": self.instance.households, "dwelling": self.instance.dwellings.take(at)})

    def _jobs(self, job_of: Ints) -> pa.Table:
        jobs = self.instance.jobs
        taken = np.flatnonzero(job_of >= 0)
        return pa.table(
            {
                "household": self.instance.households.take(pa.array(jobs.seeker_household[taken])),
                "person": jobs.seeker_person[taken],
                "opening": jobs.openings.take(pa.array(jobs.arc_opening[job_of[taken]])),
            }
        )

    def _price_tables(self) -> dict[str, pa.Table]:
        prices, tables = self.prices, {}
        dwellings = {
            "dwelling": self.instance.dwellings.take(pa.array(prices.dwelling)),
            "price": pa.array(prices.dwelling_price),
        }
        if prices.dwelling_use is not None:
            dwellings["use"] = pa.array(prices.dwelling_use, pa.string())
        tables["dwelling_prices"] = pa.table(dwellings)
        openings = self.instance.jobs.openings if prices.opening is not None else self.instance.quotas
        for name, ids, price in (
            ("household", self.instance.households, prices.household),
            ("quota", self.instance.quotas, prices.quota),
            ("opening", openings, prices.opening),
        ):
            if price is not None and (len(ids) or name == "opening"):
                kept = np.flatnonzero(price)
                tables[f"{name}_prices"] = pa.table(
                    {name: ids.take(pa.array(kept)), "price": pa.array(price[kept])}
                )
        return tables


def refuse_foreign_folder(folder: Path) -> None:
    """A result replaces an older result, never anything else."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise InstanceProblem(f"{folder}: esiste già e non è una cartella.")
    if any(folder.iterdir()) and not (folder / "certificate.json").is_file():
        raise InstanceProblem(
            f"{folder}: la cartella contiene altro; indicare una cartella nuova o un risultato."
        )


def _replace(folder: Path, draft: Path) -> None:
    old = folder.with_name(f".{folder.name}.old-{os.getpid()}")
    if folder.exists():
        folder.rename(old)
    draft.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def read_homes(folder: Path, instance: Instance) -> Ints:
    """The assignment in a result folder, on the positions of `instance`; households and homes no longer there are left."""
    path = file_of(folder, "assignment")
    if path is None:
        raise InstanceProblem(f"{folder}: manca assignment.parquet, non è la cartella di un risultato.")
    source = read_source(path)
    households, dwellings = source.text("household"), source.text("dwelling", may_be_empty=True)
    return positions(instance, households, dwellings)


def positions(instance: Instance, households: pa.StringArray, dwellings: pa.StringArray) -> Ints:
    """Pairs of identifiers as one dwelling position per household of the instance, -1 for none."""
    h = np.asarray(pc.index_in(households, value_set=instance.households).fill_null(-1), np.int64)
    d = np.asarray(pc.index_in(dwellings, value_set=instance.dwellings).fill_null(-1), np.int64)
    homes = np.full(len(instance.persons), -1, np.int64)
    homes[h[h >= 0]] = d[h >= 0]
    return homes
