from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.agreements.states import AgreementState


class AgreementQuerySet(QuerySet[Any]):
    def visible_to(self, actor: Actor) -> "AgreementQuerySet":
        """Return the agreements of the actor's body."""
        if not actor.may(Permission.SEE_AGREEMENTS):
            return self.none()
        return self.filter(holder=actor.organisation_id)

    def in_force_on(self, day: date) -> "AgreementQuerySet":
        """Return those signed that cover `day`."""
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=day),
            state__in=(AgreementState.SIGNED, AgreementState.IN_FORCE),
            starts_on__lte=day,
        )
