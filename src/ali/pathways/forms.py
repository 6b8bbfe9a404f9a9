from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from ali.pathways.models import TieKind
from ali.people.states import LanguageLevel

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LEVELS = [
    (level.value, level.label)
    for level in LanguageLevel
    if level not in {LanguageLevel.MOTHER, LanguageLevel.NONE}
]


def _day(label: "str | _StrPromise", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class TieForm(forms.Form):
    """Somebody to count on. No names: what counts is that there is somebody, and where."""

    kind = forms.ChoiceField(label=_("Chi è per la persona"), choices=TieKind.choices)
    place = forms.CharField(
        label=_("Dove vive"), max_length=80, required=False, help_text=_("Città o quartiere; mai un nome.")
    )
    is_strong = forms.BooleanField(
        label=_("Può aiutare concretamente (ospitare, accompagnare, prestare)"), required=False
    )


class CourseForm(forms.Form):
    """An Italian course."""

    school = forms.CharField(label=_("Scuola o ente"), max_length=120)
    level = forms.ChoiceField(label=_("Livello"), choices=LEVELS)
    starts_on = _day(_("Dal"))
    ends_on = _day(_("Al"), required=False)
    is_passed = forms.BooleanField(label=_("Superato, con attestato"), required=False)
