"""Permits to stay, the asylum case, residence, and what falls due because of them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.models import StaleRecord
from ali.core.transactions import atomic
from ali.deadlines.models import DeadlineKind
from ali.deadlines.services import Due, replace_deadlines
from ali.people import permissions, queries
from ali.people.details import CaseDetails, PermitDetails, UnclearData
from ali.people.hooks import restart_clocks
from ali.people.models import AsylumCase, Permit, Person, Residence
from ali.people.states import PermitKind, PermitState, ResidenceKind
from ali.places.models import Municipality

# From these states nothing is awaited from the permit any more.
ENDED = (PermitState.REVOKED, PermitState.CONVERTED)


@atomic
def add_permit(*, actor: Actor, person: Person, details: PermitDetails, today: date) -> Permit:
    """Add a permit to stay; its appointment and expiry enter the board of those who follow the person."""
    permissions.may_edit_person(actor, person).or_refuse()
    details.check(today)
    permit = Permit.objects.create(person=person, **asdict(details))
    audit.record(
        actor, "permit_added", permit, persons=[person.public_id], kind=details.kind, state=details.state
    )
    restart_clocks([person.pk], today=today)
    return permit


@atomic
def change_permit(
    *, actor: Actor, permit: Permit, details: PermitDetails, today: date, expected_version: int
) -> Permit:
    """Write a permit again: every date is kept apart, clocks start from different ones."""
    permissions.may_edit_person(actor, permit.person).or_refuse()
    details.check(today)
    new = asdict(details)
    changed = [name for name, value in new.items() if getattr(permit, name) != value]
    for name, value in new.items():
        setattr(permit, name, value)
    permit.save_if_unchanged(expected_version)
    audit.record(
        actor,
        "permit_changed",
        permit,
        persons=[permit.person.public_id],
        fields=changed,
        state=details.state,
    )
    restart_clocks([permit.person_id], today=today)
    return permit


@atomic
def set_case(
    *,
    actor: Actor,
    person: Person,
    details: CaseDetails,
    today: date,
    expected_version: int | None = None,
) -> AsylumCase:
    """Write the asylum case; `expected_version` None opens it."""
    permissions.may_edit_person(actor, person).or_refuse()
    details.check(today)
    case = AsylumCase.objects.filter(person=person).first()
    if case is None:
        case = AsylumCase.objects.create(person=person, **asdict(details))
    elif expected_version is None:
        raise StaleRecord(_("La procedura è già stata scritta da un altro: ricarica e controlla."))
    else:
        for name, value in asdict(details).items():
            setattr(case, name, value)
        case.save_if_unchanged(expected_version)
    audit.record(
        actor,
        "case_set",
        case,
        persons=[person.public_id],
        state=details.state,
        outcome=details.outcome,
    )
    restart_clocks([person.pk], today=today)
    return case


@atomic
def set_residence(
    *,
    actor: Actor,
    person: Person,
    kind: str,
    today: date,
    municipality: Municipality | None = None,
    address: str = "",
    starts_on: date | None = None,
    expected_version: int = 0,
) -> Residence:
    """Write where the person is registered from `starts_on`; the registration of before ends the day before.

    `expected_version` is of that one, so that nobody ends a registration that they have not read; 0 when there was none.
    """
    permissions.may_edit_person(actor, person).or_refuse()
    if kind != ResidenceKind.NONE and municipality is None:
        raise UnclearData("municipality", _("Scrivi in quale Comune."))
    start = starts_on or today
    if start > today:
        raise UnclearData("starts_on", _("La data è nel futuro: la residenza si scrive quando è dichiarata."))
    lasting = list(person.residences.filter(ends_on__isnull=True).order_by("pk"))
    for earlier in lasting:
        if earlier.starts_on and earlier.starts_on > start:
            raise UnclearData(
                "starts_on",
                _("C'è già una residenza dal %(day)s: questa non può iniziare prima.")
                % {"day": f"{earlier.starts_on:%d/%m/%Y}"},
            )
        last = start - timedelta(days=1)
        earlier.ends_on = max(last, earlier.starts_on) if earlier.starts_on else last
        earlier.save_if_unchanged(expected_version if earlier is lasting[-1] else earlier.version)
    residence: Residence = person.residences.create(
        kind=kind, municipality=municipality, address=address.strip(), starts_on=start
    )
    audit.record(actor, "residence_set", person, persons=[person.public_id], kind=kind)
    restart_clocks([person.pk], today=today)
    return residence


@atomic
def end_residence(*, actor: Actor, residence: Residence, ends_on: date, expected_version: int) -> Residence:
    """Say that a registration has ended (cancelled, moved away)."""
    permissions.may_edit_person(actor, residence.person).or_refuse()
    if residence.starts_on and ends_on < residence.starts_on:
        raise UnclearData("ends_on", _("La fine viene prima dell'inizio: controlla la data."))
    residence.ends_on = ends_on
    residence.save_if_unchanged(expected_version)
    audit.record(actor, "residence_ended", residence.person, persons=[residence.person.public_id])
    return residence


PERMIT_CLOCKS = "people.permit:"


def write_permit_deadlines(person_ids: Collection[int], today: date) -> None:
    """Write again what falls due from the permits of these persons: expiry of the latest one, appointments to come."""
    ids = list(person_ids)
    persons = {one.pk: one for one in Person.objects.filter(pk__in=ids).order_by()}
    followers = queries.organisations_following(ids, today)
    named = queries.officers_named(ids, today)
    latest: dict[int, Permit] = {}
    for permit in (
        Permit.objects.filter(person__in=ids)
        .exclude(state__in=ENDED)
        .order_by("person_id", "requested_on", "issued_on", "pk")
    ):
        latest[permit.person_id] = permit
    replace_deadlines(
        prefix=PERMIT_CLOCKS,
        persons=[one.public_id for one in persons.values()],
        dues=[
            due
            for person_id, permit in latest.items()
            for due in _dues(
                permit,
                persons[person_id],
                {"organisations": followers.get(person_id, ()), "named": named.get(person_id, ())},
                today,
            )
        ],
    )


def _dues(permit: Permit, person: Person, readers: Mapping[str, Any], today: date) -> Iterator[Due]:
    shared: dict[str, Any] = {  # Any: the fields that both share
        **readers,
        "person": person.public_id,
        "is_reserved": person.is_reserved,
        "url_name": "desk:person",
        "url_id": person.public_id,
    }
    source = f"{PERMIT_CLOCKS}{permit.public_id}"
    kind = PermitKind(permit.kind).label
    # Once the renewal is asked, the receipt holds: nothing is left to do by that day (D.Lgs. 286/1998, art. 5, c. 9-bis).
    if permit.expires_on and permit.state != PermitState.RENEWING:
        yield Due(
            kind=DeadlineKind.PERMIT,
            source=f"{source}:expiry",
            due_on=permit.expires_on,
            title=gettext_noop("Scade il permesso: %(kind)s"),
            words={"kind": kind},
            **shared,
        )
    if permit.appointment_on and permit.appointment_on >= today:
        yield Due(
            kind=DeadlineKind.APPOINTMENT,
            source=f"{source}:appointment",
            due_on=permit.appointment_on,
            title=gettext_noop("Appuntamento in Questura: %(kind)s"),
            words={"kind": kind},
            **shared,
        )
