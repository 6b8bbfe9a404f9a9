"""What only the whole file can tell: its columns, its dates, its repetitions."""

import io
from datetime import date
from pathlib import Path

import pytest

from ali.imports.files import UnreadableFile
from ali.imports.findings import Level
from ali.reception.guest_lists import GuestList, read_guests
from tests.imports.states import STATES

DATA = Path(__file__).parent / "data"
TODAY = date(2026, 3, 2)


def listed(text: str, **options: object) -> GuestList:
    return read_guests(io.BytesIO(text.encode()), countries=STATES, today=TODAY, **options)


def test_a_list_is_printed_with_every_row() -> None:
    printed = read_guests(DATA / "guests_split_names.csv", countries=STATES, today=TODAY).as_json()

    assert [row["row"] for row in printed["rows"]] == [2, 3, 4]
    assert printed["totals"] == {"rows": 3, "ok": 3, "doubtful": 0, "error": 0}
    assert printed["columns"]["entered_on"] == "data_ingresso"
    assert printed["ignored_columns"] == ["note libere"]


def test_the_same_file_says_the_same_twice() -> None:
    first, second = (
        read_guests(DATA / "guests_cooperative.csv", countries=STATES, today=TODAY) for _ in range(2)
    )

    assert first.as_json() == second.as_json()
    assert first.table.digest == second.table.digest


def test_a_column_with_the_month_first_stops_the_file() -> None:
    read = listed("Cognome;Nato il\nProva;03/14/1990\nFinta;05/06/1991\n")

    assert not read.may_apply
    assert "scrive il mese prima del giorno" in str(read.findings[-1])


def test_a_column_of_mixed_dates_is_a_warning() -> None:
    read = listed("Cognome;Nato il\nProva;03/14/1990\nFinta;15/06/1991\n")

    assert read.may_apply
    assert read.findings[-1].level is Level.WARNING
    assert [guest.status for guest in read.guests] == ["error", "ok"]


def test_a_file_without_names_asks_for_their_column() -> None:
    without = listed("Nome del tale;CUI\nProva;05ABC1D\n")
    chosen = listed("Nome del tale;CUI\nProva;05ABC1D\n", chosen={"given_names": "Nome del tale"})

    assert "non c'è una colonna con i nomi" in str(without.findings[-1])
    assert chosen.may_apply
    assert chosen.guests[0].given_names == "Prova"


def test_the_same_person_twice_is_asked() -> None:
    read = listed("Cognome;Nome;CUI\nProva;Awa;05ABC1D\nProva;Awa;05ABC1D\n")

    assert [guest.status for guest in read.guests] == ["ok", "doubtful"]
    assert "della riga 2" in str(read.guests[1].messages[-1])


def test_a_file_that_cannot_be_read_raises_its_sentence() -> None:
    with pytest.raises(UnreadableFile, match="vuoto"):
        listed("")
