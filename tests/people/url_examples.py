from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from ali.accounts.actors import Actor
from ali.core import clock
from ali.organisations.models import Organisation
from ali.people.models import Household, Person, TogetherWish
from tests.factories.people import IdentifierFactory, PermitFactory, PersonFactory, SpokenLanguageFactory
from tests.rules.url_examples import Example


def own_person(actor: Actor, **rest: Any) -> Person:
    """Somebody whom the actor's body has in its care."""
    made: Person = PersonFactory(carer=Organisation.objects.get(pk=actor.organisation_id), **rest)
    return made


def _person(actor: Actor) -> dict[str, Any]:
    person = own_person(actor)
    IdentifierFactory(person=person)
    person.names.create(surname="Altro")
    person.residences.create(kind="nessuna", starts_on=date(2025, 1, 1))
    SpokenLanguageFactory(person=person)
    return {"public_id": person.public_id}


def _permit(actor: Actor) -> dict[str, Any]:
    permit = PermitFactory(person=own_person(actor))
    return {"public_id": permit.person.public_id, "permit_id": permit.public_id}


def _reserved(actor: Actor) -> dict[str, Any]:
    return {"public_id": own_person(actor, reserved=True).public_id}


def _beside_another(actor: Actor) -> dict[str, Any]:
    """Somebody, and another whom the actor sees, in the next household."""
    person = own_person(actor, surname="Prova")
    own_person(actor, surname="Altra")
    return {"public_id": person.public_id}


def _who_wish(actor: Actor) -> dict[str, Any]:
    made = _beside_another(actor)
    first, second = _households(made)
    TogetherWish.objects.create(first=first, second=second, stated_on=clock.today())
    return made


def _households(arguments: Mapping[str, Any]) -> list[Household]:
    person = Person.objects.get(public_id=arguments["public_id"])
    other = Person.objects.exclude(pk=person.pk).order_by("-pk")[0]
    return sorted((person.household, other.household), key=lambda one: one.pk)


def _row(rows: str) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """What a small form of a row sends."""

    def sent(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        person = Person.objects.filter(public_id=arguments["public_id"]).first()
        row = getattr(person, rows).first() if person else None
        number = row.pk if row else 0
        return {
            "row": number,
            f"name-{number}-kind": "alias",
            f"name-{number}-surname": "Prova",
            f"close-{number}-valid_to": "2026-01-01",
            f"remove-{number}-reason": "Era di un altro",
            "end-ends_on": "2026-01-01",
        }

    return sent


def _other(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    person = Person.objects.filter(public_id=arguments["public_id"]).first()
    other = Person.objects.exclude(pk=person.pk).order_by("-pk").first() if person else None
    return {"other": other.public_id if other else "", f"join-{other.pk if other else 0}-relation": "sibling"}


def _other_household(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    known = Person.objects.filter(public_id=arguments["public_id"]).exists()
    return {"other": _households(arguments)[1].public_id if known else ""}


def _itself(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    person = Person.objects.filter(public_id=arguments["public_id"]).first()
    return {"other": arguments["public_id"], f"member-{person.pk if person else 0}-relation": "head"}


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
    "people:household_relation": Example(make=_person, post=_itself),
    "people:household_join": Example(make=_beside_another, post=_other),
    "people:wish_add": Example(make=_beside_another, post=_other),
    "people:wish_withdraw": Example(make=_who_wish, post=_other_household),
    "people:name_change": Example(make=_person, post=_row("names")),
    "people:name_remove": Example(make=_person, post=_row("names")),
    "people:identifier_close": Example(make=_person, post=_row("identifiers")),
    "people:identifier_remove": Example(make=_person, post=_row("identifiers")),
    "people:language_remove": Example(make=_person, post=_row("languages")),
    "people:residence_end": Example(make=_person, post=_row("residences")),
}
