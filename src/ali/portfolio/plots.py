"""Geometry of the plots of an appraisal: cumulated cash month by month, the band of values over the years. Numbers only."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ali.core.money import show_euros, to_cents

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 78, 12, 12, 28
STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Mark:
    """A value on an axis."""

    at: float
    label: str


@dataclass(frozen=True)
class Plot:
    """A picture: a line, or a band with a line in it. `zero_y` None: zero is outside."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    line: str
    band: str
    across: Sequence[Mark]
    up: Sequence[Mark]
    zero_y: float | None


def _ticks(low: float, high: float) -> list[float]:
    """Return four to seven round values that cover the range."""
    span = max(high - low, 1.0)
    power = 10 ** (len(str(int(span / 5))) - 1)
    step = next((power * one for one in (*STEPS, 10) if span / (power * one) <= 6), power * 10)
    first = int(low // step) * step
    found = [float(first)]
    while found[-1] < high:
        found.append(found[-1] + step)
    return found


def _points(values: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in values)


def draw(
    middle: Sequence[Decimal],
    *,
    labels: Sequence[tuple[int, str]],
    low: Sequence[Decimal] = (),
    high: Sequence[Decimal] = (),
) -> Plot:
    """Return the picture of a series; with `low` and `high` the band around it. `labels`: (place, word) along the bottom."""
    everything = [float(one) for one in (*middle, *low, *high)]
    ticks = _ticks(min([0.0, *everything]), max([0.0, *everything]))
    bottom, top = ticks[0], ticks[-1]
    last = max(len(middle) - 1, 1)

    def x_of(place: int) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * place / last

    def y_of(value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (top - value) / (top - bottom)

    def along(values: Sequence[Decimal]) -> list[tuple[float, float]]:
        return [(x_of(place), y_of(float(value))) for place, value in enumerate(values)]

    return Plot(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        top=TOP,
        bottom=HEIGHT - BOTTOM,
        line=_points(along(middle)),
        band=_points([*along(high), *reversed(along(low))]) if low and high else "",
        across=[Mark(round(x_of(place), 1), word) for place, word in labels],
        up=[Mark(round(y_of(tick), 1), show_euros(to_cents(tick))) for tick in ticks],
        zero_y=round(y_of(0.0), 1) if bottom <= 0 <= top else None,
    )
