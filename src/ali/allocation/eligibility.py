"""The hard rules and the reasons of a match, each written once with its sentence, its source and its version.

A rule is a line of text over facts and numbers in force (`ali.matching.expressions`), so that the same text answers for
one pair in a page, for all pairs of a round as numpy columns, and for a home that changes. No rule and no reason can read
citizenship, religion or ethnic origin: the facts do not hold them (D.Lgs. 215/2003; D.Lgs. 286/1998, artt. 43-44).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
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
from ali.matching.expressions import Term, parse
from ali.matching.rulebook import Rule, RuleBook
from ali.rules.values import RuleValue
from ali.work.affordability import BANDS

Parameters = Mapping[str, RuleValue]
BASE_POINTS = 500
FAIR, STRONG = 300, 600  # per mille


CONSTANTS = {
    "WHOLE": WHOLE, "MEN": MEN, "WOMEN": WOMEN, "OPEN": OPEN, "MAN": MAN, "WOMAN": WOMAN, "FAMILY": FAMILY,
}  # fmt: skip
# What the rules in force give to the texts below. Shares are per mille, so that all is integers.
NUMBERS: dict[str, Callable[[Parameters], int]] = {
    "wait_days": lambda rules: int(rules["allocation.wait_days"].value),
    "rent_share": lambda rules: round(rules["allocation.rent_share_limit"].value * 1000),
    "green_share": lambda rules: round(rules[BANDS].value["green_up_to"] * 1000),
    "amber_share": lambda rules: round(rules[BANDS].value["amber_up_to"] * 1000),
}
DEFINITIONS = {
    # Who would live there alone: in a whole home, or as a family in an open one.
    "closes_it": "home.mode == WHOLE or (home.mode == OPEN and household.group == FAMILY)",
    # Cents a month for the whole household: once for a whole unit, else per person.
    "monthly_cost": "(home.rent + home.condominium) * (1 if home.mode == WHOLE else household.persons)",
    # Who closes a home waits for its last bed.
    "free_day": "home.all_free_from if closes_it else home.free_from",
    "last_day": "household.leaves_on + wait_days",
    "km_east": "household.east - home.east",
    "km_north": "household.north - home.north",
}
HOUSEHOLD_FACTS = tuple(one.name for one in fields(HouseholdFacts))
HOME_FACTS = tuple(one.name for one in fields(HomeFacts))
_FACTS = {f"household.{name}" for name in HOUSEHOLD_FACTS} | {f"home.{name}" for name in HOME_FACTS}


def _defined() -> dict[str, Term]:
    terms: dict[str, Term] = {}
    for name, text in DEFINITIONS.items():
        terms[name] = parse(text, _FACTS | NUMBERS.keys() | CONSTANTS.keys(), terms).known(CONSTANTS)
    return terms


_TERMS = _defined()


def term_of(text: str) -> Term:
    """Return the checked text of a rule or of a reason."""
    return parse(text, _FACTS | NUMBERS.keys() | CONSTANTS.keys(), _TERMS).known(CONSTANTS)


def _answer(
    term: Term, household: HouseholdFacts | None, home: HomeFacts | None, parameters: Parameters
) -> Column:
    """Evaluate a text on one pair, or on columns, reading only the facts it names."""
    found: dict[str, Column] = {}
    for name in term.names:
        side, _dot, fact = name.partition(".")
        if not fact:
            found[name] = NUMBERS[name](parameters)
        else:
            found[name] = getattr(household if side == "household" else home, fact)
    return term(found)


def closes_it(household: HouseholdFacts, home: HomeFacts) -> Column:
    """Say whether the household would live there alone."""
    return _answer(_TERMS["closes_it"], household, home, {})


def monthly_cost(household: HouseholdFacts, home: HomeFacts) -> Column:
    """Return rent and condominium for the whole household, cents a month."""
    return _answer(_TERMS["monthly_cost"], household, home, {})


def free_day(household: HouseholdFacts, home: HomeFacts) -> Column:
    """Return the day from which the household could live there."""
    return _answer(_TERMS["free_day"], household, home, {})


def last_day(household: HouseholdFacts, parameters: Parameters) -> Column:
    """Return the last day on which a home may be free for the household: the exit, and the days that they may wait."""
    return _answer(_TERMS["last_day"], household, None, parameters)


@dataclass(frozen=True)
class HardRule:
    """A rule that a home must pass: its text, what would change the answer, and the parameters (`codes`) it rests on."""

    code: str
    title: str | Promise
    fails: str | Promise
    would_help: str | Promise
    condition: str
    codes: tuple[str, ...] = ()

    @cached_property
    def _term(self) -> Term:
        return term_of(self.condition)

    def passes(self, household: HouseholdFacts, home: HomeFacts, parameters: Parameters) -> Column:
        """Say whether a pair, or each pair of columns, passes."""
        return _answer(self._term, household, home, parameters)


HARD_RULES: tuple[HardRule, ...] = (
    HardRule(
        "beds",
        _("posti sufficienti"),
        _("non ci sono abbastanza posti letto liberi per il nucleo"),
        _("una casa con più posti letto liberi"),
        "household.persons <= min(home.beds, home.max_people_left)",
        ("housing.standard",),
    ),
    HardRule(
        "group",
        _("uso della casa"),
        _("la casa è condivisa e il suo uso non è adatto al nucleo"),
        _("una casa con un uso adatto (intera, o condivisa dello stesso tipo)"),
        "home.mode == WHOLE or home.mode == OPEN or (home.mode == MEN and household.group == MAN)"
        " or (home.mode == WOMEN and household.group == WOMAN)",
    ),
    HardRule(
        "empty",
        _("casa libera per intero"),
        _("la casa si dà intera e qualcuno vi abita ancora"),
        _("una casa intera libera"),
        "not closes_it or home.beds == home.total_beds",
    ),
    HardRule(
        "access",
        _("senza scale"),
        _("la casa ha barriere che il nucleo non può superare"),
        _("una casa senza scale"),
        "household.step_free == 0 or home.step_free == 1",
    ),
    HardRule(
        "time",
        _("libera in tempo"),
        _("la casa si libera troppo tardi rispetto all'uscita"),
        _("una proroga dell'accoglienza, o una sistemazione temporanea fino a quando la casa è libera"),
        "free_day <= last_day",
        ("allocation.wait_days",),
    ),
    HardRule(
        "rent",
        _("canone sostenibile"),
        _("il canone supera la quota di reddito ammessa"),
        _("un canone più basso, un contributo, o un reddito stabile più alto"),
        "monthly_cost * 1000 <= household.income * rent_share",
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
    share: str

    @cached_property
    def _term(self) -> Term:
        return term_of(self.share)

    def per_mille(self, household: HouseholdFacts, home: HomeFacts, parameters: Parameters) -> Column:
        """Return the share of a pair, or of each pair of columns."""
        return _answer(self._term, household, home, parameters)


REASONS: tuple[Reason, ...] = (
    Reason(
        "urgency",
        _("tempi che coincidono"),
        _("la casa si libera vicino al giorno dell'uscita"),
        "1000 - min(abs(max(-90, min(household.leaves_on - free_day, 90))) * 11, 1000)",
    ),
    Reason(
        "waiting",
        pgettext_lazy("ragione", "attesa"),
        _("il nucleo è in accoglienza da più tempo"),
        "max(0, min(household.waiting_days * 1000 // 720, 1000))",
    ),
    Reason(
        "closeness",
        _("vicinanza"),
        _("la casa è vicina a dove il nucleo vive, lavora e va a scuola oggi"),
        "1000 - min((km_east * km_east + km_north * km_north) // 2, 1000)",
    ),
    Reason(
        "size",
        _("misura giusta"),
        _("i posti letto sono quelli che servono"),
        "1000 if home.mode != WHOLE else 1000 - max(0, min((home.beds - household.persons) * 400, 1000))",
    ),
    Reason(
        "rent",
        _("canone sostenibile"),
        _(
            "il canone sta nella quota di reddito consigliata"
        ),  # Full in the green band, a quarter in the amber one: weights and order tell no more of the income than the band.
        "0 if household.income <= 0 else (750 if monthly_cost * 1000 <= household.income * green_share else 0)"
        " + (250 if monthly_cost * 1000 <= household.income * amber_share else 0)",
    ),
    Reason(
        "children", _("figli minori"), _("nel nucleo ci sono minori"), "min(household.minors * 500, 1000)"
    ),
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
    household: HouseholdFacts, home: HomeFacts, weights: Mapping[str, int], parameters: Parameters
) -> Column:
    """Return the integer value of the whole household in that home: persons times (500 + weighed reasons)."""
    points: Any = 0
    for reason in REASONS:
        points = points + reason.per_mille(household, home, parameters) * weights.get(reason.code, 0)
    return household.persons * (BASE_POINTS + points // 1000)


def rule_book(parameters: Parameters, weights: Mapping[str, int]) -> RuleBook:
    """Return rules, reasons and weights of a round as one book of the engine."""
    points = " + ".join(f"({reason.share}) * {int(weights.get(reason.code, 0))}" for reason in REASONS)
    book = RuleBook.of(
        [Rule(rule.code, rule.condition) for rule in HARD_RULES],
        f"household.persons * ({BASE_POINTS} + ({points}) // 1000)",
        household=HOUSEHOLD_FACTS,
        home=HOME_FACTS,
        numbers=[*NUMBERS, *CONSTANTS],
        definitions=DEFINITIONS,
    )
    return book.with_numbers({**CONSTANTS, **{name: read(parameters) for name, read in NUMBERS.items()}})


def passed_rules(household: HouseholdFacts, home: HomeFacts, parameters: Parameters) -> dict[str, bool]:
    """Return for one pair each hard rule's answer, in the order in which they are told."""
    return {rule.code: bool(rule.passes(household, home, parameters)) for rule in HARD_RULES}


def explain_pair(
    household: HouseholdFacts, home: HomeFacts, weights: Mapping[str, int], parameters: Parameters
) -> list[dict[str, Any]]:
    """Return the reasons for one pair, the weightiest first, each «strong» or «fair». Points are not told."""
    told = []
    for reason in REASONS:
        share = int(reason.per_mille(household, home, parameters))
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
