"""Somebody saved the same record while the form was open: both values, side by side, for the person to choose."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class BothValues:
    """What the record holds now and what the person had typed."""

    label: str | Promise
    stored: str
    typed: str


def both_values(form: forms.BaseForm, stored: Mapping[str, Any]) -> list[BothValues]:
    """Return the fields on which the form and the record, in the form's own terms, differ."""
    found = []
    for name, field in form.fields.items():
        if name not in stored:
            continue
        typed = _shown(field, form[name].value())
        kept = _shown(field, stored[name])
        if typed != kept:
            found.append(BothValues(field.label or name, kept or _("vuoto"), typed or _("vuoto")))
    return found


def _shown(field: forms.Field, value: Any) -> str:  # Any: whatever a field holds
    value = field.prepare_value(value)
    if isinstance(field, forms.BooleanField):
        return _("sì") if value in (True, "on", "True", "true", "1") else _("no")
    if value is None or value == "":
        return ""
    if isinstance(field, forms.DateField):
        return _day(value)
    if isinstance(field, forms.ChoiceField):
        return _choice(field, str(value))
    return str(value)


def _day(value: Any) -> str:  # Any: a date, or what was typed
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return str(value)
    return f"{value:%d/%m/%Y}"


def _choice(field: forms.ChoiceField, value: str) -> str:
    choices: Any = field.choices  # Any: pairs, some of them groups of pairs
    for code, label in choices:
        inside = label if isinstance(label, list | tuple) else [(code, label)]
        for one, words in inside:
            if str(one) == value:
                return str(words)
    return value
