"""The registry behind `ali calc`: a name, the function the pages call too, and the rules it rests on."""

from collections.abc import Callable, Mapping
from typing import Any

from ali.core.decisions import Refusal

Calculation = Callable[[Mapping[str, Any]], dict[str, Any]]
_calculators: dict[str, Calculation] = {}


class UnknownCalculator(Refusal):
    """No rule of that name."""


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
