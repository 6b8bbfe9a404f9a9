from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.people.models import Person
from ali.tenancies.states import (
    BINDING_STATES,
    LIVED_IN_STATES,
    OPEN_STATES,
    TAKING_STATES,
    Missing,
    TenancyState,
)


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

    def with_progress(self, today: date) -> "TenancyQuerySet":
        """Annotate what is still missing: `open_duties`, `next_duty_on`, `untold`, `shared_cents`, `settled_cents`."""
        from ali.housing.models import Occupancy
        from ali.tenancies.models import DepositReturn, Duty, TenancyParty

        open_duties = Duty.objects.filter(tenancy=OuterRef("pk"), done_on__isnull=True).order_by()
        theirs = TenancyParty.objects.filter(tenancy=OuterRef(OuterRef("pk"))).values("person")
        untold = Occupancy.objects.filter(
            bed__room__dwelling=OuterRef("dwelling"),
            person__in=theirs,
            communicated_on__isnull=True,
            starts_on__lte=today,
        )
        here = TenancyParty.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gt=today), tenancy=OuterRef("pk")
        ).order_by()
        settled = DepositReturn.objects.filter(tenancy=OuterRef("pk")).order_by()
        found: TenancyQuerySet = self.annotate(
            open_duties=_of(open_duties, Count("pk")),
            next_duty_on=Subquery(open_duties.values("tenancy").annotate(on=Min("due_on")).values("on")),
            untold=Exists(untold),
            shared_cents=_of(here, Sum("share_cents")),
            settled_cents=_of(settled, Sum("held_cents")),
        )
        return found

    def missing(self, what: str, soon: date) -> "TenancyQuerySet":
        """Return those, with progress, whose next step is of that kind (`states.Missing`)."""
        return self.filter(missing_condition(Missing(what), soon))


def missing_condition(what: Missing, soon: date) -> Q:
    """Return the condition «this is missing», on tenancies with progress; terms count when they come by `soon`."""
    lived_in = Q(state__in=LIVED_IN_STATES)
    due = F("rent_cents") + F("condominium_cents") + F("utilities_cents")
    return {
        Missing.SEND: Q(state=TenancyState.DRAFT),
        Missing.SIGNATURES: Q(state=TenancyState.SIGNING),
        Missing.HAND_OVER: Q(state=TenancyState.SIGNED),
        Missing.COMMUNICATION: lived_in & Q(untold=True),
        Missing.DUTIES: Q(open_duties__gt=0) & ~Q(state=TenancyState.CANCELLED),
        Missing.SHARES: lived_in & ~Q(shared_cents=due),
        Missing.TERM: (Q(state=TenancyState.RUNNING, ends_on__lte=soon))
        | Q(state=TenancyState.NOTICE, leaves_on__lte=soon),
        Missing.DEPOSIT: Q(state=TenancyState.ENDED, deposit_cents__gt=F("settled_cents")),
    }[what]


def _of(rows: QuerySet[Any], total: Any) -> Any:  # Any: a database function
    """Return the total of the rows of each tenancy, zero without rows."""
    return Coalesce(Subquery(rows.values("tenancy").annotate(total=total).values("total")), 0)


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
