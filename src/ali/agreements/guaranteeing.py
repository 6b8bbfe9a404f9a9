"""How much a guarantee fund pays, and what it has left (domain reference 4.5): the same functions that post and show.

Exact integer cents throughout.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from ali.core import clock
from ali.core.money import show_euros, to_cents, to_euros
from ali.rules.calculators import WrongInput, citation, decimal_given, plain_number
from ali.rules.values import RuleValue, rule_in_force

CAUSES = "agreements.involuntary_causes"
RESERVE = "agreements.fund_reserve_months"


@dataclass(frozen=True)
class CoverTerms:
    """What a fund promises for a contract: months of what, the months left to the landlord, whether fault matters."""

    monthly_cents: int
    max_months: int
    franchise_months: int = 0
    needs_involuntary: bool = True
    paid_cents: int = 0

    @property
    def left_cents(self) -> int:
        """What is still to be paid at most."""
        return max(self.monthly_cents * self.max_months - self.paid_cents, 0)


@dataclass(frozen=True)
class Coverage:
    """What the fund pays of an arrears, and what limits it."""

    cents: int
    franchise_cents: int
    limited_by: str
    sentence: str


def coverage_of(terms: CoverTerms, *, arrears_cents: int, is_involuntary: bool) -> Coverage:
    """Return how much of `arrears_cents` the fund pays. The franchise counts once in the life of the contract."""
    if terms.needs_involuntary and not is_involuntary:
        sentence = _("Il fondo copre solo la morosità incolpevole: prima va scritta la causa.")
        return Coverage(0, 0, "cause", sentence)
    franchise = 0 if terms.paid_cents else terms.franchise_months * terms.monthly_cents
    over = max(arrears_cents - franchise, 0)
    cents = min(over, terms.left_cents)
    if not over:
        sentence = _("L'arretrato sta dentro la franchigia di %(sum)s: resta a chi dà la casa.")
        return Coverage(
            0, min(franchise, arrears_cents), "franchise", sentence % {"sum": show_euros(franchise)}
        )
    if cents < over:
        sentence = _("Il fondo arriva al massimo di %(months)s mensilità: ne restano %(sum)s.")
        words = {"months": terms.max_months, "sum": show_euros(terms.left_cents)}
        return Coverage(cents, franchise, "months", sentence % words)
    return Coverage(cents, franchise, "", _("Il fondo copre %(sum)s.") % {"sum": show_euros(cents)})


def weighted(cents: int, weight: Decimal) -> int:
    """Return `cents` times `weight`, rounded half up to the cent."""
    return int((Decimal(cents) * weight).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def causes_rule(day: date) -> RuleValue:
    """Return the causes by which an arrears is nobody's fault."""
    return rule_in_force(CAUSES, day=day)


def is_involuntary(cause: str, day: date) -> bool:
    """Say whether the law counts `cause` among those that are nobody's fault."""
    return bool(causes_rule(day).value.get(cause))


@dataclass(frozen=True)
class Balance:
    """The sums of a fund, in cents."""

    endowment: int
    committed: int
    called: int
    recovered: int
    monthly: int = 0

    @property
    def available(self) -> int:
        """Endowment − weighted commitments − calls + recoveries."""
        return self.endowment - self.committed - self.called + self.recovered

    @property
    def months(self) -> Decimal | None:
        """How many months of everything it guarantees the available balance would pay; None when it guarantees nothing."""
        if not self.monthly:
            return None
        return (Decimal(self.available) / self.monthly).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def is_low(balance: Balance, rule: RuleValue) -> bool:
    """Say whether less than the rule's months of all that is guaranteed is left uncommitted."""
    return rule.value is not None and balance.available < Decimal(str(rule.value)) * balance.monthly


def reserve_rule(day: date, municipality: str | None = None, province: str | None = None) -> RuleValue:
    """Return how many months of what it guarantees a fund keeps free."""
    return rule_in_force(RESERVE, day=day, municipality=municipality, province=province)


def _cents(given: Mapping[str, Any], name: str) -> int:  # Any: values of a JSON document
    return to_cents(decimal_given(given, name))


def _whole(given: Mapping[str, Any], name: str, default: int) -> int:
    number = decimal_given(given, name) if name in given else Decimal(default)
    if number != number.to_integral_value():
        raise WrongInput(f"«{name}» è un numero intero.")
    return int(number)


def _euros(cents: int) -> int | float:
    return plain_number(to_euros(cents))


def _day(given: Mapping[str, Any]) -> date:
    if given.get("day") is None:
        return clock.today()
    try:
        return date.fromisoformat(str(given["day"]))
    except ValueError:
        raise WrongInput(f"«day» è una data come 2026-03-02: è {given['day']!r}.") from None


def fund_coverage(given: Mapping[str, Any]) -> dict[str, Any]:
    """Answer `ali calc fund-coverage`: {"arrears", "monthly_rent"} and, when known, {"months" unpaid instead of "arrears",
    "cause", "max_months", "franchise_months", "needs_involuntary", "already_paid", "day"}. Euros."""
    day, monthly = _day(given), _cents(given, "monthly_rent")
    if not monthly:
        raise WrongInput("«monthly_rent» deve essere più di zero.")
    if "arrears" not in given and "months" not in given:
        raise WrongInput("Manca «arrears» (euro) o «months» (mensilità non pagate).")
    owed = _cents(given, "arrears") if "arrears" in given else monthly * _whole(given, "months", 0)
    if owed > monthly * 1200:
        raise WrongInput("L'arretrato è più di cento anni di canone: controlla i numeri.")
    rule = causes_rule(day)
    cause = str(given.get("cause") or "")
    if cause and cause not in rule.value and cause != "none":
        raise WrongInput(f"«cause» è una di: {', '.join(rule.value)}, oppure «none».")
    terms = CoverTerms(
        monthly_cents=monthly,
        max_months=_whole(given, "max_months", 18),
        franchise_months=_whole(given, "franchise_months", 0),
        needs_involuntary=bool(given.get("needs_involuntary", True)),
        paid_cents=_cents(given, "already_paid") if "already_paid" in given else 0,
    )
    found = coverage_of(terms, arrears_cents=owed, is_involuntary=bool(rule.value.get(cause)))
    return {
        "arrears": _euros(owed),
        "covered": _euros(found.cents),
        "not_covered": _euros(owed - found.cents),
        "franchise": _euros(found.franchise_cents),
        "limited_by": found.limited_by,
        "left_after": _euros(terms.left_cents - found.cents),
        "sentence": found.sentence,
        **citation(rule),
    }


def fund_balance(given: Mapping[str, Any]) -> dict[str, Any]:
    """Answer `ali calc fund-balance`: {"endowments": [..], "commitments": [{"monthly_rent", "months", "weight", "called"}],
    "calls": [..], "recoveries": [..]}, each but the first may be missing. Euros."""
    promised = _commitments(given.get("commitments", []))
    balance = Balance(
        endowment=_sum(given, "endowments"),
        committed=sum(weighted(max(one.left_cents, 0), weight) for one, weight in promised),
        called=_sum(given, "calls") if "calls" in given else sum(one.paid_cents for one, _w in promised),
        recovered=_sum(given, "recoveries"),
        monthly=sum(one.monthly_cents for one, _weight in promised),
    )
    rule = reserve_rule(_day(given))
    return {
        "endowment": _euros(balance.endowment),
        "committed": _euros(balance.committed),
        "called": _euros(balance.called),
        "recovered": _euros(balance.recovered),
        "balance": -_euros(-balance.available) if balance.available < 0 else _euros(balance.available),
        "months": None if balance.months is None else float(balance.months),
        "is_low": is_low(balance, rule),
        **citation(rule),
    }


def _sum(given: Mapping[str, Any], name: str) -> int:
    values = given.get(name, [])
    if not isinstance(values, Sequence) or isinstance(values, str):
        raise WrongInput(f"«{name}» è un elenco di importi.")
    return sum(to_cents(decimal_given({name: value}, name)) for value in values)


def _commitments(values: Any) -> list[tuple[CoverTerms, Decimal]]:  # Any: a part of a JSON document
    if not isinstance(values, Sequence) or not all(isinstance(one, Mapping) for one in values):
        raise WrongInput("«commitments» è un elenco di impegni, ognuno con «monthly_rent» e «months».")
    found = []
    for one in values:
        weight = decimal_given(one, "weight") if "weight" in one else Decimal(1)
        if weight > 1:
            raise WrongInput("«weight» va da 0 a 1.")
        terms = CoverTerms(
            monthly_cents=_cents(one, "monthly_rent"),
            max_months=_whole(one, "months", 0),
            paid_cents=_cents(one, "called") if "called" in one else 0,
        )
        found.append((terms, weight))
    return found
