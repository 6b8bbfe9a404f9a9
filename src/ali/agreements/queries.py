"""What other apps and the pages read from here. Each function says how many queries it makes, whatever the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from ali.agreements.models import Agreement, Commitment, GuaranteeApplication
from ali.agreements.states import BINDING, ApplicationState
from ali.housing.models import Dwelling, Occupancy
from ali.housing.queries import ongoing
from ali.rules.values import RuleValue, rule_in_force
from ali.scouting.models import Owner, Ownership


def place_of(agreement: Agreement) -> dict[str, str]:
    """Return the territory in which the rules of an agreement are looked up."""
    town = agreement.building.municipality
    return {"province": town.province_id, "municipality": town.pk}


def head_agreements_of(dwelling: Dwelling, *, holder_id: int | None = None) -> list[Agreement]:
    """Return the contracts, signed and not ended, by which `holder` (or anybody) holds a dwelling, the latest first. One query."""
    found = Agreement.objects.binding().covering(dwelling)
    if holder_id is not None:
        found = found.filter(holder=holder_id)
    return list(found.order_by("-starts_on", "-pk"))


def head_agreement_of(dwelling: Dwelling, day: date, *, holder_id: int | None = None) -> Agreement | None:
    """Return the contract by which the dwelling is held on `day`: of several the one that lasts longest. One query."""
    there = [
        one
        for one in head_agreements_of(dwelling, holder_id=holder_id)
        if one.starts_on <= day and (one.last_on is None or one.last_on > day)
    ]
    return max(there, key=lambda one: one.last_on or date.max, default=None)


@dataclass(frozen=True)
class Cover:
    """Whether the contract with the owner lasts as long as somebody wants to stay. `agreement` None: none is written."""

    agreement: Agreement | None
    is_covered: bool
    latest: date | None
    rule: RuleValue

    @property
    def allows_sublet(self) -> bool:
        return self.agreement is None or self.agreement.allows_sublet


def covers(
    dwelling: Dwelling,
    start: date,
    end: date | None,
    *,
    holder_id: int | None = None,
    rules_on: date | None = None,
) -> Cover:
    """Say whether the contract with the owner covers a stay from `start` to `end` (None: without a term), by the rule
    `tenancies.within_agreement`. Two queries."""
    town = dwelling.building.municipality
    rule = rule_in_force(
        "tenancies.within_agreement",
        day=rules_on or start,
        province=town.province_id,
        municipality=town.pk,
    )
    head = head_agreement_of(dwelling, start, holder_id=holder_id)
    if head is None or head.last_on is None:
        return Cover(head, is_covered=True, latest=None, rule=rule)
    latest = head.last_on + timedelta(days=int(rule.value))
    return Cover(head, is_covered=end is not None and end <= latest, latest=latest, rule=rule)


def covered_dwellings(agreement: Agreement) -> list[Dwelling]:
    """Return the dwellings of an agreement: those it names, else all of the holder in the building. Two queries."""
    named = list(agreement.dwellings.select_related("building").order_by("label", "pk"))
    if named:
        return named
    return list(
        Dwelling.objects.filter(building=agreement.building_id, manager=agreement.holder_id)
        .select_related("building")
        .order_by("label", "pk")
    )


def people_in(dwelling_ids: Sequence[int], day: date) -> dict[int, int]:
    """Return how many people live in each dwelling, or are about to. One query."""
    found = dict.fromkeys(dwelling_ids, 0)
    rows = Occupancy.objects.filter(ongoing(day), bed__room__dwelling__in=list(dwelling_ids))
    for dwelling in rows.order_by().values_list("bed__room__dwelling_id", flat=True):
        found[dwelling] += 1
    return found


@dataclass(frozen=True)
class ShareLine:
    """A share of the home, and whether its owner signs the agreement."""

    ownership: Ownership
    signs: bool


def shares_of(agreement: Agreement, day: date) -> list[ShareLine]:
    """Return who owns what of the agreement's building and dwellings on `day`. Three queries."""
    signers = {agreement.owner_id, *agreement.co_owners.values_list("pk", flat=True)}
    dwellings = [one.pk for one in covered_dwellings(agreement)]
    rows = (
        Ownership.objects.on(day)
        .filter(
            Q(dwelling__isnull=True) | Q(dwelling__in=dwellings),
            building=agreement.building_id,
            owner__kept_by=agreement.holder_id,
        )
        .select_related("owner", "dwelling")
        .order_by("dwelling_id", "-share", "pk")
    )
    return [ShareLine(row, row.owner_id in signers) for row in rows]


def share_sum(
    *,
    building_id: int,
    dwelling_id: int | None,
    kept_by: int,
    day: date,
    leaving_out: tuple[Owner, int | None] | None = None,
) -> Decimal:
    """Return the sum of the shares of a dwelling (its own and those of the whole building), or of a building. One query.

    `leaving_out`: an owner's share at that level (dwelling id, None for the building), about to be replaced."""
    scope = Q(dwelling__isnull=True)
    if dwelling_id is not None:
        scope |= Q(dwelling=dwelling_id)
    rows = Ownership.objects.on(day).filter(scope, building=building_id, owner__kept_by=kept_by)
    if leaving_out is not None:
        rows = rows.exclude(owner=leaving_out[0], dwelling=leaving_out[1])
    return sum(rows.order_by().values_list("share", flat=True), Decimal(0))


def agreements_of_owner(owner: Owner) -> list[Agreement]:
    """Return the agreements that an owner signs, the open ones first. One query."""
    found = (
        Agreement.objects.filter(Q(owner=owner) | Q(co_owners=owner), holder=owner.kept_by_id)
        .select_related("building__municipality")
        .distinct()
        .order_by("-starts_on", "-pk")
    )
    return sorted(found, key=lambda one: not one.is_open)


@dataclass(frozen=True)
class Guarantees:
    """What guarantees a tenancy: requests to agencies, and the commitments of funds."""

    applications: tuple[GuaranteeApplication, ...]
    commitments: tuple[Commitment, ...]


def guarantees_of_tenancy(tenancy: UUID, *, body_id: int, dwelling_id: int, today: date) -> Guarantees:
    """Return what guarantees a tenancy (its public id): its own, and what guarantees the home's agreement. Two queries."""
    of_home = Q(agreement__isnull=False, agreement__state__in=BINDING, dwelling=dwelling_id)
    applications = (
        GuaranteeApplication.objects.filter(Q(tenancy=tenancy) | of_home, body=body_id)
        .exclude(state=ApplicationState.ENDED)
        .select_related("scheme")
        .order_by("-asked_on", "-pk")
    )
    commitments = (
        Commitment.objects.running(today)
        .filter(Q(tenancy=tenancy) | of_home, body=body_id)
        .select_related("fund")
        .order_by("pk")
    )
    return Guarantees(tuple(applications), tuple(commitments))
