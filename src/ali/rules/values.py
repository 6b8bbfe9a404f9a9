"""A rule as the formulas receive it, from the database or from the file that ships it."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from ali.core.decisions import Refusal
from ali.rules.english import SHIPPED, in_reader_language
from ali.rules.models import Rule


class RuleMissing(Refusal):
    """No rule with that code is valid on that day."""


@dataclass(frozen=True)
class RuleValue:
    """A rule's value with where it holds, since when and who says so. `value` None: a local parameter nobody has set."""

    code: str
    value: Any  # Any: number, text, list or object, as the rule needs
    sentence: str
    source: str
    valid_from: date
    valid_to: date | None = None
    province: str | None = None
    municipality: str | None = None
    unit: str = ""
    is_blocking: bool = False
    is_demo: bool = False
    is_confirmed: bool = False
    version: str = ""

    @property
    def said(self) -> str:
        """The sentence in the reader's language."""
        return in_reader_language(self.sentence)

    def as_json(self) -> dict[str, Any]:
        """Return what a decision keeps of the rule: enough to read it again in ten years."""
        kept = asdict(self)
        kept["valid_from"] = self.valid_from.isoformat()
        kept["valid_to"] = self.valid_to.isoformat() if self.valid_to else None
        return kept


@cache
def shipped_rules() -> tuple[RuleValue, ...]:
    """Return the rules that ship with the product, all still to be confirmed."""
    return tuple(
        RuleValue(
            **{name: value for name, value in row.items() if name not in {"valid_from", "sentence_en"}},
            valid_from=date.fromisoformat(row["valid_from"]),
            version=f"shipped:{row['code']}:{row['valid_from']}",
        )
        for row in json.loads(SHIPPED.read_text(encoding="utf-8"))
    )


_ready: list[bool] = []


def _database_exists() -> bool:
    """Say whether there is anything to look into: SQLite would make an empty file by looking."""
    if connection.vendor != "sqlite":
        return True
    name = str(connection.settings_dict["NAME"])
    return name.startswith("file:") or name == ":memory:" or Path(name).exists()


def _database_is_ready() -> bool:
    """Say whether the rules' table exists: a formula must answer before the database does. Asked once it is true."""
    if not _ready and _database_exists() and Rule._meta.db_table in connection.introspection.table_names():
        _ready.append(True)
    return bool(_ready)


# Every rule valid on a day, read once for a page: see `reading_rules_once`.
_reading: ContextVar[dict[date, list[RuleValue]] | None] = ContextVar("rules_read", default=None)


@contextmanager
def reading_rules_once() -> Iterator[None]:
    """Within it the rules of a day are read with one statement, however many are asked for. For work that only reads."""
    token = _reading.set({})
    try:
        yield
    finally:
        _reading.reset(token)


def _stored_rules(code: str, day: date) -> list[RuleValue]:
    if not _database_is_ready():
        return []
    read = _reading.get()
    if read is None:
        return [
            _value_of(row)
            for row in Rule.objects.valid_on(day).filter(code=code).order_by("valid_from", "pk")
        ]
    if day not in read:
        read[day] = [_value_of(row) for row in Rule.objects.valid_on(day).order_by("valid_from", "pk")]
    return [rule for rule in read[day] if rule.code == code]


def _value_of(row: Rule) -> RuleValue:
    return RuleValue(
        code=row.code,
        value=row.value,
        sentence=row.sentence,
        source=row.source,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        province=row.province_id,
        municipality=row.municipality_id,
        unit=row.unit,
        is_blocking=row.is_blocking,
        is_demo=row.is_demo,
        is_confirmed=row.confirmed_at is not None,
        version=f"{row.public_id}:{row.version}",
    )


def rules_in_force(code: str, day: date) -> list[RuleValue]:
    """Return every territory's value of `code` on `day`: those of the database, and the shipped one unless it is there."""
    try:
        stored = _stored_rules(code, day)
    except DatabaseError:
        stored = []
    if any(rule.province is None and rule.municipality is None for rule in stored):
        return stored
    return [rule for rule in shipped_rules() if rule.code == code and rule.valid_from <= day] + stored


def closest_rule(
    rules: Sequence[RuleValue], *, province: str | None = None, municipality: str | None = None
) -> RuleValue | None:
    """Return of `rules` the Comune's, else the province's, else the national one; the latest when several."""
    fitting = [
        rule
        for rule in rules
        if (rule.municipality == municipality if rule.municipality else rule.province in {None, province})
    ]
    return max(
        fitting,
        key=lambda rule: (rule.municipality is not None, rule.province is not None, rule.valid_from),
        default=None,
    )


def rule_in_force(
    code: str, *, day: date, province: str | None = None, municipality: str | None = None
) -> RuleValue:
    """Return the closest rule in force on `day` (see `closest_rule`). Raises `RuleMissing` when there is none."""
    found = closest_rule(rules_in_force(code, day), province=province, municipality=municipality)
    if found is None:
        raise RuleMissing(
            _("Nessuna regola «%(code)s» in vigore il %(day)s: chiedi a un amministratore di inserirla.")
            % {"code": code, "day": f"{day:%d/%m/%Y}"}
        )
    return found
