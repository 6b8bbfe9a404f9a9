"""A spreadsheet for an office: nothing in it is ever a formula."""

from datetime import date
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from ali.core.spreadsheets import workbook

# What XML can hold: openpyxl refuses control characters, which forms refuse too.
TEXTS = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cn", "Co"]), max_size=30)


@given(TEXTS)
def test_text_comes_back_as_text_and_never_as_a_formula(text: str) -> None:
    book = load_workbook(BytesIO(workbook("Prova", ["Nome"], [[text]])))

    cell = book["Prova"]["A2"]

    assert cell.data_type != "f"
    assert (cell.value or "").lstrip("'") == text.lstrip("'")


def test_formula_is_kept_as_words() -> None:
    book = load_workbook(BytesIO(workbook("Prova", ["Nome"], [["=1+1"]])))

    assert book["Prova"]["A2"].value == "'=1+1"


def test_days_and_numbers_keep_their_kind() -> None:
    book = load_workbook(BytesIO(workbook("Prova", ["Giorno", "Quanti"], [[date(2026, 3, 2), 7]])))

    assert book["Prova"]["A2"].value.date() == date(2026, 3, 2)
    assert book["Prova"]["B2"].value == 7
