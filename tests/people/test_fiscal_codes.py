from datetime import date

import pytest

from ali.core.decisions import Refusal
from ali.people.fiscal_codes import (
    calculate_fiscal_code,
    compute_code,
    provisional_check_digit,
    questions_about,
    read_code,
)

TODAY = date(2026, 3, 2)


def test_definitive_code_says_sex_birth_and_place():
    reading = read_code("rss mra 80a01 h501u", today=TODAY)

    assert (reading.is_valid, reading.kind) == (True, "definitive")
    assert (reading.sex, reading.birth_date, reading.birth_place_code) == ("M", date(1980, 1, 1), "H501")


def test_code_with_letters_for_digits_reads_the_same():
    # Omocodia of RSSMRA80A01H501: the last digit of the place becomes M.
    from codicefiscale.codicefiscale import encode_cin

    first_fifteen = "RSSMRA80A01H50M"

    reading = read_code(first_fifteen + encode_cin(first_fifteen), today=TODAY)

    assert reading.is_valid
    assert reading.birth_place_code == "H501"


@pytest.mark.parametrize(
    "code",
    ["RSSMRA80A01H501X", "RSSMRA80A41", "1234567", "", "RSSMRA80A99H501A", "RSSMRA80Z01H501U", "1234567890A"],
)
def test_impossible_code_is_explained(code):
    reading = read_code(code, today=TODAY)

    assert not reading.is_valid
    assert reading.kind is None
    assert str(reading.problem)


def test_day_of_birth_beyond_thirty_one_does_not_exist():
    from codicefiscale.codicefiscale import encode_cin

    first_fifteen = "RSSMRA80A81H501"

    assert not read_code(first_fifteen + encode_cin(first_fifteen), today=TODAY).is_valid


def test_provisional_code_has_its_own_check_digit():
    # 1+3+5+7+9 = 25; doubled 2,4,6,8,0 -> 4+8+(1+2)+(1+6)+0 = 22; 47 -> 3
    assert provisional_check_digit("1234567890") == "3"
    assert read_code("12345678903", today=TODAY).kind == "provisional"
    assert not read_code("12345678904", today=TODAY).is_valid
    assert not read_code("00000000000", today=TODAY).is_valid


def test_code_is_computed_from_the_person():
    code = compute_code(
        surname="Rossi", name="Mario", sex="M", birth_date=date(1980, 1, 1), birth_place_code="H501"
    )

    assert code == "RSSMRA80A01H501U"


def test_code_of_a_woman_born_abroad_counts_forty_more():
    code = compute_code(
        surname="Traoré", name="Aïssata", sex="F", birth_date=date(1999, 5, 7), birth_place_code="Z329"
    )

    assert code[6:15] == "99E47Z329"
    assert read_code(code, today=TODAY).sex == "F"


def test_century_is_the_latest_that_is_not_in_the_future():
    code = compute_code(
        surname="Rossi", name="Ada", sex="F", birth_date=date(2019, 5, 7), birth_place_code="Z329"
    )

    assert read_code(code, today=TODAY).birth_date == date(2019, 5, 7)


def test_different_sex_is_a_question_and_not_a_refusal():
    reading = read_code("RSSMRA80A01H501U", today=TODAY)

    assert len(list(questions_about(reading, sex="F"))) == 1
    assert not list(questions_about(reading, sex="M", surname="Rossi", given_names="Mario"))
    assert not list(questions_about(reading, surname="Mario", given_names="Rossi"))


def test_presumed_birth_date_is_not_compared():
    reading = read_code("RSSMRA80A01H501U", today=TODAY)

    assert not list(questions_about(reading, birth_date=date(1981, 1, 1), birth_date_is_exact=False))
    assert list(questions_about(reading, birth_date=date(1981, 1, 1)))


def test_calculator_checks_and_computes():
    assert (
        calculate_fiscal_code({"code": "RSSMRA80A01H501U"}).items()
        >= {"valid": True, "kind": "definitive"}.items()
    )
    assert (
        calculate_fiscal_code({"code": "RSSMRA80A01H501A"}).items() >= {"valid": False, "kind": None}.items()
    )
    person = {
        "surname": "Rossi",
        "name": "Mario",
        "sex": "M",
        "birth_date": "1980-01-01",
        "birth_place_code": "H501",
    }
    assert calculate_fiscal_code(person)["code"] == "RSSMRA80A01H501U"


@pytest.mark.parametrize(
    "wrong",
    [{}, {"surname": "Rossi"}]
    + [
        {
            "surname": "Rossi",
            "name": "Mario",
            "sex": "M",
            "birth_date": "1980-01-01",
            "birth_place_code": "H501",
        }
        | change
        for change in (
            {"sex": "X"},
            {"birth_date": "01/01/1980"},
            {"birth_place_code": "Roma"},
            {"surname": "!!"},
        )
    ],
)
def test_calculator_explains_what_is_missing(wrong):
    with pytest.raises(Refusal):
        calculate_fiscal_code(wrong)
