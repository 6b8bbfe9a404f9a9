from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.people.models import Person


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
