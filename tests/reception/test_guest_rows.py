"""Three invented layouts of a guest list, and everything that a row can get wrong."""

import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from ali.imports.columns import guess_mapping
from ali.imports.files import SourceTable, read_table
from ali.imports.findings import Level
from ali.reception.guest_rows import GUEST_TARGETS, GuestRow, parse_guest_row
from tests.imports.states import STATES

DATA = Path(__file__).parent / "data"
TODAY = date(2026, 3, 2)


def guests_of(table: SourceTable) -> list[GuestRow]:
    mapping = guess_mapping(table.columns, GUEST_TARGETS)
    return [
        parse_guest_row(cells, mapping=mapping, countries=STATES, today=TODAY, row=number)
        for number, cells in table.records()
    ]


def guest(**cells: object) -> GuestRow:
    cells = {
        "Cognome": "Prova",
        "Nome": "Awa",
        **{key.replace("_", " "): value for key, value in cells.items()},
    }
    mapping = guess_mapping(list(cells), GUEST_TARGETS)
    assert not mapping.ignored
    return parse_guest_row(cells, mapping=mapping, countries=STATES, today=TODAY, row=2)


def sentences(row: GuestRow) -> str:
    return " ".join(f"{message.level}:{message.field}:{message}" for message in row.messages)


def test_a_prefecture_workbook_is_read() -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["PREFETTURA INVENTATA - Presenze (persone inventate)"])
    sheet.append([])
    sheet.append(
        [
            "N.",
            "Centro",
            "Cognome",
            "Nome",
            "Sesso",
            "Data di nascita",
            "Cittadinanza",
            "Codice fiscale",
            "CUI",
            "Vestanet",
            "Data ingresso",
            "Stato procedura",
            "Esito",
            "Data decisione",
            "Data notifica",
            "Tipo permesso",
            "Stato permesso",
            "Scadenza permesso",
            "Nucleo familiare",
        ]
    )
    sheet.append(
        [
            1,
            "Centro Inventato",
            "ESEMPIO",
            "Karim",
            "M",
            date(1992, 5, 4),
            "Pakistan",
            None,
            "05ABC1D",
            "PD0001111",
            date(2023, 10, 1),
            "notificata",
            "protezione speciale",
            date(2025, 12, 1),
            date(2026, 1, 8),
            "protezione speciale",
            "appuntamento",
            None,
            None,
        ]
    )
    stream = io.BytesIO()
    book.save(stream)

    [read] = guests_of(read_table(stream))

    assert read.row == 4
    assert (read.centre, read.surname, read.given_names, read.sex) == (
        "Centro Inventato",
        "ESEMPIO",
        "Karim",
        "M",
    )
    assert (read.birth_date, read.birth_precision, read.citizenships) == (date(1992, 5, 4), "day", ("PAK",))
    assert (read.cui, read.vestanet, read.entered_on) == ("05ABC1D", "PD0001111", date(2023, 10, 1))
    assert (read.procedure_state, read.outcome) == ("notified", "SPEC")
    assert (read.decided_on, read.notified_on) == (date(2025, 12, 1), date(2026, 1, 8))
    assert (read.permit_kind, read.permit_state, read.permit_expires_on) == ("PSP23", "appointment", None)
    assert read.status == "ok"


def test_a_cooperative_csv_is_read() -> None:
    table = read_table(DATA / "guests_cooperative.csv")
    recognised, mother, daughter, appellant = guests_of(table)

    assert table.encoding == "cp1252"
    assert (recognised.row, recognised.surname, recognised.given_names) == (4, "PROVA", "Dialló")
    assert (recognised.outcome, recognised.procedure_state) == ("RIF", "notified")
    assert (recognised.fiscal_code_kind, recognised.permit_expires_on) == ("definitive", date(2031, 1, 10))
    assert (mother.citizenships, mother.household_code, mother.entered_on) == (
        ("NGA",),
        "N1",
        date(2024, 6, 15),
    )
    assert (daughter.given_names, daughter.birth_precision) == ("Zoé", "estimated")
    assert (appellant.birth_date, appellant.birth_precision) == (date(1988, 1, 1), "year")
    assert (appellant.fiscal_code_kind, appellant.procedure_state) == ("provisional", "appeal")
    assert [row.status for row in (recognised, mother, daughter, appellant)] == ["ok"] * 4


def test_a_csv_with_other_headers_and_split_names_is_read() -> None:
    table = read_table(DATA / "guests_split_names.csv")
    mapping = guess_mapping(table.columns, GUEST_TARGETS)
    subsidiary, waiting, nameless = guests_of(table)

    assert mapping.ignored == ("note libere",)
    assert (subsidiary.centre, subsidiary.centre_code, subsidiary.sga) == (
        "Villa Immaginaria",
        "PD01",
        "000123",
    )
    assert (subsidiary.outcome, subsidiary.procedure_state) == ("SUSS", "notified")
    assert (subsidiary.permit_kind, subsidiary.permit_state) == ("PS", "printing")
    assert subsidiary.phone == "+393330000000"
    assert (waiting.row, waiting.birth_precision, waiting.citizenships) == (3, "year", ("BGD",))
    assert (nameless.citizenships, nameless.procedure_state) == (("XXA",), "formalised")
    assert nameless.natural_key == "sga:000125"


def test_everything_but_the_name_may_be_missing() -> None:
    row = guest()

    assert row.status == "ok"
    assert row.messages == []
    assert row.natural_key == "name:prova|awa|"


@pytest.mark.parametrize(
    ("cells", "field", "sentence"),
    [
        ({"Cognome": "", "Nome": ""}, "surname", "non dice chi è"),
        ({"Nome": "<img src=x onerror=alert(1)>"}, "given_names", "HTML"),
        ({"Data_di_nascita": "03/14/1990"}, "birth_date", "sembrano scambiati (forse 14/03/1990)"),
        ({"Data_di_nascita": "05/05/2031"}, "birth_date", "nel futuro"),
        ({"Codice_fiscale": "RSSMRA80A01H501X"}, "fiscal_code", "impossibile"),
        ({"Sesso": "Q"}, "sex", "«Q»"),
        ({"Cittadinanza": "Atlantide"}, "citizenship", "«Atlantide»"),
        ({"Data_ingresso": "05/05/2031"}, "entered_on", "nel futuro"),
        ({"Data_ingresso": "01/02/2025", "Data_presenza": "31/01/2025"}, "present_on", "prima dell'ingresso"),
        (
            {"Arrivo_in_Italia": "01/02/2025", "Data_presenza": "31/01/2025"},
            "present_on",
            "prima dell'arrivo",
        ),
        (
            {"Arrivo_in_Italia": "01/02/2025", "Data_ingresso": "31/01/2025"},
            "entered_on",
            "prima dell'arrivo",
        ),
        ({"Data_di_nascita": "02/03/2025", "Data_ingresso": "1/3/2025"}, "entered_on", "prima della nascita"),
        ({"Data_decisione": "2/3/2025", "Data_notifica": "1/3/2025"}, "notified_on", "prima della decisione"),
        ({"Data_uscita": "2/3/2024", "Data_ingresso": "1/3/2025"}, "left_on", "prima dell'ingresso"),
        ({"Stato_procedura": "boh boh"}, "procedure_state", "«boh boh»"),
    ],
)
def test_what_is_wrong_stops_the_row_with_a_sentence(
    cells: dict[str, str], field: str, sentence: str
) -> None:
    row = guest(**cells)

    assert row.status == "error"
    [problem] = [message for message in row.messages if message.level is Level.ERROR]
    assert problem.field == field
    assert sentence in str(problem)


def test_sex_that_differs_from_the_fiscal_code_is_asked_and_kept() -> None:
    row = guest(Sesso="F", Codice_fiscale="RSSMRA80A01H501U")

    assert row.status == "doubtful"
    assert (row.sex, row.fiscal_code) == ("F", "RSSMRA80A01H501U")
    assert "ask:sex:Il sesso è F ma il codice fiscale dice M" in sentences(row)


def test_special_protection_takes_its_law_from_its_date() -> None:
    assert guest(Tipo_permesso="protezione speciale", Data_decisione="1/12/2022").permit_kind == "PSP20"
    assert guest(Tipo_permesso="protezione speciale", Data_decisione="1/12/2019").permit_kind == "PSP18"
    undated = guest(Tipo_permesso="protezione speciale")
    assert (undated.permit_kind, undated.status) == ("PSP23", "doubtful")


def test_an_outcome_written_as_a_state_is_both() -> None:
    row = guest(Stato_procedura="Diniego")

    assert (row.procedure_state, row.outcome) == ("decided", "DIN")
    assert guest(Stato_procedura="Diniego", Esito="rifugiato").status == "doubtful"
    assert guest(Esito="in attesa").outcome == ""


def test_warnings_do_not_stop_a_row() -> None:
    alone = guest(Data_di_nascita="05/05/2012", Ingresso="2025")
    expired = guest(Stato_permesso="consegnato", Scadenza_permesso="1/1/2026")

    assert (alone.status, expired.status) == ("ok", "ok")
    assert "warning:household_code" in sentences(alone)
    assert "warning:entered_on:La data è incompleta" in sentences(alone)
    assert "warning:permit_expires_on" in sentences(expired)


def test_a_staged_row_names_the_column_of_each_message() -> None:
    cells = {"Cognome": "Prova", "Nato il": "domani"}
    mapping = guess_mapping(list(cells), GUEST_TARGETS)

    staged = parse_guest_row(cells, mapping=mapping, countries=STATES, today=TODAY, row=7).as_json(mapping)

    assert staged["row"] == 7
    assert staged["fields"]["birth_date"] is None
    assert staged["messages"] == [
        {
            "level": "error",
            "field": "birth_date",
            "text": "«domani» non è una data: scrivila come 31/12/1990.",
            "column": "Nato il",
        }
    ]


LABELS = [target.label for target in GUEST_TARGETS]


@given(st.dictionaries(st.sampled_from(LABELS), st.one_of(st.text(max_size=25), st.dates()), max_size=12))
def test_no_row_breaks_the_parser(cells: dict[str, object]) -> None:
    mapping = guess_mapping(list(cells), GUEST_TARGETS)

    row = parse_guest_row(cells, mapping=mapping, countries=STATES, today=TODAY)

    assert row.status in {"ok", "doubtful", "error"}
    row.as_json(mapping)


def test_every_header_means_one_field() -> None:
    seen: dict[str, str] = {}
    for target in GUEST_TARGETS:
        for name in (target.label, *target.headers):
            assert seen.setdefault(name.casefold(), target.field) == target.field
