"""Works as pages read them: phases in order, titles with their clocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ali.renovation.clocks import (
    SiteDays,
    TitleClock,
    TitleTerms,
    needs_safety_notice,
    title_clocks,
    title_rule,
)
from ali.renovation.models import PhaseRow, Title, Works
from ali.renovation.schedule import Span
from ali.renovation.states import PHASES, PLANNED_PHASES, Phase, TitleKind
from ali.rules.values import RuleValue, rule_in_force


def rows_of(works: Works) -> list[PhaseRow]:
    """Return the phases of works in their order."""
    order = {phase: place for place, phase in enumerate(PHASES)}
    return sorted(works.phases.all(), key=lambda row: order[Phase(row.phase)])


def present_row(works: Works) -> PhaseRow | None:
    """Return the phase the works are in, or stopped in."""
    return next((row for row in rows_of(works) if row.phase == works.present_phase), None)


def plan_of(works: Works) -> dict[Phase, Span]:
    """Return when each planned phase is expected."""
    rows = PhaseRow.objects.filter(works=works, phase__in=PLANNED_PHASES)
    return {
        Phase(row.phase): Span(
            row.planned_starts_on, row.planned_ends_on, bool(row.ended_on or row.skipped_because)
        )
        for row in rows
    }


def site_days(rows: Sequence[PhaseRow]) -> SiteDays:
    """Return when the site begins and ended, as far as it is known."""
    site = next((row for row in rows if row.phase == Phase.SITE), None)
    if site is None:
        return SiteDays()
    return SiteDays(site.started_on or site.planned_starts_on, site.started_on is not None, site.ended_on)


def clocks_of(works: Works, day: date) -> list[tuple[Title, list[TitleClock]]]:
    """Return each title of works with the days that follow from it."""
    site = site_days(rows_of(works))
    return [
        (
            title,
            title_clocks(
                TitleTerms.from_rule(rule), filed_on=title.filed_on, granted_on=title.granted_on, site=site
            ),
        )
        for title, rule in _titles_with_rules(works, day)
        if title.state != "dropped"
    ]


def _titles_with_rules(works: Works, day: date) -> list[tuple[Title, RuleValue]]:
    order = {kind: place for place, kind in enumerate(TitleKind)}
    titles = sorted(works.titles.all(), key=lambda one: order[TitleKind(one.kind)])
    town = works.building.municipality
    return [
        (one, title_rule(one.kind, day=day, province=town.province_id, municipality=town.pk))
        for one in titles
    ]


@dataclass(frozen=True)
class TitleView:
    """A title with its rule and its days."""

    title: Title
    rule: RuleValue
    clocks: Sequence[TitleClock]


def titles_view(works: Works, day: date) -> list[TitleView]:
    """Return the titles of works as the page shows them."""
    site = site_days(rows_of(works))
    return [
        TitleView(
            title,
            rule,
            title_clocks(
                TitleTerms.from_rule(rule), filed_on=title.filed_on, granted_on=title.granted_on, site=site
            )
            if title.state != "dropped"
            else [],
        )
        for title, rule in _titles_with_rules(works, day)
    ]


@dataclass(frozen=True)
class SafetyNotice:
    """Whether the preliminary notice is needed, by which rule, and whether it is among the titles."""

    is_needed: bool | None
    rule: RuleValue
    is_listed: bool


def safety_notice(works: Works, day: date) -> SafetyNotice:
    """Return what the rule says of the preliminary notice for these works."""
    rule = rule_in_force("renovation.safety_notice", day=day)
    listed = works.titles.filter(kind=TitleKind.SAFETY).exists()
    return SafetyNotice(needs_safety_notice(rule, firms=works.firms, man_days=works.man_days), rule, listed)
