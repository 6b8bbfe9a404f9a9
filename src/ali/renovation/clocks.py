"""The days that a building title sets going: when works may start, must start, must end, what is filed after the end.

The numbers are rules (`renovation.title.<kind>`): None where the law or the office leaves them open (domain reference 4.8).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ali.core import clock
from ali.renovation.states import TitleKind
from ali.rules.calculators import WrongInput, citation
from ali.rules.values import RuleValue, rule_in_force

LABELS: dict[str, str | Promise] = {
    "may_start": _("si può cominciare"),
    "checks_end": _("finiscono i controlli del Comune"),
    "decision": _("risposta attesa"),
    "start_by": _("ultimo giorno per cominciare i lavori"),
    "end_by": _("ultimo giorno per finire i lavori"),
    "file_before": _("da presentare prima che il cantiere cominci"),
    "file_by": _("ultimo giorno per presentarlo"),
    "valid_until": _("vale fino al"),
}
# What somebody has to do by the day: the others are days to know.
DUTIES = frozenset({"start_by", "end_by", "file_before", "file_by", "valid_until"})


@dataclass(frozen=True)
class TitleTerms:
    """The numbers of a title: days and months, None where they are open."""

    wait_days: int | None
    check_days: int | None
    decision_days: int | None
    start_months: int | None
    end_months: int | None
    from_start: bool
    file_days: int | None
    valid_months: int | None
    before_start: bool

    @classmethod
    def from_rule(cls, rule: RuleValue) -> "TitleTerms":
        """Return the terms of a rule `renovation.title.<kind>`."""
        return cls(**{name: rule.value.get(name) for name in cls.__dataclass_fields__})


@dataclass(frozen=True)
class SiteDays:
    """What is known of the site: when it begins (planned until it has) and when it ends."""

    starts_on: date | None = None
    has_started: bool = False
    ended_on: date | None = None


@dataclass(frozen=True)
class TitleClock:
    """A day that follows from a title. `due_on` None: it runs from a day that is not known yet."""

    code: str
    due_on: date | None
    is_met: bool = False

    @property
    def label(self) -> str | Promise:
        return LABELS[self.code]

    @property
    def is_duty(self) -> bool:
        """Whether somebody must act by that day."""
        return self.code in DUTIES and not self.is_met


def title_rule(
    kind: str, *, day: date, province: str | None = None, municipality: str | None = None
) -> RuleValue:
    """Return the rule with the terms of a title; raise `RuleMissing` when none is valid."""
    return rule_in_force(f"renovation.title.{kind}", day=day, province=province, municipality=municipality)


def title_clocks(
    terms: TitleTerms, *, filed_on: date | None, granted_on: date | None, site: SiteDays
) -> list[TitleClock]:
    """Return the days of a title, the known ones first and in order."""
    found = [*_before(terms, filed_on, granted_on, site), *_after(terms, filed_on, granted_on, site)]
    return sorted(found, key=lambda one: (one.due_on is None, one.due_on or date.max))


def _days(begins: date | None, days: int) -> date | None:
    return begins + timedelta(days=days) if begins else None


def _months(begins: date | None, months: int) -> date | None:
    later: date | None = begins + relativedelta(months=months) if begins else None
    return later


def _before(
    terms: TitleTerms, filed_on: date | None, granted_on: date | None, site: SiteDays
) -> Iterator[TitleClock]:
    if terms.wait_days is not None:
        yield TitleClock("may_start", _days(filed_on, terms.wait_days))
    if terms.check_days is not None:
        yield TitleClock("checks_end", _days(filed_on, terms.check_days))
    if terms.decision_days is not None:
        yield TitleClock("decision", _days(filed_on, terms.decision_days), is_met=granted_on is not None)
    if terms.before_start:
        yield TitleClock("file_before", site.starts_on, is_met=filed_on is not None)
    if terms.start_months is not None:
        since = granted_on or (filed_on if terms.decision_days is None else None)
        yield TitleClock("start_by", _months(since, terms.start_months), is_met=site.has_started)


def _after(
    terms: TitleTerms, filed_on: date | None, granted_on: date | None, site: SiteDays
) -> Iterator[TitleClock]:
    if terms.end_months is not None:
        since = (site.starts_on if site.has_started else None) if terms.from_start else filed_on
        yield TitleClock("end_by", _months(since, terms.end_months), is_met=site.ended_on is not None)
    if terms.file_days is not None:
        yield TitleClock("file_by", _days(site.ended_on, terms.file_days), is_met=filed_on is not None)
    if terms.valid_months is not None:
        yield TitleClock("valid_until", _months(granted_on, terms.valid_months))


def needs_safety_notice(rule: RuleValue, *, firms: int | None, man_days: int | None) -> bool | None:
    """Say whether the preliminary notice is needed; None while neither number is known."""
    if firms is None and man_days is None:
        return None
    return bool((firms or 0) > rule.value["firms_above"] or (man_days or 0) > rule.value["man_days_above"])


def calculate(given: Mapping[str, Any]) -> dict[str, Any]:  # Any: values of a JSON document
    """Answer `ali calc building-title-clocks`: {"title"} and, when known, {"filed_on", "granted_on", "starts_on",
    "ended_on", "province", "municipality", "day"}."""
    kind = str(given.get("title", ""))
    if kind not in TitleKind.values:
        raise WrongInput(f"«title» è uno di: {', '.join(TitleKind.values)}.")
    filed, granted, starts, ended = (
        _day(given, name) for name in ("filed_on", "granted_on", "starts_on", "ended_on")
    )
    day = _day(given, "day") or filed or clock.today()
    rule = title_rule(kind, day=day, province=given.get("province"), municipality=given.get("municipality"))
    site = SiteDays(starts, starts is not None, ended)
    clocks = title_clocks(TitleTerms.from_rule(rule), filed_on=filed, granted_on=granted, site=site)
    return {
        "title": kind,
        "name": str(TitleKind(kind).label),
        "clocks": [
            {
                "code": one.code,
                "what": str(one.label),
                "due_on": one.due_on.isoformat() if one.due_on else None,
                "met": one.is_met,
            }
            for one in clocks
        ],
        **citation(rule),
    }


def _day(given: Mapping[str, Any], name: str) -> date | None:
    if given.get(name) is None:
        return None
    try:
        return date.fromisoformat(str(given[name]))
    except ValueError as problem:
        raise WrongInput(f"«{name}» è una data come 2026-03-02: è {given[name]!r}.") from problem
