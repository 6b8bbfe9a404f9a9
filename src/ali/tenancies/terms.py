"""Which contract types people live by, which rules hold where a dwelling is, and the arithmetic of shares."""

from collections.abc import Sequence
from datetime import date

from ali.agreements.clocks import terms_rule
from ali.agreements.states import ContractType
from ali.core.decisions import Refusal
from ali.housing.models import Dwelling
from ali.rules.values import RuleValue, rule_in_force

_C = ContractType
# The types by which somebody lives somewhere; the others are between bodies and owners.
PEOPLE_TYPES = (
    _C.HOSPITALITY,
    _C.SUBLET,
    _C.TRANSITORY,
    _C.AGREED_3_2,
    _C.FREE_4_4,
    _C.STUDENTS,
    _C.FAMILY,
    _C.LOAN,
    _C.PUBLIC,
    _C.RENT_TO_BUY,
)
HOSPITALITY_TYPES = (_C.HOSPITALITY, _C.FAMILY)
BANDED_TYPES = (_C.AGREED_3_2, _C.TRANSITORY)
ZONES = (1, 2, 3, 4)


class WrongShares(Refusal):
    """The shares do not add up to what is due."""


def place_of(dwelling: Dwelling) -> dict[str, str]:
    """Return the territory in which the rules of a dwelling are looked up."""
    town = dwelling.building.municipality
    return {"province": town.province_id, "municipality": town.pk}


def rule_for(code: str, dwelling: Dwelling, day: date) -> RuleValue:
    """Return the rule `tenancies.<code>` in force where the dwelling is."""
    return rule_in_force(f"tenancies.{code}", day=day, **place_of(dwelling))


def rule_of_contract(contract_type: str, dwelling: Dwelling, day: date) -> RuleValue:
    """Return the rule of a contract type where the dwelling is (`agreements.clocks` reads its numbers)."""
    return terms_rule(contract_type, day=day, **place_of(dwelling))


def split_cents(total: int, people: int) -> list[int]:
    """Return `total` in `people` shares that add up to it exactly; the first ones carry the odd cents."""
    each, odd = divmod(total, people)
    return [each + (number < odd) for number in range(people)]


def split_like(total: int, weights: Sequence[int]) -> list[int]:
    """Return `total` in proportion to `weights`, adding up exactly; in equal shares when nobody paid anything."""
    if not sum(weights):
        return split_cents(total, len(weights))
    shares = [total * weight // sum(weights) for weight in weights]
    left = total - sum(shares)
    largest = sorted(range(len(shares)), key=lambda number: (-weights[number], number))
    for number in largest[:left]:
        shares[number] += 1
    return shares
