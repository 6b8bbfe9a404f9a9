"""Amounts of income, savings and debts reach nobody but case workers and, for a live proposal, the housing manager.

Everybody who exists in these tests earns, saves and owes the same odd amount. Every address is then asked for by the roles
that may never read an amount, and the amount is looked for in whatever comes back, in files too, and in the audit log.
New addresses are swept by themselves: they are in `url_examples`.
"""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db.models.signals import post_save
from django.http import HttpResponse

from ali.accounts.access import roles_that_open
from ali.accounts.roles import ROLES, Permission
from ali.audit.models import AuditEvent
from ali.organisations.models import Organisation
from ali.people.models import Person
from ali.rents.models import Account
from ali.tenancies.models import TenancyParty
from ali.work.models import Job, JobKind, Means
from tests.clients import client_as
from tests.factories.housing import DwellingFactory
from tests.factories.rents import owes
from tests.factories.tenancies import TenancyFactory
from tests.rules.url_examples import Example, addresses, ask, examples

CANARY_CENTS = 91_357
# 913,57 · 913.57 · 91357 · 913 57, and the whole euros before and after rounding, as an amount and never inside a longer number.
CANARY = re.compile(
    r"(?<![\d.,-])(?:913[.,\s]?57|91[.,]357|(?:€|EUR|euro)\s*91[34]\b|91[34]\s*(?:€|EUR|euro))(?!\d)"
)
BLIND = [code for code, role in ROLES.items() if not role.may(Permission.SEE_MONEY)]
RENT_CENTS = 77_731
RENT = re.compile(r"(?<![\d.,-])777[.,]?31(?!\d)")
NO_RENTS = [code for code, role in ROLES.items() if not role.may(Permission.SEE_RENTS)]


def give_canary(sender: Any, instance: Person, created: bool, **rest: Any) -> None:
    if not created:
        return
    Job.objects.create(
        person=instance, kind=JobKind.PERMANENT, net_monthly_cents=CANARY_CENTS, starts_on=date(2024, 1, 1)
    )
    Means.objects.create(
        person=instance,
        savings_cents=CANARY_CENTS,
        debts_monthly_cents=CANARY_CENTS,
        remittances_monthly_cents=CANARY_CENTS,
        stated_on=date(2025, 1, 1),
    )


@pytest.fixture
def everybody_earns_the_canary(db: None) -> Iterator[None]:
    """Each person created from here on has the canary as income, savings, debts and remittances."""
    post_save.connect(give_canary, sender=Person)
    yield
    post_save.disconnect(give_canary, sender=Person)


def everything_in(answer: HttpResponse) -> str:
    """The text of an answer with its headers; what a spreadsheet holds when it is one."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in book.namelist())
    return content.decode("utf-8", "replace") + "\n".join(
        f"{name}: {value}" for name, value in answer.items()
    )


def sweep() -> list[tuple[str, str]]:
    return [
        (name, role)
        for name, one in addresses().items()
        for role in BLIND
        if role in (roles_that_open(one.view) or ())
    ]


@pytest.mark.parametrize(("name", "role"), sweep())
def test_no_amount_in_the_answer_nor_in_the_log(
    everybody_earns_the_canary: None, name: str, role: str
) -> None:
    address, example = addresses()[name], examples().get(name, Example())
    client = client_as(role)

    answer = ask(client, address, example.make(client.actor), example)
    seen = [everything_in(answer)]
    if answer.status_code == 302 and answer.headers["Location"].startswith("/"):
        seen.append(everything_in(client.get(answer.headers["Location"])))

    for text in seen:
        assert CANARY.search(text) is None, text[max(0, CANARY.search(text).start() - 200) :][:400]  # type: ignore[union-attr]
    for event in AuditEvent.objects.order_by("pk"):
        assert CANARY.search(f"{event.reason} {json.dumps(event.details)}") is None, event.verb


def owe_the_canary(body: Organisation) -> Callable[..., None]:
    """Let each person created from here on live in a home of `body` and owe it the canary, overdue."""
    home = DwellingFactory(manager=body, beds=0)

    def owe(sender: Any, instance: Person, created: bool, **rest: Any) -> None:
        if not created:
            return
        lease = TenancyFactory(running=True, dwelling=home)
        party = TenancyParty.objects.create(
            tenancy=lease, person=instance, share_cents=RENT_CENTS, starts_on=date(2025, 1, 1)
        )
        account = Account.objects.create(party=party, landlord=body, dwelling=home, person=instance)
        owes(account, RENT_CENTS, month=date(2025, 1, 1), today=date(2025, 3, 1))

    return owe


def sweep_of_rents() -> list[tuple[str, str]]:
    return [
        (name, role)
        for name, one in addresses().items()
        for role in NO_RENTS
        if role in (roles_that_open(one.view) or ())
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "role"), sweep_of_rents())
def test_rent_owed_reaches_nobody_but_the_body_that_lets_the_home(name: str, role: str) -> None:
    address, example = addresses()[name], examples().get(name, Example())
    client = client_as(role)
    owe = owe_the_canary(Organisation.objects.get(pk=client.actor.organisation_id))
    post_save.connect(owe, sender=Person)
    try:
        answer = ask(client, address, example.make(client.actor), example)
        seen = [everything_in(answer)]
        if answer.status_code == 302 and answer.headers["Location"].startswith("/"):
            seen.append(everything_in(client.get(answer.headers["Location"])))
    finally:
        post_save.disconnect(owe, sender=Person)

    for text in seen:
        assert RENT.search(text) is None
    for event in AuditEvent.objects.order_by("pk"):
        assert RENT.search(f"{event.reason} {json.dumps(event.details)}") is None, event.verb


def test_only_a_housing_body_reads_rents() -> None:
    assert set(ROLES) - set(NO_RENTS) == {"housing_manager", "housing_operator", "rent_accountant"}


def test_only_case_workers_and_housing_managers_read_incomes() -> None:
    assert set(BLIND) == {
        "prefecture_officer",
        "housing_operator",
        "rent_accountant",
        "municipal_officer",
        "project_manager",
        "data_protection_officer",
        "administrator",
    }


@pytest.mark.parametrize(
    "text", ["netto 913,57 €", "913.57", '"net": 91357', "€ 913", "circa 914 euro", "91.357 centesimi"]
)
def test_canary_is_recognised(text: str) -> None:
    assert CANARY.search(text)


@pytest.mark.parametrize("text", ["tel. 0429 1357", "019135744", "civico 913", "3.913,574"])
def test_other_numbers_are_left_alone(text: str) -> None:
    assert CANARY.search(text) is None


def test_canary_is_found_inside_a_spreadsheet() -> None:
    from openpyxl import Workbook

    book, kept = Workbook(), io.BytesIO()
    book.active.append(["Reddito", "913,57"])  # type: ignore[union-attr]
    book.save(kept)

    assert CANARY.search(everything_in(HttpResponse(kept.getvalue())))
