import io
from datetime import date, datetime
from typing import Any

import pytest
from django.utils import timezone

from ali.audit.models import AuditEvent
from ali.core.decisions import NotAllowed, Refusal
from ali.core.models import StaleRecord
from ali.imports import services as imports
from ali.imports.models import ImportRun, StagedRow
from ali.organisations.models import Organisation
from ali.rents import services
from ali.rents.models import Account, BankMovement, KnownPayer, Movement
from ali.rents.services import Part
from ali.rents.totals import differences
from tests.factories.organisations import actor_for_role
from tests.factories.people import PersonFactory
from tests.factories.rents import account_of, owes
from tests.rents.bank.files import CAMT_V2, CSV

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, tzinfo=timezone.get_default_timezone())
FEBRUARY = date(2026, 2, 1)


@pytest.fixture
def accountant(today: date) -> Any:
    return actor_for_role("rent_accountant")


@pytest.fixture
def awa(accountant: Any, today: date) -> Account:
    account = account_of(accountant, person=PersonFactory(surname="Diallo", given_names="Awa"))
    owes(account, 31_500, month=FEBRUARY, today=today)
    return account


def bring(actor: Any, content: bytes = CAMT_V2, kind: str = "bank") -> ImportRun:
    run = imports.stage_file(
        actor=actor, kind=kind, source=io.BytesIO(content), name="estratto.xml", today=date(2026, 3, 2)
    )
    return imports.apply_run(actor=actor, run=run, today=date(2026, 3, 2), now=NOW)


def test_file_brings_credits_with_a_proposal_and_posts_nothing(accountant: Any, awa: Account) -> None:
    run = bring(accountant)

    movement = BankMovement.objects.get()
    assert (movement.cents, movement.proposed, movement.score) == (31_500, awa, 85)
    assert movement.state == "proposed"
    assert Movement.objects.filter(cents__lt=0).count() == 0
    assert (run.totals["effect_new"], run.totals["skipped"]) == (1, 1)


def test_same_file_twice_changes_nothing(accountant: Any, awa: Account) -> None:
    bring(accountant)

    again = bring(accountant)

    assert BankMovement.objects.count() == 1
    assert (again.totals["effect_same"], again.totals["effect_new"]) == (1, 0)


def test_rows_forget_who_paid_once_applied(accountant: Any, awa: Account) -> None:
    bring(accountant)

    assert "Diallo" not in str(list(StagedRow.objects.values_list("fields", "cells", "messages"))).title()


def test_same_movement_from_another_file_is_a_question(accountant: Any, awa: Account) -> None:
    bring(accountant)
    BankMovement.objects.update(payer_iban="IT99")
    content = b"Data;Importo;IBAN;Causale\n03/02/2026;315,00;IT99;altro testo\n"

    run = bring(accountant, content, "bank-csv")

    assert run.totals["doubtful"] == 1
    assert BankMovement.objects.count() == 1


def test_table_of_a_bank_is_imported_too(accountant: Any, awa: Account) -> None:
    run = bring(accountant, CSV, "bank-csv")

    assert (run.totals["effect_new"], run.totals["error"]) == (2, 1)
    assert set(BankMovement.objects.values_list("cents", flat=True)) == {31_500, 120_000}


@pytest.mark.parametrize("role", ["prefecture_officer", "centre_coordinator", "housing_operator"])
def test_others_do_not_import_the_bank(role: str, today: date) -> None:
    with pytest.raises(NotAllowed):
        bring(actor_for_role(role))


def test_confirmed_movement_is_a_payment_and_teaches_who_pays(
    accountant: Any, awa: Account, today: date
) -> None:
    bring(accountant)
    movement = BankMovement.objects.get()

    [payment] = services.confirm_bank_movement(
        actor=accountant, bank=movement, parts=[Part(awa, 31_500)], expected_version=1, today=today
    )

    awa.refresh_from_db()
    assert awa.balance_cents == 0
    assert (payment.bank, payment.booked_on, payment.period) == (movement, date(2026, 2, 3), FEBRUARY)
    assert KnownPayer.objects.get().iban == "IT40S0542811101000000654321"
    event = AuditEvent.objects.get(verb="bank_movement_confirmed")
    assert [one.person for one in event.subjects.all()] == [awa.person.public_id]


def test_one_movement_pays_for_two_flatmates(accountant: Any, awa: Account, today: date) -> None:
    flatmate = account_of(accountant)
    bring(accountant)
    parts = [Part(awa, 20_000), Part(flatmate, 11_500)]

    services.confirm_bank_movement(
        actor=accountant, bank=BankMovement.objects.get(), parts=parts, expected_version=1, today=today
    )

    awa.refresh_from_db()
    flatmate.refresh_from_db()
    assert (awa.balance_cents, flatmate.balance_cents) == (11_500, -11_500)
    assert differences() == []


@pytest.mark.parametrize("cents", [[31_499], [31_501], [31_500, 0], [40_000, -8_500]])
def test_parts_that_do_not_sum_to_the_movement_are_refused(
    cents: list[int], accountant: Any, awa: Account, today: date
) -> None:
    bring(accountant)
    other = account_of(accountant)
    parts = [Part(account, one) for account, one in zip((awa, other), cents, strict=False)]

    with pytest.raises(Refusal, match="sommare"):
        services.confirm_bank_movement(
            actor=accountant, bank=BankMovement.objects.get(), parts=parts, expected_version=1, today=today
        )


def test_two_colleagues_confirm_the_same_movement_once(accountant: Any, awa: Account, today: date) -> None:
    bring(accountant)
    mine, theirs = BankMovement.objects.get(), BankMovement.objects.get()
    services.confirm_bank_movement(
        actor=accountant, bank=mine, parts=[Part(awa, 31_500)], expected_version=1, today=today
    )

    with pytest.raises(StaleRecord):
        services.confirm_bank_movement(
            actor=accountant, bank=theirs, parts=[Part(awa, 31_500)], expected_version=1, today=today
        )

    assert Movement.objects.filter(kind="payment").count() == 1


def test_reopened_movement_reverses_its_payment(accountant: Any, awa: Account, today: date) -> None:
    bring(accountant)
    movement = BankMovement.objects.get()
    services.confirm_bank_movement(
        actor=accountant, bank=movement, parts=[Part(awa, 31_500)], expected_version=1, today=today
    )

    services.reopen_bank_movement(
        actor=accountant, bank=movement, reason="era del fratello", expected_version=2, today=today
    )

    awa.refresh_from_db()
    assert (awa.balance_cents, movement.state) == (31_500, "proposed")
    assert not KnownPayer.objects.exists()
    assert differences() == []


def test_ignored_movement_says_what_it_is(accountant: Any, awa: Account) -> None:
    bring(accountant)
    movement = BankMovement.objects.get()

    with pytest.raises(Refusal):
        services.ignore_bank_movement(actor=accountant, bank=movement, reason=" ", expected_version=1)
    services.ignore_bank_movement(
        actor=accountant, bank=movement, reason="contributo del Comune", expected_version=1
    )

    assert BankMovement.objects.get().state == "ignored"


def test_operator_does_not_confirm_and_another_body_sees_nothing(
    accountant: Any, awa: Account, today: date
) -> None:
    bring(accountant)
    body = Organisation.objects.get(pk=accountant.organisation_id)
    operator = actor_for_role("housing_operator", organisation=body)

    with pytest.raises(NotAllowed):
        services.confirm_bank_movement(
            actor=operator,
            bank=BankMovement.objects.get(),
            parts=[Part(awa, 31_500)],
            expected_version=1,
            today=today,
        )
    for role in ("rent_accountant", "prefecture_officer", "municipal_officer", "project_manager"):
        stranger = actor_for_role(role)
        assert not BankMovement.objects.visible_to(stranger).exists()
        assert not Account.objects.visible_to(stranger).exists()
        assert not Movement.objects.visible_to(stranger).exists()
