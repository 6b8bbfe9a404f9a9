from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from ali.core.decisions import NotAllowed, Refusal
from ali.organisations.models import Organisation
from ali.rents import services
from ali.rents.models import Movement
from ali.rents.settling import split_by_weight
from ali.rents.totals import differences
from ali.tenancies.states import TenancyState
from tests.clients import ClientAs, once
from tests.factories.housing import DwellingFactory
from tests.factories.organisations import actor_for_role
from tests.factories.rents import make_account

JANUARY = {"first": date(2026, 1, 1), "last": date(2026, 1, 31)}
BILL = {"kind": "utilities", "due_on": date(2026, 3, 20), "cause": "gas", **JANUARY}


@pytest.fixture
def manager(db: None, today: date) -> Any:
    return actor_for_role("housing_manager")


@pytest.fixture
def home(manager: Any) -> Any:
    """Two flatmates: one the whole of January, one who left on the eleventh."""
    made = DwellingFactory(manager=Organisation.objects.get(pk=manager.organisation_id))
    make_account(dwelling=made)
    left = make_account(dwelling=made).party.tenancy
    left.state, left.ended_on = TenancyState.ENDED, date(2026, 1, 11)
    left.save()
    return made


def test_bill_is_divided_by_the_days_of_each(manager: Any, home: Any, today: date) -> None:
    services.share_bill(actor=manager, dwelling=home, cents=10_000, today=today, **BILL)

    rows = Movement.objects.order_by("pk").values_list("cents", "due_on", "cause", "period")
    assert list(rows) == [
        (7_561, date(2026, 3, 20), "gas (01/01/2026-31/01/2026)", date(2026, 1, 1)),
        (2_439, date(2026, 3, 20), "gas (01/01/2026-31/01/2026)", date(2026, 1, 1)),
    ]
    assert differences() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"cents": 0},
        {"kind": "rent"},
        {"cause": " "},
        {"first": date(2026, 2, 1)},
        {"last": date(2026, 4, 1)},
        {"first": date(2020, 1, 1)},
        {"first": date(2025, 1, 1), "last": date(2025, 1, 31)},
    ],
)
def test_impossible_bills_are_refused(wrong: dict[str, Any], manager: Any, home: Any, today: date) -> None:
    with pytest.raises(Refusal):
        services.share_bill(actor=manager, dwelling=home, today=today, **{**BILL, "cents": 10_000, **wrong})

    assert not Movement.objects.exists()


def test_another_body_does_not_divide_the_bill(home: Any, today: date) -> None:
    with pytest.raises(NotAllowed):
        services.share_bill(
            actor=actor_for_role("housing_manager"), dwelling=home, cents=10_000, today=today, **BILL
        )


@given(st.integers(1, 10**7), st.lists(st.integers(1, 366), min_size=1, max_size=8))
def test_parts_of_a_bill_sum_exactly(cents: int, days: list[int]) -> None:
    assert sum(split_by_weight(cents, days)) == cents


def test_page_shows_the_parts_before_it_posts_them(client_as: ClientAs, today: date) -> None:
    client = client_as("rent_accountant")
    home = DwellingFactory(manager=Organisation.objects.get(pk=client.actor.organisation_id))
    account = make_account(dwelling=home)
    sent = {"home": str(home.public_id), "kind": "utilities", "cents": "100", "cause": "gas"}
    sent |= {"first": "2026-01-01", "last": "2026-01-31", "due_on": "2026-03-20"}
    address = reverse("rents:bill_share")

    shown = client.post(address, {**sent, **once()})
    assert account.person.display_name in shown.content.decode()
    assert not Movement.objects.exists()
    assert client.post(address, {**sent, "post": "1", **once()}).status_code == 302

    assert Movement.objects.get().cents == 10_000
