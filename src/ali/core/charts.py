"""Geometry and words of the small pictures in the pages: no inline style, so heights are SVG attributes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

FULL_HEIGHT = 100.0


@dataclass(frozen=True)
class WeekBar:
    label: str
    total: int
    with_solution: int
    without: int
    href: str
    href_with: str
    href_without: str
    with_y: str
    with_height: str
    without_y: str
    without_height: str


@dataclass(frozen=True)
class WeeksChart:
    bars: list[WeekBar]


@dataclass(frozen=True)
class DaysParts:
    label: str | Promise
    tone: str


def weeks_chart(weeks: Iterable[Mapping[str, Any]]) -> WeeksChart:  # plain dicts written by a page
    """Stacked bars on one scale: with a solution below, without above."""
    rows = list(weeks)
    tallest = max((week["with_solution"] + week["without"] for week in rows), default=0) or 1
    return WeeksChart(bars=[_bar(week, FULL_HEIGHT / tallest) for week in rows])


def _bar(week: Mapping[str, Any], unit: float) -> WeekBar:
    solved, unsolved = int(week["with_solution"]), int(week["without"])
    top_of_solved = FULL_HEIGHT - solved * unit
    return WeekBar(
        label=str(week["label"]),
        total=solved + unsolved,
        with_solution=solved,
        without=unsolved,
        href=str(week["href"]),
        href_with=str(week.get("href_with", "")),
        href_without=str(week.get("href_without", "")),
        with_y=f"{top_of_solved:.2f}",
        with_height=f"{solved * unit:.2f}",
        without_y=f"{top_of_solved - unsolved * unit:.2f}",
        without_height=f"{unsolved * unit:.2f}",
    )


def describe_days(value: int | None) -> DaysParts:
    """How many days are left, in words, and how much that presses."""
    if value is None:
        return DaysParts(label=_("senza data"), tone="none")
    if value < 0:
        label = ngettext("da %(days)d giorno", "da %(days)d giorni", -value) % {"days": -value}
        return DaysParts(label=label, tone="past")
    if value == 0:
        return DaysParts(label=_("oggi"), tone="now")
    label = ngettext("%(days)d giorno", "%(days)d giorni", value) % {"days": value}
    return DaysParts(label=label, tone="now" if value <= 7 else "soon" if value <= 30 else "later")
