"""Homes: buildings, dwellings, rooms, beds, and who sleeps in them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from zlib import crc32

from ali.core.text import search_key
from ali.demo.chance import stream
from ali.demo.filling.bodies import Bodies
from ali.demo.filling.owners import add_owners
from ali.demo.filling.rows import write
from ali.demo.homes import HOLDERS
from ali.demo.shapes import BedSpec, BuildingSpec, DwellingSpec, Homes, RoomSpec
from ali.housing.availability import End, freedom
from ali.housing.models import Bed, Building, Dwelling, Occupancy, Room
from ali.housing.states import Channel, DwellingState, RoomKind

STATES = {"partly_occupied": DwellingState.OCCUPIED}
ROOMS = {
    "bedroom": RoomKind.BEDROOM,
    "studio": RoomKind.BEDROOM,
    "living": RoomKind.LIVING,
    "kitchen": RoomKind.KITCHEN,
    "bathroom": RoomKind.BATHROOM,
    "corridor": RoomKind.OTHER,
}
READY_DAYS = 1500
GROUP_OF_SEX = {"M": "man", "F": "woman"}


@dataclass(frozen=True)
class Tenant:
    """Somebody of the network who moved into one of its homes."""

    person: int
    sex: str
    since: date


def holder_of(dwelling: DwellingSpec) -> str:
    """The body that gives the home: market flats and those still waiting have one too, to speak with."""
    if dwelling.holder in HOLDERS:
        return dwelling.holder
    return HOLDERS[crc32(dwelling.key.encode()) % len(HOLDERS)]


def add_homes(
    homes: Homes, *, bodies: Bodies, municipalities: Mapping[str, str], tenants: Sequence[Tenant]
) -> None:
    """Write the homes. `municipalities` gives their names; `tenants` take the place of nameless occupants."""
    today, chance = homes.today, stream(homes.seed, "visits")
    buildings = write([_building(spec, municipalities) for spec in homes.buildings])
    specs = [
        (spec, row)
        for building, row in zip(homes.buildings, buildings, strict=True)
        for spec in building.dwellings
    ]
    dwellings = write([_dwelling(spec, row, bodies, chance, today) for spec, row in specs])
    _add_beds([spec for spec, _building in specs], dwellings, today, list(tenants))
    add_owners(homes.buildings, buildings, dwellings)


def _building(spec: BuildingSpec, municipalities: Mapping[str, str]) -> Building:
    return Building(
        municipality_id=spec.municipality,
        address=spec.address,
        folded=search_key(spec.address, municipalities[spec.municipality])[:300],
        postcode=spec.cap,
        latitude=spec.lat,
        longitude=spec.lon,
        has_lift=spec.has_lift,
        is_confiscated=spec.origin == "confiscated",
        transferred_to_municipality_on=spec.transferred_on,
        assigned_on=spec.assigned_on,
        is_invented=True,
    )


def _dwelling(
    spec: DwellingSpec, building: Building, bodies: Bodies, chance: Random, today: date
) -> Dwelling:
    ready_on, is_sure = _ready(spec, today)
    return Dwelling(
        building=building,
        label=spec.unit,
        manager_id=bodies.by_name[holder_of(spec)].pk,
        channel=Channel.MARKET if spec.is_market else Channel.AGENCY,
        state=STATES.get(spec.state, spec.state),
        mode=spec.mode,
        net_area_m2=_metres(spec.net_area_m2),
        is_studio=spec.is_studio,
        floor=spec.floor,
        access=spec.accessibility,
        available_on=ready_on,
        is_available_sure=is_sure,
        rent_cents=spec.rent_cents,
        condominium_cents=spec.condominium_cents,
        utilities_cents=spec.utilities_cents,
        deposit_months=spec.deposit_months,
        other_entry_cents=spec.entry_other_cents,
        contact_name="Referente Esempio",
        contact_phone=f"+39 000 {chance.randrange(10**7):07d}",
        minutes_to_station=chance.randint(3, 35),
    )


def _ready(spec: DwellingSpec, today: date) -> tuple[date | None, bool]:
    """From when anybody may sleep there."""
    if not spec.is_matchable:
        return None, True
    if spec.works_end_on is not None:
        return max((bed.free_on for bed in spec.beds if bed.free_on), default=spec.works_end_on), False
    return today - timedelta(days=READY_DAYS), True


def _metres(value: float) -> Decimal:
    return Decimal(str(value))


def _add_beds(
    specs: Sequence[DwellingSpec], dwellings: Sequence[Dwelling], today: date, tenants: list[Tenant]
) -> None:
    of_room: list[tuple[DwellingSpec, Dwelling, RoomSpec]] = [
        (spec, row, room) for spec, row in zip(specs, dwellings, strict=True) for room in spec.rooms
    ]
    rooms = write([_room(row, room) for _spec, row, room in of_room])
    of_bed = [
        (spec, dwelling, bed, row)
        for (spec, dwelling, room), row in zip(of_room, rooms, strict=True)
        for bed in room.beds
    ]
    stays = [list(_occupancies(bed, today)) for _spec, _dwelling, bed, _room_row in of_bed]
    beds = write(
        [
            _bed(bed, dwelling, room, past_and_present)
            for (_spec, dwelling, bed, room), past_and_present in zip(of_bed, stays, strict=True)
        ]
    )
    occupancies = []
    # Homes open to anybody first: there, who lives in decides who may enter.
    order = sorted(range(len(of_bed)), key=lambda number: of_bed[number][0].mode != "open")
    for number in order:
        spec, _dwelling, bed, _room_row = of_bed[number]
        for stay in stays[number]:
            stay.bed = beds[number]
            if stay.ends_on is None or stay.ends_on > today:
                _name(stay, spec, bed, tenants)
            occupancies.append(stay)
    write(occupancies)


def _room(dwelling: Dwelling, spec: RoomSpec) -> Room:
    return Room(
        dwelling=dwelling,
        kind=ROOMS[spec.kind],
        label="Monolocale" if spec.kind == "studio" else "",
        area_m2=_metres(spec.area_m2),
        height_m=_metres(spec.height_m),
        window_m2=_metres(round(spec.window_m2, 1)),
    )


def _occupancies(bed: BedSpec, today: date) -> Iterator[Occupancy]:
    """Who sleeps there today; for a bed that is free, who left it last."""
    if bed.occupant is not None:
        ends, is_sure = bed.occupant.leaves_on, bed.free_certainty == "sure"
        yield Occupancy(starts_on=bed.occupant.since, ends_on=ends, is_end_sure=is_sure)
    elif bed.free_on is not None and bed.free_on <= today:
        yield Occupancy(starts_on=bed.free_on - timedelta(days=400), ends_on=bed.free_on, is_end_sure=True)


def _bed(spec: BedSpec, dwelling: Dwelling, room: Room, stays: Sequence[Occupancy]) -> Bed:
    ends = [End(stay.ends_on, stay.is_end_sure) for stay in stays]
    free = freedom(ends, ready_on=dwelling.available_on, is_ready_sure=dwelling.is_available_sure)
    return Bed(
        room=room, label=f"Letto {spec.key.rsplit('-', 1)[1]}", free_from=free.on, is_free_sure=free.is_sure
    )


def _name(stay: Occupancy, spec: DwellingSpec, bed: BedSpec, tenants: list[Tenant]) -> None:
    """Let somebody who left reception for a home of the network be the one who sleeps there."""
    if spec.is_market or spec.mode == "whole" or bed.occupant is None:
        return
    for tenant in tenants:
        if GROUP_OF_SEX.get(tenant.sex) == bed.occupant.group and (
            stay.ends_on is None or stay.ends_on > tenant.since
        ):
            tenants.remove(tenant)
            stay.person_id, stay.starts_on = tenant.person, tenant.since
            return
