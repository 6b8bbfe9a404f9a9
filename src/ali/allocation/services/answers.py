"""The second and the third signature: the body that has the home, then the household. Only the third makes a placement."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.allocation import permissions
from ali.allocation.committee_queries import committee_choice, committee_rule
from ali.allocation.models import AgendaItem, Placement, Proposal
from ali.allocation.queries import needs_mediator
from ali.allocation.services.signatures import (
    ConflictNotWeighed,
    ReasonMissing,
    await_answer,
    caring_bodies,
    clock_of,
    let_go,
    members_of,
    step,
    stop_reading,
    subjects,
    typed,
)
from ali.allocation.states import Party
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.deadlines.services import close_deadline
from ali.housing import services as housing
from ali.people.services import assign
from ali.people.states import Capacity
from ali.reception import services as reception
from ali.rules.values import rule_in_force


@atomic
def accept_for_home(
    *,
    actor: Actor,
    proposal: Proposal,
    expected_version: int,
    visit_on: datetime | None,
    now: datetime,
    today: date,
) -> Proposal:
    """The second signature: the body that has the home takes the household, which then has days to think."""
    permissions.may_answer_for_home(actor, proposal).or_refuse()
    proposal.committee_item = _what_the_committee_said(proposal, today)
    province = proposal.dwelling.building.municipality.province_id
    days = int(rule_in_force("allocation.household_answer_days", day=today, province=province).value)
    step(proposal, "accept_for_home")
    proposal.home_answered_by_id = actor.signer
    proposal.home_answered_at = now
    proposal.visit_on = visit_on
    proposal.household_answer_by_day = today + timedelta(days=days)
    proposal.save_if_unchanged(expected_version)
    members = members_of(proposal)
    audit.record(actor, "proposal_accepted_for_home", proposal, persons=subjects(members))
    close_deadline(clock_of(proposal, Party.HOME), now=now)
    await_answer(proposal, Party.HOUSEHOLD, proposal.household_answer_by_day, caring_bodies(members, today))
    return proposal


class CommitteeMissing(Refusal):
    """The body's policy asks for its committee first, and the committee has not chosen this household."""


def _what_the_committee_said(proposal: Proposal, today: date) -> AgendaItem | None:
    """Return the committee's decision that the answer refers to; raise `CommitteeMissing` when the policy asks for one."""
    choice = committee_choice(proposal)
    if choice is None and committee_rule(proposal, today).value:
        raise CommitteeMissing(
            _(
                "Per accettare serve la decisione del comitato di assegnazione: il verbale firmato deve aver scelto "
                "questo nucleo per questa casa."
            )
        )
    return choice


@atomic
def refuse_for_home(
    *, actor: Actor, proposal: Proposal, expected_version: int, reason: str, now: datetime, today: date
) -> Proposal:
    """The home's body does not take the household, with a reason; the beds are free again and it reads no more of them."""
    permissions.may_answer_for_home(actor, proposal).or_refuse()
    words = typed(reason)
    step(proposal, "refuse_for_home")
    proposal.home_answered_by_id = actor.signer
    proposal.home_answered_at = now
    proposal.home_reason = words
    proposal.save_if_unchanged(expected_version)
    members = members_of(proposal)
    let_go(actor, proposal, now=now, today=today)
    audit.record(actor, "proposal_refused_for_home", proposal, persons=subjects(members), reason=words)
    return proposal


@dataclass(frozen=True)
class Heard:
    """How the household's answer was heard: in which language, with a mediator or not."""

    language: str | None
    with_mediator: bool


@atomic
def record_household_yes(
    *,
    actor: Actor,
    proposal: Proposal,
    expected_version: int,
    heard: Heard,
    signed_paper: bool,
    now: datetime,
    today: date,
) -> Placement:
    """The third signature: the household accepts, on paper. It makes the placement."""
    permissions.may_record_household_answer(actor, proposal).or_refuse()
    _check_heard(actor, proposal, heard, today)
    if not signed_paper:
        raise ReasonMissing(_("Serve il foglio firmato dal nucleo: la firma è loro, non di chi registra."))
    step(proposal, "accept_for_household")
    _note_household(proposal, actor, heard, now)
    proposal.household_signed_paper = True
    proposal.starts_on = max(proposal.starts_on, today)
    proposal.save_if_unchanged(expected_version)
    members = members_of(proposal)
    person_ids = [person.pk for person in members]
    beds = [hold.bed for hold in proposal.holds.filter(is_live=True).select_related("bed")]
    proposal.holds.update(is_live=False)
    housing.occupy_beds(
        dwelling=proposal.dwelling, beds=beds, person_ids=person_ids, starts_on=proposal.starts_on
    )
    placement = Placement.objects.create(
        proposal=proposal,
        household=proposal.household,
        dwelling=proposal.dwelling,
        starts_on=proposal.starts_on,
    )
    _from_proposal_to_tenancy(actor, proposal, today)
    reception.record_network_home(actor=actor, person_ids=person_ids, now=now, today=today)
    close_deadline(clock_of(proposal, Party.HOUSEHOLD), now=now)
    audit.record(
        actor, "household_accepted", proposal, persons=subjects(members), placement=str(placement.public_id)
    )
    return placement


def _from_proposal_to_tenancy(actor: Actor, proposal: Proposal, today: date) -> None:
    """The landlord goes on knowing its tenants, but amounts were for the live proposal alone."""
    members = members_of(proposal)
    for person in members:
        assign(
            actor=actor,
            person=person,
            organisation_id=proposal.dwelling.manager_id,
            capacity=Capacity.TENANCY,
            reason=_("Vive in una casa dell'ente"),
            today=today,
        )
    stop_reading(actor, proposal, members, today)


@atomic
def record_household_no(
    *,
    actor: Actor,
    proposal: Proposal,
    expected_version: int,
    reason: str,
    heard: Heard,
    now: datetime,
    today: date,
) -> Proposal:
    """The household says no. Reception is not touched; what they said helps to find a better home. A reason may be missing."""
    permissions.may_record_household_answer(actor, proposal).or_refuse()
    _check_heard(actor, proposal, heard, today)
    step(proposal, "refuse_for_household")
    _note_household(proposal, actor, heard, now)
    proposal.household_reason = reason.strip()
    proposal.save_if_unchanged(expected_version)
    members = members_of(proposal)
    let_go(actor, proposal, now=now, today=today)
    audit.record(actor, "household_refused", proposal, persons=subjects(members))
    return proposal


def _check_heard(actor: Actor, proposal: Proposal, heard: Heard, today: date) -> None:
    """Who hears the household and has the home too needs a third person in the room, where the rule says so."""
    if not heard.with_mediator and needs_mediator(actor, proposal, today):
        raise ConflictNotWeighed(
            _(
                "Il tuo ente ha anche la casa: raccogli la risposta con un mediatore presente, per evitare pressioni sul nucleo."
            )
        )


def _note_household(proposal: Proposal, actor: Actor, heard: Heard, now: datetime) -> None:
    proposal.household_answered_at = now
    proposal.household_answer_recorded_by_id = actor.signer
    proposal.household_language_id = heard.language or None
    proposal.household_with_mediator = heard.with_mediator
