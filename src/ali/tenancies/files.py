"""Files of a tenancy: signed papers, photos of the hand-over, receipts."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.core.decisions import Decision
from ali.documents.subjects import Subject
from ali.tenancies import permissions
from ali.tenancies.models import Tenancy


def _find(actor: Actor, public_id: UUID) -> Tenancy | None:
    found: Tenancy | None = (
        Tenancy.objects.visible_to(actor)
        .select_related("dwelling__building")
        .filter(public_id=public_id)
        .first()
    )
    return found


def _may_add(actor: Actor, tenancy: Tenancy) -> Decision:
    return permissions.may_edit_tenancy(actor, tenancy)


def _address(tenancy: Tenancy) -> str:
    return reverse("tenancies:tenancy_detail", args=[tenancy.public_id])


def _persons(tenancy: Tenancy) -> list[UUID]:
    return list(tenancy.parties.order_by("pk").values_list("person__public_id", flat=True))


TENANCY_FILES = Subject("affitto", _("Affitto"), _find, _may_add, _address, _persons)
