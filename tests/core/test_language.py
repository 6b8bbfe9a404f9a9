"""Italian until somebody chooses."""

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db


def test_pages_are_italian_whatever_the_browser_prefers() -> None:
    answer = Client().get("/accesso/entra/", headers={"accept-language": "en-US"})

    assert answer.headers["Content-Language"] == "it"
    assert 'lang="it"' in answer.content.decode()


def test_chosen_language_stays() -> None:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    assert 'lang="en"' in client.get("/accesso/entra/").content.decode()


def test_unknown_language_is_italian() -> None:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "klingon"

    assert client.get("/accesso/entra/").headers["Content-Language"] == "it"
