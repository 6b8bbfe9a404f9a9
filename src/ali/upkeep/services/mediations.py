"""The mediation of a conflict: what is said stays among those who are named on it. The log says that it was written and
read, never what about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ali.accounts.actors import Actor
from ali.accounts.models import User
from ali.accounts.roles import Permission
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.deadlines.models import DeadlineKind
from ali.deadlines.services import Due, close_deadline, reopen_deadline, write_deadline
from ali.housing.models import Dwelling
from ali.people.models import Person
from ali.upkeep import permissions
from ali.upkeep.models import Mediation, MediationColleague, MediationNote
from ali.upkeep.queries import staff_with, who_lives_in
from ali.upkeep.services.tickets import NothingSaid, WrongPlace
from ali.upkeep.states import MEDIATION_TRANSITIONS, MediationState, NoteKind


class NotNameable(Refusal):
    """Only a colleague who does the same work for the body is named on a mediation."""


@dataclass(frozen=True)
class NextStep:
    """What comes next and by when; both empty when nothing is planned."""

    what: str = ""
    by: date | None = None


@dataclass(frozen=True)
class Conflict:
    """What a mediation opens with: between whom, about what, and the first note."""

    topic: str
    text: str
    persons: Sequence[Person] = field(default=())
    step: NextStep = field(default_factory=NextStep)


def _persons(mediation: Mediation) -> list[UUID]:
    return list(mediation.persons.order_by("pk").values_list("public_id", flat=True))


def _source(mediation: Mediation) -> str:
    return f"upkeep.mediation:{mediation.public_id}"


def _readers(mediation: Mediation) -> list[int]:
    named = mediation.colleagues.filter(ended_on__isnull=True).order_by("pk")
    return [mediation.opened_by_id, *named.values_list("user_id", flat=True)]


def _put_on_board(mediation: Mediation, now: datetime) -> None:
    """The next step is on the boards of those who read the mediation, without its words."""
    if mediation.next_step_on is None or mediation.state != MediationState.UNDER_WAY:
        close_deadline(_source(mediation), now=now)
        return
    write_deadline(
        Due(
            kind=DeadlineKind.VISIT,
            source=_source(mediation),
            due_on=mediation.next_step_on,
            title=gettext_noop("Prossimo passo di una mediazione: %(home)s"),
            words={"home": mediation.dwelling},
            organisations=(),
            named=tuple((mediation.dwelling.manager_id, user) for user in _readers(mediation)),
            url_name="upkeep:mediation_detail",
            url_id=mediation.public_id,
        )
    )
    reopen_deadline(_source(mediation))


def _write(mediation: Mediation, actor: Actor, kind: str, text: str, now: datetime) -> MediationNote:
    if not text.strip():
        raise NothingSaid(_("Scrivi la nota."))
    note: MediationNote = MediationNote.objects.create(
        mediation=mediation, kind=kind, text=text.strip(), written_by_id=actor.signer, written_at=now
    )
    return note


@atomic
def open_mediation(
    *, actor: Actor, home: Dwelling, conflict: Conflict, now: datetime, today: date
) -> Mediation:
    """Open a mediation, read from now on by the actor and by whom the actor names."""
    permissions.may_open_mediation(actor, home).or_refuse()
    ids = {person.pk for person in conflict.persons}
    if who_lives_in(actor, home, today).filter(pk__in=ids).count() < len(ids):
        raise WrongPlace(_("Una di queste persone non abita più qui: ricarica la pagina."))
    mediation = Mediation.objects.create(
        dwelling=home,
        topic=conflict.topic,
        opened_by_id=actor.signer,
        opened_on=today,
        next_step=conflict.step.what.strip(),
        next_step_on=conflict.step.by,
    )
    mediation.persons.set(conflict.persons)
    _write(mediation, actor, NoteKind.NOTE, conflict.text, now)
    _put_on_board(mediation, now)
    audit.record(actor, "home_diary_written", mediation, persons=_persons(mediation))
    return mediation


@atomic
def write_note(
    *,
    actor: Actor,
    mediation: Mediation,
    kind: str,
    text: str,
    step: NextStep,
    expected_version: int,
    now: datetime,
) -> MediationNote:
    """Add what was said, or an agreement; and what comes next."""
    permissions.may_write_mediation(actor, mediation).or_refuse()
    MEDIATION_TRANSITIONS.after("write", MediationState(mediation.state))
    note = _write(
        mediation, actor, NoteKind.AGREEMENT if kind == NoteKind.AGREEMENT else NoteKind.NOTE, text, now
    )
    mediation.next_step, mediation.next_step_on = step.what.strip(), step.by
    mediation.save_if_unchanged(expected_version)
    _put_on_board(mediation, now)
    audit.record(actor, "home_diary_written", mediation, persons=_persons(mediation))
    return note


@atomic
def close_mediation(
    *,
    actor: Actor,
    mediation: Mediation,
    end: str,
    text: str,
    expected_version: int,
    now: datetime,
    today: date,
) -> Mediation:
    """Close a mediation: how it ended, and in words."""
    permissions.may_write_mediation(actor, mediation).or_refuse()
    mediation.state = MEDIATION_TRANSITIONS.after("close", MediationState(mediation.state))
    _write(mediation, actor, NoteKind.CLOSING, text, now)
    mediation.end, mediation.closed_on = end, today
    mediation.next_step, mediation.next_step_on = "", None
    mediation.save_if_unchanged(expected_version)
    _put_on_board(mediation, now)
    audit.record(actor, "home_diary_written", mediation, persons=_persons(mediation))
    return mediation


@atomic
def reopen_mediation(
    *, actor: Actor, mediation: Mediation, text: str, expected_version: int, now: datetime
) -> Mediation:
    """Take up a closed mediation again, with why."""
    permissions.may_write_mediation(actor, mediation).or_refuse()
    mediation.state = MEDIATION_TRANSITIONS.after("reopen", MediationState(mediation.state))
    _write(mediation, actor, NoteKind.REOPENING, text, now)
    mediation.end, mediation.closed_on = "", None
    mediation.save_if_unchanged(expected_version)
    audit.record(actor, "home_diary_written", mediation, persons=_persons(mediation))
    return mediation


@atomic
def name_colleague(
    *, actor: Actor, mediation: Mediation, colleague: User, now: datetime, today: date
) -> MediationColleague:
    """Let a colleague of the same body read and write a mediation."""
    permissions.may_name_colleague(actor, mediation).or_refuse()
    staff = staff_with(mediation.dwelling.manager_id, Permission.EDIT_VISITS, today)
    if not staff.filter(pk=colleague.pk).exists():
        raise NotNameable(_("Si nomina un collega che segue chi abita nelle case dello stesso ente."))
    if colleague.pk in _readers(mediation):
        raise NotNameable(_("Questo collega la legge già."))
    made = MediationColleague.objects.create(
        mediation=mediation, user=colleague, named_by_id=actor.signer, named_on=today
    )
    _put_on_board(mediation, now)
    audit.record(actor, "home_diary_colleague_named", mediation, persons=_persons(mediation))
    return made


@atomic
def unname_colleague(
    *, actor: Actor, colleague: MediationColleague, expected_version: int, now: datetime, today: date
) -> MediationColleague:
    """End what a colleague may read of a mediation."""
    permissions.may_name_colleague(actor, colleague.mediation).or_refuse()
    if colleague.ended_on is not None:
        raise NotNameable(_("Questo collega non la legge già più."))
    colleague.ended_on = today
    colleague.save_if_unchanged(expected_version)
    _put_on_board(colleague.mediation, now)
    audit.record(
        actor, "home_diary_colleague_unnamed", colleague.mediation, persons=_persons(colleague.mediation)
    )
    return colleague
