from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from ali.audit.models import AuditEvent
from ali.core.decisions import NotAllowed, Refusal
from ali.core.models import StaleRecord
from ali.core.states import WrongState
from ali.deadlines.models import Deadline
from ali.organisations.models import Organisation
from ali.people.models import Assignment, Person, SpokenLanguage
from ali.rents import services
from ali.rents.models import Account, Arrears, Movement, Plan
from ali.rents.overdue import refresh_every_arrears
from ali.rents.queries import plan_view
from ali.rents.reminders import reminders_for
from ali.rents.settlements import open_charges
from ali.rents.states import ARREARS_TRANSITIONS, OPEN_ARREARS
from ali.rents.totals import differences
from tests.factories.organisations import actor_for_role
from tests.factories.rents import account_of, owes, pays

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


@pytest.fixture
def manager(today: date) -> Any:
    return actor_for_role("housing_manager")


@pytest.fixture
def account(manager: Any, today: date) -> Account:
    """Somebody who has not paid January nor February: unpaid since 5 January, 56 days on 2 March."""
    made = account_of(manager)
    owes(made, 31_500, month=JANUARY, today=today)
    owes(made, 31_500, month=FEBRUARY, today=today)
    return made


def arrears_of(account: Account) -> Arrears:
    return Arrears.objects.select_related("account__person").get(account=account)


def step(actor: Any, account: Account, verb: str, today: date, done_on: date | None = None) -> Arrears:
    arrears = arrears_of(account)
    return services.take_step(
        actor=actor,
        arrears=arrears,
        verb=verb,
        done_on=done_on or today,
        outcome="ha risposto",
        expected_version=arrears.version,
        today=today,
    )


def test_arrears_begins_with_the_oldest_unpaid_charge_and_says_the_next_step(account: Account) -> None:
    arrears = arrears_of(account)

    assert (arrears.state, arrears.since, arrears.overdue_cents) == ("late", date(2026, 1, 5), 63_000)
    due = Deadline.objects.get(kind="rent")
    assert (due.due_on, due.organisation_id) == (date(2026, 1, 10), account.landlord_id)
    assert "Promemoria" in due.sentence
    assert "315" not in str(due.words)


def test_charge_that_is_not_due_yet_is_no_arrears(manager: Any, today: date) -> None:
    made = account_of(manager)
    owes(made, 31_500, month=MARCH, today=today)
    assert not Arrears.objects.exists()

    refresh_every_arrears(today + timedelta(days=4))

    assert arrears_of(made).since == date(2026, 3, 5)


def test_paying_moves_the_arrears_and_closes_it_when_nothing_is_left(account: Account, today: date) -> None:
    pays(account, 40_000, on=today, today=today)
    moved = arrears_of(account)
    assert (moved.since, moved.overdue_cents) == (date(2026, 2, 5), 23_000)

    pays(account, 23_000, on=today, today=today)

    closed = arrears_of(account)
    assert (closed.state, closed.closed_on, closed.overdue_cents) == ("recovered", today, 0)
    assert not Deadline.objects.filter(kind="rent").exists()


def test_steps_follow_each_other_with_day_outcome_and_who(
    manager: Any, account: Account, today: date
) -> None:
    step(manager, account, "remind", today, date(2026, 1, 12))
    arrears = step(manager, account, "contact", today)

    assert arrears.state == "contacted"
    assert [(one.verb, one.done_by_id) for one in arrears.steps.order_by("pk")] == [
        ("remind", manager.user_id),
        ("contact", manager.user_id),
    ]
    assert Deadline.objects.get(kind="rent").due_on == date(2026, 2, 4)
    assert AuditEvent.objects.filter(verb="arrears_step_taken").count() == 2


@pytest.mark.parametrize(
    ("verb", "done_on", "sentence"),
    [
        ("remind", date(2026, 3, 3), "futuro"),
        ("remind", date(2026, 1, 4), "prima del mancato pagamento"),
        ("recover", date(2026, 3, 2), "elenco"),
        ("evict", date(2026, 3, 2), "elenco"),
    ],
)
def test_step_that_cannot_be_is_refused(
    verb: str, done_on: date, sentence: str, manager: Any, account: Account, today: date
) -> None:
    with pytest.raises(Refusal, match=sentence):
        step(manager, account, verb, today, done_on)


def test_formal_letter_never_goes_before_its_day(manager: Any, account: Account, today: date) -> None:
    step(manager, account, "committee", today)

    with pytest.raises(Refusal, match="05/04/2026"):
        step(manager, account, "warn", today)
    step(manager, account, "warn", date(2026, 4, 5), date(2026, 4, 5))

    assert arrears_of(account).state == "warned"


def test_eviction_comes_only_after_letter_and_mediation(manager: Any, account: Account) -> None:
    later = date(2026, 6, 1)
    step(manager, account, "committee", later)
    step(manager, account, "warn", later)
    with pytest.raises(WrongState):
        step(manager, account, "summon", later)

    for verb in ("call_fund", "mediate", "summon", "grant_grace", "validate_after_grace"):
        step(manager, account, verb, later)

    assert arrears_of(account).state == "validated"


def test_nobody_gets_worse_by_the_passing_of_time(account: Account) -> None:
    for day in (date(2026, 4, 1), date(2026, 8, 1), date(2027, 1, 1)):
        refresh_every_arrears(day)

    assert arrears_of(account).state == "late"


def test_every_open_state_can_recover() -> None:
    assert set(OPEN_ARREARS) == set(ARREARS_TRANSITIONS.table["recover"][0])


def test_operator_makes_contacts_and_the_manager_what_binds(
    manager: Any, account: Account, today: date
) -> None:
    body = Organisation.objects.get(pk=manager.organisation_id)
    operator = actor_for_role("housing_operator", organisation=body)

    step(operator, account, "contact", today)

    with pytest.raises(NotAllowed, match="impegna"):
        step(operator, account, "committee", today)
    with pytest.raises(NotAllowed):
        step(actor_for_role("housing_manager"), account, "committee", today)


def test_involuntary_cause_has_a_reason_and_can_be_taken_back(manager: Any, account: Account) -> None:
    arrears = arrears_of(account)
    with pytest.raises(Refusal):
        services.flag_involuntary(
            actor=manager, arrears=arrears, cause="job_lost", reason="", expected_version=arrears.version
        )

    services.flag_involuntary(
        actor=manager,
        arrears=arrears,
        cause="job_lost",
        reason="licenziato a gennaio",
        expected_version=arrears.version,
    )
    assert arrears_of(account).is_involuntary
    services.flag_involuntary(
        actor=manager, arrears=arrears, cause="", reason="", expected_version=arrears.version
    )
    assert not arrears_of(account).is_involuntary


def plan_for(manager: Any, account: Account, today: date, number: int = 3) -> Plan:
    arrears = arrears_of(account)
    return services.agree_plan(
        actor=manager,
        arrears=arrears,
        number=number,
        first_due_on=date(2026, 3, 10),
        outcome="tre rate",
        expected_version=arrears.version,
        today=today,
    )


def test_plan_covers_what_is_overdue_in_exact_cents(manager: Any, account: Account, today: date) -> None:
    pays(account, 1, on=today, today=today)

    plan = plan_for(manager, account, today)

    assert plan.total_cents == 62_999
    assert list(plan.instalments.order_by("number").values_list("cents", flat=True)) == [
        21_000,
        21_000,
        20_999,
    ]
    arrears = arrears_of(account)
    assert (arrears.state, arrears.overdue_cents, arrears.closed_on) == ("planned", 0, None)
    assert Deadline.objects.get(kind="rent").due_on == date(2026, 3, 10)


def test_payments_go_to_the_current_month_first_and_then_to_the_plan(
    manager: Any, account: Account, today: date
) -> None:
    plan = plan_for(manager, account, today)
    owes(account, 31_500, month=MARCH, today=today)

    pays(account, 52_500, on=date(2026, 3, 9), today=date(2026, 3, 9))

    view = plan_view(plan, date(2026, 3, 21))
    assert (view.repaid_cents, view.is_broken) == (21_000, False)
    assert [one.is_paid for one in view.followed] == [True, False, False]


def test_plan_that_is_not_kept_says_so_and_nothing_else_happens(
    manager: Any, account: Account, today: date
) -> None:
    plan = plan_for(manager, account, today)
    refresh_every_arrears(date(2026, 3, 21))

    view = plan_view(plan, date(2026, 3, 21))

    assert view.is_broken
    assert [one.is_missed for one in view.followed] == [True, False, False]
    assert (Plan.objects.get().state, arrears_of(account).state) == ("running", "planned")


def test_plan_kept_to_the_end_closes_the_arrears(manager: Any, account: Account, today: date) -> None:
    plan_for(manager, account, today)

    pays(account, 63_000, on=today, today=today)

    assert Plan.objects.get().state == "kept"
    assert arrears_of(account).state == "recovered"


def test_interrupted_plan_leaves_its_rest_overdue_from_its_own_day(
    manager: Any, account: Account, today: date
) -> None:
    plan = plan_for(manager, account, today)
    pays(account, 31_500, on=today, today=today)

    services.end_plan(
        actor=manager, plan=plan, reason="ha perso il lavoro", expected_version=plan.version, today=today
    )

    arrears = arrears_of(account)
    assert (arrears.overdue_cents, arrears.since) == (31_500, date(2026, 2, 5))
    assert Deadline.objects.get(kind="rent").due_on == date(2026, 4, 6)


@pytest.mark.parametrize(
    ("number", "first_due_on"), [(0, MARCH), (99, date(2026, 3, 10)), (3, date(2026, 3, 1))]
)
def test_impossible_plans_are_refused(
    number: int, first_due_on: date, manager: Any, account: Account, today: date
) -> None:
    arrears = arrears_of(account)
    with pytest.raises(Refusal):
        services.agree_plan(
            actor=manager,
            arrears=arrears,
            number=number,
            first_due_on=first_due_on,
            outcome="",
            expected_version=arrears.version,
            today=today,
        )


def test_second_plan_waits_for_the_end_of_the_first(manager: Any, account: Account, today: date) -> None:
    plan_for(manager, account, today)

    with pytest.raises(Refusal, match="già un piano"):
        plan_for(manager, account, today)


def test_write_off_closes_the_arrears_as_given_up(manager: Any, account: Account, today: date) -> None:
    with pytest.raises(Refusal, match="più di quanto"):
        services.write_off(actor=manager, account=account, cents=63_001, reason="errore nostro", today=today)

    services.write_off(actor=manager, account=account, cents=63_000, reason="errore nostro", today=today)

    assert arrears_of(account).state == "closed"
    assert differences() == []


def test_deposit_is_received_kept_for_rent_and_given_back(
    manager: Any, account: Account, today: date
) -> None:
    services.receive_deposit(
        actor=manager, account=account, cents=48_000, booked_on=JANUARY, cause="bonifico", today=today
    )
    with pytest.raises(Refusal, match="più piccolo"):
        services.give_back_deposit(
            actor=manager, account=account, cents=48_001, booked_on=today, cause="", today=today
        )

    services.keep_deposit(
        actor=manager, account=account, cents=40_000, reason="due mesi non pagati", for_rent=True, today=today
    )
    services.give_back_deposit(
        actor=manager, account=account, cents=8_000, booked_on=today, cause="", today=today
    )

    account.refresh_from_db()
    assert (account.deposit_cents, account.balance_cents) == (0, 23_000)
    assert differences() == []


@pytest.mark.parametrize("cents", [0, -1])
def test_nothing_of_no_value_is_posted(cents: int, manager: Any, account: Account, today: date) -> None:
    with pytest.raises(Refusal, match="maggiore di zero"):
        services.receive_payment(
            actor=manager, account=account, cents=cents, booked_on=today, cause="", today=today
        )


def test_payment_of_tomorrow_is_refused(manager: Any, account: Account, today: date) -> None:
    with pytest.raises(Refusal, match="futuro"):
        services.receive_payment(
            actor=manager,
            account=account,
            cents=100,
            booked_on=today + timedelta(days=1),
            cause="",
            today=today,
        )


def test_payment_for_a_named_month_pays_that_month(manager: Any, account: Account, today: date) -> None:
    february = Movement.objects.get(period=FEBRUARY)

    services.receive_payment(
        actor=manager,
        account=account,
        cents=31_500,
        booked_on=today,
        cause="febbraio",
        today=today,
        pays_first=(february.pk,),
    )

    [left] = open_charges([account.pk])[account.pk]
    assert left.period == JANUARY


def test_movement_is_reversed_once(manager: Any, account: Account, today: date) -> None:
    wrong = Movement.objects.select_related("account__person").get(period=FEBRUARY)
    services.reverse_movement(actor=manager, movement=wrong, reason="mese sbagliato", today=today)

    with pytest.raises(Refusal, match="già stato rettificato"):
        services.reverse_movement(actor=manager, movement=wrong, reason="mese sbagliato", today=today)
    with pytest.raises(Refusal, match="Scrivi perché"):
        services.reverse_movement(
            actor=manager, movement=Movement.objects.get(period=JANUARY), reason="no", today=today
        )


def test_reserved_person_is_seen_by_who_was_named_alone(manager: Any, account: Account, today: date) -> None:
    Person.objects.filter(pk=account.person_id).update(is_reserved=True)
    assert not Account.objects.visible_to(manager).exists()
    assert not Arrears.objects.visible_to(manager).exists()
    Assignment.objects.filter(person=account.person_id, capacity="tenancy").update(user=manager.user_id)
    assert Account.objects.visible_to(manager).get() == account

    call_command("rents", verbosity=0)

    assert Deadline.objects.get(kind="rent").user_id == manager.user_id


def test_reminder_is_in_the_language_of_the_person_and_in_italian(account: Account) -> None:
    SpokenLanguage.objects.create(person=account.person, language_id="fra", level="L1")

    texts = reminders_for(account, open_charges([account.pk])[account.pk])

    assert [one.language for one in texts] == ["fra", "ita"]
    assert "630 €" in texts[0].text
    assert "01/2026, 02/2026" in texts[1].text
    assert not texts[0].is_reviewed


def test_step_on_an_arrears_that_was_paid_meanwhile_is_stale(
    manager: Any, account: Account, today: date
) -> None:
    opened = arrears_of(account)
    pays(account, 63_000, on=today, today=today)

    with pytest.raises(StaleRecord):
        services.take_step(
            actor=manager,
            arrears=opened,
            verb="contact",
            done_on=today,
            outcome="sentito",
            expected_version=opened.version,
            today=today,
        )

    assert arrears_of(account).closed_on == today
