"""Who may see a person: assignments, and the reserved mark."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.accounts.models import User
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.organisations.models import Membership
from ali.people import permissions
from ali.people.hooks import restart_clocks, tell_reserved
from ali.people.models import Assignment, Person
from ali.people.querysets import valid_on
from ali.people.states import Capacity


@atomic
def assign(
    *,
    actor: Actor,
    person: Person,
    organisation_id: int,
    capacity: str,
    reason: str,
    today: date,
    starts_on: date | None = None,
    ends_on: date | None = None,
    user_id: int | None = None,
) -> Assignment:
    """Let a body (or one named user of it) see the person. Called by services that have asked their own permission.

    A valid assignment of the same kind is prolonged instead of doubled.
    """
    start = starts_on or today
    whom = Q(user__isnull=True) if user_id is None else Q(user=user_id)
    same = Assignment.objects.filter(whom, person=person, organisation_id=organisation_id, capacity=capacity)
    kept = same.filter(valid_on(today)).order_by("pk").first()
    if kept is not None:
        if (
            kept.ends_on != ends_on
            and kept.ends_on is not None
            and (ends_on is None or ends_on > kept.ends_on)
        ):
            kept.ends_on = ends_on
            kept.save(update_fields=["ends_on"])
        return kept
    made = Assignment.objects.create(
        person=person,
        organisation_id=organisation_id,
        capacity=capacity,
        reason=reason,
        starts_on=start,
        ends_on=ends_on,
        user_id=user_id,
    )
    audit.record(
        actor,
        "person_assigned",
        person,
        persons=[person.public_id],
        reason=reason,
        organisation=organisation_id,
        capacity=str(capacity),
        user=user_id,
    )
    restart_clocks([person.pk], today=today)
    return made


@atomic
def unassign(
    *,
    actor: Actor,
    person: Person,
    organisation_id: int,
    capacity: str,
    reason: str,
    today: date,
    ends_on: date | None = None,
) -> int:
    """End a body's sight of the person: from today, or after `ends_on`. Called as `assign` is; says how many ended."""
    last_day = ends_on or today - timedelta(days=1)
    held = list(
        Assignment.objects.filter(
            valid_on(today), person=person, organisation_id=organisation_id, capacity=capacity
        ).order_by("pk")
    )
    for assignment in held:
        assignment.ends_on = last_day
        assignment.save(update_fields=["ends_on"])
    if held:
        audit.record(
            actor,
            "person_unassigned",
            person,
            persons=[person.public_id],
            reason=reason,
            organisation=organisation_id,
            capacity=str(capacity),
            last_day=last_day.isoformat(),
        )
        restart_clocks([person.pk], today=today)
    return len(held)


@atomic
def mark_reserved(
    *, actor: Actor, person: Person, officers: Sequence[User], reason: str, today: date
) -> Person:
    """Hide the person from everybody but the own body and the named officers, in every list, count and search."""
    permissions.may_reserve_person(actor, person, today).or_refuse()
    if person.is_reserved:
        raise Refusal(_("La persona è già riservata: puoi cambiare i funzionari nominati."))
    person.is_reserved = True
    person.save_if_unchanged(person.version)
    audit.record(actor, "person_reserved", person, persons=[person.public_id], reason=reason)
    _let_former_bodies_go(actor, person, today)
    _name(actor, person, officers, today)
    tell_reserved(person, True, today=today)
    restart_clocks([person.pk], today=today)
    return person


def _let_former_bodies_go(actor: Actor, person: Person, today: date) -> None:
    """Those who hosted the person before, and still see the file for a while, lose it at once."""
    former = Assignment.objects.filter(valid_on(today), person=person, capacity=Capacity.CASEWORK).exclude(
        organisation=actor.organisation_id
    )
    for organisation in former.order_by("pk").values_list("organisation_id", flat=True).distinct():
        unassign(
            actor=actor,
            person=person,
            organisation_id=organisation,
            capacity=Capacity.CASEWORK,
            reason=str(_("Scheda riservata a chi accoglie oggi la persona")),
            today=today,
        )


@atomic
def name_officers(*, actor: Actor, person: Person, officers: Sequence[User], today: date) -> None:
    """Make `officers` all those outside the own body who may see a reserved person."""
    permissions.may_reserve_person(actor, person, today).or_refuse()
    if not person.is_reserved:
        raise Refusal(_("I funzionari si nominano solo per una persona riservata."))
    _name(actor, person, officers, today)
    restart_clocks([person.pk], today=today)


@atomic
def reopen_person(*, actor: Actor, person: Person, reason: str, today: date) -> Person:
    """Take the reserved mark off: the bodies with a valid assignment see the person again."""
    permissions.may_reserve_person(actor, person, today).or_refuse()
    if not person.is_reserved:
        raise Refusal(_("La persona non è riservata."))
    person.is_reserved = False
    person.save_if_unchanged(person.version)
    audit.record(actor, "person_reopened", person, persons=[person.public_id], reason=reason)
    tell_reserved(person, False, today=today)
    restart_clocks([person.pk], today=today)
    return person


def _name(actor: Actor, person: Person, officers: Sequence[User], today: date) -> None:
    bodies = _body_of_each(person, officers, today)
    wanted = {officer.pk for officer in officers}
    named = Assignment.objects.filter(
        valid_on(today), person=person, user__isnull=False, capacity=Capacity.PREFECTURE
    )
    for gone in named.exclude(user__in=wanted).order_by("pk"):
        gone.ends_on = today - timedelta(days=1)
        gone.save(update_fields=["ends_on"])
        audit.record(actor, "officer_unnamed", person, persons=[person.public_id], user=gone.user_id)
    for officer in officers:
        assign(
            actor=actor,
            person=person,
            organisation_id=bodies[officer.pk],
            capacity=Capacity.PREFECTURE,
            reason=str(_("Funzionario nominato per una persona riservata")),
            today=today,
            user_id=officer.pk,
        )


def _body_of_each(person: Person, officers: Sequence[User], today: date) -> dict[int, int]:
    """A named officer works in a body that already receives the person: sight is narrowed, never widened."""
    bodies = set(
        Assignment.objects.filter(
            valid_on(today), person=person, capacity=Capacity.PREFECTURE, user__isnull=True
        ).values_list("organisation_id", flat=True)
    )
    found = dict(
        Membership.objects.valid_on(today)
        .filter(user__in=[officer.pk for officer in officers], organisation__in=bodies)
        .order_by("pk")
        .values_list("user_id", "organisation_id")
    )
    if strangers := [officer.full_name for officer in officers if officer.pk not in found]:
        raise Refusal(
            _("%(names)s: non lavora nella prefettura che accoglie la persona.")
            % {"names": ", ".join(strangers)}
        )
    return found
