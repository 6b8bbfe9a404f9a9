import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ali.imports.columns import guess_mapping
from ali.imports.files import Limits, UnreadableFile, read_table
from ali.rents.bank.files import open_bank_file
from ali.rents.bank.kind import BANK, BANK_TABLE
from ali.rents.bank.lines import read_amount
from tests.rents.bank.files import CAMT_V2, CAMT_V8, CBI, CSV, WITH_ENTITY

TODAY = date(2026, 3, 2)


def rows_of(content: bytes) -> list[dict[str, Any]]:
    table = open_bank_file(content, Limits())
    reading = BANK.read(table, guess_mapping(table.columns, BANK.targets), TODAY)
    return [{"status": row.status, **row.fields} for row in reading.rows]


def test_camt_says_who_paid_how_much_and_why() -> None:
    paid, fee = rows_of(CAMT_V2)

    assert (paid["status"], paid["booked_on"], paid["value_on"], paid["cents"]) == (
        "ok",
        "2026-02-03",
        "2026-02-04",
        31_500,
    )
    assert (paid["payer_name"], paid["payer_iban"]) == ("AWA DIALLO", "IT40S0542811101000000654321")
    assert (paid["cause"], paid["reference"]) == ("affitto febbraio 2026", "REF0001")
    assert (fee["status"], fee["cents"]) == ("skipped", -1_250)


def test_one_camt_entry_for_many_transfers_is_taken_apart() -> None:
    rows = rows_of(CAMT_V8)

    assert [(row["payer_name"], row["cents"], row["reference"]) for row in rows] == [
        ("Sara Bianchi", 20_000, "LOT9"),
        ("Omar Haidari", 30_000, "LOT9/1"),
    ]
    assert len({row["digest"] for row in rows}) == 2


def test_cbi_flow_says_the_same() -> None:
    paid, fee, other = rows_of(CBI)

    assert (paid["booked_on"], paid["cents"], paid["payer_name"]) == ("2026-02-03", 31_500, "DIALLO AWA")
    assert paid["payer_iban"] == "IT40S0542811101000000654321"
    assert paid["cause"] == "BONIFICO AFFITTO FEBBRAIO 2026"
    assert fee["status"] == "skipped"
    assert (other["cents"], other["cause"]) == (120_000, "VERSAMENTO QUOTA DI OMAR HAIDARI")


def test_same_movement_in_both_formats_of_the_bank_is_one() -> None:
    assert rows_of(CAMT_V2)[0]["digest"] == rows_of(CBI)[0]["digest"]


def test_table_with_credits_and_debits_in_two_columns() -> None:
    table = read_table(io.BytesIO(CSV))
    reading = BANK_TABLE.read(table, guess_mapping(table.columns, BANK_TABLE.targets), TODAY)

    assert [(row.status, row.fields["cents"]) for row in reading.rows] == [
        ("ok", 31_500),
        ("skipped", -1_250),
        ("ok", 120_000),
        ("error", None),
    ]
    assert reading.rows[0].fields["payer_name"] == "Awa Diallo"
    assert reading.may_apply


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (WITH_ENTITY, "definizioni che una banca non scrive"),
        (b"<Document><Ntry>", "incompleto o rovinato"),
        (b"<Document/>", "non è un estratto conto CAMT.053"),
        (b"<Document><BkToCstmrStmt/></Document>", "nessun movimento"),
        (CBI.replace(b" EF", b" ZZ"), "record di coda"),
        (b"Data;Importo\n1;2\n", "CSV o XLSX"),
    ],
)
def test_what_cannot_be_read_leaves_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence):
        open_bank_file(content, Limits())


def test_file_with_too_many_movements_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="più di 1 righe"):
        open_bank_file(CAMT_V2, Limits(rows=1))


@pytest.mark.parametrize("cut", range(0, len(CAMT_V2), 97))
def test_camt_cut_anywhere_never_breaks(cut: int) -> None:
    with pytest.raises(UnreadableFile):
        open_bank_file(CAMT_V2[:cut], Limits())


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(noise: bytes) -> None:
    for content in (noise, b"<" + noise, b" RH" + noise + b"\n EF"):
        try:
            rows = open_bank_file(content, Limits()).rows
        except UnreadableFile:
            continue
        assert all(any(cell for cell in row.cells) for row in rows)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1.234,50", 123_450),
        ("1234.50", 123_450),
        ("1,234.50", 123_450),
        ("1.234", 123_400),
        ("-12,5", -1_250),
        ("+ 300", 30_000),
        ("1'200,00 €", 120_000),
        ("EUR 315,00", 31_500),
        (",50", 50),
        ("0,001", None),
        ("tanto", None),
        ("NaN", None),
        ("1e99", None),
        ("", None),
    ],
)
def test_amounts_as_banks_write_them(text: str, cents: int | None) -> None:
    assert read_amount(text) == cents
