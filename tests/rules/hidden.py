"""What stays hidden wherever it is asked for: reception identifiers from housing roles, reserved persons from other bodies."""

from typing import Any

from ali.accounts.actors import Actor
from ali.accounts.roles import ROLES, Permission
from ali.organisations.models import Organisation
from ali.people.models import Identifier, Person
from ali.people.states import RECEPTION_ONLY, Capacity
from ali.reception.models import Exit
from tests.factories.people import follow
from tests.factories.reception import ExitFactory

CANARY_CODE = "0ZQCANARY9"
RESERVED = "zqriservata"
WITHOUT_CODES = [code for code, role in ROLES.items() if not role.may(Permission.SEE_RECEPTION_IDENTIFIERS)]


def give_codes(sender: Any, instance: Person, created: bool, **rest: Any) -> None:
    if created:
        for kind in RECEPTION_ONLY:
            Identifier.objects.create(person=instance, kind=kind, value=CANARY_CODE)


def reserved_exit(actor: Actor) -> Exit:
    """The exit of a reserved person whom the actor's body receives, or has a home for, and nobody there was named."""
    body = Organisation.objects.get(pk=actor.organisation_id)
    leaving: Exit = ExitFactory(prefecture=body, communicated=True)
    follow(leaving.person, body, Capacity.HOUSING)
    Person.objects.filter(pk=leaving.person_id).update(
        is_reserved=True, surname=RESERVED.title(), search_key=f" {RESERVED}", sort_key=RESERVED
    )
    return leaving
