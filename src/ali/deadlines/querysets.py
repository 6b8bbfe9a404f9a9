from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission


class DeadlineQuerySet(QuerySet[Any]):
    """Deadlines: each carries a copy of who may see it, written by its owner."""

    def visible_to(self, actor: Actor, day: date | None = None) -> "DeadlineQuerySet":
        if not actor.may(Permission.SEE_DEADLINES):
            return self.none()
        return self.filter(Q(user__isnull=True) | Q(user=actor.user_id), organisation=actor.organisation_id)

    def open(self) -> "DeadlineQuerySet":
        return self.filter(done_at__isnull=True)
