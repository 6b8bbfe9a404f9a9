"""How many people may live in a dwelling, by the parameter set in force; which limit binds, and whether it blocks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ali.core import clock
from ali.rules.calculators import WrongInput, as_decimal, citation, decimal_given
from ali.rules.values import RuleMissing, RuleValue, rule_in_force

STANDARD = "housing.standard"
BLOCKS = "housing.capacity_blocks"

AREA, BEDROOMS, STUDIO, LIMIT = "area", "bedrooms", "studio", "limit"
BINDING_LABELS: dict[str, str | Promise] = {
    AREA: _("la superficie"),
    BEDROOMS: _("le camere da letto"),
    STUDIO: _("la misura del monolocale"),
    LIMIT: _("il massimo fissato da un atto o dal contratto"),
}


@dataclass(frozen=True)
class Standard:
    """The numbers of a parameter set (`housing.standard`): square metres for each person, bedroom sizes, studios."""

    area_each_of_first: Decimal
    first: int
    area_each_further: Decimal
    single_bedroom: Decimal
    double_bedroom: Decimal
    studio_one: Decimal
    studio_two: Decimal

    @classmethod
    def from_rule(cls, rule: RuleValue) -> "Standard":
        """Return the parameter set of a rule."""
        value = rule.value
        return cls(
            first=int(value["first"]),
            **{name: Decimal(str(value[name])) for name in cls.__dataclass_fields__ if name != "first"},
        )


@dataclass(frozen=True)
class Capacity:
    """The answer. `people` is the least of what each limit allows; `blocks_above` is None when nothing blocks."""

    people: int
    binding: str
    allowed: Mapping[str, int]
    blocks_above: int | None

    @property
    def binding_label(self) -> str | Promise:
        return BINDING_LABELS[self.binding]

    def warns(self, persons: int) -> bool:
        """Say whether `persons` are more than the capacity."""
        return persons > self.people

    def blocks(self, persons: int) -> bool:
        """Say whether a rule, an act or the contract forbids `persons`."""
        return self.blocks_above is not None and persons > self.blocks_above


def people_by_area(standard: Standard, area: Decimal) -> int:
    """Return how many people an area holds."""
    of_first = standard.area_each_of_first * standard.first
    if area < of_first:
        return int(area // standard.area_each_of_first)
    return standard.first + int((area - of_first) // standard.area_each_further)


def people_by_bedrooms(standard: Standard, bedrooms: Sequence[Decimal]) -> int:
    """Return how many people the bedrooms hold: two in a double, one in a single, none in a smaller one."""
    return sum((size >= standard.single_bedroom) + (size >= standard.double_bedroom) for size in bedrooms)


def people_in_studio(standard: Standard, area: Decimal) -> int:
    """Return how many people a studio holds, services included in its area."""
    return int(area >= standard.studio_one) + int(area >= standard.studio_two)


def capacity_of(
    standard: Standard,
    *,
    area: Decimal,
    bedrooms: Sequence[Decimal] | None,
    is_studio: bool,
    max_people: int | None = None,
    standard_blocks: bool = False,
) -> Capacity:
    """Return the capacity. `bedrooms` None: not measured yet, they limit nothing. `max_people` always blocks."""
    by_standard = {AREA: people_by_area(standard, area)}
    if is_studio:
        by_standard = {STUDIO: people_in_studio(standard, area)}
    elif bedrooms is not None:
        by_standard[BEDROOMS] = people_by_bedrooms(standard, bedrooms)
    allowed = by_standard if max_people is None else {**by_standard, LIMIT: max_people}
    binding = min(allowed, key=lambda name: allowed[name])
    blocking = [max_people] if max_people is not None else []
    if standard_blocks:
        blocking.append(min(by_standard.values()))
    return Capacity(
        people=allowed[binding],
        binding=binding,
        allowed=allowed,
        blocks_above=min(blocking) if blocking else None,
    )


def blocking_rule(*, day: date, province: str | None, municipality: str | None) -> RuleValue | None:
    """Return the rule that says whether the standard blocks here; None where no rule speaks."""
    try:
        return rule_in_force(BLOCKS, day=day, province=province, municipality=municipality)
    except RuleMissing:
        return None


def calculate(given: Mapping[str, Any]) -> dict[str, Any]:
    """Answer `ali calc capacity`: {"net_area_m2", "bedrooms_m2", "studio"}, and when known
    {"max_people", "province", "municipality", "day"}."""
    place = {"province": given.get("province"), "municipality": given.get("municipality")}
    day = _day(given)
    rule = rule_in_force(STANDARD, day=day, **place)
    blocking = blocking_rule(day=day, **place)
    found = capacity_of(
        Standard.from_rule(rule),
        area=decimal_given(given, "net_area_m2"),
        bedrooms=_bedrooms(given.get("bedrooms_m2")),
        is_studio=_yes_or_no(given, "studio"),
        max_people=_people(given.get("max_people")),
        standard_blocks=bool(blocking and blocking.value),
    )
    return {
        "capacity": found.people,
        "binding": found.binding,
        "allowed": dict(found.allowed),
        "blocks": found.blocks_above == found.people,
        "blocks_above": found.blocks_above,
        "sentence": _sentence(found),
        **citation(rule),
    }


def _sentence(found: Capacity) -> str:
    start = f"Capienza {found.people}: decide {found.binding_label}."
    if found.blocks_above is None:
        return f"{start} Oltre, si avverte soltanto."
    return f"{start} Non sono ammesse più di {found.blocks_above} persone."


def _bedrooms(value: Any) -> list[Decimal] | None:  # Any: a value of a JSON document
    if value is None:
        return None
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise WrongInput("«bedrooms_m2» deve essere un elenco di superfici in metri quadrati.")
    return [as_decimal(size, "bedrooms_m2") for size in value]


def _people(value: Any) -> int | None:  # Any: a value of a JSON document
    if value is None:
        return None
    number = as_decimal(value, "max_people")
    if number != number.to_integral_value():
        raise WrongInput("«max_people» deve essere un numero intero di persone.")
    return int(number)


def _yes_or_no(given: Mapping[str, Any], name: str) -> bool:
    value = given.get(name, False)
    if not isinstance(value, bool):
        raise WrongInput(f"«{name}» deve essere true o false.")
    return value


def _day(given: Mapping[str, Any]) -> date:
    if "day" not in given:
        return clock.today()
    try:
        return date.fromisoformat(str(given["day"]))
    except ValueError as error:
        raise WrongInput("«day» deve essere una data come 2026-03-02.") from error
