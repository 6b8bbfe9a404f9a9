from typing import Any
from uuid import UUID

from django import template
from django.template.context import Context

from ali.documents import permissions
from ali.documents.models import Document
from ali.documents.subjects import found_or_404

register = template.Library()


@register.inclusion_tag("documents/_documents.html", takes_context=True)
def documents_of(context: Context, kind: str, public_id: UUID) -> dict[str, Any]:
    """Draw the files of a record that the reader may open, and the way to add one. Two queries."""
    actor = context["request"].actor
    subject, found = found_or_404(actor, kind, public_id)
    documents = list(Document.objects.of(kind, public_id).readable_by(actor))
    return {
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
        "kind": kind,
        "subject_id": public_id,
        "photos": [one for one in documents if one.thumbnail],
        "papers": [one for one in documents if not one.thumbnail],
        "may_add": bool(permissions.may_attach_file(actor, subject, found)),
        "own": actor.organisation_id,
    }
