from datetime import date
from typing import Any

from django.db.models import Q, QuerySet


def _valid_on(day: date) -> Q:
    return (Q(starts_on__isnull=True) | Q(starts_on__lte=day)) & (
        Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    )


class OrganisationQuerySet(QuerySet[Any]):
    """Bodies of the network are known to everybody who is signed in."""

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
