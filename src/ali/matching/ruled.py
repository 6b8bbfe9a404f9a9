"""The rules of an instance folder: `rules.json` beside the tables, applied to their columns.

    {"numbers": {"share": 400},
     "definitions": {"cost": "home.rent_eur * (1 if home.mode == WHOLE else household.persons)"},
     "rules": [{"code": "rent", "condition": "cost * 1000 <= household.income_eur * share",
                "missing": "cost - household.income_eur * share // 1000", "unit": "euro",
                "sentence": "il canone supera la quota di reddito ammessa", "source": "..."}],
     "value": "household.persons * (500 + household.waiting_days // 2)",
     "most": 50}

Every integer column of `households` and `dwellings` is a fact; texts (territory, municipality) may only be compared with
each other. With rules the engine can say which one stops a pair, and what a home not there yet would be for everybody.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

import numpy as np
import pyarrow as pa

from ali.matching.errors import InstanceProblem
from ali.matching.instance import GROUPS, MODES, Instance
from ali.matching.rulebook import Rule, RuleBook
from ali.matching.screening import Arcs
from ali.matching.tables import Ints, Source, file_of, parquet_bytes, read_source

FILE = "rules.json"
CONSTANTS = {name.upper(): at for names in (GROUPS, MODES) for at, name in enumerate(names)}
CHOICES = {"group": GROUPS, "mode": MODES}
UNKNOWN = -1  # a text that no table holds


@dataclass(frozen=True, eq=False)
class Ruled:
    """A book of rules with the facts of both tables as numbers."""

    book: RuleBook
    most: int  # homes kept for each household
    households: dict[str, Ints]
    homes: dict[str, Ints]
    texts: dict[str, int]

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """The rules of a folder, None if it has no file of rules."""
        path = folder / FILE
        if not path.is_file():
            return None
        content = _read_json(path)
        sources = {name: _table(folder, name) for name in ("households", "dwellings")}
        texts = _texts(list(sources.values()))
        people = _facts(sources["households"], "household", texts)
        homes = _facts(sources["dwellings"], "dwelling", texts)
        try:
            book = _book(content, people, homes)
        except InstanceProblem as problem:
            raise InstanceProblem(f"{path.name}: {problem}") from problem
        return cls(book, int(content.get("most", 0)), people, homes, texts)

    def arcs(self) -> Arcs:
        """Every lawful pair, with what each rule removes."""
        return Arcs.screen(self.book, self.households, self.homes)

    def kept_arcs(self) -> tuple[Ints, Ints, Ints]:
        """Household, home and weight of the arcs of the instance."""
        arcs = self.arcs()
        return arcs.best(self.most or len(self.homes["beds"]))

    def pair(self, household: int, home: int) -> dict[str, int]:
        """The facts of one pair."""
        facts = {f"household.{name}": int(column[household]) for name, column in self.households.items()}
        return facts | {f"home.{name}": int(column[home]) for name, column in self.homes.items()}

    def home(self, position: int, changed: Mapping[str, str]) -> dict[str, int]:
        """The facts of a home with some changed, as a person types them."""
        facts = {name: int(column[position]) for name, column in self.homes.items()}
        return facts | self.typed(changed)

    def typed(self, words: Mapping[str, str]) -> dict[str, int]:
        """Facts typed by a person as numbers."""
        out = {}
        for name, text in words.items():
            if name not in self.homes:
                raise InstanceProblem(
                    f"«{name}» non è un dato degli alloggi: ci sono {', '.join(self.homes)}."
                )
            if name in CHOICES and text in CHOICES[name]:
                out[name] = CHOICES[name].index(text)
            elif text.lstrip("-").isdigit():
                out[name] = int(text)
            else:
                out[name] = self.texts.get(text, UNKNOWN)
        return out

    def column_of(self, home: Mapping[str, int]) -> tuple[Ints, Ints]:
        """Households and weights of a home with these facts, screened alone."""
        missing = [name for name in self.homes if name not in home]
        if missing:
            raise InstanceProblem(f"mancano i dati dell'alloggio: {', '.join(missing)}.")
        arcs = Arcs.screen(self.book, self.households, {name: [home[name]] for name in self.homes})
        households, weights = arcs.lists[0]
        return households.astype(np.int64), weights


def build_instance(folder: Path) -> int:
    """Write the arcs that the rules allow into a folder with households, dwellings and rules; returns how many."""
    ruled = Ruled.read(folder)
    if ruled is None:
        raise InstanceProblem(f"{folder}: manca {FILE}.")
    household, home, weight = ruled.kept_arcs()
    if not len(household):
        raise InstanceProblem(f"{folder}: nessuna coppia supera tutte le regole.")
    if (weight <= 0).any():
        at = int(np.argmax(weight <= 0))
        raise InstanceProblem(f"{FILE}: il valore di una coppia è {weight[at]}, deve essere maggiore di 0.")
    names = {
        name: _table(folder, table).text(name)
        for name, table in (("household", "households"), ("dwelling", "dwellings"))
    }
    table = pa.table(
        {
            "household": names["household"].take(pa.array(household)),
            "dwelling": names["dwelling"].take(pa.array(home)),
            "weight": pa.array(weight),
            "needs_income_eur": pa.array(np.zeros(len(weight), np.int64)),
        }
    )
    draft = folder / ".arcs.parquet.draft"
    draft.write_bytes(parquet_bytes(table))
    draft.rename(folder / "arcs.parquet")
    return len(weight)


def homes_alike(instance: Instance, words: Mapping[str, str]) -> list[int]:
    """The homes of the instance, the one most like these words first: place, use, beds, rent."""
    table = instance.sources["dwellings"].table
    distance = np.zeros(len(instance.mode))
    for column, cost in (("municipality", 4e6), ("territory", 4e9), ("mode", 1e6)):
        if column in words and column in table.column_names:
            there = np.array([str(text) for text in table[column].to_pylist()])
            distance += cost * (there != words[column])
    for column, cost in (("beds", 1e4), ("rent_eur", 1.0)):
        if words.get(column, "").isdigit() and column in table.column_names:
            distance += cost * np.abs(instance.sources["dwellings"].integers(column) - int(words[column]))
    order: list[int] = np.argsort(distance, kind="stable").tolist()
    return order


def _read_json(path: Path) -> dict[str, Any]:  # Any: what JSON can hold
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InstanceProblem(f"{path.name}: non si legge come JSON ({error}).") from error
    if not isinstance(content, dict) or not isinstance(content.get("rules"), list):
        raise InstanceProblem(f"{path.name}: serve un oggetto con l'elenco «rules».")
    return content


def _book(content: Mapping[str, Any], people: Mapping[str, Ints], homes: Mapping[str, Ints]) -> RuleBook:
    numbers = {**CONSTANTS, **_numbers(content.get("numbers", {}))}
    rules = [_rule(at, row) for at, row in enumerate(content["rules"], 1)]
    book = RuleBook.of(
        rules, str(content.get("value", "household.persons")), household=people, home=homes, numbers=numbers,
        definitions=content.get("definitions", {}),
    )  # fmt: skip
    return book.with_numbers(numbers)


def _numbers(given: Any) -> dict[str, int]:  # Any: read from a file
    if not isinstance(given, dict) or any(
        isinstance(v, bool) or not isinstance(v, int) for v in given.values()
    ):
        raise InstanceProblem("«numbers» deve contenere numeri interi.")
    return given


def _rule(at: int, row: Any) -> Rule:  # Any: read from a file
    known = {field.name for field in fields(Rule)}
    if not isinstance(row, dict) or not {"code", "condition"} <= row.keys() or not row.keys() <= known:
        raise InstanceProblem(
            f"regola {at}: servono «code» e «condition»; si può aggiungere {', '.join(sorted(known - {'code', 'condition'}))}."
        )
    step = row.get("step", 1)
    if isinstance(step, bool) or not isinstance(step, int) or step < 1:
        raise InstanceProblem(f"regola {at}: «step» deve essere un numero intero maggiore di 0.")
    return Rule(**{name: str(value) for name, value in row.items() if name != "step"}, step=step)


def _table(folder: Path, name: str) -> Source:
    path = file_of(folder, name)
    if path is None:
        raise InstanceProblem(f"{name}.parquet: manca il file (va bene anche {name}.csv) in {folder}.")
    return read_source(path)


def _texts(sources: list[Source]) -> dict[str, int]:
    """A number for each text that facts compare."""
    found: set[str] = set()
    for source in sources:
        for field in source.table.schema:
            if pa.types.is_string(field.type) and field.name not in {*CHOICES, "household", "dwelling"}:
                found.update(text for text in source.table[field.name].unique().to_pylist() if text)
    return {text: at for at, text in enumerate(sorted(found))}


def _facts(source: Source, identity: str, texts: Mapping[str, int]) -> dict[str, Ints]:
    out: dict[str, Ints] = {}
    for field in source.table.schema:
        if field.name == identity:
            continue
        if pa.types.is_integer(field.type):
            out[field.name] = source.integers(field.name)
        elif pa.types.is_string(field.type):
            values = source.text(field.name).to_pylist()
            choices = CHOICES.get(field.name)
            code = {name: at for at, name in enumerate(choices)} if choices else texts
            wrong = next((at for at, text in enumerate(values) if text not in code), None)
            if wrong is not None:
                source.fail(wrong, f"«{values[wrong]}» in «{field.name}» non è fra {', '.join(code)}.")
            out[field.name] = np.array([code[text] for text in values], np.int64)
    return out
