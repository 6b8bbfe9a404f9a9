"""Where the options for a building start from: its works, its rents, and usual numbers that a person then changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ali.core.money import to_euros
from ali.portfolio.states import Option

ZERO = Decimal(0)
Inputs = dict[str, Any]  # Any: values of a JSON document


@dataclass(frozen=True)
class Known:
    """What is known of a building: euros. `monthly_rent`: of all its homes together."""

    capex: Decimal = ZERO
    fees: Decimal = ZERO
    furniture: Decimal = ZERO
    grants: Decimal = ZERO
    loan: Decimal = ZERO
    monthly_rent: Decimal = ZERO
    works_months: int = 0
    people: int = 0


def euros(cents: int) -> Decimal:
    """Return cents as euros."""
    return to_euros(cents)


def start_inputs(known: Known) -> Inputs:
    """Return the inputs that the works and the rents give, with the usual rates for the rest."""
    rate = (known.fees / known.capex).quantize(Decimal("0.001")) if known.capex else Decimal("0.1")
    return {
        "capex": str(known.capex),
        "fees_rate": str(rate),
        "purchase": "0",
        "furniture": str(known.furniture),
        "grants": str(known.grants),
        "monthly_rent": str(known.monthly_rent),
        "places": 1,
        "years": 10,
        "works_months": known.works_months,
        "vacancy": "0.05",
        "arrears": "0.06",
        "yearly_costs": {
            "maintenance": "350",
            "insurance": "120",
            "taxes": "600",
            "condominium": "0",
            "head_rent": "0",
        },
        "management_rate": "0.10",
        "discount_rate": "0.03",
        "residual_value": "0",
        **({"loan": {"principal": str(known.loan), "rate": "0.03", "years": 10}} if known.loan else {}),
    }


def preset(option: Option, known: Known) -> Inputs:
    """Return the inputs that one option starts from."""
    inputs = start_inputs(known)
    costs: Mapping[str, str] = inputs["yearly_costs"]
    if option == Option.LOAN_FOR_WORKS:
        return {**inputs, "years": 12, "yearly_costs": {**costs, "taxes": "0"}}
    if option == Option.PURCHASE:
        return {**inputs, "years": 20}
    if option == Option.SELL_BACK:
        return {**inputs, "years": 8, "residual_value": str(known.capex)}
    if option == Option.LEASE_GUARANTEE:
        head_rent = (known.monthly_rent * 12 * Decimal("0.8")).quantize(Decimal("0.01"))
        return {
            **{name: value for name, value in inputs.items() if name != "loan"},
            "capex": "0",
            "fees_rate": "0",
            "grants": "0",
            "works_months": 0,
            "years": 8,
            "arrears": "0.10",
            "yearly_costs": {**costs, "taxes": "0", "head_rent": str(head_rent)},
        }
    return inputs
