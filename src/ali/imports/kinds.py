"""What can be imported. The app that owns the data offers its kind in `AppConfig.ready`; nothing here knows a domain."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.core.decisions import Refusal
from ali.imports.columns import ColumnMapping, Target
from ali.imports.files import Opener, SourceTable
from ali.imports.findings import Finding, has_errors

if TYPE_CHECKING:
    from ali.imports.models import ImportRun, StagedRow

JSON = dict[str, Any]  # Any: values of a JSON document


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row of a file as its kind reads it: `fields` are staged, `printed` is what the command prints."""

    number: int
    status: str
    fields: JSON
    messages: Sequence[JSON]
    printed: JSON


@dataclass(frozen=True, slots=True)
class Reading:
    """Every row of a file, none dropped, with the totals."""

    rows: Sequence[ReadRow]
    totals: JSON
    findings: Sequence[Finding] = ()
    also_printed: JSON = field(default_factory=dict)

    @property
    def may_apply(self) -> bool:
        """Whether nothing about the file itself stops it; single rows may still be wrong."""
        return not has_errors(self.findings)

    def report(self) -> JSON:
        """What `ali import KIND FILE --json` prints."""
        return {"rows": [row.printed for row in self.rows], "totals": dict(self.totals), **self.also_printed}


@dataclass(slots=True)
class Plan:
    """What applying a run means today: the rows to settle, who asks, and how to say how far it is.

    A planner writes on each row its `status`, its `effect` and what it found (`StagedRow.say`); an applier also does it.
    """

    actor: Actor
    run: "ImportRun"
    rows: Sequence["StagedRow"]
    today: date
    tick: Callable[[int], None] = field(default=lambda _done: None)
    settled: Any = None  # Any: what the planner of a kind leaves to its applier


def as_text(_name: str, value: Any) -> str:  # Any: a value of a JSON document
    """Say a field's value: a list with commas, nothing as nothing."""
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)


@dataclass(frozen=True)
class ImportKind:
    """A kind of file: how it is read, what its rows mean here, what applying them does.

    `needs` is what an actor must hold to import it and to see its runs; `shown` are the fields that the page shows, the `title` ones first; `targets` empty means that the layout is fixed and nobody chooses columns. `questions` are asked once for the
    whole file (which centre is «Villa»?), by key; `in_words` says a field's value as people read it; `persons` names those
    of ours that a row may speak of, when the actor sees them. `opens` reads a format that is neither CSV nor XLSX.
    """

    name: str
    label: str | Promise
    explains: str | Promise
    shown: Mapping[str, str | Promise]
    read: Callable[[SourceTable, ColumnMapping, date], Reading]
    plan: Callable[[Plan], None]
    apply: Callable[[Plan], None]
    needs: Permission
    title: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()
    opens: Opener | None = None
    needs_sender: bool = False
    holds_persons: bool = False
    questions: Callable[[Actor, "ImportRun"], Sequence["Question"]] = lambda _actor, _run: ()
    in_words: Callable[[str, Any], str] = as_text  # Any: a value of a JSON document
    persons: Callable[[Actor, Collection[UUID]], Mapping[UUID, str]] = lambda _actor, _ids: {}


@dataclass(frozen=True, slots=True)
class Question:
    """A question about the whole file with its possible answers (value and label)."""

    key: str
    text: str
    answers: Sequence[tuple[str, str]]
    chosen: str = ""
    rows: int = 0
    add_url_name: str = ""  # where what is missing can be added


class UnknownKind(Refusal):
    """Nothing is imported under that name."""


_kinds: dict[str, ImportKind] = {}


def offer_kind(kind: ImportKind) -> None:
    """Make `kind` importable from the command line and from the page."""
    _kinds[kind.name] = kind


def kinds() -> list[ImportKind]:
    """Return the kinds on offer, in the order in which they were offered."""
    return list(_kinds.values())


def kinds_for(actor: Actor) -> list[ImportKind]:
    """Return the kinds that `actor` may import."""
    return [kind for kind in kinds() if actor.may(Permission.IMPORT) and actor.may(kind.needs)]


def kind_named(name: str) -> ImportKind:
    """Return one kind; raise `UnknownKind` with the names there are."""
    if name not in _kinds:
        raise UnknownKind(
            _("Non si importa niente con il nome «%(name)s». Esistono: %(all)s.")
            % {"name": name, "all": ", ".join(_kinds)}
        )
    return _kinds[name]
