"""Opening and changing a person's file."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import date

from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.people import permissions
from ali.people.details import PersonDetails, UnclearData
from ali.people.hooks import restart_clocks
from ali.people.models import Citizenship, Household, Person
from ali.people.services.sight import assign
from ali.people.states import Capacity, NameKind, Relation
from ali.places.models import Municipality, State


@atomic
def register_person(
    *,
    actor: Actor,
    details: PersonDetails,
    today: date,
    citizenships: Collection[State] = (),
    household: Household | None = None,
    relation: str = Relation.HEAD,
    is_invented: bool = False,
) -> Person:
    """Open the file of a person, in a household of their own or in one given; the actor's body may see it from today."""
    permissions.may_register_person(actor).or_refuse()
    if household is not None:
        permissions.may_edit_household(actor, household).or_refuse()
    details.check(today)
    person = Person.objects.create(
        household=household or Household.objects.create(),
        relation=relation if household else Relation.HEAD,
        is_invented=is_invented,
        **asdict(details),
    )
    Citizenship.objects.bulk_create([Citizenship(person=person, state=state) for state in citizenships])
    audit.record(actor, "person_registered", person, persons=[person.public_id])
    assign(
        actor=actor,
        person=person,
        organisation_id=_own_body(actor),
        capacity=_capacity_of(actor),
        reason=str(_("Ha aperto la scheda")),
        today=today,
    )
    return person


def _own_body(actor: Actor) -> int:
    if actor.organisation_id is None:
        raise Refusal(_("Serve un incarico in un ente per aprire una scheda."))
    return actor.organisation_id


def _capacity_of(actor: Actor) -> str:
    """Those who see money work with the person; an office receives them."""
    return Capacity.CASEWORK if actor.may(Permission.SEE_MONEY) else Capacity.PREFECTURE


@atomic
def change_person(
    *,
    actor: Actor,
    person: Person,
    details: PersonDetails,
    today: date,
    expected_version: int,
    keep_previous_name: bool = False,
) -> Person:
    """Write the details again; refuse when somebody changed the file meanwhile. A former name may stay searchable."""
    permissions.may_edit_person(actor, person).or_refuse()
    details.check(today)
    new = asdict(details)
    changed = [name for name, value in new.items() if getattr(person, name) != value]
    if keep_previous_name and {"surname", "given_names"} & set(changed):
        person.names.create(kind=NameKind.PREVIOUS, surname=person.surname, given_names=person.given_names)
    for name, value in new.items():
        setattr(person, name, value)
    person.save_if_unchanged(expected_version)
    audit.record(actor, "person_changed", person, persons=[person.public_id], fields=changed)
    restart_clocks([person.pk], today=today)
    return person


@atomic
def set_citizenships(*, actor: Actor, person: Person, states: Collection[State]) -> None:
    """Make `states` all the citizenships of the person; none is allowed while it is not known."""
    permissions.may_edit_person(actor, person).or_refuse()
    wanted = {state.pk: state for state in states}
    kept = set(person.citizenships.values_list("state_id", flat=True))
    person.citizenships.exclude(state__in=list(wanted)).delete()
    Citizenship.objects.bulk_create(
        [Citizenship(person=person, state=state) for code, state in wanted.items() if code not in kept]
    )
    if kept != set(wanted):
        audit.record(actor, "citizenships_changed", person, persons=[person.public_id])


@atomic
def set_competent_municipality(
    *,
    actor: Actor,
    person: Person,
    municipality: Municipality | None,
    today: date,
    is_told: bool = True,
    expected_version: int | None = None,
) -> Person:
    """Say which Comune's social services are competent; another Comune has not been told yet.

    `is_told` False takes back that the same one was.
    """
    permissions.may_edit_person(actor, person).or_refuse()
    if not is_told or person.competent_municipality_id != (municipality.pk if municipality else None):
        person.municipality_told_on = None
    person.competent_municipality = municipality
    person.save_if_unchanged(person.version if expected_version is None else expected_version)
    audit.record(actor, "municipality_set", person, persons=[person.public_id])
    restart_clocks([person.pk], today=today)
    return person


@atomic
def tell_municipality(
    *,
    actor: Actor,
    person: Person,
    municipality: Municipality,
    told_on: date,
    today: date,
    expected_version: int | None = None,
) -> Person:
    """Record that the competent Comune was told, and when: due before a minor or a vulnerable person leaves."""
    permissions.may_edit_person(actor, person).or_refuse()
    if told_on > today:
        raise UnclearData("told_on", _("Il giorno in cui il Comune è stato avvisato è nel futuro."))
    person.competent_municipality = municipality
    person.municipality_told_on = told_on
    person.save_if_unchanged(person.version if expected_version is None else expected_version)
    audit.record(
        actor,
        "municipality_told",
        person,
        persons=[person.public_id],
        municipality=municipality.pk,
        told_on=told_on.isoformat(),
    )
    restart_clocks([person.pk], today=today)
    return person
