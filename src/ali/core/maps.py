"""Points for `<c-map>`: one by one while they are few, else gathered on a grid, so that a province stays a light answer."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

MOST = 400  # points that travel one by one: about 120 kB
FINEST = 0.002  # degrees: the side of the smallest cell
TONES = ("ok", "soon", "taken")
Box = tuple[float, float, float, float]  # west, south, east, north


@dataclass(frozen=True)
class Mark:
    """A point with its name, the page it opens, a note and its tone (ok, soon, taken)."""

    latitude: float
    longitude: float
    label: str
    href: str
    note: str
    tone: str


def box_of(text: str) -> Box | None:
    """Return the rectangle of a map («west,south,east,north»); None when it is missing or wrong."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return (west, south, east, north) if west < east and south < north else None


def collection(marks: Sequence[Mark], box: Box | None = None) -> dict[str, Any]:  # Any: a GeoJSON document
    """Return the marks inside `box` as GeoJSON; `grid` says that some features stand for `count` of them."""
    seen = [mark for mark in marks if box is None or _is_inside(mark, box)]
    if len(seen) <= MOST:
        return {
            "type": "FeatureCollection",
            "grid": len(marks) > MOST,
            "features": [_feature(mark) for mark in seen],
        }
    return {"type": "FeatureCollection", "grid": True, "features": _gathered(seen)}


def _is_inside(mark: Mark, box: Box) -> bool:
    west, south, east, north = box
    return west <= mark.longitude <= east and south <= mark.latitude <= north


def _feature(mark: Mark) -> dict[str, Any]:  # Any: a GeoJSON feature
    return _point(
        mark.longitude,
        mark.latitude,
        {"label": mark.label, "href": mark.href, "note": mark.note, "tone": mark.tone},
    )


def _point(longitude: float, latitude: float, properties: dict[str, Any]) -> dict[str, Any]:
    place = [round(longitude, 5), round(latitude, 5)]
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": place}, "properties": properties}


def _gathered(marks: Sequence[Mark]) -> list[dict[str, Any]]:
    side, cells = FINEST, _cells(marks, FINEST)
    while len(cells) > MOST:
        side *= 2
        cells = _cells(marks, side)
    return [_feature(cell[0]) if len(cell) == 1 else _group(cell) for cell in cells]


def _cells(marks: Sequence[Mark], side: float) -> list[list[Mark]]:
    cells: dict[tuple[int, int], list[Mark]] = defaultdict(list)
    for mark in marks:
        cells[int(mark.longitude // side), int(mark.latitude // side)].append(mark)
    return list(cells.values())


def _group(cell: Sequence[Mark]) -> dict[str, Any]:
    tones = {mark.tone for mark in cell}
    return _point(
        sum(mark.longitude for mark in cell) / len(cell),
        sum(mark.latitude for mark in cell) / len(cell),
        {"count": len(cell), "tone": next((tone for tone in TONES if tone in tones), "taken")},
    )
