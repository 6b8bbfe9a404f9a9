"""One cell, one value: what offices write and what we make of it."""

from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ali.imports.findings import Level
from ali.imports.parsing import (
    DayOrder,
    FullName,
    Precision,
    day_order,
    is_blank,
    parse_birth_date,
    parse_boolean,
    parse_countries,
    parse_country,
    parse_cui,
    parse_date,
    parse_decision,
    parse_fiscal_code,
    parse_full_name,
    parse_identifier,
    parse_integer,
    parse_name,
    parse_permit_state,
    parse_permit_type,
    parse_phone,
    parse_procedure_state,
    parse_sex,
    parse_text,
    parse_vestanet,
    shown,
)
from ali.imports.parsing.text import mended_accents
from tests.imports.states import STATES

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    "text",
    [
        "14/03/1990",
        "14-3-1990",
        "14.03.1990",
        "1990-03-14",
        "1990/03/14",
        "19900314",
        "14 marzo 1990",
        "14-mar-1990",
        "1990-03-14T00:00:00",
        "14/03/1990 00:00",
        " 14 / 03 / 1990 ",
        "14° marzo 1990",
        "32946",
    ],
)
def test_dates_are_read_in_the_ways_offices_write_them(text: str) -> None:
    read = parse_date(text)

    assert read.value is not None
    assert read.value.on == date(1990, 3, 14)
    assert read.value.precision is Precision.DAY


@pytest.mark.parametrize(
    ("text", "on", "precision"),
    [
        ("1990", date(1990, 1, 1), Precision.YEAR),
        ("00/00/1990", date(1990, 1, 1), Precision.YEAR),
        ("03/1990", date(1990, 3, 1), Precision.MONTH),
        ("00/03/1990", date(1990, 3, 1), Precision.MONTH),
        ("marzo 1990", date(1990, 3, 1), Precision.MONTH),
        ("01/01/1990", date(1990, 1, 1), Precision.ESTIMATED),
    ],
)
def test_what_is_not_known_of_a_birth_is_said(text: str, on: date, precision: Precision) -> None:
    read = parse_birth_date(text, today=TODAY)

    assert (read.value.on, read.value.precision) == (on, precision)


def test_swapped_day_and_month_is_a_sentence_with_a_proposal() -> None:
    read = parse_birth_date("03/14/1990", today=TODAY)

    assert read.value is None
    assert "il mese 14 non esiste" in str(read.findings[0])
    assert "forse 14/03/1990" in str(read.findings[0])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("31/02/1990", "il giorno 31 non esiste"),
        ("12/40/1990", "il mese 40 non esiste"),
        ("domani", "«domani» non è una data"),
        ("2/13", "non è una data"),
        ("14/03/1790", "troppo lontana"),
        ("14/03/2030", "nel futuro"),
        ("31/04/2000", "il giorno 31 non esiste"),
        ("15/2000", "il mese 15 non esiste"),
    ],
)
def test_impossible_births_are_refused_with_a_sentence(text: str, sentence: str) -> None:
    read = parse_birth_date(text, today=TODAY)

    assert read.value is None
    assert read.findings[-1].level is Level.ERROR
    assert sentence in str(read.findings[-1])


def test_two_digit_years_never_make_a_birth_in_the_future() -> None:
    assert parse_birth_date("05/06/90", today=TODAY).value.on == date(1990, 6, 5)
    assert parse_birth_date("05/01/25", today=TODAY).value.on == date(2025, 1, 5)
    assert "due cifre" in str(parse_date("05/06/90").findings[0])


def test_a_column_tells_how_it_writes_days() -> None:
    assert day_order(["14/03/1990", "05/06/1991"]) is DayOrder.DAY_FIRST
    assert day_order(["03/14/1990", "05/06/1991"]) is DayOrder.MONTH_FIRST
    assert day_order(["14/03/1990", "05/31/1991"]) is DayOrder.MIXED
    assert day_order(["", "1990", TODAY]) is DayOrder.UNKNOWN


@given(st.dates(min_value=date(1910, 1, 1), max_value=date(2026, 3, 1)))
def test_every_date_written_in_italian_is_read_back(day: date) -> None:
    assert parse_date(shown(day)).value.on == day
    assert parse_date(day.isoformat()).value.on == day
    assert parse_date(day).value.on == day


PARSERS = [
    parse_date,
    parse_name,
    parse_full_name,
    parse_sex,
    parse_integer,
    parse_boolean,
    parse_fiscal_code,
    parse_cui,
    parse_vestanet,
    parse_phone,
    parse_permit_state,
    parse_permit_type,
    parse_decision,
    partial(parse_country, countries=STATES),
    partial(parse_countries, countries=STATES),
]


@given(st.text(max_size=30))
def test_any_text_is_read_or_answered_with_a_sentence(text: str) -> None:
    for parser in PARSERS:
        read = parser(text)
        assert is_blank(text) or read.value is not None or read.findings, (parser, text)
        assert all(str(finding).strip() for finding in read.findings)


@pytest.mark.parametrize("text", ["", "  ", "-", "n.d.", "Non noto"])
def test_blank_cell_says_nothing(text: str) -> None:
    assert {(parser(text).value, parser(text).findings) for parser in PARSERS} == {(None, ())}


def test_blank_is_blank_and_na_is_something() -> None:
    assert all(is_blank(text) for text in ("", "  ", "-", "n.d.", "N/D", "Non noto"))
    assert not is_blank("NA")
    assert not is_blank("Nd")


@pytest.mark.parametrize(
    "text", ["<b>Awa</b>", "Awa<script>alert(1)</script>", "&lt;Awa", "< img src=x>", "a<b"]
)
def test_html_in_names_is_refused(text: str) -> None:
    read = parse_name(text)

    assert read.value is None
    assert read.findings[0].level is Level.ERROR


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+390444", "@SUM(A1)", "12345"])
def test_formulas_and_numbers_are_not_names(text: str) -> None:
    assert parse_name(text).value is None


def test_names_keep_their_letters_and_lose_what_cannot_be_seen() -> None:
    assert parse_name("  N'Golo   D\u2019Almeida-Koné ").value == "N'Golo D\u2019Almeida-Koné"
    assert parse_name("Fa\u202etou\x07").value == "Fatou"
    assert "invisibili" in str(parse_name("Fa\u202etou").findings[0])
    assert parse_name("NA").value == "NA"
    assert parse_name("O").value == "O"
    assert "segnaposto" in str(parse_name("FNU").findings[0])
    assert parse_name("e\u0301lodie").value == "élodie"


@pytest.mark.parametrize(
    ("text", "surname", "given", "asks"),
    [
        ("DIALLO Mamadou Alpha", "DIALLO", "Mamadou Alpha", False),
        ("Mamadou DIALLO", "DIALLO", "Mamadou", False),
        ("Diallo, Mamadou", "Diallo", "Mamadou", False),
        ("DIALLO MAMADOU", "DIALLO", "MAMADOU", True),
        ("Diallo", "Diallo", "", False),
    ],
)
def test_full_names_are_split_or_asked(text: str, surname: str, given: str, asks: bool) -> None:
    read = parse_full_name(text)

    assert read.value == FullName(surname, given)
    assert [finding.level for finding in read.findings] == ([Level.ASK] if asks else [])


def test_text_too_long_is_a_sentence() -> None:
    assert "troppo lungo" in str(parse_text("x" * 600).findings[0])


@pytest.mark.parametrize(
    ("text", "iso3"),
    [
        ("Costa d'Avorio", "CIV"),
        ("COSTA D’AVORIO", "CIV"),
        ("Cote d'Ivoire", "CIV"),
        ("ivoriana", "CIV"),
        ("GM", "GMB"),
        ("the Gambia", "GMB"),
        ("Gambia", "GMB"),
        ("MLI", "MLI"),
        ("443", "NGA"),
        ("Z335", "NGA"),
        ("nigeriana", "NGA"),
        ("nigerino", "NER"),
        ("NA", "NAM"),
        ("Guinea Conakry", "GIN"),
        ("guinea bissau", "GNB"),
        ("R.D. Congo", "COD"),
        ("Birmania", "MMR"),
        ("Cittadina Eritrea", "ERI"),
        ("Congo (RDC)", "COG"),
        ("apolide", "XXA"),
        ("ucraina", "UKR"),
        ("Bangla Desh", "BGD"),
    ],
)
def test_countries_are_found_by_any_name(text: str, iso3: str) -> None:
    assert parse_country(text, STATES).value.iso3 == iso3


def test_a_near_spelling_is_read_with_a_warning_and_an_ambiguous_one_is_refused() -> None:
    near = parse_country("Senegall", STATES)
    assert near.value.iso3 == "SEN"
    assert near.findings[0].level is Level.WARNING

    ambiguous = parse_country("Nigeri", STATES)
    assert ambiguous.value is None
    assert "Nigeria" in str(ambiguous.findings[0])

    assert "Corea del Sud oppure" in str(parse_country("Corea", STATES).findings[0])
    assert parse_country("Congo", STATES).findings[0].level is Level.ASK
    assert "non è uno Stato" in str(parse_country("Atlantide", STATES).findings[0])


def test_two_citizenships_in_one_cell() -> None:
    assert [country.iso3 for country in parse_countries("Mali / Senegal", STATES).value] == ["MLI", "SEN"]
    assert [country.iso3 for country in parse_countries("Guinea-Bissau", STATES).value] == ["GNB"]


@pytest.mark.parametrize(
    ("text", "sex"), [("m", "M"), ("Maschio", "M"), ("D", "F"), ("femminile", "F"), ("2", "F"), ("X", "X")]
)
def test_sex_is_read_in_its_variants(text: str, sex: str) -> None:
    assert parse_sex(text).value == sex


def test_unknown_words_are_errors_with_the_word() -> None:
    assert "«boh»" in str(parse_sex("boh").findings[0])
    assert "«boh»" in str(parse_boolean("boh").findings[0])
    assert "«boh»" in str(parse_permit_state("boh").findings[0])


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), ("n. 12", 12), ("12,0", 12), ("1.500", 1500), ("0", 0)]
)
def test_integers(text: str, number: int) -> None:
    assert parse_integer(text).value == number


@pytest.mark.parametrize(
    ("text", "sentence"), [("-3", "meno di 0"), ("circa 12", "«circa 12»"), ("12,5", "intero")]
)
def test_numbers_that_are_not_are_refused(text: str, sentence: str) -> None:
    assert sentence in str(parse_integer(text).findings[0])


def test_booleans() -> None:
    assert parse_boolean("Sì").value is True
    assert parse_boolean("NO").value is False
    assert parse_boolean("").value is None


def test_fiscal_codes_definitive_provisional_and_omocodia() -> None:
    definitive = parse_fiscal_code("rss mra 80a01 h501u").value
    assert (definitive.code, definitive.kind, definitive.sex) == ("RSSMRA80A01H501U", "definitive", "M")
    assert (definitive.birth_date, definitive.birth_place) == (date(1980, 1, 1), "H501")
    assert parse_fiscal_code("00743110157").value.kind == "provisional"
    assert (
        parse_fiscal_code("RSSMRA80A01H50MI").value is None
        or parse_fiscal_code("RSSMRA80A01H50MI").value.birth_place == "H501"
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("RSSMRA80A01H501X", "ultimo carattere"),
        ("RSSMRA80A01H50", "ha 14 caratteri"),
        ("1SSMRA80A01H501U", "non sono al loro posto"),
        ("00743110158", "ultimo carattere"),
        ("9,55E+10", "rovinato da Excel"),
    ],
)
def test_impossible_fiscal_codes_are_explained(text: str, sentence: str) -> None:
    read = parse_fiscal_code(text)

    assert read.value is None
    assert sentence in str(read.findings[0])


def test_lost_zeros_are_asked() -> None:
    read = parse_fiscal_code("743110157")

    assert read.value.code == "00743110157"
    assert read.findings[0].level is Level.ASK


def test_what_disagrees_with_a_fiscal_code_is_asked_and_never_refused() -> None:
    read = parse_fiscal_code("RSSMRA80A01H501U", sex="F", birth_date=date(1981, 2, 3), birth_place="Z335")

    assert read.value is not None
    assert [(finding.level, finding.field) for finding in read.findings] == [
        (Level.ASK, "sex"),
        (Level.ASK, "birth_date"),
        (Level.ASK, "birth_country"),
    ]
    assert not parse_fiscal_code("RSSMRA80A01H501U", sex="M", birth_date=date(1980, 1, 1)).findings


def test_opaque_identifiers_are_kept_even_when_odd() -> None:
    assert parse_cui("05abc1d").value == "05ABC1D"
    assert parse_cui("5").findings[0].level is Level.WARNING
    assert parse_vestanet("PD 0001234").value == "PD0001234"
    assert parse_identifier("1,2E+11").value is None
    assert parse_identifier("0012").value == "0012"


def test_phones() -> None:
    assert parse_phone("0039 333 123.45.67").value == "+393331234567"
    assert parse_phone("chiedere").findings[0].level is Level.WARNING


@pytest.mark.parametrize(
    ("parser", "text", "code"),
    [
        (parse_permit_type, "Richiesta Asilo", "RA"),
        (parse_permit_type, "permesso di soggiorno per protezione sussidiaria", "PS"),
        (parse_permit_type, "protezzione speciale", "PSP"),
        (parse_permit_type, "Status di rifugiato", "AS"),
        (parse_permit_state, "In stampa", "printing"),
        (parse_permit_state, "consegnato", "delivered"),
        (parse_procedure_state, "In attesa di audizione", "waiting_hearing"),
        (parse_procedure_state, "RICORSO PENDENTE", "appeal"),
        (parse_procedure_state, "C3", "formalised"),
        (parse_decision, "Rifugiato", "RIF"),
        (parse_decision, "diniego", "DIN"),
        (parse_decision, "Prot. sussidiaria", "SUSS"),
    ],
)
def test_the_words_of_the_case_are_understood(parser: object, text: str, code: str) -> None:
    assert parser(text).value == code


@given(st.dates(min_value=TODAY + timedelta(days=1), max_value=date(2100, 1, 1)))
def test_nobody_is_born_tomorrow(day: date) -> None:
    assert parse_birth_date(day, today=TODAY).value is None


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("NiccolÃ² Rotto", "Niccolò Rotto"),
        ("DIALLÃ“", "DIALLÓ"),
        ("PerÃ¹", "Perù"),
        ("São Tomé", ""),
        ("Đặng", ""),
        ("Åsa Ñandú", ""),
        ("Città", ""),
        ("FANTÃ", ""),
    ],
)
def test_accents_spoilt_by_a_wrong_encoding_are_told_from_sound_ones(text: str, mended: str) -> None:
    assert mended_accents(text) == mended
    assert (parse_name(text).value is None) == bool(mended)
