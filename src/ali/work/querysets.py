"""Who reads amounts: one expression."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.core import clock
from ali.people.querysets import assigned_to
from ali.people.states import Capacity


def readers_as(actor: Actor) -> tuple[Capacity, ...]:
    """Return as what `actor` reads amounts: case workers of persons in care, housing roles while a proposal is live.

    A body may do both jobs: each of its roles reads for its own.
    """
    cares = (Capacity.CASEWORK,) if actor.may(Permission.STATE_INCOME) else ()
    houses = (Capacity.HOUSING,) if actor.may(Permission.ANSWER_FOR_HOME) else ()
    return (*cares, *houses)


class MoneyQuerySet(QuerySet[Any]):
    """Amounts of a person: for the body that has them in its care, and for the housing body while a proposal is live."""

    def visible_to(self, actor: Actor, day: date | None = None) -> "MoneyQuerySet":
        """Return the rows whose amounts `actor` may read. Prefecture roles read none."""
        if not actor.may(Permission.SEE_MONEY):
            return self.none()
        return self.filter(assigned_to(actor, day or clock.today(), "person_id", readers_as(actor)))
