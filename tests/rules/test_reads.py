"""Who reads about a person leaves a trace: a page that names somebody is written in the log before it leaves."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db.models import Q
from django.http import HttpResponse

from ali.accounts.access import roles_that_open
from ali.accounts.roles import ROLES
from ali.audit.models import AuditEvent, AuditSubject
from ali.people.models import Person
from tests.clients import client_as
from tests.rules.test_amounts import everything_in
from tests.rules.url_examples import Example, addresses, ask, examples

pytestmark = pytest.mark.django_db


def sweep() -> list[tuple[str, str]]:
    """Each address with each role that opens it."""
    return [
        (name, role)
        for name, one in addresses().items()
        for role in ROLES
        if role in (roles_that_open(one.view) or ())
    ]


def shown(answer: HttpResponse, arguments: Mapping[str, Any]) -> set[uuid.UUID]:
    """The persons that an answer is about: named in it, linked from it, or in its address."""
    text = everything_in(answer)
    asked = {str(one) for one in arguments.values()}
    return {
        person.public_id
        for person in Person.objects.all()
        if str(person.public_id) in asked or str(person.public_id) in text or person.display_name in text
    }


def written_as_read(ask_for_it: Callable[[], HttpResponse]) -> tuple[HttpResponse, set[uuid.UUID]]:
    """An answer, and the persons whose reading, or exporting, was written while it was made."""
    last = AuditEvent.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    answer = ask_for_it()
    read = AuditSubject.objects.filter(
        Q(event__is_read=True) | Q(event__verb__endswith="_exported"), event__pk__gt=last
    )
    return answer, set(read.values_list("person", flat=True))


@pytest.mark.parametrize(("name", "role"), sweep())
def test_whoever_a_page_shows_is_written_as_read(name: str, role: str) -> None:
    client, example = client_as(role), examples().get(name, Example())
    address, arguments = addresses()[name], example.make(client.actor)
    ways = [lambda: client.get(address.url(arguments), example.query)]
    if example.post is not None:
        ways.append(lambda: ask(client, address, arguments, example))

    for way in ways:
        answer, read = written_as_read(way)
        if answer.status_code in {200, 422}:
            assert shown(answer, arguments) <= read
