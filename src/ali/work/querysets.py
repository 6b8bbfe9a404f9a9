"""Who reads amounts: one expression."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.core import clock
from ali.people.models import Assignment
from ali.people.states import Capacity


def follows(
    actor: Actor,
    day: date,
    person: str,
    capacities: Iterable[Capacity] = (Capacity.CASEWORK, Capacity.HOUSING),
) -> Exists:
    """Return the condition «the actor's body follows the person at `person` in one of `capacities`»."""
    return Exists(
        Assignment.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=day),
            Q(user__isnull=True) | Q(user_id=actor.user_id),
            Q(person__is_reserved=False) | Q(capacity=Capacity.CASEWORK) | Q(user_id=actor.user_id),
            person=OuterRef(person),
            organisation=actor.organisation_id,
            capacity__in=list(capacities),
            starts_on__lte=day,
        )
    )


class MoneyQuerySet(QuerySet[Any]):
    """Amounts of a person: for the body that has them in its care, and for the housing body while a proposal is live."""

    def visible_to(self, actor: Actor, day: date | None = None) -> "MoneyQuerySet":
        """Return the rows whose amounts `actor` may read. Prefecture roles read none."""
        if not actor.may(Permission.SEE_MONEY):
            return self.none()
        return self.filter(follows(actor, day or clock.today(), "person_id"))
