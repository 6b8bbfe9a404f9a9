from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.allocation.states import LIVE_STATES
from ali.people.models import Person


class RoundQuerySet(QuerySet[Any]):
    def visible_to(self, actor: Actor, day: date | None = None) -> "RoundQuerySet":
        """Return the rounds of the actor's provinces, for those who run them."""
        if not actor.may(Permission.RUN_ROUNDS):
            return self.none()
        return self.filter(province__in=actor.provinces)

    def in_earnest(self) -> "RoundQuerySet":
        """Return those that people decide on: no trials of draft criteria."""
        return self.filter(is_trial=False)


class ProposalQuerySet(QuerySet[Any]):
    def visible_to(self, actor: Actor, day: date | None = None) -> "ProposalQuerySet":
        """Return proposals on the housing body's own dwellings, or of households that the actor sees."""
        if not actor.may(Permission.SEE_PROPOSALS):
            return self.none()
        if actor.role == roles.HOUSING_MANAGER:
            return self.filter(dwelling__manager=actor.organisation_id)
        return self.filter(
            Exists(Person.objects.visible_to(actor, day).filter(household=OuterRef("household_id")))
        )

    def live(self) -> "ProposalQuerySet":
        return self.filter(state__in=LIVE_STATES)
