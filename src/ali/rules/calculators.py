"""The registry behind `ali calc`: a name, the function the pages call too, and the rules it rests on."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from ali.core.decisions import Refusal
from ali.rules.values import RuleValue

Calculation = Callable[[Mapping[str, Any]], dict[str, Any]]
_calculators: dict[str, Calculation] = {}


class UnknownCalculator(Refusal):
    """No rule of that name."""


class WrongInput(Refusal):
    """What was given cannot be calculated with; the sentence names the field."""


def offer_calculator(name: str, calculation: Calculation) -> None:
    """Make `calculation` callable by `name`. It takes and returns JSON values; wrong input raises `Refusal`."""
    _calculators[name] = calculation


def calculator_names() -> list[str]:
    """Return the names on offer, sorted."""
    return sorted(_calculators)


def calculate(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer of the rule `name` to `given`."""
    if name not in _calculators:
        raise UnknownCalculator(f"Non esiste un calcolo «{name}». Esistono: {', '.join(calculator_names())}.")
    return _calculators[name](given)


def decimal_given(given: Mapping[str, Any], name: str, *, default: Decimal | None = None) -> Decimal:
    """Return the number `name` of `given`, never negative; `default` when it is absent. Raises `WrongInput`."""
    if name not in given:
        if default is None:
            raise WrongInput(f"Manca «{name}».")
        return default
    return as_decimal(given[name], name)


def as_decimal(value: Any, name: str) -> Decimal:  # Any: a value of a JSON document
    """Return a JSON number (or a text that is one) as an exact Decimal, never negative. Raises `WrongInput`."""
    try:
        number = None if isinstance(value, bool) else Decimal(str(value).strip())
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise WrongInput(f"«{name}» deve essere un numero: è {value!r}.")
    if number < 0:
        raise WrongInput(f"«{name}» non può essere negativo: è {value}.")
    return number


def plain_number(value: Decimal) -> int | float:
    """Return a Decimal as the JSON number that prints it: an integer when it is one."""
    return int(value) if value == value.to_integral_value() else float(value)


def citation(rule: RuleValue) -> dict[str, Any]:
    """Return what every answer says of the rule it rests on: the rule itself, its source, its validity."""
    kept = rule.as_json()
    return {
        "rule": kept,
        "source": rule.source,
        "validity": {"from": kept["valid_from"], "to": kept["valid_to"]},
    }
