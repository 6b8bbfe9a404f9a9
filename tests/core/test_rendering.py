"""Selects drawn by hand are the ones that Django's templates draw."""

import re

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from ali.core.rendering import DesignFormRenderer
from ali.reception.models import Centre

PLAIN = [
    ("", "---"),
    ("a", "Abano «Terme» & C."),
    ("b", _("Tutti")),
    (3, "tre"),
    ("<i>", mark_safe("<b>x</b>")),
]
GROUPED = [("", "Scegli"), ("Città d'arte", [("1", "Padova"), ("2", "Este")]), ("Altre", [("3", "Cona")])]


@pytest.mark.parametrize("choices", [PLAIN, GROUPED, []])
@pytest.mark.parametrize("chosen", ["", "a", "2", 3, "<i>", None])
@pytest.mark.parametrize("widget_class", [forms.Select, forms.SelectMultiple, forms.NullBooleanSelect])
def test_a_select_is_the_one_of_the_templates(widget_class, choices, chosen) -> None:
    widget = widget_class() if widget_class is forms.NullBooleanSelect else widget_class(choices=choices)
    attributes = {"id": "id_x", "class": "form-select", "required": True, "disabled": False, "title": 'a"b'}

    ours, theirs = (
        re.sub(r"\s*(<[^>]+>)\s*", r"\1", widget.render("x[]", chosen, attributes, renderer))
        for renderer in (DesignFormRenderer(), TemplatesSetting())
    )

    assert ours == theirs


def test_a_label_is_said_in_the_readers_language_also_when_it_was_said_before() -> None:
    centre = Centre(kind="CC")

    said = []
    for language in ("it", "en", "it"):
        with translation.override(language):
            said.append(centre.get_kind_display())

    assert said[0] == said[2] != said[1]
    assert Centre(kind="??").get_kind_display() == "??"
