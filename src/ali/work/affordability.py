"""Whether a household can carry a home: the share of stable income that rent takes, and the money needed to enter.

It lives here because the income gap asks it too; homes and proposals call the same functions. Exact: no floats inside.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from ali.core import clock
from ali.rules.calculators import WrongInput, citation, decimal_given, plain_number
from ali.rules.values import RuleValue, rule_in_force

BANDS = "affordability.bands"
ZERO = Decimal(0)
THOUSANDTH = Decimal("0.001")


class Band(StrEnum):
    """What offices see instead of amounts."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True)
class Limits:
    """Up to which share of income each band reaches, itself included."""

    green_up_to: Decimal
    amber_up_to: Decimal

    @classmethod
    def from_rule(cls, rule: RuleValue) -> "Limits":
        return cls(Decimal(str(rule.value["green_up_to"])), Decimal(str(rule.value["amber_up_to"])))


@dataclass(frozen=True)
class EntryCost:
    """What a household pays before it sleeps there."""

    deposit: Decimal
    first_month: Decimal
    other: Decimal

    @property
    def total(self) -> Decimal:
        return self.deposit + self.first_month + self.other

    def missing(self, savings: Decimal, help_given: Decimal = ZERO) -> Decimal:
        """Return what savings and the help of others do not cover."""
        return max(ZERO, self.total - savings - help_given)


def band_of(limits: Limits, *, income: Decimal | int, cost: Decimal | int) -> Band:
    """Return the band of a monthly `cost` (rent and condominium) on a stable net monthly `income`, same unit."""
    if income <= 0:
        return Band.RED
    if cost <= limits.green_up_to * income:
        return Band.GREEN
    return Band.AMBER if cost <= limits.amber_up_to * income else Band.RED


def share_of(income: Decimal, cost: Decimal) -> Decimal | None:
    """Return the share of `income` that `cost` takes, to the thousandth; None without income."""
    return (cost / income).quantize(THOUSANDTH, rounding=ROUND_HALF_UP) if income > 0 else None


def entry_cost(rent: Decimal, condominium: Decimal, deposit_months: Decimal, other: Decimal) -> EntryCost:
    """Return the money to enter: deposit, first month with condominium, the rest."""
    return EntryCost(deposit=rent * deposit_months, first_month=rent + condominium, other=other)


def calculate_entry(given: Mapping[str, Any]) -> dict[str, Any]:
    """Answer `ali calc entry-cost`: euros {"rent", "deposit" or "deposit_months"}, and when known {"condominium",
    "furniture", "utilities", "other_entry", "savings", "help": [{"from": "Comune", "amount": 300, "sure": true}]}.

    Help that is not sure is told apart and does not count.
    """
    rent = decimal_given(given, "rent")
    condominium = decimal_given(given, "condominium", default=ZERO)
    months = decimal_given(given, "deposit_months", default=ZERO)
    furniture, utilities, other = (
        decimal_given(given, name, default=ZERO) for name in ("furniture", "utilities", "other_entry")
    )
    cost = EntryCost(
        deposit=decimal_given(given, "deposit", default=rent * months),
        first_month=rent + condominium,
        other=furniture + utilities + other,
    )
    savings = decimal_given(given, "savings", default=ZERO)
    sure, hoped = _help(given.get("help", []))
    return {
        "entry_cost": plain_number(cost.total),
        "entry_parts": {
            "deposit": plain_number(cost.deposit),
            "first_month": plain_number(cost.first_month),
            "furniture": plain_number(furniture),
            "utilities": plain_number(utilities),
            "other": plain_number(other),
        },
        "from_savings": plain_number(min(savings, cost.total)),
        "help": plain_number(sure),
        "help_not_sure": plain_number(hoped),
        "missing": plain_number(cost.missing(savings, sure)),
        "missing_if_help_comes": plain_number(cost.missing(savings, sure + hoped)),
    }


def _help(lines: Any) -> tuple[Decimal, Decimal]:  # Any: a value of a JSON document
    """Return the help that is sure, and the one that is not."""
    if not isinstance(lines, list) or not all(isinstance(line, Mapping) for line in lines):
        raise WrongInput("«help» deve essere un elenco di aiuti con «from» e «amount».")
    sure = hoped = ZERO
    for line in lines:
        amount = decimal_given(line, "amount")
        if line.get("sure", True) is True:
            sure += amount
        else:
            hoped += amount
    return sure, hoped


def calculate(given: Mapping[str, Any]) -> dict[str, Any]:
    """Answer `ali calc affordability`: monthly euros {"net_income", "rent", "condominium", "utilities"}, and to
    know the cost of entering {"deposit_months", "other_entry", "savings"}."""
    rule = rule_in_force(BANDS, day=clock.today(), province=given.get("province"))
    income = decimal_given(given, "net_income")
    rent = decimal_given(given, "rent")
    condominium = decimal_given(given, "condominium", default=ZERO)
    utilities = decimal_given(given, "utilities", default=ZERO)
    return {
        "share": _share(income, rent + condominium),
        "share_with_utilities": _share(income, rent + condominium + utilities),
        "band": band_of(Limits.from_rule(rule), income=income, cost=rent + condominium).value,
        **_entry(given, rent, condominium),
        **citation(rule),
    }


def _share(income: Decimal, cost: Decimal) -> float | None:
    share = share_of(income, cost)
    return None if share is None else float(share)


def _entry(given: Mapping[str, Any], rent: Decimal, condominium: Decimal) -> dict[str, Any]:
    if not {"deposit_months", "other_entry", "savings"} & given.keys():
        return {}
    cost = entry_cost(
        rent,
        condominium,
        decimal_given(given, "deposit_months", default=ZERO),
        decimal_given(given, "other_entry", default=ZERO),
    )
    answer: dict[str, Any] = {
        "entry_cost": plain_number(cost.total),
        "entry_parts": {
            "deposit": plain_number(cost.deposit),
            "first_month": plain_number(cost.first_month),
            "other": plain_number(cost.other),
        },
    }
    if "savings" in given:
        answer["entry_missing"] = plain_number(cost.missing(decimal_given(given, "savings")))
    return answer
