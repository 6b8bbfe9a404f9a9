"""The rows behind each indicator: homes and works for the body itself, Comuni with counts and shares for the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.core.money import show_euros
from ali.core.paging import Slice, take_page
from ali.housing.models import Dwelling
from ali.portfolio.indicators import (
    MONTHS,
    decimal_words,
    energy_jump,
    homes_for,
    kept_for,
    money_of,
    percent,
    with_rents,
    works_for,
)
from ali.portfolio.keeping import ACTIVE, months_back
from ali.portfolio.querysets import is_of_the_body
from ali.portfolio.states import Indicator
from ali.rents.models import MonthlyTotal

FROM_WORKS = {
    Indicator.RECOVERED,
    Indicator.AREA,
    Indicator.ENERGY,
    Indicator.COST_PER_BED,
    Indicator.LEVERAGE,
}
FROM_MONTHS = {Indicator.OCCUPANCY, Indicator.VACANCY, Indicator.TURNOVER}


@dataclass(frozen=True)
class Row:
    """A row of a list: its name, where it leads, its figures."""

    label: str
    href: str
    cells: Sequence[str]


@dataclass(frozen=True)
class Listing:
    """The rows of an indicator with the names of their columns."""

    what: str
    columns: Sequence[str]
    rows: Slice[Row]


def rows_of(request: HttpRequest, actor: Actor, indicator: Indicator, today: date) -> Listing:
    """Return the rows behind an indicator, one page of them."""
    if indicator in FROM_WORKS and is_of_the_body(actor):
        return _works(request, actor, indicator, today)
    if indicator in FROM_MONTHS or not is_of_the_body(actor):
        return _towns(request, actor, indicator, today)
    if indicator == Indicator.ARREARS:
        return _arrears(request, actor, today)
    return _homes(request, actor)


def _page(request: HttpRequest, source: object, make: object) -> Slice[Row]:
    raw: Slice[object] = take_page(request, source)  # type: ignore[arg-type]  # a query set can be cut
    return Slice([make(one) for one in raw.rows], raw.number, raw.previous_url, raw.next_url)  # type: ignore[operator]


def _home_link(home: Dwelling) -> str:
    return reverse("housing:home_detail", args=[home.public_id])


def _homes(request: HttpRequest, actor: Actor) -> Listing:
    homes = with_rents(homes_for(actor).filter(state__in=ACTIVE))
    rows = homes.select_related("building__municipality").order_by("building__address", "label", "pk")

    def make(home: Dwelling) -> Row:
        rent: int = home.all_rent  # type: ignore[attr-defined]  # `with_rents`
        beds: int = home.in_use  # type: ignore[attr-defined]  # `with_rents`
        each = show_euros(int(rent / home.net_area_m2)) if home.net_area_m2 else ""
        cells = (
            str(home.building.municipality),
            str(beds),
            decimal_words(home.net_area_m2),
            show_euros(rent),
            each,
        )
        return Row(str(home), _home_link(home), cells)

    columns = (_("Comune"), _("Posti letto"), _("m²"), _("Canone a casa piena"), _("al m²"))
    return Listing(_("Case attive"), columns, _page(request, rows, make))


def _arrears(request: HttpRequest, actor: Actor, today: date) -> Listing:
    since = months_back(today, MONTHS)[0]
    left = F("due") - F("paid") - F("forgiven")
    rows = (
        MonthlyTotal.objects.visible_to(actor)
        .filter(month__gte=since)
        .order_by()
        .values("dwelling")
        .annotate(due=Sum("due_cents"), paid=Sum("paid_cents"), forgiven=Sum("forgiven_cents"))
        .annotate(left=left)
        .filter(left__gt=0)
        .order_by("-left", "dwelling")
    )
    raw = take_page(request, rows)
    homes = Dwelling.objects.select_related("building").in_bulk([row["dwelling"] for row in raw.rows])
    made = [
        Row(
            str(homes[row["dwelling"]]),
            _home_link(homes[row["dwelling"]]),
            (
                show_euros(row["due"]),
                show_euros(row["paid"]),
                show_euros(row["left"]),
                percent(row["left"], row["due"]),
            ),
        )
        for row in raw.rows
    ]
    columns = (_("Dovuto"), _("Pagato"), _("Manca"), _("Quota"))
    return Listing(
        _("Case con canoni non incassati"), columns, Slice(made, raw.number, raw.previous_url, raw.next_url)
    )


def _towns(request: HttpRequest, actor: Actor, indicator: Indicator, today: date) -> Listing:
    """By Comune: counts and shares alone, the same for everybody."""
    if indicator in FROM_WORKS:
        return _works_by_town(request, actor)
    beds = dict(
        homes_for(actor)
        .filter(state__in=ACTIVE)
        .order_by()
        .values_list("building__municipality")
        .annotate(beds=Count("rooms__beds", filter=Q(rooms__beds__closed_on__isnull=True)))
    )
    rows = (
        kept_for(actor, today)
        .order_by()
        .values("municipality", "municipality__name")
        .annotate(
            nights=Sum("nights"),
            taken=Sum("nights_taken"),
            entered=Sum("entries"),
            changes=Sum("gaps"),
            empty=Sum("gap_days"),
            due=Sum("due_cents"),
            left=Sum(F("due_cents") - F("paid_cents") - F("forgiven_cents")),
        )
        .order_by("municipality__name", "municipality")
    )

    def make(row: dict[str, int | str]) -> Row:
        changes, empty = int(row["changes"]), int(row["empty"])
        return Row(
            str(row["municipality__name"]),
            "",
            (
                str(beds.get(row["municipality"], 0)),
                percent(int(row["taken"]), int(row["nights"])),
                decimal_words(Decimal(empty) / changes) if changes else "",
                str(row["entered"]),
                percent(max(int(row["left"]), 0), int(row["due"])),
            ),
        )

    columns = (_("Posti letto"), _("Occupati"), _("Giorni vuoti"), _("Entrate"), _("Non incassato"))
    return Listing(_("Comune per Comune, negli ultimi dodici mesi"), columns, _page(request, rows, make))


def _works_by_town(request: HttpRequest, actor: Actor) -> Listing:
    rows = (
        works_for(actor)
        .order_by()
        .values("building__municipality", "building__municipality__name")
        .annotate(
            done=Count("pk", distinct=True),
            recovered=Count("dwellings", filter=Q(was_empty=True)),
            area=Coalesce(Sum("dwellings__net_area_m2"), Decimal(0)),
        )
        .order_by("building__municipality__name", "building__municipality")
    )

    def make(row: dict[str, object]) -> Row:
        cells = (str(row["done"]), str(row["recovered"]), decimal_words(Decimal(str(row["area"])), 0))
        return Row(str(row["building__municipality__name"]), "", cells)

    columns = (_("Lavori finiti"), _("Alloggi recuperati"), _("m² rigenerati"))
    return Listing(_("Lavori finiti, Comune per Comune"), columns, _page(request, rows, make))


def _works(request: HttpRequest, actor: Actor, indicator: Indicator, today: date) -> Listing:
    raw = take_page(request, works_for(actor).select_related("building__municipality").order_by("name", "pk"))
    made = []
    for one in money_of(raw.rows, today):
        area = sum((home.net_area_m2 for home in one.works.dwellings.all()), Decimal(0))
        jump = energy_jump(one.works)
        cells = (
            decimal_words(area, 0),
            str(one.beds),
            f"{one.works.energy_before or '?'} → {one.works.energy_after or '?'}"
            + (f" ({jump:+d})" if jump is not None else ""),
            show_euros(one.cost),
            show_euros(round(one.cost / one.beds)) if one.beds else "",
            show_euros(one.of_others),
        )
        made.append(
            Row(one.works.name, reverse("renovation:works_detail", args=[one.works.public_id]), cells)
        )
    columns = (
        _("m²"),
        _("Posti letto"),
        _("Classe energetica"),
        _("Costo"),
        _("Per posto letto"),
        _("Pagato da altri"),
    )
    return Listing(_("Lavori finiti"), columns, Slice(made, raw.number, raw.previous_url, raw.next_url))
