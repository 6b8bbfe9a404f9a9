"""Extraction and check of the catalogues."""

from pathlib import Path

import polib
import pytest
from tools.messages import Message, compiled_problems, entry_problems, from_python, from_template


def test_python_strings_are_found_with_context_and_plural() -> None:
    code = "_('Casa')\nngettext('%d posto', '%d posti', n)\npgettext_lazy('mese', 'marzo')\n_(variable)\n"

    found = set(from_python(code, Path("x.py")))

    assert found == {Message("Casa"), Message("%d posto", "", "%d posti"), Message("marzo", "mese")}


def test_string_split_over_lines_is_one_message() -> None:
    assert list(from_python("_('Una casa ' 'libera')", Path("x.py"))) == [Message("Una casa libera")]


def test_strings_under_a_marker_of_another_name_are_found() -> None:
    code = "from django.utils.translation import gettext_lazy as _later\n_later('Casa')\nmarked('Lavoro')\n"

    assert set(from_python(code, Path("x.py"))) == {Message("Casa"), Message("Lavoro")}


def test_template_strings_are_found() -> None:
    page = (
        "{% load i18n %}{% translate 'Casa' %}{{ _(\"Lavoro\") }}<c-alert title='{% translate \"L'uscita\" %}'>"
        "{% blocktranslate trimmed count n=n %}\n  {{ n }} posto\n{% plural %}\n  {{ n }} posti\n{% endblocktranslate %}"
        "{% translate 'marzo' context 'mese' %}{% translate variable %}"
    )

    found = set(from_template(page))

    assert found == {
        Message("Casa"),
        Message("Lavoro"),
        Message("L'uscita"),
        Message("%(n)s posto", "", "%(n)s posti"),
        Message("marzo", "mese"),
    }


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (polib.POEntry(msgid="Casa", msgstr=""), "senza traduzione"),
        (polib.POEntry(msgid="Casa", msgstr="Home", flags=["fuzzy"]), "incerta"),
        (polib.POEntry(msgid="%(n)s case", msgstr="homes"), "segnaposto"),
    ],
)
def test_unfinished_entry_is_named(entry: polib.POEntry, said: str) -> None:
    assert any(said in line for line in entry_problems(entry))


def test_finished_entry_is_accepted() -> None:
    assert list(entry_problems(polib.POEntry(msgid="%(n)s case", msgstr="%(n)s homes"))) == []


def test_stale_compiled_catalogue_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.messages.ROOT", tmp_path)
    path = tmp_path / "django.po"
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=utf-8"}
    catalogue.append(polib.POEntry(msgid="Casa", msgstr="Home"))
    catalogue.save_as_mofile(str(path.with_suffix(".mo")))

    fresh = list(compiled_problems(path, catalogue))
    catalogue[0].msgstr = "House"
    stale = list(compiled_problems(path, catalogue))

    assert fresh == []
    assert len(stale) == 1
