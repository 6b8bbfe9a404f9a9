"""What other apps read from here: free places, exits by week, who is in a centre, the bodies that answer."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.organisations.models import Organisation, OrganisationKind, OrganisationRole
from ali.people.models import Person
from ali.reception.models import AnnouncedArrival, Centre, Exit, Stay
from ali.reception.querysets import CentreQuerySet, ExitQuerySet
from ali.reception.states import (
    CONFIRMED_STATES,
    DATED_STATES,
    OPEN_STATES,
    WITHOUT_SOLUTION,
    Gap,
    GapState,
)

HORIZONS = (30, 60, 90)
NOBODY = dict.fromkeys(HORIZONS, 0)
# The names that `<c-gap>` takes.
GAP_STATE_NAMES = {
    GapState.UNKNOWN: "unknown",
    GapState.OK: "ok",
    GapState.PARTIAL: "partial",
    GapState.MISSING: "missing",
}


@dataclass(frozen=True)
class Places:
    """The places of a centre in figures: now (0), and at 30, 60 and 90 days, from confirmed exits and announced arrivals.

    Reserved persons are in no count: their place is among the unavailable ones. A negative number says how many are
    beyond the places.
    """

    places: int
    present: int
    leaving: dict[int, int]
    arriving: dict[int, int]
    free: dict[int, int]


@dataclass(frozen=True)
class CentrePlaces:
    """A centre with its places in figures."""

    centre: Centre
    figures: Places

    @property
    def present(self) -> int:
        return self.figures.present

    @property
    def free_now(self) -> int:
        return self.figures.free[0]

    @property
    def free_30(self) -> int:
        return self.figures.free[30]

    @property
    def free_60(self) -> int:
        return self.figures.free[60]

    @property
    def free_90(self) -> int:
        return self.figures.free[90]


def free_places(actor: Actor, today: date) -> list[CentrePlaces]:
    """Return the places of every centre that `actor` sees, by manager and name: six statements."""
    figures = place_figures(Centre.objects.visible_to(actor), today)
    return centres_with(figures, list(figures))


def place_figures(centres: CentreQuerySet, today: date) -> dict[int, Places]:
    """Return the figures of `centres` by id, ordered by manager and name: five statements however many they are."""
    rows = list(
        centres.order_by("manager__name", "name", "pk").values_list(
            "pk", "places", "unavailable_places", "closes_on"
        )
    )
    return _figures_of(rows, None, today)


def figures_of(centre: Centre, today: date) -> Places:
    """Return the figures of one centre: four statements."""
    row = (centre.pk, centre.places, centre.unavailable_places, centre.closes_on)
    return _figures_of([row], [centre.pk], today)[centre.pk]


def _figures_of(
    rows: Sequence[tuple[int, int, int, date | None]], only: list[int] | None, today: date
) -> dict[int, Places]:
    """`only` narrows the counts when the centres are few."""
    present = _present(only, today)
    leaving, arriving = _leaving(only, today), _arriving(only, today)
    return {
        pk: _figures(
            places=places,
            unavailable=unavailable,
            closes_on=closes_on,
            present=present.get(pk, 0),
            leaving=leaving.get(pk, ()),
            arriving=arriving.get(pk, ()),
            today=today,
        )
        for pk, places, unavailable, closes_on in rows
    }


def centres_with(figures: Mapping[int, Places], ids: Sequence[int]) -> list[CentrePlaces]:
    """Return the centres of these ids, in this order, with their figures: one statement."""
    found = Centre.objects.select_related("manager", "municipality").in_bulk(list(ids))
    return [CentrePlaces(found[pk], figures[pk]) for pk in ids if pk in found]


def _of(ids: list[int] | None, path: str) -> Q:
    return Q() if ids is None else Q(**{f"{path}__in": ids})


def _present(ids: list[int] | None, today: date) -> dict[int, int]:
    """Return how many are present by centre. Reserved persons are taken away after: joining everybody costs more."""
    present = Stay.objects.present_on(today).filter(_of(ids, "centre"))
    everybody = dict(present.order_by().values_list("centre_id").annotate(persons=Count("pk")))
    reserved = Person.objects.filter(is_reserved=True).values("pk")
    for centre in present.filter(person__in=reserved).order_by().values_list("centre_id", flat=True):
        everybody[centre] -= 1
    return everybody


def _leaving(ids: list[int] | None, today: date) -> dict[int, list[tuple[date, int]]]:
    found = (
        Exit.objects.filter(
            _of(ids, "stay__centre"),
            state__in=CONFIRMED_STATES,
            stay__left_on__isnull=True,
            person__is_reserved=False,
            leaves_on__range=(today, today + timedelta(days=HORIZONS[-1])),
        )
        .values("stay__centre_id", "leaves_on")
        .annotate(persons=Count("pk"))
        .order_by()
    )
    return _by_centre((row["stay__centre_id"], row["leaves_on"], row["persons"]) for row in found)


def _arriving(ids: list[int] | None, today: date) -> dict[int, list[tuple[date, int]]]:
    found = (
        AnnouncedArrival.objects.filter(
            _of(ids, "centre"),
            arrived_at__isnull=True,
            expected_on__lte=today + timedelta(days=HORIZONS[-1]),
        )
        .values("centre_id", "expected_on")
        .annotate(total=Sum("persons"))
        .order_by()
    )
    return _by_centre((row["centre_id"], row["expected_on"], row["total"]) for row in found)


def _by_centre(rows: Any) -> dict[int, list[tuple[date, int]]]:  # Any: rows of three values
    found: dict[int, list[tuple[date, int]]] = {}
    for centre, day, persons in rows:
        found.setdefault(centre, []).append((day, persons))
    return found


def _figures(
    *,
    places: int,
    unavailable: int,
    closes_on: date | None,
    present: int,
    leaving: Sequence[tuple[date, int]],
    arriving: Sequence[tuple[date, int]],
    today: date,
) -> Places:
    usable = places - unavailable
    if not leaving and not arriving and closes_on is None:
        return Places(places, present, NOBODY, NOBODY, dict.fromkeys((0, *HORIZONS), usable - present))
    out = {days: _until(leaving, today + timedelta(days=days)) for days in HORIZONS}
    into = {days: _until(arriving, today + timedelta(days=days)) for days in HORIZONS}
    free = {0: usable - present}
    for days in HORIZONS:
        # A centre that closes has no place to give, whoever leaves it.
        closed = closes_on is not None and closes_on <= today + timedelta(days=days)
        free[days] = (0 if closed else usable) - present + out[days] - into[days]
    return Places(places, present, out, into, free)


def _until(rows: Sequence[tuple[date, int]], day: date) -> int:
    return sum(persons for when, persons in rows if when <= day)


@dataclass(frozen=True)
class WeekOfExits:
    """How many leave in a week (Monday first), dated apart from expected, with and without a solution."""

    monday: date
    dated_with: int = 0
    dated_without: int = 0
    expected_with: int = 0
    expected_without: int = 0

    @property
    def with_solution(self) -> int:
        return self.dated_with + self.expected_with

    @property
    def without_solution(self) -> int:
        return self.dated_without + self.expected_without

    @property
    def total(self) -> int:
        return self.with_solution + self.without_solution


@dataclass(frozen=True)
class ExitPicture:
    """Open exits week by week, and those out of the weeks: past their day, later, without any day."""

    weeks: list[WeekOfExits]
    overdue: int
    later: int
    undated: int


def countable_exits(actor: Actor) -> ExitQuerySet:
    """Return the exits that `actor` may count: those seen or, for a role of counts alone, those of its provinces."""
    if actor.may(Permission.SEE_PEOPLE):
        return Exit.objects.visible_to(actor)
    counted: ExitQuerySet = Exit.objects.counted_for(actor)
    return counted


def exits_by_week(actor: Actor, today: date, weeks: int) -> ExitPicture:
    """Return the picture of the open exits of the next `weeks` weeks, this one included: one statement."""
    first = today - timedelta(days=today.weekday())
    counts: dict[date, dict[str, int]] = {first + timedelta(weeks=n): {} for n in range(weeks)}
    end = first + timedelta(weeks=weeks)
    overdue = later = undated = 0
    rows = (
        countable_exits(actor)
        .filter(state__in=OPEN_STATES)
        .values("leaves_on", "state", "solution")
        .annotate(persons=Count("pk"))
        .order_by()
    )
    for row in rows:
        day, persons = row["leaves_on"], row["persons"]
        if day is None:
            undated += persons
        elif day < today:
            overdue += persons
        elif day >= end:
            later += persons
        else:
            week = counts[day - timedelta(days=day.weekday())]
            name = _column(row["state"], row["solution"])
            week[name] = week.get(name, 0) + persons
    return ExitPicture(
        [WeekOfExits(monday, **week) for monday, week in counts.items()], overdue, later, undated
    )


def _column(state: str, solution: str) -> str:
    dated = "dated" if state in DATED_STATES else "expected"
    return f"{dated}_{'without' if solution in WITHOUT_SOLUTION else 'with'}"


def gap_items(leaving: Exit) -> list[dict[str, str]]:
    """Return the five gaps of an exit as `<c-gaps>` takes them."""
    return [
        {"kind": gap.value, "state": GAP_STATE_NAMES[GapState(getattr(leaving, f"gap_{gap.value}"))]}
        for gap in Gap
    ]


def needs_municipality(leaving: Exit, today: date) -> bool:
    """Say whether the competent Comune must be told: a minor, pregnancy, vulnerability."""
    person = leaving.person
    return bool(person.is_pregnant or person.is_vulnerable or person.is_minor_on(today))


@dataclass(frozen=True)
class CentreFile:
    """A centre with its places and, by name, those whom the actor sees there."""

    places: Places
    stays: list[Stay]
    exits: dict[int, Exit] = field(default_factory=dict)
    arrivals: list[AnnouncedArrival] = field(default_factory=list)


def centre_file(actor: Actor, centre: Centre, today: date) -> CentreFile:
    """Return who is in a centre today, who leaves and who is announced."""
    stays = list(
        Stay.objects.present_on(today)
        .visible_to(actor)
        .filter(centre=centre)
        .select_related("person")
        .order_by("person__sort_key", "pk")
    )
    exits = {
        leaving.person_id: leaving
        for leaving in Exit.objects.visible_to(actor).open().filter(stay__centre=centre).order_by()
    }
    arrivals = list(
        AnnouncedArrival.objects.filter(centre=centre, arrived_at__isnull=True).order_by("expected_on", "pk")
    )
    return CentreFile(figures_of(centre, today), stays, exits, arrivals)


def managers_for(actor: Actor) -> QuerySet[Organisation]:
    """Return the bodies whose centres the actor may add: the own one or, for the prefecture, those of its territory."""
    if actor.role != roles.PREFECTURE_OFFICER:
        return Organisation.objects.filter(pk=actor.organisation_id or 0)
    held = OrganisationRole.objects.filter(
        organisation=OuterRef("pk"),
        kind=OrganisationKind.RECEPTION_MANAGER,
        province__prefecture__in=actor.provinces,
    )
    return Organisation.objects.filter(Exists(held)).order_by("folded", "pk")


def prefecture_of(province_code: str, day: date) -> Organisation | None:
    """Return the prefecture competent for a province."""
    role = (
        OrganisationRole.objects.valid_on(day)
        .filter(kind=OrganisationKind.PREFECTURE, province=province_code)
        .select_related("organisation")
        .order_by("pk")
        .first()
    )
    return role.organisation if role else None


def prefecture_of_centre(centre: Centre, day: date) -> Organisation | None:
    """Return the prefecture that answers for a centre."""
    return prefecture_of(centre.municipality.province.prefecture, day)


def open_stay_of(person_id: int) -> Stay | None:
    """Return the present stay of a person."""
    found: Stay | None = (
        Stay.objects.filter(person=person_id, left_on__isnull=True)
        .select_related("centre__manager", "centre__municipality__province")
        .first()
    )
    return found


def open_exit_of(person_id: int) -> Exit | None:
    """Return the open exit of a person."""
    found: Exit | None = (
        Exit.objects.filter(person=person_id, state__in=OPEN_STATES)
        .select_related("person", "stay__centre__municipality__province", "owner")
        .first()
    )
    return found


def last_departure(person_id: int) -> date | None:
    """Return the day of the person's latest departure from a centre."""
    latest: date | None = Stay.objects.filter(person=person_id).aggregate(day=Max("left_on"))["day"]
    return latest


def visible_exit(actor: Actor, public_id: uuid.UUID) -> QuerySet[Any]:
    """Return the exit of this public id with what its page reads, if `actor` sees it."""
    return (
        Exit.objects.visible_to(actor)
        .filter(public_id=public_id)
        .select_related(
            "person__competent_municipality",
            "stay__centre__manager",
            "stay__centre__municipality__province",
            "owner",
            "notified_language",
            "confirmed_by",
        )
    )
