"""What every page promises to the browser: nothing inline, no other host, no cache, no form that can act twice."""

import re
from typing import Any

import html5lib
import pytest
from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.test import Client, override_settings

from ali.accounts.access import roles_that_open
from ali.accounts.roles import ROLES
from ali.core.once import KEY_FIELD
from tests.clients import FormClient, client_as
from tests.rules.url_examples import Example, addresses, ask, examples

pytestmark = pytest.mark.django_db
POLICY = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'", "data:"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "form-action": {"'self'"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
    "manifest-src": {"'self'"},
}
ELSEWHERE = re.compile(r"^(?:https?:)?//")


def one_role(name: str) -> str:
    """The first role that opens the address, or nobody for a public one."""
    roles = roles_that_open(addresses()[name].view)
    return next((code for code in ROLES if code in (roles or ())), "")


def open_page(name: str) -> HttpResponse:
    role, example = one_role(name), examples().get(name, Example())
    if not role:
        return Client().get(addresses()[name].url(addresses()[name].made_up_arguments()))
    client = client_as(role)
    return ask(client, addresses()[name], example.make(client.actor), example)


def directives(answer: HttpResponse) -> dict[str, set[str]]:
    parts = answer.headers["Content-Security-Policy"].split(";")
    return {words[0]: set(words[1:]) for words in (part.split() for part in parts) if words}


# Somebody's file never runs as a page of ours.
OF_A_FILE = {"default-src": {"'none'"}, "sandbox": set[str]()}


def assert_sound_headers(answer: HttpResponse) -> None:
    assert directives(answer) == (OF_A_FILE if isinstance(answer, FileResponse) else POLICY)
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]


def elements(tree: Any) -> list[Any]:
    return [one for one in tree.iter() if isinstance(one.tag, str)]


def assert_sound_page(answer: HttpResponse) -> None:
    """No inline script or style, no handler in an attribute, nothing from another host, every form with its key."""
    tree = html5lib.parse(answer.content.decode(), namespaceHTMLElements=False)
    for element in elements(tree):
        attributes = element.attrib
        assert "style" not in attributes, f"style in <{element.tag}>"
        assert element.tag != "style"
        assert not [name for name in attributes if name.startswith("on")], attributes
        if element.tag == "script":
            assert attributes.get("src", "").startswith("/static/"), "script in linea"
        if element.tag in {"img", "link", "script", "iframe", "form"}:
            for name in ("src", "href", "action"):
                assert not ELSEWHERE.match(attributes.get(name, "")), attributes
        if element.tag == "form" and attributes.get("method", "get").lower() == "post":
            names = {field.attrib.get("name") for field in element.iter("input")}
            assert "csrfmiddlewaretoken" in names
            assert KEY_FIELD in names, f"manca {KEY_FIELD}: {attributes.get('action', '')}"


@pytest.mark.parametrize("name", addresses())
def test_page_keeps_every_promise(name: str) -> None:
    answer = open_page(name)

    assert_sound_headers(answer)
    if answer.headers.get("Content-Type", "").startswith("text/html") and answer.content:
        assert_sound_page(answer)


def test_error_pages_keep_them_too() -> None:
    refused = client_as("project_manager").get("/registro/")
    missing = Client().get("/non-esiste/")

    assert (refused.status_code, missing.status_code) == (403, 404)
    for answer in (refused, missing):
        assert_sound_headers(answer)
        assert_sound_page(answer)


def test_cookies_are_closed_to_scripts_and_to_other_sites() -> None:
    client = client_as("centre_operator")
    client.get("/")

    session = client.cookies[settings.SESSION_COOKIE_NAME]
    assert settings.CSRF_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_HTTPONLY
    assert session["samesite"] == "Lax"


def test_there_is_no_admin_site() -> None:
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    assert Client().get("/admin/").status_code == 404


@override_settings(ALLOWED_HOSTS=["ali.example"])
def test_another_host_name_is_refused() -> None:
    assert Client(headers={"host": "altrove.example"}).get("/accesso/entra/").status_code == 400


@pytest.mark.parametrize("target", ["https://altrove.example/", "//altrove.example/", "/\\altrove.example"])
def test_sign_in_leads_nowhere_else(target: str) -> None:
    from tests.factories.accounts import PASSWORD
    from tests.factories.organisations import MembershipFactory

    user = MembershipFactory(centre_operator=True).user

    answer = FormClient().post("/accesso/entra/", {"login": user.email, "password": PASSWORD, "next": target})

    assert answer.headers["Location"] == "/"
