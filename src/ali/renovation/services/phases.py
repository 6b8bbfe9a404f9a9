"""The life of works: opened, planned, taken from phase to phase, stopped, resumed, given up. The homes follow."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.housing.models import Building, Dwelling
from ali.housing.queries import step_facts
from ali.housing.services import expect_ready, take_step
from ali.housing.states import DWELLING_TRANSITIONS, DwellingState, step_decision
from ali.renovation import permissions
from ali.renovation.board import refresh_board
from ali.renovation.models import PhaseRow, Stop, Works
from ali.renovation.queries import plan_of
from ali.renovation.schedule import Span, moved_with, ready_on
from ali.renovation.states import (
    BACKWARD,
    PHASES,
    PLANNED_PHASES,
    UNDER_WAY,
    WORKS_TRANSITIONS,
    Phase,
    StopReason,
)
from ali.rules.values import rule_in_force

EXPECTED = (Phase.SITE, Phase.TESTING, Phase.CERTIFICATES, Phase.FURNISHING, Phase.HANDOVER)


class WorksNotPossible(Refusal):
    """What was asked cannot happen to these works now."""


@dataclass(frozen=True)
class WorksFacts:
    """What is written of works besides their phases."""

    name: str
    responsible: str = ""
    energy_before: str = ""
    energy_after: str = ""
    was_empty: bool = True
    man_days: int | None = None
    firms: int | None = None

    def check(self) -> None:
        """Raise `WorksNotPossible` when the name is missing."""
        if not self.name.strip():
            raise WorksNotPossible(_("Dai un nome ai lavori: si ritrovano con quello."))


@atomic
def open_works(
    *, actor: Actor, building: Building, dwellings: Sequence[Dwelling], facts: WorksFacts, today: date
) -> Works:
    """Open works of the actor's body on a building and on dwellings of it, with every phase still to be planned."""
    permissions.may_open_works(actor).or_refuse()
    facts.check()
    if not dwellings:
        raise WorksNotPossible(_("Scegli almeno un alloggio: i lavori servono a renderlo pronto."))
    if any(home.building_id != building.pk or home.manager_id != actor.body for home in dwellings):
        raise WorksNotPossible(_("I lavori riguardano alloggi dello stesso immobile e del tuo ente."))
    busy = Works.objects.under_way().filter(dwellings__in=[home.pk for home in dwellings]).first()
    if busy is not None:
        raise WorksNotPossible(
            _("Uno di questi alloggi è già nei lavori «%(works)s».") % {"works": busy.name}
        )
    made = Works.objects.create(
        holder_id=actor.body,
        building=building,
        contingency_rate=Decimal(str(rule_in_force("renovation.contingency", day=today).value)),
        fees_rate=Decimal(str(rule_in_force("renovation.fees", day=today).value)),
        **asdict(facts),
    )
    made.dwellings.set(dwellings)
    PhaseRow.objects.bulk_create([PhaseRow(works=made, phase=phase) for phase in PHASES])
    PhaseRow.objects.filter(works=made, phase=Phase.AVAILABILITY).update(started_on=today)
    audit.record(actor, "works_opened", made, dwellings=len(dwellings))
    return made


@atomic
def change_works(
    *, actor: Actor, works: Works, facts: WorksFacts, expected_version: int, today: date
) -> Works:
    """Change what is written of works."""
    permissions.may_edit_works(actor, works).or_refuse()
    facts.check()
    for name, value in asdict(facts).items():
        setattr(works, name, value)
    works.save_if_unchanged(expected_version)
    refresh_board(works, today)
    audit.record(actor, "works_changed", works)
    return works


@atomic
def plan_phase(
    *,
    actor: Actor,
    works: Works,
    phase: Phase,
    starts_on: date | None,
    ends_on: date | None,
    responsible: str,
    moves_following: bool,
    expected_version: int,
    today: date,
) -> Works:
    """Say when a phase is planned and who follows it; when its end moves, the phases after it may move with it.

    The first dates stay as the first plan. Homes under works are expected on the new day.
    """
    permissions.may_edit_works(actor, works).or_refuse()
    if phase not in PLANNED_PHASES:
        raise WorksNotPossible(_("La gestione non si programma: comincia con la consegna."))
    if starts_on and ends_on and ends_on < starts_on:
        raise WorksNotPossible(_("La fase finisce prima di cominciare: controlla le date."))
    works.save_if_unchanged(expected_version)
    row = PhaseRow.objects.get(works=works, phase=phase)
    days = (ends_on - row.planned_ends_on).days if ends_on and row.planned_ends_on else 0
    _write_span(row, Span(starts_on, ends_on))
    row.responsible = responsible.strip()
    row.save()
    if moves_following:
        _shift(works, phase, days)
    _follow_plan(actor, works, today)
    audit.record(actor, "works_phase_planned", works, phase=phase.value, days=days)
    return works


@atomic
def plan_all(
    *, actor: Actor, works: Works, spans: dict[Phase, Span], expected_version: int, today: date
) -> Works:
    """Plan many phases at once: the first programme."""
    permissions.may_edit_works(actor, works).or_refuse()
    works.save_if_unchanged(expected_version)
    for row in PhaseRow.objects.filter(works=works, phase__in=[*spans], ended_on__isnull=True):
        _write_span(row, spans[Phase(row.phase)])
        row.save()
    _follow_plan(actor, works, today)
    audit.record(actor, "works_phase_planned", works, phase="all")
    return works


def _write_span(row: PhaseRow, span: Span) -> None:
    row.planned_starts_on, row.planned_ends_on = span.starts_on, span.ends_on
    if row.first_starts_on is None:
        row.first_starts_on = span.starts_on
    if row.first_ends_on is None:
        row.first_ends_on = span.ends_on


def _shift(works: Works, phase: Phase, days: int) -> None:
    moved = moved_with(plan_of(works), phase, days)
    for row in PhaseRow.objects.filter(works=works, phase__in=[*moved]):
        _write_span(row, moved[Phase(row.phase)])
        row.save()


def _follow_plan(actor: Actor, works: Works, today: date) -> None:
    """Keep the day on which the homes are expected, on the works and on the homes under works; write the board."""
    works.ready_on = None if works.phase == Phase.SUSPENDED else ready_on(plan_of(works))
    works.save(update_fields=["ready_on"])
    if works.present_phase in EXPECTED:
        for home in works.dwellings.filter(state=DwellingState.WORKS).order_by("pk"):
            expect_ready(actor=actor, home=home, ready_on=works.ready_on, today=today, reason=works.name)
    refresh_board(works, today)


@atomic
def begin_phase(
    *,
    actor: Actor,
    works: Works,
    phase: Phase,
    on: date,
    expected_version: int,
    today: date,
    skipped_because: str = "",
) -> Works:
    """End the present phase and begin `phase` on a day. Phases in between are passed over with a reason.

    With the site its homes are under works and expected; with management they are free.
    """
    permissions.may_edit_works(actor, works).or_refuse()
    verb = f"begin_{phase.value}"
    if verb not in WORKS_TRANSITIONS.table:
        raise WorksNotPossible(_("Questa fase non esiste."))
    before = Phase(works.phase)
    after = WORKS_TRANSITIONS.after(verb, before)
    _check_day(on, today)
    rows = {Phase(row.phase): row for row in PhaseRow.objects.filter(works=works)}
    between = PHASES[PHASES.index(before) + 1 : PHASES.index(after)]
    open_between = [one for one in between if not rows[one].ended_on and not rows[one].skipped_because]
    if open_between and not skipped_because.strip():
        raise WorksNotPossible(
            _("Si saltano altre fasi (%(phases)s): scrivi perché non servono.")
            % {"phases": ", ".join(str(one.label) for one in open_between)}
        )
    if rows[before].started_on and on < rows[before].started_on:
        raise WorksNotPossible(_("La fase di prima è cominciata dopo questo giorno: controlla la data."))
    rows[before].ended_on = on
    for one in open_between:
        rows[one].skipped_because = skipped_because.strip()[:200]
    rows[after].started_on, rows[after].ended_on, rows[after].skipped_because = on, None, ""
    for row in (rows[before], *(rows[one] for one in open_between), rows[after]):
        row.save()
    works.phase = after
    works.save_if_unchanged(expected_version)
    _homes_follow(actor, works, today)
    _follow_plan(actor, works, today)
    audit.record(actor, "works_phase_begun", works, phase=after.value, before=before.value)
    return works


def _check_day(on: date, today: date) -> None:
    if on > today:
        raise WorksNotPossible(_("Una fase si registra quando è cominciata: la data è nel futuro."))


def _homes_follow(actor: Actor, works: Works, today: date) -> None:
    """Take the homes where the works are: under works from the site on, free at the end."""
    if works.phase in EXPECTED:
        for home in (
            works.dwellings.exclude(state=DwellingState.WORKS).select_related("building").order_by("pk")
        ):
            _home_step(actor, home, "start_works", today, ready_on(plan_of(works)))
    if works.phase == Phase.MANAGEMENT:
        for home in (
            works.dwellings.filter(state=DwellingState.WORKS).select_related("building").order_by("pk")
        ):
            _home_step(actor, home, "make_free", today, None)


def _home_step(actor: Actor, home: Dwelling, verb: str, today: date, expected: date | None) -> None:
    if not DWELLING_TRANSITIONS.can(verb, DwellingState(home.state)):
        raise WorksNotPossible(
            _("La casa «%(home)s» è nello stato «%(state)s»: portala avanti nella sua scheda, poi riprova.")
            % {"home": home, "state": home.get_state_display()}
        )
    decision = step_decision(verb, step_facts(home, today))
    if not decision:
        raise WorksNotPossible(f"{home}: {decision.reason}")
    take_step(
        actor=actor, home=home, verb=verb, expected_version=home.version, today=today, ready_on=expected
    )


@atomic
def step_back(
    *, actor: Actor, works: Works, verb: str, reason: str, on: date, expected_version: int, today: date
) -> Works:
    """Go back to the design (a variant) or open the site again, with the reason."""
    permissions.may_edit_works(actor, works).or_refuse()
    if verb not in BACKWARD:
        raise WorksNotPossible(_("Questo passaggio non esiste."))
    if not reason.strip():
        raise WorksNotPossible(_("Scrivi perché si torna indietro: resta nella storia dei lavori."))
    before = Phase(works.phase)
    after = WORKS_TRANSITIONS.after(verb, before)
    _check_day(on, today)
    PhaseRow.objects.filter(works=works, phase=after).update(ended_on=None)
    again = PHASES[PHASES.index(after) + 1 : PHASES.index(before) + 1]
    PhaseRow.objects.filter(works=works, phase__in=again).update(started_on=None, ended_on=None)
    works.phase = after
    works.save_if_unchanged(expected_version)
    _follow_plan(actor, works, today)
    audit.record(actor, "works_phase_reopened", works, reason=reason.strip(), phase=after.value)
    return works


@atomic
def suspend_works(
    *, actor: Actor, works: Works, reason: str, note: str, on: date, expected_version: int, today: date
) -> Works:
    """Stop the works. Nobody knows any more when the homes are ready: who counts on them hears of it."""
    permissions.may_edit_works(actor, works).or_refuse()
    _stop(works, "suspend", reason=reason, note=note, on=on, today=today)
    works.resumes_at, works.phase = works.phase, Phase.SUSPENDED
    works.save_if_unchanged(expected_version)
    _follow_plan(actor, works, today)
    audit.record(actor, "works_suspended", works, reason=note.strip(), why=reason)
    return works


def _stop(works: Works, verb: str, *, reason: str, note: str, on: date, today: date) -> None:
    WORKS_TRANSITIONS.after(verb, Phase(works.phase))
    _check_day(on, today)
    if reason not in StopReason.values or not note.strip():
        raise WorksNotPossible(_("Scegli il motivo e spiega in una riga: resta nella storia dei lavori."))
    is_final = verb == "abandon"
    if is_final:
        Stop.objects.filter(works=works, resumed_on__isnull=True).update(resumed_on=on)
    Stop.objects.create(
        works=works,
        phase=works.present_phase,
        reason=reason,
        note=note.strip()[:400],
        stopped_on=on,
        is_final=is_final,
    )


@atomic
def resume_works(*, actor: Actor, works: Works, on: date, expected_version: int, today: date) -> Works:
    """Take the works up again where they stopped; what is still to do is expected as many days later."""
    permissions.may_edit_works(actor, works).or_refuse()
    WORKS_TRANSITIONS.after("resume", Phase(works.phase))
    _check_day(on, today)
    stop = Stop.objects.get(works=works, resumed_on__isnull=True)
    if on < stop.stopped_on:
        raise WorksNotPossible(_("I lavori si sono fermati dopo questo giorno: controlla la data."))
    stop.resumed_on = on
    stop.save()
    phase, days = works.present_phase, (on - stop.stopped_on).days
    works.phase, works.resumes_at = phase, ""
    works.save_if_unchanged(expected_version)
    row = PhaseRow.objects.get(works=works, phase=phase)
    if row.planned_ends_on:
        row.planned_ends_on += timedelta(days=days)
        row.save()
    _shift(works, phase, days)
    _follow_plan(actor, works, today)
    audit.record(actor, "works_resumed", works, days=days)
    return works


@atomic
def abandon_works(
    *, actor: Actor, works: Works, reason: str, note: str, on: date, expected_version: int, today: date
) -> Works:
    """Give the works up. Homes under works are no longer expected; they are suspended when nobody counts on them."""
    permissions.may_edit_works(actor, works).or_refuse()
    _stop(works, "abandon", reason=reason, note=note, on=on, today=today)
    works.phase, works.resumes_at = Phase.ABANDONED, ""
    works.ready_on = None
    works.save_if_unchanged(expected_version)
    for home in works.dwellings.filter(state=DwellingState.WORKS).order_by("pk"):
        given_up = expect_ready(actor=actor, home=home, ready_on=None, today=today, reason=note.strip())
        if step_decision("suspend", step_facts(given_up, today)):
            take_step(
                actor=actor,
                home=given_up,
                verb="suspend",
                expected_version=given_up.version,
                today=today,
                reason=note.strip(),
            )
    refresh_board(works, today)
    audit.record(actor, "works_abandoned", works, reason=note.strip(), why=reason)
    return works


def next_phases(works: Works) -> list[Phase]:
    """Return the phases that may begin now, in order."""
    if works.phase not in UNDER_WAY:
        return []
    return list(PHASES[PHASES.index(Phase(works.phase)) + 1 :])
