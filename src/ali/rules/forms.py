"""A form for any rule: its fields follow from the shape of the shipped value."""

import re
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ali.places.models import Municipality, Province
from ali.rules.models import Rule
from ali.rules.shapes import LEVELS, shape_of
from ali.rules.wording import number, part_label

WHOLE = ""
NUMBERS = re.compile(r"[\s,;]+")


class DaysField(forms.CharField):
    """Whole numbers separated by commas."""

    def to_python(self, value: Any) -> Any:
        parts = [part for part in NUMBERS.split((super().to_python(value) or "").strip()) if part]
        try:
            return [int(part) for part in parts]
        except ValueError:
            raise forms.ValidationError(
                _("Scrivi numeri interi separati da virgole, per esempio 90, 30, 0.")
            ) from None

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(one) for one in value) if isinstance(value, list) else value


class NumberField(forms.DecimalField):
    """A number with comma or point."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        return number(float(value)) if isinstance(value, int | float) else value


def _field_for(sample: Any, label: str, initial: Any) -> forms.Field:
    if isinstance(sample, bool):
        return forms.BooleanField(label=label, initial=initial, required=False)
    if sample is None or isinstance(sample, int | float):
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        return NumberField(
            label=label,
            initial=initial,
            min_value=0,
            max_digits=10,
            decimal_places=4,
            widget=widget,
            required=sample is not None,
            help_text=_("Si può lasciare vuoto: da stabilire.") if sample is None else "",
        )
    if isinstance(sample, list):
        return DaysField(label=label, initial=initial, help_text=_("Numeri separati da virgole."))
    return forms.ChoiceField(label=label, initial=initial, choices=[(level, level) for level in LEVELS])


def _plain(value: Any) -> Any:
    """A number as JSON keeps it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


class RuleValueForm(forms.Form):
    """A local value of a rule: where, from when, how much, by which act."""

    province = forms.ModelChoiceField(label=_("Provincia"), queryset=Province.objects.none())
    municipality = forms.ModelChoiceField(
        label=_("Comune, se vale solo lì"),
        required=False,
        queryset=Municipality.objects.none(),
        empty_label=_("tutta la provincia"),
    )
    valid_from = forms.DateField(
        label=_("Vale dal"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    source = forms.CharField(
        label=_("Fonte"), max_length=300, help_text=_("L'atto che lo stabilisce: numero, data, ufficio.")
    )
    is_blocking = forms.BooleanField(
        label=_("Blocca"), required=False, help_text=_("Se non è spuntato, la regola avverte soltanto.")
    )

    def __init__(
        self, *args: Any, rule: Rule, provinces: set[str], towns: Collection[str] = (), **kwargs: Any
    ) -> None:
        """`provinces` where a value may be set everywhere; otherwise `towns`, one of which must be chosen."""
        super().__init__(*args, **kwargs)
        self.sample = shape_of(rule.code)
        comuni = Municipality.objects.filter(is_current=True).order_by("folded", "pk")
        if provinces:
            comuni = comuni.filter(province__in=provinces)
        else:
            comuni = comuni.filter(pk__in=towns)
            provinces = set(comuni.order_by().values_list("province", flat=True))
            self.fields["municipality"].required = True
        self.fields["province"].queryset = Province.objects.filter(pk__in=provinces).order_by("name", "pk")  # type: ignore[attr-defined]  # a model choice field
        self.fields["municipality"].queryset = comuni  # type: ignore[attr-defined]
        self.fields["is_blocking"].initial = rule.is_blocking
        if len(provinces) == 1:
            self.fields["province"].initial = next(iter(provinces))
        self._add_value_fields(rule)

    def _add_value_fields(self, rule: Rule) -> None:
        parts = self.sample if isinstance(self.sample, dict) else {WHOLE: self.sample}
        present = rule.value if isinstance(rule.value, dict) else {WHOLE: rule.value}
        for name, part in parts.items():
            label = part_label(name) if name else str(_("Valore")) + (f" ({rule.unit})" if rule.unit else "")
            self.fields[f"value_{name}"] = _field_for(part, label, present.get(name))
        names = [f"value_{name}" for name in parts]
        self.order_fields(["province", "municipality", *names, "valid_from", "source", "is_blocking"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        town, province = given.get("municipality"), given.get("province")
        if town and province and town.province_id != province.pk:
            self.add_error("municipality", _("Questo Comune è in un'altra provincia."))
        return given

    @property
    def value(self) -> Any:
        """The value typed, in the rule's own shape."""
        given = self.cleaned_data
        if isinstance(self.sample, dict):
            return {name: _plain(given[f"value_{name}"]) for name in self.sample}
        return _plain(given[f"value_{WHOLE}"])
