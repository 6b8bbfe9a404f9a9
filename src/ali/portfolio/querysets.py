from typing import Any

from django.db.models import QuerySet

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.accounts.roles import Permission


def is_of_the_body(actor: Actor) -> bool:
    """Say whether the actor reads its own body's homes, amounts included."""
    return actor.role in roles.HOUSING_BODY_ROLES


class AppraisalQuerySet(QuerySet[Any]):
    """Appraisals of a body."""

    def visible_to(self, actor: Actor) -> "AppraisalQuerySet":
        """Return the appraisals of the actor's own housing body."""
        if not (is_of_the_body(actor) and actor.may(Permission.SEE_WORKS)):
            return self.none()
        return self.filter(holder=actor.organisation_id)


class KeptMonthQuerySet(QuerySet[Any]):
    """Kept monthly sums of the homes of a body in a Comune: no home and no person in them."""

    def visible_to(self, actor: Actor) -> "KeptMonthQuerySet":
        """Return those of the actor's own housing body; for others who see the portfolio, of their territory."""
        if not actor.may(Permission.SEE_PORTFOLIO):
            return self.none()
        if is_of_the_body(actor):
            return self.filter(manager=actor.organisation_id)
        return self.filter(municipality__province__prefecture__in=actor.provinces)
