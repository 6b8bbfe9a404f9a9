"""Who runs a committee, who sits in it, who may vote on a home: nobody for another, and not in conflict."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.allocation.models import AgendaItem, CommitteeMember, CommitteeSession, HousingCommittee
from ali.allocation.states import SESSION_TRANSITIONS, SessionState
from ali.core.decisions import YES, Decision, no


def sitting_on(committee_id: int, day: date) -> QuerySet[CommitteeMember]:
    """Return the members of a committee on a day, the chair first."""
    return (
        CommitteeMember.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=day), committee=committee_id, starts_on__lte=day
        )
        .select_related("user")
        .order_by("position", "user__full_name", "pk")
    )


def seat_of(actor: Actor, session: CommitteeSession) -> CommitteeMember | None:
    """Return the actor's own seat on the day of the session."""
    if not actor.may(Permission.SIT_IN_COMMITTEE):
        return None
    return sitting_on(session.committee_id, session.held_on).filter(user=actor.user_id).first()


def may_add_committee(actor: Actor) -> Decision:
    """Who manages the homes of a body sets up its committee."""
    if actor.may(Permission.RUN_COMMITTEE):
        return YES
    return no(_("Il comitato lo istituisce il responsabile degli alloggi dell'ente."))


def may_run_committee(actor: Actor, committee: HousingCommittee) -> Decision:
    decision = may_add_committee(actor)
    if decision and committee.body_id != actor.organisation_id:
        return no(_("Questo comitato è di un altro ente."))
    return decision


def may_speak(actor: Actor, session: CommitteeSession) -> Decision:
    """A member, for themselves, while the session is open."""
    if seat_of(actor, session) is None:
        return no(_("Vota e dichiara solo chi siede nel comitato in quel giorno, ciascuno per sé."))
    return SESSION_TRANSITIONS.can("speak", SessionState(session.state))


def may_vote(actor: Actor, item: AgendaItem) -> Decision:
    """Who has not voted yet on the home and declared no conflict."""
    decision = may_speak(actor, item.session)
    if not decision:
        return decision
    if item.conflicts.filter(member__user=actor.user_id).exists():
        return no(_("Hai dichiarato un conflitto di interessi su questa casa: non voti."))
    if item.votes.filter(member__user=actor.user_id).exists():
        return no(_("Hai già votato su questa casa: il voto non si cambia."))
    return YES


def may_declare_conflict(actor: Actor, item: AgendaItem) -> Decision:
    decision = may_speak(actor, item.session)
    if decision and item.conflicts.filter(member__user=actor.user_id).exists():
        return no(_("Il tuo conflitto di interessi è già scritto."))
    return decision


def may_sign_minutes(actor: Actor, session: CommitteeSession) -> Decision:
    """Only who chairs."""
    seat = seat_of(actor, session)
    if seat is None or not seat.is_chair:
        return no(_("Il verbale lo firma chi presiede il comitato."))
    return SESSION_TRANSITIONS.can("sign", SessionState(session.state))
