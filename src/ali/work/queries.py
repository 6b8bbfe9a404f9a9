"""What other apps read from here. Amounts leave only through `visible_to`; the rest is for computing bands."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.core.money import to_cents
from ali.people.models import Person
from ali.people.querysets import PersonQuerySet, in_care_of
from ali.reception.models import Stay
from ali.rules.values import RuleValue, rule_in_force
from ali.work.affordability import BANDS, Band, Limits, band_of
from ali.work.income import Earning, StableIncomeRule, stable_cents
from ali.work.models import Job, Means
from ali.work.querysets import reads_amounts

CHUNK = 5_000  # SQLite takes 32,766 parameters in a statement
REFERENCE = "affordability.reference_home"


@dataclass(frozen=True)
class IncomeView:
    """A person's money as an actor may see it: rows and amounts for the case worker, the band alone for an office."""

    jobs: tuple[Job, ...]
    means: Means | None
    stable_cents: int | None
    band: Band
    may_read_amounts: bool
    may_state: bool


def has_in_care(actor: Actor, person: Person, day: date) -> bool:
    """Say whether the actor's body has the person in its care."""
    return _sight(actor, person, day)[1]


def may_read_amounts(actor: Actor, person: Person, day: date) -> bool:
    """Say whether the actor may read the person's amounts."""
    return _sight(actor, person, day)[0]


def with_sight(persons: PersonQuerySet, actor: Actor, day: date) -> PersonQuerySet:
    """Annotate `money_reads` and `money_cares`: what `may_read_amounts` would ask for each of them."""
    annotated: PersonQuerySet = persons.annotate(
        money_reads=ExpressionWrapper(reads_amounts(actor, day, "pk"), BooleanField()),
        money_cares=in_care_of(actor, day, "pk"),
    )
    return annotated


def _sight(actor: Actor, person: Person, day: date) -> tuple[bool, bool]:
    """Return whether the actor may read the person's amounts, and has the person in care. One query, none after `with_sight`."""
    if not actor.may(Permission.SEE_MONEY):
        return False, False
    seen: Any = person  # Any: what `with_sight` adds
    if not hasattr(person, "money_reads"):
        seen = with_sight(Person.objects.all(), actor, day).get(pk=person.pk)
    return bool(seen.money_reads), bool(seen.money_cares)


def stable_income_rule(day: date, province: str | None = None) -> StableIncomeRule:
    """Return the parameters of stable income in force."""
    days = rule_in_force("affordability.stable_days", day=day, province=province)
    share = rule_in_force("affordability.traineeship_share", day=day, province=province)
    return StableIncomeRule(stable_days=int(days.value), traineeship_share=Decimal(str(share.value)))


def stable_income(person_ids: Collection[int], today: date, province: str | None = None) -> dict[int, int]:
    """Return the stable net monthly income, in cents, of the persons who have one.

    For computing bands and rounds: what is computed from it may be shown, the amount never is.
    """
    rule = stable_income_rule(today, province)
    incomes = {person: stable_cents(jobs, rule, today) for person, jobs in _earnings(person_ids).items()}
    return {person: cents for person, cents in incomes.items() if cents}


def earnings_of(person_ids: Collection[int]) -> Mapping[int, list[Earning]]:
    """Return the jobs of these persons as the rule of stable income reads them: for computing bands, never to be shown."""
    return _earnings(person_ids)


def _earnings(person_ids: Collection[int]) -> Mapping[int, list[Earning]]:
    found: dict[int, list[Earning]] = defaultdict(list)
    for ids in _chunks(person_ids):
        for person, kind, cents, starts_on, ends_on in (
            Job.objects.filter(person__in=ids)
            .order_by()
            .values_list("person_id", "kind", "net_monthly_cents", "starts_on", "ends_on")
        ):
            found[person].append(Earning(kind, cents, starts_on, ends_on))
    return found


def _chunks(ids: Collection[int]) -> Iterator[list[int]]:
    ordered = list(ids)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def reference_bands(person_ids: Collection[int], today: date) -> dict[int, Band]:
    """Return the band of each person's household against the reference home of the province where they are hosted.

    A person without any stable income in the household is red.
    """
    households = _households_of(person_ids)
    members = _members_of(set(households.values()))
    everybody = [person for persons in members.values() for person in persons]
    province_of = _provinces_of(everybody)
    rules = {
        province: _ReferenceRules.in_force(today, province) for province in {*province_of.values(), None}
    }
    earnings = _earnings(everybody)
    bands = {}
    for household, persons in members.items():
        of_household = rules[next((province_of[one] for one in persons if one in province_of), None)]
        income = sum(stable_cents(earnings.get(one, ()), of_household.income, today) for one in persons)
        bands[household] = of_household.band(income, len(persons))
    return {person: bands[household] for person, household in households.items()}


@dataclass(frozen=True)
class _ReferenceRules:
    """The rules that say whether an income is enough, of one province."""

    income: StableIncomeRule
    limits: Limits
    reference: RuleValue

    @classmethod
    def in_force(cls, day: date, province: str | None) -> "_ReferenceRules":
        return cls(
            income=stable_income_rule(day, province),
            limits=Limits.from_rule(rule_in_force(BANDS, day=day, province=province)),
            reference=rule_in_force(REFERENCE, day=day, province=province),
        )

    def band(self, income_cents: int, persons: int) -> Band:
        first, further = (self.reference.value[key] for key in ("first_person", "each_further_person"))
        cost = to_cents(first) + to_cents(further) * (persons - 1)
        return band_of(self.limits, income=income_cents, cost=cost)


def _households_of(person_ids: Collection[int]) -> dict[int, int]:
    return {
        person: household
        for ids in _chunks(person_ids)
        for person, household in Person.objects.filter(pk__in=ids)
        .order_by()
        .values_list("pk", "household_id")
    }


def _members_of(household_ids: Collection[int]) -> dict[int, list[int]]:
    members: dict[int, list[int]] = defaultdict(list)
    for ids in _chunks(household_ids):
        for person, household in (
            Person.objects.filter(household__in=ids).order_by("pk").values_list("pk", "household_id")
        ):
            members[household].append(person)
    return members


def _provinces_of(person_ids: Collection[int]) -> dict[int, str]:
    return {
        person: province
        for ids in _chunks(person_ids)
        for person, province in Stay.objects.filter(person__in=ids, left_on__isnull=True)
        .order_by()
        .values_list("person_id", "centre__municipality__province_id")
    }


def income_view(
    actor: Actor, person: Person, today: date, *, members: Collection[int], province: str | None
) -> IncomeView:
    """Return what `actor` may see of a person's income: for offices the band and nothing else.

    `members` are the ids of the household, `province` the one where they are hosted: the caller has read them. At most
    four queries.
    """
    rules = _ReferenceRules.in_force(today, province)
    earnings = _earnings({person.pk, *members})
    stable = {one: stable_cents(jobs, rules.income, today) for one, jobs in earnings.items()}
    band = rules.band(sum(stable.values()), len({person.pk, *members}))
    reads, cares = _sight(actor, person, today)
    if not reads:
        return IncomeView((), None, None, band, may_read_amounts=False, may_state=False)
    return IncomeView(
        jobs=tuple(Job.objects.visible_to(actor, today).filter(person=person).order_by("-starts_on", "-pk")),
        means=Means.objects.visible_to(actor, today).filter(person=person).first(),
        stable_cents=stable.get(person.pk, 0),
        band=band,
        may_read_amounts=True,
        may_state=cares and actor.may(Permission.STATE_INCOME),
    )
