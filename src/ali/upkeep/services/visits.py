"""A social visit: planned, done or missed, and the one that follows it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
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
from ali.deadlines.services import Due, close_deadline, write_deadline
from ali.housing.models import Dwelling
from ali.people.models import Person
from ali.upkeep import permissions
from ali.upkeep.models import Visit
from ali.upkeep.queries import staff_with, who_lives_in
from ali.upkeep.services.tickets import NothingSaid, WrongPlace
from ali.upkeep.states import VISIT_TRANSITIONS, VisitOutcome, VisitState


class WrongVisit(Refusal):
    """The day, the visitor or the outcome of a visit cannot be."""


@dataclass(frozen=True)
class VisitPlan:
    """Who goes when, whom it concerns and why."""

    visitor: User
    planned_on: date
    planned_at_time: time | None = None
    purpose: str = ""
    persons: Sequence[Person] = field(default=())


@dataclass(frozen=True)
class Found:
    """What was found in the home; `next_on` plans the visit that follows."""

    done_on: date
    outcomes: Sequence[str]
    note: str
    next_on: date | None = None


def _persons(visit: Visit) -> list[UUID]:
    return list(visit.persons.order_by("pk").values_list("public_id", flat=True))


def _source(visit: Visit) -> str:
    return f"upkeep.visit:{visit.public_id}"


def _put_on_board(visit: Visit) -> None:
    """The day is on the board of who goes, and on nobody else's."""
    write_deadline(
        Due(
            kind=DeadlineKind.VISIT,
            source=_source(visit),
            due_on=visit.planned_on,
            title=gettext_noop("Visita prevista: %(home)s"),
            words={"home": visit.dwelling},
            organisations=(),
            named=((visit.dwelling.manager_id, visit.visitor_id),),
            url_name="upkeep:visit_detail",
            url_id=visit.public_id,
        )
    )


def _check_visitor(home: Dwelling, visitor: User, today: date) -> None:
    if not staff_with(home.manager_id, Permission.EDIT_VISITS, today).filter(pk=visitor.pk).exists():
        raise WrongVisit(_("La visita la fa un collega che segue chi abita nelle case del tuo ente."))


@atomic
def plan_visit(
    *, actor: Actor, home: Dwelling, plan: VisitPlan, today: date, follows: Visit | None = None
) -> Visit:
    """Plan a visit to a home; one already made is planned for its day and recorded at once."""
    permissions.may_plan_visit(actor, home).or_refuse()
    _check_visitor(home, plan.visitor, today)
    ids = {person.pk for person in plan.persons}
    if who_lives_in(actor, home, today).filter(pk__in=ids).count() < len(ids):
        raise WrongPlace(_("Una di queste persone non abita più qui: ricarica la pagina."))
    visit = Visit.objects.create(
        dwelling=home,
        visitor=plan.visitor,
        planned_on=plan.planned_on,
        planned_at_time=plan.planned_at_time,
        purpose=plan.purpose.strip(),
        planned_by_id=actor.signer,
        follows=follows,
    )
    visit.persons.set(plan.persons)
    _put_on_board(visit)
    audit.record(actor, "home_diary_written", visit, persons=_persons(visit))
    return visit


@atomic
def record_visit(
    *, actor: Actor, visit: Visit, found: Found, expected_version: int, now: datetime, today: date
) -> Visit:
    """Write how a visit went, and plan the one that follows when a day is given."""
    permissions.may_edit_visit(actor, visit).or_refuse()
    if found.done_on > today:
        raise WrongVisit(_("La visita si registra quando è avvenuta: controlla il giorno."))
    if not found.outcomes or not set(found.outcomes) <= set(VisitOutcome.values):
        raise NothingSaid(_("Segna almeno una voce di com'è andata."))
    if found.next_on and found.next_on <= found.done_on:
        raise WrongVisit(_("La prossima visita viene dopo questa: controlla il giorno."))
    visit.state = VISIT_TRANSITIONS.after("record", VisitState(visit.state))
    visit.done_on, visit.outcomes, visit.note = found.done_on, list(found.outcomes), found.note.strip()
    visit.save_if_unchanged(expected_version)
    close_deadline(_source(visit), now=now)
    audit.record(actor, "home_diary_written", visit, persons=_persons(visit))
    if found.next_on:
        still_there = who_lives_in(actor, visit.dwelling, today).filter(pk__in=visit.persons.values("pk"))
        plan = VisitPlan(visit.visitor, found.next_on, purpose=visit.purpose, persons=list(still_there))
        plan_visit(actor=actor, home=visit.dwelling, plan=plan, today=today, follows=visit)
    return visit


@atomic
def end_visit(
    *, actor: Actor, visit: Visit, verb: str, reason: str, expected_version: int, now: datetime
) -> Visit:
    """Say that nobody was in, or cancel a visit, with a reason."""
    permissions.may_edit_visit(actor, visit).or_refuse()
    if verb == "cancel" and not reason.strip():
        raise NothingSaid(_("Scrivi perché la visita non si fa."))
    visit.state = VISIT_TRANSITIONS.after(verb, VisitState(visit.state))
    visit.ended_reason = reason.strip()[:300]
    visit.save_if_unchanged(expected_version)
    close_deadline(_source(visit), now=now)
    audit.record(actor, "home_diary_written", visit, persons=_persons(visit))
    return visit


@atomic
def move_visit(
    *,
    actor: Actor,
    visit: Visit,
    planned_on: date,
    planned_at_time: time | None,
    visitor: User,
    expected_version: int,
    today: date,
) -> Visit:
    """Give a planned visit another day, or to another colleague."""
    permissions.may_edit_visit(actor, visit).or_refuse()
    _check_visitor(visit.dwelling, visitor, today)
    VISIT_TRANSITIONS.after("move", VisitState(visit.state))
    visit.planned_on, visit.planned_at_time, visit.visitor = planned_on, planned_at_time, visitor
    visit.save_if_unchanged(expected_version)
    _put_on_board(visit)
    audit.record(actor, "home_diary_written", visit, persons=_persons(visit))
    return visit
