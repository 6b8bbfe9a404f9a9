"""Invented centres and managers, and who gets which place in them."""

from collections.abc import Sequence
from random import Random

from ali.demo import tables
from ali.demo.chance import Wheel, stream
from ali.demo.shapes import CentreSpec, Municipality

MANAGERS = tuple(
    f"Cooperativa Esempio {name}"
    for name in (
        "Ponte",
        "Aurora",
        "Girasole",
        "Bussola",
        "Quercia",
        "Ancora",
        "Mosaico",
        "Sentiero",
        "Lanterna",
        "Orizzonte",
        "Abitare",  # it also has homes: who gives a home and who follows the household can be one body
    )
)
CENTRE_NAMES = (
    "Le Robinie",
    "Il Gelso",
    "La Rondine",
    "Il Faro",
    "Le Querce",
    "La Sorgente",
    "Il Melograno",
    "La Collina",
    "Il Molino",
    "Le Betulle",
    "La Vela",
    "Il Cortile",
)
STREETS = tuple(
    f"Via {name} d'Esempio"
    for name in (
        "dei Tigli", "delle Ginestre", "dei Gelsi", "delle Magnolie", "dei Ciliegi", "delle Rondini", "del Mulino",
        "della Fontana", "dei Platani", "delle Robinie", "dell'Argine", "del Pozzo", "degli Aceri", "delle Viole",
        "dei Noci", "del Ponticello", "delle Acacie", "dei Salici", "della Chiusa", "degli Olmi",
    )
)  # fmt: skip
BIG_TOWNS_PULL = 0.75


def towns_wheel() -> Wheel[Municipality]:
    """Municipalities of the province, larger ones more often but less than by their size."""
    return Wheel({town: town.population**BIG_TOWNS_PULL for town in tables.municipalities()})


def near(chance: Random, town: Municipality) -> tuple[float, float]:
    """A point within about a kilometre of the middle of the municipality."""
    return round(town.lat + chance.uniform(-0.009, 0.009), 5), round(
        town.lon + chance.uniform(-0.012, 0.012), 5
    )


def invent_address(chance: Random) -> str:
    return f"{chance.choice(STREETS)}, {chance.randint(1, 98)}"


def invent_centres(*, seed: int, places: int) -> tuple[CentreSpec, ...]:
    """Centres with that many places in all: mostly flats of about eight, some collective centres."""
    chance = stream(seed, "centres")
    towns = towns_wheel()
    centres: list[CentreSpec] = []
    left = places
    while left > 0:
        is_collective = chance.random() < 0.1
        size = min(left, chance.choice((22, 30, 38, 45, 60, 90)) if is_collective else chance.randint(4, 12))
        centres.append(
            _centre(chance, len(centres) + 1, towns.spin(chance), size, is_collective=is_collective)
        )
        left -= size
    return tuple(centres)


def _centre(chance: Random, number: int, town: Municipality, size: int, *, is_collective: bool) -> CentreSpec:
    lat, lon = near(chance, town)
    name = f"Centro Esempio {chance.choice(CENTRE_NAMES)}" if is_collective else "Appartamento Esempio"
    guests = (
        ("men", "mixed", "men")
        if is_collective
        else ("men", "men", "men", "women", "families", "families", "mixed")
    )
    return CentreSpec(
        key=f"C{number:04d}",
        name=f"{name} {number}",
        kind="CC" if is_collective else "UA",
        manager=chance.choice(MANAGERS),
        municipality=town.istat,
        municipality_name=town.name,
        province=town.province,
        address=invent_address(chance),
        places=size,
        lat=lat,
        lon=lon,
        guests=chance.choice(guests),
    )


class Places:
    """Hands out places: each centre up to what it uses, then collective centres beyond their places."""

    SUITS = {
        "men": ("men", "mixed"),
        "women": ("women", "mixed", "families"),
        "families": ("families", "mixed"),
    }

    def __init__(self, chance: Random, centres: Sequence[CentreSpec]) -> None:
        real = [centre.name for centre in centres if not centre.is_invented]
        if real:
            raise ValueError(f"Invented people live in invented centres only; these are not: {real[:3]}")
        if not centres:
            raise ValueError("Invented people need at least one of the invented centres")
        self.chance = chance
        # A centre rarely uses every place: a room under repair, a bed kept for a family that arrives.
        self.left = {
            centre.key: centre.places - (chance.random() < 0.25) * (centre.places // 8) for centre in centres
        }
        self.tickets: dict[str, list[str]] = {"men": [], "women": [], "families": [], "mixed": []}
        for centre in centres:
            self.tickets[centre.guests] += [centre.key] * self.left[centre.key]
        for tickets in self.tickets.values():
            chance.shuffle(tickets)
        crowded = [centre for centre in centres if centre.kind == "CC"] or list(centres)
        self.overflow = Wheel({centre.key: centre.places for centre in crowded})

    def take(self, group: str, persons: int) -> str:
        """A centre for one household: of the fitting kind, else anywhere, else where they squeeze in."""
        others = [rule for rule in self.tickets if rule not in self.SUITS[group]]
        for rule in (*self.SUITS[group], *others):
            centre = self._from(self.tickets[rule], persons)
            if centre is not None:
                self.left[centre] -= persons
                return centre
        return self.overflow.spin(self.chance)

    def _from(self, tickets: list[str], persons: int) -> str | None:
        for _ in range(min(len(tickets), 30)):
            centre = tickets.pop()
            if self.left[centre] >= persons:
                return centre
            if self.left[centre] > 0:
                tickets.insert(0, centre)
        return None
