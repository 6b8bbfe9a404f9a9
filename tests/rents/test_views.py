"""The pages of rents: what each role finds, posts and is refused."""

import io
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from ali.audit.models import AuditEvent
from ali.organisations.models import Organisation
from ali.people.models import Permit, Person
from ali.rents.models import Account, Arrears, BankMovement, Movement, Plan
from ali.work.models import Job
from tests.clients import ClientAs, RoleClient, once
from tests.factories.people import PermitFactory, follow
from tests.factories.rents import account_of, owes, pays

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)


@pytest.fixture
def manager(client_as: ClientAs, today: date) -> RoleClient:
    return client_as("housing_manager")


@pytest.fixture
def account(manager: RoleClient, today: date) -> Account:
    """Somebody who has paid January and not February."""
    made = account_of(manager.actor)
    owes(made, 31_500, month=JANUARY, today=JANUARY)
    pays(made, 31_500, on=date(2026, 1, 4), today=date(2026, 1, 4))
    owes(made, 31_500, month=FEBRUARY, today=today)
    return made


def url(name: str, one: Any) -> str:
    return reverse(f"rents:{name}", args=[one.public_id])


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_ledger_shows_each_line_with_the_running_balance(manager: RoleClient, account: Account) -> None:
    text = text_of(manager.get(url("account_detail", account)))

    assert "deve 315 €" in text
    assert "febbraio 2026" in text.lower()
    assert "promemoria nella lingua della persona" in text
    event = AuditEvent.objects.get(verb="rent_account_read")
    assert [one.person for one in event.subjects.all()] == [account.person.public_id]


def test_number_of_queries_does_not_follow_the_number_of_movements(
    manager: RoleClient, account: Account, today: date, django_assert_max_num_queries: Any
) -> None:
    for _number in range(12):
        owes(account, 1_000, month=FEBRUARY, today=today, kind="adjustment")

    with django_assert_max_num_queries(60):
        manager.get(url("account_detail", account))


def test_list_begins_with_who_owes_and_finds_names_by_post(manager: RoleClient, account: Account) -> None:
    assert account.person.surname.upper() in text_of(manager.get(reverse("rents:account_list")))
    assert "Nessun conto" in text_of(manager.get(reverse("rents:account_list") + "?show=advance"))

    found = manager.post(reverse("rents:account_list"), {"q": account.person.surname, **once()})

    assert url("account_detail", account) in text_of(found)


def test_payment_by_hand_closes_the_arrears(manager: RoleClient, account: Account) -> None:
    february = Movement.objects.get(period=FEBRUARY)
    sent = {"cents": "315,00", "booked_on": "2026-03-01", "kind": "payment", "cause": "ricevuta 7"}

    answer = manager.post(
        url("payment_add", account), {**sent, "pays_first": [str(february.public_id)], **once()}
    )

    assert answer.status_code == 302
    assert Arrears.objects.get().state == "recovered"


def test_wrong_amount_comes_back_with_a_sentence(manager: RoleClient, account: Account) -> None:
    answer = manager.post(
        url("payment_add", account),
        {"cents": "molto", "booked_on": "2026-03-01", "kind": "payment", **once()},
    )

    assert answer.status_code == 422
    assert "Scrivi un importo in euro" in text_of(answer)


def test_movement_is_reversed_with_a_reason(manager: RoleClient, account: Account) -> None:
    payment = Movement.objects.get(kind="payment")

    assert "315 € del 04/01/2026" in text_of(manager.get(url("movement_reverse", payment)))
    refused = manager.post(url("movement_reverse", payment), {"reason": "no", **once()})
    assert refused.status_code == 422
    assert "Scrivi perché rettifichi" in text_of(refused)
    manager.post(url("movement_reverse", payment), {"reason": "di un altro", **once()})

    account.refresh_from_db()
    assert account.balance_cents == 63_000


def test_charge_in_favour_of_the_person(manager: RoleClient, account: Account) -> None:
    sent = {
        "kind": "adjustment",
        "cents": "15",
        "in_favour": "on",
        "period": "2026-02",
        "due_on": "2026-03-10",
    }

    manager.post(url("charge_add", account), {**sent, "cause": "conguaglio gas", **once()})

    account.refresh_from_db()
    assert account.balance_cents == 30_000


def test_deposit_is_received_kept_and_given_back(manager: RoleClient, account: Account) -> None:
    for what, cents in (("in", "480"), ("kept_for_rent", "315"), ("kept", "65"), ("back", "100")):
        sent = {"what": what, "cents": cents, "booked_on": "2026-03-01", "cause": "fine contratto"}
        assert manager.post(url("deposit_add", account), {**sent, **once()}).status_code == 302

    account.refresh_from_db()
    assert (account.deposit_cents, account.balance_cents) == (0, 0)


def test_step_plan_and_its_end(manager: RoleClient, account: Account) -> None:
    arrears = Arrears.objects.get()
    step = {"verb": "contact", "done_on": "2026-03-01", "outcome": "paga a marzo", "version": arrears.version}
    manager.post(url("arrears_step", arrears), {**step, **once()})
    arrears.refresh_from_db()
    plan = {"number": 2, "first_due_on": "2026-03-20", "version": arrears.version}

    manager.post(url("plan_add", arrears), {**plan, **once()})

    text = text_of(manager.get(url("account_detail", account)))
    assert "piano di rientro in corso" in text
    assert "157,50 €" in text
    running = Plan.objects.get()
    manager.post(
        url("plan_end", running), {"reason": "ha perso il lavoro", "version": running.version, **once()}
    )
    assert Plan.objects.get().state == "ended"


def test_step_of_a_colleague_in_the_meantime_is_not_overwritten(
    manager: RoleClient, account: Account
) -> None:
    arrears = Arrears.objects.get()
    step = {"verb": "contact", "done_on": "2026-03-01", "outcome": "paga a marzo", "version": arrears.version}
    manager.post(url("arrears_step", arrears), {**step, **once()})

    answer = manager.post(url("arrears_step", arrears), {**step, "verb": "committee", **once()})

    assert answer.status_code == 422
    assert Arrears.objects.get().state == "contacted"


def test_operator_reads_and_makes_contacts_but_posts_nothing(
    client_as: ClientAs, manager: RoleClient, account: Account
) -> None:
    operator = client_as("housing_operator", organisation=Organisation.objects.get(pk=account.landlord_id))
    text = text_of(operator.get(url("account_detail", account)))
    arrears = Arrears.objects.get()

    assert "/rettifica/" not in text
    assert url("payment_add", account) not in text
    assert operator.get(url("payment_add", account)).status_code == 403
    step = {"verb": "contact", "done_on": "2026-03-01", "outcome": "sentito", "version": arrears.version}
    operator.post(url("arrears_step", arrears), {**step, **once()})
    assert Arrears.objects.get().state == "contacted"


def test_months_ahead_show_bands_to_all_and_amounts_to_who_may_read_them(
    client_as: ClientAs, manager: RoleClient, account: Account
) -> None:
    Job.objects.create(
        person=account.person,
        kind="fixed_term",
        net_monthly_cents=123_400,
        starts_on=date(2025, 1, 1),
        ends_on=date(2026, 6, 30),
    )
    body = Organisation.objects.get(pk=account.landlord_id)
    accountant = client_as("rent_accountant", organisation=body)

    seen = text_of(accountant.get(url("account_detail", account)))
    assert "Da luglio 2026 la fascia peggiora" in seen.replace("Luglio", "luglio")
    assert "1.234 €" not in seen
    assert "1.234 €" not in text_of(manager.get(url("account_detail", account)))
    follow(account.person, body, "housing")
    assert "1.234 €" in text_of(manager.get(url("account_detail", account)))


def test_early_warnings_say_what_to_do_and_papers_only_to_who_sees_people(
    client_as: ClientAs, manager: RoleClient, account: Account
) -> None:
    PermitFactory(person=account.person, expiring=True)
    assert Permit.objects.count() == 1
    accountant = client_as("rent_accountant", organisation=Organisation.objects.get(pk=account.landlord_id))

    mine = text_of(manager.get(reverse("rents:warning_list")))

    assert "Fai il prossimo passo" in mine
    assert "il permesso scade" in mine
    assert "il permesso scade" not in text_of(accountant.get(reverse("rents:warning_list")))


def test_board_lists_the_longest_unpaid_first(manager: RoleClient, account: Account, today: date) -> None:
    older = account_of(manager.actor)
    owes(older, 10_000, month=date(2025, 12, 1), today=today)

    text = text_of(manager.get(reverse("rents:arrears_list")))

    assert text.index(older.person.surname.upper()) < text.index(account.person.surname.upper())
    assert "Nessun arretrato" in text_of(manager.get(reverse("rents:arrears_list") + "?state=warned"))


def test_export_wants_a_reason_and_holds_the_ledger(manager: RoleClient, account: Account) -> None:
    assert manager.post(url("account_export", account), {"reason": "", **once()}).status_code == 302

    answer = manager.post(url("account_export", account), {"reason": "revisione dei conti", **once()})

    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert [row[6].value for row in sheet.iter_rows(min_row=2)] == [315, -315, 315]
    assert AuditEvent.objects.get(verb="rent_account_exported").reason == "revisione dei conti"


def make_movement(actor: Any, account: Account | None, **rest: Any) -> BankMovement:
    return BankMovement.objects.create(
        landlord_id=actor.organisation_id,
        digest=str(BankMovement.objects.count()),
        booked_on=date(2026, 2, 20),
        cents=31_500,
        payer_name="Awa Diallo",
        proposed=account,
        score=85 if account else 0,
        reasons=["chi paga ha lo stesso nome", "sure"] if account else [],
        **rest,
    )


def test_bank_review_confirms_and_goes_to_the_next(manager: RoleClient, account: Account) -> None:
    movement, other = make_movement(manager.actor, account), make_movement(manager.actor, None)
    text = text_of(manager.get(reverse("rents:bank_list")))
    assert "chi paga ha lo stesso nome" in text
    assert "nessuna proposta" in text

    answer = manager.post(url("bank_confirm", movement), {"version": 1, **once()}, follow=True)

    account.refresh_from_db()
    assert account.balance_cents == 0
    assert url("bank_choose", other) in text_of(answer)


def test_bank_movement_is_divided_among_flatmates(manager: RoleClient, account: Account) -> None:
    flatmate, movement = account_of(manager.actor), make_movement(manager.actor, account)
    parts = {
        "account_1": str(account.public_id),
        "cents_1": "200",
        "account_2": str(flatmate.public_id),
        "cents_2": "100",
        "version": 1,
    }
    wrong = manager.post(url("bank_choose", movement), {**parts, **once()})
    assert wrong.status_code == 422
    assert "sommare" in text_of(wrong)

    manager.post(url("bank_choose", movement), {**parts, "cents_2": "115", **once()})

    flatmate.refresh_from_db()
    assert flatmate.balance_cents == -11_500


def test_bank_movement_is_left_out_reopened_and_proposed_again(manager: RoleClient, account: Account) -> None:
    movement = make_movement(manager.actor, None)
    Person.objects.filter(pk=account.person_id).update(surname="Diallo", given_names="Awa")
    manager.post(url("bank_ignore", movement), {"version": 1, "reason": "rimborso", **once()})
    assert "rimborso" in text_of(manager.get(reverse("rents:bank_list") + "?state=ignored"))
    manager.post(url("bank_reopen", movement), {"version": 2, "reason": "era un canone", **once()})

    manager.post(reverse("rents:bank_propose"), once())

    assert BankMovement.objects.get().proposed == account


def test_person_page_shows_how_the_rent_goes_to_the_housing_body_alone(
    client_as: ClientAs, manager: RoleClient, account: Account
) -> None:
    page = reverse("desk:person", args=[account.person.public_id])
    officer = client_as("prefecture_officer")
    follow(account.person, Organisation.objects.get(pk=officer.actor.organisation_id), "prefecture")

    mine, theirs = text_of(manager.get(page)), text_of(officer.get(page))

    assert url("account_detail", account) in mine
    assert "canone in ritardo" in mine
    assert "/canoni/" not in theirs
    assert "canone in ritardo" not in theirs
    assert "315" not in mine
