"""The indicators of a portfolio: each number, how it is worked out, and the rows it comes from.

Nights, entries and gaps come from the months kept every night; rents of the body itself from its live monthly totals. Who is
not of the body reads counts and percentages of its territory, never amounts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, Max, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.core.money import show_euros
from ali.housing.models import Bed, Dwelling
from ali.housing.states import Mode
from ali.portfolio.keeping import ACTIVE, keep_months, months_back
from ali.portfolio.models import KeptMonth
from ali.portfolio.querysets import is_of_the_body
from ali.portfolio.states import IN_MONEY, Indicator
from ali.renovation.models import Works
from ali.renovation.queries import budget_of, cover_of
from ali.renovation.states import Phase
from ali.rents.models import MonthlyTotal

MONTHS = 12
CLASSES = {"A1": 6, "A2": 7, "A3": 8, "A4": 9, **{letter: place for place, letter in enumerate("GFEDCB")}}


@dataclass(frozen=True)
class Reading:
    """An indicator as a page shows it. `shown` empty: it cannot be said, `note` tells why."""

    indicator: Indicator
    shown: str
    note: str = ""

    @property
    def label(self) -> str:
        return str(self.indicator.label)


@dataclass(frozen=True)
class Portfolio:
    """All the indicators of what the actor sees, and when the kept months were written."""

    readings: Sequence[Reading]
    homes: int
    kept_at: Any  # Any: a moment, or None
    since: date


def homes_for(actor: Actor) -> QuerySet[Dwelling]:
    """Return the homes that the actor's indicators count: its body's, or those of its territory (only to be counted)."""
    if not actor.may(Permission.SEE_PORTFOLIO):
        return Dwelling.objects.none()
    if is_of_the_body(actor):
        return Dwelling.objects.filter(manager=actor.organisation_id)
    return Dwelling.objects.filter(building__municipality__province__prefecture__in=actor.provinces)


def works_for(actor: Actor) -> QuerySet[Works]:
    """Return the finished works that the actor's indicators count."""
    if not actor.may(Permission.SEE_PORTFOLIO):
        return Works.objects.none()
    done = Works.objects.filter(phase=Phase.MANAGEMENT)
    if is_of_the_body(actor):
        return done.filter(holder=actor.organisation_id)
    return done.filter(building__municipality__province__prefecture__in=actor.provinces)


def percent(part: int | Decimal, whole: int | Decimal) -> str:
    """Return a share as «92,4%»; empty when there is nothing to take a share of."""
    return f"{number_format(round(Decimal(100) * part / whole, 1), 1, use_l10n=True)}%" if whole else ""


def decimal_words(value: Decimal | float, places: int = 1) -> str:
    """Return a number as people read it."""
    return number_format(round(Decimal(str(value)), places), places, use_l10n=True)


def kept_for(actor: Actor, today: date) -> QuerySet[KeptMonth]:
    """Return the kept months of the last year that the actor sees; they are written now when nobody ever did."""
    months = months_back(today, MONTHS)
    if not KeptMonth.objects.exists():
        keep_months(months, today)
    found: QuerySet[KeptMonth] = KeptMonth.objects.visible_to(actor).filter(month__in=months)
    return found


def read_portfolio(actor: Actor, today: date) -> Portfolio:
    """Return every indicator that the actor may read."""
    kept = kept_for(actor, today).aggregate(
        nights=Coalesce(Sum("nights"), 0),
        taken=Coalesce(Sum("nights_taken"), 0),
        entries=Coalesce(Sum("entries"), 0),
        gaps=Coalesce(Sum("gaps"), 0),
        gap_days=Coalesce(Sum("gap_days"), 0),
        due=Coalesce(Sum("due_cents"), 0),
        paid=Coalesce(Sum("paid_cents"), 0),
        forgiven=Coalesce(Sum("forgiven_cents"), 0),
        kept_at=Max("kept_at"),
    )
    homes = homes_for(actor).filter(state__in=ACTIVE)
    let_whole = Q(mode=Mode.WHOLE)
    counted = homes.aggregate(
        homes=Count("pk"), area=Sum("net_area_m2"), rent=Coalesce(Sum("rent_cents", filter=let_whole), 0)
    )
    by_bed = ~Q(room__dwelling__mode=Mode.WHOLE)
    bedded = Bed.objects.filter(closed_on__isnull=True, room__dwelling__in=homes).aggregate(
        beds=Count("pk"), rent=Coalesce(Sum("room__dwelling__rent_cents", filter=by_bed), 0)
    )
    beds, rent = bedded["beds"], counted["rent"] + bedded["rent"]
    since = months_back(today, MONTHS)[0]
    values = {
        **_from_kept(kept, beds),
        Indicator.ARREARS: _arrears(actor, kept, since),
        Indicator.RENT: _rent(rent, counted["area"]),
        Indicator.BELOW_MARKET: ("", _("le quotazioni OMI di queste zone non ci sono ancora")),
        **_from_works(actor, today),
    }
    readings = [
        Reading(one, *values[one]) for one in Indicator if is_of_the_body(actor) or one not in IN_MONEY
    ]
    return Portfolio(readings, counted["homes"], kept["kept_at"], since)


def _from_kept(kept: Mapping[str, Any], beds: int) -> dict[Indicator, tuple[str, str]]:
    gap = decimal_words(Decimal(kept["gap_days"]) / kept["gaps"]) if kept["gaps"] else ""
    turnover = decimal_words(Decimal(kept["entries"]) / beds, 2) if beds else ""
    return {
        Indicator.BEDS: (number_format(beds, use_l10n=True, force_grouping=True), ""),
        Indicator.OCCUPANCY: (
            percent(kept["taken"], kept["nights"]),
            _("%(taken)s notti su %(nights)s negli ultimi dodici mesi")
            % {"taken": _grouped(kept["taken"]), "nights": _grouped(kept["nights"])},
        ),
        Indicator.VACANCY: (gap, _("media di %(gaps)s cambi") % {"gaps": _grouped(kept["gaps"])}),
        Indicator.TURNOVER: (
            turnover,
            _("%(entries)s entrate in dodici mesi") % {"entries": _grouped(kept["entries"])},
        ),
    }


def _grouped(number: int) -> str:
    return number_format(number, use_l10n=True, force_grouping=True)


def _arrears(actor: Actor, kept: Mapping[str, Any], since: date) -> tuple[str, str]:
    """For the body itself from the live totals, with amounts; for others from the kept months, the share alone."""
    if not is_of_the_body(actor):
        open_cents = kept["due"] - kept["paid"] - kept["forgiven"]
        return percent(max(open_cents, 0), kept["due"]), _("del dovuto di dodici mesi")
    live = MonthlyTotal.objects.filter(landlord=actor.organisation_id, month__gte=since).aggregate(
        due=Coalesce(Sum("due_cents"), 0),
        left=Coalesce(Sum(F("due_cents") - F("paid_cents") - F("forgiven_cents")), 0),
    )
    note = _("%(left)s su %(due)s dovuti in dodici mesi") % {
        "left": show_euros(live["left"]),
        "due": show_euros(live["due"]),
    }
    return percent(max(live["left"], 0), live["due"]), note


def with_rents(homes: QuerySet[Dwelling]) -> QuerySet[Dwelling]:
    """Annotate `in_use` (beds) and `all_rent` (cents a month of the whole home)."""
    beds = Count("rooms__beds", filter=Q(rooms__beds__closed_on__isnull=True))
    return homes.annotate(in_use=beds).annotate(
        all_rent=Case(When(mode=Mode.WHOLE, then=F("rent_cents")), default=F("rent_cents") * F("in_use"))
    )


def _rent(cents: int, area: Decimal | None) -> tuple[str, str]:
    if not area:
        return "", _("nessuna casa attiva")
    return show_euros(int(cents / area)), _("al mese, a case piene")


def _from_works(actor: Actor, today: date) -> dict[Indicator, tuple[str, str]]:
    done = works_for(actor)
    counted = done.aggregate(
        recovered=Count("dwellings", filter=Q(was_empty=True)),
        area=Coalesce(Sum("dwellings__net_area_m2"), Decimal(0)),
    )
    jumps = [
        jump
        for works in done.exclude(energy_before="").exclude(energy_after="")
        if (jump := energy_jump(works)) is not None
    ]
    found = {
        Indicator.RECOVERED: (str(counted["recovered"]), _("con lavori finiti")),
        Indicator.AREA: (decimal_words(counted["area"], 0), _("con lavori finiti")),
        Indicator.ENERGY: (
            f"{decimal_words(Decimal(sum(jumps)) / len(jumps))}" if jumps else "",
            _("media di %(works)s lavori con la classe di prima e di dopo") % {"works": len(jumps)},
        ),
    }
    if is_of_the_body(actor):
        found |= _money_of_works(done, today)
    return found


def energy_jump(works: Works) -> int | None:
    """Return how many energy classes the works gained."""
    if works.energy_before not in CLASSES or works.energy_after not in CLASSES:
        return None
    return CLASSES[works.energy_after] - CLASSES[works.energy_before]


@dataclass(frozen=True)
class WorksMoney:
    """Works with their cost in cents (what was invoiced, or the budget when nothing was), their beds and who paid."""

    works: Works
    cost: int
    beds: int
    of_others: int


def money_of(works: Iterable[Works], today: date) -> list[WorksMoney]:
    """Return what some works cost and who paid."""
    found = []
    for one in works:
        budget = budget_of(one, today)
        cost = budget.invoiced or budget.gross
        beds = Bed.objects.filter(closed_on__isnull=True, room__dwelling__in=one.dwellings.all()).count()
        found.append(WorksMoney(one, cost, beds, min(cover_of(one, budget).granted, cost)))
    return found


def _money_of_works(done: QuerySet[Works], today: date) -> dict[Indicator, tuple[str, str]]:
    rows = money_of(done.order_by("pk"), today)
    cost, beds, others = (
        sum(row.cost for row in rows),
        sum(row.beds for row in rows),
        sum(row.of_others for row in rows),
    )
    own = cost - others
    return {
        Indicator.COST_PER_BED: (
            show_euros(round(cost / beds)) if beds and cost else "",
            _("%(works)s lavori finiti") % {"works": len(rows)},
        ),
        Indicator.LEVERAGE: (
            decimal_words(Decimal(others) / own, 2) if own > 0 else "",
            _("%(others)s di altri su %(cost)s") % {"others": show_euros(others), "cost": show_euros(cost)},
        ),
    }
