from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ali.accounts.actors import Actor
from ali.accounts.roles import ADMINISTRATOR, Permission
from ali.core import clock
from ali.core.text import fold


def _valid_on(day: date) -> Q:
    return (Q(starts_on__isnull=True) | Q(starts_on__lte=day)) & (
        Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    )


class OrganisationQuerySet(QuerySet[Any]):
    """Bodies of the network are known to everybody who is signed in."""

    def visible_to(self, actor: Actor, day: date | None = None) -> "OrganisationQuerySet":
        """Return every body: the directory of the network is common."""
        return self.all() if actor.role else self.none()

    def administered_by(self, actor: Actor, day: date) -> "OrganisationQuerySet":
        """Return the bodies whose users an administrator looks after: the own one, and for the administrator of a
        prefecture those with a role in its provinces."""
        from ali.organisations.models import OrganisationKind, OrganisationRole

        if not actor.may(Permission.MANAGE_USERS):
            return self.none()
        provinces = OrganisationRole.objects.valid_on(day).filter(
            organisation=actor.organisation_id, kind=OrganisationKind.PREFECTURE
        )
        near = OrganisationRole.objects.valid_on(day).filter(
            province__in=provinces.values("province"), organisation=OuterRef("pk")
        )
        return self.filter(Q(pk=actor.organisation_id) | Exists(near))

    def of_the_project(self) -> "OrganisationQuerySet":
        """Return the bodies with a position in the project."""
        from ali.organisations.models import OrganisationRole

        placed = OrganisationRole.objects.exclude(position="").filter(organisation=OuterRef("pk"))
        return self.filter(Exists(placed))

    def named(self, words: str) -> "OrganisationQuerySet":
        """Return those whose name contains every word, without accents or case."""
        found = self
        for word in fold(words).split():
            found = found.filter(folded__contains=word)
        return found

    def playing(self, kind: str, province: str | None = None) -> "OrganisationQuerySet":
        """Return those with the role `kind`, in `province` when given."""
        found = self.filter(roles__kind=kind)
        if province:
            found = found.filter(Q(roles__province_id=province) | Q(roles__province_id__isnull=True))
        return found.distinct()


class OrganisationRoleQuerySet(QuerySet[Any]):
    def valid_on(self, day: date) -> "OrganisationRoleQuerySet":
        return self.filter(_valid_on(day))


class MembershipQuerySet(QuerySet[Any]):
    def valid_on(self, day: date) -> "MembershipQuerySet":
        return self.filter(_valid_on(day))

    def not_ended_on(self, day: date) -> "MembershipQuerySet":
        """Return those valid on `day` or later."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))

    def visible_to(self, actor: Actor, day: date | None = None) -> "MembershipQuerySet":
        """Return, for an administrator, the memberships of the own body and the administrators of the bodies near it."""
        from ali.organisations.models import Organisation

        today = day or clock.today()
        near = Organisation.objects.administered_by(actor, today)
        own = Q(organisation=actor.organisation_id) if actor.may(Permission.MANAGE_USERS) else Q(pk__in=[])
        return self.filter(own | Q(organisation__in=near, role=ADMINISTRATOR.code))
