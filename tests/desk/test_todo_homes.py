"""The working list of who keeps homes: each number opens exactly its rows."""

import re
from datetime import date

import pytest

from ali.desk.todo_homes import home_lines
from ali.organisations.models import Organisation
from tests.clients import RoleClient, client_as
from tests.factories.housing import DwellingFactory
from tests.factories.rents import account_of, owes
from tests.factories.tenancies import TenancyFactory
from tests.factories.upkeep import ticket_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
TODAY = date(2026, 3, 2)


def lines(client: RoleClient) -> dict[str, int]:
    return {str(one["href"]): one["value"] for one in home_lines(client.actor, TODAY)}


def rows_at(client: RoleClient, address: str) -> int:
    page = client.get(address).content.decode()
    return len(re.findall(r"<tr>\s*<td", page)) or page.count("<article")


@pytest.fixture
def manager() -> RoleClient:
    return client_as("housing_manager")


def test_body_with_nothing_to_do_has_no_lines(manager: RoleClient) -> None:
    assert home_lines(manager.actor, TODAY) == []


def test_tenancies_are_counted_as_their_list_filters_them(manager: RoleClient) -> None:
    body = Organisation.objects.get(pk=manager.actor.organisation_id)
    for traits in ({}, {}, {"signing": True}, {"signed": True}, {"ended": True}):
        TenancyFactory(dwelling=DwellingFactory(manager=body), **traits)
    TenancyFactory()  # another body's

    found = lines(manager)

    assert found["/affitti/?manca=invio"] == 2
    assert found["/affitti/?manca=firme"] == 1
    assert found["/affitti/?manca=consegna"] == 1
    assert found["/affitti/?manca=deposito"] == 1
    for address, count in found.items():
        assert rows_at(manager, address) == count, address


def test_arrears_and_tickets_are_on_the_list_of_who_works_on_them(manager: RoleClient) -> None:
    ticket_for(manager.actor)

    operator = client_as("housing_operator", Organisation.objects.get(pk=manager.actor.organisation_id))
    found = lines(operator)

    assert found["/manutenzioni/"] == 1
    assert rows_at(operator, "/manutenzioni/") == 1


def test_accountant_has_rents_alone() -> None:
    accountant = client_as("rent_accountant")
    account = account_of(accountant.actor)
    owes(account, 31_500, month=date(2026, 1, 1), today=TODAY)
    ticket = set(lines(accountant))

    assert all(address.startswith("/canoni/") for address in ticket)


def test_prefecture_has_none_of_it() -> None:
    assert home_lines(client_as("prefecture_officer").actor, TODAY) == []


def test_home_page_shows_the_list(manager: RoleClient) -> None:
    TenancyFactory(
        dwelling=DwellingFactory(manager=Organisation.objects.get(pk=manager.actor.organisation_id))
    )

    assert "affitti da mandare alla firma" in manager.get("/").content.decode()
