from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.housing.states import MATCHABLE_STATES, Mode


class BuildingQuerySet(QuerySet[Any]):
    def visible_to(self, actor: Actor, day: date | None = None) -> "BuildingQuerySet":
        """Return buildings with a dwelling that the actor may see."""
        from ali.housing.models import Dwelling  # this module is what models.py attaches

        return self.filter(Exists(Dwelling.objects.visible_to(actor, day).filter(building=OuterRef("pk"))))


class DwellingQuerySet(QuerySet[Any]):
    def visible_to(self, actor: Actor, day: date | None = None) -> "DwellingQuerySet":
        """Return a housing body's own dwellings; for prefecture and case workers those of their provinces."""
        if not actor.may(Permission.SEE_HOMES):
            return self.none()
        if actor.role in roles.HOUSING_BODY_ROLES:
            return self.filter(manager=actor.organisation_id)
        return self.filter(building__municipality__province__prefecture__in=actor.provinces)

    def matchable(self) -> "DwellingQuerySet":
        """Return those whose beds may be matched; a confiscated building only once the Comune has it and has assigned it."""
        return self.filter(
            Q(building__is_confiscated=False)
            | Q(building__transferred_to_municipality_on__isnull=False, building__assigned_on__isnull=False),
            state__in=MATCHABLE_STATES,
        )

    def with_free_beds(self, today: date, days: int) -> "DwellingQuerySet":
        """Annotate `free_beds`: beds neither occupied nor held that are free within `days`."""
        found: DwellingQuerySet = self.annotate(
            free_beds=Count(
                "rooms__beds",
                filter=Q(
                    rooms__beds__free_from__lte=today + timedelta(days=days),
                    rooms__beds__is_held=False,
                    rooms__beds__closed_on__isnull=True,
                ),
            )
        )
        return found

    def with_next_free(self) -> "DwellingQuerySet":
        """Annotate `next_free_on`: the first day on which a bed that nobody holds is free."""
        usable = Q(rooms__beds__closed_on__isnull=True, rooms__beds__is_held=False)
        found: DwellingQuerySet = self.annotate(next_free_on=Min("rooms__beds__free_from", filter=usable))
        return found

    def with_beds(self, today: date) -> "DwellingQuerySet":
        """Annotate a few dwellings with `total_beds`, `free_beds`, `held_beds`, `next_free_on`, `is_next_free_sure`."""
        from ali.housing.models import Bed  # this module is what models.py attaches

        coming = Bed.objects.filter(
            room__dwelling=OuterRef("pk"), closed_on__isnull=True, is_held=False, free_from__isnull=False
        ).order_by("free_from", "pk")
        in_use = Q(rooms__beds__closed_on__isnull=True)
        found: DwellingQuerySet = self.with_free_beds(today, 0).annotate(
            total_beds=Count("rooms__beds", filter=in_use),
            held_beds=Count("rooms__beds", filter=in_use & Q(rooms__beds__is_held=True)),
            next_free_on=Subquery(coming.values("free_from")[:1]),
            is_next_free_sure=Subquery(coming.values("is_free_sure")[:1]),
        )
        return found

    def free_within(self, today: date, days: int) -> "DwellingQuerySet":
        """Return the matchable dwellings with at least one free bed within `days`."""
        found: DwellingQuerySet = self.matchable().with_free_beds(today, days).filter(free_beds__gt=0)
        return found


class BedQuerySet(QuerySet[Any]):
    def free_on(self, day: date) -> "BedQuerySet":
        return self.filter(free_from__lte=day, is_held=False, closed_on__isnull=True)

    def free_within(self, today: date, days: int) -> "BedQuerySet":
        """Return those free within `days`, the ones already free included."""
        return self.free_on(today + timedelta(days=days))

    def one_for_each_offer(self) -> "BedQuerySet":
        """Return each bed that is given by itself, and one bed for each home that is given whole."""
        from ali.housing.models import Bed  # this module is what models.py attaches

        earlier = Bed.objects.filter(
            room__dwelling=OuterRef("room__dwelling"), closed_on__isnull=True, pk__lt=OuterRef("pk")
        )
        return self.filter(~Q(room__dwelling__mode=Mode.WHOLE) | ~Exists(earlier))

    def in_use(self) -> "BedQuerySet":
        return self.filter(closed_on__isnull=True)

    def of_dwelling(self, dwelling_id: int) -> "BedQuerySet":
        return self.filter(room__dwelling=dwelling_id).order_by(F("free_from").asc(nulls_last=True), "pk")
