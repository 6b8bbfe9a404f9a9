"""What the invented rents promise: sums that add up, a few arrears at different steps, something to review in the bank."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import transaction

from ali.demo.services import seed_demo
from ali.rents.models import Account, Arrears, BankMovement, Plan
from ali.rents.totals import differences

TODAY = date(2026, 3, 10)


@pytest.fixture(scope="module", autouse=True)
def filled(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        seed_demo(seed=7, people=400, today=TODAY, now=lambda: datetime(2026, 3, 10, 11, tzinfo=UTC))
        yield
        transaction.set_rollback(True)


pytestmark = pytest.mark.django_db


def test_sums_add_up_and_most_people_pay() -> None:
    assert differences() == []
    accounts = Account.objects.count()
    assert accounts >= 3
    assert Account.objects.in_debt().count() <= accounts // 2 + 6


def test_arrears_are_at_different_steps() -> None:
    states = list(Arrears.objects.filter(closed_on=None).values_list("state", flat=True))
    assert len(set(states)) >= 1
    assert not Arrears.objects.filter(closed_on=None, opened_on__gt=TODAY).exists()
    assert Plan.objects.filter(state="running").count() <= 2


def test_bank_has_something_to_review_with_a_proposal() -> None:
    movements = BankMovement.objects.filter(state="proposed")
    assert movements.filter(proposed__isnull=False).exists()
    assert movements.filter(proposed__isnull=True).exists()
