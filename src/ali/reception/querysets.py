from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.core import clock
from ali.people.querysets import OfVisiblePersonQuerySet, assigned_to
from ali.reception.states import DATED_STATES, OPEN_STATES, WITHOUT_SOLUTION


class CentreQuerySet(QuerySet[Any]):
    def visible_to(self, actor: Actor, day: date | None = None) -> "CentreQuerySet":
        """Return a manager's own centres; for prefecture and housing roles those of their provinces."""
        if not actor.may(Permission.SEE_CENTRES):
            return self.none()
        if actor.role == roles.PREFECTURE_OFFICER:
            return self.filter(municipality__province__prefecture__in=actor.provinces)
        return self.filter(manager=actor.organisation_id)

    def in_use(self, day: date) -> "CentreQuerySet":
        """Return those that are open on `day`, or where somebody still is."""
        from ali.reception.models import Stay  # this module is what models.py attaches

        still_there = Exists(Stay.objects.present_on(day).filter(centre=OuterRef("pk")))
        return self.filter(Q(closes_on__isnull=True) | Q(closes_on__gte=day) | still_there)


class ContractQuerySet(QuerySet[Any]):
    def visible_to(self, actor: Actor, day: date | None = None) -> "ContractQuerySet":
        """Return the contracts of the actor's prefecture, or those of the actor's body."""
        if not actor.may(Permission.SEE_CENTRES):
            return self.none()
        if actor.role == roles.PREFECTURE_OFFICER:
            return self.filter(province__prefecture__in=actor.provinces)
        return self.filter(manager=actor.organisation_id)


class StayQuerySet(OfVisiblePersonQuerySet):
    def present_on(self, day: date) -> "StayQuerySet":
        return self.filter(Q(left_on__isnull=True) | Q(left_on__gt=day), entered_on__lte=day)


class ExitQuerySet(QuerySet[Any]):
    """Exits: seen by those who see the person."""

    def visible_to(self, actor: Actor, day: date | None = None) -> "ExitQuerySet":
        if not actor.may(Permission.SEE_PEOPLE):
            return self.none()
        return self.filter(assigned_to(actor, day or clock.today(), "person_id"))

    def counted_for(self, actor: Actor) -> "ExitQuerySet":
        """Return the exits that enter the counts of the actor's provinces: no names, and nobody who is reserved."""
        if not actor.may(Permission.SEE_COUNTS):
            return self.none()
        return self.filter(
            person__is_reserved=False, stay__centre__municipality__province__prefecture__in=actor.provinces
        )

    def open(self) -> "ExitQuerySet":
        return self.filter(state__in=OPEN_STATES)

    def within(self, today: date, days: int) -> "ExitQuerySet":
        """Return those that leave in the next `days` (dated or expected), and those already past their day."""
        return self.filter(leaves_on__lte=today + timedelta(days=days))

    def dated(self) -> "ExitQuerySet":
        return self.filter(state__in=DATED_STATES)

    def without_solution(self) -> "ExitQuerySet":
        return self.filter(solution__in=WITHOUT_SOLUTION)
