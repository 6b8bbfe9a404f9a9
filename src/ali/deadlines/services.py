"""Deadlines are written by the app that owns the clock, as a consequence of its own service: no permission is asked here."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import override

from ali.core.transactions import atomic
from ali.deadlines.models import Deadline

_WRITTEN = ("kind", "person", "is_reserved", "due_on", "title", "words", "url_name", "url_id")


@dataclass(frozen=True)
class Due:
    """One thing due on one day. `source` names the clock (`people.permit:<public id>:expiry`); `organisations` see it,
    and of other bodies only the `named` users, each written as (organisation, user).

    `title` is marked where it is written and translated where it is read; `words` fill its blanks, kept in Italian.
    """

    kind: str
    source: str
    due_on: date
    title: str
    organisations: tuple[int, ...]
    person: uuid.UUID | None = None
    is_reserved: bool = False
    url_name: str = ""
    url_id: uuid.UUID | None = None
    words: Mapping[str, object] = field(default_factory=dict)
    named: tuple[tuple[int, int], ...] = ()

    @property
    def readers(self) -> Iterator[tuple[int, int | None]]:
        """The bodies, and the single users, whose board carries it."""
        yield from ((organisation, None) for organisation in self.organisations)
        yield from (pair for pair in self.named if pair[0] not in self.organisations)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", _in_italian(self.words))


def _in_italian(words: Mapping[str, object]) -> dict[str, str | int]:
    """The reader's language is not the writer's: what is stored is always the source text."""
    with override("it"):
        return {name: word if isinstance(word, int) else str(word) for name, word in words.items()}


def write_deadline(due: Due) -> None:
    """Write or move one deadline, for exactly the readers it names."""
    write_deadlines([due])


@atomic
def write_deadlines(dues: Sequence[Due]) -> None:
    """Write or move many deadlines. One that moves to another day is open again; one that stays keeps its state."""
    wanted = {(due.source, *reader): due for due in dues for reader in due.readers}
    stored = {
        (row.source, row.organisation_id, row.user_id): row
        for row in Deadline.objects.filter(source__in={due.source for due in dues}).order_by()
    }
    Deadline.objects.filter(pk__in=[row.pk for key, row in stored.items() if key not in wanted]).delete()
    moved = [stored[key] for key, due in wanted.items() if key in stored and _move(stored[key], due)]
    Deadline.objects.bulk_update(moved, [*_WRITTEN, "done_at"], batch_size=500)
    Deadline.objects.bulk_create(
        [
            Deadline(
                source=source,
                organisation_id=organisation,
                user_id=user,
                **{name: getattr(due, name) for name in _WRITTEN},
            )
            for (source, organisation, user), due in wanted.items()
            if (source, organisation, user) not in stored
        ],
        batch_size=500,
    )


def _move(row: Deadline, due: Due) -> bool:
    """Copy `due` into `row`; say whether anything changed."""
    if all(getattr(row, name) == getattr(due, name) for name in _WRITTEN):
        return False
    if row.due_on != due.due_on:
        row.done_at = None
    for name in _WRITTEN:
        setattr(row, name, getattr(due, name))
    return True


@atomic
def replace_deadlines(*, prefix: str, persons: Iterable[uuid.UUID], dues: Sequence[Due]) -> None:
    """Make `dues` all the deadlines of these persons whose source starts with `prefix`: what is not there goes."""
    kept = {due.source for due in dues}
    gone = [
        pk
        for pk, source in Deadline.objects.filter(person__in=list(persons), source__startswith=prefix)
        .values_list("pk", "source")
        .order_by()
        if source not in kept
    ]
    Deadline.objects.filter(pk__in=gone).delete()
    write_deadlines(dues)


def close_deadline(source: str, *, now: datetime) -> int:
    """Mark what `source` had due as done, for everybody; say for how many organisations."""
    return int(Deadline.objects.filter(source=source, done_at__isnull=True).update(done_at=now))


def reopen_deadline(source: str) -> int:
    """Take back that what `source` had due was done; say for how many organisations."""
    return int(Deadline.objects.filter(source=source, done_at__isnull=False).update(done_at=None))
