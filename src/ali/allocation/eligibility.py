"""The hard rules and the reasons of a match, each written once with its sentence, its source and its version.

A rule is a function of facts and parameters that uses arithmetic, comparisons and `&`, `|` alone, so that the same text
answers for one pair in a page and for all pairs of a round as numpy columns. No rule and no reason can read citizenship,
religion or ethnic origin: the facts do not hold them (D.Lgs. 215/2003; D.Lgs. 286/1998, artt. 43-44).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ali.allocation.facts import (
    FAMILY,
    MAN,
    MEN,
    OPEN,
    WHOLE,
    WOMAN,
    WOMEN,
    Column,
    HomeFacts,
    HouseholdFacts,
)
from ali.rules.values import RuleValue
from ali.work.affordability import BANDS

Parameters = Mapping[str, RuleValue]
BASE_POINTS = 500
FAIR, STRONG = 300, 600  # per mille


def monthly_cost(household: HouseholdFacts, home: HomeFacts) -> Column:
    """Return rent and condominium for the whole household, cents a month: once for a whole unit, else per person."""
    shares = (home.mode == WHOLE) + (home.mode != WHOLE) * household.persons
    return (home.rent + home.condominium) * shares


def closes_it(household: HouseholdFacts, home: HomeFacts) -> Column:
    """Say whether the household would live there alone: in a whole home, or as a family in an open one."""
    return (home.mode == WHOLE) | ((home.mode == OPEN) & (household.group == FAMILY))


def free_day(household: HouseholdFacts, home: HomeFacts) -> Column:
    """Return the day from which the household could live there: who closes a home waits for its last bed."""
    return home.free_from + closes_it(household, home) * (home.all_free_from - home.free_from)


def last_day(household: HouseholdFacts, parameters: Parameters) -> Column:
    """Return the last day on which a home may be free for the household: the exit, and the days that they may wait."""
    return household.leaves_on + parameters["allocation.wait_days"].value


@dataclass(frozen=True)
class HardRule:
    """A rule that a home must pass. `codes` are the parameters it rests on; `would_help` says what would change it."""

    code: str
    title: str | Promise
    fails: str | Promise
    would_help: str | Promise
    passes: Callable[[HouseholdFacts, HomeFacts, Parameters], Column]
    codes: tuple[str, ...] = ()


def _enough_beds(household: HouseholdFacts, home: HomeFacts, parameters: Parameters) -> Column:
    return (household.persons <= home.beds) & (household.persons <= home.max_people_left)


def _suits_the_group(household: HouseholdFacts, home: HomeFacts, parameters: Parameters) -> Column:
    return (
        (home.mode == WHOLE)
        | (home.mode == OPEN)
        | ((home.mode == MEN) & (household.group == MAN))
        | ((home.mode == WOMEN) & (household.group == WOMAN))
    )


def _whole_and_empty(household: HouseholdFacts, home: HomeFacts, parameters: Parameters) -> Column:
    """A whole home takes one household: all its beds are free. A family closes an open home: so must they be."""
    return (closes_it(household, home) == 0) | (home.beds == home.total_beds)


def _reachable(household: HouseholdFacts, home: HomeFacts, parameters: Parameters) -> Column:
    return (household.step_free == 0) | (home.step_free == 1)


def _in_time(household: HouseholdFacts, home: HomeFacts, parameters: Parameters) -> Column:
    return free_day(household, home) <= last_day(household, parameters)


def _affordable(household: HouseholdFacts, home: HomeFacts, parameters: Parameters) -> Column:
    return _carries(household, home, parameters["allocation.rent_share_limit"].value)


def _carries(household: HouseholdFacts, home: HomeFacts, share: float) -> Column:
    """Say whether rent and condominium stay within `share` of the income."""
    return monthly_cost(household, home) * 1000 <= household.income * round(share * 1000)


HARD_RULES: tuple[HardRule, ...] = (
    HardRule(
        "beds",
        _("posti sufficienti"),
        _("non ci sono abbastanza posti letto liberi per il nucleo"),
        _("una casa con più posti letto liberi"),
        _enough_beds,
        ("housing.standard",),
    ),
    HardRule(
        "group",
        _("uso della casa"),
        _("la casa è condivisa e il suo uso non è adatto al nucleo"),
        _("una casa con un uso adatto (intera, o condivisa dello stesso tipo)"),
        _suits_the_group,
    ),
    HardRule(
        "empty",
        _("casa libera per intero"),
        _("la casa si dà intera e qualcuno vi abita ancora"),
        _("una casa intera libera"),
        _whole_and_empty,
    ),
    HardRule(
        "access",
        _("senza scale"),
        _("la casa ha barriere che il nucleo non può superare"),
        _("una casa senza scale"),
        _reachable,
    ),
    HardRule(
        "time",
        _("libera in tempo"),
        _("la casa si libera troppo tardi rispetto all'uscita"),
        _("una proroga dell'accoglienza, o una sistemazione temporanea fino a quando la casa è libera"),
        _in_time,
        ("allocation.wait_days",),
    ),
    HardRule(
        "rent",
        _("canone sostenibile"),
        _("il canone supera la quota di reddito ammessa"),
        _("un canone più basso, un contributo, o un reddito stabile più alto"),
        _affordable,
        ("allocation.rent_share_limit",),
    ),
)
RULE_CODES = tuple(dict.fromkeys(code for rule in HARD_RULES for code in rule.codes))
RULES_BY_CODE = {rule.code: rule for rule in HARD_RULES}


@dataclass(frozen=True)
class Reason:
    """A lawful reason to prefer a home: a share from 0 to 1000 per mille, weighed by the criteria of the territory."""

    code: str
    title: str | Promise
    sentence: str | Promise
    per_mille: Callable[[HouseholdFacts, HomeFacts, Parameters, "Ops"], Column]


class Ops:
    """Clipping for plain integers; the engine's worker passes the same verb for numpy columns."""

    @staticmethod
    def clip(value: Column, low: int, high: int) -> Column:
        return max(low, min(high, value))


def _urgency(household: HouseholdFacts, home: HomeFacts, parameters: Parameters, ops: Ops) -> Column:
    days_between = ops.clip(household.leaves_on - free_day(household, home), -90, 90)
    return 1000 - ops.clip(abs(days_between) * 11, 0, 1000)


def _waiting(household: HouseholdFacts, home: HomeFacts, parameters: Parameters, ops: Ops) -> Column:
    return ops.clip(household.waiting_days * 1000 // 720, 0, 1000)


def _closeness(household: HouseholdFacts, home: HomeFacts, parameters: Parameters, ops: Ops) -> Column:
    squared = (household.east - home.east) ** 2 + (household.north - home.north) ** 2
    return 1000 - ops.clip(squared // 2, 0, 1000)


def _exact_size(household: HouseholdFacts, home: HomeFacts, parameters: Parameters, ops: Ops) -> Column:
    spare = (home.mode == WHOLE) * (home.beds - household.persons)
    return 1000 - ops.clip(spare * 400, 0, 1000)


def _rent_room(household: HouseholdFacts, home: HomeFacts, parameters: Parameters, ops: Ops) -> Column:
    """Full in the green band, a quarter in the amber one: weights and order tell no more of the income than the band."""
    limits = parameters[BANDS].value
    green = _carries(household, home, limits["green_up_to"])
    amber = _carries(household, home, limits["amber_up_to"])
    return (green * 750 + amber * 250) * (household.income > 0)


def _children(household: HouseholdFacts, home: HomeFacts, parameters: Parameters, ops: Ops) -> Column:
    return ops.clip(household.minors * 500, 0, 1000)


REASONS: tuple[Reason, ...] = (
    Reason(
        "urgency", _("tempi che coincidono"), _("la casa si libera vicino al giorno dell'uscita"), _urgency
    ),
    Reason(
        "waiting", pgettext_lazy("ragione", "attesa"), _("il nucleo è in accoglienza da più tempo"), _waiting
    ),
    Reason(
        "closeness",
        _("vicinanza"),
        _("la casa è vicina a dove il nucleo vive, lavora e va a scuola oggi"),
        _closeness,
    ),
    Reason("size", _("misura giusta"), _("i posti letto sono quelli che servono"), _exact_size),
    Reason(
        "rent", _("canone sostenibile"), _("il canone sta nella quota di reddito consigliata"), _rent_room
    ),
    Reason("children", _("figli minori"), _("nel nucleo ci sono minori"), _children),
)
DEFAULT_WEIGHTS = {
    "urgency": 200,
    "waiting": 200,
    "closeness": 200,
    "size": 150,
    "rent": 150,
    "children": 100,
}


def weight(
    household: HouseholdFacts, home: HomeFacts, weights: Mapping[str, int], parameters: Parameters, ops: Ops
) -> Column:
    """Return the integer value of the whole household in that home: persons times (500 + weighed reasons)."""
    points: Any = 0
    for reason in REASONS:
        points = points + reason.per_mille(household, home, parameters, ops) * weights.get(reason.code, 0)
    return household.persons * (BASE_POINTS + points // 1000)


def passed_rules(household: HouseholdFacts, home: HomeFacts, parameters: Parameters) -> dict[str, bool]:
    """Return for one pair each hard rule's answer, in the order in which they are told."""
    return {rule.code: bool(rule.passes(household, home, parameters)) for rule in HARD_RULES}


def explain_pair(
    household: HouseholdFacts, home: HomeFacts, weights: Mapping[str, int], parameters: Parameters
) -> list[dict[str, Any]]:
    """Return the reasons for one pair, the weightiest first, each «strong» or «fair». Points are not told."""
    told = []
    for reason in REASONS:
        share = int(reason.per_mille(household, home, parameters, Ops()))
        if share >= FAIR and weights.get(reason.code, 0):
            told.append(
                (
                    share * weights[reason.code],
                    {"code": reason.code, "strength": "strong" if share >= STRONG else "fair"},
                )
            )
    return [one for _weighed, one in sorted(told, key=lambda pair: (-pair[0], pair[1]["code"]))]


def most_stopping(stopped: Mapping[str, int]) -> Sequence[tuple[str, int]]:
    """Return the rules that stopped homes, the one that stopped most first."""
    return sorted(
        ((code, count) for code, count in stopped.items() if count), key=lambda pair: (-pair[1], pair[0])
    )
