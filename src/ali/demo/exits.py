"""How a household leaves reception: first a fate, then a course that fits it, then the exit itself.

About one person in nine leaves within 90 days, and for most of them the date is only expected.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from ali.demo import courses
from ali.demo.chance import Wheel, days_after, days_before
from ali.demo.courses import Course
from ali.demo.shapes import ExitSpec, ExtensionSpec, SolutionSpec, SuspensionSpec
from ali.demo.tables import Country

HORIZON_DAYS = 90
LEAVING_SHARE = 0.11

# Of a hundred people leaving within the horizon.
LEAVING_FATES = {
    "expected": 0.51,
    "proposed": 0.16,
    "communicated": 0.08,
    "decreed": 0.06,
    "notified": 0.07,
    "extended": 0.05,
    "stayed_beyond": 0.03,
    "denied": 0.04,
}
# Beside them, a few whom a court has stopped.
SUSPENDED_OF_LEAVING = 0.03
ALL_FATES = {**LEAVING_FATES, "suspended": SUSPENDED_OF_LEAVING}
# The demo value of the local parameter: days from the deadline to appeal, or from the court's word.
DENIED_DAYS = 15

SOLUTIONS = {
    "expected": {
        "none": 60, "sai_asked": 13, "sai_offered": 3, "sai_refused": 3, "found_alone": 8, "relatives": 7,
        "employer_lodging": 3, "shelter": 1, "other_province": 2,
    },
    "dated": {
        "none": 40, "sai_asked": 12, "sai_offered": 6, "sai_refused": 4, "found_alone": 18, "relatives": 10,
        "employer_lodging": 4, "shelter": 3, "other_province": 3,
    },
    "denied": {"none": 55, "relatives": 17, "found_alone": 10, "shelter": 12, "other_province": 6},
    "later": {"none": 86, "sai_asked": 8, "found_alone": 3, "relatives": 3},
}  # fmt: skip
_WHEELS = {name: Wheel(weights) for name, weights in SOLUTIONS.items()}
SOLUTION_NOTES = {
    "found_alone": "Ha trovato una stanza da solo, esempio",
    "relatives": "Va da parenti, esempio",
    "employer_lodging": "Alloggio offerto dal datore di lavoro: da verificare, esempio",
    "other_province": "Si trasferisce in un'altra provincia, esempio",
    "shelter": "Posto in dormitorio, esempio",
}
EXTENSION_REASONS = (
    "Fine dell'anno scolastico",
    "Terapia in corso",
    "Contratto di affitto dal mese prossimo",
    "Parto previsto",
)


@dataclass(frozen=True, slots=True)
class Fate:
    """What awaits a household: its course so far and its exit, if there is one."""

    course: Course
    exit: ExitSpec | None = None


def invent_fate(chance: Random, name: str, country: Country, today: date, exit_days: int) -> Fate:
    return _FATES[name](chance, country, today, exit_days)


def name_other_fate(chance: Random, country: Country) -> str:
    """The fate of a household that does not leave within the horizon."""
    if country.iso3 == "UKR" and chance.random() < 0.78:
        return "temporary"
    luck, share = chance.random(), country.protected_share
    if luck < 0.10:
        return "heard"
    if luck < 0.10 + 0.24 * share:
        return "later"
    if luck < 0.10 + 0.24 * share + 0.30 * (1 - share):
        return "appeal"
    return "awaiting"


def _solution(chance: Random, wheel: str, today: date) -> SolutionSpec:
    kind = _WHEELS[wheel].spin(chance)
    if kind == "none":
        return SolutionSpec("none")
    return SolutionSpec(kind, days_before(chance, today, 0, 20), SOLUTION_NOTES.get(kind, ""))


def _cause(protection: str) -> str:
    return "other_permit" if protection == "SPEC" else "recognised"


def _expected(chance: Random, country: Country, today: date, exit_days: int) -> Fate:
    """The permit is on its way; the clock will start when it is delivered."""
    protection = courses.draw_protection(chance, country)
    delivered = days_after(chance, today, 2, HORIZON_DAYS - exit_days)
    return Fate(
        courses.protected(chance, today, delivered=delivered, protection=protection),
        ExitSpec(
            state="expected",
            cause=_cause(protection),
            solution=_solution(chance, "expected", today),
            due_on=delivered + timedelta(days=exit_days),
            awaited_event="permit_delivered",
            awaited_on=delivered,
        ),
    )


def _later(chance: Random, country: Country, today: date, exit_days: int) -> Fate:
    """Protected, but the permit is so far off that nobody can say more than the event awaited."""
    protection = courses.draw_protection(chance, country)
    delivered = days_after(chance, today, HORIZON_DAYS - exit_days + 1, 160)
    course = courses.protected(chance, today, delivered=delivered, protection=protection)
    is_requested = course.requested is not None and course.requested <= today
    return Fate(
        course,
        ExitSpec(
            state="expected",
            cause=_cause(protection),
            solution=_solution(chance, "later", today),
            due_on=delivered + timedelta(days=exit_days) if is_requested else None,
            awaited_event="permit_delivered",
            awaited_on=delivered if is_requested else None,
        ),
    )


def _proposed(chance: Random, country: Country, today: date, exit_days: int) -> Fate:
    """The permit is in hand: the date follows from the local parameter and waits for the officer."""
    protection = courses.draw_protection(chance, country)
    delivered = days_before(chance, today, 0, exit_days - 1)
    course = courses.protected(chance, today, delivered=delivered, protection=protection)
    return Fate(
        course,
        ExitSpec(
            state="proposed",
            cause=_cause(protection),
            solution=_solution(chance, "expected", today),
            due_on=delivered + timedelta(days=exit_days),
            reason=f"Permesso consegnato il {delivered:%d/%m/%Y}: {exit_days} giorni (parametro di esempio)",
            awaited_event="decree",
            origin_event="permit_delivered",
            origin_on=delivered,
            proposed_on=days_after(chance, delivered, 0, (today - delivered).days),
        ),
    )


def _dated(chance: Random, country: Country, today: date, due_on: date) -> Fate:
    """A communicated exit, some ten days to a month before its date."""
    protection = courses.draw_protection(chance, country)
    communicated = min(days_before(chance, due_on, 10, 30), today)
    delivered = days_before(chance, communicated, 3, 40)
    course = courses.protected(chance, today, delivered=delivered, protection=protection)
    return Fate(
        course,
        ExitSpec(
            state="communicated",
            cause=_cause(protection),
            solution=_solution(chance, "dated", today),
            due_on=due_on,
            reason="Consegna del permesso di soggiorno",
            origin_event="permit_delivered",
            origin_on=delivered,
            proposed_on=days_before(chance, communicated, 0, 3),
            communicated_on=communicated,
        ),
    )


def _communicated(chance: Random, country: Country, today: date, exit_days: int) -> Fate:
    if chance.random() < 0.25:
        return _voluntary(chance, country, today)
    fate = _dated(chance, country, today, days_after(chance, today, 4, 30))
    return replace(fate, exit=_exit_of(fate, awaited_event="decree"))


def _voluntary(chance: Random, country: Country, today: date) -> Fate:
    """«He found a room himself and leaves on Saturday»: any procedure state, no decree."""
    saturday = today + timedelta(days=(5 - today.weekday()) % 7 or 7)
    return Fate(
        courses.waiting_for_decision(chance, today),
        ExitSpec(
            state="communicated",
            cause="voluntary",
            solution=SolutionSpec("found_alone", today, SOLUTION_NOTES["found_alone"]),
            due_on=saturday,
            reason="Ha trovato una stanza e lo ha comunicato al centro",
            communicated_on=days_before(chance, today, 0, 4),
        ),
    )


def _exit_of(fate: Fate, **changes: object) -> ExitSpec:
    assert fate.exit is not None  # noqa: S101 - called on fates that were given an exit
    return replace(fate.exit, **changes)  # type: ignore[arg-type]  # each caller names real fields


def _decree(chance: Random, fate: Fate, today: date, *, is_notified: bool) -> Fate:
    """Adds the decree (its number is drawn for each person later) and, if asked, the notification."""
    drawn = _exit_of(fate)
    communicated = drawn.communicated_on or today
    decreed = days_after(chance, communicated, 0, min(5, (today - communicated).days))
    drawn = replace(drawn, state="decreed", decreed_on=decreed)
    if is_notified:
        told = days_after(chance, decreed, 0, min(4, (today - decreed).days))
        drawn = replace(
            drawn,
            state="notified",
            notified_on=told,
            notified_with_mediator=chance.random() < 0.7,
            has_signed=chance.random() < 0.9,
        )
    return replace(fate, exit=drawn)


def _decreed(chance: Random, country: Country, today: date, exit_days: int) -> Fate:
    fate = _dated(chance, country, today, days_after(chance, today, 3, 25))
    return _decree(chance, fate, today, is_notified=False)


def _notified(chance: Random, country: Country, today: date, exit_days: int) -> Fate:
    fate = _dated(chance, country, today, days_after(chance, today, 1, 20))
    fate = _decree(chance, fate, today, is_notified=True)
    if chance.random() < 0.2:
        asked = _exit_of(fate).notified_on or today
        extension = ExtensionSpec("person", asked, 30, chance.choice(EXTENSION_REASONS), "pending")
        fate = replace(fate, exit=_exit_of(fate, extension=extension))
    return fate


def _extended(chance: Random, country: Country, today: date, exit_days: int) -> Fate:
    days = chance.choice((30, 30, 45, 60))
    original = days_after(chance, today, 3 - days, 8)
    fate = _decree(chance, _dated(chance, country, today, original), today, is_notified=True)
    told = _exit_of(fate).notified_on or today
    asked = min(days_after(chance, told, 0, 4), original, today)
    extension = ExtensionSpec(
        asked_by=chance.choice(("person", "centre", "comune")),
        asked_on=asked,
        days=days,
        reason=chance.choice(EXTENSION_REASONS),
        answer="granted",
        answered_on=min(days_after(chance, asked, 0, 5), today),
    )
    return replace(
        fate,
        exit=_exit_of(
            fate,
            state="extended",
            original_on=original,
            due_on=original + timedelta(days=days),
            extension=extension,
        ),
    )


def _stayed_beyond(chance: Random, country: Country, today: date, exit_days: int) -> Fate:
    due_on = days_before(chance, today, 1, 55)
    fate = _decree(chance, _dated(chance, country, today, due_on), today, is_notified=True)
    nights = (today - due_on).days
    paid_by = chance.choice(("prefecture", "manager", "comune", "nobody"))
    return replace(
        fate,
        exit=_exit_of(
            fate,
            state="stayed_beyond",
            nights_beyond=nights,
            nights_paid_by=paid_by,
            solution=SolutionSpec("none") if chance.random() < 0.7 else _solution(chance, "dated", today),
        ),
    )


def _suspended(chance: Random, country: Country, today: date, exit_days: int) -> Fate:
    original = days_after(chance, today, -25, 15)
    fate = _decree(chance, _dated(chance, country, today, original), today, is_notified=True)
    told = _exit_of(fate).notified_on or today
    suspension = SuspensionSpec(
        court="TAR Veneto (esempio)",
        number=f"{chance.randint(1, 999)}/{today.year}",
        suspended_on=min(days_after(chance, told, 1, 10), today),
    )
    return replace(
        fate, exit=_exit_of(fate, state="suspended", original_on=original, due_on=None, suspension=suspension)
    )


def _denied(chance: Random, country: Country, today: date, exit_days: int) -> Fate:
    """Refused: reception ends with the deadline to appeal, or with the court's word."""
    if chance.random() < 0.6:
        course = courses.refused_and_silent(chance, today)
        deadline = (course.notified or today) + timedelta(days=courses.APPEAL_DAYS)
        return Fate(
            course,
            ExitSpec(
                state="expected",
                cause="denied",
                solution=_solution(chance, "denied", today),
                due_on=deadline + timedelta(days=DENIED_DAYS),
                awaited_event="appeal_deadline",
                awaited_on=deadline,
                origin_event="decision_notified",
                origin_on=course.notified,
            ),
        )
    course = courses.refused_by_court(chance, today)
    return Fate(
        course,
        ExitSpec(
            state="proposed",
            cause="denied",
            solution=_solution(chance, "denied", today),
            due_on=(course.court or today) + timedelta(days=30),
            reason="Ricorso respinto dal tribunale",
            awaited_event="decree",
            origin_event="court_decision",
            origin_on=course.court,
            proposed_on=today,
        ),
    )


def _awaiting(chance: Random, country: Country, today: date, exit_days: int) -> Fate:
    return Fate(courses.waiting_for_hearing(chance, today))


def _heard(chance: Random, country: Country, today: date, exit_days: int) -> Fate:
    return Fate(courses.waiting_for_decision(chance, today))


def _appeal(chance: Random, country: Country, today: date, exit_days: int) -> Fate:
    return Fate(courses.in_appeal(chance, today))


def _temporary(chance: Random, country: Country, today: date, exit_days: int) -> Fate:
    return Fate(courses.temporary_protection(chance, today))


_FATES: dict[str, Callable[[Random, Country, date, int], Fate]] = {
    "expected": _expected,
    "proposed": _proposed,
    "communicated": _communicated,
    "decreed": _decreed,
    "notified": _notified,
    "extended": _extended,
    "stayed_beyond": _stayed_beyond,
    "suspended": _suspended,
    "denied": _denied,
    "later": _later,
    "awaiting": _awaiting,
    "heard": _heard,
    "appeal": _appeal,
    "temporary": _temporary,
}
