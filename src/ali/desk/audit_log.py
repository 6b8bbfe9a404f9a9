"""What of the log somebody may read, and its lines as a page shows them.

A body's data-protection officer reads what that body did. For a person whom the body follows or has followed, also who else
read the file: other bodies by name and role, their people without names. What concerns a reserved person alone stays with
those who may know the person.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.accounts.models import User
from ali.accounts.roles import ROLES, Permission
from ali.audit.models import AuditEvent, AuditSubject
from ali.audit.verbs import in_words
from ali.core import clock
from ali.organisations.models import Organisation
from ali.people.models import Assignment, Person
from ali.people.querysets import assigned_to
from ali.people.states import Capacity


@dataclass(frozen=True)
class LogLine:
    """One event in words."""

    at: datetime
    what: str
    is_read: bool
    who: str
    role: str
    organisation: str
    persons: int
    reason: str


def hidden_persons(actor: Actor, day: date) -> list[UUID]:
    """Return the reserved persons whom the actor's body may not know."""
    reserved = Person.objects.filter(is_reserved=True).exclude(assigned_to(actor, day, "pk"))
    return list(reserved.values_list("public_id", flat=True).order_by())


def events_visible_to(actor: Actor, day: date | None = None) -> QuerySet[AuditEvent]:
    """Return the events of the actor's body, without those about nobody but hidden persons."""
    if not actor.may(Permission.SEE_AUDIT):
        return AuditEvent.objects.none()
    hidden = hidden_persons(actor, day or clock.today())
    return _without(hidden).filter(organisation_id=actor.organisation_id)


def _without(hidden: Collection[UUID]) -> QuerySet[AuditEvent]:
    subjects = AuditSubject.objects.filter(event=OuterRef("pk"))
    return AuditEvent.objects.filter(~Exists(subjects) | Exists(subjects.exclude(person__in=hidden))).exclude(
        object_id__in=[str(one) for one in hidden]
    )


def persons_whose_readers_show(actor: Actor, day: date | None = None) -> QuerySet[Person]:
    """Return the persons of whom the actor may read who opened the file.

    For a data-protection officer those whom the body follows or has followed; for case workers those in their care today.
    """
    today = day or clock.today()
    if actor.may(Permission.SEE_AUDIT):
        ever = Assignment.objects.filter(person=OuterRef("pk"), organisation=actor.organisation_id)
        return Person.objects.filter(Q(is_reserved=False) | Q(assigned_to(actor, today, "pk")), Exists(ever))
    if actor.may(Permission.SEE_READERS):
        return Person.objects.filter(assigned_to(actor, today, "pk", [Capacity.CASEWORK]))
    return Person.objects.none()


def events_about(person: Person) -> QuerySet[AuditEvent]:
    """Return every event that concerns a person, of any body."""
    return AuditEvent.objects.filter(
        Exists(AuditSubject.objects.filter(event=OuterRef("pk"), person=person.public_id))
    )


def lines(events: Sequence[AuditEvent], actor: Actor, *, hidden: Collection[UUID] = ()) -> list[LogLine]:
    """Return the events in words. Four statements, whatever their number."""
    ids = [event.pk for event in events]
    counts = dict(
        AuditSubject.objects.filter(event__in=ids)
        .exclude(person__in=hidden)
        .values_list("event")
        .annotate(Count("pk"))
        .order_by()
    )
    users = _names(User, {event.user_id for event in events}, "full_name")
    bodies = _names(Organisation, {event.organisation_id for event in events}, "name")
    return [_line(event, actor, users, bodies, counts.get(event.pk, 0)) for event in events]


def _names(model: Any, ids: set[int | None], field: str) -> dict[int, str]:
    return dict(model.objects.filter(pk__in=ids - {None}).values_list("pk", field).order_by())


def _line(
    event: AuditEvent, actor: Actor, users: dict[int, str], bodies: dict[int, str], persons: int
) -> LogLine:
    role = ROLES.get(event.role)
    own = event.organisation_id in {actor.organisation_id, None}
    name = users.get(event.user_id or 0, "") if own else ""
    return LogLine(
        at=event.at,
        what=in_words(event.verb),
        is_read=event.is_read,
        who=name or (_("il sistema") if event.user_id is None else _("una persona di quell'ente")),
        role=str(role.label) if role else "",
        organisation=bodies.get(event.organisation_id or 0, ""),
        persons=persons,
        reason=event.reason if own else "",
    )
