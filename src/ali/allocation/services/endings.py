"""The other ways in which a proposal ends: taken back, expired, freed because the household is settled, or reserved."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ali.accounts.actors import SYSTEM, Actor
from ali.allocation import permissions
from ali.allocation.models import Placement, Proposal
from ali.allocation.queries import slipped_to
from ali.allocation.querysets import ProposalQuerySet
from ali.allocation.services.signatures import clock_of, let_go, members_of, step, subjects, typed
from ali.allocation.states import ProposalState
from ali.audit import services as audit
from ali.core.transactions import atomic
from ali.deadlines.models import DeadlineKind
from ali.deadlines.services import Due, close_deadline, write_deadline
from ali.people.models import Person
from ali.people.queries import organisations_following
from ali.reception.models import Exit


@atomic
def withdraw(
    *, actor: Actor, proposal: Proposal, expected_version: int, reason: str, now: datetime, today: date
) -> Proposal:
    """The prefecture takes the proposal back, with a reason."""
    permissions.may_withdraw(actor, proposal).or_refuse()
    words = typed(reason)
    step(proposal, "withdraw")
    proposal.ended_reason = words
    proposal.save_if_unchanged(expected_version)
    members = members_of(proposal)
    let_go(actor, proposal, now=now, today=today)
    audit.record(actor, "proposal_withdrawn", proposal, persons=subjects(members), reason=words)
    return proposal


@atomic
def expire_proposals(*, now: datetime, today: date) -> int:
    """Expire the live proposals whose answer is overdue, so that nobody stays locked in a slow match. Return how many."""
    overdue = Proposal.objects.filter(
        Q(state=ProposalState.PUT_FORWARD, home_answer_by_day__lt=today)
        | Q(state=ProposalState.HOME_ACCEPTED, household_answer_by_day__lt=today)
    )
    why = _("Nessuna risposta entro il giorno indicato.")
    return _end_all(overdue, "expire", "proposal_expired", why, now=now, today=today)


@atomic
def follow_exits(person_ids: Collection[int], *, now: datetime, today: date) -> int:
    """Free the live proposals of households of which nobody is still leaving without a solution. Return how many."""
    waiting = Exit.objects.open().without_solution().filter(person__household=OuterRef("household_id"))
    settled = Proposal.objects.live().filter(~Exists(waiting), household__members__in=list(person_ids))
    why = _("Il nucleo ha un'altra soluzione o è già uscito.")
    return _end_all(settled, "free", "proposal_freed", why, now=now, today=today)


@atomic
def end_reserved(person: Person, *, now: datetime, today: date) -> int:
    """End the live proposals of a person who has just become reserved, in words that do not tell it. Return how many."""
    theirs = Proposal.objects.live().filter(household=person.household_id)
    why = _("Il nucleo non è più disponibile.")
    return _end_all(theirs, "withdraw", "proposal_withdrawn", why, now=now, today=today)


def _end_all(
    proposals: ProposalQuerySet, verb: str, told: str, why: str, *, now: datetime, today: date
) -> int:
    ids = sorted(set(proposals.order_by().values_list("pk", flat=True)))
    for proposal in Proposal.objects.select_for_update().filter(pk__in=ids).order_by("pk"):
        everybody = Person.objects.filter(household=proposal.household_id).order_by("pk")
        step(proposal, verb)
        proposal.ended_reason = why
        proposal.save_if_unchanged(proposal.version)
        let_go(SYSTEM, proposal, now=now, today=today)
        audit.record(SYSTEM, told, proposal, persons=subjects(everybody), reason=why)
    return len(ids)


@atomic
def note_slipped_beds(bed_ids: Collection[int], *, now: datetime, today: date) -> int:
    """Put on the board of who follows a live proposal that its beds will be free later than it says, and take it away when
    they are again free in time. Return how many proposals are late."""
    counted_on = Proposal.objects.live().filter(holds__bed__in=list(bed_ids), holds__is_live=True)
    late = 0
    for proposal in counted_on.select_related("dwelling__building").distinct().order_by("pk"):
        if not slipped_to(proposal).is_late:
            close_deadline(clock_of(proposal, "slipped"), now=now)
            continue
        late += 1
        _ask_to_look_again(proposal, today)
    return late


def _ask_to_look_again(proposal: Proposal, today: date) -> None:
    members = members_of(proposal)
    bodies = organisations_following([person.pk for person in members], today)
    write_deadline(
        Due(
            kind=DeadlineKind.PROPOSAL,
            source=clock_of(proposal, "slipped"),
            due_on=today,
            title=gettext_noop("La casa proposta si libera più tardi: %(home)s"),
            words={"home": proposal.dwelling},
            organisations=tuple(sorted({body for found in bodies.values() for body in found})),
            url_name="allocation:proposal_detail",
            url_id=proposal.public_id,
        )
    )
    audit.record(SYSTEM, "proposal_home_slipped", proposal, persons=subjects(members))


def end_placement(*, placement: Placement, ended_on: date) -> None:
    """Note that the household has left the home it was placed in. Called by the services of tenancies, as a consequence."""
    placement.ended_on = ended_on
    placement.save_if_unchanged(placement.version)
