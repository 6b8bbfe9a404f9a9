"""What if: named changes tried on a solved state, with what they move, what they bring and the bound that still holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import process_time
from typing import Any, Self

import numpy as np

from ali.matching.errors import InstanceProblem
from ali.matching.instance import GROUPS, MODES
from ali.matching.padding import NoRoom
from ali.matching.result import Result
from ali.matching.tables import Ints
from ali.matching.warm import Warm
from ali.matching.wording import counted

Arcs = Mapping[str, int]  # name of the other side -> weight
Pair = tuple[str, str]
Lost = list[tuple[dict[str, int], str, int]]  # names that no longer lead to their position, to be given back


@dataclass(frozen=True)
class AddHome:
    """A home that is not there yet; its arcs are given, or are those of a home that it resembles."""

    name: str
    mode: str
    beds: int
    arcs: Arcs | None = None
    like: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)  # Any: the other columns of the table


@dataclass(frozen=True)
class RemoveHome:
    """A home that falls through."""

    name: str


@dataclass(frozen=True)
class ChangeHome:
    """Another capacity, or other arcs because a date or a rent has changed."""

    name: str
    beds: int | None = None
    arcs: Arcs | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)  # Any: the other columns of the table


@dataclass(frozen=True)
class AddHousehold:
    """A household that was not there; its arcs are given, or are those of one that it resembles."""

    name: str
    persons: int
    group: str
    arcs: Arcs | None = None
    like: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)  # Any: the other columns of the table


@dataclass(frozen=True)
class RemoveHousehold:
    """A household that needs no home any more."""

    name: str


@dataclass(frozen=True)
class Refuse:
    """A household refuses a home, or somebody excludes the pair."""

    household: str
    home: str


@dataclass(frozen=True)
class Pin:
    """A place of this home for this household, whatever it costs."""

    household: str
    home: str


Change = AddHome | RemoveHome | ChangeHome | AddHousehold | RemoveHousehold | Refuse | Pin


@dataclass(frozen=True)
class Move:
    """A household whose home is another; None is no home."""

    household: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Standing:
    """What a plan is worth, and what nobody can beat."""

    objective: int
    bound: int
    households: int
    persons: int

    @property
    def gap(self) -> float:
        """How much of the bound is not reached."""
        return (self.bound - self.objective) / self.bound if self.bound else 0.0


@dataclass(frozen=True)
class Outcome:
    """Before and after."""

    before: Standing
    after: Standing
    moves: tuple[Move, ...]
    cpu_seconds: float

    @property
    def gained(self) -> int:
        """What the changes add to the objective, less than 0 when they cost."""
        return self.after.objective - self.before.objective

    def as_dict(self) -> dict[str, Any]:  # Any: what JSON can hold
        """The same as plain values."""
        return {
            "before": vars(self.before) | {"gap": self.before.gap},
            "after": vars(self.after) | {"gap": self.after.gap},
            "gained": self.gained,
            "moves": [vars(move) for move in self.moves],
            "cpu_seconds": self.cpu_seconds,
        }

    def sentences(self) -> list[str]:
        """The answer as a person reads it."""
        before, after = self.before, self.after
        more, people = after.households - before.households, after.persons - before.persons
        if more > 0 or (more == 0 and people > 0):
            first = f"Avrebbero casa {counted(more, 'nucleo', 'nuclei')} in più ({people:+d} persone)."
        elif more < 0 or people < 0:
            first = f"Perderebbero casa {counted(-more, 'nucleo', 'nuclei')} ({people:+d} persone)."
        else:
            first = "Il numero di chi ha casa non cambia."
        value = f"Il valore complessivo passa da {before.objective} a {after.objective} ({self.gained:+d})."
        proof = f"Nessuna assegnazione può fare meglio di {100 * after.gap:.2f}% in più."
        told = [f"{move.household}: {_at(move.before)} → {_at(move.after)}" for move in self.moves]
        moved = f"Cambiano casa {counted(len(told), 'nucleo', 'nuclei')}" + (":" if told else ".")
        return [first, value, proof, moved, *told]


def _at(home: str | None) -> str:
    return home or "senza casa"


class Study:
    """A solved instance on which changes are tried."""

    def __init__(self, warm: Warm, result: Result) -> None:
        self.warm, self.result = warm, result
        self.households: list[str] = result.instance.households.to_pylist()
        self.homes: list[str] = result.instance.dwellings.to_pylist()
        self.household_at = {name: at for at, name in enumerate(self.households)}
        self.home_at = {name: at for at, name in enumerate(self.homes)}
        self.changes: list[Change] = []
        self.forbidden = _forbidden(result)
        self._base: tuple[Any, Standing, Ints] | None = None  # Any: a mark

    @classmethod
    def of(cls, result: Result) -> Self:
        """A study of this result."""
        return cls(Warm.of(result), result)

    def what_if(self, *changes: Change) -> Outcome:
        """The outcome of the changes together; the study stays as it was."""
        return self._run(changes, keep=False)

    def apply(self, *changes: Change) -> Outcome:
        """The same, and the study goes on from there."""
        return self._run(changes, keep=True)

    def _run(self, changes: Sequence[Change], *, keep: bool) -> Outcome:
        start = process_time()
        while True:
            known = (len(self.households), len(self.homes), self.forbidden)
            if self._base is None:
                self._base = (self.warm.mark(), self.standing(), self.warm.lawful_homes())
            mark, before, was = self._base
            lost: Lost = []
            done = False
            try:
                for change in changes:
                    self._make(change, lost)
                self.warm.adapt()
                now = self.warm.lawful_homes()
                moves = self._moves(was, now)
                outcome = Outcome(before, self._standing(now), moves, process_time() - start)
                done = keep
                return outcome
            except NoRoom:
                pass
            finally:
                if done:
                    self.warm.pad.notes.clear()
                    self.changes += changes
                    self._base = None
                else:
                    self._forget(mark, known, lost)
            self.warm.make_room()
            self._base = None

    def _forget(self, mark: Any, known: tuple[int, int, frozenset[Pair]], lost: Lost) -> None:  # Any: a mark
        self.warm.back_to(mark)
        for names, index, size in (
            (self.households, self.household_at, known[0]), (self.homes, self.home_at, known[1]),
        ):  # fmt: skip
            for name in names[size:]:
                if index.get(name, -1) >= size:
                    del index[name]
            del names[size:]
        self.forbidden = known[2]
        for index, name, at in reversed(lost):
            index[name] = at

    def standing(self) -> Standing:
        """What the present plan is worth."""
        return self._standing(self.warm.lawful_homes())

    def _standing(self, at: Ints) -> Standing:
        warm = self.warm
        housed = at >= 0
        objective = warm.objective
        if len(warm.instance.quota_limit):
            objective -= warm.worth_of(np.flatnonzero((warm.homes_of() >= 0) & ~housed))
        return Standing(objective, warm.bound, int(housed.sum()), int(warm.persons[housed].sum()))

    def _moves(self, was: Ints, now: Ints) -> tuple[Move, ...]:
        changed = np.flatnonzero(was != now)
        rows = zip(changed.tolist(), was[changed].tolist(), now[changed].tolist(), strict=True)
        moves = (
            Move(self.households[h], self._home_name(before), self._home_name(after))
            for h, before, after in rows
        )
        return tuple(move for move in moves if move.before != move.after)

    def _home_name(self, at: int) -> str | None:
        return self.homes[at] if at >= 0 else None

    # One change

    def _make(self, change: Change, lost: Lost) -> None:
        try:
            self._apply(change, lost)
        except NoRoom:
            raise
        except InstanceProblem as problem:
            raise InstanceProblem(f"{describe(change)}: {problem}") from problem

    def _apply(self, change: Change, lost: Lost) -> None:
        warm = self.warm
        if isinstance(change, AddHome):
            self._new_name(change.name, self.home_at)
            self._add_home(change.name, _mode(change.mode), _beds(change.beds), self._arcs_for(change))
        elif isinstance(change, RemoveHome):
            warm.remove_home(self._home(change.name))
            self._lose(self.home_at, change.name, lost)
        elif isinstance(change, ChangeHome):
            self._change_home(change, lost)
        elif isinstance(change, AddHousehold):
            self._add_household(change)
        elif isinstance(change, RemoveHousehold):
            warm.remove_household(self._household(change.name))
            self._lose(self.household_at, change.name, lost)
        elif isinstance(change, Refuse):
            warm.change_arc(self._household(change.household), self._home(change.home), 0)
            self.forbidden |= {(change.household, change.home)}
        else:
            warm.pin(self._household(change.household), self._home(change.home))

    @staticmethod
    def _lose(index: dict[str, int], name: str, lost: Lost) -> None:
        lost.append((index, name, index.pop(name)))

    def _household(self, name: str) -> int:
        if name not in self.household_at:
            raise InstanceProblem(f"il nucleo «{name}» non è nell'istanza.")
        return self.household_at[name]

    def _home(self, name: str) -> int:
        if name not in self.home_at:
            raise InstanceProblem(f"l'alloggio «{name}» non è nell'istanza.")
        return self.home_at[name]

    @staticmethod
    def _new_name(name: str, index: Mapping[str, int]) -> None:
        if not name:
            raise InstanceProblem("manca il nome.")
        if name in index:
            raise InstanceProblem(f"«{name}» c'è già.")

    def _arcs_for(self, change: AddHome) -> tuple[Ints, Ints]:
        if change.arcs is not None:
            return self._positions(change.arcs, self._household)
        if not change.like:
            raise InstanceProblem("mancano gli abbinamenti, o un alloggio a cui somiglia.")
        return self.warm.arcs_to(self._home(change.like))

    @staticmethod
    def _positions(arcs: Arcs, find: Any) -> tuple[Ints, Ints]:  # Any: a finder of names
        wrong = [name for name, weight in arcs.items() if weight <= 0]
        if wrong:
            raise InstanceProblem(f"il valore dell'abbinamento con «{wrong[0]}» deve essere maggiore di 0.")
        at = np.array([find(name) for name in arcs], np.int64)
        return at, np.array(list(arcs.values()), np.int64)

    def _add_home(
        self, name: str, mode: int, beds: int, arcs: tuple[Ints, Ints], instead_of: int = -1
    ) -> int:
        home = self.warm.add_home(mode, beds, *arcs, instead_of)
        while len(self.homes) <= home:
            self.homes.append("")
        self.homes[home] = name
        self.home_at[name] = home
        return home

    def _change_home(self, change: ChangeHome, lost: Lost) -> None:
        warm, old = self.warm, self._home(change.name)
        mode, beds = int(warm.mode[old]), int(warm.beds[old])
        if change.arcs is None:
            arcs = warm.arcs_to(old)
        else:
            allowed = {h: w for h, w in change.arcs.items() if (h, change.name) not in self.forbidden}
            arcs = self._positions(allowed, self._household)
        warm.remove_home(old)
        self._lose(self.home_at, change.name, lost)
        self._add_home(change.name, mode, _beds(beds if change.beds is None else change.beds), arcs, old)

    def arcs_from(self, household: str) -> dict[str, int]:
        """Home -> weight of the arcs of a household, in the order of the tables."""
        warm, h = self.warm, self._household(household)
        arcs = warm.pad.arcs_of(h)
        homes = warm.home_of[warm.pad.net.row_node[arcs]]
        weights = warm.pad.net.weight[arcs] + warm.persons[h] * warm.quota_price[homes]
        pairs = zip(homes.tolist(), weights.tolist(), strict=True)
        return {
            self.homes[home]: weight for home, weight in pairs if self.home_at.get(self.homes[home]) == home
        }

    def _add_household(self, change: AddHousehold) -> None:
        warm = self.warm
        self._new_name(change.name, self.household_at)
        group = _group(change.group, change.persons)
        if change.arcs is not None:
            homes, weights = self._positions(change.arcs, self._home)
        elif change.like:
            one = int(warm.persons[self._household(change.like)])
            arcs = {
                name: weight // one * change.persons for name, weight in self.arcs_from(change.like).items()
            }
            homes, weights = self._positions(arcs, self._home)
        else:
            raise InstanceProblem("mancano gli abbinamenti, o un nucleo a cui somiglia.")
        at = warm.add_household(change.persons, group, homes, weights)
        while len(self.households) <= at:
            self.households.append("")
        self.households[at] = change.name
        self.household_at[change.name] = at


def _forbidden(result: Result) -> frozenset[Pair]:
    """The pairs that the instance excludes, whatever arcs a change brings."""
    source = result.instance.sources.get("pins")
    if source is None:
        return frozenset()
    rows = source.table.to_pylist()
    return frozenset((row["household"], row["dwelling"]) for row in rows if row["kind"] == "forbid")


def describe(change: Change) -> str:
    """The change as a person names it."""
    words = {
        AddHome: "alloggio in più", RemoveHome: "alloggio in meno", ChangeHome: "alloggio cambiato",
        AddHousehold: "nucleo in più", RemoveHousehold: "nucleo in meno", Refuse: "coppia esclusa", Pin: "coppia fissata",
    }  # fmt: skip
    if isinstance(change, Refuse | Pin):
        return f"{words[type(change)]} {change.household} - {change.home}"
    return f"{words[type(change)]} {change.name}"


def _mode(name: str) -> int:
    if name not in MODES:
        raise InstanceProblem(f"«{name}» in «mode» non è fra {', '.join(MODES)}.")
    return MODES.index(name)


def _beds(beds: int) -> int:
    if not 1 <= beds <= 10_000:
        raise InstanceProblem(f"«beds» vale {beds}: deve stare fra 1 e 10000.")
    return beds


def _group(name: str, persons: int) -> int:
    if name not in GROUPS:
        raise InstanceProblem(f"«{name}» in «group» non è fra {', '.join(GROUPS)}.")
    if persons < 1:
        raise InstanceProblem("un nucleo ha almeno una persona.")
    return GROUPS.index(name)
