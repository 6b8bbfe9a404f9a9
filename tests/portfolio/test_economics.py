"""The economics of a unit against the vector of the domain reference (4.9) and against plain definitions."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ali.portfolio.calculations import dwelling_economics
from ali.portfolio.economics import (
    Loan,
    Uncertainty,
    Unit,
    cash_flow,
    monte_carlo,
    sensitivity,
)
from ali.rules.calculators import WrongInput

GIVEN = {
    "capex": 35000,
    "fees_rate": 0.10,
    "grants": 8000,
    "monthly_rent": 480,
    "vacancy": 0.05,
    "arrears": 0.06,
    "yearly_costs": {"maintenance": 350, "insurance": 120, "taxes": 600},
    "management_rate": 0.10,
    "discount_rate": 0.03,
    "years": 10,
    "loan": {"principal": 30000, "rate": 0.03, "years": 10},
}
UNIT = Unit(
    capex=Decimal(35000),
    fees_rate=Decimal("0.10"),
    grants=Decimal(8000),
    monthly_rent=Decimal(480),
    vacancy=Decimal("0.05"),
    arrears=Decimal("0.06"),
    yearly_costs={"maintenance": Decimal(350), "insurance": Decimal(120), "taxes": Decimal(600)},
    management_rate=Decimal("0.10"),
    discount_rate=Decimal("0.03"),
    years=10,
    loan=Loan(Decimal(30000), Decimal("0.03"), 10),
)


def test_calculation_gives_the_vector_of_the_reference() -> None:
    answer = dwelling_economics(GIVEN)

    assert answer["investment"] == 30500
    assert answer["gross"] == 5760
    assert answer["effective_income"] == 5143.68
    assert answer["noi"] == 3497.68
    assert answer["payback_years"] == 8.72
    assert answer["npv"] == -664
    assert answer["break_even_rent"] == 488.18
    assert answer["loan_payment"] == 289.68
    assert answer["dscr"] == 1.01


@pytest.mark.parametrize(("years", "npv"), [(8, -5947), (10, -664), (12, 4316), (15, 11255)])
def test_value_over_the_years_is_the_reference_s(years: int, npv: int) -> None:
    assert dwelling_economics({**GIVEN, "years": years})["npv"] == npv


def test_value_is_zero_at_the_break_even_rent() -> None:
    rent = UNIT.break_even_rent
    assert rent is not None

    assert abs(replace(UNIT, monthly_rent=rent).npv) < Decimal("0.0001")


def test_value_is_zero_at_the_internal_rate() -> None:
    rate = UNIT.irr
    assert rate is not None

    assert abs(replace(UNIT, discount_rate=rate).npv) < Decimal("0.01")


@given(
    rent=st.integers(200, 900),
    years=st.integers(1, 30),
    residual=st.integers(0, 50_000),
)
def test_break_even_and_internal_rate_agree_with_the_value(rent: int, years: int, residual: int) -> None:
    unit = replace(UNIT, monthly_rent=Decimal(rent), years=years, residual_value=Decimal(residual))

    assert (unit.npv > 0) == (unit.break_even_rent is not None and unit.monthly_rent > unit.break_even_rent)
    if unit.irr is not None and abs(unit.npv) > Decimal("0.01"):
        assert (unit.npv > 0) == (unit.irr > unit.discount_rate)


def test_unit_that_earns_nothing_has_no_payback_and_no_break_even() -> None:
    empty = replace(UNIT, vacancy=Decimal(1))

    assert empty.payback_years is None
    assert empty.break_even_rent is None


def test_loan_without_interest_is_divided_by_its_months() -> None:
    assert Loan(Decimal(12000), Decimal(0), 10).monthly_payment == 100


def test_cash_of_the_months_is_that_of_the_years() -> None:
    months = cash_flow(replace(UNIT, loan=None))

    assert len(months) == 121
    assert abs(months[-1].cumulated - sum(UNIT.yearly_flows())) < Decimal("0.0001")


def test_rent_begins_after_the_works_and_the_loan_at_once() -> None:
    months = cash_flow(replace(UNIT, works_months=6))

    assert months[6].income == 0
    assert months[7].income > 0
    assert months[1].instalment == UNIT.loan.monthly_payment  # type: ignore[union-attr]  # given above


def test_sensitivity_has_each_combination_once() -> None:
    rents, vacancies = [Decimal(400), Decimal(480)], [Decimal("0.05"), Decimal("0.10")]

    cells = list(sensitivity(UNIT, rents=rents, vacancies=vacancies, years=[8, 10]))

    assert len(cells) == len({(cell.monthly_rent, cell.vacancy, cell.years) for cell in cells}) == 8
    (plan,) = [
        one for one in cells if (one.monthly_rent, one.vacancy, one.years) == (480, Decimal("0.05"), 10)
    ]
    assert plan.npv == UNIT.npv


def test_band_is_the_same_for_the_same_seed_and_in_order() -> None:
    first = monte_carlo(UNIT, uncertainty=Uncertainty(), seed=7, draws=200)
    again = monte_carlo(UNIT, uncertainty=Uncertainty(), seed=7, draws=200)
    other = monte_carlo(UNIT, uncertainty=Uncertainty(), seed=8, draws=200)

    assert first == again != other
    assert all(low <= mid <= high for low, mid, high in zip(first.low, first.middle, first.high, strict=True))
    assert 0 <= first.loss_share <= 1


def test_band_without_uncertainty_is_the_plan() -> None:
    sure = Uncertainty((1, 1, 1), (0.05, 0.05, 0.05), (0.06, 0.06, 0.06), (1, 1, 1))

    band = monte_carlo(UNIT, uncertainty=sure, seed=1, draws=10)

    assert abs(band.middle[-1] - UNIT.npv) < Decimal("0.0001")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"monthly_rent": -480}, "non può essere negativo"),
        ({"vacancy": 1.5}, "è una quota"),
        ({"years": 0}, "almeno 1"),
        ({"years": 2.5}, "numero intero"),
        ({"years": 100}, "al massimo 99"),
        ({"yearly_costs": 1000}, "elenco di costi"),
        ({"loan": {"principal": 30000}}, "Manca «rate»"),
        ({"rent": 480}, "Non si sa che cosa sia «rent»"),
    ],
)
def test_wrong_input_is_named(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(WrongInput, match=says):
        dwelling_economics({**GIVEN, **wrong})
