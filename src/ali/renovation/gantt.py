"""The programme of works as a picture: bars of phases on a scale of months. Numbers only; the template draws them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.utils.formats import date_format

from ali.renovation.models import PhaseRow
from ali.renovation.states import Phase

LABELS_WIDTH, CHART_WIDTH, ROW_HEIGHT, HEAD_HEIGHT = 190, 700, 28, 26
BAR_HEIGHT, FIRST_HEIGHT = 12, 4
MOST_MONTHS = 14


@dataclass(frozen=True)
class Bar:
    """A rectangle of the picture."""

    x: float
    width: float
    y: float
    height: float
    tone: str
    title: str


@dataclass(frozen=True)
class Line:
    """A phase: its name and its bars."""

    label: str
    text_y: float
    stripe_y: float
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Tick:
    """A month."""

    x: float
    label: str


@dataclass(frozen=True)
class Gantt:
    """The picture. `today_x` None: today is outside."""

    width: int
    height: int
    ticks: Sequence[Tick]
    lines: Sequence[Line]
    today_x: float | None
    labels_width: int = LABELS_WIDTH
    head_height: int = HEAD_HEIGHT
    row_height: int = ROW_HEIGHT


@dataclass(frozen=True)
class _Scale:
    first: date
    days: int

    def at(self, day: date) -> float:
        return round(LABELS_WIDTH + (day - self.first).days * CHART_WIDTH / self.days, 1)


def draw(rows: Sequence[PhaseRow], today: date) -> Gantt | None:
    """Return the picture of the phases that have days; None when none has."""
    shown = [row for row in rows if not row.skipped_because and (row.planned_starts_on or row.started_on)]
    shown = [row for row in shown if row.phase != Phase.MANAGEMENT]
    days = [day for row in shown for day in _days_of(row, today)]
    if not days:
        return None
    first = min(days).replace(day=1)
    last = max(days).replace(day=1) + relativedelta(months=1)
    scale = _Scale(first, max((last - first).days, 1))
    lines = [_line(row, place, scale, today) for place, row in enumerate(shown)]
    return Gantt(
        width=LABELS_WIDTH + CHART_WIDTH,
        height=HEAD_HEIGHT + ROW_HEIGHT * len(lines) + 6,
        ticks=_ticks(first, last, scale),
        lines=lines,
        today_x=scale.at(today) if first <= today < last else None,
    )


def _days_of(row: PhaseRow, today: date) -> list[date]:
    given = [row.first_starts_on, row.first_ends_on, row.planned_starts_on, row.planned_ends_on]
    given += [row.started_on, row.ended_on]
    if row.started_on and not row.ended_on:
        given.append(today)
    return [day for day in given if day]


def _ticks(first: date, last: date, scale: _Scale) -> list[Tick]:
    months = (last.year - first.year) * 12 + last.month - first.month
    step = -(-months // MOST_MONTHS)
    found, month = [], first
    while month < last:
        found.append(
            Tick(scale.at(month), date_format(month, "M Y" if month == first or month.month <= step else "M"))
        )
        month += relativedelta(months=step)
    return found


def _line(row: PhaseRow, place: int, scale: _Scale, today: date) -> Line:
    top = HEAD_HEIGHT + ROW_HEIGHT * place
    bars = []
    if row.first_starts_on and row.first_ends_on:
        bars.append(
            _bar(scale, row.first_starts_on, row.first_ends_on, y=top + 20, height=FIRST_HEIGHT, tone="first")
        )
    starts = row.started_on or row.planned_starts_on
    ends = row.ended_on or row.planned_ends_on or starts
    if starts and ends:
        tone = (
            "done"
            if row.ended_on
            else "late"
            if row.is_late_on(today)
            else "now"
            if row.started_on
            else "planned"
        )
        until = max(ends, today) if tone == "late" else max(ends, starts)
        bars.append(_bar(scale, starts, until, y=top + 6, height=BAR_HEIGHT, tone=tone))
    return Line(str(row.get_phase_display()), top + 17, top, bars)


def _bar(scale: _Scale, starts: date, ends: date, *, y: float, height: float, tone: str) -> Bar:
    x = scale.at(starts)
    width = max(round(scale.at(ends + timedelta(days=1)) - x, 1), 3)
    title = f"{date_format(starts, 'j M Y')} – {date_format(ends, 'j M Y')}"
    return Bar(x, width, y, height, tone, title)
