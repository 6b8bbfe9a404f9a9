"""Centres, stays, exits, and who may see whom."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any, Final
from zlib import crc32

from ali.accounts.models import User
from ali.demo.chance import stream
from ali.demo.filling.bodies import PROVINCE, Bodies
from ali.demo.filling.persons import Group, People
from ali.demo.filling.rows import morning_of, write
from ali.demo.history import Departure
from ali.demo.shapes import ArrivalSpec, CentreSpec, ExitSpec, PersonSpec
from ali.people.models import Assignment
from ali.people.states import Capacity
from ali.reception.clock import ExitDate, find_rule, propose_exit_date
from ali.reception.models import AnnouncedArrival, Centre, Exit, ExitExtension, Stay
from ali.reception.states import (
    ExitCause,
    ExitEvent,
    ExitReason,
    ExitState,
    ExtensionAnswer,
    ExtensionAsker,
    Solution,
)
from ali.rules.values import rule_in_force

# Of what falls due, a few things are late in any office.
LATE_SHARE: Final = 0.04
STATES = {"extended": ExitState.NOTIFIED}
CAUSES = {"denied": ExitCause.REJECTED}
EVENTS = {
    "decision_notified": ExitEvent.DECISION_NOTIFIED,
    "permit_delivered": ExitEvent.PERMIT_DELIVERED,
    "appeal_deadline": ExitEvent.APPEAL_EXPIRED,
    "court_decision": ExitEvent.COURT,
}
SOLUTIONS = {"employer_lodging": Solution.EMPLOYER}
ASKERS = {
    "person": ExtensionAsker.PERSON,
    "centre": ExtensionAsker.MANAGER,
    "comune": ExtensionAsker.MUNICIPALITY,
}
ANSWERS = {
    "granted": ExtensionAnswer.GRANTED,
    "refused": ExtensionAnswer.REFUSED,
    "pending": ExtensionAnswer.WAITING,
}
PAYERS = {
    "prefecture": "Prefettura",
    "manager": "Ente gestore",
    "comune": "Comune",
    "nobody": "Nessuno: da chiarire",
}
STEPS = {
    "papers": ("Chiedere alla Questura a che punto è il permesso", "Ritirare il codice fiscale definitivo"),
    "income": ("Colloquio con il servizio per il lavoro", "Aggiornare il curriculum e candidarsi"),
    "home": ("Verificare la disponibilità del SAI", "Parlare con la persona di dove vorrebbe vivere"),
    "language": ("Iscrivere al corso di italiano", "Prenotare l'esame A2"),
    "network": ("Presentare un'associazione del territorio", "Cercare una famiglia volontaria"),
}
SOLUTION_OF_REASON = {
    "U01": Solution.SAI_OFFERED,
    "U03": Solution.FOUND_ALONE,
    "U04": Solution.NETWORK_HOME,
    "U05": Solution.RELATIVES,
    "U11": Solution.OTHER_PROVINCE,
}
STILL_SEEN = "reception.sight_after_exit_days"


@dataclass
class Hosting:
    """Centres as stored, by the keys of their specs, and the last stay of each person."""

    centres: dict[str, Centre] = field(default_factory=dict)
    stays: dict[str, Stay] = field(default_factory=dict)


def add_centres(
    centres: Sequence[CentreSpec],
    *,
    bodies: Bodies,
    arrivals: Iterable[ArrivalSpec],
    reserved: Mapping[str, int],
    seed: int,
    today: date,
) -> Hosting:
    """Write the centres and the arrivals announced. A reserved person's place counts as closed, so that no count shows it."""
    chance = stream(seed, "closed places")
    rows = write(
        [
            Centre(
                name=spec.name,
                manager_id=bodies.by_name[spec.manager].pk,
                municipality_id=spec.municipality,
                address=spec.address,
                kind=spec.kind,
                places=spec.places,
                unavailable_places=reserved.get(spec.key, 0)
                + int(spec.places > 5 and chance.random() < 0.08),
                closes_on=today + timedelta(days=75) if number == len(centres) // 2 else None,
                is_invented=True,
            )
            for number, spec in enumerate(centres)
        ]
    )
    hosting = Hosting(centres={spec.key: row for spec, row in zip(centres, rows, strict=True)})
    write(
        [
            AnnouncedArrival(
                centre_id=hosting.centres[one.centre].pk, expected_on=one.arrives_on, persons=one.persons
            )
            for one in arrivals
        ]
    )
    return hosting


def reserved_places(persons: Iterable[PersonSpec]) -> Mapping[str, int]:
    return Counter(person.stay.centre for person in persons if person.is_reserved)


def add_stays(
    group: Group,
    people: People,
    hosting: Hosting,
    *,
    bodies: Bodies,
    left: Mapping[str, Departure],
    today: date,
) -> None:
    """Write every stay, and who may see the person: the managers who host or hosted them, and the prefecture.

    Also of a reserved person, whom it hides from the prefecture until somebody there is named.
    """
    still_seen = timedelta(days=int(rule_in_force(STILL_SEEN, day=today, province=PROVINCE).value))
    pairs = list(group.persons())
    stays = {key: _stays(people.persons[key].pk, spec, hosting, left.get(key)) for key, spec in pairs}
    write([stay for of_person in stays.values() for stay in of_person])
    write(
        [
            assignment
            for key, of_person in stays.items()
            for assignment in _sight(
                of_person[-1:] if people.persons[key].is_reserved else of_person,
                bodies.prefecture.pk,
                still_seen,
            )
        ]
    )
    hosting.stays |= {key: of_person[-1] for key, of_person in stays.items()}


def _stays(person: int, spec: PersonSpec, hosting: Hosting, departure: Departure | None) -> list[Stay]:
    """The stays in order; a transfer ends those before the last, a departure the last."""
    rows = [
        Stay(
            person_id=person,
            centre=hosting.centres[stay.centre],
            entered_on=stay.entered_on,
            left_on=stay.left_on,
            left_because=ExitReason.U11 if stay.left_on else "",
        )
        for stay in spec.stays
    ]
    if departure is not None:
        rows[-1].left_on, rows[-1].left_because = departure.left_on, departure.reason
    return rows


def _sight(stays: Sequence[Stay], prefecture: int, still_seen: timedelta) -> Iterator[Assignment]:
    """One assignment for each body, as long as it hosts the person and for a while after."""
    until = {stay.centre.manager_id: stay.left_on and stay.left_on + still_seen for stay in stays}
    since: dict[int, Stay] = {}
    for stay in stays:
        since.setdefault(stay.centre.manager_id, stay)
    for manager, first in since.items():
        yield _assignment(first, manager, Capacity.CASEWORK, until[manager])
    last = stays[-1].left_on
    yield _assignment(stays[0], prefecture, Capacity.PREFECTURE, last and last + still_seen)


def _assignment(stay: Stay, organisation: int, capacity: Capacity, until: date | None) -> Assignment:
    return Assignment(
        person_id=stay.person_id,
        organisation_id=organisation,
        capacity=capacity,
        reason=f"Accoglienza in {stay.centre.name}",
        starts_on=stay.entered_on,
        ends_on=until,
    )


def add_exits(
    group: Group, people: People, hosting: Hosting, *, bodies: Bodies, seed: int, today: date
) -> None:
    """Write the exits under way, with their extensions."""
    maker = _ExitMaker(bodies, stream(seed, "next steps"), today)
    rows: list[Exit] = []
    extensions: list[tuple[int, ExitSpec]] = []
    for key, person in group.persons():
        if person.exit is None:
            continue
        stay = hosting.stays[key]
        if person.exit.extension is not None:
            extensions.append((len(rows), person.exit))
        rows.append(maker.exit_of(person, people.persons[key].pk, stay))
    write(rows)
    write([_extension(rows[number], spec) for number, spec in extensions])


def _extension(row: Exit, spec: ExitSpec) -> ExitExtension:
    asked = spec.extension
    assert asked is not None  # noqa: S101 - called on exits that have one
    return ExitExtension(
        exit=row,
        asked_by=ASKERS[asked.asked_by],
        asked_on=asked.asked_on,
        days=asked.days,
        reason=asked.reason,
        answer=ANSWERS[asked.answer],
        answered_on=asked.answered_on,
    )


class _ExitMaker:
    """Turns what was drawn for a person into the exit that the services would have written step by step."""

    def __init__(self, bodies: Bodies, chance: Random, today: date) -> None:
        self.bodies = bodies
        self.chance = chance
        self.today = today
        # The clock asks the same few rules for everybody.
        self.find_rule = cache(find_rule)

    def exit_of(self, person: PersonSpec, pk: int, stay: Stay) -> Exit:
        spec = person.exit
        assert spec is not None  # noqa: S101 - called on persons who have one
        proposed = self._proposed(spec)
        return Exit(
            person_id=pk,
            stay_id=stay.pk,
            state=STATES.get(spec.state, spec.state),
            cause=CAUSES.get(spec.cause, spec.cause),
            **_event(spec),
            leaves_on=spec.due_on,
            proposed_because=proposed.reason[:400] if proposed else spec.reason,
            rule=proposed.kept() if proposed else None,
            **_papers(spec),
            suspended_on=spec.suspension.suspended_on if spec.suspension else None,
            suspended_by=f"{spec.suspension.court}, n. {spec.suspension.number}" if spec.suspension else "",
            beyond_nights_paid_by=PAYERS.get(spec.nights_paid_by, ""),
            **self._confirmation(spec),
            solution=SOLUTIONS.get(spec.solution.kind, spec.solution.kind),
            solution_note=spec.solution.note,
            solution_at=morning_of(spec.solution.decided_on) if spec.solution.decided_on else None,
            **self._next_step(person, stay.centre.manager_id),
        )

    def _proposed(self, spec: ExitSpec) -> ExitDate | None:
        """What the clock says, once an event has started it."""
        if spec.state == "expected" or spec.origin_event not in EVENTS or spec.origin_on is None:
            return None
        found = propose_exit_date(
            cause=CAUSES.get(spec.cause, spec.cause),
            event=EVENTS[spec.origin_event],
            event_on=spec.origin_on,
            prefecture=PROVINCE,
            find=self.find_rule,
        )
        return found if found.day else None

    def _confirmation(self, spec: ExitSpec) -> dict[str, Any]:  # Any: field values of Exit
        if spec.communicated_on is None:
            return {}
        return {"confirmed_by_id": self.bodies.officer.pk, "confirmed_at": morning_of(spec.communicated_on)}

    def _next_step(self, person: PersonSpec, manager: int) -> dict[str, Any]:  # Any: field values of Exit
        """Most have somebody who follows them and something to do next; a few are late."""
        owner: User | None = self.bodies.operators.get(manager)
        if owner is None or not person.gaps or self.chance.random() < 0.3:
            return {}
        step = self.chance.choice(STEPS[self.chance.choice(person.gaps)])
        return {
            "owner_id": owner.pk,
            "next_step": step,
            "next_step_on": self._step_day(),
        }

    def _step_day(self) -> date:
        """Mostly in the weeks to come; somebody is always a few days late."""
        days = self.chance.randint(1, 25)
        return self.today + timedelta(days=-min(days, 6) if self.chance.random() < LATE_SHARE else days)


def _event(spec: ExitSpec) -> dict[str, Any]:  # Any: field values of Exit
    """The event that started the clock; or the one awaited, which has no day until it happens."""
    if spec.cause == "voluntary":
        return {"awaited_event": ExitEvent.AGREED, "event_on": spec.due_on}
    if spec.state == "expected":
        return {"awaited_event": EVENTS[spec.awaited_event]}
    event = EVENTS.get(spec.origin_event)
    return {"awaited_event": event, "event_on": spec.origin_on} if event else {}


def _papers(spec: ExitSpec) -> dict[str, Any]:  # Any: field values of Exit
    """How the exit was said: told, decreed, notified."""
    return {
        "communicated_on": spec.communicated_on,
        "decree_number": spec.decree_number,
        "decree_on": spec.decreed_on,
        "decree_protocol": spec.decree_protocol,
        "notified_on": spec.notified_on,
        "notified_language_id": spec.notified_language or None,
        "notified_with_mediator": spec.notified_with_mediator,
    }


def _declared(key: str, left_on: date, today: date) -> dict[str, date]:
    """The new residence and address that those who left have said by now; a few are late."""
    luck = crc32(key.encode()) % 100 / 100
    days = {"residence_declared_on": 4 + luck * 14, "questura_told_on": 1 + luck * 1.9}
    said = {name: left_on + timedelta(days=int(after)) for name, after in days.items()}
    if luck < LATE_SHARE and left_on > today - timedelta(days=30):
        return {}
    return {name: day for name, day in said.items() if day < today}


def add_departures(
    departures: Mapping[str, Departure],
    group: Group,
    people: People,
    hosting: Hosting,
    *,
    bodies: Bodies,
    today: date,
) -> None:
    """Write the exits of those who have already left."""
    rows: list[Exit] = []
    for key, person in group.persons():
        departure, spec = departures[key], person.exit
        if spec is None:
            continue
        solution = SOLUTION_OF_REASON.get(departure.reason, Solution.NONE)
        rows.append(
            Exit(
                person_id=people.persons[key].pk,
                stay_id=hosting.stays[key].pk,
                state=ExitState.DONE,
                cause=CAUSES.get(spec.cause, spec.cause),
                **_event(spec),
                leaves_on=departure.left_on,
                **_papers(spec),
                confirmed_by_id=bodies.officer.pk,
                confirmed_at=morning_of(spec.communicated_on or departure.left_on),
                solution=solution,
                solution_at=morning_of(departure.left_on) if solution != Solution.NONE else None,
                done_on=departure.left_on,
                done_reason=departure.reason,
                **_declared(key, departure.left_on, today),
            )
        )
    write(rows)
