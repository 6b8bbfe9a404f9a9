"""Which records carry files. The app that owns them offers each kind in `AppConfig.ready`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.functional import Promise

from ali.accounts.actors import Actor
from ali.core.decisions import Decision

Found = Any  # Any: a record of an app above


@dataclass(frozen=True)
class Subject:
    """A kind of record with files.

    `find` returns the record as the actor may see it, or None; `may_add` says whether the actor may attach and withdraw;
    `address` is the page that shows it; `persons` the people whom its files concern (for the log of reads).
    """

    kind: str
    label: str | Promise
    find: Callable[[Actor, UUID], Found | None]
    may_add: Callable[[Actor, Found], Decision]
    address: Callable[[Found], str]
    persons: Callable[[Found], list[UUID]] = lambda _found: []


_subjects: dict[str, Subject] = {}


def offer_subject(subject: Subject) -> None:
    """Let the records of this kind carry files. Two apps may not use one name: the second would hide the first's files."""
    if _subjects.get(subject.kind, subject) != subject:
        raise ValueError(f"two kinds of record with files are called {subject.kind}")
    _subjects[subject.kind] = subject


def subject_or_404(kind: str) -> Subject:
    """Return the kind; `Http404` when no record of that name carries files."""
    if kind not in _subjects:
        raise Http404
    return _subjects[kind]


def found_or_404(actor: Actor, kind: str, public_id: UUID) -> tuple[Subject, Found]:
    """Return the kind and the record as the actor sees it; `Http404` when there is none."""
    subject = subject_or_404(kind)
    found = subject.find(actor, public_id)
    if found is None:
        raise Http404
    return subject, found
