"""What other apps read from here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from ali.accounts import roles
from ali.accounts.actors import Actor, Grant
from ali.accounts.models import User
from ali.accounts.roles import ROLES
from ali.core import clock
from ali.organisations.models import Membership, Organisation, OrganisationKind, OrganisationRole


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


def prefecture_provinces(actor: Actor, day: date) -> set[str]:
    """Return the provinces where the actor's body is the prefecture: there it decides, elsewhere it does not."""
    return set(
        OrganisationRole.objects.valid_on(day)
        .filter(organisation=actor.organisation_id, kind=OrganisationKind.PREFECTURE, province__isnull=False)
        .values_list("province", flat=True)
        .order_by()
    )


def own_municipalities(actor: Actor, day: date) -> set[str]:
    """Return the Comuni (ISTAT codes) that the actor's body is, when its role is the Comune's: there its housing office decides."""
    if actor.role != roles.MUNICIPAL_OFFICER:
        return set()
    return set(
        OrganisationRole.objects.valid_on(day)
        .filter(
            organisation=actor.organisation_id,
            kind=OrganisationKind.MUNICIPALITY,
            municipality__isnull=False,
        )
        .values_list("municipality", flat=True)
        .order_by()
    )


def users_visible_to(actor: Actor, day: date) -> QuerySet[User]:
    """Return the users whom an administrator looks after: those with a membership that the administrator sees, also ended."""
    seen = Membership.objects.visible_to(actor, day).filter(user=OuterRef("pk"))
    return User.objects.filter(Exists(seen))


@dataclass(frozen=True)
class RoleLine:
    """What a body does in a territory, with the period in words."""

    role: OrganisationRole
    state: str  # past, today, future: as `<c-timeline-item>` takes it


def roles_over_time(organisation: Organisation, day: date) -> list[RoleLine]:
    """Return every role of a body, those of today first."""
    order = {"today": 0, "future": 1, "past": 2}
    roles = organisation.roles.select_related("province", "municipality").order_by("kind", "province", "pk")
    lines = [RoleLine(role, _state(role, day)) for role in roles]
    return sorted(lines, key=lambda line: order[line.state])


def _state(role: OrganisationRole, day: date) -> str:
    if role.ends_on and role.ends_on < day:
        return "past"
    return "future" if role.starts_on and role.starts_on > day else "today"
