"""What a reader found wrong or odd in one row: Italian sentences that can be stored and translated later."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext


class Level(StrEnum):
    """How much a finding weighs: an error stops the row, a question waits for a person."""

    ERROR = "error"
    ASK = "ask"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about one field; `template` is Italian and marked for translation where it is written."""

    level: Level
    template: str
    params: Mapping[str, object] = field(default_factory=dict)
    field: str = ""

    def __str__(self) -> str:
        return self.template % self.params if self.params else self.template

    @property
    def translated(self) -> str:
        """The same sentence in the reader's language (needs Django's settings)."""
        sentence = gettext(self.template)
        return sentence % self.params if self.params else sentence

    def about(self, field: str) -> "Finding":
        """The same finding, pinned to a field when it has none."""
        return self if self.field else Finding(self.level, self.template, self.params, field)

    def as_json(self) -> dict[str, object]:
        """What a staged row keeps of it."""
        return {"level": self.level.value, "field": self.field, "text": str(self)}


def marked(sentence: str) -> str:
    """Mark an Italian sentence for translation (import it as `_`); needs no settings, unlike Django's own."""
    return sentence


def error(template: str, field: str = "", **params: object) -> Finding:
    """A finding that stops the row."""
    return Finding(Level.ERROR, template, params, field)


def ask(template: str, field: str = "", **params: object) -> Finding:
    """A finding that a person must answer before the row is used."""
    return Finding(Level.ASK, template, params, field)


def warning(template: str, field: str = "", **params: object) -> Finding:
    """A finding worth a look; the row goes on."""
    return Finding(Level.WARNING, template, params, field)


def note(template: str, field: str = "", **params: object) -> Finding:
    """Something done to the value that the reader may want to know."""
    return Finding(Level.NOTE, template, params, field)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any finding stops the row."""
    return any(finding.level is Level.ERROR for finding in findings)


def located(finding: Finding, *, row: int, column: str = "") -> str:
    """The sentence with the row and the column that its reader sees."""
    where = (
        gettext("Riga %(row)s, colonna «%(column)s»: %(text)s")
        if column
        else gettext("Riga %(row)s: %(text)s")
    )
    return where % {"row": row, "column": column, "text": finding.translated}
