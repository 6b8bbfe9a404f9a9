"""Works as pages read them: phases in order, titles with their clocks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, Sum

from ali.accounts.actors import Actor
from ali.people.models import Person
from ali.renovation.budget import (
    Budget,
    Comparison,
    Cost,
    Cover,
    Money,
    Offer,
    Rates,
    Spent,
    compare,
    cover,
    make_budget,
)
from ali.renovation.clocks import (
    SiteDays,
    TitleClock,
    TitleTerms,
    needs_safety_notice,
    title_clocks,
    title_rule,
)
from ali.renovation.models import PhaseRow, Quote, SitePlace, Stop, Title, Trainee, Works
from ali.renovation.schedule import Span
from ali.renovation.states import (
    COUNTED_FUNDING,
    PHASES,
    PLANNED_PHASES,
    UNDER_WAY,
    FundingState,
    Phase,
    TitleKind,
)
from ali.rules.values import RuleValue, rule_in_force
from ali.work.models import Job
from ali.work.states import JobKind


def rows_of(works: Works) -> list[PhaseRow]:
    """Return the phases of works in their order."""
    order = {phase: place for place, phase in enumerate(PHASES)}
    return sorted(works.phases.all(), key=lambda row: order[Phase(row.phase)])


def present_row(works: Works) -> PhaseRow | None:
    """Return the phase the works are in, or stopped in."""
    return next((row for row in rows_of(works) if row.phase == works.present_phase), None)


def plan_of(works: Works) -> dict[Phase, Span]:
    """Return when each planned phase is expected."""
    rows = PhaseRow.objects.filter(works=works, phase__in=PLANNED_PHASES)
    return {
        Phase(row.phase): Span(
            row.planned_starts_on, row.planned_ends_on, bool(row.ended_on or row.skipped_because)
        )
        for row in rows
    }


def site_days(rows: Sequence[PhaseRow]) -> SiteDays:
    """Return when the site begins and ended, as far as it is known."""
    site = next((row for row in rows if row.phase == Phase.SITE), None)
    if site is None:
        return SiteDays()
    return SiteDays(site.started_on or site.planned_starts_on, site.started_on is not None, site.ended_on)


def clocks_of(works: Works, day: date) -> list[tuple[Title, list[TitleClock]]]:
    """Return each title of works with the days that follow from it."""
    site = site_days(rows_of(works))
    return [
        (
            title,
            title_clocks(
                TitleTerms.from_rule(rule), filed_on=title.filed_on, granted_on=title.granted_on, site=site
            ),
        )
        for title, rule in _titles_with_rules(works, day)
        if title.state != "dropped"
    ]


def _titles_with_rules(works: Works, day: date) -> list[tuple[Title, RuleValue]]:
    order = {kind: place for place, kind in enumerate(TitleKind)}
    titles = sorted(works.titles.all(), key=lambda one: order[TitleKind(one.kind)])
    town = works.building.municipality
    return [
        (one, title_rule(one.kind, day=day, province=town.province_id, municipality=town.pk))
        for one in titles
    ]


@dataclass(frozen=True)
class TitleView:
    """A title with its rule and its days."""

    title: Title
    rule: RuleValue
    clocks: Sequence[TitleClock]


def titles_view(works: Works, day: date) -> list[TitleView]:
    """Return the titles of works as the page shows them."""
    site = site_days(rows_of(works))
    return [
        TitleView(
            title,
            rule,
            title_clocks(
                TitleTerms.from_rule(rule), filed_on=title.filed_on, granted_on=title.granted_on, site=site
            )
            if title.state != "dropped"
            else [],
        )
        for title, rule in _titles_with_rules(works, day)
    ]


@dataclass(frozen=True)
class SafetyNotice:
    """Whether the preliminary notice is needed, by which rule, and whether it is among the titles."""

    is_needed: bool | None
    rule: RuleValue
    is_listed: bool


def safety_notice(works: Works, day: date) -> SafetyNotice:
    """Return what the rule says of the preliminary notice for these works."""
    rule = rule_in_force("renovation.safety_notice", day=day)
    listed = works.titles.filter(kind=TitleKind.SAFETY).exists()
    return SafetyNotice(needs_safety_notice(rule, firms=works.firms, man_days=works.man_days), rule, listed)


def costs_of(works: Works) -> list[Cost]:
    """Return the lines of the budget as the arithmetic wants them."""
    return [Cost(line.category, line.net_cents, line.vat) for line in works.costs.all()]


def chosen_quote(works: Works) -> Quote | None:
    """Return the quote that was chosen."""
    return works.quotes.filter(chosen_on__isnull=False).prefetch_related("lines").first()


def budget_of(works: Works, day: date) -> Budget:
    """Return the budget of works against what was asked, invoiced and paid."""
    vat = rule_in_force("renovation.vat", day=day).value
    rates = Rates(works.contingency_rate, works.fees_rate, vat["works"], vat["fees"])
    gross = F("net_cents") + F("vat_cents")
    rows = (
        works.expenses.order_by()
        .values_list("category")
        .annotate(invoiced=Sum(gross), paid=Sum(gross, filter=Q(paid_on__isnull=False)))
    )
    spent = [Spent(category, invoiced, paid or 0) for category, invoiced, paid in rows]
    chosen = chosen_quote(works)
    asked = {line.category: line.net_cents for line in chosen.lines.all()} if chosen else {}
    return make_budget(costs_of(works), rates, spent, asked)


@dataclass(frozen=True)
class Quotes:
    """Quotes in the order they came, and their comparison."""

    quotes: Sequence[Quote]
    comparison: Comparison


def quotes_of(works: Works) -> Quotes:
    """Return the quotes of works side by side."""
    quotes = list(works.quotes.prefetch_related("lines").order_by("received_on", "pk"))
    offers = [
        Offer(quote.firm, {line.category: line.net_cents for line in quote.lines.all()}) for quote in quotes
    ]
    return Quotes(quotes, compare(offers, costs_of(works)))


def cover_of(works: Works, budget: Budget) -> Cover:
    """Return who pays the budget, with the conditions that are not respected."""
    gross = F("expenses__net_cents") + F("expenses__vat_cents")
    fundings = works.fundings.annotate(spent=Sum(gross)).order_by("pk")
    return cover(
        budget,
        [
            Money(
                name=str(one),
                kind=one.kind,
                cents=one.cents,
                max_share=one.max_share,
                forbids=one.forbids,
                excludes_public=one.excludes_public,
                spent=one.spent or 0,
                is_counted=one.state in COUNTED_FUNDING,
            )
            for one in fundings
            if one.state not in {FundingState.REFUSED, FundingState.LOST}
        ],
    )


@dataclass(frozen=True)
class PlaceView:
    """Places of the site: how many are taken, by whom of those the reader may see, how many have a traineeship written."""

    place: SitePlace
    taken: int
    seen: Sequence[Trainee]
    with_traineeship: int

    @property
    def free(self) -> int:
        return max(self.place.places - self.taken, 0)

    @property
    def unseen(self) -> int:
        """How many the reader may not see by name."""
        return self.taken - len(self.seen)


def places_of(works: Works, actor: Actor) -> list[PlaceView]:
    """Return the places of the site with who is in them now: names only of the people that the actor sees."""
    found = []
    visible = Person.objects.visible_to(actor)
    for place in works.places.order_by("starts_on", "pk"):
        present = Trainee.objects.filter(place=place, ends_on__isnull=True)
        trained = Job.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=place.starts_on),
            kind=JobKind.TRAINEESHIP,
            person=OuterRef("person"),
            starts_on__lte=place.ends_on,
        )
        found.append(
            PlaceView(
                place,
                present.count(),
                list(present.filter(person__in=visible).select_related("person").order_by("starts_on", "pk")),
                present.filter(Exists(trained)).count(),
            )
        )
    return found


@dataclass(frozen=True)
class WorksRow:
    """Works in a list."""

    works: Works
    late_days: int
    stop: Stop | None


def list_of(works: Iterable[Works], today: date) -> list[WorksRow]:
    """Return works with by how many days their present phase is late, and why they stand still."""
    found = []
    for one in works:
        row = present_row(one)
        late = (
            (today - row.planned_ends_on).days if row and row.is_late_on(today) and row.planned_ends_on else 0
        )
        stop = next((each for each in one.stops.all() if each.resumed_on is None), None)
        found.append(WorksRow(one, late if one.phase in UNDER_WAY else 0, stop))
    return found
