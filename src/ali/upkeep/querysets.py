from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.core.written import WrittenQuerySet
from ali.people.models import Person
from ali.upkeep.states import NOT_OVER, TO_DO, MediationState, VisitState


def _keeps(actor: Actor, permission: Permission) -> bool:
    """Say whether the actor looks after homes of its own body, with that permission."""
    return actor.may(permission) and actor.role in roles.HOUSING_BODY_ROLES


class TicketQuerySet(QuerySet[Any]):
    """Maintenance tickets."""

    def visible_to(self, actor: Actor, day: date | None = None) -> "TicketQuerySet":
        """Return the tickets of the homes that the actor's body keeps."""
        if not _keeps(actor, Permission.SEE_UPKEEP):
            return self.none()
        return self.filter(dwelling__manager=actor.organisation_id)

    def not_over(self) -> "TicketQuerySet":
        return self.filter(state__in=NOT_OVER)

    def late_on(self, day: date) -> "TicketQuerySet":
        return self.filter(state__in=TO_DO, due_on__lt=day)


class VisitQuerySet(QuerySet[Any]):
    """Social visits."""

    def visible_to(self, actor: Actor, day: date | None = None) -> "VisitQuerySet":
        """Return the visits to the homes of the actor's body, but for those that concern a reserved person whom it may
        not know."""
        from ali.upkeep.models import Visit  # this module is what models.py attaches

        if not _keeps(actor, Permission.SEE_VISITS):
            return self.none()
        unknown = Visit.persons.through.objects.filter(
            visit=OuterRef("pk"), person__is_reserved=True
        ).exclude(person__in=Person.objects.visible_to(actor, day).values("pk"))
        return self.filter(~Exists(unknown), dwelling__manager=actor.organisation_id)

    def planned(self) -> "VisitQuerySet":
        return self.filter(state=VisitState.PLANNED)


class MediationQuerySet(QuerySet[Any]):
    """Mediations of a conflict."""

    def visible_to(self, actor: Actor, day: date | None = None) -> "MediationQuerySet":
        """Return those that the actor opened or was named on, in a home of its body. Nobody else reads any of it."""
        if not _keeps(actor, Permission.EDIT_VISITS):
            return self.none()
        return self.filter(
            Q(opened_by=actor.user_id) | Exists(_named(actor)), dwelling__manager=actor.organisation_id
        )

    def counted_for(self, actor: Actor) -> "MediationQuerySet":
        """Return those under way in the homes of the actor's body, to be counted and never read."""
        if not _keeps(actor, Permission.SEE_VISITS):
            return self.none()
        return self.filter(state=MediationState.UNDER_WAY, dwelling__manager=actor.organisation_id)


def _named(actor: Actor) -> QuerySet[Any]:
    from ali.upkeep.models import MediationColleague  # this module is what models.py attaches

    return MediationColleague.objects.filter(
        mediation=OuterRef("pk"), user=actor.user_id, ended_on__isnull=True
    )


class MediationNoteQuerySet(WrittenQuerySet):
    def visible_to(self, actor: Actor, day: date | None = None) -> "MediationNoteQuerySet":
        """Return the notes of the mediations that the actor reads."""
        from ali.upkeep.models import Mediation  # this module is what models.py attaches

        return self.filter(mediation__in=Mediation.objects.visible_to(actor, day))
