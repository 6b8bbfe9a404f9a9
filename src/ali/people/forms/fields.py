"""Fields that forgive the ways people write: days, births with a precision, Comuni by name."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ali.imports.findings import has_errors
from ali.imports.parsing import Precision as Read
from ali.imports.parsing import parse_date
from ali.people.states import Precision
from ali.places.models import Language, Municipality
from ali.places.queries import find_municipality, mediation_languages

# The datalist that `people/_municipalities.html` draws.
MUNICIPALITIES = "municipalities"
_WITH_PROVINCE = re.compile(r"(?P<name>[^()]+)\((?P<province>[A-Za-z]{2})\)")


def day_widget() -> forms.DateInput:
    """The browser's own calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DayField(forms.DateField):
    """One day, never required unless said."""

    def __init__(self, *, required: bool = False, **named: Any) -> None:  # Any: as Django's own
        super().__init__(required=required, widget=day_widget(), **named)


class BirthField(forms.CharField):
    """A whole date or the year alone. The cleaned value is the day with how much of it is known, or None."""

    def clean(self, value: Any) -> Any:  # Any: as Django's own
        text = super().clean(value)
        if not text:
            return None
        read = parse_date(text, earliest=date(1900, 1, 1))
        if read.value is None or has_errors(read.findings):
            raise ValidationError([finding.translated for finding in read.findings])
        return read.value.on, _PRECISION[read.value.precision]


_PRECISION = {
    Read.DAY: Precision.DAY,
    Read.MONTH: Precision.ESTIMATED,
    Read.YEAR: Precision.YEAR,
    Read.ESTIMATED: Precision.ESTIMATED,
}


def birth_as_typed(birth_date: date | None, precision: str) -> str:
    """Return what `BirthField` reads back as the same birth."""
    if birth_date is None:
        return ""
    return str(birth_date.year) if precision == Precision.YEAR else f"{birth_date:%d/%m/%Y}"


class MunicipalityField(forms.CharField):
    """A Comune by its name; its province in brackets when two have the same. The cleaned value is it, or None."""

    def __init__(self, *, required: bool = False, **named: Any) -> None:  # Any: as Django's own
        widget = forms.TextInput(attrs={"list": MUNICIPALITIES, "autocomplete": "off"})
        super().__init__(required=required, max_length=100, widget=widget, **named)

    def clean(self, value: Any) -> Any:  # Any: as Django's own
        text = super().clean(value)
        if not text:
            return None
        found = _municipality(text)
        if found is None:
            raise ValidationError(
                _(
                    "Questo Comune non si trova, o ce n'è più d'uno: scrivi anche la provincia, come «Castro (BG)»."
                )
            )
        return found

    def prepare_value(self, value: Any) -> Any:  # Any: as Django's own
        return municipality_as_typed(value) if isinstance(value, Municipality) else value


def _municipality(text: str) -> Municipality | None:
    found = _WITH_PROVINCE.fullmatch(text.strip())
    if found:
        return find_municipality(found["name"], found["province"].upper())
    return find_municipality(text)


def municipality_as_typed(municipality: Municipality) -> str:
    """Return the name that can only be this Comune."""
    return f"{municipality.name} ({municipality.province_id})"


def municipality_names(provinces: Iterable[str]) -> list[str]:
    """Return the Comuni to suggest: those of the provinces where the actor works."""
    found = Municipality.objects.filter(province__in=sorted(provinces), is_current=True)
    return [municipality_as_typed(one) for one in found.order_by("folded", "pk")]


class LanguageField(forms.ChoiceField):
    """A language, those heard most in reception first. The cleaned value is the language."""

    def __init__(self, **named: Any) -> None:  # Any: as Django's own
        super().__init__(choices=_language_choices, **named)

    def clean(self, value: Any) -> Any:  # Any: as Django's own
        return Language.objects.get(pk=super().clean(value))


def _language_choices() -> list[Any]:  # Any: choices, some of them in groups
    first = [(one.code, one.name) for one in mediation_languages()]
    others = [
        (one.code, one.name) for one in Language.objects.filter(for_mediation=False).order_by("name", "pk")
    ]
    return [("", _("Scegli una lingua")), (_("Le più parlate"), first), (_("Altre lingue"), others)]
