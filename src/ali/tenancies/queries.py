"""What other apps and the pages read from here. Each function says how many queries it makes, whatever the rows."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.allocation.models import Placement
from ali.housing.models import Dwelling, Occupancy
from ali.housing.queries import ongoing
from ali.people.models import Person
from ali.people.querysets import PersonQuerySet
from ali.tenancies.models import Tenancy, TenancyParty, TenancyShare
from ali.tenancies.states import OPEN_STATES


def persons_seen(actor: Actor, person_ids: Collection[int]) -> list[Person]:
    """Return those of the persons whose name the actor may read. One query.

    Who sees a person is `Person.visible_to`. Whoever keeps the accounts of a body's rents has no files of people, and
    must know whose rent it is: the names of its tenants, no reserved person's.
    """
    seen: PersonQuerySet = Person.objects.visible_to(actor)
    if actor.role in roles.HOUSING_BODY_ROLES and not actor.may(Permission.SEE_PEOPLE):
        seen = Person.objects.filter(is_reserved=False, tenancies__tenancy__landlord=actor.organisation_id)
    return list(seen.filter(pk__in=list(person_ids)).distinct().order_by("pk"))


def names_seen(actor: Actor, parties: Iterable[TenancyParty]) -> dict[int, str]:
    """Return the names of those in the parties whom the actor may know, by person id. One query."""
    ids = [party.person_id for party in parties]
    return {person.pk: person.display_name for person in persons_seen(actor, ids)}


def parties_of(tenancy_ids: Collection[int]) -> Mapping[int, list[TenancyParty]]:
    """Return the people of each tenancy. One query."""
    found: dict[int, list[TenancyParty]] = defaultdict(list)
    for party in (
        TenancyParty.objects.filter(tenancy__in=list(tenancy_ids))
        .select_related("person", "bed__room")
        .order_by("tenancy_id", "pk")
    ):
        found[party.tenancy_id].append(party)
    return found


def tenancies_of(actor: Actor, person: Person) -> list[Tenancy]:
    """Return the person's tenancies that the actor sees, the latest first. One query."""
    found = Tenancy.objects.visible_to(actor).filter(parties__person=person)
    return list(found.select_related("dwelling__building").order_by("-starts_on", "-pk"))


def shares_on(tenancy: Tenancy, day: date) -> dict[int, int]:
    """Return what each party present on `day` pays a month, in cents, by party id. Two queries."""
    here = [
        party.pk
        for party in tenancy.parties.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day
        ).order_by("pk")
    ]
    found = dict.fromkeys(here, 0)
    for share in TenancyShare.objects.filter(party__in=here, starts_on__lte=day).order_by("starts_on"):
        found[share.party_id] = share.cents
    return found


def people_to_let_to(actor: Actor, dwelling: Dwelling, today: date) -> list[Person]:
    """Return the people whom the actor may offer a tenancy here: who lives in the home and has none open. Two queries."""
    housed = TenancyParty.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=today), tenancy__state__in=OPEN_STATES
    ).values("person")
    living = Occupancy.objects.filter(
        ongoing(today), bed__room__dwelling=dwelling, person__isnull=False
    ).values("person")
    return list(
        Person.objects.visible_to(actor)
        .filter(pk__in=living)
        .exclude(pk__in=housed)
        .order_by("sort_key", "pk")
    )


def placements_without_tenancy(actor: Actor) -> list[Placement]:
    """Return the signed proposals on the actor's homes that still lack a tenancy, the earliest first. One query."""
    if actor.role not in roles.HOUSING_BODY_ROLES:
        return []
    return list(
        Placement.objects.filter(
            dwelling__manager=actor.organisation_id, tenancy__isnull=True, ended_on__isnull=True
        )
        .select_related("dwelling__building__municipality", "proposal")
        .order_by("starts_on", "pk")[:50]
    )


@dataclass(frozen=True)
class CommunicationDue:
    """The 48-hour communication of a person of the tenancy for one bed."""

    stay: Occupancy

    @property
    def is_done(self) -> bool:
        return self.stay.communicated_on is not None


def communications_of(tenancy: Tenancy) -> list[CommunicationDue]:
    """Return the communication of each person of the tenancy, one for each bed they have had. One query."""
    stays = (
        Occupancy.objects.filter(
            bed__room__dwelling=tenancy.dwelling_id, person__in=tenancy.parties.values("person")
        )
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gt=tenancy.starts_on))
        .select_related("bed__room__dwelling__building__municipality", "person")
        .order_by("starts_on", "pk")
    )
    return [CommunicationDue(stay) for stay in stays]
