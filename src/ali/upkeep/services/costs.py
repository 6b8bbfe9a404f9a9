"""What a repair costs and who pays."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.upkeep import permissions
from ali.upkeep.models import Ticket, TicketCost
from ali.upkeep.services.tickets import NothingSaid


class WrongCost(Refusal):
    """The amount or the day of a cost cannot be."""


@atomic
def add_cost(
    *, actor: Actor, ticket: Ticket, label: str, cents: int, payer: str, spent_on: date, today: date
) -> TicketCost:
    """Write a cost of a ticket: also after it is closed, because invoices come later."""
    permissions.may_edit_ticket(actor, ticket).or_refuse()
    if cents <= 0:
        raise WrongCost(_("Scrivi quanto costa, per esempio 85 oppure 85,50."))
    if spent_on > today:
        raise WrongCost(_("Il giorno della spesa non può essere nel futuro."))
    cost = TicketCost.objects.create(
        ticket=ticket,
        label=label.strip(),
        cents=cents,
        payer=payer,
        spent_on=spent_on,
        added_by_id=actor.signer,
    )
    audit.record(actor, "ticket_cost_added", ticket, payer=payer)
    return cost


@atomic
def withdraw_cost(
    *, actor: Actor, cost: TicketCost, reason: str, expected_version: int, now: datetime
) -> TicketCost:
    """Take back a cost written by mistake; it stays on the page, struck out, with the reason."""
    permissions.may_edit_ticket(actor, cost.ticket).or_refuse()
    if not reason.strip():
        raise NothingSaid(_("Scrivi perché questo costo non vale."))
    if cost.withdrawn_at is not None:
        raise WrongCost(_("Questo costo è già stato tolto."))
    cost.withdrawn_by_id, cost.withdrawn_at = actor.signer, now
    cost.withdrawn_reason = reason.strip()[:300]
    cost.save_if_unchanged(expected_version)
    audit.record(actor, "ticket_cost_withdrawn", cost.ticket, reason=cost.withdrawn_reason)
    return cost
