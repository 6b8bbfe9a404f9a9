"""Rules to arcs: which homes each household may have, what each pair is worth, and how many homes each rule removes.

Homes are looked at one by one, each against every household at once: memory never holds the whole matrix, and a home
that changes is one more look at its own column.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ali.matching.errors import InstanceProblem
from ali.matching.expressions import Term
from ali.matching.rulebook import Facts, RuleBook
from ali.matching.tables import Ints

Counts = NDArray[np.int32]
BLOCK = 65_536  # households looked at together


@dataclass(frozen=True, eq=False)
class Column:
    """One home against every household: who may have it, what for, and which rules refuse the others."""

    households: NDArray[np.int32]
    weights: Ints
    refused: NDArray[np.bool_]  # rules by households
    alone: NDArray[np.bool_]  # rules by households: refused by that rule and by no other


@dataclass(frozen=True, eq=False)
class _Block:
    """Some households: the book as it is for them, and their facts."""

    start: int
    end: int
    book: RuleBook
    facts: dict[str, Ints]

    def weights(self, value: Term, home: Facts, found: Ints) -> Ints:
        """What the home is worth to the households found, who are few: only they are computed."""
        facts = {name: column[found] for name, column in self.facts.items() if name in value.names}
        return np.broadcast_to(value({**home, **facts}), len(found)).astype(np.int64)


@dataclass(eq=False)
class Arcs:
    """All lawful pairs, home by home, and per household the number of homes each rule removes."""

    book: RuleBook
    people: int
    blocks: list["_Block"]
    lists: list[tuple[NDArray[np.int32], Ints]] = field(default_factory=list)
    homes: list[dict[str, int]] = field(default_factory=list)
    removed: Counts = field(default_factory=lambda: np.zeros((0, 0), np.int32))  # rules by households
    removed_alone: Counts = field(default_factory=lambda: np.zeros((0, 0), np.int32))

    @classmethod
    def screen(cls, book: RuleBook, households: Mapping[str, Any], homes: Mapping[str, Any]) -> Self:
        """Apply every rule to all pairs: columns of facts in, arcs and counts out."""
        people, places = _columns("household", households), _columns("home", homes)
        count = _length(people, "nuclei")
        arcs = cls(book, count, [])
        for start in range(0, count, BLOCK):
            end = min(count, start + BLOCK)
            some = {name: values[start:end] for name, values in people.items()}
            arcs.blocks.append(_Block(start, end, book.for_households(some), some))
        arcs.removed = np.zeros((len(book.rules), count), np.int32)
        arcs.removed_alone = np.zeros((len(book.rules), count), np.int32)
        for position in range(_length(places, "alloggi")):
            arcs._add({name: int(values[position]) for name, values in places.items()})
        return arcs

    def add_home(self, home: Mapping[str, int]) -> int:
        """One more home; returns its position."""
        return self._add(_prefixed("home", home))

    def _add(self, facts: dict[str, int]) -> int:
        column = self._look(facts, +1)
        self.homes.append(facts)
        self.lists.append((column.households, column.weights))
        return len(self.homes) - 1

    def change_home(self, position: int, **changed: int) -> Column:
        """Other facts for one home: its arcs and what the rules remove follow, nothing else is touched."""
        if not 0 <= position < len(self.homes):
            raise InstanceProblem(f"l'alloggio {position} non c'è: sono {len(self.homes)}.")
        unknown = [name for name in changed if f"home.{name}" not in self.homes[position]]
        if unknown:
            raise InstanceProblem(f"«{unknown[0]}» non è un dato dell'alloggio.")
        facts = self.homes[position] | _prefixed("home", changed)
        self._look(self.homes[position], -1)
        column = self._look(facts, +1)
        self.homes[position] = facts
        self.lists[position] = (column.households, column.weights)
        return column

    def remove_home(self, position: int) -> None:
        """Take a home away; the positions of the others stay."""
        self._look(self.homes[position], -1)
        self.lists[position] = (np.zeros(0, np.int32), np.zeros(0, np.int64))

    def column(self, home: Mapping[str, int]) -> Column:
        """What a home would be for every household, without adding it."""
        return self._look(_prefixed("home", home), 0)

    def __len__(self) -> int:
        return sum(len(households) for households, _ in self.lists)

    def triples(self) -> tuple[Ints, Ints, Ints]:
        """Household, home and weight of every lawful pair, by home."""
        sizes = [len(households) for households, _ in self.lists]
        home = np.repeat(np.arange(len(self.lists), dtype=np.int64), sizes)
        household = _joined([households for households, _ in self.lists])
        return household.astype(np.int64), home, _joined([weights for _, weights in self.lists])

    def best(self, most: int) -> tuple[Ints, Ints, Ints]:
        """The same, by household, with at most so many homes each: those worth most, the earlier of two alike."""
        household, home, weight = self.triples()
        order = np.lexsort((home, -weight, household))
        household, home, weight = household[order], home[order], weight[order]
        rank = np.arange(len(order)) - np.searchsorted(household, household, side="left")
        kept = rank < most
        return household[kept], home[kept], weight[kept]

    def _look(self, home: Facts, sign: int) -> Column:
        rules = len(self.book.rules)
        refused, alone = (np.zeros((rules, self.people), bool) for _ in range(2))
        some, worth = [], []
        for block in self.blocks:
            start, end = block.start, block.end
            count = np.zeros(end - start, np.int8)
            for at, term in enumerate(block.book.conditions):
                fails = refused[at, start:end]
                np.logical_not(term(home), out=fails)
                count += fails
            single = count == 1
            for at in range(rules):
                np.logical_and(refused[at, start:end], single, out=alone[at, start:end])
            found = np.flatnonzero(count == 0)
            some.append((found + start).astype(np.int32))
            worth.append(block.weights(self.book.value, home, found))
        if sign:
            update = np.add if sign > 0 else np.subtract
            update(self.removed, refused, out=self.removed, casting="unsafe")
            update(self.removed_alone, alone, out=self.removed_alone, casting="unsafe")
        return Column(_joined(some), _joined(worth), refused, alone)


def _joined(parts: Sequence[NDArray[Any]]) -> Any:  # Any: the parts' own kind
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _prefixed(kind: str, facts: Mapping[str, int]) -> dict[str, int]:
    return {f"{kind}.{name}": value for name, value in facts.items()}


def _columns(kind: str, columns: Mapping[str, Any]) -> dict[str, Ints]:
    return {f"{kind}.{name}": np.ascontiguousarray(values, np.int64) for name, values in columns.items()}


def _length(columns: Mapping[str, Ints], what: str) -> int:
    lengths = {len(values) for values in columns.values()}
    if len(lengths) != 1:
        raise InstanceProblem(f"le colonne degli {what} mancano o hanno lunghezze diverse.")
    return lengths.pop()
