"""How the sweeps ask for the addresses of reception."""

from typing import Any

from ali.accounts.actors import Actor
from ali.core import clock
from tests.factories.people import PersonFactory
from tests.factories.places import province
from tests.factories.reception import (
    ArrivalFactory,
    ContractFactory,
    ExtensionFactory,
    StayFactory,
    centre_seen_by,
    exit_seen_by,
)
from tests.rules.url_examples import Example


def _centre(actor: Actor) -> dict[str, Any]:
    return {"public_id": centre_seen_by(actor).public_id}


def _arrival(actor: Actor) -> dict[str, Any]:
    arrival = ArrivalFactory(centre=centre_seen_by(actor))
    return {"public_id": arrival.centre.public_id, "arrival_id": arrival.public_id}


def _contract(actor: Actor) -> dict[str, Any]:
    if actor.role_code == "prefecture_officer":
        return {"public_id": ContractFactory(province=province(min(actor.provinces))).public_id}
    return {"public_id": ContractFactory(manager_id=actor.organisation_id).public_id}


def _person(actor: Actor) -> dict[str, Any]:
    return {"public_id": PersonFactory(seen_by=actor).public_id}


def _present(actor: Actor) -> dict[str, Any]:
    person = PersonFactory(seen_by=actor)
    StayFactory(person=person, centre=centre_seen_by(actor))
    return {"public_id": person.public_id}


def _exit(actor: Actor) -> dict[str, Any]:
    return {"public_id": exit_seen_by(actor).public_id}


def _dated(actor: Actor) -> dict[str, Any]:
    return {"public_id": exit_seen_by(actor, communicated=True).public_id}


def _done(actor: Actor) -> dict[str, Any]:
    return {"public_id": exit_seen_by(actor, done=True).public_id}


def _suspended(actor: Actor) -> dict[str, Any]:
    return {"public_id": exit_seen_by(actor, suspended=True).public_id}


def _past(actor: Actor) -> dict[str, Any]:
    leaving = exit_seen_by(actor, communicated=True, leaves_on=clock.today().replace(year=2025))
    return {"public_id": leaving.public_id}


def _asked(actor: Actor) -> dict[str, Any]:
    extension = ExtensionFactory(exit=exit_seen_by(actor, communicated=True))
    return {"public_id": extension.exit.public_id, "extension_id": extension.public_id}


FIRST = {"version": "1"}
DAY = "2026-03-01"
LATER = "2027-03-01"

EXAMPLES = {
    "reception:centre_detail": Example(make=_centre, query={"see": "30"}),
    "reception:centre_edit": Example(
        make=_centre, post={"places": "12", "unavailable_places": "0", "closes_on": ""} | FIRST
    ),
    "reception:arrival_add": Example(make=_centre, post={"expected_on": LATER, "persons": "3"}),
    "reception:arrival_close": Example(make=_arrival, post={"do": "withdraw", "reason": "non arrivano"}),
    "reception:contract_list": Example(query={"reading": "doubtful"}),
    "reception:contract_detail": Example(make=_contract),
    "reception:admit": Example(make=_person),
    "reception:transfer": Example(make=_present),
    "reception:departure": Example(make=_present, post={"left_on": DAY, "reason": "U09", "note": ""}),
    "reception:exit_add": Example(make=_present, post={"cause": "recognised", "awaited_event": "agreed"}),
    "reception:exit_detail": Example(make=_exit),
    "reception:exit_propose": Example(
        make=_exit,
        post={"event": "agreed", "event_on": DAY, "day": LATER, "because": "va da un cugino"} | FIRST,
    ),
    "reception:exit_communicate": Example(
        make=_exit, post={"leaves_on": LATER, "communicated_on": DAY} | FIRST
    ),
    "reception:exit_decree": Example(
        make=_exit, post={"number": "1", "decree_on": DAY, "protocol": "", "leaves_on": LATER} | FIRST
    ),
    "reception:exit_correct_day": Example(
        make=_dated, post={"leaves_on": LATER, "reason": "letto male il decreto"} | FIRST
    ),
    "reception:exit_move_reported": Example(
        make=_done, post={"residence_declared_on": DAY, "questura_told_on": ""} | FIRST
    ),
    "reception:exit_notify": Example(make=_dated, post={"notified_on": DAY, "language": "fra"} | FIRST),
    "reception:exit_extend": Example(
        make=_dated, post={"asked_by": "person", "asked_on": DAY, "days": "10", "reason": "scuola"}
    ),
    "reception:extension_answer": Example(
        make=_asked, post={"answer": "refused", "answered_on": DAY, "reason": ""} | FIRST
    ),
    "reception:exit_suspend": Example(
        make=_dated, post={"suspended_on": DAY, "suspended_by": "Tribunale di Venezia"} | FIRST
    ),
    "reception:exit_resume": Example(
        make=_suspended, post={"awaited_event": "court", "reason": "respinta"} | FIRST
    ),
    "reception:exit_beyond": Example(make=_past, post={"paid_by": "ente gestore"} | FIRST),
    "reception:exit_complete": Example(
        make=_dated, post={"done_on": DAY, "reason": "U03", "note": ""} | FIRST
    ),
    "reception:exit_cancel": Example(make=_exit, post={"reason": "sbaglio"} | FIRST),
    "reception:exit_solution": Example(make=_exit),
    "reception:exit_solution_note": Example(make=_exit, post={"note": "dal cugino"} | FIRST),
    "reception:exit_next_step": Example(make=_exit, post={"next_step": "Chiamare"} | FIRST),
    "reception:exit_municipality": Example(make=_exit, post={"municipality": "028060", "told_on": DAY}),
}
