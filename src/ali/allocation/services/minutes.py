"""The minutes of a session: written from what happened, signed by the chair, and never changed after."""

import hashlib
import json
from datetime import date, datetime
from typing import Any

from ali.accounts.actors import Actor
from ali.allocation import committee_permissions as permissions
from ali.allocation.committee_queries import agenda_of, households_of
from ali.allocation.models import AgendaItem, CommitteeSession, Minutes, MinutesNote
from ali.allocation.services.signatures import typed
from ali.allocation.states import SESSION_TRANSITIONS, SessionState
from ali.audit import services as audit
from ali.core.transactions import atomic

Content = dict[str, Any]  # Any: values of a JSON document


def content_of(actor: Actor, session: CommitteeSession) -> Content:
    """Return what the minutes say of a session, without names of households: their labels stand for them."""
    committee = session.committee
    seats = list(permissions.sitting_on(session.committee_id, session.held_on))
    agenda = agenda_of(actor, session)
    spoke = {vote.member_id for one in agenda for vote in one.votes}
    spoke |= {conflict.member_id for one in agenda for conflict in one.conflicts}
    return {
        "committee": committee.name,
        "body": str(committee.body),
        "held_on": session.held_on.isoformat(),
        "place": session.place,
        "criteria": committee.criteria,
        "act_number": committee.act_number,
        "act_on": committee.act_on.isoformat() if committee.act_on else "",
        "rules": session.rules,
        "members": [
            {
                "name": seat.user.full_name,
                "position": seat.position,
                "took_part": seat.pk in spoke,
            }
            for seat in seats
        ],
        "items": [_item(one) for one in agenda],
    }


def _item(view: Any) -> Content:  # Any: an ItemView, which a template reads too
    item = view.item
    return {
        "home": str(item.dwelling),
        "town": item.dwelling.building.municipality.name,
        "beds": item.beds,
        "candidates": [
            {
                "id": str(one.candidate.public_id),
                "label": one.candidate.label,
                "persons": one.candidate.persons,
                "minors": one.candidate.minors,
                "needs_step_free": one.candidate.needs_step_free,
                "band": one.candidate.band,
                "reasons": one.candidate.reasons,
                "by_proposal": one.candidate.proposal_id is not None,
            }
            for one in view.candidates
        ],
        "conflicts": [{"name": one.member.user.full_name, "reason": one.reason} for one in view.conflicts],
        "votes": [
            {
                "name": one.member.user.full_name,
                "kind": one.kind,
                "label": one.candidate.label if one.candidate else "",
                "reason": one.reason,
                "counts": one.member_id not in view.in_conflict,
            }
            for one in view.votes
        ],
        "outcome": item.outcome,
        "chosen": item.chosen.label if item.chosen else "",
        "by_chair": item.by_chair,
    }


def digest_of(content: Content) -> str:
    """Return the SHA-256 of the minutes: printed on them, and the same as long as nobody touched them."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _next_number(session: CommitteeSession) -> str:
    year = session.held_on.year
    signed = Minutes.objects.filter(
        session__committee=session.committee_id, session__held_on__year=year
    ).count()
    return f"{signed + 1}/{year}"


@atomic
def sign_minutes(*, actor: Actor, session: CommitteeSession, expected_version: int, now: datetime) -> Minutes:
    """The chair signs: from now on the minutes are what they are."""
    permissions.may_sign_minutes(actor, session).or_refuse()
    session.state = SESSION_TRANSITIONS.after("sign", SessionState(session.state))
    session.save_if_unchanged(expected_version)
    content = content_of(actor, session)
    made: Minutes = Minutes.objects.create(
        session=session,
        number=_next_number(session),
        content=content,
        sha256=digest_of(content),
        signed_by_id=actor.signer,
        signed_at=now,
    )
    items = list(AgendaItem.objects.filter(session=session).order_by("pk"))
    audit.record(actor, "committee_minutes_signed", session, persons=households_of(items), number=made.number)
    return made


@atomic
def add_minutes_note(*, actor: Actor, minutes: Minutes, text: str, now: datetime) -> MinutesNote:
    """Correct signed minutes by adding to them: who sits in the committee, or runs it."""
    session = minutes.session
    if permissions.seat_of(actor, session) is None:
        permissions.may_run_committee(actor, session.committee).or_refuse()
    SESSION_TRANSITIONS.after("note", SessionState(session.state))
    made: MinutesNote = MinutesNote.objects.create(
        minutes=minutes, text=typed(text), written_by_id=actor.signer, written_at=now
    )
    audit.record(actor, "committee_minutes_noted", session)
    return made


def day_of(iso: str) -> date | None:
    """Return a day kept in the minutes."""
    return date.fromisoformat(iso) if iso else None
