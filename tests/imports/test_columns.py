"""Headers to fields: guessed, corrected, remembered."""

from ali.imports.columns import Target, guess_mapping, layout_signature
from ali.imports.findings import Level

TARGETS = (
    Target("surname", "Cognome", ("cognome ospite", "surname"), required=True),
    Target("given_name", "Nome", ("nome ospite", "name")),
    Target("birth_date", "Data di nascita", ("nato il", "nascita", "data nascita")),
    Target("citizenship", "Cittadinanza", ("nazionalità", "stato")),
)


def test_headers_are_found_whatever_their_order_case_and_accents() -> None:
    mapping = guess_mapping(["NAZIONALITA'", "nato il", "COGNOME", "Nome"], TARGETS)

    assert mapping.columns == {
        "surname": "COGNOME",
        "given_name": "Nome",
        "birth_date": "nato il",
        "citizenship": "NAZIONALITA'",
    }
    assert mapping.findings == ()
    assert mapping.field_of("nato il") == "birth_date"
    assert mapping.field_of("altro") == ""


def test_extra_columns_are_named_and_not_used() -> None:
    mapping = guess_mapping(["Cognome", "Note del medico"], TARGETS)

    assert mapping.ignored == ("Note del medico",)
    assert mapping.findings[0].level is Level.NOTE
    assert "«Note del medico»" in str(mapping.findings[0])


def test_a_header_spelt_badly_is_read_with_a_warning() -> None:
    mapping = guess_mapping(["Cognome", "Cittadinaza"], TARGETS)

    assert mapping.columns["citizenship"] == "Cittadinaza"
    assert mapping.findings[0].level is Level.WARNING


def test_a_required_column_that_is_missing_is_an_error() -> None:
    assert "Manca la colonna «Cognome»" in str(guess_mapping(["Nome"], TARGETS).findings[0])


def test_the_choice_of_a_person_wins() -> None:
    chosen = {"surname": "nome", "given_name": "", "birth_date": "inesistente", "shoe": "Nome"}

    mapping = guess_mapping(["Nome", "Cognome"], TARGETS, chosen=chosen)

    assert mapping.columns == {"surname": "Nome"}
    sentences = " ".join(str(finding) for finding in mapping.findings)
    assert "«inesistente»" in sentences
    assert "«shoe»" in sentences


def test_one_column_fills_one_field() -> None:
    mapping = guess_mapping(["Nome", "nome ospite", "Cognome"], TARGETS)

    assert mapping.columns["given_name"] == "Nome"
    assert mapping.ignored == ("nome ospite",)


def test_a_layout_is_the_same_in_any_order_and_case() -> None:
    assert layout_signature(["Cognome", "Città"]) == layout_signature(["CITTA'", " cognome "])
    assert layout_signature(["Cognome"]) != layout_signature(["Nome"])
