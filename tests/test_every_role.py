"""Every role asks for every address, on both engines, in one state of the database.

One test is one role; what a cell of the access matrix stores is undone before the next. All the promises are looked at
together: who enters, what others own, headers, the log of readings, and what must be in no answer and in no line of the log.
New addresses are swept by themselves: they are in `url_examples`.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.db.models.signals import post_save
from django.http import HttpResponse
from django.test import Client

from ali.accounts.access import roles_that_open
from ali.accounts.actors import Actor
from ali.accounts.roles import CENTRE_COORDINATOR, CENTRE_OPERATOR, ROLES
from ali.audit.models import AuditEvent
from ali.organisations.models import Organisation
from ali.people.models import Person
from tests.clients import RoleClient, client_as, once
from tests.factories.organisations import actor_for_role
from tests.rules.amounts import BLIND, CANARY, NO_RENTS, RENT, give_canary, owe_the_canary
from tests.rules.answers import everything_in
from tests.rules.hidden import CANARY_CODE, RESERVED, WITHOUT_CODES, give_codes, reserved_exit
from tests.rules.readings import shown, written_as_read
from tests.rules.test_headers import assert_sound_headers, assert_sound_page
from tests.rules.url_examples import Address, Example, addresses, ask, examples

pytestmark = pytest.mark.django_db

ANSWERS = {200, 302, 422}
CARERS = {CENTRE_OPERATOR.code, CENTRE_COORDINATOR.code}


@dataclass(frozen=True)
class Sweep:
    """A role with its client, a stranger of the same role elsewhere, and what must never reach it."""

    role: str
    client: RoleClient
    stranger: Actor
    hidden: dict[str, re.Pattern[str]] = field(default_factory=dict)


@contextmanager
def told(receiver: Callable[..., None]) -> Iterator[None]:
    """Let each person created meanwhile be given something by `receiver`."""
    post_save.connect(receiver, sender=Person)
    try:
        yield
    finally:
        post_save.disconnect(receiver, sender=Person)


@contextmanager
def sweep_of(role: str) -> Iterator[Sweep]:
    """Prepare the role: everybody has canaries, and a reserved person is known to its body, where nobody was named."""
    client = client_as(role)
    hidden: dict[str, re.Pattern[str]] = {}
    with ExitStack() as stack:
        if role not in CARERS:
            leaving = reserved_exit(client.actor)
            ids = f"{leaving.person.public_id}|{leaving.public_id}"
            hidden["una persona riservata"] = re.compile(f"{RESERVED}|{ids}", re.IGNORECASE)
        if role in NO_RENTS:
            body = Organisation.objects.get(pk=client.actor.organisation_id)
            stack.enter_context(told(owe_the_canary(body)))
            hidden["un canone"] = RENT
        stack.enter_context(told(give_canary))
        stack.enter_context(told(give_codes))
        if role in BLIND:
            hidden["un importo"] = CANARY
        if role in WITHOUT_CODES:
            hidden["un identificativo dell'accoglienza"] = re.compile(CANARY_CODE)
        yield Sweep(role, client, actor_for_role(role, province="VI"), hidden)


def assert_tells_nothing(sweep: Sweep, text: str, where: str) -> None:
    for what, pattern in sweep.hidden.items():
        found = pattern.search(text)
        assert found is None, f"{what} {where}: …{text[max(0, found.start() - 150) :][:300]}"


def assert_promises(sweep: Sweep, answer: HttpResponse) -> None:
    content = everything_in(answer)
    assert_sound_headers(answer)
    if answer.headers.get("Content-Type", "").startswith("text/html") and content:
        assert_sound_page(answer)
    assert_tells_nothing(sweep, content, "nella risposta")


def assert_own_cell(sweep: Sweep, address: Address, example: Example) -> None:
    """What the role may open answers, keeps every promise, and is written down: by GET and as the example asks."""
    client, arguments = sweep.client, example.make(sweep.client.actor)
    ways: dict[str, Callable[[], Any]] = {
        "GET": lambda: client.get(address.url(arguments), example.query),
    }
    if example.post is not None:
        ways["POST"] = lambda: ask(client, address, arguments, example)
    last = AuditEvent.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    for way, ask_for_it in ways.items():
        answer, read = written_as_read(ask_for_it)
        only_post = {405} if way == "GET" and (example.post is not None or not address.converters) else set()
        assert answer.status_code in ANSWERS | only_post, f"{way} {answer.status_code}"
        assert_promises(sweep, answer)
        if answer.status_code in {200, 422}:
            assert shown(answer, arguments) <= read, f"{way}: lettura non scritta"
        if answer.status_code == 302:
            assert_leads_on(sweep, answer.headers["Location"])
    for event in AuditEvent.objects.filter(pk__gt=last).order_by("pk"):
        assert_tells_nothing(
            sweep, f"{event.reason} {json.dumps(event.details)}", f"nel registro ({event.verb})"
        )


def assert_leads_on(sweep: Sweep, location: str) -> None:
    """The page that a form leads to is not the sign-in, and tells nothing either."""
    assert not location.startswith("/accesso/"), location
    if location.startswith("/"):
        assert_tells_nothing(sweep, everything_in(sweep.client.get(location)), f"in {location}")


def assert_cell_of_others(sweep: Sweep, address: Address, example: Example) -> None:
    """What belongs to another body in another province, or to nobody, is not found."""
    of_others = ask(sweep.client, address, example.make(sweep.stranger), example)
    of_nobody = ask(sweep.client, address, address.made_up_arguments(), example)

    assert (of_others.status_code, of_nobody.status_code) == (404, 404), "di altri, di nessuno"


def assert_closed(sweep: Sweep, address: Address) -> None:
    """A role that is not listed is refused, whatever it sends."""
    url = address.url(address.made_up_arguments())

    assert sweep.client.get(url).status_code == 403
    assert sweep.client.post(url, once()).status_code == 403


def problems(sweep: Sweep) -> Iterator[str]:
    """Each address where something is not as meant; whatever it stored is undone."""
    for name, address in addresses().items():
        opened_to, example = roles_that_open(address.view), examples().get(name, Example())
        if opened_to is None:
            continue
        with transaction.atomic():
            try:
                if sweep.role not in opened_to:
                    assert_closed(sweep, address)
                else:
                    assert_own_cell(sweep, address, example)
                    if address.converters and not example.is_shared:
                        assert_cell_of_others(sweep, address, example)
            except AssertionError as problem:
                yield f"{name}: {problem}"
            transaction.set_rollback(True)


@pytest.mark.parametrize("role", ROLES)
def test_role_opens_what_the_matrix_says_and_nothing_tells_too_much(role: str) -> None:
    with sweep_of(role) as sweep:
        assert list(problems(sweep)) == []


def test_nobody_enters_without_signing_in() -> None:
    anonymous = Client()
    for name, address in addresses().items():
        if roles_that_open(address.view) is None:
            continue
        url = address.url(address.made_up_arguments())
        for answer in (anonymous.get(url), anonymous.post(url, once())):
            assert answer.status_code == 302, name
            assert answer.headers["Location"].startswith("/accesso/entra/"), name
