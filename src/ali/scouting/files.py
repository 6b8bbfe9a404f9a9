"""Photos and papers of a lead and of a visit: who sees the lead finds them, its body attaches."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.core.decisions import Decision
from ali.documents.subjects import Subject
from ali.scouting.models import Inspection, Lead
from ali.scouting.permissions import may_edit_lead


def _find_lead(actor: Actor, public_id: UUID) -> Lead | None:
    found: Lead | None = Lead.objects.visible_to(actor).filter(public_id=public_id).first()
    return found


def _lead_address(lead: Lead) -> str:
    return reverse("scouting:lead_detail", args=[lead.public_id])


def _find_visit(actor: Actor, public_id: UUID) -> Inspection | None:
    visits = Inspection.objects.filter(lead__in=Lead.objects.visible_to(actor).values("pk"))
    return visits.select_related("lead").filter(public_id=public_id).first()


def _may_add_to_visit(actor: Actor, visit: Inspection) -> Decision:
    return may_edit_lead(actor, visit.lead)


def _visit_address(visit: Inspection) -> str:
    return reverse("scouting:inspection_detail", args=[visit.public_id])


LEAD_FILES = Subject("casa-vuota", _("Casa segnalata"), _find_lead, may_edit_lead, _lead_address)
VISIT_FILES = Subject("visita-casa-vuota", _("Sopralluogo"), _find_visit, _may_add_to_visit, _visit_address)
