"""The ledger: balances and totals are the sums of what was posted, whoever posts at the same moment."""

import threading
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from ali.accounts.actors import SYSTEM
from ali.core.posted import PostedStays
from ali.rents.ledger import Entry, post
from ali.rents.models import Account, MonthlyTotal, Movement, Settlement
from ali.rents.states import MovementKind
from ali.rents.totals import differences, kept_totals, raw_totals, rebuild
from tests.factories.housing import DwellingFactory
from tests.factories.rents import make_account, owes, pays

JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
TODAY = date(2026, 3, 2)


@pytest.mark.django_db
def test_balance_and_month_follow_each_posting() -> None:
    account = make_account()

    owes(account, 31_500, month=FEBRUARY, today=TODAY)
    pays(account, 20_000, on=date(2026, 2, 7), today=TODAY)

    account.refresh_from_db()
    assert account.balance_cents == 11_500
    total = MonthlyTotal.objects.get()
    assert (total.month, total.due_cents, total.paid_cents, total.arrears_cents) == (
        FEBRUARY,
        31_500,
        20_000,
        11_500,
    )


@pytest.mark.django_db
def test_partial_payment_leaves_the_rest_open_and_overpayment_pays_the_next_month() -> None:
    account = make_account()
    first = owes(account, 30_000, month=JANUARY, today=TODAY)

    pays(account, 10_000, on=date(2026, 1, 8), today=TODAY)
    assert Movement.objects.with_left().get(pk=first.pk).left == 20_000
    pays(account, 50_000, on=date(2026, 1, 20), today=TODAY)
    second = owes(account, 30_000, month=FEBRUARY, today=TODAY)

    assert Movement.objects.with_left().get(pk=first.pk).left == 0
    assert Movement.objects.with_left().get(pk=second.pk).left == 0
    account.refresh_from_db()
    assert account.balance_cents == 0


@pytest.mark.django_db
def test_reversal_opens_again_what_the_movement_had_paid() -> None:
    account = make_account()
    charge = owes(account, 30_000, month=JANUARY, today=TODAY)
    wrong = pays(account, 30_000, on=date(2026, 1, 8), today=TODAY)

    back = Entry(
        account.pk, wrong.kind, 30_000, TODAY, wrong.period, reverses=wrong, reason="era di un'altra persona"
    )
    post([back], actor=SYSTEM, today=TODAY)

    assert Movement.objects.with_left().get(pk=charge.pk).left == 30_000
    assert Settlement.objects.aggregate(sum=Sum("cents"))["sum"] == 0
    account.refresh_from_db()
    assert account.balance_cents == 30_000
    assert differences() == []


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Movement, Settlement])
def test_what_was_posted_is_refused_any_change_by_the_model(model: Any) -> None:
    account = make_account()
    owes(account, 30_000, month=JANUARY, today=TODAY)
    pays(account, 30_000, on=date(2026, 1, 8), today=TODAY)

    for change in (
        lambda: model.objects.update(cents=1),
        lambda: model.objects.all().delete(),
        lambda: model.objects.bulk_update([], ["cents"]),
    ):
        with pytest.raises(PostedStays):
            change()


@pytest.mark.django_db
def test_one_movement_is_refused_saving_again_and_deleting() -> None:
    movement = owes(make_account(), 30_000, month=JANUARY, today=TODAY)

    movement.cents = 1
    with pytest.raises(PostedStays):
        movement.save()
    with pytest.raises(PostedStays):
        movement.delete()


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["rents_movement", "rents_settlement"])
@pytest.mark.parametrize("statement", ["UPDATE {table} SET cents = 1", "DELETE FROM {table}"])
def test_database_itself_refuses_to_change_what_was_posted(table: str, statement: str) -> None:
    account = make_account()
    owes(account, 30_000, month=JANUARY, today=TODAY)
    pays(account, 30_000, on=date(2026, 1, 8), today=TODAY)

    with (
        pytest.raises(DatabaseError, match="non si cambia"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table=table))


@pytest.mark.django_db
def test_regular_charge_is_written_once() -> None:
    account = make_account()
    entry = Entry(account.pk, MovementKind.RENT, 100, MARCH, MARCH, due_on=MARCH, is_regular=True)

    post([entry], actor=SYSTEM, today=TODAY)
    assert post([entry], actor=SYSTEM, today=TODAY) == []

    assert Movement.objects.count() == 1


KINDS = [kind.value for kind in MovementKind]
POSTINGS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(KINDS),
        st.integers(1, 90_000),
        st.dates(JANUARY, date(2026, 6, 30)),
        st.booleans(),
    ),
    min_size=1,
    max_size=25,
)
RAISES = {"rent", "condominium", "utilities", "adjustment", "deposit_in"}


class RandomPostings(TestCase):
    """Whatever is posted and reversed, what is kept equals what is added up."""

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(POSTINGS)
    def test_kept_sums_equal_raw_sums(self, postings: list[tuple[int, str, int, date, bool]]) -> None:
        home = DwellingFactory(beds=3)
        accounts = [make_account(dwelling=home, rent_cents=1), make_account(dwelling=home), make_account()]
        for who, kind, cents, day, is_reversed in postings:
            signed = cents if kind in RAISES else -cents
            entry = Entry(accounts[who].pk, kind, signed, day, day, due_on=day if signed > 0 else None)
            [movement] = post([entry], actor=SYSTEM, today=date(2026, 7, 1))
            if is_reversed:
                back = Entry(accounts[who].pk, kind, -signed, day, day, reverses=movement, reason="prova")
                post([back], actor=SYSTEM, today=date(2026, 7, 1))

        assert differences() == []
        assert kept_totals().keys() >= raw_totals().keys()
        for account in Account.objects.all():
            movements = Movement.objects.filter(account=account, book="rent").standing().with_left()
            open_cents = sum(one.left for one in movements)
            assert open_cents == account.balance_cents
            assert all(one.left * one.cents >= 0 for one in movements)
            assert {one.left > 0 for one in movements if one.left} != {True, False}


@pytest.mark.django_db
def test_rebuilding_writes_the_same_sums() -> None:
    account = make_account()
    owes(account, 31_500, month=JANUARY, today=TODAY)
    pays(account, 20_000, on=date(2026, 2, 7), today=TODAY)
    kept = kept_totals()
    MonthlyTotal.objects.update(due_cents=7)
    Account.objects.update(balance_cents=7)
    assert len(differences()) == 3

    rebuild()

    assert differences() == []
    assert kept_totals() == kept


def _race(work: list[Any]) -> list[BaseException]:
    """Do every piece of work at the same moment, each on its own connection."""
    barrier, problems = threading.Barrier(len(work)), []

    def run(one: Any) -> None:
        try:
            barrier.wait(timeout=20)
            one()
        except BaseException as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return problems


@pytest.mark.django_db(transaction=True)
def test_no_posting_is_lost_when_many_post_at_the_same_moment() -> None:
    home = DwellingFactory(beds=2)
    accounts = [make_account(dwelling=home), make_account(dwelling=home)]

    def post_many(turn: int) -> Any:
        def work() -> None:
            for number in range(10):
                owes(accounts[(turn + number) % 2], 1_000, month=MARCH, today=TODAY)
                pays(accounts[(turn + number + 1) % 2], 700, on=TODAY, today=TODAY)

        return work

    assert _race([post_many(turn) for turn in range(4)]) == []

    assert Movement.objects.count() == 80
    assert sum(account.balance_cents for account in Account.objects.all()) == 40 * 300
    assert differences() == []


@pytest.mark.django_db(transaction=True)
def test_the_same_month_asked_twice_at_the_same_moment_is_written_once() -> None:
    account = make_account()
    entry = Entry(account.pk, MovementKind.RENT, 100, MARCH, MARCH, due_on=MARCH, is_regular=True)

    assert _race([lambda: post([entry], actor=SYSTEM, today=TODAY)] * 2) == []

    assert Movement.objects.count() == 1
    assert differences() == []
