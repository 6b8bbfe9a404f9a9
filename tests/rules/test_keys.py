"""Every form that is sent carries a key of its own, and no address takes one without."""

import re

import pytest
from django.test import Client

from ali.accounts.access import roles_that_open
from ali.accounts.roles import ROLES
from ali.core.models import SubmittedForm
from tests.clients import client_as
from tests.rules.repository import ROOT, files, name, text
from tests.rules.test_templates import PAGES, uncommented
from tests.rules.url_examples import addresses

KEY = re.compile(r"\{%\s*idempotency_key\s*%\}")
FORM = re.compile(r"<form\b(?P<attributes>[^>]*)>(?P<body>.*?)</form>", re.IGNORECASE | re.DOTALL)
GETS = re.compile(r"\bmethod\s*=\s*[\"\']get[\"\']", re.IGNORECASE)
ACTS = re.compile(r"<([a-z-]+)\b[^>]*\b(?:hx-(?:post|put|patch|delete)|formmethod)\s*=", re.IGNORECASE)
SENDS_BY_ITSELF = re.compile(
    r"XMLHttpRequest|sendBeacon|htmx\.ajax|method\s*[:=]\s*[\"\']post", re.IGNORECASE
)


def forms_without_a_key(page: str) -> list[str]:
    """The forms of a template that may be sent by POST and do not draw the key."""
    return [
        form["attributes"].strip()[:120]
        for form in FORM.finditer(uncommented(page))
        if posts(form["attributes"]) and not KEY.search(form["body"])
    ]


def posts(attributes: str) -> bool:
    return "hx-post" in attributes or ("method" in attributes and not GETS.search(attributes))


def act_outside_a_form(page: str) -> list[str]:
    """What sends a POST without being a form: only `<form>` and `<c-form>` have the key."""
    return [one for one in ACTS.findall(uncommented(page)) if one not in {"form", "c-form"}]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_form_that_posts_carries_its_key(page) -> None:
    assert forms_without_a_key(text(page)) == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_nothing_but_a_form_posts(page) -> None:
    assert act_outside_a_form(text(page)) == []


def test_scripts_send_nothing_by_themselves() -> None:
    ours = ROOT / "src" / "ali" / "static" / "ali"
    found = [
        name(path)
        for path in files(".js")
        if path.is_relative_to(ours) and SENDS_BY_ITSELF.search(text(path))
    ]

    assert found == []


@pytest.mark.parametrize(
    ("page", "is_found"),
    [
        ('<form method="post">{% csrf_token %}</form>', True),
        ('<form class="a" hx-post="/x/">{% csrf_token %}</form>', True),
        ('<form method="get" hx-post="/x/"></form>', True),
        ('<form method="{{ method }}">{% csrf_token %}</form>', True),
        ('<form method="post">{# {% idempotency_key %} #}</form>', True),
        ('<form method="post">{% csrf_token %}{% idempotency_key %}</form>', False),
        ('<form method="get" action="/x/"></form>', False),
    ],
)
def test_missing_key_is_noticed(page: str, is_found: bool) -> None:
    assert bool(forms_without_a_key(page)) is is_found


def test_button_that_posts_alone_is_noticed() -> None:
    assert act_outside_a_form('<button class="btn" hx-post="/x/">Salva</button>') == ["button"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", addresses())
def test_no_address_takes_a_form_without_its_key(address: str) -> None:
    found = addresses()[address]
    url = found.url(found.made_up_arguments())
    roles = roles_that_open(found.view)
    client = Client()
    if roles is not None:
        client.force_login(client_as(next(role for role in ROLES if role in roles)).user)

    answer = client.post(url, {"reason": "Senza chiave"})

    assert answer.status_code == 400
    assert "nulla è stato salvato" in answer.content.decode()
    assert not SubmittedForm.objects.exists()
