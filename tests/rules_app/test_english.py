"""Who reads English finds the sentences of our rules, and the names of States and languages, in English."""

import json

import pytest
from django.utils.translation import override

from ali.places.models import Language, State
from ali.rules.english import SHIPPED, in_reader_language
from ali.rules.values import shipped_rules
from tests.clients import once


@pytest.mark.parametrize("group", ["reception", "people", "affordability"])
def test_rules_of_reception_and_people_have_an_english_sentence(group: str) -> None:
    rows = json.loads(SHIPPED.read_text(encoding="utf-8"))

    ours = [row for row in rows if row["code"].startswith(f"{group}.")]
    assert [row["code"] for row in ours if not row.get("sentence_en")] == []


def test_sentence_follows_the_reader_and_stays_italian_in_what_is_kept() -> None:
    rule = next(one for one in shipped_rules() if one.code == "people.residence_days")

    with override("en"):
        assert rule.said == "A new residence is declared to the municipality within 20 days."
        assert rule.as_json()["sentence"].startswith("La nuova residenza")
    with override("it"):
        assert rule.said.startswith("La nuova residenza")


def test_sentence_of_an_office_stays_as_written() -> None:
    with override("en"):
        assert in_reader_language("Trenta giorni, delibera 4.") == "Trenta giorni, delibera 4."


def test_states_and_languages_have_the_name_of_the_reader() -> None:
    germany = State(istat="216", name="Germania", name_en="Germany")
    unknown = State(istat="000", name="Altrove")

    with override("en"):
        assert [str(germany), str(unknown)] == ["Germany", "Altrove"]
        assert str(Language(code="ara", name="arabo")) == "Arabic"
        assert str(Language(code="wol", name="wolof")) == "wolof"
    with override("it"):
        assert str(germany) == "Germania"


@pytest.mark.django_db
def test_english_page_of_rules_speaks_english(client_as) -> None:
    from ali.rules.services import load_shipped_rules

    load_shipped_rules()
    officer = client_as("prefecture_officer")
    officer.post("/lingua/", {"language": "en", **once()})

    text = officer.get("/regole/").content.decode()

    assert "A new residence is declared to the municipality within 20 days." in text
    assert "La nuova residenza si dichiara" not in text
