from typing import Any

from django.db.models import QuerySet

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission


class ImportRunQuerySet(QuerySet[Any]):
    def visible_to(self, actor: Actor) -> "ImportRunQuerySet":
        """Return the imports made in the actor's own body: their rows hold what only that body was sent."""
        if not actor.may(Permission.IMPORT) or actor.organisation_id is None:
            return self.none()
        return self.filter(organisation=actor.organisation_id)


class StagedRowQuerySet(QuerySet[Any]):
    def visible_to(self, actor: Actor) -> "StagedRowQuerySet":
        """Return the rows of the imports that the actor sees."""
        if not actor.may(Permission.IMPORT) or actor.organisation_id is None:
            return self.none()
        return self.filter(run__organisation=actor.organisation_id)
