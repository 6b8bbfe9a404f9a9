"""An exit from reception, step by step. The prefecture's acts are its own; the clock only proposes."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import IntegrityError
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.audit import services as audit
from ali.core.decisions import NotAllowed, Refusal
from ali.core.transactions import atomic
from ali.people.details import UnclearData
from ali.people.hooks import restart_clocks
from ali.people.models import Assignment, Person
from ali.people.querysets import valid_on
from ali.people.states import Capacity
from ali.places.models import Language
from ali.reception import permissions, queries
from ali.reception.clock import propose_exit_date
from ali.reception.models import Centre, Exit
from ali.reception.states import EXIT_TRANSITIONS, OPEN_STATES, ExitCause, ExitReason, ExitState
from ali.rules.values import rule_in_force

# What the clocks may have written again.
RECOMPUTED = ["state", "version", "leaves_on", "event_on", "proposed_because", "rule"]
RECOMPUTED += ["gap_papers", "gap_income", "gap_home", "gap_language", "gap_network"]


class NotInReception(Refusal):
    """The person has no stay to end."""


class AlreadyLeaving(Refusal):
    """The person has an open exit."""


def move(leaving: Exit, verb: str) -> None:
    """Take the step `verb` of the transition table; refuse when it cannot happen now."""
    leaving.state = EXIT_TRANSITIONS.after(verb, ExitState(leaving.state))


def keep(
    actor: Actor,
    leaving: Exit,
    verb: str,
    *,
    today: date,
    expected_version: int,
    reason: str = "",
    **details: object,
) -> Exit:
    """Save the exit if nobody changed it meanwhile, write the audit line and start the clocks again."""
    leaving.save_if_unchanged(expected_version)
    audit.record(
        actor,
        verb,
        leaving,
        persons=[leaving.person.public_id],
        reason=reason,
        leaves_on=leaving.leaves_on.isoformat() if leaving.leaves_on else None,
        state=str(leaving.state),
        **details,
    )
    restart_clocks([leaving.person_id], today=today)
    leaving.refresh_from_db(fields=RECOMPUTED)
    return leaving


@atomic
def expect_exit(
    *,
    actor: Actor,
    person: Person,
    cause: str,
    awaited_event: str,
    today: date,
    leaves_on: date | None = None,
) -> Exit:
    """Say that a person will leave, why, and which event is awaited; `leaves_on` is a guess, not a date."""
    permissions.may_expect_exit(actor, person).or_refuse()
    stay = queries.open_stay_of(person.pk)
    if stay is None:
        raise NotInReception(_("La persona non è in un centro: registra prima il suo ingresso."))
    if leaves_on and leaves_on < stay.entered_on:
        raise UnclearData("leaves_on", _("L'uscita viene prima dell'ingresso: controlla la data."))
    try:
        with atomic():
            leaving = Exit.objects.create(
                person=person, stay=stay, cause=cause, awaited_event=awaited_event, leaves_on=leaves_on
            )
    except IntegrityError as error:
        raise AlreadyLeaving(_("Per questa persona c'è già un'uscita aperta: continua da quella.")) from error
    audit.record(
        actor, "exit_expected", leaving, persons=[person.public_id], cause=cause, event=awaited_event
    )
    restart_clocks([person.pk], today=today)
    leaving.refresh_from_db(fields=RECOMPUTED)
    return leaving


@atomic
def propose_exit(
    *,
    actor: Actor,
    leaving: Exit,
    event: str,
    event_on: date,
    today: date,
    expected_version: int,
    day: date | None = None,
    because: str = "",
) -> Exit:
    """Propose a day from the local clock, or one typed by hand with its reason.

    Without a local parameter no day is invented: the exit stays expected and says what is missing.
    """
    permissions.refuse_unless(permissions.may_propose_exit(actor, leaving), "propose_date", leaving)
    if day is not None:
        if not because.strip():
            raise UnclearData("because", _("Scrivi perché proponi questo giorno."))
        _check_day(leaving, day)
        leaving.leaves_on, leaving.proposed_because, leaving.rule = day, because.strip(), None
        move(leaving, "propose_date")
    else:
        apply_clock(leaving, event=event, event_on=event_on)
    leaving.awaited_event, leaving.event_on = event, event_on
    return keep(actor, leaving, "exit_proposed", today=today, expected_version=expected_version, event=event)


def apply_clock(leaving: Exit, *, event: str, event_on: date) -> None:
    """Write the day that the local clock proposes, its reason and rules; or only what is missing."""
    with override("it"):  # the reason stays in the file, whatever language its writer reads
        found = propose_exit_date(
            cause=leaving.cause,
            event=event,
            event_on=event_on,
            prefecture=leaving.stay.centre.municipality.province.prefecture,
        )
    leaving.awaited_event, leaving.event_on = event, event_on
    leaving.proposed_because, leaving.rule = found.reason[:400], found.kept() or None
    if found.day is not None:
        leaving.leaves_on = found.day
        move(leaving, "propose_date")


def _check_day(leaving: Exit, day: date) -> None:
    if day < leaving.stay.entered_on:
        raise UnclearData("leaves_on", _("L'uscita viene prima dell'ingresso: controlla la data."))


@atomic
def communicate_exit(
    *,
    actor: Actor,
    leaving: Exit,
    leaves_on: date,
    communicated_on: date,
    today: date,
    now: datetime,
    expected_version: int,
) -> Exit:
    """The prefecture tells the centre and the person the day: typed or confirmed by the officer, whatever the clock says."""
    permissions.refuse_unless(permissions.may_decide_exit(actor, leaving), "communicate", leaving)
    _check_day(leaving, leaves_on)
    _check_past("communicated_on", communicated_on, today)
    _check_after_telling(leaves_on, communicated_on)
    move(leaving, "communicate")
    leaving.leaves_on, leaving.communicated_on = leaves_on, communicated_on
    _confirm(leaving, actor, now)
    return keep(actor, leaving, "exit_communicated", today=today, expected_version=expected_version)


def _check_past(field: str, day: date, today: date) -> None:
    if day > today:
        raise UnclearData(field, _("Questa data è nel futuro: si scrive quando la cosa è avvenuta."))


def _confirm(leaving: Exit, actor: Actor, now: datetime) -> None:
    if leaving.confirmed_at is None:
        leaving.confirmed_by_id, leaving.confirmed_at = actor.signer, now


@atomic
def correct_exit_day(
    *, actor: Actor, leaving: Exit, leaves_on: date, reason: str, today: date, expected_version: int
) -> Exit:
    """Put right a day written wrong, before the person is told; afterwards it takes an act or an extension."""
    permissions.refuse_unless(permissions.may_decide_exit(actor, leaving), "correct_day", leaving)
    if not reason.strip():
        raise UnclearData("reason", _("Scrivi perché il giorno cambia: resta nella cronologia."))
    if leaves_on == leaving.leaves_on:
        raise UnclearData("leaves_on", _("È già il giorno scritto: non c'è niente da correggere."))
    _check_day(leaving, leaves_on)
    _check_after_telling(leaves_on, leaving.communicated_on)
    move(leaving, "correct_day")
    before, leaving.leaves_on = leaving.leaves_on, leaves_on
    return keep(
        actor,
        leaving,
        "exit_day_corrected",
        today=today,
        expected_version=expected_version,
        reason=reason.strip(),
        before=before.isoformat() if before else None,
    )


def _check_after_telling(leaves_on: date, communicated_on: date | None) -> None:
    if communicated_on and leaves_on < communicated_on:
        raise UnclearData(
            "leaves_on", _("Il giorno di uscita viene prima della comunicazione: controlla le due date.")
        )


@atomic
def decree_exit(
    *,
    actor: Actor,
    leaving: Exit,
    number: str,
    decree_on: date,
    protocol: str,
    leaves_on: date,
    today: date,
    now: datetime,
    expected_version: int,
) -> Exit:
    """Record the prefect's act that ends reception: number, date, protocol, and the day it sets."""
    permissions.refuse_unless(permissions.may_decide_exit(actor, leaving), "decree", leaving)
    if not number.strip():
        raise UnclearData("number", _("Scrivi il numero del decreto."))
    _check_past("decree_on", decree_on, today)
    _check_day(leaving, leaves_on)
    move(leaving, "decree")
    leaving.decree_number, leaving.decree_on = number.strip(), decree_on
    leaving.decree_protocol, leaving.leaves_on = protocol.strip(), leaves_on
    _confirm(leaving, actor, now)
    return keep(
        actor,
        leaving,
        "exit_decreed",
        today=today,
        expected_version=expected_version,
        decree=leaving.decree_number,
    )


@atomic
def notify_exit(
    *,
    actor: Actor,
    leaving: Exit,
    notified_on: date,
    language: Language | None,
    with_mediator: bool,
    today: date,
    expected_version: int,
) -> Exit:
    """Record that the person was told: when, in which language, with a mediator or not."""
    permissions.refuse_unless(permissions.may_decide_exit(actor, leaving), "notify", leaving)
    _check_past("notified_on", notified_on, today)
    if leaving.decree_on and notified_on < leaving.decree_on:
        raise UnclearData("notified_on", _("La notifica viene prima del decreto: controlla le due date."))
    move(leaving, "notify")
    leaving.notified_on, leaving.notified_language = notified_on, language
    leaving.notified_with_mediator = with_mediator
    return keep(actor, leaving, "exit_notified", today=today, expected_version=expected_version)


@atomic
def suspend_exit(
    *,
    actor: Actor,
    leaving: Exit,
    suspended_on: date,
    suspended_by: str,
    today: date,
    expected_version: int,
) -> Exit:
    """Record that a court stops the exit: the day falls, the person stays."""
    permissions.refuse_unless(permissions.may_decide_exit(actor, leaving), "suspend", leaving)
    if not suspended_by.strip():
        raise UnclearData("suspended_by", _("Scrivi quale giudice e quale provvedimento."))
    _check_past("suspended_on", suspended_on, today)
    move(leaving, "suspend")
    leaving.suspended_on, leaving.suspended_by = suspended_on, suspended_by.strip()
    leaving.leaves_on = None
    return keep(actor, leaving, "exit_suspended", today=today, expected_version=expected_version)


@atomic
def resume_exit(
    *, actor: Actor, leaving: Exit, awaited_event: str, reason: str, today: date, expected_version: int
) -> Exit:
    """The suspension is over: the exit is expected again and needs a new day."""
    permissions.refuse_unless(permissions.may_decide_exit(actor, leaving), "resume", leaving)
    if not reason.strip():
        raise UnclearData("reason", _("Scrivi perché la sospensione è finita."))
    move(leaving, "resume")
    leaving.awaited_event, leaving.event_on = awaited_event, None
    leaving.proposed_because, leaving.rule = "", None
    return keep(actor, leaving, "exit_resumed", today=today, expected_version=expected_version, reason=reason)


@atomic
def mark_stayed_beyond(
    *, actor: Actor, leaving: Exit, paid_by: str, today: date, expected_version: int
) -> Exit:
    """The day has passed and the person is still there: nights are counted, and somebody pays them."""
    permissions.refuse_unless(permissions.may_propose_exit(actor, leaving), "stay_beyond", leaving)
    if leaving.leaves_on is None or leaving.leaves_on >= today:
        raise Refusal(_("Il giorno di uscita non è ancora passato."))
    move(leaving, "stay_beyond")
    leaving.beyond_nights_paid_by = paid_by.strip()
    return keep(
        actor,
        leaving,
        "stayed_beyond",
        today=today,
        expected_version=expected_version,
        nights=leaving.nights_beyond_on(today),
    )


@atomic
def complete_exit(
    *,
    actor: Actor,
    leaving: Exit,
    done_on: date,
    reason: str,
    note: str = "",
    today: date,
    expected_version: int,
) -> Exit:
    """The person has left: the stay ends, and so, after a while, does the sight of the bodies that received them."""
    permissions.refuse_unless(permissions.may_propose_exit(actor, leaving), "complete", leaving)
    if reason == ExitReason.U99 and not note.strip():
        raise UnclearData("note", _("Con «Altro» spiega come è finita."))
    _check_past("done_on", done_on, today)
    stay = leaving.stay
    if done_on < stay.entered_on:
        raise UnclearData("done_on", _("L'uscita viene prima dell'ingresso: controlla la data."))
    move(leaving, "complete")
    leaving.done_on, leaving.done_reason, leaving.done_note = done_on, reason, note.strip()
    stay.left_on, stay.left_because = done_on, reason
    stay.save_if_unchanged(stay.version)
    if leaving.person.is_reserved:
        free_reserved_place(stay.centre_id)
    _end_sight(leaving.person, done_on, today, stay.centre.municipality.province.prefecture)
    return keep(actor, leaving, "exit_done", today=today, expected_version=expected_version, outcome=reason)


def free_reserved_place(centre_id: int) -> None:
    """Give back the place that hid a reserved person."""
    Centre.objects.filter(pk=centre_id, unavailable_places__gt=0).update(
        unavailable_places=F("unavailable_places") - 1
    )


def _end_sight(person: Person, done_on: date, today: date, province: str) -> None:
    days = int(rule_in_force("reception.sight_after_exit_days", day=today, province=province).value)
    Assignment.objects.filter(
        valid_on(today),
        person=person,
        capacity__in=(Capacity.CASEWORK, Capacity.PREFECTURE),
        ends_on__isnull=True,
    ).update(ends_on=max(done_on, today) + timedelta(days=days))


@atomic
def report_move(
    *,
    actor: Actor,
    leaving: Exit,
    residence_declared_on: date | None,
    questura_told_on: date | None,
    today: date,
    expected_version: int,
) -> Exit:
    """Record that the new residence was declared to the Comune, and the new address told to the Questura."""
    permissions.refuse_unless(permissions.may_propose_exit(actor, leaving), "report_move", leaving)
    told = {"residence_declared_on": residence_declared_on, "questura_told_on": questura_told_on}
    if not any(told.values()):
        raise Refusal(_("Scrivi almeno una delle due date."))
    for field, day in told.items():
        if day:
            _check_past(field, day, today)
    move(leaving, "report_move")
    leaving.residence_declared_on, leaving.questura_told_on = residence_declared_on, questura_told_on
    return keep(actor, leaving, "move_reported", today=today, expected_version=expected_version)


@atomic
def cancel_exit(*, actor: Actor, leaving: Exit, reason: str, today: date, expected_version: int) -> Exit:
    """The person does not leave after all, or the exit was written by mistake. After an act, only the prefecture cancels."""
    permissions.refuse_unless(permissions.may_cancel_exit(actor, leaving), "cancel", leaving)
    if not reason.strip():
        raise UnclearData("reason", _("Scrivi perché l'uscita si annulla: resta nella cronologia."))
    move(leaving, "cancel")
    return keep(
        actor, leaving, "exit_cancelled", today=today, expected_version=expected_version, reason=reason
    )


@atomic
def confirm_exits(*, actor: Actor, person_ids: Collection[int], now: datetime) -> int:
    """The prefecture confirms that these persons leave: the first signature of a proposal of a home."""
    if not actor.may(Permission.DECIDE_EXITS):
        raise NotAllowed(_("L'uscita la conferma la prefettura."))
    found = list(
        Exit.objects.visible_to(actor)
        .filter(person__in=list(person_ids), state__in=OPEN_STATES)
        .select_related("person")
        .order_by("pk")
    )
    if missing := set(person_ids) - {leaving.person_id for leaving in found}:
        raise Refusal(
            _(
                "%(count)d persone del nucleo non hanno un'uscita aperta: registrala prima di proporre una casa."
            )
            % {"count": len(missing)}
        )
    for leaving in found:
        if leaving.confirmed_at is None:
            _confirm(leaving, actor, now)
            leaving.save_if_unchanged(leaving.version)
            audit.record(actor, "exit_confirmed", leaving, persons=[leaving.person.public_id])
    return len(found)


CAUSE_OF_REASON = {
    ExitReason.U01: ExitCause.RECOGNISED,
    ExitReason.U02: ExitCause.RECOGNISED,
    ExitReason.U06: ExitCause.OTHER_PERMIT,
    ExitReason.U07: ExitCause.REJECTED,
    ExitReason.U10: ExitCause.REVOKED,
    ExitReason.U11: ExitCause.TRANSFER,
    ExitReason.U12: ExitCause.TRANSFER,
}
