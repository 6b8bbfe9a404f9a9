"""Amounts of income, savings and debts reach nobody but case workers and, for a live proposal, the housing manager; rents nobody
but the body that lets the home. The sweep is `tests/test_every_role.py`; here is who must be blind, and that canaries are seen.
"""

import io

import pytest
from django.http import HttpResponse

from ali.accounts.roles import ROLES
from tests.rules.amounts import BLIND, CANARY, NO_RENTS
from tests.rules.answers import everything_in


def test_only_a_housing_body_reads_rents() -> None:
    assert set(ROLES) - set(NO_RENTS) == {"housing_manager", "housing_operator", "rent_accountant"}


def test_only_case_workers_and_housing_managers_read_incomes() -> None:
    assert set(BLIND) == {
        "prefecture_officer",
        "housing_operator",
        "rent_accountant",
        "municipal_officer",
        "project_manager",
        "data_protection_officer",
        "administrator",
    }


@pytest.mark.parametrize(
    "text", ["netto 913,57 €", "913.57", '"net": 91357', "€ 913", "circa 914 euro", "91.357 centesimi"]
)
def test_canary_is_recognised(text: str) -> None:
    assert CANARY.search(text)


@pytest.mark.parametrize("text", ["tel. 0429 1357", "019135744", "civico 913", "3.913,574"])
def test_other_numbers_are_left_alone(text: str) -> None:
    assert CANARY.search(text) is None


def test_canary_is_found_inside_a_spreadsheet() -> None:
    from openpyxl import Workbook

    book, kept = Workbook(), io.BytesIO()
    book.active.append(["Reddito", "913,57"])  # type: ignore[union-attr]
    book.save(kept)

    assert CANARY.search(everything_in(HttpResponse(kept.getvalue())))
