from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission


class OwnerQuerySet(QuerySet[Any]):
    def visible_to(self, actor: Actor) -> "OwnerQuerySet":
        """Return the owners whom the actor's body keeps: an owner's address and telephone are nobody else's."""
        if not actor.may(Permission.SEE_OWNERS):
            return self.none()
        return self.filter(kept_by=actor.organisation_id)


class OwnershipQuerySet(QuerySet[Any]):
    def on(self, day: date) -> "OwnershipQuerySet":
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day)
