"""An instance: households, dwellings, the arcs between them, ceilings and pins, checked and numbered."""

from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from time import process_time
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ali.matching import checks
from ali.matching.checks import Flags, Pinned
from ali.matching.compiled import kernel
from ali.matching.jobs import Jobs, jobs
from ali.matching.tables import (
    Columns,
    Ints,
    Source,
    digest,
    digest_of_folder,
    from_columns,
    parquet_bytes,
    read_folder,
)

GROUPS = ("man", "woman", "family")
MAN, WOMAN, FAMILY = range(3)
MODES = ("whole", "men", "women", "open")
WHOLE, MEN, WOMEN, OPEN = range(4)


@dataclass(frozen=True, eq=False)
class Instance:
    """Checked tables with positions instead of identifiers; never changes once made."""

    sources: dict[str, Source] = field(repr=False)
    households: pa.StringArray
    dwellings: pa.StringArray
    persons: Ints
    group: Ints
    mode: Ints
    beds: Ints
    arc_household: Ints
    arc_dwelling: Ints
    weight: Ints
    needs_income: Ints
    usable: Ints  # positions of the lawful arcs left by pins and forbids, in order of household and dwelling
    usable_with_jobs: Ints  # the same with those that need the income of a job
    pinned: Pinned
    quotas: pa.StringArray
    quota_limit: Ints
    quota_row: Ints  # one entry per (quota, dwelling)
    quota_dwelling: Ints
    rules: str
    prepared_seconds: float
    folder: Path | None = None

    @classmethod
    def read(cls, folder: Path | str, *, rules: str = "") -> Self:
        """The instance in a folder of Parquet or CSV files."""
        folder = Path(folder)
        return cls._checked(read_folder(folder), rules=rules, folder=folder)

    @classmethod
    def from_columns(cls, columns: Columns, *, rules: str = "") -> Self:
        """An instance from plain columns in memory: table name -> column name -> values."""
        return cls._checked(from_columns(columns), rules=rules, folder=None)

    @classmethod
    def from_sources(cls, sources: dict[str, Source], *, rules: str = "") -> Self:
        """An instance from tables already read."""
        return cls._checked(sources, rules=rules, folder=None)

    @classmethod
    def _checked(cls, sources: dict[str, Source], *, rules: str, folder: Path | None) -> Self:
        ready()
        start = process_time()
        people = checks.households(sources["households"], GROUPS)
        homes = checks.dwellings(sources["dwellings"], MODES)
        arcs = checks.arcs(sources["arcs"], people.ids, homes.ids)
        quotas = checks.quotas(sources.get("quotas"), homes.ids)
        pins = checks.pins(sources.get("pins"), people.ids, homes.ids, arcs)
        lawful = may_live(arcs.household, arcs.dwelling, people.group, people.persons, homes.mode, homes.beds)
        checks.pins_can_hold(pins, arcs, lawful, people, homes, quotas)
        with_jobs = arcs.order[(lawful & ~pins.closes(arcs))[arcs.order]]
        needy = arcs.needs_income.max(initial=0) > 0
        usable = with_jobs[arcs.needs_income[with_jobs] == 0] if needy else with_jobs
        instance = cls(
            sources=sources,
            households=people.ids,
            dwellings=homes.ids,
            persons=people.persons,
            group=people.group,
            mode=homes.mode,
            beds=homes.beds,
            arc_household=arcs.household,
            arc_dwelling=arcs.dwelling,
            weight=arcs.weight,
            needs_income=arcs.needs_income,
            usable=usable,
            usable_with_jobs=with_jobs,
            pinned=pins.pinned(),
            quotas=quotas.ids,
            quota_limit=quotas.limit,
            quota_row=quotas.row,
            quota_dwelling=quotas.dwelling,
            rules=rules,
            prepared_seconds=process_time() - start,
            folder=folder,
        )
        checks.something_usable(sources["arcs"], instance, with_jobs if "openings" in sources else usable)
        return instance

    @cached_property
    def jobs(self) -> Jobs:
        """Openings, who may take them, and commutes: checked when a model first asks for them."""
        return jobs(self.sources, self.households, self.dwellings)

    @cached_property
    def territory(self) -> Ints:
        """A number for the territory of each household, 0 for all where the table does not say."""
        source = self.sources["households"]
        return source.numbers("territory")

    def files(self) -> dict[str, bytes]:
        """The tables as Parquet files, name -> content."""
        return {f"{name}.parquet": parquet_bytes(source.table) for name, source in self.sources.items()}

    def write(self, folder: Path) -> None:
        """Write the tables as Parquet into an existing folder."""
        for name, content in self.files().items():
            (folder / name).write_bytes(content)

    @cached_property
    def sha256(self) -> str:
        """What anyone can compute again from the files."""
        return digest_of_folder(self.folder) if self.folder else digest(self.files())

    def position_of_household(self, household: str) -> int:
        """Where a household is in the tables, -1 if it is not there."""
        return int(pc.index(self.households, pa.scalar(household, pa.string())).as_py())

    def with_bonus(self, homes: Ints, bonus: int) -> Self:
        """The same instance with `bonus` more on the arcs to the homes given (-1: none): moving must be worth it."""
        return self.with_weights(self.weight + bonus * (homes[self.arc_household] == self.arc_dwelling))

    def with_weights(self, weight: Ints, job_factor: Ints | None = None) -> Self:
        """The same instance with other weights on its arcs; those of jobs are multiplied by a factor per household."""
        sources = {name: Source(name, source.table) for name, source in self.sources.items()}
        sources["arcs"] = _reweighed(sources["arcs"], weight)
        if job_factor is not None and "job_arcs" in sources:
            jobs = sources["job_arcs"]
            of = jobs.positions("household", self.households)
            sources["job_arcs"] = _reweighed(jobs, jobs.integers("weight") * job_factor[of])
        return self._checked(sources, rules=self.rules, folder=None)

    def with_arcs(self, kept: Flags) -> Self:
        """The same instance with some of its arcs; pins and forbids on the others go with them."""
        sources = {name: Source(name, source.table) for name, source in self.sources.items()}
        sources["arcs"] = Source("arcs", sources["arcs"].table.filter(pa.array(kept)))
        if "pins" in sources:
            wide = len(self.dwellings)
            pins = sources["pins"]
            pair = pins.positions("household", self.households) * wide + pins.positions(
                "dwelling", self.dwellings
            )
            left = (self.arc_household * wide + self.arc_dwelling)[kept]
            table = pins.table.filter(pa.array(np.isin(pair, left)))
            sources["pins"] = Source("pins", table)
        return self._checked(sources, rules=self.rules, folder=None)


def _reweighed(source: Source, weight: Ints) -> Source:
    column = source.table.column_names.index("weight")
    return Source(source.label, source.table.set_column(column, "weight", pa.array(weight, pa.int64())))


@cache
def ready() -> float:
    """Load the kernel of the checks; the seconds of CPU it took, the first time."""
    start = process_time()
    one = np.zeros(1, np.int64)
    may_live(one, one, one, one, one, one)
    return process_time() - start


@kernel
def may_live(household: Ints, dwelling: Ints, group: Ints, persons: Ints, mode: Ints, beds: Ints) -> Flags:
    """For each arc whether the dwelling may take the household: its group, and beds for all."""
    out = np.zeros(len(household), np.bool_)
    for a in range(len(household)):
        h, d = household[a], dwelling[a]
        suits = mode[d] == WHOLE or mode[d] == OPEN or mode[d] == group[h] + 1
        out[a] = suits and persons[h] <= beds[d]
    return out


def fits(mode: Ints, group: Ints) -> Flags:
    """Whether a dwelling of this mode may take a household of this group."""
    suits: Flags = (mode == WHOLE) | (mode == OPEN)
    suits |= (mode == MEN) & (group == MAN)
    suits |= (mode == WOMEN) & (group == WOMAN)
    return suits
