"""Who reads amounts: one expression."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.core import clock
from ali.people.querysets import assigned_to, in_care_of
from ali.people.states import Capacity


def reads_amounts(actor: Actor, day: date, person: str) -> Q:
    """Return the condition «`actor` reads the amounts of the person at `person`».

    Case workers of those in their body's care, housing roles while a proposal is live: when a body does both jobs, each
    of its roles reads for its own.
    """
    reads = Q(pk__in=[])
    if actor.may(Permission.STATE_INCOME):
        reads |= Q(in_care_of(actor, day, person))
    if actor.may(Permission.ANSWER_FOR_HOME):
        reads |= Q(assigned_to(actor, day, person, [Capacity.HOUSING]))
    return reads


class MoneyQuerySet(QuerySet[Any]):
    """Amounts of a person: for the body that has them in its care, and for the housing body while a proposal is live."""

    def visible_to(self, actor: Actor, day: date | None = None) -> "MoneyQuerySet":
        """Return the rows whose amounts `actor` may read. Prefecture roles read none."""
        if not actor.may(Permission.SEE_MONEY):
            return self.none()
        return self.filter(reads_amounts(actor, day or clock.today(), "person_id"))
