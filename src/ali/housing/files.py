"""Photos and papers of a home: who sees the home finds it, its body attaches."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.core.decisions import YES, Decision, no
from ali.documents.subjects import Subject
from ali.housing.models import Dwelling


def _find(actor: Actor, public_id: UUID) -> Dwelling | None:
    found: Dwelling | None = (
        Dwelling.objects.visible_to(actor).select_related("building").filter(public_id=public_id).first()
    )
    return found


def _may_add(actor: Actor, home: Dwelling) -> Decision:
    if home.manager_id != actor.organisation_id:
        return no(_("Questa casa è di un altro ente: chiedi a chi la gestisce."))
    return YES


def _address(home: Dwelling) -> str:
    return reverse("housing:home_detail", args=[home.public_id])


HOME_FILES = Subject("casa", _("Casa"), _find, _may_add, _address)
