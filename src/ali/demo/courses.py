"""The asylum procedure and the permits of a household, as one chain of dates that never runs backwards.

A course holds the whole chain, the days still to come included; `procedure_of` and `permits_of` keep what
has happened by today.
"""

from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from random import Random
from typing import Any, TypeVar

from ali.demo.chance import days_after, days_before
from ali.demo.identifiers import Registry
from ali.demo.shapes import IdentifierSpec, PermitSpec, ProcedureSpec
from ali.demo.tables import Country

OFFICE = "PD"
APPEAL_DAYS = 30
ASYLUM_SEEKER_PERMIT_DAYS = 182
PROTECTION_YEARS = {"AS": 5, "PS": 5, "PSP18": 1, "PSP20": 2, "PSP23": 2}
# domain.md 1.1: which law a case follows, by the day it began.
REGIMES = (
    (date(2026, 6, 12), "pact_2026"),
    (date(2023, 3, 11), "dl_20_2023"),
    (date(2020, 10, 22), "dl_130_2020"),
    (date(2018, 10, 5), "dl_113_2018"),
)


@dataclass(frozen=True, slots=True)
class Course:
    expressed: date
    formalised: date | None = None
    hearing: date | None = None
    decided: date | None = None
    outcome: str = ""
    notified: date | None = None
    appealed: date | None = None
    court: date | None = None
    court_outcome: str = ""
    requested: date | None = None
    appointment: date | None = None
    printing: date | None = None
    ready: date | None = None
    delivered: date | None = None
    is_dublin: bool = False
    is_temporary: bool = False

    @property
    def protection(self) -> str:
        """What was given in the end: RIF, SUSS, SPEC, or nothing."""
        given = self.court_outcome or self.outcome
        return "" if given == "DIN" else given

    @property
    def protected_on(self) -> date | None:
        return self.court if self.court_outcome else self.notified


def regime_of(began_on: date) -> str:
    return next((regime for since, regime in REGIMES if began_on >= since), "ante_2018")


def draw_protection(chance: Random, country: Country) -> str:
    if chance.random() * (country.recognised + country.other + 1) < country.recognised:
        return "RIF"
    return "SUSS" if chance.random() < country.subsidiary_share else "SPEC"


def _before_decision(chance: Random, decided: date) -> Course:
    hearing = days_before(chance, decided, 12, 110)
    formalised = days_before(chance, hearing, 110, 430)
    return Course(
        expressed=days_before(chance, formalised, 4, 45),
        formalised=formalised,
        hearing=hearing,
        decided=decided,
    )


def waiting_for_hearing(chance: Random, today: date) -> Course:
    """From people who arrived last week to those who have waited a year and a half."""
    expressed = days_before(chance, today, 2, 520)
    formalised = days_after(chance, expressed, 4, 45)
    hearing = max(days_after(chance, formalised, 110, 430), days_after(chance, today, 4, 160))
    return Course(expressed, formalised, hearing, is_dublin=chance.random() < 0.06)


def waiting_for_decision(chance: Random, today: date) -> Course:
    course = _before_decision(chance, days_after(chance, today, 1, 60))
    hearing = min(course.hearing or today, days_before(chance, today, 1, 50))
    return replace(course, hearing=hearing, decided=None)


def in_appeal(chance: Random, today: date) -> Course:
    """Refused, and the court has not decided yet."""
    notified = days_before(chance, today, 31, 560)
    course = _before_decision(chance, days_before(chance, notified, 4, 35))
    return replace(course, outcome="DIN", notified=notified, appealed=days_after(chance, notified, 4, 29))


def refused_and_silent(chance: Random, today: date) -> Course:
    """Refused a few days ago; the deadline to appeal is still running."""
    notified = days_before(chance, today, 1, APPEAL_DAYS - 2)
    course = _before_decision(chance, days_before(chance, notified, 4, 35))
    return replace(course, outcome="DIN", notified=notified)


def refused_by_court(chance: Random, today: date) -> Course:
    court = days_before(chance, today, 2, 25)
    appealed = days_before(chance, court, 180, 480)
    notified = days_before(chance, appealed, 4, 29)
    course = _before_decision(chance, days_before(chance, notified, 4, 35))
    return replace(
        course, outcome="DIN", notified=notified, appealed=appealed, court=court, court_outcome="DIN"
    )


def protected(chance: Random, today: date, *, delivered: date, protection: str) -> Course:
    """Protection is notified by today; the permit is (or will be) in hand on `delivered`."""
    ready = days_before(chance, delivered, 2, 14)
    printing = days_before(chance, ready, 16, 38)
    appointment = days_before(chance, printing, 1, 9)
    requested = days_before(chance, appointment, 12, 60)
    given = min(days_before(chance, requested, 3, 25), days_before(chance, today, 1, 14))
    by_court = chance.random() < 0.14
    course = _won_in_court(chance, given, protection) if by_court else _won_at_once(chance, given, protection)
    return replace(
        course,
        requested=requested,
        appointment=appointment,
        printing=printing,
        ready=ready,
        delivered=delivered,
    )


def _won_at_once(chance: Random, notified: date, protection: str) -> Course:
    course = _before_decision(chance, days_before(chance, notified, 4, 35))
    return replace(course, outcome=protection, notified=notified)


def _won_in_court(chance: Random, court: date, protection: str) -> Course:
    appealed = days_before(chance, court, 150, 420)
    notified = days_before(chance, appealed, 4, 29)
    course = _before_decision(chance, days_before(chance, notified, 4, 35))
    return replace(
        course, outcome="DIN", notified=notified, appealed=appealed, court=court, court_outcome=protection
    )


def temporary_protection(chance: Random, today: date) -> Course:
    """People displaced from Ukraine: no procedure, a permit of their own."""
    expressed = days_before(chance, today, 40, 900)
    requested = days_after(chance, expressed, 1, 8)
    appointment = days_after(chance, requested, 3, 15)
    printing = days_after(chance, appointment, 1, 5)
    ready = days_after(chance, printing, 3, 20)
    delivered = days_after(chance, ready, 1, 10)
    return Course(
        expressed=expressed,
        requested=requested,
        appointment=appointment,
        printing=printing,
        ready=ready,
        delivered=delivered,
        is_temporary=True,
    )


def _past(day: date | None, today: date) -> date | None:
    return day if day is not None and day <= today else None


def _state(course: Course, today: date) -> str:
    if course.is_temporary:
        return "none"
    reached = [
        ("permit_issued", course.delivered if course.protection else None),
        ("permit_requested", course.requested),
        ("court_decided", course.court),
        ("appealed", course.appealed),
        ("notified", course.notified),
        ("decided", course.decided),
        ("heard", course.hearing),
    ]
    for state, day in reached:
        if _past(day, today):
            return state
    if _past(course.formalised, today) is None:
        return "expressed"
    if course.is_dublin:
        return "dublin"
    return "awaiting_hearing" if course.hearing and (course.hearing - today).days < 200 else "formalised"


def procedure_of(chance: Random, course: Course, today: date, language: str) -> ProcedureSpec:
    regime = regime_of(course.expressed)
    if course.is_temporary:
        return ProcedureSpec(
            "none", regime, expressed_on=course.expressed, protection_from="EU Council 2022/382"
        )
    hearing_is_booked = course.hearing is not None and (course.hearing - today).days <= 45
    decided, notified, court = (_past(day, today) for day in (course.decided, course.notified, course.court))
    refused = course.outcome == "DIN" and notified is not None
    return ProcedureSpec(
        state=_state(course, today),
        regime=regime,
        expressed_on=course.expressed,
        formalised_on=_past(course.formalised, today),
        hearing_on=course.hearing if hearing_is_booked and not course.is_dublin else None,
        decided_on=decided,
        outcome=course.outcome if decided else "",
        decision_number=f"CT-{OFFICE}/{decided.year}/{chance.randint(1, 99999):05d}" if decided else "",
        notified_on=notified,
        notified_language=language if notified else "",
        notified_with_mediator=notified is not None and chance.random() < 0.6,
        appeal_deadline_on=notified + timedelta(days=APPEAL_DAYS) if refused and notified else None,
        appealed_on=_past(course.appealed, today),
        is_suspensive=chance.random() < 0.85 if _past(course.appealed, today) else None,
        court_decided_on=court,
        court_outcome=course.court_outcome if court else "",
        protection_from=_protection_from(course, today),
    )


def _protection_from(course: Course, today: date) -> str:
    if not course.protection or _past(course.protected_on, today) is None:
        return ""
    return "court" if course.court_outcome else "commission"


def permits_of(chance: Random, course: Course, today: date, registry: Registry) -> tuple[PermitSpec, ...]:
    """The asylum seeker's permit, then the one that protection gives, as far as they have come."""
    if course.is_temporary:
        return (_temporary_permit(course, today, registry),)
    permits = []
    formalised = _past(course.formalised, today)
    if formalised is not None:
        permits.append(_seeker_permit(chance, formalised, today, registry, _past(course.delivered, today)))
    if course.protection and _past(course.requested, today) is not None:
        permits.append(_protection_permit(course, today, registry))
    return tuple(permits)


def _seeker_permit(
    chance: Random, formalised: date, today: date, registry: Registry, replaced_on: date | None
) -> PermitSpec:
    first = days_after(chance, formalised, 25, 80)
    base = PermitSpec("RA", regime_of(formalised), "requested", OFFICE, formalised, registry.receipt())
    if first > today:
        appointment = days_after(chance, formalised, 10, 24)
        if appointment > today:
            return replace(base, state="appointment", appointment_on=appointment)
        return replace(base, state="fingerprints", appointment_on=appointment, fingerprints_on=appointment)
    last_day = replaced_on or today
    renewals = (last_day - first).days // ASYLUM_SEEKER_PERMIT_DAYS
    issued = first + timedelta(days=renewals * ASYLUM_SEEKER_PERMIT_DAYS)
    state = "delivered"
    if renewals and (last_day - issued).days < 45 and chance.random() < 0.8:
        # The new card is being made: the old one has expired and the receipt stands for it.
        issued -= timedelta(days=ASYLUM_SEEKER_PERMIT_DAYS)
        state = "renewing" if chance.random() < 0.98 else "expired"
    return replace(
        base,
        state="replaced" if replaced_on else state,
        number=registry.permit(),
        issued_on=issued,
        delivered_on=issued,
        expires_on=issued + timedelta(days=ASYLUM_SEEKER_PERMIT_DAYS),
    )


def _permit_kind(course: Course) -> str:
    if course.protection != "SPEC":
        return "AS" if course.protection == "RIF" else "PS"
    regime = regime_of(course.expressed)
    return {"ante_2018": "PSP18", "dl_113_2018": "PSP18", "dl_130_2020": "PSP20"}.get(regime, "PSP23")


def _protection_permit(course: Course, today: date, registry: Registry) -> PermitSpec:
    kind = _permit_kind(course)
    return _in_progress(course, today, registry, kind, PROTECTION_YEARS[kind] * 365)


def _temporary_permit(course: Course, today: date, registry: Registry) -> PermitSpec:
    """Extended together, every year, to the fourth of March (D.L. 16/2023 and later extensions)."""
    permit = _in_progress(course, today, registry, "PT", 365)
    if permit.issued_on is None:
        return permit
    spring = date(today.year, 3, 4)
    return replace(permit, expires_on=spring if spring > today else spring.replace(year=today.year + 1))


def _in_progress(course: Course, today: date, registry: Registry, kind: str, valid_days: int) -> PermitSpec:
    assert course.requested is not None  # noqa: S101 - callers ask only for permits that were requested
    steps = [
        ("delivered", course.delivered),
        ("ready", course.ready),
        ("printing", course.printing),
        ("fingerprints", course.appointment),
    ]
    state = next((name for name, day in steps if _past(day, today)), "appointment")
    if state == "appointment" and course.appointment and (course.appointment - today).days > 40:
        state = "requested"
    issued = _past(course.printing, today)
    return PermitSpec(
        kind=kind,
        regime=regime_of(course.expressed),
        state=state,
        office=OFFICE,
        requested_on=course.requested,
        receipt_number=registry.receipt(),
        number=registry.permit() if _past(course.ready, today) else "",
        appointment_on=None if state == "requested" else course.appointment,
        fingerprints_on=_past(course.appointment, today),
        printing_on=issued,
        ready_on=_past(course.ready, today),
        delivered_on=_past(course.delivered, today),
        issued_on=issued,
        expires_on=issued + timedelta(days=valid_days) if issued else None,
    )


_Paper = TypeVar("_Paper", ProcedureSpec, PermitSpec, IdentifierSpec)


def not_before(paper: _Paper, day: date) -> _Paper:
    """The same paper for a child born meanwhile: nothing happened to it before this day."""
    early: dict[str, Any] = {  # Any: dates alone, under the names of the paper's own fields
        one.name: day
        for one in fields(paper)
        if isinstance(found := getattr(paper, one.name), date) and found < day
    }
    return replace(paper, **early)
