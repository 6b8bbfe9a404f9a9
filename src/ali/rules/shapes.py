"""What a rule's value looks like, told by the shipped one: a number, yes or no, a list, or named parts of these; a part shipped
without a value may stay without."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from ali.core.decisions import Refusal
from ali.rules.values import shipped_rules

LEVELS = ("A0", "A1", "A2", "B1", "B2", "C1", "C2")


class WrongShape(Refusal):
    """The value is not of the kind that the rule's formula reads."""


def shape_of(code: str) -> Any:  # Any: a sample value of the rule
    """Return the shipped value of `code`; 0 for a parameter that only offices set, and for codes not shipped."""
    found = next((rule.value for rule in shipped_rules() if rule.code == code), None)
    return 0 if found is None else found


def check_shape(code: str, value: Any) -> None:
    """Raise `WrongShape` unless `value` looks like the shipped one; numbers are never negative."""
    sample = shape_of(code)
    if isinstance(sample, dict):
        if not isinstance(value, dict) or value.keys() != sample.keys():
            raise WrongShape(_("Servono tutte le parti della regola, e solo quelle."))
        for name, part in sample.items():
            _check_part(part, value[name])
    else:
        _check_part(sample, value)


def _check_part(sample: Any, value: Any) -> None:
    if sample is None:
        fits = value is None or _is_amount(value)
    elif isinstance(sample, bool):
        fits = isinstance(value, bool)
    elif isinstance(sample, int | float):
        fits = _is_amount(value)
    elif isinstance(sample, list):
        fits = isinstance(value, list) and all(
            isinstance(one, int) and not isinstance(one, bool) for one in value
        )
    else:
        fits = value in LEVELS
    if not fits:
        raise WrongShape(_("Il valore non è del tipo che la regola richiede: controlla i numeri."))


def _is_amount(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
