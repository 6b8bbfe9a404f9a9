"""What other apps and the pages read from here. Each function says how many queries it makes, whatever the rows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet, Sum

from ali.accounts.actors import Actor
from ali.accounts.models import User
from ali.accounts.roles import ROLES, Permission
from ali.housing.models import Dwelling, Occupancy
from ali.housing.queries import living_there
from ali.organisations.models import Membership
from ali.people.models import Person
from ali.upkeep.models import Mediation, Ticket, TicketCost
from ali.upkeep.states import Payer


def staff_with(organisation_id: int | None, permission: Permission, today: date) -> QuerySet[User]:
    """Return the users of a body whose role there, today, holds the permission."""
    codes = [role.code for role in ROLES.values() if role.may(permission)]
    members = Membership.objects.valid_on(today).filter(organisation=organisation_id, role__in=codes)
    return User.objects.filter(pk__in=members.values("user"), is_active=True).order_by("full_name", "pk")


def own_homes(actor: Actor) -> QuerySet[Dwelling]:
    """Return the homes that the actor's body keeps, as a form offers them."""
    homes: QuerySet[Dwelling] = (
        Dwelling.objects.visible_to(actor)
        .filter(manager=actor.organisation_id)
        .select_related("building__municipality")
        .order_by("building__address", "label", "pk")
    )
    return homes


def who_lives_in(actor: Actor, home: Dwelling, today: date) -> QuerySet[Person]:
    """Return who lives in a home, as far as the actor may know them."""
    there = Occupancy.objects.filter(
        living_there(today), bed__room__dwelling=home, person__isnull=False
    ).values("person")
    found: QuerySet[Person] = (
        Person.objects.visible_to(actor, today).filter(pk__in=there).order_by("sort_key", "pk")
    )
    return found


@dataclass(frozen=True)
class PaidBy:
    """What one payer pays of a ticket, in cents."""

    payer: Payer
    cents: int

    @property
    def label(self) -> str:
        return str(self.payer.label)


def paid_by(ticket: Ticket) -> list[PaidBy]:
    """Return what each payer pays of a ticket. One query."""
    sums = (
        ticket.costs.filter(withdrawn_at__isnull=True)
        .values("payer")
        .annotate(total=Sum("cents"))
        .order_by("payer")
    )
    return [PaidBy(Payer(row["payer"]), row["total"]) for row in sums]


def upkeep_paid_by_body(dwelling_ids: Collection[int], since: date, until: date) -> Mapping[int, int]:
    """Return what the body that keeps each home paid for its upkeep from `since` to the day before `until`, in cents. One query."""
    rows = (
        TicketCost.objects.filter(
            ticket__dwelling__in=list(dwelling_ids),
            payer=Payer.BODY,
            withdrawn_at__isnull=True,
            spent_on__gte=since,
            spent_on__lt=until,
        )
        .values("ticket__dwelling")
        .annotate(total=Sum("cents"))
        .order_by("ticket__dwelling")
    )
    return {row["ticket__dwelling"]: row["total"] for row in rows}


def mediations_under_way(actor: Actor, dwelling_ids: Collection[int]) -> Mapping[int, int]:
    """Return how many mediations are under way in each home: a number is all that who is not named may know. One query."""
    rows = (
        Mediation.objects.counted_for(actor)
        .filter(dwelling__in=list(dwelling_ids))
        .values("dwelling")
        .annotate(many=Count("pk"))
        .order_by("dwelling")
    )
    return {row["dwelling"]: row["many"] for row in rows}
