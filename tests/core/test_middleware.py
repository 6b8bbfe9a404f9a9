"""The manners of the site: trouble of the database is a 503, a form has its effect once, pages stay out of caches."""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client
from django.urls import reverse

from ali.core.models import SubmittedForm
from ali.organisations.models import Organisation
from tests.clients import ClientAs, RoleClient, once

pytestmark = pytest.mark.django_db


class PoolTimeout(Exception):
    """What the pool of psycopg raises; its name is what we know it by."""


def fail_with(error: Exception) -> Callable[..., Any]:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise error

    return fail


TROUBLES = [
    OperationalError("database is locked"),
    InterfaceError("connection already closed"),
    PoolTimeout(),
]


@pytest.mark.parametrize("error", TROUBLES, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize(
    "place",
    [
        "ali.organisations.views.roles_over_time",
        "ali.accounts.middleware.actor_for",
        "ali.accounts.sessions.SessionStore.load",
    ],
)
def test_database_away_is_503_wherever_it_is_noticed(
    client_as: ClientAs, place: str, error: Exception
) -> None:
    client = client_as("centre_operator")
    client.raise_request_exception = False
    body = Organisation.objects.get(pk=client.actor.organisation_id)
    url = reverse("organisations:organisation_detail", args=[body.public_id])

    with patch(place, fail_with(error)):
        answer = client.get(url)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "riprov" in answer.content.decode().lower()


def test_other_errors_are_500_without_details(client_as: ClientAs) -> None:
    client = client_as("centre_operator")
    client.raise_request_exception = False

    with patch("ali.accounts.middleware.actor_for", fail_with(ValueError("il segreto di Amina"))):
        answer = client.get("/")

    assert answer.status_code == 500
    assert "Amina" not in answer.content.decode()


# Once only -------------------------------------------------------------------------------------------------------------


def add_body(client: RoleClient, name: str, **key: str) -> Any:
    return client.post(reverse("organisations:organisation_add"), {"name": name, **key})


def test_form_sent_twice_has_one_effect_and_the_same_answer(client_as: ClientAs) -> None:
    client, key = client_as("administrator"), once()

    first = add_body(client, "Cooperativa Nuova", **key)
    again = add_body(client, "Cooperativa Nuova", **key)

    assert first.headers["Location"] == again.headers["Location"]
    assert Organisation.objects.filter(name="Cooperativa Nuova").count() == 1


def test_refused_form_may_be_sent_again_with_the_same_key(client_as: ClientAs) -> None:
    client, key = client_as("administrator"), once()

    refused = add_body(client, "", **key)
    accepted = add_body(client, "Cooperativa Nuova", **key)

    assert (refused.status_code, accepted.status_code) == (422, 302)


def test_form_still_being_received_is_not_taken_twice(client_as: ClientAs) -> None:
    client, key = client_as("administrator"), once()
    with patch("ali.core.middleware.OnceOnly._keep"):
        add_body(client, "Cooperativa Nuova", **key)
    Organisation.objects.filter(name="Cooperativa Nuova").delete()

    again = add_body(client, "Cooperativa Nuova", **key)

    assert "inviato" in again.content.decode()
    assert not Organisation.objects.filter(name="Cooperativa Nuova").exists()


def test_key_of_somebody_else_stops_nobody(client_as: ClientAs) -> None:
    key = once()
    add_body(client_as("administrator"), "Cooperativa Prima", **key)

    answer = add_body(client_as("administrator"), "Cooperativa Seconda", **key)

    assert answer.status_code == 302
    assert Organisation.objects.filter(name="Cooperativa Seconda").exists()


def test_form_that_broke_is_forgotten(client_as: ClientAs) -> None:
    client, key = client_as("administrator"), once()
    client.raise_request_exception = False

    with patch("ali.organisations.services.add_organisation", fail_with(ValueError())):
        add_body(client, "Cooperativa Nuova", **key)

    assert not SubmittedForm.objects.exists()


@pytest.mark.parametrize("key", ["", "corta", "x" * 65, "nulla\x00nulla\x00nulla", "'; drop table; --"])
def test_form_without_a_key_of_ours_is_refused_and_nothing_is_stored(client_as: ClientAs, key: str) -> None:
    client = client_as("administrator")

    answer = add_body(client, "Cooperativa Nuova", idempotency_key=key)

    assert answer.status_code == 400
    assert "nulla è stato salvato" in answer.content.decode()
    assert not Organisation.objects.filter(name="Cooperativa Nuova").exists()
    assert not SubmittedForm.objects.exists()


def test_search_sent_again_answers_again_and_keeps_no_key(client_as: ClientAs) -> None:
    client, key = client_as("prefecture_officer"), once()

    answers = [client.post(reverse("desk:search"), {"q": "Amina", **key}) for _ in range(2)]

    assert ["Amina" in answer.content.decode() for answer in answers] == [True, True]
    assert not SubmittedForm.objects.exists()


def test_form_without_a_token_is_refused_in_italian(client_as: ClientAs) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(client_as("administrator").user)

    answer = client.post(reverse("organisations:organisation_add"), {"name": "x"})

    assert answer.status_code == 403
    assert "nulla è stato salvato" in answer.content.decode()
