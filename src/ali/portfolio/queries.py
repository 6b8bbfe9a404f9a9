"""What is known of a building, and its options with their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import OuterRef, Subquery

from ali.accounts.actors import Actor
from ali.housing.models import Bed, Building, Dwelling
from ali.housing.states import Mode
from ali.portfolio.appraising import Appraised, appraised
from ali.portfolio.models import Appraisal, AppraisalVersion
from ali.portfolio.presets import Known, euros
from ali.renovation.models import Works
from ali.renovation.queries import budget_of
from ali.renovation.states import COUNTED_FUNDING, LOANS, CostCategory, FundingKind, Phase


def works_on(building: Building, actor: Actor) -> Works | None:
    """Return the body's latest works on a building that were not given up."""
    found: Works | None = (
        Works.objects.visible_to(actor)
        .filter(building=building)
        .exclude(phase=Phase.ABANDONED)
        .order_by("-pk")
        .first()
    )
    return found


def known_of(building: Building, actor: Actor, day: date) -> Known:
    """Return what works and rents say of a building: where the inputs of an appraisal start from."""
    works = works_on(building, actor)
    homes = list(works.dwellings.all()) if works else []
    homes = homes or list(Dwelling.objects.filter(building=building, manager=actor.organisation_id))
    beds = Bed.objects.in_use().filter(room__dwelling__in=homes)
    per_home: dict[int, int] = {}
    for home in beds.values_list("room__dwelling", flat=True).order_by():
        per_home[home] = per_home.get(home, 0) + 1
    rent = sum(
        home.rent_cents * (1 if home.mode == Mode.WHOLE else max(per_home.get(home.pk, 1), 1))
        for home in homes
    )
    return _with_works(Known(monthly_rent=euros(rent), people=sum(per_home.values())), works, day)


def _with_works(known: Known, works: Works | None, day: date) -> Known:
    if works is None:
        return known
    budget = budget_of(works, day)
    fees = budget.gross_of([CostCategory.PROFESSIONALS])
    furniture = budget.gross_of([CostCategory.FURNITURE])
    fundings = list(works.fundings.filter(state__in=COUNTED_FUNDING))
    site = works.phases.filter(phase=Phase.SITE).first()
    months = 0
    if site and site.planned_starts_on and works.ready_on:
        months = max(round((works.ready_on - site.planned_starts_on).days / 30), 0)
    return Known(
        capex=euros(budget.gross - fees - furniture),
        fees=euros(fees),
        furniture=euros(furniture),
        grants=euros(sum(one.cents for one in fundings if one.kind not in {*LOANS, FundingKind.OWN})),
        loan=euros(sum(one.cents for one in fundings if one.kind in LOANS)),
        monthly_rent=known.monthly_rent,
        works_months=months,
        people=known.people,
    )


@dataclass(frozen=True)
class OptionView:
    """An appraisal with the numbers of its latest version."""

    appraisal: Appraisal
    version: AppraisalVersion
    numbers: Appraised

    @property
    def own_money(self) -> Decimal:
        """What the body puts in itself: the investment less the loan."""
        loan = self.numbers.unit.loan
        return self.numbers.unit.investment - (loan.principal if loan else Decimal(0))


def options_of(building: Building, actor: Actor) -> Sequence[OptionView]:
    """Return the options of a building, in the order they were made, each with its latest numbers."""
    latest = AppraisalVersion.objects.filter(appraisal=OuterRef("pk")).order_by("-number")
    rows = list(
        Appraisal.objects.visible_to(actor)
        .filter(building=building)
        .annotate(latest=Subquery(latest.values("pk")[:1]))
        .order_by("pk")
    )
    versions = AppraisalVersion.objects.in_bulk([row.latest for row in rows])
    return [
        OptionView(
            row, versions[row.latest], appraised(versions[row.latest].inputs, versions[row.latest].people)
        )
        for row in rows
    ]
