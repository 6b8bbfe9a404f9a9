from datetime import date

import pytest
from django.core.management import CommandError, call_command

from ali.accounts.actors import SYSTEM
from ali.audit.models import AuditEvent
from ali.core.decisions import NotAllowed
from ali.organisations.models import Organisation
from ali.rents.models import Account, Arrears, MonthlyTotal, Movement
from ali.rents.services import reverse_movement, write_month_dues
from ali.rents.totals import differences
from ali.tenancies.hooks import News, tell
from ali.tenancies.models import TenancyShare
from ali.tenancies.states import TenancyState
from tests.factories.organisations import actor_for_role
from tests.factories.rents import account_of, make_account

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)


def charges(account: Account, month: date = MARCH) -> list[tuple[str, int]]:
    rows = Movement.objects.filter(account=account, period=month).order_by("pk")
    return list(rows.values_list("kind", "cents"))


def test_month_is_written_once_for_each_person_and_kind(today: date) -> None:
    account = make_account()

    first = write_month_dues(actor=SYSTEM, month=MARCH, today=today)
    again = write_month_dues(actor=SYSTEM, month=MARCH, today=today)

    assert (first.accounts, first.written, again.written) == (1, 3, 0)
    assert charges(account) == [("rent", 24_000), ("condominium", 3_000), ("utilities", 4_500)]
    account.refresh_from_db()
    assert account.balance_cents == 31_500


def test_run_opens_the_accounts_that_are_missing(today: date) -> None:
    account = make_account()
    Account.objects.all().delete()

    write_month_dues(actor=SYSTEM, month=MARCH, today=today)

    assert Account.objects.get().party == account.party


@pytest.mark.parametrize("state", [TenancyState.DRAFT, TenancyState.SIGNED, TenancyState.CANCELLED])
def test_nobody_pays_before_living_there(state: str, today: date) -> None:
    account = make_account()
    type(account.party.tenancy).objects.update(state=state)

    assert write_month_dues(actor=SYSTEM, month=MARCH, today=today).written == 0


def test_whole_month_until_the_day_of_leaving_is_known_then_the_rest_comes_back(today: date) -> None:
    account = make_account()
    write_month_dues(actor=SYSTEM, month=MARCH, today=today)
    tenancy = account.party.tenancy
    tenancy.state, tenancy.ended_on = TenancyState.ENDED, date(2026, 3, 16)
    tenancy.save()

    tell(News.ENDED, tenancy, today)
    tell(News.ENDED, tenancy, today)

    assert charges(account)[3:] == [("adjustment", 15_242 - 31_500)]
    assert sum(cents for _kind, cents in charges(account)) == 15_242
    assert differences() == []


def test_somebody_who_left_two_months_ago_without_a_word_gets_both_months_back(today: date) -> None:
    account = make_account()
    for month in (date(2026, 2, 1), MARCH):
        write_month_dues(actor=SYSTEM, month=month, today=today)
    tenancy = account.party.tenancy
    tenancy.state, tenancy.ended_on = TenancyState.ENDED, date(2026, 2, 1)
    tenancy.save()

    tell(News.ENDED, tenancy, today)

    account.refresh_from_db()
    assert account.balance_cents == 0
    assert not Arrears.objects.filter(closed_on=None).exists()


def test_tenancy_that_begins_is_written_from_its_first_day(today: date) -> None:
    account = make_account(starts_on=date(2026, 2, 15))

    tell(News.MOVED_IN, account.party.tenancy, today)

    assert sum(cents for _kind, cents in charges(account, date(2026, 2, 1))) == 15_750
    assert sum(cents for _kind, cents in charges(account)) == 31_500


def test_new_share_changes_the_month_that_was_already_written(today: date) -> None:
    account = make_account()
    write_month_dues(actor=SYSTEM, month=MARCH, today=today)
    TenancyShare.objects.create(party=account.party, starts_on=MARCH, cents=21_000)

    tell(News.SHARES_CHANGED, account.party.tenancy, today)

    assert charges(account)[3:] == [("adjustment", -10_500)]


def test_what_a_person_reversed_is_not_written_again(today: date) -> None:
    manager = actor_for_role("housing_manager")
    account = account_of(manager)
    write_month_dues(actor=manager, month=MARCH, today=today, landlord_id=manager.organisation_id)
    rent = Movement.objects.select_related("account__person").get(kind="rent")

    reverse_movement(actor=manager, movement=rent, reason="mese in omaggio", today=today)
    write_month_dues(actor=manager, month=MARCH, today=today, landlord_id=manager.organisation_id)

    account.refresh_from_db()
    assert account.balance_cents == 7_500


def test_run_of_a_body_writes_its_own_and_is_logged_without_amounts(today: date) -> None:
    manager = actor_for_role("rent_accountant")
    account_of(manager)
    make_account()

    write_month_dues(actor=manager, month=MARCH, today=today, landlord_id=manager.organisation_id)

    assert set(MonthlyTotal.objects.values_list("landlord", flat=True)) == {manager.organisation_id}
    details = AuditEvent.objects.get(verb="dues_written").details
    assert details == {"month": "2026-03", "charges": 3, "landlord": manager.organisation_id}


@pytest.mark.parametrize(
    "role", ["housing_operator", "prefecture_officer", "centre_operator", "municipal_officer"]
)
def test_others_do_not_write_the_month(role: str, today: date) -> None:
    actor = actor_for_role(role)

    with pytest.raises(NotAllowed):
        write_month_dues(actor=actor, month=MARCH, today=today, landlord_id=actor.organisation_id)


def test_accountant_does_not_write_the_month_of_another_body(today: date) -> None:
    other = Organisation.objects.get(pk=make_account().landlord_id)

    with pytest.raises(NotAllowed, match="altro ente"):
        write_month_dues(
            actor=actor_for_role("rent_accountant"), month=MARCH, today=today, landlord_id=other.pk
        )


def test_command_writes_the_month_verifies_and_rebuilds(
    today: date, capsys: pytest.CaptureFixture[str]
) -> None:
    account = make_account()

    call_command("rents")
    call_command("rents", "--month", "2026-01")
    call_command("rents", "--verify")
    assert Movement.objects.count() == 6
    assert Arrears.objects.get(account=account).since == date(2026, 1, 5)
    MonthlyTotal.objects.update(due_cents=1)
    with pytest.raises(CommandError, match="non tornano"):
        call_command("rents", "--verify")
    call_command("rents", "--rebuild")

    assert differences() == []
    assert "uguali alle somme" in capsys.readouterr().out
    with pytest.raises(CommandError, match="2026-03"):
        call_command("rents", "--month", "marzo")
