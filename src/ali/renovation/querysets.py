from typing import Any

from django.db.models import QuerySet

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.renovation.states import UNDER_WAY, Phase


class WorksQuerySet(QuerySet[Any]):
    """Works of a body on its buildings."""

    def visible_to(self, actor: Actor) -> "WorksQuerySet":
        """Return the works of the actor's own body."""
        if not actor.may(Permission.SEE_WORKS):
            return self.none()
        return self.filter(holder=actor.organisation_id)

    def under_way(self) -> "WorksQuerySet":
        """Return those neither finished nor abandoned."""
        return self.filter(phase__in=[*UNDER_WAY, Phase.SUSPENDED])


class OfWorksQuerySet(QuerySet[Any]):
    """Rows that belong to works."""

    def visible_to(self, actor: Actor) -> "OfWorksQuerySet":
        """Return the rows of the works that the actor sees."""
        if not actor.may(Permission.SEE_WORKS):
            return self.none()
        return self.filter(works__holder=actor.organisation_id)
