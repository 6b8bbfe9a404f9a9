"""Form fields of our own: euros as people write them, days, decimals with a comma."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from ali.core.money import to_cents, to_euros

_THOUSANDS = re.compile(r"^\d{1,3}(\.\d{3})+$")
MOST_CENTS = 10_000_000_00


def read_euros(text: str) -> Decimal:
    """Return the euros in «1.150,50 €», «1150.50» or «240». Raises `InvalidOperation`."""
    bare = text.replace("€", "").replace("\xa0", "").replace(" ", "").replace("'", "")
    if "," in bare:
        bare = bare.replace(".", "").replace(",", ".")
    elif _THOUSANDS.match(bare):
        bare = bare.replace(".", "")
    return Decimal(bare)


class EurosField(forms.CharField):
    """Euros typed as people do, cleaned to integer cents; never negative. Empty gives 0 when not required."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=20, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show stored cents as euros; what somebody typed stays as typed."""
        if isinstance(value, int):
            return number_format(to_euros(value), 0 if value % 100 == 0 else 2, use_l10n=True)
        return value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return 0
        try:
            euros = read_euros(text)
            cents = to_cents(euros) if euros.is_finite() else None
        except InvalidOperation:
            cents = None
        if cents is None:
            raise ValidationError(_("Scrivi un importo in euro, per esempio 240 oppure 1.150,50."))
        if cents < 0:
            raise ValidationError(_("L'importo non può essere negativo."))
        if cents > MOST_CENTS:
            raise ValidationError(_("L'importo è troppo grande: controlla la virgola."))
        return cents


class DayField(forms.DateField):
    """A day, with the browser's calendar."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)


class MeasureField(forms.DecimalField):
    """A measure with one or two decimals, comma or point."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(localize=True, **kwargs)
