"""An arrears that the guarantee fund pays."""

from datetime import date
from typing import Any

import pytest

from ali.accounts.actors import Actor
from ali.agreements import services as agreements
from ali.agreements.models import FundCall
from ali.core.decisions import Refusal
from ali.rents.models import Account, Arrears, Movement
from ali.rents.services import flag_involuntary, take_step
from ali.rents.states import MovementKind
from tests.factories.agreements import CommitmentFactory, FundFactory
from tests.factories.organisations import actor_for_role
from tests.factories.rents import account_of, owes

LATER = date(2026, 6, 1)


@pytest.fixture
def manager(db: None) -> Actor:
    return actor_for_role("housing_manager")


@pytest.fixture
def account(manager: Actor) -> Account:
    made = account_of(manager)
    owes(made, 90_000, month=date(2026, 1, 1), today=LATER)
    return made


def step(manager: Actor, account: Account, verb: str) -> Arrears:
    arrears = Arrears.objects.get(account=account)
    return take_step(
        actor=manager,
        arrears=arrears,
        verb=verb,
        done_on=LATER,
        outcome="scritto al fondo",
        expected_version=arrears.version,
        today=LATER,
    )


def warn(manager: Actor, account: Account) -> None:
    for verb in ("committee", "warn"):
        step(manager, account, verb)


def guaranteed(officer: Actor, account: Account, **kwargs: Any) -> None:
    tenancy = account.party.tenancy
    fund = FundFactory(body_id=officer.body)
    CommitmentFactory(fund=fund, dwelling=tenancy.dwelling, tenancy=tenancy.public_id, **kwargs)


def test_what_the_fund_pays_is_written_on_the_account(manager: Actor, account: Account) -> None:
    officer = actor_for_role("municipal_officer")
    guaranteed(officer, account)
    arrears = Arrears.objects.get(account=account)
    flag_involuntary(
        actor=manager,
        arrears=arrears,
        cause="job_lost",
        reason="contratto non rinnovato",
        expected_version=arrears.version,
    )
    warn(manager, account)

    assert step(manager, account, "call_fund").state == "fund"
    call = FundCall.objects.get()
    assert (call.asked_cents, call.is_involuntary) == (90_000, True)
    agreements.decide_call(
        actor=officer, call=call, cents=60_000, reason="documentata", expected_version=1, today=LATER
    )

    account.refresh_from_db()
    paid = Movement.objects.get(kind=MovementKind.FUND)
    assert (paid.cents, account.balance_cents) == (-60_000, 30_000)


def test_arrears_without_a_cause_is_refused_by_the_fund(manager: Actor, account: Account) -> None:
    guaranteed(actor_for_role("municipal_officer"), account)
    warn(manager, account)

    with pytest.raises(Refusal, match="incolpevole"):
        step(manager, account, "call_fund")
    assert Arrears.objects.get(account=account).state == "warned"


def test_guarantee_kept_elsewhere_is_only_noted(manager: Actor, account: Account) -> None:
    warn(manager, account)

    assert step(manager, account, "call_fund").state == "fund"
    assert not FundCall.objects.exists()
