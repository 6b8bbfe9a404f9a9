"""What falls due in reception, written again whenever dates change; and exits whose awaited event has happened."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_noop

from ali.accounts.actors import SYSTEM
from ali.audit import services as audit
from ali.deadlines.models import DeadlineKind
from ali.deadlines.services import Due, replace_deadlines, write_deadlines
from ali.people.models import AsylumCase, Permit, Person
from ali.people.queries import officers_named, organisations_following
from ali.people.states import PROTECTED_OUTCOMES, PermitKind
from ali.reception.contract_texts.reading import SURE_ENOUGH
from ali.reception.models import Contract, Exit, ExitExtension
from ali.reception.queries import needs_municipality, prefecture_of
from ali.reception.services.exits import apply_clock
from ali.reception.states import (
    DATED_STATES,
    OPEN_STATES,
    WITHOUT_NEW_ADDRESS,
    ExitCause,
    ExitEvent,
    ExitState,
    ExtensionAnswer,
    ReadingStatus,
)
from ali.rules.values import reading_rules_once, rule_in_force

EXIT_CLOCKS = "reception.exit:"
Readers = Mapping[str, tuple[Any, ...]]  # Any: bodies, or pairs of body and user


def write_exit_deadlines(person_ids: Collection[int], today: date) -> None:
    """Write again what falls due from the open exits of these persons."""
    ids = list(person_ids)
    exits = list(
        Exit.objects.filter(person__in=ids, state__in=OPEN_STATES).select_related("person").order_by("pk")
    )
    moved = _still_to_report(ids)
    waiting: dict[int, ExitExtension] = {
        one.exit_id: one
        for one in ExitExtension.objects.filter(
            exit__in=[leaving.pk for leaving in exits], answer=ExtensionAnswer.WAITING
        ).order_by("pk")
    }
    followers, named = organisations_following(ids, today), officers_named(ids, today)
    readers = {pk: {"organisations": followers.get(pk, ()), "named": named.get(pk, ())} for pk in ids}
    with reading_rules_once():
        dues = [due for leaving in moved for due in _dues_of_move(leaving, readers[leaving.person_id])]
    dues += [
        due
        for leaving in exits
        for due in _dues(leaving, waiting.get(leaving.pk), readers[leaving.person_id], today)
    ]
    persons = Person.objects.filter(pk__in=ids).values_list("public_id", flat=True)
    replace_deadlines(prefix=EXIT_CLOCKS, persons=list(persons.order_by()), dues=dues)


def _shared(leaving: Exit, readers: Readers) -> dict[str, Any]:  # Any: fields of several kinds
    """Return what every deadline of an exit has in common."""
    return {
        **readers,
        "person": leaving.person.public_id,
        "is_reserved": leaving.person.is_reserved,
        "url_name": "reception:exit_detail",
        "url_id": leaving.public_id,
    }


def _still_to_report(ids: Collection[int]) -> list[Exit]:
    """Return the latest exit of each person who has moved, unless everything was declared."""
    latest = {
        leaving.person_id: leaving
        for leaving in Exit.objects.filter(person__in=ids, state=ExitState.DONE)
        .select_related("person", "stay__centre__municipality")
        .order_by("done_on", "pk")
    }
    return [
        leaving
        for leaving in latest.values()
        if leaving.done_reason not in WITHOUT_NEW_ADDRESS
        and not (leaving.residence_declared_on and leaving.questura_told_on)
    ]


def _dues_of_move(leaving: Exit, readers: Readers) -> Iterator[Due]:
    """The new residence at the Comune, the new address at the Questura: days from the departure, by rule."""
    if leaving.done_on is None:
        return
    where = leaving.stay.centre.municipality
    for step, rule, done, title in (
        (
            "residence",
            "people.residence_days",
            leaving.residence_declared_on,
            gettext_noop("Dichiarare la nuova residenza al Comune"),
        ),
        (
            "address",
            "people.address_change_days",
            leaving.questura_told_on,
            gettext_noop("Comunicare il nuovo indirizzo alla Questura"),
        ),
    ):
        if done:
            continue
        found = rule_in_force(rule, day=leaving.done_on, province=where.province_id, municipality=where.pk)
        yield Due(
            kind=DeadlineKind.COMMUNICATION,
            source=f"{EXIT_CLOCKS}{leaving.public_id}:{step}",
            due_on=leaving.done_on + timedelta(days=int(found.value)),
            title=title,
            **_shared(leaving, readers),
        )


def _dues(leaving: Exit, extension: ExitExtension | None, readers: Readers, today: date) -> Iterator[Due]:
    shared = _shared(leaving, readers)
    source = f"{EXIT_CLOCKS}{leaving.public_id}"
    if leaving.leaves_on and leaving.state in (*DATED_STATES, ExitState.PROPOSED):
        title = (
            gettext_noop("Esce dall'accoglienza")
            if leaving.state in DATED_STATES
            else gettext_noop("Data di uscita proposta")
        )
        yield Due(
            kind=DeadlineKind.EXIT, source=f"{source}:day", due_on=leaving.leaves_on, title=title, **shared
        )
    if leaving.leaves_on and needs_municipality(leaving, today) and not leaving.person.municipality_told_on:
        yield Due(
            kind=DeadlineKind.COMMUNICATION,
            source=f"{source}:municipality",
            due_on=leaving.leaves_on,
            title=gettext_noop("Avvisare il Comune competente prima dell'uscita"),
            **shared,
        )
    if leaving.next_step and leaving.next_step_on:
        yield Due(
            kind=DeadlineKind.NEXT_STEP,
            source=f"{source}:step",
            due_on=leaving.next_step_on,
            title=leaving.next_step,
            **shared,
        )
    if extension is not None:
        yield Due(
            kind=DeadlineKind.EXTENSION,
            source=f"{source}:extension",
            due_on=leaving.leaves_on or extension.asked_on,
            title=gettext_noop("Rispondere alla richiesta di proroga di %(days)d giorni"),
            words={"days": extension.days},
            **shared,
        )


def write_contract_deadlines(contract_ids: Collection[int], today: date) -> None:
    """Write when these contracts end, for the manager and the prefecture; only readings that somebody can rely on.

    A text that is clear about its end but says neither who nor where still ends that day.
    """
    contracts = list(
        Contract.objects.filter(pk__in=list(contract_ids), ends_on__gte=today)
        .exclude(reading=ReadingStatus.DOUBTFUL, confidence__lt=SURE_ENOUGH)
        .select_related("province")
        .order_by("pk")
    )
    bodies = {code: prefecture_of(code, today) for code in {one.province.prefecture for one in contracts}}
    write_deadlines(
        [
            Due(
                kind=DeadlineKind.CONTRACT,
                source=f"reception.contract:{one.public_id}:end",
                due_on=one.ends_on,
                title=gettext_noop("Finisce il contratto %(cig)s"),
                words={"cig": one.cig},
                organisations=tuple(
                    body
                    for body in (one.manager_id, getattr(bodies[one.province.prefecture], "pk", None))
                    if body
                ),
                url_name="reception:contract_detail",
                url_id=one.public_id,
            )
            for one in contracts
            if one.ends_on
        ]
    )


def follow_papers(person_ids: Collection[int], today: date) -> None:
    """Expected exits whose awaited event is in the papers get the day that the local clock proposes: still a proposal."""
    waiting = list(
        Exit.objects.filter(person__in=list(person_ids), state=ExitState.EXPECTED, event_on__isnull=True)
        .exclude(awaited_event="")
        .select_related("person", "stay__centre__municipality__province")
        .order_by("pk")
    )
    if not waiting:
        return
    ids = [leaving.person_id for leaving in waiting]
    happened = _delivered(ids) | _notified(ids)
    for leaving in waiting:
        event_on = happened.get((leaving.person_id, leaving.awaited_event, leaving.cause))
        if event_on is None or event_on > today:
            continue
        apply_clock(leaving, event=leaving.awaited_event, event_on=event_on)
        leaving.save_if_unchanged(leaving.version)
        audit.record(
            SYSTEM,
            "exit_proposed",
            leaving,
            persons=[leaving.person.public_id],
            event=leaving.awaited_event,
            leaves_on=leaving.leaves_on.isoformat() if leaving.leaves_on else None,
        )


_Happened = dict[tuple[int, str, str], date]


def _delivered(ids: Collection[int]) -> _Happened:
    """The latest delivery: of a protection permit for the recognised, of another for others; an asylum seeker's is none."""
    found: _Happened = {}
    for person, kind, day in (
        Permit.objects.filter(person__in=ids, delivered_on__isnull=False)
        .exclude(kind=PermitKind.RA)
        .values_list("person_id", "kind", "delivered_on")
        .order_by("delivered_on", "pk")
    ):
        cause = ExitCause.RECOGNISED if kind in (PermitKind.AS, PermitKind.PS) else ExitCause.OTHER_PERMIT
        found[person, ExitEvent.PERMIT_DELIVERED, cause] = day
    return found


def _notified(ids: Collection[int]) -> _Happened:
    found: _Happened = {}
    for person, outcome, day in (
        AsylumCase.objects.filter(person__in=ids, notified_on__isnull=False)
        .values_list("person_id", "outcome", "notified_on")
        .order_by()
    ):
        cause = ExitCause.RECOGNISED if outcome in PROTECTED_OUTCOMES else ExitCause.REJECTED
        found[person, ExitEvent.DECISION_NOTIFIED, cause] = day
    return found
