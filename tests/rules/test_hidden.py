"""What stays hidden wherever it is asked for: reception identifiers from housing roles, reserved persons from other bodies."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models.signals import post_save

from ali.accounts.access import roles_that_open
from ali.accounts.actors import Actor
from ali.accounts.roles import CENTRE_COORDINATOR, CENTRE_OPERATOR, ROLES, Permission
from ali.organisations.models import Organisation
from ali.people.models import Identifier, Person
from ali.people.states import RECEPTION_ONLY, Capacity
from ali.reception.models import Exit
from tests.clients import RoleClient, client_as
from tests.factories.people import follow
from tests.factories.reception import ExitFactory
from tests.rules.test_amounts import everything_in
from tests.rules.url_examples import Example, addresses, ask, examples

CANARY_CODE = "0ZQCANARY9"
WITHOUT_CODES = [code for code, role in ROLES.items() if not role.may(Permission.SEE_RECEPTION_IDENTIFIERS)]


def opened_by(*roles: str) -> list[tuple[str, str]]:
    """Each address with each of `roles` that opens it."""
    return [
        (name, role)
        for name, one in addresses().items()
        for role in roles
        if role in (roles_that_open(one.view) or ())
    ]


def answers(client: RoleClient, name: str) -> Iterator[str]:
    """The text of the answer and of the page that it leads to."""
    address, example = addresses()[name], examples().get(name, Example())
    answer = ask(client, address, example.make(client.actor), example)
    yield everything_in(answer)
    if answer.status_code == 302 and answer.headers["Location"].startswith("/"):
        yield everything_in(client.get(answer.headers["Location"]))


def give_codes(sender: Any, instance: Person, created: bool, **rest: Any) -> None:
    if created:
        for kind in RECEPTION_ONLY:
            Identifier.objects.create(person=instance, kind=kind, value=CANARY_CODE)


@pytest.fixture
def everybody_has_codes(db: None) -> Iterator[None]:
    """Each person created from here on has the canary as CUI, Vestanet and SGA number."""
    post_save.connect(give_codes, sender=Person)
    yield
    post_save.disconnect(give_codes, sender=Person)


@pytest.mark.parametrize(("name", "role"), opened_by(*WITHOUT_CODES))
def test_reception_identifiers_reach_no_other_role(everybody_has_codes: None, name: str, role: str) -> None:
    for text in answers(client_as(role), name):
        assert CANARY_CODE not in text


def reserved_exit(actor: Actor) -> Exit:
    """The exit of a reserved person whom the actor's body receives, or has a home for, and nobody there was named."""
    body = Organisation.objects.get(pk=actor.organisation_id)
    leaving: Exit = ExitFactory(prefecture=body, communicated=True)
    follow(leaving.person, body, Capacity.HOUSING)
    Person.objects.filter(pk=leaving.person_id).update(
        is_reserved=True, surname="Zqriservata", search_key=" zqriservata", sort_key="zqriservata"
    )
    return leaving


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "role"), opened_by(*sorted(ROLES.keys() - {CENTRE_OPERATOR.code, CENTRE_COORDINATOR.code}))
)
def test_reserved_person_is_on_no_page_of_another_body(name: str, role: str) -> None:
    client = client_as(role)
    leaving = reserved_exit(client.actor)

    for text in answers(client, name):
        assert "zqriservata" not in text.lower()
        assert str(leaving.person.public_id) not in text
        assert str(leaving.public_id) not in text


def test_housing_roles_are_among_those_without_codes() -> None:
    assert "housing_manager" in WITHOUT_CODES
