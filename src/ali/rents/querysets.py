from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.core import clock
from ali.core.posted import PostedQuerySet
from ali.people.querysets import assigned_to
from ali.people.states import Capacity


def reads_rents(actor: Actor) -> bool:
    """Say whether the actor's role reads what people owe to its own body: housing bodies alone."""
    return actor.may(Permission.SEE_RENTS) and actor.role in roles.HOUSING_BODY_ROLES


def _of_own_body(actor: Actor, day: date | None, account: str = "") -> Q:
    """Return the condition «an account of the actor's own body», of reserved persons only for who was named."""
    at = f"{account}__" if account else ""
    named = Q(
        assigned_to(actor, day or clock.today(), f"{at}person_id", [Capacity.HOUSING, Capacity.TENANCY])
    )
    return Q(**{f"{at}landlord": actor.organisation_id}) & (Q(**{f"{at}person__is_reserved": False}) | named)


class AccountQuerySet(QuerySet[Any]):
    """Accounts of people in a tenancy."""

    def visible_to(self, actor: Actor, day: date | None = None) -> "AccountQuerySet":
        """Return the accounts held with the actor's own housing body. Nobody else reads what people owe."""
        return self.filter(_of_own_body(actor, day)) if reads_rents(actor) else self.none()

    def in_debt(self) -> "AccountQuerySet":
        return self.filter(balance_cents__gt=0)


class OfAccountQuerySet(QuerySet[Any]):
    """Rows that belong to an account."""

    def visible_to(self, actor: Actor, day: date | None = None) -> "OfAccountQuerySet":
        """Return the rows of the accounts that the actor sees."""
        return self.filter(_of_own_body(actor, day, "account")) if reads_rents(actor) else self.none()


class MovementQuerySet(PostedQuerySet):
    """Movements of accounts."""

    def visible_to(self, actor: Actor, day: date | None = None) -> "MovementQuerySet":
        """Return the movements of the accounts that the actor sees."""
        return self.filter(_of_own_body(actor, day, "account")) if reads_rents(actor) else self.none()

    def standing(self) -> "MovementQuerySet":
        """Return those that were not reversed and reverse nothing."""
        return self.filter(reverses__isnull=True, reversal__isnull=True)

    def with_left(self) -> "MovementQuerySet":
        """Add `left`: what is still open of a charge (positive), or still to be used of a payment (negative)."""
        from ali.rents.models import Settlement  # this module is what models.py attaches

        def settled(side: str) -> Any:  # Any: an expression
            sums = Settlement.objects.filter(**{side: OuterRef("pk")}).order_by().values(side)
            return Coalesce(Subquery(sums.values(total=Sum("cents")).values("total")), 0)

        found: MovementQuerySet = self.annotate(left=F("cents") - settled("charge") + settled("credit"))
        return found


class BankMovementQuerySet(QuerySet[Any]):
    """Movements of the body's bank account."""

    def visible_to(self, actor: Actor) -> "BankMovementQuerySet":
        """Return those of the actor's own housing body."""
        if not reads_rents(actor):
            return self.none()
        return self.filter(landlord=actor.organisation_id)


class MonthlyTotalQuerySet(QuerySet[Any]):
    """Kept monthly totals of dwellings: no person in them."""

    def visible_to(self, actor: Actor) -> "MonthlyTotalQuerySet":
        """Return those of the actor's own housing body."""
        return self.filter(landlord=actor.organisation_id) if reads_rents(actor) else self.none()
