"""Papers of works: titles, quotes, invoices, photos. The body that does the works finds and attaches."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.core.decisions import Decision
from ali.documents.subjects import Subject
from ali.renovation.models import Works
from ali.renovation.permissions import may_record_expenses


def _find(actor: Actor, public_id: UUID) -> Works | None:
    found: Works | None = Works.objects.visible_to(actor).filter(public_id=public_id).first()
    return found


def _may_add(actor: Actor, works: Works) -> Decision:
    return may_record_expenses(actor, works)


def _address(works: Works) -> str:
    return reverse("renovation:works_detail", args=[works.public_id])


WORKS_FILES = Subject("lavori", _("Lavori"), _find, _may_add, _address)
