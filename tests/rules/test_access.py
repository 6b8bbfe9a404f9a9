"""Who opens which address: the table of `access_matrix.csv` is what we mean, the code must say and do the same."""

import csv
from pathlib import Path

import pytest
from django.test import Client

from ali.accounts.access import roles_that_open
from ali.accounts.roles import ROLES
from tests.clients import RoleClient, client_as, once
from tests.factories.organisations import actor_for_role
from tests.rules.url_examples import Address, Example, addresses, ask, examples

TABLE = Path(__file__).with_name("access_matrix.csv")
EVERYBODY = "public"
ALL = "all"
ANSWERS = {200, 302, 422}


def meant() -> dict[str, str]:
    """The checked-in table: URL name, then `public`, `all` (every role) or role codes."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return {row["url_name"]: row["open_to"] for row in csv.DictReader(lines)}


def roles_meant(cell: str) -> frozenset[str] | None:
    if cell == EVERYBODY:
        return None
    return frozenset(ROLES) if cell == ALL else frozenset(cell.split())


def cell_for(address: Address) -> str:
    """What the table would say of the code as it is."""
    roles = roles_that_open(address.view)
    if roles is None:
        return EVERYBODY
    return ALL if roles == frozenset(ROLES) else " ".join(code for code in ROLES if code in roles)


def opened_by_some() -> list[str]:
    return [name for name, one in addresses().items() if roles_that_open(one.view)]


def test_every_address_has_its_row() -> None:
    missing = [f"{name},{cell_for(one)}" for name, one in addresses().items() if name not in meant()]

    assert not missing, (
        "righe da leggere, approvare e aggiungere a tests/rules/access_matrix.csv:\n" + "\n".join(missing)
    )


def test_no_row_speaks_of_an_address_that_is_gone() -> None:
    assert [name for name in meant() if name not in addresses()] == []


def test_rows_are_sorted() -> None:
    assert list(meant()) == sorted(meant())


@pytest.mark.parametrize("name", addresses())
def test_view_opens_to_whom_the_table_says(name: str) -> None:
    assert name in meant(), f"manca la riga {name},{cell_for(addresses()[name])}"
    assert roles_that_open(addresses()[name].view) == roles_meant(meant()[name])


def test_no_view_is_left_without_a_rule() -> None:
    assert [name for name, one in addresses().items() if roles_that_open(one.view) == frozenset()] == []


@pytest.mark.parametrize("name", addresses())
def test_address_with_something_to_fill_in_has_an_example(name: str) -> None:
    public = roles_that_open(addresses()[name].view) is None

    assert public or not addresses()[name].converters or name in examples(), (
        f"manca {name} in tests/<app>/url_examples.py: docs/how-to/add-a-page.md"
    )


def test_no_example_speaks_of_an_address_that_is_gone() -> None:
    assert [name for name in examples() if name not in addresses()] == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", opened_by_some())
def test_nobody_enters_without_signing_in(name: str) -> None:
    url = addresses()[name].url(addresses()[name].made_up_arguments())

    for answer in (Client().get(url), Client().post(url, once())):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accesso/entra/")


@pytest.mark.django_db
@pytest.mark.parametrize("name", opened_by_some())
def test_role_that_is_not_listed_is_refused(name: str) -> None:
    address = addresses()[name]
    url = address.url(address.made_up_arguments())

    refused = [role for role in ROLES if role not in (roles_that_open(address.view) or ())]
    for role in refused:
        client = client_as(role)
        answer = client.post(url, once()) if role == refused[-1] else client.get(url)
        assert (role, answer.status_code) == (role, 403)


def sweep() -> list[tuple[str, str]]:
    """Each address with each role that opens it."""
    return [
        (name, role)
        for name, one in addresses().items()
        for role in ROLES
        if role in (roles_that_open(one.view) or ())
    ]


def own(client: RoleClient, name: str) -> tuple[Address, Example]:
    return addresses()[name], examples().get(name, Example())


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "role"), sweep())
def test_role_that_is_listed_gets_an_answer(name: str, role: str) -> None:
    client = client_as(role)
    address, example = own(client, name)

    answer = ask(client, address, example.make(client.actor), example)

    allowed = ANSWERS | ({405} if example.post is None and not address.converters else set())
    assert answer.status_code in allowed, f"{answer.status_code}: {answer.content[:300]!r}"
    if answer.status_code == 302:
        assert not answer.headers["Location"].startswith("/accesso/"), answer.headers["Location"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "role"),
    [
        (name, role)
        for name, role in sweep()
        if addresses()[name].converters and not examples().get(name, Example()).is_shared
    ],
)
def test_what_belongs_to_others_is_not_found(name: str, role: str) -> None:
    client = client_as(role)
    address, example = own(client, name)
    stranger = actor_for_role(role, province="VI")

    of_others = ask(client, address, example.make(stranger), example)
    of_nobody = ask(client, address, address.made_up_arguments(), example)

    assert (of_others.status_code, of_nobody.status_code) == (404, 404)
