"""What other apps read from here."""

from collections.abc import Sequence

from ali.accounts.actors import Grant
from ali.accounts.models import User
from ali.accounts.roles import ROLES
from ali.core import clock
from ali.organisations.models import Membership, OrganisationRole


def grants_of(user: User) -> Sequence[Grant]:
    """Return the user's valid memberships as grants, oldest first: two queries."""
    today = clock.today()
    memberships = list(
        Membership.objects.valid_on(today)
        .filter(user=user)
        .select_related("organisation")
        .order_by("starts_on", "pk")
    )
    provinces: dict[int, set[str]] = {}
    organisations = {one.organisation_id for one in memberships}
    for organisation, province in (
        OrganisationRole.objects.valid_on(today)
        .filter(organisation__in=organisations, province__isnull=False)
        .values_list("organisation_id", "province_id")
        .order_by()
    ):
        provinces.setdefault(organisation, set()).add(province)
    return [
        Grant(
            key=str(one.public_id),
            role=ROLES[one.role],
            organisation_id=one.organisation_id,
            organisation_name=str(one.organisation),
            provinces=frozenset(provinces.get(one.organisation_id, ())),
        )
        for one in memberships
        if one.role in ROLES
    ]
