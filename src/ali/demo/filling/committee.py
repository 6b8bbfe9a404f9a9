"""A committee of a body with a live proposal: a session with its signed minutes, and one to come."""

from datetime import date, datetime, timedelta

from ali.accounts.actors import Actor, actor_for
from ali.accounts.models import User
from ali.accounts.roles import HOUSING_MANAGER, HOUSING_OPERATOR, MUNICIPAL_OFFICER
from ali.allocation.models import AgendaItem, CommitteeSession, HousingCommittee, Proposal
from ali.allocation.services import (
    CommitteeFacts,
    add_committee,
    add_member,
    cast_vote,
    close_session,
    declare_conflict,
    open_session,
    plan_session,
    put_on_agenda,
    sign_minutes,
)
from ali.allocation.states import LIVE_STATES, ProposalState, VoteKind
from ali.core.decisions import Refusal

CRITERIA = (
    "1. Bisogno: quanto manca all'uscita e se c'è un'altra soluzione.\n"
    "2. Sostenibilità: fascia del canone sul reddito.\n"
    "3. Compatibilità con la casa e con chi ci abita.\n"
    "4. Vicinanza al lavoro e alla scuola.\n"
    "A parità si alternano i centri di provenienza."
)
WHY = (
    "Esce per primo e il canone è sostenibile.",
    "Conosce già chi ci abita e lavora vicino.",
    "Concordo: è il bisogno più urgente.",
)


def hold_committee(*, now: datetime, today: date) -> CommitteeSession | None:
    """Set up a committee and hold its first session, for a home that waits for the body's answer when there is one."""
    waiting = (
        Proposal.objects.filter(state__in=LIVE_STATES).select_related("dwelling__manager").order_by("pk")
    )
    for proposal in waiting.filter(state=ProposalState.PUT_FORWARD):
        chair = _invented(HOUSING_MANAGER.code, proposal.dwelling.manager_id)
        if chair is not None:
            return _hold(chair, proposal, now, today)
    return None


def _invented(role: str, organisation: int | None = None) -> Actor | None:
    users = User.objects.filter(is_invented=True, memberships__role=role)
    if organisation is not None:
        users = users.filter(memberships__organisation=organisation)
    first = users.order_by("pk").first()
    return actor_for(first) if first else None


def _hold(chair: Actor, proposal: Proposal, now: datetime, today: date) -> CommitteeSession:
    since = today - timedelta(days=300)
    facts = CommitteeFacts("Comitato di gestione sociale", CRITERIA, f"4/{since.year}", since)
    committee = add_committee(actor=chair, facts=facts, today=since)
    members = [chair, *_others(chair, committee, since)]
    session = plan_session(
        actor=chair, committee=committee, held_on=today, place="Sede dell'ente", today=today
    )
    item = put_on_agenda(actor=chair, session=session, home=proposal.dwelling, today=today)
    open_session(actor=chair, session=session, expected_version=session.version, today=today)
    item = AgendaItem.objects.select_related("session__committee").get(pk=item.pk)
    for place, member in enumerate(members):
        _speak(member, item, place, len(members), now)
    close_session(actor=chair, session=session, expected_version=session.version, now=now, today=today)
    sign_minutes(actor=chair, session=session, expected_version=session.version, now=now)
    _plan_next(chair, committee, proposal, today)
    return session


def _others(chair: Actor, committee: HousingCommittee, since: date) -> list[Actor]:
    found = [_invented(HOUSING_OPERATOR.code, chair.organisation_id), _invented(MUNICIPAL_OFFICER.code)]
    seated: list[Actor] = []
    for one in found:
        if one is None:
            continue
        try:
            add_member(
                actor=chair,
                committee=committee,
                user=User.objects.get(pk=one.signer),
                position="member",
                starts_on=since,
                today=since,
            )
        except Refusal:
            continue
        seated.append(one)
    return seated


def _speak(member: Actor, item: AgendaItem, place: int, many: int, now: datetime) -> None:
    """Everybody votes for the first household; of three or more, the last declares a conflict instead."""
    if many > 2 and place == many - 1:
        declare_conflict(actor=member, item=item, reason="Conosco personalmente uno dei nuclei.", now=now)
        return
    first = item.candidates.order_by("pk")[0]
    cast_vote(
        actor=member,
        item=item,
        kind=VoteKind.CANDIDATE,
        candidate=first.public_id,
        reason=WHY[place % len(WHY)],
        now=now,
    )


def _plan_next(chair: Actor, committee: HousingCommittee, proposal: Proposal, today: date) -> None:
    session = plan_session(
        actor=chair,
        committee=committee,
        held_on=today + timedelta(days=7),
        place="Sede dell'ente",
        today=today,
    )
    more = (
        Proposal.objects.filter(
            state=ProposalState.PUT_FORWARD, dwelling__manager=proposal.dwelling.manager_id
        )
        .exclude(dwelling=proposal.dwelling_id)
        .select_related("dwelling__building__municipality")
        .order_by("pk")
        .first()
    )
    home = more.dwelling if more else proposal.dwelling
    put_on_agenda(actor=chair, session=session, home=home, today=today)
