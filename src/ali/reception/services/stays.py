"""Arriving in a centre, moving, leaving without notice."""

from datetime import date, timedelta

from django.db import IntegrityError
from django.db.models import F
from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.people import services as people
from ali.people.details import UnclearData
from ali.people.hooks import restart_clocks
from ali.people.models import Person
from ali.people.states import Capacity
from ali.reception import permissions, queries
from ali.reception.models import Centre, Exit, Stay
from ali.reception.services.exits import (
    CAUSE_OF_REASON,
    complete_exit,
    expect_exit,
    free_reserved_place,
)
from ali.reception.states import ExitCause, ExitEvent, ExitReason
from ali.rules.values import rule_in_force


class AlreadyInReception(Refusal):
    """The person has an open stay."""


@atomic
def admit_person(*, actor: Actor, person: Person, centre: Centre, entered_on: date, today: date) -> Stay:
    """Record that a person has arrived in a centre: its manager and the prefecture of the province follow them from now.

    More people than places is a fact, not an error: it is shown, never refused.
    """
    permissions.may_admit_person(actor, centre, person).or_refuse()
    _check_arrival(person, entered_on, today)
    try:
        with atomic():
            stay = Stay.objects.create(person=person, centre=centre, entered_on=entered_on)
    except IntegrityError as error:
        raise AlreadyInReception(
            _("La persona risulta già in un centro: registra prima il trasferimento o l'uscita.")
        ) from error
    _let_bodies_follow(actor, person, centre, entered_on, today)
    if person.is_reserved:
        take_reserved_place(centre.pk)
    audit.record(
        actor,
        "person_admitted",
        stay,
        persons=[person.public_id],
        centre=str(centre.public_id),
        entered_on=entered_on.isoformat(),
    )
    restart_clocks([person.pk], today=today)
    return stay


def _check_arrival(person: Person, entered_on: date, today: date) -> None:
    if entered_on > today:
        raise UnclearData(
            "entered_on", _("L'ingresso è nel futuro: annuncia un arrivo, o controlla la data.")
        )
    if person.birth_date and entered_on < person.birth_date:
        raise UnclearData("entered_on", _("L'ingresso viene prima della nascita: controlla le due date."))
    if person.arrived_on and entered_on < person.arrived_on:
        raise UnclearData(
            "entered_on",
            _("L'ingresso viene prima dell'arrivo in Italia, il %(day)s: controlla le due date.")
            % {"day": f"{person.arrived_on:%d/%m/%Y}"},
        )
    last = queries.last_departure(person.pk)
    if last and entered_on < last:
        raise UnclearData(
            "entered_on",
            _("La persona è uscita da un altro centro il %(day)s: non può essere entrata prima.")
            % {"day": f"{last:%d/%m/%Y}"},
        )


def _let_bodies_follow(actor: Actor, person: Person, centre: Centre, since: date, today: date) -> None:
    bodies = [(centre.manager_id, Capacity.CASEWORK)]
    prefecture = queries.prefecture_of_centre(centre, today)
    if prefecture is not None:
        bodies.append((prefecture.pk, Capacity.PREFECTURE))
    for organisation, capacity in bodies:
        people.assign(
            actor=actor,
            person=person,
            organisation_id=organisation,
            capacity=capacity,
            reason=_("Accoglienza in %(centre)s") % {"centre": centre.name},
            today=today,
            starts_on=min(since, today),
        )


def take_reserved_place(centre_id: int) -> None:
    """Hide the place of a reserved person among the unavailable ones."""
    Centre.objects.filter(pk=centre_id).update(unavailable_places=F("unavailable_places") + 1)


def follow_reserve(person: Person, is_reserved: bool, today: date) -> None:
    """A person becomes reserved, or open again: their place leaves, or enters, the counts."""
    stay = queries.open_stay_of(person.pk)
    if stay is not None:
        (take_reserved_place if is_reserved else free_reserved_place)(stay.centre_id)


@atomic
def transfer_person(*, actor: Actor, stay: Stay, centre: Centre, moved_on: date, today: date) -> Stay:
    """Move a person to another centre the same day; an open exit goes along, the former manager's sight ends later, at once if reserved."""
    person = stay.person
    permissions.may_admit_person(actor, centre, person).or_refuse()
    if stay.left_on is not None or stay.centre_id == centre.pk:
        raise Refusal(_("La persona non è più lì, o il centro è lo stesso."))
    if not stay.entered_on <= moved_on <= today:
        raise UnclearData("moved_on", _("Il trasferimento sta fra l'ingresso e oggi: controlla la data."))
    stay.left_on, stay.left_because = moved_on, ExitReason.U11
    stay.save_if_unchanged(stay.version)
    new = Stay.objects.create(person=person, centre=centre, entered_on=moved_on)
    Exit.objects.filter(stay=stay).open().update(stay=new)
    if person.is_reserved:
        free_reserved_place(stay.centre_id)
        take_reserved_place(centre.pk)
    _let_bodies_follow(actor, person, centre, moved_on, today)
    _let_former_go(actor, stay, centre, moved_on, today)
    audit.record(
        actor,
        "person_transferred",
        new,
        persons=[person.public_id],
        from_centre=str(stay.centre.public_id),
        to_centre=str(centre.public_id),
        moved_on=moved_on.isoformat(),
    )
    restart_clocks([person.pk], today=today)
    return new


def _let_former_go(actor: Actor, stay: Stay, centre: Centre, moved_on: date, today: date) -> None:
    former_province = stay.centre.municipality.province
    days = int(
        rule_in_force("reception.sight_after_exit_days", day=today, province=former_province.prefecture).value
    )
    # A reserved person exists for the present body alone: the former one forgets at once.
    last_day = None if stay.person.is_reserved else max(moved_on, today) + timedelta(days=days)
    reason = _("Trasferimento in un altro centro")
    shared = {"actor": actor, "person": stay.person, "reason": reason, "today": today, "ends_on": last_day}
    if stay.centre.manager_id != centre.manager_id:
        people.unassign(organisation_id=stay.centre.manager_id, capacity=Capacity.CASEWORK, **shared)  # type: ignore[arg-type]  # the five names above
    if former_province.prefecture != centre.municipality.province.prefecture:
        prefecture = queries.prefecture_of(former_province.prefecture, today)
        if prefecture is not None:
            people.unassign(organisation_id=prefecture.pk, capacity=Capacity.PREFECTURE, **shared)  # type: ignore[arg-type]  # the five names above


@atomic
def record_departure(
    *, actor: Actor, person: Person, left_on: date, reason: str, note: str = "", today: date
) -> Exit:
    """Record in one step that a person has left, with or without an exit in progress: nobody leaves without a reason."""
    leaving = queries.open_exit_of(person.pk) or expect_exit(
        actor=actor,
        person=person,
        cause=CAUSE_OF_REASON.get(ExitReason(reason), ExitCause.VOLUNTARY),
        awaited_event=ExitEvent.AGREED,
        today=today,
    )
    return complete_exit(
        actor=actor,
        leaving=leaving,
        done_on=left_on,
        reason=reason,
        note=note,
        today=today,
        expected_version=leaving.version,
    )
