"""What pages and other apps read from the census: points of the map, owners of a home, what the market asks for it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from ali.core.maps import Mark
from ali.housing.models import Dwelling
from ali.housing.states import Mode
from ali.scouting.models import HomeZone, Ownership, RentQuote, RentZone
from ali.scouting.states import LeadState

_TONES = {
    LeadState.FEASIBLE: "ok",
    LeadState.AGREED: "ok",
    LeadState.VISITED: "soon",
    LeadState.CONTACTED: "soon",
}
_ON_MAP = (
    "public_id",
    "address",
    "what",
    "state",
    "latitude",
    "longitude",
    "municipality__name",
    "municipality__latitude",
    "municipality__longitude",
)


def lead_marks(leads: QuerySet[Any]) -> list[Mark]:
    """Return one mark for each lead; without coordinates it stands at the centre of its Comune. One query."""
    base = reverse("scouting:lead_list")
    labels = {state.value: str(state.label) for state in LeadState}
    about = _("Posizione indicativa: centro del Comune.")
    marks = []
    for row in leads.order_by("pk").values_list(*_ON_MAP):
        public_id, address, what, state, latitude, longitude, town, town_lat, town_lon = row
        is_exact = latitude is not None and longitude is not None
        place = (latitude, longitude) if is_exact else (town_lat, town_lon)
        if place[0] is None or place[1] is None:
            continue
        marks.append(
            Mark(
                latitude=place[0],
                longitude=place[1],
                label=f"{address or what}, {town}",
                href=f"{base}{public_id}/",
                note=labels[state] if is_exact else f"{labels[state]}. {about}",
                tone=_TONES.get(LeadState(state), "taken"),
            )
        )
    return marks


def owners_of(home: Dwelling, body: int, day: date) -> list[Ownership]:
    """Return who owns a home or its building on a day, as `body` keeps them. One query."""
    return list(
        Ownership.objects.on(day)
        .filter(Q(dwelling=home) | Q(dwelling__isnull=True), building=home.building_id, owner__kept_by=body)
        .select_related("owner", "building", "dwelling")
        .order_by("-share", "pk")
    )


@dataclass(frozen=True)
class MarketRent:
    """What the market asks a month for a home of that size, in cents, and how far below it stands.

    `is_chosen`: a person said which zone, kind and state; else it is the range of the whole Comune.
    """

    low: int
    high: int
    half_year: str
    zone: str
    kind: str
    is_chosen: bool
    rent: int
    is_gross_area: bool

    @property
    def middle(self) -> int:
        return (self.low + self.high) // 2

    @property
    def below(self) -> int | None:
        """How much below the middle of the market, of a hundred; negative above it. None without a rent."""
        return round(100 * (self.middle - self.rent) / self.middle) if self.middle and self.rent else None


def market_rent(home: Dwelling, total_beds: int) -> MarketRent | None:
    """Return the market rent of a home from the latest half year of its Comune; None when nobody imported it. Three queries."""
    town = home.building.municipality_id
    latest = (
        RentZone.objects.filter(municipality=town).order_by("-half_year").values_list("half_year", flat=True)
    )
    half_year = latest.first()
    if half_year is None:
        return None
    quotes = RentQuote.objects.filter(zone__municipality=town, zone__half_year=half_year).select_related(
        "zone"
    )
    chosen = HomeZone.objects.filter(dwelling=home).first()
    known = None
    if chosen:
        known = quotes.filter(zone__code=chosen.code, kind=chosen.kind, condition=chosen.condition).first()
    rows = [known] if known else list(quotes.filter(kind_name__icontains="abitazioni").order_by("pk"))
    if not rows:
        return None
    area = home.net_area_m2
    shares = 1 if home.mode == Mode.WHOLE else max(total_beds, 1)
    return MarketRent(
        low=int(min(row.low_cents for row in rows) * area),
        high=int(max(row.high_cents for row in rows) * area),
        half_year=half_year,
        zone=str(known.zone) if known else "",
        kind=f"{known.kind_name}, {known.condition.lower()}" if known else "",
        is_chosen=known is not None,
        rent=home.rent_cents * shares,
        is_gross_area=any(row.is_gross_area for row in rows),
    )


def counts_by_state(leads: QuerySet[Any]) -> dict[str, int]:
    """Return how many leads are in each state. One query."""
    rows = leads.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n")
    return dict(rows)
