from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission

# What a reader must hold to see a kind of deadline: nobody is reminded of a page that stays closed to them.
NEEDS = {
    "permit": Permission.SEE_PEOPLE,
    "appointment": Permission.SEE_PEOPLE,
    "exit": Permission.SEE_PEOPLE,
    "extension": Permission.SEE_PEOPLE,
    "next_step": Permission.SEE_PEOPLE,
    "job": Permission.SEE_PEOPLE,
    "proposal": Permission.SEE_PROPOSALS,
    "contract": Permission.SEE_CENTRES,
    "rent": Permission.SEE_RENTS,
    "works": Permission.SEE_WORKS,
    "upkeep": Permission.SEE_UPKEEP,
    "visit": Permission.SEE_VISITS,
}


class DeadlineQuerySet(QuerySet[Any]):
    """Deadlines: each carries a copy of who may see it, written by its owner; `NEEDS` says which roles of that body."""

    def visible_to(self, actor: Actor, day: date | None = None) -> "DeadlineQuerySet":
        if not actor.may(Permission.SEE_DEADLINES):
            return self.none()
        closed = [kind for kind, permission in NEEDS.items() if not actor.may(permission)]
        return self.filter(
            Q(user__isnull=True) | Q(user=actor.user_id), organisation=actor.organisation_id
        ).exclude(kind__in=closed)

    def open(self) -> "DeadlineQuerySet":
        return self.filter(done_at__isnull=True)
