"""The jobs of `joint`: openings, who may take them, and which can be reached from which dwelling, checked and numbered."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ali.matching import checks
from ali.matching.checks import Flags
from ali.matching.errors import InstanceProblem
from ali.matching.tables import Ints, Source

TABLES = ("openings", "job_arcs", "commutes")
MOST_POSTS = 10_000


@dataclass(frozen=True, eq=False)
class Jobs:
    """Openings, seekers (a member of a household who may take one of some openings) and commutes."""

    openings: pa.StringArray
    posts: Ints
    seeker_household: Ints
    seeker_person: Ints
    arc_seeker: Ints  # of each job arc, in order of household, person and opening
    arc_opening: Ints
    weight: Ints
    income: Ints
    commute_dwelling: Ints
    commute_opening: Ints

    @property
    def arc_household(self) -> Ints:
        """Household of each job arc."""
        return self.seeker_household[self.arc_seeker]


def jobs(sources: dict[str, Source], households: pa.StringArray, dwellings: pa.StringArray) -> Jobs:
    """The three tables of `joint`, refused by file and row where they are wrong."""
    for name in TABLES:
        if name not in sources:
            raise InstanceProblem(f"{name}.parquet: manca il file, che il modello joint richiede.")
    openings = checks.unique(sources["openings"], "opening")
    posts = checks.within(sources["openings"], "posts", 1, MOST_POSTS)
    source = sources["job_arcs"]
    h = checks.known(source, "household", households, "households")
    o = checks.known(source, "opening", openings, "openings")
    person, weight = source.integers("person"), checks.within(source, "weight", 1, checks.MOST_WEIGHT)
    income = checks.within(source, "income_eur", 0, 2**30)
    order = np.lexsort((o, person, h)).astype(np.int64)
    new = np.ones(len(order), bool)
    new[1:] = (np.diff(h[order]) != 0) | (np.diff(person[order]) != 0)
    seeker = np.cumsum(new, dtype=np.int64) - 1
    _refuse_twice(source, order, seeker * max(1, len(openings)) + o[order])
    first = order[new]
    d, at = _commutes(sources["commutes"], dwellings, openings)
    return Jobs(
        openings, posts, h[first], person[first], seeker, o[order], weight[order], income[order], d, at
    )


def _commutes(source: Source, dwellings: pa.StringArray, openings: pa.StringArray) -> tuple[Ints, Ints]:
    d = checks.known(source, "dwelling", dwellings, "dwellings")
    o = checks.known(source, "opening", openings, "openings")
    checks.within(source, "minutes", 0, 2**30)
    key = d * max(1, len(openings)) + o
    order = np.argsort(key, kind="stable").astype(np.int64)
    _refuse_twice(source, order, key[order])
    return d[order], o[order]


def _refuse_twice(source: Source, order: Ints, sorted_key: Ints) -> None:
    again: Flags = sorted_key[1:] == sorted_key[:-1]
    if again.any():
        second = int(order[1:][again].min())
        first = int(order[:-1][sorted_key[:-1] == sorted_key[np.flatnonzero(order == second)[0]]].min())
        source.fail(second, f"la riga ripete la riga {source.row(first)}.")
