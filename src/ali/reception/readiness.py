"""Three of the five gaps: papers, Italian, home. What a person still lacks, from what is written in the file."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from ali.people.models import AsylumCase, Permit, SpokenLanguage
from ali.people.states import LanguageLevel, PermitKind, PermitState
from ali.reception.models import Exit
from ali.reception.states import HALF_SOLUTIONS, OPEN_STATES, WITHOUT_SOLUTION, GapState
from ali.rules.values import rule_in_force

ITALIAN = "ita"
LEVELS = [level.value for level in LanguageLevel]
ON_THE_WAY = (
    PermitState.REQUESTED,
    PermitState.APPOINTMENT,
    PermitState.FINGERPRINTS,
    PermitState.PRINTING,
    PermitState.READY,
    PermitState.RENEWING,
)
BEST_FIRST = (GapState.OK, GapState.PARTIAL, GapState.MISSING)


def permit_gap(permit: Permit, today: date, renewal_days: int) -> GapState:
    """A delivered permit is enough until it is time to renew it; a receipt or a permit on its way is half."""
    if permit.state in ON_THE_WAY:
        return GapState.PARTIAL
    if permit.state != PermitState.DELIVERED or (permit.expires_on and permit.expires_on < today):
        return GapState.MISSING
    if permit.kind == PermitKind.RA:
        # An asylum seeker's permit ends with the procedure: it does not carry anybody out of reception.
        return GapState.PARTIAL
    if permit.expires_on and permit.expires_on <= today + timedelta(days=renewal_days):
        return GapState.PARTIAL
    return GapState.OK


def papers_gaps(person_ids: Collection[int], today: date) -> Mapping[int, GapState]:
    """The best of a person's permits; nothing at all with an open case is missing, without a case unknown."""
    renewal = int(rule_in_force("people.permit_renewal_days", day=today).value)
    found: dict[int, GapState] = dict.fromkeys(
        AsylumCase.objects.filter(person__in=person_ids).values_list("person_id", flat=True).order_by(),
        GapState.MISSING,
    )
    for permit in (
        Permit.objects.filter(person__in=person_ids).exclude(state=PermitState.CONVERTED).order_by("pk")
    ):
        gap = permit_gap(permit, today, renewal)
        known = found.get(permit.person_id, GapState.MISSING)
        found[permit.person_id] = min(gap, known, key=BEST_FIRST.index)
    return found


def language_gaps(person_ids: Collection[int], today: date) -> Mapping[int, GapState]:
    """Italian against the levels of the rule; a level never written is unknown."""
    levels = rule_in_force("people.language_gap_level", day=today).value
    enough, partial = LEVELS.index(levels["enough"]), LEVELS.index(levels["partial"])
    return {
        person: _language_gap(LEVELS.index(level), enough, partial)
        for person, level in SpokenLanguage.objects.filter(person__in=person_ids, language=ITALIAN)
        .values_list("person_id", "level")
        .order_by()
    }


def _language_gap(level: int, enough: int, partial: int) -> GapState:
    if level >= enough:
        return GapState.OK
    return GapState.PARTIAL if level >= partial else GapState.MISSING


def home_gaps(person_ids: Collection[int], today: date) -> Mapping[int, GapState]:
    """The solution typed on the exit: a shelter, a job's lodging or a place only asked for is half."""
    return {
        person: solution_gap(solution)
        for person, solution in Exit.objects.filter(person__in=person_ids, state__in=OPEN_STATES)
        .values_list("person_id", "solution")
        .order_by()
    }


def solution_gap(solution: str) -> GapState:
    if solution in HALF_SOLUTIONS:
        return GapState.PARTIAL
    return GapState.MISSING if solution in WITHOUT_SOLUTION else GapState.OK
