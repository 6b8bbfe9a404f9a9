"""What it costs to enter a home, and who covers what is missing (`ali calc entry-cost`)."""

import pytest

from ali.rules.calculators import WrongInput
from ali.work.affordability import calculate_entry

HOME = {"rent": 240, "condominium": 30, "deposit_months": 2, "furniture": 300, "utilities": 80}


def test_savings_and_sure_help_cover_what_it_costs() -> None:
    answer = calculate_entry(
        {
            **HOME,
            "savings": 500,
            "help": [
                {"from": "Comune", "amount": 300},
                {"from": "fondo", "amount": 200, "sure": False},
            ],
        }
    )

    assert answer["entry_cost"] == 1130
    assert answer["entry_parts"] == {
        "deposit": 480,
        "first_month": 270,
        "furniture": 300,
        "utilities": 80,
        "other": 0,
    }
    assert (answer["missing"], answer["missing_if_help_comes"]) == (330, 130)


def test_nothing_is_missing_when_savings_are_more() -> None:
    answer = calculate_entry({**HOME, "savings": 5000})

    assert (answer["missing"], answer["from_savings"]) == (0, 1130)


@pytest.mark.parametrize("help_lines", ["Comune", [300], [{"from": "Comune"}]])
def test_help_without_an_amount_is_refused(help_lines: object) -> None:
    with pytest.raises(WrongInput):
        calculate_entry({**HOME, "help": help_lines})
