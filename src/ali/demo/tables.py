"""The bundled distributions (see data/README.md), read once."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ali.demo.chance import Wheel
from ali.demo.shapes import EDUCATION_LEVELS, Municipality

BAND_YEARS = 5
ADULT_FROM = 18

# Reception centres hold far more people between 18 and 35 than the countries they come from.
RECEPTION_SKEW = {
    15: 0.5,
    20: 3.2,
    25: 3.0,
    30: 2.0,
    35: 1.1,
    40: 0.7,
    45: 0.4,
    50: 0.25,
    55: 0.12,
    60: 0.06,
    65: 0.03,
}


@dataclass(frozen=True)
class Country:
    iso3: str
    name_it: str
    cadastral_code: str
    weight: float
    recognised: float
    other: float
    rejected: float
    subsidiary_share: float
    women_share: float
    child_share: float
    convention: str
    mother_tongues: Wheel[str]
    other_languages: tuple[tuple[str, float], ...]
    cities: tuple[str, ...]

    @property
    def protected_share(self) -> float:
        """Of a hundred first decisions, how many give some protection; never quite 0 or 1."""
        decided = self.recognised + self.other + self.rejected
        return min(0.97, max(0.03, (self.recognised + self.other) / decided)) if decided else 0.4


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files("ali.demo").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _pairs(text: str) -> Iterable[tuple[str, float]]:
    for part in text.split():
        code, percent = part.split(":")
        yield code, float(percent) / 100


@cache
def countries() -> dict[str, Country]:
    found = {}
    for row in _rows("countries.csv"):
        found[row["iso3"]] = Country(
            iso3=row["iso3"],
            name_it=row["name_it"],
            cadastral_code=row["cadastral_code"],
            weight=float(row["applications"]) * float(row["reception_factor"]),
            recognised=float(row["recognised"]),
            other=float(row["other"]),
            rejected=float(row["rejected"]),
            subsidiary_share=float(row["subsidiary_share"]),
            women_share=float(row["women_share"]),
            child_share=float(row["child_share"]),
            convention=row["convention"],
            mother_tongues=Wheel(dict(_pairs(row["mother_tongues"]))),
            other_languages=tuple(_pairs(row["other_languages"])),
            cities=tuple(row["cities"].split("|")),
        )
    return found


@cache
def names() -> dict[tuple[str, str], tuple[str, ...]]:
    return {(row["iso3"], row["part"]): tuple(row["values"].split("|")) for row in _rows("names.csv")}


@cache
def adult_ages() -> dict[tuple[str, str], Wheel[int]]:
    """For each country and sex, a wheel of the first years of five-year bands, as centres see them."""
    return {
        (row["iso3"], row["sex"]): Wheel(
            {band: float(row[f"{band:02d}"]) * skew for band, skew in RECEPTION_SKEW.items()}
        )
        for row in _rows("ages.csv")
    }


@cache
def child_ages() -> dict[tuple[str, str], Wheel[int]]:
    """Children in reception are younger than at home: small ones travel with their mother or are born here."""
    skew = {0: 2.0, 5: 1.2, 10: 0.7, 15: 0.35}
    return {
        (row["iso3"], row["sex"]): Wheel(
            {band: float(row[f"{band:02d}"]) * factor for band, factor in skew.items()}
        )
        for row in _rows("ages.csv")
    }


@cache
def education() -> dict[tuple[str, str], Wheel[str]]:
    return {
        (row["iso3"], row["sex"]): Wheel({level: float(row[level]) for level in EDUCATION_LEVELS})
        for row in _rows("education.csv")
    }


@cache
def municipalities() -> tuple[Municipality, ...]:
    """The municipalities of the province of Padova, most populous first."""
    rows = [
        Municipality(
            istat=row["istat"],
            name=row["name"],
            province=row["province"],
            cadastral_code=row["cadastral_code"],
            population=int(row["population"]),
            cap=row["cap"].split("|")[0],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
        )
        for row in _rows("municipalities.csv")
    ]
    return tuple(sorted(rows, key=lambda row: (-row.population, row.istat)))
