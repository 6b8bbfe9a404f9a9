"""The papers as PDF: everything they must say is in them, data stay data, the other language is there."""

import json
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from ali.core import clock as ours
from ali.documents.papers import PACKAGE, render
from ali.people.models import SpokenLanguage
from ali.tenancies import services
from ali.tenancies.paper_words import TEXTS, languages, translations
from ali.tenancies.papers import (
    PAPERS,
    communication_data,
    contract_data,
    papers_for,
    print_paper,
    subject_of,
)
from ali.tenancies.services import Reading
from tests.tenancies.scenes import Home, make_home

LETTER = PACKAGE / "tenancies" / "typst" / "letter.typ"
ITALIAN = json.loads((TEXTS / "it.json").read_text(encoding="utf-8"))["texts"]


def text_of(pdf: bytes) -> str:
    """The text of a PDF, each page, blanks as one."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


@pytest.mark.parametrize("code", sorted(languages()))
def test_language_says_everything_with_the_same_blanks(code: str) -> None:
    read = languages()[code].texts

    assert set(read) == set(ITALIAN)
    for key, italian in ITALIAN.items():
        blanks = {part.split("}")[0] for part in italian.split("{")[1:]}
        assert {part.split("}")[0] for part in read[key].split("{")[1:]} == blanks, key


def test_translations_are_those_of_the_proposal() -> None:
    assert {one.code for one in translations()} == {"en", "fr", "ar", "bn", "ur", "es", "uk"}
    assert {one.code for one in translations() if one.direction == "rtl"} == {"ar", "ur"}


def test_data_are_never_code() -> None:
    told = '#panic("no") *grassetto* $x$ <etichetta> @rif'
    made = render(
        LETTER,
        {"title": "Prova", "foot": told, "demo": "", "blocks": [{"kind": "text", "text": told}]},
    )

    assert text_of(made).count('#panic("no") *grassetto* $x$') == 2


def test_pdf_is_tagged_and_says_its_language() -> None:
    made = render(LETTER, {"title": "Titolo", "foot": "", "demo": "", "blocks": []})
    root = PdfReader(BytesIO(made)).trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "it"


def test_template_cannot_fetch_a_package(tmp_path: Path) -> None:
    template = PACKAGE / "tenancies" / "typst" / "letter.typ"
    assert "@preview" not in template.read_text(encoding="utf-8")


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
class TestPapers:
    @pytest.fixture
    def home(self) -> Home:
        return make_home(contact_name="Anna Prova", contact_phone="049 000000")

    def _text(self, home: Home, kind: str, lang: str = "", **changed: object) -> str:
        person = home.tenant(surname="Bah", given_names="Moussa")
        SpokenLanguage.objects.create(person=person, language_id="fra", level="L1")
        services.add_item(actor=home.landlord, dwelling=home.dwelling, label="Tavolo", quantity=1)
        services.write_house_rules(
            actor=home.landlord,
            text="Si fa silenzio dalle 22 alle 7 del mattino.",
            valid_from=ours.today(),
            dwelling=home.dwelling,
        )
        tenancy = home.move_in(
            home.signed(person, **changed),
            readings={"electricity": Reading(Decimal("1234.50"), "IT001E12345678")},
        )
        assert kind in {one.kind for one in papers_for(tenancy)}
        return text_of(print_paper(kind, subject_of(tenancy, ours.today()), lang))

    def test_contract_names_parties_home_money_and_rules(self, home: Home) -> None:
        text = self._text(home, "contratto")

        for told in ("BAH Moussa", home.dwelling.building.address, "Padova", "240", "315,01", "silenzio"):
            assert told in text
        assert "Accordo di ospitalità" in text
        assert "Accord d'hospitalité" in text  # the language that he speaks best
        assert "da rileggere" in text

    @pytest.mark.parametrize("lang", ["ar", "bn", "ur", "uk"])
    def test_contract_speaks_other_scripts(self, home: Home, lang: str) -> None:
        person = home.tenant(surname="Rahman", given_names="Abdul")
        subject = subject_of(home.draft(person), ours.today())

        data = contract_data(subject, languages()[lang])

        assert len(print_paper("contratto", subject, lang)) > 10_000
        assert data["other_title"] == languages()[lang].texts["title_hospitality"]
        assert data["clauses"][0]["other_text"] != data["clauses"][0]["text"]

    def test_communication_says_who_where_by_which_title_and_by_when(self, home: Home) -> None:
        text = self._text(home, "comunicazione")

        for told in ("BAH Moussa", "07/05/1998", home.dwelling.building.address, str(home.dwelling.manager)):
            assert told in text
        assert "48 ore" in text
        assert "asilo (rifugiato)" in text

    def test_communication_has_its_last_day(self, home: Home) -> None:
        tenancy = home.draft(home.tenant(bed=0))
        data = communication_data(subject_of(tenancy, ours.today()))

        days = [row for block in data["blocks"] if block["kind"] == "facts" for row in block["rows"]]
        assert ["Da comunicare entro il", "03/03/2026"] in days

    def test_hand_over_report_has_meters_inventory_and_room_for_photos(self, home: Home) -> None:
        text = self._text(home, "consegna")

        for told in ("IT001E12345678", "Tavolo", "Foto 1", "Foto 4", "Ada Esempio"):
            assert told in text

    @pytest.mark.parametrize(
        ("kind", "told"),
        [
            ("amministratore", "1130"),
            ("tari", "ufficio tributi"),
            ("utenze", "IT001E12345678"),
            ("benvenuto", "vous habitez ici"),
        ],
    )
    def test_each_letter_says_who_and_where(self, home: Home, kind: str, told: str) -> None:
        text = self._text(home, kind)

        assert "BAH Moussa" in text
        assert home.dwelling.building.address in text
        assert told in text

    def test_every_paper_of_a_signed_tenancy_can_be_printed(self, home: Home) -> None:
        tenancy = home.signed(home.tenant())
        subject = subject_of(tenancy, ours.today())

        assert {one.kind for one in papers_for(tenancy)} == {one.kind for one in PAPERS}
        for one in PAPERS:
            assert print_paper(one.kind, subject)[:5] == b"%PDF-"

    def test_day_of_the_last_signature_replaces_the_word_draft(self, home: Home) -> None:
        person = home.tenant()
        draft = contract_data(subject_of(home.draft(person), date(2026, 3, 2)), languages()["en"])

        assert "Bozza" in draft["draft"]
