"""Small rows of a file that two people open at once: the second sees what the first wrote before writing over it."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from ali.core.models import Versioned
from ali.organisations.models import Organisation
from ali.people.models import Person
from tests.clients import RoleClient, client_as
from tests.factories.people import IdentifierFactory, PersonFactory, SpokenLanguageFactory
from tests.factories.places import municipality

pytestmark = pytest.mark.django_db
Row = Any  # one of the four models


@pytest.fixture(autouse=True)
def stopped(clock: Any) -> None:
    clock("2026-03-02")


@pytest.fixture
def operator() -> RoleClient:
    return client_as("centre_operator")


@pytest.fixture
def newcomer(operator: RoleClient) -> Person:
    return PersonFactory(carer=Organisation.objects.get(pk=operator.actor.organisation_id))


def name_of(person: Person) -> Row:
    return person.names.create(kind="alias", surname="Traore")


def code_of(person: Person) -> Row:
    return IdentifierFactory(person=person)


def language_of(person: Person) -> Row:
    return SpokenLanguageFactory(person=person)


def residence_of(person: Person) -> Row:
    return person.residences.create(
        kind="convivenza", municipality=municipality(), starts_on=date(2025, 1, 1)
    )


# page with the form, address of the form, row to edit, what is typed
FORMS: list[tuple[str, str, Callable[[Person], Row], Callable[[Row], dict[str, Any]]]] = [
    (
        "names",
        "name_change",
        name_of,
        lambda row: {f"name-{row.pk}-kind": "alias", f"name-{row.pk}-surname": "Ayesha"},
    ),
    ("names", "name_remove", name_of, lambda row: {}),
    (
        "identifiers",
        "identifier_close",
        code_of,
        lambda row: {f"close-{row.pk}-valid_to": "2026-02-01"},
    ),
    (
        "identifiers",
        "identifier_remove",
        code_of,
        lambda row: {f"remove-{row.pk}-reason": "Non era suo"},
    ),
    ("languages", "languages", language_of, lambda row: {"language": row.language_id, "level": "C1"}),
    ("languages", "language_remove", language_of, lambda row: {}),
    (
        "residence_edit",
        "residence_edit",
        residence_of,
        lambda row: {"kind": "individuale", "municipality": "Padova", "starts_on": "2026-02-01"},
    ),
    ("residence_edit", "residence_end", residence_of, lambda row: {"end-ends_on": "2026-02-01"}),
]
IDS = [form[1] for form in FORMS]


def hidden_fields(page: HttpResponse, address: str) -> dict[str, str]:
    """What the form of the page that is sent to `address` carries without being typed."""
    form = re.search(rf'<form\b[^>]*action="{address}".*?</form>', page.content.decode(), re.DOTALL)
    assert form is not None
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.group())
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def opened_form(client: RoleClient, person: Person, page: str, action: str) -> tuple[str, dict[str, str]]:
    address = reverse(f"people:{action}", args=[person.public_id])
    return address, hidden_fields(client.get(reverse(f"people:{page}", args=[person.public_id])), address)


def stored(row: Versioned) -> list[dict[str, Any]]:
    return list(type(row)._default_manager.order_by("pk").values())


@pytest.mark.parametrize(("page", "action", "make", "typed"), FORMS, ids=IDS)
def test_form_opened_before_somebody_else_saved_is_refused(
    operator: RoleClient, newcomer: Person, page: str, action: str, make: Any, typed: Any
) -> None:
    row = make(newcomer)
    address, carried = opened_form(operator, newcomer, page, action)
    row.save_if_unchanged(row.version)
    before = stored(row)

    answer = operator.post(address, {**carried, **typed(row)})

    assert answer.status_code == 422
    assert "Qualcun altro ha modificato" in answer.content.decode()
    assert stored(row) == before


@pytest.mark.parametrize(("page", "action", "make", "typed"), FORMS, ids=IDS)
def test_form_opened_on_what_is_stored_is_taken(
    operator: RoleClient, newcomer: Person, page: str, action: str, make: Any, typed: Any
) -> None:
    row = make(newcomer)
    before = stored(row)
    address, carried = opened_form(operator, newcomer, page, action)

    answer = operator.post(address, {**carried, **typed(row)})

    assert answer.status_code == 302, answer.content.decode()
    assert stored(row) != before


def test_language_that_somebody_else_wrote_meanwhile_is_not_overwritten(
    operator: RoleClient, newcomer: Person
) -> None:
    address, carried = opened_form(operator, newcomer, "languages", "languages")
    spoken = language_of(newcomer)
    level = spoken.level

    answer = operator.post(address, {**carried, "language": spoken.language_id, "level": "C1"})

    spoken.refresh_from_db()
    assert (answer.status_code, spoken.level) == (422, level)
