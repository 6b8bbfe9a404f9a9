"""Comuni by name, by ISTAT code and by cadastral code, from the bundled tables: reading a file asks no database."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from ali.imports.parsing import folded
from ali.places.bundled import DATA, bundled_municipalities


@dataclass(frozen=True, slots=True)
class Town:
    """A Comune of today."""

    istat: str
    name: str
    province: str


@cache
def _present() -> tuple[Town, ...]:
    rows = bundled_municipalities()
    return tuple(Town(row["istat"], row["name"], row["province"]) for row in rows if row["is_current"] == "1")


@cache
def _by_name() -> Mapping[tuple[str, str], Town]:
    return {(folded(town.name), town.province): town for town in _present()}


@cache
def _by_cadastral() -> Mapping[str, Town]:
    rows = bundled_municipalities()
    return {
        row["cadastral"]: Town(row["istat"], row["name"], row["province"])
        for row in rows
        if row["is_current"] == "1" and row["cadastral"]
    }


@cache
def provinces_by_name() -> Mapping[str, str]:
    """Return the two letters of a province by its folded name, and by themselves."""
    with (DATA / "province.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    names = {folded(part): row["code"] for row in rows for part in (row["name"], *row["name"].split("/"))}
    return {**names, **{row["code"].lower(): row["code"] for row in rows}, **_OTHER_NAMES}


# As public files write them.
_OTHER_NAMES: Mapping[str, str] = {
    "reggio emilia": "RE",
    "reggio di calabria": "RC",
    "monza brianza": "MB",
    "monza e brianza": "MB",
    "massa e carrara": "MS",
    "pesaro urbino": "PU",
    "forli": "FC",
    "aosta": "AO",
}


def town_named(name: str, province: str = "", istat: str = "") -> Town | None:
    """Return the Comune of that name in a province; by its code when the name is of one that was merged; None if unsure."""
    if province:
        found = _by_name().get((folded(name), province))
        return found or next((town for town in _present() if town.istat == istat), None)
    same = [town for (key, _province), town in _by_name().items() if key == folded(name)]
    return same[0] if len(same) == 1 else None


def town_of_cadastre(code: str) -> Town | None:
    """Return the Comune with that cadastral code."""
    return _by_cadastral().get(code.strip().upper())
