"""Who sees a person: one expression, from assignments alone."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.core import clock
from ali.core.text import compact, fold
from ali.people.states import RECEPTION_ONLY, Capacity


def valid_on(day: date) -> Q:
    """Return the condition «the assignment holds on `day`»."""
    return (Q(ends_on__isnull=True) | Q(ends_on__gte=day)) & Q(starts_on__lte=day)


def assigned_to(actor: Actor, day: date, person: str, capacities: Iterable[Capacity] = Capacity) -> Exists:
    """Return the condition «`actor` has a valid assignment to the person at `person`» (a path of the outer query).

    A reserved person needs an assignment of casework, or one that names the user. `capacities` narrows it.
    """
    from ali.people.models import Assignment  # this module is what models.py attaches

    return Exists(
        Assignment.objects.filter(
            valid_on(day),
            Q(user__isnull=True) | Q(user_id=actor.user_id),
            Q(person__is_reserved=False) | Q(capacity=Capacity.CASEWORK) | Q(user_id=actor.user_id),
            person=OuterRef(person),
            organisation=actor.organisation_id,
            **_as(capacities),
        )
    )


def in_care_of(actor: Actor, day: date, person: str) -> Exists:
    """Return the condition «the actor's body has the person at `person` in its care».

    The body that hosted them before still sees the file for a while, and has them in its care only if nobody does after it.
    """
    from ali.people.models import Assignment  # this module is what models.py attaches

    care = Assignment.objects.filter(valid_on(day), person=OuterRef(person), capacity=Capacity.CASEWORK)
    later = Assignment.objects.filter(
        valid_on(day),
        Q(ends_on__isnull=True) | Q(ends_on__gt=OuterRef("ends_on")),
        person=OuterRef("person"),
        capacity=Capacity.CASEWORK,
    )
    return Exists(
        care.filter(
            Q(user__isnull=True) | Q(user_id=actor.user_id),
            Q(ends_on__isnull=True) | ~Exists(later),
            organisation=actor.organisation_id,
        )
    )


def _as(capacities: Iterable[Capacity]) -> dict[str, list[Capacity]]:
    """All capacities need no condition."""
    wanted = list(capacities)
    return {} if len(wanted) == len(Capacity) else {"capacity__in": wanted}


class PersonQuerySet(QuerySet[Any]):
    """Persons."""

    def visible_to(self, actor: Actor, day: date | None = None) -> "PersonQuerySet":
        """Return the persons whom `actor` may know on `day` (today when not given)."""
        if not actor.may(Permission.SEE_PEOPLE):
            return self.none()
        return self.filter(assigned_to(actor, day or clock.today(), "pk"))

    def named(self, words: str) -> "PersonQuerySet":
        """Return those whose names contain every word of `words`, in any order, without accents or case."""
        found = self
        for word in fold(words).split():
            found = found.filter(search_key__contains=f" {word}")
        return found

    def identified_by(self, value: str, *, for_actor: Actor) -> "PersonQuerySet":
        """Return those with this identifier or permit number; reception identifiers only for those who may read them."""
        from ali.people.models import Identifier, Permit  # this module is what models.py attaches

        codes = Identifier.objects.filter(value_key=compact(value))
        if not for_actor.may(Permission.SEE_RECEPTION_IDENTIFIERS):
            codes = codes.exclude(kind__in=RECEPTION_ONLY)
        permits = Permit.objects.filter(number__iexact=value.strip()).exclude(number="")
        return self.filter(Q(pk__in=codes.values("person")) | Q(pk__in=permits.values("person")))


class OfVisiblePersonQuerySet(QuerySet[Any]):
    """Rows that belong to a person: seen by those who see the person."""

    def visible_to(self, actor: Actor, day: date | None = None) -> "OfVisiblePersonQuerySet":
        """Return the rows of persons whom `actor` may know."""
        if not actor.may(Permission.SEE_PEOPLE):
            return self.none()
        return self.filter(assigned_to(actor, day or clock.today(), "person_id"))


class IdentifierQuerySet(OfVisiblePersonQuerySet):
    """Identifiers: CUI, Vestanet and SGA never reach housing roles."""

    def visible_to(self, actor: Actor, day: date | None = None) -> "IdentifierQuerySet":
        found = super().visible_to(actor, day)
        if not actor.may(Permission.SEE_RECEPTION_IDENTIFIERS):
            found = found.exclude(kind__in=RECEPTION_ONLY)
        return found  # type: ignore[return-value]  # same class


class HouseholdQuerySet(QuerySet[Any]):
    """Households: seen by those who see at least one member (and then only the members they see)."""

    def visible_to(self, actor: Actor, day: date | None = None) -> "HouseholdQuerySet":
        from ali.people.models import Person  # this module is what models.py attaches

        return self.filter(Exists(Person.objects.visible_to(actor, day).filter(household=OuterRef("pk"))))
