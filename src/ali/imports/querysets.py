from typing import Any

from django.db.models import QuerySet

from ali.accounts.actors import Actor
from ali.imports.kinds import kinds_for


def _names(actor: Actor) -> list[str]:
    return [kind.name for kind in kinds_for(actor)]


class ImportRunQuerySet(QuerySet[Any]):
    def visible_to(self, actor: Actor) -> "ImportRunQuerySet":
        """Return the imports made in the actor's own body, of the kinds that are the actor's: their rows hold what only that body was sent."""
        if actor.organisation_id is None:
            return self.none()
        return self.filter(organisation=actor.organisation_id, kind__in=_names(actor))


class StagedRowQuerySet(QuerySet[Any]):
    def visible_to(self, actor: Actor) -> "StagedRowQuerySet":
        """Return the rows of the imports that the actor sees."""
        if actor.organisation_id is None:
            return self.none()
        return self.filter(run__organisation=actor.organisation_id, run__kind__in=_names(actor))
