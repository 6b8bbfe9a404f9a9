"""A committee of a body: who sits in it, its sessions with free homes on the agenda, what each member declares and decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from string import ascii_uppercase
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ali.accounts.actors import Actor
from ali.accounts.models import User
from ali.accounts.roles import ROLES, Permission
from ali.allocation import committee_permissions as permissions
from ali.allocation.committee_queries import households_of, people_who_may_sit
from ali.allocation.deliberation import RULE, Ballot, Majority, deliberate
from ali.allocation.models import (
    AgendaItem,
    CommitteeCandidate,
    CommitteeConflict,
    CommitteeMember,
    CommitteeSession,
    CommitteeVote,
    HousingCommittee,
    Proposal,
    Round,
    RoundEntry,
)
from ali.allocation.queries import to_be_housed
from ali.allocation.services.signatures import typed
from ali.allocation.states import (
    LIVE_STATES,
    SESSION_TRANSITIONS,
    UNDECIDED,
    Outcome,
    Position,
    ProposalState,
    RoundState,
    SessionState,
    VoteKind,
)
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.deadlines.models import DeadlineKind
from ali.deadlines.services import Due, close_deadline, write_deadline
from ali.housing.models import Bed, Dwelling
from ali.organisations.models import Membership
from ali.people.models import Person
from ali.rules.values import rule_in_force


class WrongCommittee(Refusal):
    """A committee, a seat or a session cannot be so."""


class VotedAlready(Refusal):
    """A member says one thing for each home."""


@dataclass(frozen=True)
class CommitteeFacts:
    """What a committee is called and which criteria it follows, with the act that approved them."""

    name: str
    criteria: str
    act_number: str = ""
    act_on: date | None = None

    def check(self) -> None:
        if not self.name.strip() or not self.criteria.strip():
            raise WrongCommittee(_("Scrivi il nome del comitato e i criteri che segue."))
        if bool(self.act_number.strip()) != bool(self.act_on):
            raise WrongCommittee(_("Dell'atto che approva i criteri servono numero e data."))


@atomic
def add_committee(*, actor: Actor, facts: CommitteeFacts, today: date) -> HousingCommittee:
    """Set up a committee of the actor's body, chaired by the actor until somebody else is."""
    permissions.may_add_committee(actor).or_refuse()
    facts.check()
    made = HousingCommittee.objects.create(body_id=actor.body, **vars(facts))
    CommitteeMember.objects.create(
        committee=made, user_id=actor.signer, position=Position.CHAIR, starts_on=today
    )
    audit.record(actor, "committee_added", made)
    return made


@atomic
def change_committee(
    *, actor: Actor, committee: HousingCommittee, facts: CommitteeFacts, expected_version: int
) -> HousingCommittee:
    """Change the name or the criteria; signed minutes keep those of their day."""
    permissions.may_run_committee(actor, committee).or_refuse()
    facts.check()
    for name, value in vars(facts).items():
        setattr(committee, name, value)
    committee.save_if_unchanged(expected_version)
    audit.record(actor, "committee_changed", committee)
    return committee


@atomic
def add_member(
    *, actor: Actor, committee: HousingCommittee, user: User, position: str, starts_on: date, today: date
) -> CommitteeMember:
    """Give somebody a seat: of the body itself, or of the housing office of a Comune of its provinces."""
    permissions.may_run_committee(actor, committee).or_refuse()
    if not people_who_may_sit(committee, today).filter(pk=user.pk).exists():
        raise WrongCommittee(_("Nel comitato siede chi lavora per l'ente o per l'ufficio casa di un Comune."))
    try:
        with atomic():
            made = CommitteeMember.objects.create(
                committee=committee, user=user, position=position, starts_on=starts_on
            )
    except IntegrityError as problem:
        raise WrongCommittee(
            _(
                "Questa persona siede già nel comitato, oppure qualcuno lo presiede già: chiudi prima quel posto."
            )
        ) from problem
    audit.record(actor, "committee_member_added", committee, position=position)
    return made


@atomic
def end_member(
    *, actor: Actor, member: CommitteeMember, expected_version: int, today: date
) -> CommitteeMember:
    """End a seat today; what the member decided stays."""
    permissions.may_run_committee(actor, member.committee).or_refuse()
    if member.ends_on is not None:
        raise WrongCommittee(_("Questo posto è già chiuso."))
    member.ends_on = max(today, member.starts_on)
    member.save_if_unchanged(expected_version)
    audit.record(actor, "committee_member_ended", member.committee)
    return member


def _source(session: CommitteeSession) -> str:
    return f"allocation.session:{session.public_id}"


def _tell_members(session: CommitteeSession) -> None:
    """Put the session on the board of each member, in the body for which they sit."""
    users = permissions.sitting_on(session.committee_id, session.held_on).values("user")
    codes = [role.code for role in ROLES.values() if role.may(Permission.SIT_IN_COMMITTEE)]
    places = Membership.objects.valid_on(session.held_on).filter(user__in=users, role__in=codes)
    pairs = dict.fromkeys(places.order_by("pk").values_list("organisation_id", "user_id"))
    write_deadline(
        Due(
            kind=DeadlineKind.APPOINTMENT,
            source=_source(session),
            due_on=session.held_on,
            title=gettext_noop("Seduta del comitato: %(name)s"),
            words={"name": session.committee.name},
            organisations=(),
            named=tuple(pairs),
            url_name="allocation:session_detail",
            url_id=session.public_id,
        )
    )


@atomic
def plan_session(
    *, actor: Actor, committee: HousingCommittee, held_on: date, place: str, today: date
) -> CommitteeSession:
    """Call a session of the committee."""
    permissions.may_run_committee(actor, committee).or_refuse()
    if held_on < today:
        raise WrongCommittee(_("Una seduta si convoca per oggi o per un giorno che viene."))
    made = CommitteeSession.objects.create(committee=committee, held_on=held_on, place=place.strip())
    _tell_members(made)
    audit.record(actor, "committee_session_planned", made)
    return made


@atomic
def put_on_agenda(*, actor: Actor, session: CommitteeSession, home: Dwelling, today: date) -> AgendaItem:
    """Put a home of the body on the agenda, with the households that wait for an answer about it."""
    permissions.may_run_committee(actor, session.committee).or_refuse()
    SESSION_TRANSITIONS.after("prepare", SessionState(session.state))
    if home.manager_id != session.committee.body_id:
        raise WrongCommittee(_("All'ordine del giorno vanno le case dell'ente."))
    try:
        with atomic():
            item = AgendaItem.objects.create(
                session=session, dwelling=home, beds=Bed.objects.of_dwelling(home.pk).in_use().count()
            )
    except IntegrityError as problem:
        raise WrongCommittee(_("Questa casa è già all'ordine del giorno.")) from problem
    gather_candidates(item, today)
    audit.record(actor, "committee_agenda_changed", session, persons=households_of([item]))
    return item


@atomic
def take_off_agenda(*, actor: Actor, item: AgendaItem, expected_version: int) -> None:
    """Take a home off the agenda before the session opens."""
    permissions.may_run_committee(actor, item.session.committee).or_refuse()
    SESSION_TRANSITIONS.after("prepare", SessionState(item.session.state))
    audit.record(actor, "committee_agenda_changed", item.session)
    item.delete_if_unchanged(expected_version)


def gather_candidates(item: AgendaItem, today: date) -> int:
    """Add the households that wait for this home and are not on the list yet; say how many.

    Those proposed by the prefecture, and those that the latest round under approved criteria suggests and nobody has decided
    on. A household with a reserved member comes with a proposal alone.
    """
    known = set(item.candidates.order_by("pk").values_list("household_id", flat=True))
    found: dict[int, Proposal | RoundEntry] = {}
    waiting = Proposal.objects.filter(dwelling=item.dwelling_id, state=ProposalState.PUT_FORWARD)
    for proposal in waiting.order_by("pk"):
        found.setdefault(proposal.household_id, proposal)
    for entry in _suggested(item):
        found.setdefault(entry.household_id, entry)
    new = [pk for pk in found if pk not in known]
    for place, household in enumerate(new, start=len(known)):
        _add_candidate(item, _letter(place), found[household], today)
    return len(new)


def _letter(place: int) -> str:
    return ascii_uppercase[place] if place < len(ascii_uppercase) else str(place + 1)


def _suggested(item: AgendaItem) -> Iterable[RoundEntry]:
    province = item.dwelling.building.municipality.province_id
    latest = (
        Round.objects.filter(province=province, state=RoundState.SOLVED)
        .select_related("criteria")
        .order_by("-pk")
    ).first()
    if latest is None or not latest.criteria.is_approved:
        return []
    entries = latest.entries.filter(
        outcome=Outcome.PROPOSED, dwelling=item.dwelling_id, handling__in=UNDECIDED
    )
    reserved = Person.objects.filter(is_reserved=True).values("household")
    live = Proposal.objects.filter(state__in=LIVE_STATES).values("household")
    free = entries.exclude(household__in=reserved).exclude(household__in=live)
    return list(free.order_by("-weight", "pk"))


def _add_candidate(item: AgendaItem, label: str, source: Proposal | RoundEntry, today: date) -> None:
    members = list(to_be_housed([source.household_id]).select_related("household").order_by("pk"))
    CommitteeCandidate.objects.create(
        item=item,
        label=label,
        household_id=source.household_id,
        proposal=source if isinstance(source, Proposal) else None,
        entry=source if isinstance(source, RoundEntry) else None,
        persons=source.persons,
        minors=sum(person.is_minor_on(today) for person in members),
        needs_step_free=any(person.household.needs_step_free for person in members),
        band=source.band,
        reasons=source.reasons,
    )


@atomic
def open_session(
    *, actor: Actor, session: CommitteeSession, expected_version: int, today: date
) -> CommitteeSession:
    """Open a session: from now on members declare conflicts and vote."""
    permissions.may_run_committee(actor, session.committee).or_refuse()
    items = list(session.items.select_related("dwelling__building__municipality").order_by("pk"))
    if not items:
        raise WrongCommittee(_("Metti prima almeno una casa all'ordine del giorno."))
    if today < session.held_on:
        raise WrongCommittee(_("La seduta si apre nel suo giorno: se si tiene prima, convocane un'altra."))
    session.state = SESSION_TRANSITIONS.after("open", SessionState(session.state))
    session.save_if_unchanged(expected_version)
    for item in items:
        gather_candidates(item, today)
    audit.record(actor, "committee_session_opened", session, persons=households_of(items))
    return session


@atomic
def cancel_session(
    *, actor: Actor, session: CommitteeSession, reason: str, expected_version: int, now: datetime
) -> CommitteeSession:
    """Call a session off, with a reason."""
    permissions.may_run_committee(actor, session.committee).or_refuse()
    session.cancelled_reason = typed(reason)[:300]
    session.state = SESSION_TRANSITIONS.after("cancel", SessionState(session.state))
    session.save_if_unchanged(expected_version)
    close_deadline(_source(session), now=now)
    audit.record(actor, "committee_session_cancelled", session)
    return session


def _own_seat(actor: Actor, item: AgendaItem) -> CommitteeMember:
    seat = permissions.seat_of(actor, item.session)
    if seat is None:
        raise WrongCommittee(_("Non siedi in questo comitato."))
    return seat


@atomic
def declare_conflict(*, actor: Actor, item: AgendaItem, reason: str, now: datetime) -> CommitteeConflict:
    """Declare the actor's own conflict of interest on a home: a vote already cast no longer counts, and both are printed."""
    permissions.may_declare_conflict(actor, item).or_refuse()
    made: CommitteeConflict = CommitteeConflict.objects.create(
        item=item, member=_own_seat(actor, item), reason=typed(reason)[:400], declared_at=now
    )
    audit.record(actor, "committee_conflict_declared", item.session)
    return made


@atomic
def cast_vote(
    *, actor: Actor, item: AgendaItem, kind: str, candidate: UUID | None, reason: str, now: datetime
) -> CommitteeVote:
    """Write what the actor decides of a home, and why. One for each member, for nobody else, and it stays."""
    AgendaItem.objects.select_for_update().get(pk=item.pk)
    permissions.may_vote(actor, item).or_refuse()
    chosen = item.candidates.filter(public_id=candidate).first() if candidate else None
    chosen = chosen if kind == VoteKind.CANDIDATE else None
    if kind == VoteKind.CANDIDATE and chosen is None:
        raise WrongCommittee(_("Scegli uno dei nuclei in elenco, oppure nessuno."))
    try:
        with atomic():
            made: CommitteeVote = CommitteeVote.objects.create(
                item=item,
                member=_own_seat(actor, item),
                kind=kind,
                candidate=chosen,
                reason=typed(reason)[:400],
                cast_at=now,
            )
    except IntegrityError as twice:
        raise VotedAlready(_("Hai già votato su questa casa: il voto non si cambia.")) from twice
    audit.record(actor, "committee_vote_cast", item.session)
    return made


@atomic
def close_session(
    *, actor: Actor, session: CommitteeSession, expected_version: int, now: datetime, today: date
) -> CommitteeSession:
    """End the votes and write the outcome of each home, by the majority rule in force where it stands."""
    permissions.may_run_committee(actor, session.committee).or_refuse()
    session.state = SESSION_TRANSITIONS.after("close", SessionState(session.state))
    seats = {one.pk: one for one in permissions.sitting_on(session.committee_id, session.held_on)}
    kept = []
    for item in session.items.select_related("dwelling__building__municipality").order_by("pk"):
        town = item.dwelling.building.municipality
        rule = rule_in_force(RULE, day=today, province=town.province_id, municipality=town.pk)
        kept.append(rule.as_json())
        _write_outcome(item, seats, Majority.from_rule(rule))
    session.rules = [one for place, one in enumerate(kept) if one not in kept[:place]]
    session.save_if_unchanged(expected_version)
    close_deadline(_source(session), now=now)
    audit.record(actor, "committee_session_closed", session)
    return session


def _write_outcome(item: AgendaItem, seats: dict[int, CommitteeMember], majority: Majority) -> None:
    away = set(item.conflicts.order_by("pk").values_list("member_id", flat=True))
    ballots = [
        Ballot(vote.kind, vote.candidate_id, seats[vote.member_id].is_chair)
        for vote in item.votes.order_by("pk")
        if vote.member_id in seats and vote.member_id not in away
    ]
    decided = deliberate(ballots, len(seats.keys() - away), majority)
    item.outcome, item.chosen_id, item.by_chair = decided.outcome, decided.candidate, decided.by_chair
    item.save_if_unchanged(item.version)
