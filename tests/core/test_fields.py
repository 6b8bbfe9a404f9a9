import html5lib
import pytest
from django_cotton import render_component

from ali.core.gallery import SampleForm


@pytest.fixture
def drawn():
    form = SampleForm(data={"name": "", "birth_date": "31/02/1999"})
    return html5lib.parse(str(form), treebuilder="etree", namespaceHTMLElements=False)


def test_a_wrong_field_is_tied_to_its_error_and_hint(drawn) -> None:
    box = drawn.find(".//input[@name='name']")

    assert box.get("aria-invalid") == "true"
    assert box.get("aria-describedby") == "id_name_helptext id_name_error"
    assert drawn.find(".//div[@id='id_name_error']") is not None


def test_every_visible_box_has_a_label(drawn) -> None:
    labels = {label.get("for") for label in drawn.iter("label")}
    boxes = [*drawn.iter("input"), *drawn.iter("select"), *drawn.iter("textarea")]

    assert {box.get("id") for box in boxes} <= labels


def test_choices_are_a_group_with_a_legend(drawn) -> None:
    legends = ["".join(legend.itertext()).strip() for legend in drawn.iter("legend")]

    assert legends == ["Risposta *", "Lingue"]


def test_text_of_people_is_escaped(rf) -> None:
    """A bound value and a written one reach the page as text."""
    bound = render_component(rf.get("/"), "person-chip", {"name": "<b>Eva</b>", "note": '" onfocus="'})

    assert "&lt;b&gt;Eva&lt;/b&gt;" in bound
    assert "&quot; onfocus=&quot;" in bound
