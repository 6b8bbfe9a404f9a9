"""Papers of an agreement: who sees the agreement finds them, its manager attaches."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.agreements.models import Agreement
from ali.agreements.permissions import may_edit_agreement
from ali.documents.subjects import Subject


def _find(actor: Actor, public_id: UUID) -> Agreement | None:
    found: Agreement | None = (
        Agreement.objects.visible_to(actor).select_related("building").filter(public_id=public_id).first()
    )
    return found


def _address(agreement: Agreement) -> str:
    return reverse("agreements:agreement_detail", args=[agreement.public_id])


AGREEMENT_FILES = Subject("accordo", _("Accordo con il proprietario"), _find, may_edit_agreement, _address)
