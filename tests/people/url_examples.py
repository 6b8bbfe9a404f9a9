from typing import Any

from ali.accounts.actors import Actor
from ali.organisations.models import Organisation
from ali.people.models import Person
from tests.factories.people import IdentifierFactory, PermitFactory, PersonFactory, SpokenLanguageFactory
from tests.rules.url_examples import Example


def own_person(actor: Actor, **rest: Any) -> Person:
    """Somebody whom the actor's body has in its care."""
    made: Person = PersonFactory(carer=Organisation.objects.get(pk=actor.organisation_id), **rest)
    return made


def _person(actor: Actor) -> dict[str, Any]:
    person = own_person(actor)
    IdentifierFactory(person=person)
    SpokenLanguageFactory(person=person)
    return {"public_id": person.public_id}


def _permit(actor: Actor) -> dict[str, Any]:
    permit = PermitFactory(person=own_person(actor))
    return {"public_id": permit.person.public_id, "permit_id": permit.public_id}


def _reserved(actor: Actor) -> dict[str, Any]:
    return {"public_id": own_person(actor, reserved=True).public_id}


EXAMPLES = {
    f"people:{name}": Example(make=_person)
    for name in (
        "case_edit",
        "duplicates",
        "household",
        "identifiers",
        "languages",
        "municipality",
        "names",
        "permit_add",
        "permits",
        "person_edit",
        "reserve",
        "residence_edit",
    )
} | {
    "people:permit_edit": Example(make=_permit),
    "people:reopen": Example(make=_reserved, post={"reopen-reason": "La minaccia è finita"}),
    "people:household_needs": Example(make=_person, post={"wants_territory": "Padova", "version": "1"}),
    "people:household_find": Example(make=_person, post={"words": "Nome"}),
    "people:household_split": Example(make=_person, post={}),
}
