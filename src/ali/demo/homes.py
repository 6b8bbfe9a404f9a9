"""Invented homes, as scarce as in life: buildings, dwellings, rooms, beds and who sleeps in them.

Of those leaving reception within 90 days, the beds that become free could take one in eight.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from ali.demo.centres import invent_address, near, towns_wheel
from ali.demo.chance import Wheel, days_after, days_before, euros, stream
from ali.demo.exits import HORIZON_DAYS
from ali.demo.shapes import BedSpec, BuildingSpec, DwellingSpec, Homes, Municipality, OccupantSpec, RoomSpec

FREE_BEDS_PER_LEAVING = 0.13  # the issue allows 0.15 at most
DWELLINGS_PER_LEAVING = 0.3
FEWEST_DWELLINGS = 24

KINDS = Wheel(
    {"agency_men": 42, "agency_women": 14, "agency_open": 9, "agency_whole": 17, "market": 12, "works": 6}
)
# The first ones are always there, and are the first to have something free.
FIRST_KINDS = ("agency_men", "agency_women", "agency_whole", "market", "agency_open", "works", "agency_men")
MODES = {"agency_men": "men", "agency_women": "women", "agency_open": "open"}
HOLDERS = (
    "Agenzia Sociale Esempio Casa Comune",
    "Immobiliare Sociale Esempio Portici",
    "Cooperativa Esempio Abitare",
)
BUILT = Wheel(
    {
        "<1919": 6,
        "1919-45": 8,
        "1946-60": 16,
        "1961-70": 24,
        "1971-80": 22,
        "1981-90": 12,
        "1991-2000": 7,
        "2001+": 5,
    }
)
ENERGY = Wheel({"A1": 2, "B": 4, "C": 9, "D": 17, "E": 24, "F": 24, "G": 20})


@dataclass(frozen=True, slots=True)
class _Freed:
    """How many beds of a dwelling become free within the horizon."""

    kind: str
    beds: int
    free: int


def invent_homes(*, seed: int, today: date, leaving: int, dwellings: int | None = None) -> Homes:
    """Homes of the network and of the market; at most 15 free beds for every hundred people `leaving`."""
    chance = stream(seed, "homes")
    count = (
        dwellings if dwellings is not None else max(FEWEST_DWELLINGS, round(leaving * DWELLINGS_PER_LEAVING))
    )
    sketches = list(_share_out(chance, count, int(leaving * FREE_BEDS_PER_LEAVING)))
    chance.shuffle(sketches)
    towns = towns_wheel()
    buildings = [_confiscated(chance, today, towns.spin(chance))]
    number = 1
    while sketches:
        size = min(len(sketches), chance.choice((1, 1, 1, 2, 2, 3, 4)))
        group, sketches = sketches[:size], sketches[size:]
        buildings.append(
            _building(chance, today, towns.spin(chance), group, number=len(buildings) + 1, first=number)
        )
        number += size
    return Homes(seed=seed, today=today, buildings=tuple(buildings))


def _share_out(chance: Random, count: int, budget: int) -> Iterator[_Freed]:
    for number in range(count):
        is_first = number < len(FIRST_KINDS)
        kind = FIRST_KINDS[number] if is_first else KINDS.spin(chance)
        beds = chance.choice((2, 3, 3, 4, 4, 5)) if kind != "market" else chance.choice((2, 3, 4))
        wanted = _wanted(chance, kind, beds, is_sure=is_first)
        free = wanted if wanted <= budget else 0
        budget -= free
        yield _Freed(kind, beds, free)


def _wanted(chance: Random, kind: str, beds: int, *, is_sure: bool) -> int:
    match kind:
        case "agency_whole" | "market":
            return beds if is_sure or chance.random() < 0.2 else 0
        case "works":
            return beds if chance.random() < 0.3 else 0
        case "agency_open":
            return chance.choice((1, beds)) if is_sure or chance.random() < 0.3 else 0
        case _:
            return 1 if is_sure else chance.choices((0, 1, 2), (55, 38, 7))[0]


def _building(
    chance: Random, today: date, town: Municipality, group: list[_Freed], *, number: int, first: int
) -> BuildingSpec:
    address, (lat, lon) = invent_address(chance), near(chance, town)
    floors = chance.choice((1, 2, 2, 3, 3, 4, 5))
    has_lift = floors >= 4 or (floors == 3 and chance.random() < 0.4)
    is_market = all(sketch.kind == "market" for sketch in group)
    origin = "private" if is_market else chance.choice(("agency", "agency", "private", "municipal", "parish"))
    dwellings = tuple(
        _dwelling(
            chance,
            today,
            sketch,
            key=f"D{first + step:04d}",
            unit=step + 1,
            floor=chance.randrange(floors),
            has_lift=has_lift,
        )
        for step, sketch in enumerate(group)
    )
    return BuildingSpec(
        key=f"B{number:04d}",
        name=f"Casa Esempio {number}",
        origin=origin,
        owner=_owner(chance, origin, town),
        address=address,
        municipality=town.istat,
        municipality_name=town.name,
        cap=town.cap,
        lat=lat,
        lon=lon,
        built=BUILT.spin(chance),
        floors=floors,
        has_lift=has_lift,
        dwellings=dwellings,
    )


def _owner(chance: Random, origin: str, town: Municipality) -> str:
    owners = {
        "agency": chance.choice(HOLDERS),
        "private": f"Proprietario Esempio {chance.randint(1, 60)}",
        "municipal": f"Patrimonio comunale di {town.name} (esempio)",
        "parish": f"Parrocchia Esempio di {town.name}",
    }
    return owners[origin]


def _confiscated(chance: Random, today: date, town: Municipality) -> BuildingSpec:
    """Three flats that nobody may enter: the Comune has not assigned the building yet (D.Lgs. 159/2011, art. 48)."""
    sketches = [_Freed("works", beds, 0) for beds in (2, 3, 4)]
    building = _building(chance, today, town, sketches, number=1, first=9001)
    waiting = tuple(
        replace(
            dwelling,
            state="found",
            holder="",
            works_end_on=None,
            is_matchable=False,
            rooms=_emptied(dwelling.rooms),
        )
        for dwelling in building.dwellings
    )
    return replace(
        building,
        name="Casa Esempio confiscata",
        origin="confiscated",
        owner="Bene confiscato (esempio), in attesa del Comune",
        dwellings=waiting,
        transferred_on=days_before(chance, today, 30, 200),
    )


def _emptied(rooms: tuple[RoomSpec, ...]) -> tuple[RoomSpec, ...]:
    return tuple(
        replace(room, beds=tuple(BedSpec(bed.key, None, None) for bed in room.beds)) for room in rooms
    )


def _dwelling(
    chance: Random, today: date, sketch: _Freed, *, key: str, unit: int, floor: int, has_lift: bool
) -> DwellingSpec:
    mode = MODES.get(sketch.kind, "whole")
    is_studio = mode == "whole" and sketch.beds == 2 and chance.random() < 0.25
    works_end_on = _works_end(chance, today, sketch) if sketch.kind == "works" else None
    beds = _beds(chance, today, sketch, key=key, mode=mode, works_end_on=works_end_on)
    rooms = _studio(chance, key, beds) if is_studio else _rooms(chance, key, beds)
    is_market = sketch.kind == "market"
    per_bed = mode != "whole"
    return DwellingSpec(
        key=key,
        unit=f"Int. {unit}",
        floor=floor,
        mode=mode,
        state=_state(beds, today, works_end_on),
        holder=f"Proprietario Esempio {chance.randint(1, 60)}" if is_market else chance.choice(HOLDERS),
        rooms=rooms,
        net_area_m2=round(sum(room.area_m2 for room in rooms), 1),
        is_studio=is_studio,
        bathrooms=sum(room.kind == "bathroom" for room in rooms),
        accessibility=_accessibility(chance, floor, has_lift=has_lift),
        heating=chance.choice(("autonomo", "autonomo", "centralizzato")),
        energy_class=ENERGY.spin(chance),
        contract=chance.choice(
            ("C44", "C32") if is_market else ("OSP", "CSU") if per_bed else ("CSU", "C32")
        ),
        rent_cents=_rent(chance, sketch, per_bed=per_bed),
        rent_per="bed" if per_bed else "dwelling",
        condominium_cents=euros(chance, 10, 35, 5) if per_bed else euros(chance, 30, 90, 5),
        utilities_cents=euros(chance, 35, 60, 5) if per_bed else euros(chance, 90, 170, 5),
        deposit_months=3 if is_market else chance.choice((1, 1, 2)),
        entry_other_cents=euros(chance, 300, 900, 50) if is_market else euros(chance, 0, 150, 10),
        works_end_on=works_end_on,
        is_market=is_market,
    )


def _rent(chance: Random, sketch: _Freed, *, per_bed: bool) -> int:
    if sketch.kind == "market":
        return euros(chance, 750, 950)
    share = euros(chance, 180, 300)
    return share if per_bed else sketch.beds * min(share, 20_000)


def _works_end(chance: Random, today: date, sketch: _Freed) -> date:
    return (
        days_after(chance, today, 10, HORIZON_DAYS - 10)
        if sketch.free
        else days_after(chance, today, 95, 240)
    )


def _accessibility(chance: Random, floor: int, *, has_lift: bool) -> str:
    if floor == 0 or has_lift:
        return chance.choice(("accessible", "visitable", "visitable", "adaptable"))
    return chance.choice(("none", "none", "adaptable"))


def _state(beds: list[BedSpec], today: date, works_end_on: date | None) -> str:
    if works_end_on is not None:
        return "works"
    empty = sum(bed.occupant is None for bed in beds)
    return "occupied" if not empty else "free" if empty == len(beds) else "partly_occupied"


def _beds(
    chance: Random, today: date, sketch: _Freed, *, key: str, mode: str, works_end_on: date | None
) -> list[BedSpec]:
    if works_end_on is not None:
        ready = works_end_on + timedelta(days=7)
        return [BedSpec(f"{key}-{step}", None, ready, "expected") for step in range(1, sketch.beds + 1)]
    is_family = mode == "whole" or (mode == "open" and sketch.free == sketch.beds)
    group = {"men": "man", "women": "woman"}.get(mode) or chance.choice(("man", "man", "woman"))
    groups = ["woman", "man", *["child"] * sketch.beds] if is_family else [group] * sketch.beds
    leaving = _leaving(chance, today)
    beds = []
    for step in range(sketch.beds):
        free_on: date | None
        if step < sketch.free:
            free_on, certainty = leaving if is_family else _leaving(chance, today)
        else:
            free_on, certainty = (
                _much_later(chance, today) if not is_family and chance.random() < 0.05 else (None, "")
            )
        since = days_before(chance, today, 60, 1400)
        occupant = None if free_on and free_on <= today else OccupantSpec(groups[step], since, free_on)
        beds.append(BedSpec(f"{key}-{step + 1}", occupant, free_on, certainty))
    return beds


def _leaving(chance: Random, today: date) -> tuple[date, str]:
    luck = chance.random()
    if luck < 0.28:
        return days_before(chance, today, 0, 50), "sure"
    return days_after(chance, today, 3, HORIZON_DAYS - 2), "sure" if luck < 0.65 else "expected"


def _much_later(chance: Random, today: date) -> tuple[date, str]:
    return days_after(chance, today, HORIZON_DAYS + 5, HORIZON_DAYS + 100), "expected"


def _area(chance: Random, low: float, high: float) -> float:
    return round(chance.uniform(low, high), 1)


def _room(
    kind: str, area: float, height: float, *, key: str, window: float, beds: Sequence[BedSpec] = ()
) -> RoomSpec:
    """`window` is what the windows have beyond an eighth of the floor; corridors and bathrooms have none."""
    has_window = kind not in {"corridor", "bathroom"}
    return RoomSpec(key, kind, area, height, round(area / 8 + window, 2) if has_window else 0.0, tuple(beds))


def _studio(chance: Random, key: str, beds: list[BedSpec]) -> tuple[RoomSpec, ...]:
    window = chance.uniform(0.1, 0.6)
    return (
        _room("studio", _area(chance, 33.5, 38), _height(chance), key=f"{key}-a", window=window, beds=beds),
        _room("bathroom", _area(chance, 4.6, 6), 2.4, key=f"{key}-b", window=0),
    )


def _height(chance: Random) -> float:
    """Mostly lawful; a few old flats are below 2.70 m, and the parameter set will say so."""
    return _area(chance, 2.4, 2.6) if chance.random() < 0.04 else round(chance.uniform(2.7, 3.1), 2)


def _rooms(chance: Random, key: str, beds: list[BedSpec]) -> tuple[RoomSpec, ...]:
    """Bedrooms for those beds, and a living room large enough for DM 5 July 1975."""
    height, window, left = _height(chance), chance.uniform(0.1, 0.6), list(beds)
    rooms: list[RoomSpec] = []

    def add(kind: str, low: float, high: float, beds: Sequence[BedSpec] = ()) -> None:
        high_enough = 2.4 if kind in {"corridor", "bathroom"} else height
        number = f"{key}-r{len(rooms) + 1}"
        rooms.append(_room(kind, _area(chance, low, high), high_enough, key=number, window=window, beds=beds))

    while left:
        take = 2 if len(left) >= 2 and chance.random() < 0.68 else 1
        add("bedroom", *((14.1, 17) if take == 2 else (9.1, 12)), left[:take])
        left = left[take:]
    if chance.random() < 0.12:
        # Too small for a bed: the parameter set must not count it.
        add("bedroom", 7.5, 8.9)
    add("kitchen", 6, 10)
    for _ in range(2 if len(beds) >= 5 else 1):
        add("bathroom", 4.2, 6.5)
    add("corridor", 3.5, 8)
    least = max(14.2, _least_area(len(beds)) + 1 - sum(room.area_m2 for room in rooms))
    add("living", least, least + 5)
    return tuple(rooms)


def _least_area(persons: int) -> int:
    return 14 * min(persons, 4) + 10 * max(0, persons - 4)
