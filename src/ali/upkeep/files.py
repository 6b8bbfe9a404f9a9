"""Photos and receipts of a ticket: who looks after the home finds and attaches them."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.core.decisions import Decision
from ali.documents.subjects import Subject
from ali.upkeep.models import Ticket
from ali.upkeep.permissions import may_edit_ticket


def _find(actor: Actor, public_id: UUID) -> Ticket | None:
    found: Ticket | None = (
        Ticket.objects.visible_to(actor)
        .select_related("dwelling", "reported_by")
        .filter(public_id=public_id)
        .first()
    )
    return found


def _may_add(actor: Actor, ticket: Ticket) -> Decision:
    return may_edit_ticket(actor, ticket)


def _address(ticket: Ticket) -> str:
    return reverse("upkeep:ticket_detail", args=[ticket.public_id])


def _persons(ticket: Ticket) -> list[UUID]:
    return [ticket.reported_by.public_id] if ticket.reported_by else []


TICKET_FILES = Subject("segnalazione", _("Segnalazione"), _find, _may_add, _address, _persons)
