"""A ticket from the moment somebody says that something is broken to the moment it is closed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
from ali.housing.models import Dwelling, Room
from ali.people.models import Person
from ali.rules.values import rule_in_force
from ali.upkeep import permissions
from ali.upkeep.models import Ticket, TicketStep
from ali.upkeep.queries import staff_with, who_lives_in
from ali.upkeep.states import TICKET_TRANSITIONS, VERBS_WITH_WORDS, TicketState, Urgency

DAYS = "upkeep.ticket_days"


class WrongPlace(Refusal):
    """The room is not of that home, or the person does not live there."""


class NothingSaid(Refusal):
    """Something needs words and nobody wrote them."""


class NotAColleague(Refusal):
    """A ticket is given to a colleague who looks after homes, or to a firm."""


@dataclass(frozen=True)
class TicketFacts:
    """What is broken, where, how urgent, and who asked."""

    category: str
    urgency: str
    title: str
    description: str = ""
    room: Room | None = None
    reported_by: Person | None = None


def days_for(home: Dwelling, urgency: str, day: date) -> int:
    """Return within how many days something so urgent is put right, where the home is."""
    town = home.building.municipality
    rule = rule_in_force(DAYS, day=day, province=town.province_id, municipality=town.pk)
    return int(rule.value[Urgency(urgency).value])


def _persons(ticket: Ticket) -> list[UUID]:
    return [ticket.reported_by.public_id] if ticket.reported_by else []


def _source(ticket: Ticket) -> str:
    return f"upkeep.ticket:{ticket.public_id}"


def _put_on_board(ticket: Ticket) -> None:
    write_deadline(
        Due(
            kind=DeadlineKind.UPKEEP,
            source=_source(ticket),
            due_on=ticket.due_on,
            title=gettext_noop("Manutenzione (%(category)s): %(home)s"),
            words={"category": ticket.get_category_display(), "home": ticket.dwelling},
            organisations=(ticket.dwelling.manager_id,),
            url_name="upkeep:ticket_detail",
            url_id=ticket.public_id,
        )
    )


def _note(ticket: Ticket, actor: Actor, verb: str, words: str, now: datetime) -> None:
    TicketStep.objects.create(
        ticket=ticket, verb=verb, words=words.strip()[:1000], taken_by_id=actor.signer, taken_at=now
    )


@atomic
def open_ticket(*, actor: Actor, home: Dwelling, facts: TicketFacts, now: datetime, today: date) -> Ticket:
    """Write down what is broken; the day by which to put it right comes from the urgency's rule."""
    permissions.may_open_ticket(actor, home).or_refuse()
    if not facts.title.strip():
        raise NothingSaid(_("Scrivi in poche parole che cosa non va."))
    if facts.room is not None and facts.room.dwelling_id != home.pk:
        raise WrongPlace(_("Questa stanza è di un'altra casa: ricarica la pagina."))
    asked = facts.reported_by
    if asked is not None and not who_lives_in(actor, home, today).filter(pk=asked.pk).exists():
        raise WrongPlace(_("Questa persona non abita più qui: ricarica la pagina."))
    ticket = Ticket.objects.create(
        dwelling=home,
        room=facts.room,
        category=facts.category,
        urgency=facts.urgency,
        title=facts.title.strip(),
        description=facts.description.strip(),
        reported_by=asked,
        opened_by_id=actor.signer,
        opened_on=today,
        due_on=today + timedelta(days=days_for(home, facts.urgency, today)),
    )
    _note(ticket, actor, "open", "", now)
    _put_on_board(ticket)
    audit.record(actor, "ticket_opened", ticket, persons=_persons(ticket), urgency=ticket.urgency)
    return ticket


@atomic
def assign_ticket(
    *,
    actor: Actor,
    ticket: Ticket,
    colleague: User | None,
    firm: str,
    due_on: date | None,
    expected_version: int,
    now: datetime,
    today: date,
) -> Ticket:
    """Give a ticket to a colleague or to a firm, and say by when if not by the rule's day."""
    permissions.may_edit_ticket(actor, ticket).or_refuse()
    firm = firm.strip()
    if (colleague is None) == (not firm):
        raise NotAColleague(_("Scegli un collega oppure scrivi la ditta: uno dei due."))
    if colleague is not None:
        staff = staff_with(ticket.dwelling.manager_id, Permission.EDIT_UPKEEP, today)
        if not staff.filter(pk=colleague.pk).exists():
            raise NotAColleague(_("Scegli un collega che segue le case del tuo ente."))
    ticket.state = TICKET_TRANSITIONS.after("assign", TicketState(ticket.state))
    ticket.assigned_to, ticket.firm = colleague, firm
    ticket.due_on = due_on or ticket.due_on
    ticket.save_if_unchanged(expected_version)
    _note(ticket, actor, "assign", ticket.in_hands_of, now)
    _put_on_board(ticket)
    audit.record(actor, "ticket_assigned", ticket, persons=_persons(ticket))
    return ticket


@atomic
def take_ticket_step(
    *,
    actor: Actor,
    ticket: Ticket,
    verb: str,
    words: str = "",
    expected_version: int,
    now: datetime,
    today: date,
) -> Ticket:
    """Start, resolve, reopen, close or cancel a ticket. What was done, what is still wrong and why it is cancelled are said."""
    permissions.may_edit_ticket(actor, ticket).or_refuse()
    if verb in VERBS_WITH_WORDS and not words.strip():
        raise NothingSaid(_("Scrivi due parole: restano nella storia della segnalazione."))
    ticket.state = TICKET_TRANSITIONS.after(verb, TicketState(ticket.state))
    if verb == "resolve":
        ticket.resolved_on = today
    if verb == "reopen":
        ticket.resolved_on = None
        ticket.due_on = today + timedelta(days=days_for(ticket.dwelling, ticket.urgency, today))
    ticket.save_if_unchanged(expected_version)
    _note(ticket, actor, verb, words, now)
    if verb in {"resolve", "cancel"}:
        close_deadline(_source(ticket), now=now)
    if verb == "reopen":
        _put_on_board(ticket)
        reopen_deadline(_source(ticket))
    audit.record(
        actor, "ticket_step_taken", ticket, persons=_persons(ticket), reason=words.strip()[:300], step=verb
    )
    return ticket


@atomic
def add_note(*, actor: Actor, ticket: Ticket, words: str, now: datetime) -> None:
    """Write what happened to a ticket, without changing its state."""
    permissions.may_edit_ticket(actor, ticket).or_refuse()
    if not words.strip():
        raise NothingSaid(_("Scrivi la nota."))
    _note(ticket, actor, "note", words, now)
    audit.record(actor, "ticket_note_added", ticket, persons=_persons(ticket))
