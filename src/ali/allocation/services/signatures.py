"""What every step of a proposal shares: reasons typed by people, who is in the household, who is awaited and until when."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ali.accounts.actors import Actor
from ali.allocation.models import Proposal
from ali.allocation.queries import to_be_housed
from ali.allocation.states import PROPOSAL_TRANSITIONS, Party, ProposalState
from ali.core.decisions import Refusal
from ali.deadlines.models import DeadlineKind
from ali.deadlines.services import Due, close_deadline, write_deadline
from ali.housing import services as housing
from ali.people.models import Person
from ali.people.queries import organisations_following
from ali.people.services import unassign
from ali.people.states import Capacity

SHORTEST_REASON = 5


class HomeTaken(Refusal):
    """The beds went to somebody else in the meantime."""


class HouseholdTaken(Refusal):
    """The household already has a live proposal, or is no longer leaving without a solution."""


class NotSuitable(Refusal):
    """A hard rule does not let this household live in this home."""


class WrongDay(Refusal):
    """The household cannot enter on that day."""


class ReasonMissing(Refusal):
    """A refusal or a change needs a reason typed by a person."""


class ConflictNotWeighed(Refusal):
    """The home's body is also the reception manager: somebody must say how it was weighed."""


def typed(reason: str) -> str:
    """Return the reason that a person wrote; raise `ReasonMissing` without one."""
    words = reason.strip()
    if len(words) < SHORTEST_REASON:
        raise ReasonMissing(_("Scrivi il motivo: serve a chi rileggerà la decisione."))
    return words


def members_of(proposal: Proposal) -> list[Person]:
    """Return who would move."""
    return list(to_be_housed([proposal.household_id]).order_by("pk"))


def subjects(members: Iterable[Person]) -> list[UUID]:
    return [person.public_id for person in members]


def step(proposal: Proposal, verb: str) -> None:
    """Move the proposal on; raise `WrongState` when it cannot happen now."""
    proposal.state = PROPOSAL_TRANSITIONS.after(verb, ProposalState(proposal.state))


def clock_of(proposal: Proposal, party: Party | str) -> str:
    return f"allocation.proposal:{proposal.public_id}:{party}"


def await_answer(proposal: Proposal, party: Party, due_on: date, organisations: Iterable[int]) -> None:
    """Put the answer that is awaited on the board of those who must give it."""
    title = (
        gettext_noop("Rispondere a una proposta per %(home)s")
        if party == Party.HOME
        else gettext_noop("Raccogliere la risposta del nucleo per %(home)s")
    )
    write_deadline(
        Due(
            kind=DeadlineKind.PROPOSAL,
            source=clock_of(proposal, party),
            due_on=due_on,
            title=title,
            words={"home": proposal.dwelling},
            organisations=tuple(organisations),
            url_name="allocation:proposal_detail",
            url_id=proposal.public_id,
        )
    )


def caring_bodies(members: Iterable[Person], today: date) -> list[int]:
    """Return the bodies that have the members in their care."""
    found = organisations_following([person.pk for person in members], today, capacities=[Capacity.CASEWORK])
    return sorted({body for bodies in found.values() for body in bodies})


def stop_reading(actor: Actor, proposal: Proposal, members: Iterable[Person], today: date) -> None:
    """End at once what the body that has the home may read of the household for this proposal."""
    for person in members:
        unassign(
            actor=actor,
            person=person,
            organisation_id=proposal.dwelling.manager_id,
            capacity=Capacity.HOUSING,
            reason=_("La proposta di casa non è più in corso."),
            today=today,
        )


def let_go(actor: Actor, proposal: Proposal, *, now: datetime, today: date) -> None:
    """Free the beds, end what the housing body may read, close the deadlines."""
    held = [hold.bed for hold in proposal.holds.filter(is_live=True).select_related("bed")]
    proposal.holds.update(is_live=False)
    housing.release_beds(beds=held)
    everybody = Person.objects.filter(household=proposal.household_id).order_by("pk")
    stop_reading(actor, proposal, everybody, today)
    for source in (*Party, "slipped"):
        close_deadline(clock_of(proposal, source), now=now)
