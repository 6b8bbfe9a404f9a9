"""`ali calc dwelling-economics`: the same formulas as the pages."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ali.portfolio.economics import Loan, Unit
from ali.rules.calculators import WrongInput, as_decimal, decimal_given, plain_number

MOST_YEARS = 99
CENT, EURO, RATE = Decimal("0.01"), Decimal(1), Decimal("0.0001")


def dwelling_economics(given: Mapping[str, Any]) -> dict[str, Any]:  # Any: values of a JSON document
    """Answer `ali calc dwelling-economics`. Money in euros, rates as parts of one; `Unit` says what each name means."""
    unit = unit_given(given)
    return {
        "investment": _shown(unit.investment),
        "gross": _shown(unit.gross),
        "effective_income": _shown(unit.effective_income),
        "noi": _shown(unit.noi),
        "payback_years": _shown(unit.payback_years),
        "npv": _shown(unit.npv, EURO),
        "irr": _shown(unit.irr, RATE),
        "break_even_rent": _shown(unit.break_even_rent),
        "loan_payment": _shown(unit.loan.monthly_payment if unit.loan else None),
        "dscr": _shown(unit.dscr),
        "source": "Modello economico di un alloggio (progetto A.L.I.): parametri di chi calcola, nessuna norma.",
    }


def unit_given(given: Mapping[str, Any]) -> Unit:
    """Return the unit that a JSON document describes; `WrongInput` names the field that is missing or impossible."""
    _only_known(given, {*Unit.__dataclass_fields__})
    money = ("fees_rate", "purchase", "furniture", "grants", "vacancy", "arrears", "management_rate")
    zero = Decimal(0)
    numbers = {
        name: decimal_given(given, name, default=zero) for name in (*money, "discount_rate", "residual_value")
    }
    for name in ("vacancy", "arrears", "management_rate"):
        if numbers[name] > 1:
            raise WrongInput(f"«{name}» è una quota: da 0 a 1, è {numbers[name]}.")
    return Unit(
        capex=decimal_given(given, "capex"),
        monthly_rent=decimal_given(given, "monthly_rent"),
        years=_whole(given, "years", least=1),
        places=_whole(given, "places", least=1, default=1),
        works_months=_whole(given, "works_months", least=0, default=0),
        yearly_costs=_costs(given.get("yearly_costs", {})),
        loan=_loan(given.get("loan")),
        **numbers,
    )


def _only_known(given: Mapping[str, Any], known: set[str]) -> None:
    unknown = sorted(set(given) - known)
    if unknown:
        raise WrongInput(
            f"Non si sa che cosa sia «{unknown[0]}». Si può scrivere: {', '.join(sorted(known))}."
        )


def _whole(given: Mapping[str, Any], name: str, *, least: int, default: int | None = None) -> int:
    number = decimal_given(given, name, default=None if default is None else Decimal(default))
    if number != number.to_integral_value() or not least <= number <= MOST_YEARS * 12:
        raise WrongInput(f"«{name}» deve essere un numero intero, almeno {least}: è {number}.")
    if name == "years" and number > MOST_YEARS:
        raise WrongInput(f"«years» può essere al massimo {MOST_YEARS}: è {number}.")
    return int(number)


def _costs(costs: Any) -> dict[str, Decimal]:  # Any: a value of a JSON document
    if not isinstance(costs, Mapping):
        raise WrongInput('«yearly_costs» è un elenco di costi per nome, per esempio {"maintenance": 350}.')
    return {str(name): as_decimal(amount, f"yearly_costs.{name}") for name, amount in costs.items()}


def _loan(loan: Any) -> Loan | None:  # Any: a value of a JSON document
    if loan is None:
        return None
    if not isinstance(loan, Mapping):
        raise WrongInput("«loan» ha «principal», «rate» e «years».")
    return Loan(decimal_given(loan, "principal"), decimal_given(loan, "rate"), _whole(loan, "years", least=1))


def _shown(number: Decimal | None, step: Decimal = CENT) -> int | float | None:
    return None if number is None else plain_number(number.quantize(step, rounding=ROUND_HALF_UP))
