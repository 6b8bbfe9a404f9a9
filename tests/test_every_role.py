"""The sweeps of `tests/rules` on the production engine: each role asks for every address, in one state of the database.

On SQLite each cell of the access matrix is a test with a state of its own (`tests/rules`). Here one test is one role, each
cell is undone before the next, and all the promises are looked at together: who enters, what others own, headers, amounts,
the log of readings.
"""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.db.models.signals import post_save
from django.http import HttpResponse
from django.test import Client

from ali.accounts.access import roles_that_open
from ali.accounts.actors import Actor
from ali.accounts.roles import ROLES
from ali.people.models import Person
from tests.clients import RoleClient, client_as
from tests.factories.organisations import actor_for_role
from tests.rules.test_access import ANSWERS
from tests.rules.test_amounts import BLIND, CANARY, everything_in, give_canary
from tests.rules.test_headers import assert_sound_headers, assert_sound_page
from tests.rules.test_reads import shown, written_as_read
from tests.rules.url_examples import Address, Example, addresses, ask, examples

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="su SQLite lo dicono le prove di tests/rules"),
]


@pytest.fixture(autouse=True)
def everybody_earns_the_canary() -> Iterator[None]:
    post_save.connect(give_canary, sender=Person)
    yield
    post_save.disconnect(give_canary, sender=Person)


def assert_own_cell(client: RoleClient, role: str, address: Address, example: Example) -> None:
    """What the role may open answers, keeps every promise, and is written down."""
    arguments = example.make(client.actor)
    answer, read = written_as_read(lambda: ask(client, address, arguments, example))

    not_a_page = {405} if example.post is None and not address.converters else set()
    assert answer.status_code in ANSWERS | not_a_page, answer.status_code
    assert_promises(answer, role)
    if answer.status_code in {200, 422}:
        assert shown(answer, arguments) <= read, "lettura non scritta"


def assert_promises(answer: HttpResponse, role: str) -> None:
    content = everything_in(answer)
    assert_sound_headers(answer)
    if answer.headers.get("Content-Type", "").startswith("text/html") and content:
        assert_sound_page(answer)
    assert role not in BLIND or not CANARY.search(content), "un importo nella risposta"


def assert_cell_of_others(client: RoleClient, stranger: Actor, address: Address, example: Example) -> None:
    """What belongs to another body in another province is not found."""
    answer = ask(client, address, example.make(stranger), example)

    assert answer.status_code == 404, f"di altri: {answer.status_code}"


def assert_closed(client: Client, address: Address) -> None:
    """A role that is not listed is refused, nobody enters without signing in."""
    url = address.url(address.made_up_arguments())

    assert client.get(url).status_code == 403
    assert Client().get(url).status_code == 302


def problems(role: str, client: RoleClient, stranger: Actor) -> Iterator[str]:
    """Each address where something is not as meant; whatever it stored is undone."""
    for name, address in addresses().items():
        opened_to, example = roles_that_open(address.view), examples().get(name, Example())
        if opened_to is None:
            continue
        with transaction.atomic():
            try:
                if role not in opened_to:
                    assert_closed(client, address)
                else:
                    assert_own_cell(client, role, address, example)
                    if address.converters and not example.is_shared:
                        assert_cell_of_others(client, stranger, address, example)
            except AssertionError as problem:
                yield f"{name}: {problem}"
            transaction.set_rollback(True)


@pytest.mark.parametrize("role", ROLES)
def test_role_opens_what_the_matrix_says_and_nothing_tells_too_much(role: str) -> None:
    client = client_as(role)

    assert list(problems(role, client, actor_for_role(role, province="VI"))) == []
