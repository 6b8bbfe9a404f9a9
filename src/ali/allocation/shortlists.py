"""The daily case: one home and its best households, one household and its homes. The same rules as a round, pair by pair."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ali.accounts.actors import Actor
from ali.allocation.eligibility import (
    DEFAULT_WEIGHTS,
    HARD_RULES,
    Parameters,
    closes_it,
    explain_pair,
    free_day,
    monthly_cost,
    passed_rules,
    weight,
)
from ali.allocation.facts import HomeFacts, HouseholdFacts
from ali.allocation.queries import (
    Candidate,
    Home,
    candidates,
    criteria_in_force,
    homes_on_offer,
    parameters_for,
    weights_of,
)
from ali.housing.models import Dwelling
from ali.work.affordability import BANDS, Limits, band_of

FAR = 180  # days ahead in which a home may be free when somebody decides on one household


@dataclass(frozen=True)
class Fit:
    """One household in one home: why, or the first rule that stops it."""

    candidate: Candidate
    home: Home
    value: int
    reasons: list[dict[str, Any]]
    passed: dict[str, bool]
    band: str
    shares_manager: bool

    @property
    def is_lawful(self) -> bool:
        return all(self.passed.values())

    @property
    def free_on(self) -> date:
        """The first day on which the household could enter."""
        return date.fromordinal(int(free_day(self.candidate.facts, self.home.facts)))

    @property
    def is_free_sure(self) -> bool:
        """Whether that day is sure: of every bed for who closes the home, of the first for the others."""
        beds = self.home.beds
        deciding = beds if closes_it(self.candidate.facts, self.home.facts) else beds[:1]
        return all(bed.is_sure for bed in deciding)

    @property
    def first_failing(self) -> str:
        """The code of the first rule not passed; empty when all are."""
        return next((rule.code for rule in HARD_RULES if not self.passed[rule.code]), "")


@dataclass(frozen=True)
class Shortlist:
    """The households for one home: the best, the reserves, and how many each rule stopped."""

    home: Home | None
    fits: list[Fit]
    others: int
    stopped: Counter[str]


def fit(candidate: Candidate, home: Home, parameters: Parameters, weights: Mapping[str, int]) -> Fit:
    """Return how one household fits one home."""
    household, facts = candidate.facts, home.facts
    return Fit(
        candidate=candidate,
        home=home,
        value=int(weight(household, facts, weights, parameters)),
        reasons=explain_pair(household, facts, weights, parameters),
        passed=passed_rules(household, facts, parameters),
        band=affordability_band(household, facts, parameters),
        shares_manager=home.manager in candidate.managers,
    )


def affordability_band(household: HouseholdFacts, home: HomeFacts, parameters: Parameters) -> str:
    """Return green, amber or red: all that offices may know of the income."""
    limits = Limits.from_rule(parameters[BANDS])
    return band_of(limits, income=household.income, cost=monthly_cost(household, home)).value


@dataclass(frozen=True)
class Pair:
    """A household and a home as they are now; `fit` only when both are still on offer."""

    candidate: Candidate | None
    home: Home | None
    fit: Fit | None


def fit_now(actor: Actor, household: int, dwelling: int, today: date) -> Pair:
    """Return how one household fits one home at this moment, as the actor sees them."""
    province = _territory_of(dwelling)
    people = candidates(actor, province=province, day=today, days=FAR, only=[household])
    homes = homes_on_offer(actor, province=province, day=today, days=FAR, only=[dwelling])
    found = None
    if people and homes:
        weights = weights_of(criteria_in_force(province, today), DEFAULT_WEIGHTS)
        found = fit(people[0], homes[0], parameters_for(province, today), weights)
    return Pair(people[0] if people else None, homes[0] if homes else None, found)


def _territory_of(dwelling: int) -> str:
    """Return the prefecture's province of a dwelling."""
    return str(
        Dwelling.objects.values_list("building__municipality__province__prefecture", flat=True).get(
            pk=dwelling
        )
    )


def shortlist_for_home(
    actor: Actor, dwelling: int, *, province: str, day: date, days: int, reserves: int = 2
) -> Shortlist:
    """Return the best household for a home and up to `reserves` more, with reasons, and what stopped the others."""
    homes = homes_on_offer(actor, province=province, day=day, days=days, only=[dwelling])
    if not homes:
        return Shortlist(None, [], 0, Counter())
    parameters, weights = (
        parameters_for(province, day),
        weights_of(criteria_in_force(province, day), DEFAULT_WEIGHTS),
    )
    fits = [
        fit(one, homes[0], parameters, weights)
        for one in candidates(actor, province=province, day=day, days=days)
    ]
    lawful = sorted(
        (one for one in fits if one.is_lawful), key=lambda one: (-one.value, one.candidate.known.pk)
    )
    stopped = Counter(one.first_failing for one in fits if not one.is_lawful)
    return Shortlist(homes[0], lawful[: reserves + 1], max(len(lawful) - reserves - 1, 0), stopped)


def homes_for_household(actor: Actor, household: int, *, province: str, day: date, days: int) -> list[Fit]:
    """Return how a household fits each home on offer: the lawful first by value, then those that fail fewest rules."""
    found = candidates(actor, province=province, day=day, days=days, only=[household])
    if not found:
        return []
    parameters, weights = (
        parameters_for(province, day),
        weights_of(criteria_in_force(province, day), DEFAULT_WEIGHTS),
    )
    fits = [
        fit(found[0], home, parameters, weights)
        for home in homes_on_offer(actor, province=province, day=day, days=days)
    ]
    return sorted(
        fits, key=lambda one: (sum(not ok for ok in one.passed.values()), -one.value, one.home.known.pk)
    )


def stopping_rules(fits: Sequence[Fit]) -> Counter[str]:
    """Count the homes that each rule stops."""
    return Counter(code for one in fits for code, ok in one.passed.items() if not ok)
