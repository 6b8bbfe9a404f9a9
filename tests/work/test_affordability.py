from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ali.core.decisions import Refusal
from ali.work.affordability import Band, Limits, band_of, calculate

LIMITS = Limits(Decimal("0.30"), Decimal("0.40"))
FLAT = {"net_income": 1150, "rent": 240, "condominium": 30, "utilities": 45}


@pytest.mark.django_db
def test_shares_and_band_of_an_agency_home() -> None:
    answer = calculate(FLAT)

    assert (answer["share"], answer["share_with_utilities"], answer["band"]) == (0.235, 0.274, "green")
    assert answer["rule"]["code"] == "affordability.bands"
    assert answer["validity"]["from"] == "2018-01-01"
    assert "entry_cost" not in answer


@pytest.mark.django_db
def test_money_to_enter_and_what_is_missing() -> None:
    answer = calculate({**FLAT, "deposit_months": 2, "other_entry": 150, "savings": 400})

    assert answer["entry_cost"] == 900
    assert answer["entry_parts"] == {"deposit": 480, "first_month": 270, "other": 150}
    assert answer["entry_missing"] == 500


@pytest.mark.django_db
def test_savings_above_the_cost_leave_nothing_missing() -> None:
    assert calculate({**FLAT, "deposit_months": 2, "savings": 5000})["entry_missing"] == 0


@pytest.mark.django_db
def test_without_income_there_is_no_share_and_the_band_is_red() -> None:
    answer = calculate({**FLAT, "net_income": 0})

    assert (answer["share"], answer["share_with_utilities"], answer["band"]) == (None, None, "red")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rent", "band"),
    [
        ("300", "green"),
        ("300.01", "amber"),
        ("400", "amber"),
        ("400.01", "red"),
        ("0", "green"),
    ],
)
def test_limits_belong_to_the_better_band(rent: str, band: str) -> None:
    assert calculate({"net_income": 1000, "rent": rent})["band"] == band


@given(st.integers(1, 500_000), st.integers(0, 500_000))
def test_band_agrees_with_exact_fractions(income: int, cost: int) -> None:
    expected = Band.GREEN if 10 * cost <= 3 * income else Band.AMBER if 10 * cost <= 4 * income else Band.RED

    assert band_of(LIMITS, income=income, cost=cost) is expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"rent": 100}, {"net_income": 1000}, {**FLAT, "rent": -240}, {**FLAT, "savings": "pochi"}]
)
def test_wrong_input_is_refused_with_a_sentence(wrong: dict[str, object]) -> None:
    with pytest.raises(Refusal, match="«"):
        calculate(wrong)
