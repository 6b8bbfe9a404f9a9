from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ali.core.decisions import Refusal
from ali.rents.calculations import arrears_step, rent_outlook, rent_prorata, repayment_plan
from ali.rents.instalments import Planned, follow, instalments, is_broken
from ali.rents.outlook import months_ahead
from ali.rules.calculators import calculate
from ali.work.affordability import Limits
from ali.work.income import Earning, StableIncomeRule

pytestmark = pytest.mark.django_db
BED = {"rent": 240, "condominium": 30, "utilities": 45}


def test_month_of_entry_is_paid_by_its_days() -> None:
    answer = calculate("rent-prorata", {**BED, "month": "2026-03-01", "starts_on": "2026-03-12"})

    assert (answer["days"], answer["of"], answer["total"]) == (20, 31, 203.23)
    assert [one["amount"] for one in answer["dues"]] == [154.84, 19.36, 29.03]
    assert answer["rule"]["code"] == "rents.prorata"


@pytest.mark.parametrize(
    ("done", "step", "due_on", "overdue_by"),
    [
        ([], "remind", "2026-01-10", 31),
        (["remind"], "contact", "2026-01-20", 21),
        (["remind", "contact"], "plan", "2026-02-04", 6),
        (["remind", "contact", "committee"], "warn", "2026-04-05", 0),
        (["committee", "warn"], "call_fund", "2026-04-05", 0),
        (["committee", "warn", "call_fund"], "mediate", "2026-04-05", 0),
        (["committee", "warn", "mediate"], None, None, 0),
    ],
)
def test_next_step_of_an_arrears(
    done: list[str], step: str | None, due_on: str | None, overdue_by: int
) -> None:
    answer = arrears_step({"unpaid_since": "2026-01-05", "today": "2026-02-10", "done": done})

    assert (answer["days"], answer["step"], answer["due_on"], answer["overdue_by"]) == (
        36,
        step,
        due_on,
        overdue_by,
    )


def test_plan_in_exact_cents() -> None:
    answer = repayment_plan({"debt": 1000, "instalments": 3, "first_due_on": "2026-01-31"})

    assert [(one["due_on"], one["amount"]) for one in answer["instalments"]] == [
        ("2026-01-31", 333.34),
        ("2026-02-28", 333.33),
        ("2026-03-31", 333.33),
    ]
    assert answer["total"] == 1000


def test_months_ahead_lose_the_income_of_a_contract_in_the_month_in_which_it_ends() -> None:
    answer = calculate(
        "rent-outlook",
        {
            "today": "2026-03-02",
            "cost": 270,
            "months": 6,
            "jobs": [
                {"kind": "fixed_term", "net": 700, "starts_on": "2025-01-01", "ends_on": "2026-06-30"},
                {"kind": "traineeship", "net": 500, "starts_on": "2026-02-01", "ends_on": "2026-07-15"},
            ],
        },
    )

    assert [(one["month"], one["income"], one["band"]) for one in answer["months"]] == [
        ("2026-03-02", 950, "green"),
        ("2026-04-01", 950, "green"),
        ("2026-05-01", 950, "green"),
        ("2026-06-01", 950, "green"),
        ("2026-07-01", 0, "red"),
        ("2026-08-01", 0, "red"),
        ("2026-09-01", 0, "red"),
    ]
    assert answer["worse_from"] == "2026-07-01"


def test_months_ahead_begin_with_the_rule_of_stable_income() -> None:
    job = {"kind": "fixed_term", "net": 1000, "starts_on": "2025-01-01", "ends_on": "2026-04-15"}

    answer = rent_outlook({"today": "2026-03-02", "cost": 270, "jobs": [job], "months": 2})

    assert [one["income"] for one in answer["months"]] == [0, 0, 0]


@given(
    st.integers(0, 300_000),
    st.dates(date(2025, 1, 1), date(2026, 3, 1)),
    st.one_of(st.none(), st.dates(date(2026, 3, 2), date(2028, 1, 1))),
)
def test_income_of_one_job_never_comes_back_once_it_ended(
    cents: int, starts_on: date, ends_on: date | None
) -> None:
    rule, limits = StableIncomeRule(60, Decimal("0.5")), Limits(Decimal("0.3"), Decimal("0.4"))
    job = Earning("fixed_term", cents, starts_on, ends_on)

    ahead = months_ahead([job], rule, limits, cost_cents=27_000, today=date(2026, 3, 2))

    incomes = [one.income_cents for one in ahead[1:]]
    assert incomes == sorted(incomes, reverse=True)
    assert len(ahead) == 13


@pytest.mark.parametrize(
    ("calculation", "wrong"),
    [
        (rent_prorata, {**BED, "month": "marzo", "starts_on": "2026-03-12"}),
        (rent_prorata, {**BED, "month": "2026-03-01"}),
        (rent_prorata, {**BED, "month": "2026-03-01", "starts_on": "2026-03-12", "due_day": 31}),
        (arrears_step, {"unpaid_since": "2026-01-05", "today": "2026-02-10", "done": ["evict"]}),
        (arrears_step, {"unpaid_since": "2026-01-05", "today": "2026-02-10", "done": ["summon"]}),
        (rent_outlook, {"today": "2026-03-02", "cost": 270, "months": 0}),
        (rent_outlook, {"today": "2026-03-02", "cost": 270, "jobs": "nessuno"}),
        (rent_outlook, {"today": "2026-03-02", "cost": 270, "jobs": [{"kind": "boh"}]}),
        (repayment_plan, {"debt": 100, "instalments": 0, "first_due_on": "2026-01-31"}),
        (repayment_plan, {"debt": 100, "instalments": 2.5, "first_due_on": "2026-01-31"}),
        (repayment_plan, {"debt": 0.01, "instalments": 2, "first_due_on": "2026-01-31"}),
    ],
)
def test_wrong_input_is_refused_with_a_sentence(calculation: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        calculation(wrong)


@given(st.integers(100, 10**7), st.integers(1, 36), st.integers(0, 10**7))
def test_instalments_sum_to_the_debt_and_follow_what_was_repaid(cents: int, number: int, repaid: int) -> None:
    plan = instalments(cents, number, date(2026, 1, 31))

    followed = follow(plan, min(repaid, cents), date(2030, 1, 1), 10)

    assert sum(one.cents for one in plan) == cents
    assert sum(one.paid for one in followed) == min(repaid, cents)
    assert is_broken(followed) is (repaid < cents)


def test_instalment_is_missed_only_after_its_days_of_grace() -> None:
    plan = [Planned(1, date(2026, 1, 10), 100)]

    assert not is_broken(follow(plan, 99, date(2026, 1, 20), 10))
    assert is_broken(follow(plan, 99, date(2026, 1, 21), 10))
