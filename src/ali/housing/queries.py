"""What other apps and the pages read from here. Each function says how many queries it makes, whatever the rows."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.core.money import to_cents, to_euros
from ali.housing.capacity import BLOCKS, STANDARD, Capacity, Standard, capacity_of
from ali.housing.models import Bed, Dwelling, Occupancy, Room
from ali.housing.states import LIVED_IN, MATCHABLE_STATES, DwellingState, Mode, RoomKind, StepFacts
from ali.organisations.models import OrganisationKind, OrganisationRole
from ali.people.models import Person
from ali.reception.models import Centre
from ali.rules.values import RuleMissing, RuleValue, closest_rule, rules_in_force
from ali.work.affordability import entry_cost


def living_there(day: date) -> Q:
    """Return the condition of an occupancy «somebody sleeps there on `day`».

    An expected end that has passed counts as still there until somebody confirms it.
    """
    return Q(starts_on__lte=day) & ongoing(day)


def ongoing(day: date) -> Q:
    """Return the condition of an occupancy «not over on `day`»: present, or still to begin."""
    return Q(ends_on__isnull=True) | Q(ends_on__gt=day) | Q(is_end_sure=False)


@dataclass(frozen=True)
class CapacityReading:
    """A dwelling's capacity with the rule that gives it, how many live there and how many beds it has."""

    capacity: Capacity
    rule: RuleValue
    people: int
    beds: int

    @property
    def has_too_many_people(self) -> bool:
        return self.capacity.warns(self.people)

    @property
    def has_too_many_beds(self) -> bool:
        return self.capacity.warns(self.beds)


@dataclass(frozen=True)
class CapacityRules:
    """The rules of capacity of every territory on a day: read once, asked for many dwellings."""

    standards: tuple[RuleValue, ...]
    blocking: tuple[RuleValue, ...]

    def standard_for(self, dwelling: Dwelling) -> RuleValue:
        """Return the parameter set of the Comune, of the province or of the State."""
        found = closest_rule(self.standards, **_place(dwelling))
        if found is None:
            raise RuleMissing(
                _("Nessuna regola sulla capienza in vigore: chiedi a un amministratore di inserirla.")
            )
        return found

    def capacity(self, dwelling: Dwelling, bedrooms: Iterable[Decimal] | None) -> Capacity:
        """Return the capacity of a dwelling; `bedrooms` None when its rooms are not known yet."""
        blocking = closest_rule(self.blocking, **_place(dwelling))
        return capacity_of(
            Standard.from_rule(self.standard_for(dwelling)),
            area=dwelling.net_area_m2,
            bedrooms=None if bedrooms is None else list(bedrooms),
            is_studio=dwelling.is_studio,
            max_people=dwelling.max_people,
            standard_blocks=bool(blocking and blocking.value),
        )


def _place(dwelling: Dwelling) -> dict[str, str]:
    municipality = dwelling.building.municipality
    return {"municipality": municipality.pk, "province": municipality.province_id}


def capacity_rules(day: date) -> CapacityRules:
    """Return the rules of capacity in force. Two queries."""
    return CapacityRules(tuple(rules_in_force(STANDARD, day)), tuple(rules_in_force(BLOCKS, day)))


def bedrooms_of(dwelling_ids: Collection[int]) -> dict[int, list[Decimal]]:
    """Return the sizes of the bedrooms of the dwellings that have rooms. One query."""
    found: dict[int, list[Decimal]] = {}
    for dwelling, kind, area in (
        Room.objects.filter(dwelling__in=list(dwelling_ids), closed_on__isnull=True)
        .order_by("pk")
        .values_list("dwelling_id", "kind", "area_m2")
    ):
        sizes = found.setdefault(dwelling, [])
        if kind == RoomKind.BEDROOM:
            sizes.append(area)
    return found


def capacity_reading(dwelling: Dwelling, day: date) -> CapacityReading:
    """Return the capacity of one dwelling and how full it is. Five queries."""
    rules = capacity_rules(day)
    return CapacityReading(
        capacity=rules.capacity(dwelling, bedrooms_of([dwelling.pk]).get(dwelling.pk)),
        rule=rules.standard_for(dwelling),
        people=Occupancy.objects.filter(living_there(day), bed__room__dwelling=dwelling).count(),
        beds=Bed.objects.in_use().filter(room__dwelling=dwelling).count(),
    )


@dataclass(frozen=True)
class FreeHome:
    """A home with beds free within some days. Money in cents a month: for the unit when whole, else for one bed.

    `present_sexes` are those of the people of the network who live there («?» for others): who may join them.
    """

    dwelling: Dwelling
    free_beds: int
    sure_beds: int
    total_beds: int
    people: int
    free_from: date
    is_sure: bool
    capacity: Capacity
    present_sexes: frozenset[str]

    @property
    def monthly_cents(self) -> int:
        return self.dwelling.rent_cents + self.dwelling.condominium_cents


def free_homes(*, province: str, today: date, days: int, actor: Actor | None = None) -> list[FreeHome]:
    """Return the homes of the prefecture's territory with a bed free within `days`, the earliest first. Six queries.

    `actor` limits them to those the actor may see.
    """
    dwellings = Dwelling.objects.all() if actor is None else Dwelling.objects.visible_to(actor, today)
    rows = {
        row.pk: row
        for row in dwellings.free_within(today, days)
        .filter(building__municipality__province__prefecture=province)
        .select_related("building__municipality__province", "manager")
        .order_by("pk")
    }
    beds = _beds_of(rows)
    sexes = _sexes_of(rows, today)
    rules, bedrooms = capacity_rules(today), bedrooms_of(rows)
    last = today + timedelta(days=days)
    homes = [
        _free_home(row, beds[pk], sexes[pk], rules.capacity(row, bedrooms.get(pk)), last)
        for pk, row in rows.items()
    ]
    return sorted(homes, key=lambda home: (home.free_from, home.dwelling.pk))


def _beds_of(dwelling_ids: Collection[int]) -> Mapping[int, list[Bed]]:
    found: dict[int, list[Bed]] = defaultdict(list)
    for bed in (
        Bed.objects.in_use()
        .filter(room__dwelling__in=list(dwelling_ids))
        .select_related("room")
        .order_by("room_id", "pk")
    ):
        found[bed.room.dwelling_id].append(bed)
    return found


def _sexes_of(dwelling_ids: Collection[int], day: date) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for dwelling, sex in (
        Occupancy.objects.filter(living_there(day), bed__room__dwelling__in=list(dwelling_ids))
        .order_by("pk")
        .values_list("bed__room__dwelling_id", "person__sex")
    ):
        found[dwelling].append(sex or "?")
    return found


def _free_home(
    dwelling: Dwelling, beds: list[Bed], sexes: list[str], capacity: Capacity, last: date
) -> FreeHome:
    free = [
        (bed.free_from, bed.is_free_sure)
        for bed in beds
        if bed.free_from and bed.free_from <= last and not bed.is_held
    ]
    first_on, is_first_sure = min(free, key=lambda bed: (bed[0], not bed[1]))
    return FreeHome(
        dwelling=dwelling,
        free_beds=len(free),
        sure_beds=sum(is_sure for _on, is_sure in free),
        total_beds=len(beds),
        people=len(sexes),
        free_from=first_on,
        is_sure=is_first_sure,
        capacity=capacity,
        present_sexes=frozenset(sexes),
    )


@dataclass(frozen=True)
class Costs:
    """What a household pays in a dwelling, in cents: for the unit when whole, else for one bed."""

    rent: int
    condominium: int
    utilities: int
    deposit: int
    first_month: int
    other: int

    @property
    def monthly(self) -> int:
        return self.rent + self.condominium

    @property
    def monthly_with_utilities(self) -> int:
        return self.monthly + self.utilities

    @property
    def entry(self) -> int:
        return self.deposit + self.first_month + self.other


def costs_of(dwelling: Dwelling, shares: int = 1) -> Costs:
    """Return the costs of a dwelling, times `shares` (the persons, when the home is let by the bed). No query."""
    rent, condominium, utilities, other = (
        cents * (1 if dwelling.mode == Mode.WHOLE else shares)
        for cents in (
            dwelling.rent_cents,
            dwelling.condominium_cents,
            dwelling.utilities_cents,
            dwelling.other_entry_cents,
        )
    )
    entry = entry_cost(
        to_euros(rent), to_euros(condominium), Decimal(dwelling.deposit_months), to_euros(other)
    )
    return Costs(
        rent=rent,
        condominium=condominium,
        utilities=utilities,
        deposit=to_cents(entry.deposit),
        first_month=to_cents(entry.first_month),
        other=to_cents(entry.other),
    )


def bodies_that_host(organisation_ids: Collection[int], day: date) -> set[int]:
    """Return those that also run reception, and are paid for presences: a conflict to show. Two queries."""
    ids = list(organisation_ids)
    roles = OrganisationRole.objects.valid_on(day).filter(
        organisation__in=ids, kind=OrganisationKind.RECEPTION_MANAGER
    )
    hosting = set(roles.order_by().values_list("organisation_id", flat=True))
    centres = Centre.objects.filter(manager__in=ids).order_by().values_list("manager_id", flat=True)
    return hosting | set(centres)


@dataclass(frozen=True)
class Occupant:
    """Who sleeps in a bed, as an actor may know it: `name` is empty when the actor may not see the person."""

    occupancy: Occupancy
    name: str
    person_public_id: UUID | None
    is_to_confirm: bool
    is_present: bool


@dataclass(frozen=True)
class BedView:
    """A bed with who sleeps there now or will."""

    bed: Bed
    occupants: tuple[Occupant, ...]


@dataclass(frozen=True)
class RoomView:
    """A room with its beds, and what of it is below the standard."""

    room: Room
    beds: tuple[BedView, ...]
    notes: tuple[str, ...]


def rooms_view(actor: Actor, dwelling: Dwelling, standard: RuleValue, day: date) -> list[RoomView]:
    """Return the rooms with their beds and occupants, as `actor` may know them. Four queries."""
    beds = _beds_of([dwelling.pk])[dwelling.pk]
    occupants = _occupants(actor, dwelling, day)
    by_room: dict[int, list[BedView]] = defaultdict(list)
    for bed in beds:
        by_room[bed.room_id].append(BedView(bed, tuple(occupants[bed.pk])))
    return [
        RoomView(room, tuple(by_room[room.pk]), tuple(_below_standard(room, standard)))
        for room in Room.objects.filter(dwelling=dwelling, closed_on__isnull=True).order_by("pk")
    ]


def has_unknown_occupants(dwelling: Dwelling, day: date) -> bool:
    """Say whether somebody without a name lives there of whom nobody has said who it is."""
    unknown = Occupancy.objects.filter(
        ongoing(day), bed__room__dwelling=dwelling, person__isnull=True, who=""
    )
    return unknown.exists()


def occupants_of_bed(actor: Actor, bed: Bed, day: date) -> list[Occupant]:
    """Return who sleeps or will sleep in a bed, as `actor` may know it. Two queries."""
    return _occupants(actor, bed.room.dwelling, day)[bed.pk]


def _occupants(actor: Actor, dwelling: Dwelling, day: date) -> Mapping[int, list[Occupant]]:
    rows = list(
        Occupancy.objects.filter(ongoing(day), bed__room__dwelling=dwelling).order_by("starts_on", "pk")
    )
    people = {
        person.pk: person
        for person in Person.objects.visible_to(actor, day).filter(
            pk__in=[row.person_id for row in rows if row.person_id]
        )
    }
    found: dict[int, list[Occupant]] = defaultdict(list)
    for row in rows:
        person = people.get(row.person_id or 0)
        found[row.bed_id].append(
            Occupant(
                occupancy=row,
                name=person.display_name if person else "",
                person_public_id=person.public_id if person else None,
                is_to_confirm=row.ends_on is not None and row.ends_on <= day,
                is_present=row.starts_on <= day,
            )
        )
    return found


def _below_standard(room: Room, standard: RuleValue) -> list[str]:
    """Return what is below the standard; bathrooms and stores may be lower and need no window."""
    number = {name: Decimal(str(value)) for name, value in standard.value.items()}
    is_lived_in = room.kind in LIVED_IN
    lowest = number["min_height"] if is_lived_in else number.get("min_service_height", Decimal(0))
    window = room.area_m2 * number.get("window_ratio", Decimal(0)) if is_lived_in else Decimal(0)
    found = []
    if room.height_m is not None and room.height_m < lowest:
        found.append("height")
    if room.window_m2 is not None and room.window_m2 < window:
        found.append("window")
    if room.kind == RoomKind.BEDROOM and room.area_m2 < number["single_bedroom"]:
        found.append("small")
    return found


def step_facts(dwelling: Dwelling, day: date) -> StepFacts:
    """Return what may stop a step of a dwelling. Two queries."""
    beds = list(Bed.objects.in_use().filter(room__dwelling=dwelling).values_list("is_held", flat=True))
    return StepFacts(
        state=DwellingState(dwelling.state),
        beds=len(beds),
        has_people=Occupancy.objects.filter(ongoing(day), bed__room__dwelling=dwelling).exists(),
        has_holds=any(beds),
        awaits_assignment=dwelling.building.awaits_assignment,
    )


@dataclass(frozen=True)
class MapPoint:
    """A building on the map, with what is free in it."""

    latitude: float
    longitude: float
    label: str
    dwelling: UUID
    dwellings: int
    free_now: int
    free_soon: int
    is_exact: bool


def homes_in_order(ids: Sequence[int], today: date) -> list[Dwelling]:
    """Return the dwellings of a page of a list, in that order, with their beds annotated. One query."""
    rows = (
        Dwelling.objects.filter(pk__in=ids)
        .with_beds(today)
        .select_related("building__municipality", "manager")
        .order_by("pk")
    )
    by_id = {row.pk: row for row in rows}
    return [by_id[pk] for pk in ids if pk in by_id]


def map_points(ids: QuerySet[Any], today: date, days: int) -> list[MapPoint]:
    """Return one point for each building of the dwellings `ids` (a query of ids). Two queries."""
    beds = _free_beds_of(ids, today, today + timedelta(days=days))
    by_building: dict[int, list[_OnMap]] = defaultdict(list)
    for row in Dwelling.objects.filter(pk__in=ids).order_by("building_id", "pk").values_list(*_ON_MAP):
        place = _OnMap(*row)
        by_building[place.building].append(place)
    return [point for rows in by_building.values() if (point := _point(rows, beds))]


_ON_MAP = (
    "pk",
    "public_id",
    "building_id",
    "state",
    "building__address",
    "building__latitude",
    "building__longitude",
    "building__is_confiscated",
    "building__transferred_to_municipality_on",
    "building__assigned_on",
    "building__municipality__name",
    "building__municipality__latitude",
    "building__municipality__longitude",
)


class _OnMap(NamedTuple):
    """What the map needs of a dwelling, in the order of `_ON_MAP`."""

    pk: int
    public_id: UUID
    building: int
    state: str
    address: str
    latitude: float | None
    longitude: float | None
    is_confiscated: bool
    transferred_on: date | None
    assigned_on: date | None
    town: str
    town_latitude: float | None
    town_longitude: float | None

    @property
    def is_matchable(self) -> bool:
        awaits = self.is_confiscated and not (self.transferred_on and self.assigned_on)
        return self.state in MATCHABLE_STATES and not awaits


def _free_beds_of(ids: QuerySet[Any], today: date, last: date) -> dict[int, tuple[int, date]]:
    """Return for each dwelling with a bed free by `last` how many are free today, and the first day."""
    rows = (
        Bed.objects.free_on(last)
        .filter(room__dwelling__in=ids)
        .order_by()
        .values("room__dwelling_id")
        .annotate(now=Count("pk", filter=Q(free_from__lte=today)), first=Min("free_from"))
        .values_list("room__dwelling_id", "now", "first")
    )
    return {dwelling: (now, first) for dwelling, now, first in rows}


def _point(rows: list[_OnMap], beds: Mapping[int, tuple[int, date]]) -> MapPoint | None:
    place = rows[0]
    is_exact = place.latitude is not None and place.longitude is not None
    latitude = place.latitude if is_exact else place.town_latitude
    longitude = place.longitude if is_exact else place.town_longitude
    if latitude is None or longitude is None:
        return None
    soon = [row for row in rows if row.is_matchable and row.pk in beds]
    first = min(soon, key=lambda row: (beds[row.pk][1], row.pk)) if soon else place
    return MapPoint(
        latitude=latitude,
        longitude=longitude,
        label=f"{place.address}, {place.town}",
        dwelling=first.public_id,
        dwellings=len(rows),
        free_now=sum(beds[row.pk][0] for row in soon),
        free_soon=len(soon),
        is_exact=is_exact,
    )
