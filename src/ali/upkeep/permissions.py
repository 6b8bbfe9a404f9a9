"""Who looks after a home, who visits it, who is inside a mediation."""

from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.core.decisions import YES, Decision, no
from ali.housing.models import Dwelling
from ali.upkeep.models import Mediation, Ticket, Visit
from ali.upkeep.states import (
    MEDIATION_TRANSITIONS,
    TICKET_TRANSITIONS,
    VISIT_TRANSITIONS,
    MediationState,
    TicketState,
    VisitState,
)

_ANOTHER_BODY = _("Questa casa è di un altro ente: chiedi a chi la gestisce.")


def may_open_ticket(actor: Actor, home: Dwelling) -> Decision:
    """Who looks after the homes of the body that keeps this one."""
    if not actor.may(Permission.EDIT_UPKEEP):
        return no(_("Le segnalazioni le apre chi segue la casa per l'ente che la gestisce."))
    return YES if home.manager_id == actor.organisation_id else no(_ANOTHER_BODY)


def may_edit_ticket(actor: Actor, ticket: Ticket) -> Decision:
    return may_open_ticket(actor, ticket.dwelling)


def can_take(verb: str, ticket: Ticket) -> Decision:
    """Say whether the step is possible in the ticket's present state."""
    return TICKET_TRANSITIONS.can(verb, TicketState(ticket.state))


def may_plan_visit(actor: Actor, home: Dwelling) -> Decision:
    """Who does social work in the homes of the body that keeps this one."""
    if not actor.may(Permission.EDIT_VISITS):
        return no(_("Le visite le fa chi segue chi abita nelle case dell'ente."))
    return YES if home.manager_id == actor.organisation_id else no(_ANOTHER_BODY)


def may_edit_visit(actor: Actor, visit: Visit) -> Decision:
    return may_plan_visit(actor, visit.dwelling)


def can_visit(verb: str, visit: Visit) -> Decision:
    return VISIT_TRANSITIONS.can(verb, VisitState(visit.state))


def may_open_mediation(actor: Actor, home: Dwelling) -> Decision:
    return may_plan_visit(actor, home)


def may_write_mediation(actor: Actor, mediation: Mediation) -> Decision:
    """Who opened it and the colleagues named on it, while they do that work for the body that keeps the home."""
    if Mediation.objects.visible_to(actor).filter(pk=mediation.pk).exists():
        return YES
    return no(_("Di questa mediazione scrive solo chi l'ha aperta e chi è stato nominato."))


def may_name_colleague(actor: Actor, mediation: Mediation) -> Decision:
    """Only who opened it chooses who else reads."""
    decision = may_write_mediation(actor, mediation)
    if decision and mediation.opened_by_id != actor.user_id:
        return no(_("I colleghi li nomina chi ha aperto la mediazione."))
    return decision


def can_mediate(verb: str, mediation: Mediation) -> Decision:
    return MEDIATION_TRANSITIONS.can(verb, MediationState(mediation.state))
