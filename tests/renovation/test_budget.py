from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ali.accounts import roles
from ali.core.decisions import NotAllowed, Refusal
from ali.renovation.budget import Cost, Money, Offer, Rates, Spent, compare, cover, make_budget, vat_of
from ali.renovation.models import Quote
from ali.renovation.queries import budget_of, cover_of
from ali.renovation.services import (
    CostFacts,
    ExpenseFacts,
    FundingFacts,
    QuoteFacts,
    add_cost,
    add_funding,
    add_quote,
    choose_quote,
    pay_expense,
    record_expense,
    remove_quote,
    take_funding_step,
)
from tests.factories.organisations import actor_for_role
from tests.factories.renovation import make_works

RATES = Rates(Decimal("0.10"), Decimal("0.10"), works_vat=10, fees_vat=22)


def test_budget_adds_vat_contingency_and_fees_to_the_cent() -> None:
    budget = make_budget([Cost("bathroom", 800_033, 10), Cost("furniture", 100_005, 22)], RATES)

    rows = {row.category: (row.net, row.vat) for row in budget.rows}
    assert rows == {
        "bathroom": (800_033, 80_003),
        "furniture": (100_005, 22_001),
        "professionals": (80_003, 17_601),
        "contingency": (80_003, 8_000),
    }
    assert budget.gross == sum(net + vat for net, vat in rows.values())


def test_written_fees_take_the_place_of_the_estimate() -> None:
    budget = make_budget([Cost("bathroom", 100_000, 10), Cost("professionals", 5_000, 22)], RATES)

    row = next(row for row in budget.rows if row.category == "professionals")
    assert (row.net, row.is_estimated) == (5_000, False)


def test_what_was_spent_beyond_the_plan_shows_as_over() -> None:
    budget = make_budget([Cost("kitchen", 100_000, 10)], RATES, [Spent("kitchen", 120_000, 50_000)])

    row = next(row for row in budget.rows if row.category == "kitchen")
    assert (row.left, row.is_over, row.paid) == (-10_000, True, 50_000)


def test_quotes_are_compared_with_what_each_left_out() -> None:
    costs = [Cost("bathroom", 800_000, 10), Cost("windows", 300_000, 10)]
    found = compare(
        [Offer("A", {"bathroom": 700_000, "windows": 350_000}), Offer("B", {"bathroom": 690_000})], costs
    )

    assert found.totals == [1_050_000, 690_000]
    assert found.missing == [0, 300_000]
    assert found.comparable == [1_050_000, 990_000]
    assert [row.least for row in found.rows] == [350_000, 690_000]


def money(**given: object) -> Money:
    return Money(
        **{
            "name": "Fondo",
            "kind": "foundation",
            "cents": 100,
            "max_share": None,
            "forbids": (),
            "excludes_public": False,
            **given,
        }
    )  # type: ignore[arg-type]


def test_funding_pays_no_more_than_its_share_of_what_it_may_pay() -> None:
    budget = make_budget(
        [Cost("bathroom", 100_000, 0), Cost("furniture", 50_000, 0)], Rates(Decimal(0), Decimal(0), 10, 22)
    )

    fits = cover(budget, [money(cents=80_000, max_share=Decimal("0.8"), forbids=["furniture"])])
    too_much = cover(budget, [money(cents=80_001, max_share=Decimal("0.8"), forbids=["furniture"])])

    assert (fits.uncovered, fits.problems) == (70_000, [])
    assert "al massimo 800" in too_much.problems[0]


def test_public_money_that_excludes_other_public_money_is_said() -> None:
    budget = make_budget([Cost("bathroom", 1_000_000, 0)], RATES)
    found = cover(budget, [money(kind="fami", excludes_public=True), money(kind="region", name="Regione")])

    assert "Regione" in found.problems[0]


@given(st.integers(0, 10**9), st.sampled_from([0, 10, 22]))
def test_vat_is_within_half_a_cent(net: int, percent: int) -> None:
    assert abs(vat_of(net, percent) - Decimal(net) * percent / 100) <= Decimal("0.5")


@pytest.mark.django_db
def test_from_the_quote_to_the_invoice(today: date) -> None:
    manager = actor_for_role(roles.HOUSING_MANAGER.code)
    works = make_works(manager)
    add_cost(actor=manager, works=works, facts=CostFacts("bathroom", 800_000))
    add_cost(actor=manager, works=works, facts=CostFacts("kitchen", 200_000, vat=22))
    first = add_quote(
        actor=manager, works=works, facts=QuoteFacts("Uno", today, {"bathroom": 780_000}), today=today
    )
    second = add_quote(
        actor=manager, works=works, facts=QuoteFacts("Due", today, {"bathroom": 810_000}), today=today
    )
    with pytest.raises(Refusal, match="perché scegli"):
        choose_quote(actor=manager, quote=second, reason=" ", expected_version=1, today=today)
    choose_quote(actor=manager, quote=first, reason="costa meno", expected_version=1, today=today)
    choose_quote(
        actor=manager, quote=second, reason="prende due tirocinanti", expected_version=1, today=today
    )
    assert [one.firm for one in Quote.objects.filter(chosen_on__isnull=False)] == ["Due"]
    with pytest.raises(Refusal, match="scelto resta"):
        remove_quote(actor=manager, quote=second, expected_version=second.version)

    funding = add_funding(
        actor=manager,
        works=works,
        facts=FundingFacts(
            "foundation", 500_000, "Fondazione", spend_by=date(2026, 12, 31), forbids=["kitchen"]
        ),
        today=today,
    )
    take_funding_step(actor=manager, funding=funding, verb="grant", expected_version=1, today=today)
    with pytest.raises(Refusal, match="non paga la voce"):
        record_expense(
            actor=manager,
            works=works,
            facts=ExpenseFacts("kitchen", "Due", "1", today, 1000, 220, funding=funding),
            today=today,
        )
    facts = ExpenseFacts("bathroom", "Due", "1", today, 400_000, 40_000, funding=funding)
    expense = record_expense(actor=manager, works=works, facts=facts, today=today)
    with pytest.raises(Refusal, match="c'è già"):
        record_expense(actor=manager, works=works, facts=facts, today=today)
    pay_expense(actor=manager, expense=expense, paid_on=today, expected_version=1, today=today)

    budget = budget_of(works, today)
    bathroom = next(row for row in budget.rows if row.category == "bathroom")
    assert (bathroom.gross, bathroom.chosen_net, bathroom.invoiced, bathroom.paid) == (
        880_000,
        810_000,
        440_000,
        440_000,
    )
    assert cover_of(works, budget).granted == 500_000


@pytest.mark.django_db
def test_accountant_records_invoices_and_changes_no_budget(today: date) -> None:
    works = make_works(actor_for_role(roles.HOUSING_MANAGER.code))
    accountant = actor_for_role(roles.RENT_ACCOUNTANT.code, organisation=works.holder)

    record_expense(
        actor=accountant, works=works, facts=ExpenseFacts("bathroom", "Uno", "1", today, 100, 10), today=today
    )
    with pytest.raises(NotAllowed):
        add_cost(actor=accountant, works=works, facts=CostFacts("bathroom", 100))
