from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.people.models import Person
from ali.tenancies.states import BINDING_STATES, LIVED_IN_STATES, OPEN_STATES, TAKING_STATES


class TenancyQuerySet(QuerySet[Any]):
    def visible_to(self, actor: Actor) -> "TenancyQuerySet":
        """Return a housing body's own tenancies; for case workers those of the people they see."""
        from ali.tenancies.models import TenancyParty  # this module is what models.py attaches

        if not actor.may(Permission.SEE_TENANCIES):
            return self.none()
        if actor.role in roles.HOUSING_BODY_ROLES:
            return self.filter(landlord=actor.organisation_id)
        theirs = TenancyParty.objects.filter(
            tenancy=OuterRef("pk"), person__in=Person.objects.visible_to(actor).values("pk")
        )
        return self.filter(Exists(theirs))

    def open(self) -> "TenancyQuerySet":
        """Return those neither ended nor cancelled."""
        return self.filter(state__in=OPEN_STATES)

    def binding(self) -> "TenancyQuerySet":
        """Return those that bind their parties."""
        return self.filter(state__in=BINDING_STATES)

    def taking(self) -> "TenancyQuerySet":
        """Return those that keep their place from others."""
        return self.filter(state__in=TAKING_STATES)

    def lived_in(self) -> "TenancyQuerySet":
        """Return those whose people have the keys."""
        return self.filter(state__in=LIVED_IN_STATES)


class OfTenancyQuerySet(QuerySet[Any]):
    """Rows that belong to a tenancy: seen by those who see it."""

    def visible_to(self, actor: Actor) -> "OfTenancyQuerySet":
        from ali.tenancies.models import Tenancy  # this module is what models.py attaches

        return self.filter(tenancy__in=Tenancy.objects.visible_to(actor).values("pk"))


class OfDwellingQuerySet(QuerySet[Any]):
    """Keys and inventory: of the body that has the dwelling."""

    def visible_to(self, actor: Actor) -> "OfDwellingQuerySet":
        if not actor.may(Permission.SEE_TENANCIES) or actor.role not in roles.HOUSING_BODY_ROLES:
            return self.none()
        return self.filter(dwelling__manager=actor.organisation_id)


class OfBodyQuerySet(QuerySet[Any]):
    """House rules: of the body that wrote them."""

    def visible_to(self, actor: Actor) -> "OfBodyQuerySet":
        if not actor.may(Permission.SEE_TENANCIES) or actor.role not in roles.HOUSING_BODY_ROLES:
            return self.none()
        return self.filter(body=actor.organisation_id)


class EntryPlanQuerySet(QuerySet[Any]):
    def visible_to(self, actor: Actor) -> "EntryPlanQuerySet":
        """Return the plans of households that the actor sees, on homes that the actor sees; never for prefecture roles."""
        from ali.housing.models import Dwelling
        from ali.people.models import Household

        if not actor.may(Permission.SEE_TENANCIES):
            return self.none()
        return self.filter(
            household__in=Household.objects.visible_to(actor).values("pk"),
            dwelling__in=Dwelling.objects.visible_to(actor).values("pk"),
        )
