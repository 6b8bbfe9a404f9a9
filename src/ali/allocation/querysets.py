from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.allocation.states import LIVE_STATES
from ali.core import clock
from ali.people.models import Person


class RoundQuerySet(QuerySet[Any]):
    def visible_to(self, actor: Actor, day: date | None = None) -> "RoundQuerySet":
        """Return the rounds of the actor's provinces, for those who run them."""
        if not actor.may(Permission.RUN_ROUNDS):
            return self.none()
        return self.filter(province__in=actor.provinces)

    def in_earnest(self) -> "RoundQuerySet":
        """Return those that people decide on: no trials of draft criteria."""
        return self.filter(is_trial=False)


class ProposalQuerySet(QuerySet[Any]):
    def visible_to(self, actor: Actor, day: date | None = None) -> "ProposalQuerySet":
        """Return proposals on the housing body's own dwellings, or of households that the actor sees."""
        if not actor.may(Permission.SEE_PROPOSALS):
            return self.none()
        if actor.role == roles.HOUSING_MANAGER:
            return self.filter(dwelling__manager=actor.organisation_id)
        return self.filter(
            Exists(Person.objects.visible_to(actor, day).filter(household=OuterRef("household_id")))
        )

    def live(self) -> "ProposalQuerySet":
        return self.filter(state__in=LIVE_STATES)


def _sits(actor: Actor, day: date | None, committee: str) -> Q:
    """Return the condition «the actor runs the committee for its body, or sits in it on the day»."""
    from ali.allocation.models import CommitteeMember  # this module is what models.py attaches

    on = day or clock.today()
    seats = CommitteeMember.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on),
        committee=OuterRef(committee),
        user=actor.user_id,
        starts_on__lte=on,
    )
    sits = Q(Exists(seats))
    if actor.may(Permission.RUN_COMMITTEE):
        body = "body" if committee == "pk" else "committee__body"
        sits |= Q(**{body: actor.organisation_id})
    return sits


class CommitteeQuerySet(QuerySet[Any]):
    """Committees that say who lives in a body's free homes."""

    def visible_to(self, actor: Actor, day: date | None = None) -> "CommitteeQuerySet":
        """Return those of the actor's body for who runs them, and those in which the actor sits."""
        if not actor.may(Permission.SIT_IN_COMMITTEE):
            return self.none()
        return self.filter(_sits(actor, day, "pk"))


class CommitteeSessionQuerySet(QuerySet[Any]):
    def visible_to(self, actor: Actor, day: date | None = None) -> "CommitteeSessionQuerySet":
        """Return the sessions of the committees that the actor sees."""
        if not actor.may(Permission.SIT_IN_COMMITTEE):
            return self.none()
        return self.filter(_sits(actor, day, "committee"))
