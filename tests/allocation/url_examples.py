from typing import Any

from django_tasks_db.models import DBTaskResult

from ali.accounts.actors import Actor
from ali.allocation.models import Proposal
from ali.allocation.states import PinKind
from ali.allocation.tasks import answer_what_if
from ali.places.models import Province
from tests.factories.allocation import (
    CriteriaFactory,
    PinFactory,
    RoundEntryFactory,
    RoundFactory,
    Scene,
    scene_for,
    user_of,
)
from tests.factories.committees import meeting_for
from tests.rules.url_examples import Example


def _round(actor: Actor, *, solved: bool = True, scene: Scene | None = None) -> Any:
    scene = scene or scene_for(actor)
    made = RoundFactory(
        criteria=CriteriaFactory(province_id=min(actor.provinces)), solved=solved, asked_by=user_of(actor)
    )
    RoundEntryFactory(round=made, household=scene.household, dwelling=scene.home)
    return made


def _solved(actor: Actor) -> dict[str, Any]:
    return {"public_id": _round(actor).public_id}


def _answered(actor: Actor) -> dict[str, Any]:
    round_ = _round(actor)
    task = DBTaskResult.objects.create(
        task_path=answer_what_if.module_path,
        args_kwargs={
            "args": [round_.pk, {"kind": "home_gone", "dwelling": "", "household": ""}],
            "kwargs": {},
        },
        backend_name="default",
    )
    return {"public_id": round_.public_id, "task_id": task.pk}


def _under_way(actor: Actor) -> dict[str, Any]:
    return {"public_id": _round(actor, solved=False).public_id}


def _entry(actor: Actor) -> dict[str, Any]:
    return {"public_id": _round(actor).entries.get().public_id}


def _home(actor: Actor) -> dict[str, Any]:
    return {"public_id": scene_for(actor).home.public_id}


def _household(actor: Actor) -> dict[str, Any]:
    scene = scene_for(actor)
    if actor.role_code == "housing_manager":
        scene.put_forward()
    return {"public_id": scene.household.public_id}


def _pair(actor: Actor) -> dict[str, Any]:
    scene = scene_for(actor)
    return {"dwelling_id": scene.home.public_id, "household_id": scene.household.public_id}


def _pinned(actor: Actor) -> dict[str, Any]:
    scene = scene_for(actor)
    PinFactory(household=scene.household, dwelling=scene.home, set_by=user_of(actor))
    return {"dwelling_id": scene.home.public_id, "household_id": scene.household.public_id}


def _proposal(actor: Actor) -> dict[str, Any]:
    return {"public_id": scene_for(actor).put_forward().public_id}


def _accepted(actor: Actor) -> dict[str, Any]:
    scene = scene_for(actor)
    proposal: Proposal = scene.accepted()
    scene.open_paper(proposal)
    return {"public_id": proposal.public_id}


def _province(actor: Actor) -> dict[str, Any]:
    code = min(actor.provinces)
    CriteriaFactory(province_id=code)
    return {"province": Province.objects.get(code=code).code}


REASON = {"reason": "prova del motivo", "version": "1"}


def _committee(actor: Actor) -> dict[str, Any]:
    return {"public_id": meeting_for(actor).committee.public_id}


def _seat(actor: Actor) -> dict[str, Any]:
    return {"public_id": meeting_for(actor).committee.members.order_by("-pk")[0].public_id}


def _session(actor: Actor) -> dict[str, Any]:
    return {"public_id": meeting_for(actor).session.public_id}


def _signed(actor: Actor) -> dict[str, Any]:
    return {"public_id": meeting_for(actor).decided().session.public_id}


def _item(actor: Actor) -> dict[str, Any]:
    meeting = meeting_for(actor)
    meeting.open()
    return {"public_id": meeting.item.public_id}


def _item_session(actor: Actor) -> dict[str, Any]:
    meeting = meeting_for(actor)
    meeting.open()
    return {"public_id": meeting.session.public_id}


def _planned_item(actor: Actor) -> dict[str, Any]:
    return {"public_id": meeting_for(actor).item.public_id}


EXAMPLES = {
    "allocation:committee_detail": Example(make=_committee),
    "allocation:committee_edit": Example(make=_committee),
    "allocation:member_add": Example(make=_committee, post={"position": "member"}),
    "allocation:member_end": Example(make=_seat, post={"version": "1"}),
    "allocation:session_plan": Example(make=_committee, post={"held_on": "2026-03-09"}),
    "allocation:session_detail": Example(make=_item_session),
    "allocation:agenda_add": Example(make=_session, post={"home": ""}),
    "allocation:agenda_remove": Example(make=_planned_item, post={"version": "1"}),
    "allocation:session_step": Example(make=_session, post={"version": "1", "verb": "open"}),
    "allocation:conflict_declare": Example(make=_item, post={"reason": "è un parente"}),
    "allocation:vote_cast": Example(make=_item, post={}),
    "allocation:minutes_sign": Example(make=_session, post={"version": "1"}),
    "allocation:minutes_print": Example(make=_signed),
    "allocation:minutes_note": Example(make=_signed, post={"reason": "una correzione"}),
    "allocation:round_open": Example(post={"province": "PD", "window_days": "90"}),
    "allocation:round_detail": Example(make=_solved),
    "allocation:round_progress": Example(make=_under_way),
    "allocation:round_cancel": Example(make=_under_way, post={}),
    "allocation:round_try": Example(make=_solved, post={"kind": "home_gone"}),
    "allocation:round_answer": Example(make=_answered),
    "allocation:round_print": Example(make=_solved),
    "allocation:round_export": Example(make=_solved, post=REASON),
    "allocation:round_compare": Example(make=_solved),
    "allocation:criteria_enforce": Example(make=_solved, post={"version": "1"}),
    "allocation:entry_exchange": Example(make=_entry),
    "allocation:entry_set_aside": Example(make=_entry, post=REASON),
    "allocation:shortlist": Example(make=_home),
    "allocation:household_homes": Example(make=_household),
    "allocation:put_forward": Example(make=_pair),
    "allocation:pin_set": Example(make=_pair, post={**REASON, "kind": PinKind.FORBID}),
    "allocation:pin_remove": Example(make=_pinned, post={}),
    "allocation:proposal_list": Example(query={"state": "ended"}),
    "allocation:proposal_detail": Example(make=_proposal),
    "allocation:proposal_paper": Example(make=_proposal, query={"lang": "fr"}),
    "allocation:home_accept": Example(make=_proposal, post={"version": "1"}),
    "allocation:home_refuse": Example(make=_proposal, post=REASON),
    "allocation:household_accept": Example(
        make=_accepted, post={"version": "2", "language": "fra", "signed_paper": "on"}
    ),
    "allocation:household_refuse": Example(make=_accepted, post={"version": "2", "no-language": "fra"}),
    "allocation:proposal_withdraw": Example(make=_proposal, post=REASON),
    "allocation:criteria_detail": Example(make=_province),
}
