from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.core import clock
from ali.organisations.queries import own_municipalities
from ali.scouting.states import OPEN_STATES


class OwnerQuerySet(QuerySet[Any]):
    def visible_to(self, actor: Actor) -> "OwnerQuerySet":
        """Return the owners whom the actor's body keeps: an owner's address and telephone are nobody else's."""
        if not actor.may(Permission.SEE_OWNERS):
            return self.none()
        return self.filter(kept_by=actor.organisation_id)

    def to_contact(self) -> "OwnerQuerySet":
        """Return those who have not asked to be left alone."""
        return self.filter(not_to_contact_since__isnull=True)


class OwnershipQuerySet(QuerySet[Any]):
    def on(self, day: date) -> "OwnershipQuerySet":
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day)


class LeadQuerySet(QuerySet[Any]):
    def visible_to(self, actor: Actor, day: date | None = None) -> "LeadQuerySet":
        """Return a housing body's own leads; for the housing office of a Comune those in its territory, whoever keeps them."""
        if not actor.may(Permission.SEE_LEADS):
            return self.none()
        if towns := own_municipalities(actor, day or clock.today()):
            return self.filter(municipality__in=towns)
        return self.filter(kept_by=actor.organisation_id)

    def open(self) -> "LeadQuerySet":
        return self.filter(state__in=OPEN_STATES)


class CampaignQuerySet(QuerySet[Any]):
    def visible_to(self, actor: Actor) -> "CampaignQuerySet":
        """Return the campaigns of the actor's body."""
        if not actor.may(Permission.SEE_OWNERS):
            return self.none()
        return self.filter(kept_by=actor.organisation_id)
