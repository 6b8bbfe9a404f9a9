"""Two verbs: something was done, something was read. Both in the transaction of what they record."""

import uuid
from collections.abc import Iterable
from typing import Any, Protocol

from django.db import models

from ali.audit.models import AuditEvent, AuditSubject


class Who(Protocol):
    """The part of an actor that the log keeps."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def organisation_id(self) -> int | None: ...
    @property
    def role_code(self) -> str: ...


def _write(
    who: Who, verb: str, target: models.Model | None, persons: Iterable[uuid.UUID], **fields: Any
) -> AuditEvent:
    event = AuditEvent.objects.create(
        user_id=who.user_id,
        organisation_id=who.organisation_id,
        role=who.role_code,
        verb=verb,
        object_type=target._meta.label if target else "",
        object_id=str(getattr(target, "public_id", target.pk)) if target else "",
        **fields,
    )
    AuditSubject.objects.bulk_create(
        [AuditSubject(event=event, person=person) for person in dict.fromkeys(persons)]
    )
    return event


def record(
    who: Who,
    verb: str,
    target: models.Model | None = None,
    *,
    persons: Iterable[uuid.UUID] = (),
    reason: str = "",
    **details: Any,
) -> AuditEvent:
    """Record that `who` did `verb` to `target`, concerning `persons` (public ids). `details`: no amounts of money, no health."""
    return _write(who, verb, target, persons, reason=reason, details=details)


def record_read(
    who: Who,
    verb: str,
    target: models.Model | None = None,
    *,
    persons: Iterable[uuid.UUID] = (),
    **details: Any,
) -> AuditEvent:
    """Record that `who` is about to read the files of `persons`: one event for a whole list, before the answer leaves."""
    return _write(who, verb, target, persons, is_read=True, details=details)
