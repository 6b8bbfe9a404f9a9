"""How solid each proposal is: in how many small changes of the facts the household would keep that home.

Dates slip, incomes and rents are not quite what was written. Each trial shakes every fact a little, with its own seed, and
solves again from the plan in force; a proposal that survives few trials deserves a second look before anybody is told.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ali.matching.errors import InstanceProblem
from ali.matching.instance import Instance, fits
from ali.matching.result import Result
from ali.matching.rulebook import RuleBook
from ali.matching.tables import Ints
from ali.matching.warm import Warm

TRIALS = 50
SOLID, FAIR = 90, 60  # per cent of the trials
PAIRS = 500_000  # looked at together
Columns = Mapping[str, Any]  # Any: numpy columns of facts
Side = Literal["household", "home"]
Grade = Literal["solid", "fair", "fragile"]


@dataclass(frozen=True)
class Shake:
    """How far some columns of facts may be from what is written; columns of one shake move together."""

    side: Side
    columns: tuple[str, ...]
    days: int = 0
    percent: int = 0


def grade(percent: int) -> Grade:
    """Solid, fair or fragile."""
    if percent >= SOLID:
        return "solid"
    return "fair" if percent >= FAIR else "fragile"


def shaken(
    columns: Columns, side: Side, shakes: Sequence[Shake], draw: np.random.Generator
) -> dict[str, Ints]:
    """The facts of one trial; whatever the shakes do not name stays as it is."""
    out = {name: np.asarray(values, np.int64) for name, values in columns.items()}
    for shake in shakes:
        if shake.side != side:
            continue
        unknown = [name for name in shake.columns if name not in out]
        if unknown:
            raise InstanceProblem(f"«{unknown[0]}» non è un dato che si può scuotere.")
        count = len(out[shake.columns[0]])
        moved = draw.integers(-shake.days, shake.days + 1, count)
        share = draw.integers(-10 * shake.percent, 10 * shake.percent + 1, count)  # per mille
        for name in shake.columns:
            out[name] = out[name] + moved + out[name] * share // 1000
    return out


def lawful_arcs(book: RuleBook, households: Columns, homes: Columns) -> tuple[Ints, Ints, Ints]:
    """Household, home and weight of every pair that passes the rules, by household."""
    people = {f"household.{name}": np.asarray(values)[:, None] for name, values in households.items()}
    known = book.for_households(people)
    count, places = (len(next(iter(columns.values()))) for columns in (households, homes))
    step = max(1, PAIRS // max(1, count))
    parts = []
    for start in range(0, places, step):
        end = min(places, start + step)
        facts = {f"home.{name}": np.asarray(values)[None, start:end] for name, values in homes.items()}
        shape = (count, end - start)
        lawful = np.ones(shape, bool)
        for term in known.conditions:
            lawful &= np.broadcast_to(term(facts), shape)
        h, d = np.nonzero(lawful)
        parts.append((h, d + start, np.broadcast_to(known.value(facts), shape)[h, d].astype(np.int64)))
    h, d, w = (np.concatenate([part[at] for part in parts]) for at in range(3))
    order = np.lexsort((d, h))
    return h[order], d[order], w[order]


class Trials:
    """A plan in force, tried under other arcs."""

    def __init__(self, result: Result, keep_bonus: int = 0) -> None:
        self.result, self.instance, self.keep_bonus = result, result.instance, keep_bonus
        self.quiet = Warm.of(result).quiet
        self.forbidden = self._forbidden()

    def _forbidden(self) -> Ints:
        """Keys of the pairs that officers exclude."""
        instance = self.instance
        source = instance.sources.get("pins")
        if source is None:
            return np.zeros(0, np.int64)
        home_at = {name: at for at, name in enumerate(instance.dwellings.to_pylist())}
        at = {name: at for at, name in enumerate(instance.households.to_pylist())}
        rows = [row for row in source.table.to_pylist() if row["kind"] == "forbid"]
        keys = [at[row["household"]] * len(home_at) + home_at[row["dwelling"]] for row in rows]
        return np.array(keys, np.int64)

    def homes_under(self, household: Ints, home: Ints, weight: Ints) -> Ints:
        """The home of each household when these are the arcs."""
        instance = self._with_arcs(household, home, weight)
        still = np.zeros(len(instance.persons), bool)
        at = self.result.assignment[household] == home
        still[household[at & (weight > 0)]] = True
        still[instance.pinned.household] = True
        if self.keep_bonus:
            stays = self.result.assignment[instance.arc_household] == instance.arc_dwelling
            bonus = self.keep_bonus * instance.persons[instance.arc_household] * stays
            instance = replace(instance, weight=instance.weight + bonus)
        assignment = np.where(still, self.result.assignment, -1)
        warm = Warm.of(replace(self.result, instance=instance, assignment=assignment))
        warm.quiet = self.quiet
        warm.adapt()
        return warm.lawful_homes()[: len(instance.persons)]

    def _with_arcs(self, household: Ints, home: Ints, weight: Ints) -> Instance:
        """The instance with other arcs; pins keep theirs, exclusions stay."""
        instance = self.instance
        homes = len(instance.mode)
        pinned = np.zeros(len(instance.persons), bool)
        pinned[instance.pinned.household] = True
        usable = fits(instance.mode[home], instance.group[household]) & (weight > 0)
        usable &= (instance.persons[household] <= instance.beds[home]) & ~pinned[household]
        if len(self.forbidden):
            usable &= ~np.isin(household * homes + home, self.forbidden)
        held = instance.usable[pinned[instance.arc_household[instance.usable]]]
        h = np.concatenate([household[usable], instance.arc_household[held]])
        d = np.concatenate([home[usable], instance.arc_dwelling[held]])
        w = np.concatenate([weight[usable], instance.weight[held]])
        order = np.lexsort((d, h))
        return replace(
            instance, arc_household=h[order], arc_dwelling=d[order], weight=w[order],
            needs_income=np.zeros(len(order), np.int64), usable=np.arange(len(order)),
        )  # fmt: skip


def solidity(
    result: Result,
    book: RuleBook,
    households: Columns,
    homes: Columns,
    shakes: Sequence[Shake],
    *,
    keep_bonus: int = 0,
    seed: int = 0,
    trials: int = TRIALS,
    same: Sequence[int] | None = None,
    progress: Callable[[float], None] | None = None,
) -> NDArray[np.int64]:
    """Per cent of the trials in which each household keeps its home, -1 for who has none.

    `homes` are the facts of the dwellings of the instance, in their order; where two of them are one home for people,
    `same` gives both the same number. `keep_bonus` is what one person's staying is worth, as in a run that follows another.
    """
    if trials < 1:
        raise InstanceProblem("Serve almeno una prova.")
    home_of = np.append(np.arange(len(result.instance.mode)) if same is None else np.asarray(same), -1)
    before = home_of[result.assignment]
    kept = np.zeros(len(before), np.int64)
    plan = Trials(result, keep_bonus)
    for trial in range(trials):
        draw = np.random.Generator(np.random.PCG64([seed, trial]))
        people = shaken(households, "household", shakes, draw)
        places = shaken(homes, "home", shakes, draw)
        kept += home_of[plan.homes_under(*lawful_arcs(book, people, places))] == before
        if progress is not None:
            progress((trial + 1) / trials)
    return np.where(before >= 0, (100 * kept) // trials, -1)
