from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from ali.accounts.actors import Actor
from ali.documents.states import Audience


class DocumentQuerySet(QuerySet[Any]):
    def of(self, subject_kind: str, subject: UUID) -> "DocumentQuerySet":
        """Return the files of one record that nobody withdrew, the newest first."""
        return self.filter(subject_kind=subject_kind, subject=subject, withdrawn_at__isnull=True).order_by(
            "-pk"
        )

    def readable_by(self, actor: Actor) -> "DocumentQuerySet":
        """Return those of the actor's body and those that everybody who sees the record may open.

        Whether the actor sees the record is another question: `subjects.Subject.find`.
        """
        return self.filter(Q(organisation=actor.organisation_id) | Q(audience=Audience.NETWORK))
