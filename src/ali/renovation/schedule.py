"""When the phases of some works are expected, and what follows from one that moves. No database here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ali.renovation.states import PLANNED_PHASES, Phase


@dataclass(frozen=True)
class Span:
    """From when to when a phase is planned, and whether it is over or passed over."""

    starts_on: date | None = None
    ends_on: date | None = None
    is_closed: bool = False


Plan = Mapping[Phase, Span]


def following(phase: Phase) -> tuple[Phase, ...]:
    """Return the planned phases after `phase`."""
    return PLANNED_PHASES[PLANNED_PHASES.index(phase) + 1 :] if phase in PLANNED_PHASES else ()


def moved_with(plan: Plan, phase: Phase, days: int) -> dict[Phase, Span]:
    """Return the phases after `phase` that are still open, each `days` later."""
    return {
        one: _later(plan[one], days)
        for one in following(phase)
        if one in plan and not plan[one].is_closed and days
    }


def _later(span: Span, days: int) -> Span:
    by = timedelta(days=days)
    return replace(
        span,
        starts_on=span.starts_on + by if span.starts_on else None,
        ends_on=span.ends_on + by if span.ends_on else None,
    )


def ready_on(plan: Plan) -> date | None:
    """Return when the homes are expected: the latest planned end of what is still to do; None when nothing is planned."""
    return max((span.ends_on for span in plan.values() if span.ends_on and not span.is_closed), default=None)


def usual_plan(starts_on: date, days: Mapping[str, int]) -> dict[Phase, Span]:
    """Return the phases one after the other from `starts_on`, each as many days long as usual."""
    plan, day = {}, starts_on
    for phase in PLANNED_PHASES:
        last = day + timedelta(days=max(days.get(phase.value, 1), 1) - 1)
        plan[phase] = Span(day, last)
        day = last + timedelta(days=1)
    return plan
