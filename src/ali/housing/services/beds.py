"""Picking, holding and occupying beds under locks, so that one bed is never given twice.

The beds of a dwelling are always locked all together and by primary key: two transactions cannot wait for each other.
On SQLite the transaction itself is exclusive (IMMEDIATE). `allocation` calls these inside its own verbs, which ask
permission and write the audit line; it keeps `BedHold`, we keep the beds' flags and the occupancies.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.housing import hooks
from ali.housing.availability import End, freedom
from ali.housing.models import Bed, Dwelling, Occupancy
from ali.housing.permissions import may_match_dwelling
from ali.housing.queries import bedrooms_of, capacity_rules
from ali.housing.services.communications import write_communication_deadlines
from ali.housing.states import DWELLING_TRANSITIONS, DwellingState, Mode, Unnamed


class NotMatchable(Refusal):
    """The home cannot be matched: its state, or a confiscated building not yet assigned."""


class NoBedFree(Refusal):
    """The beds went to somebody else in the meantime, or are not free on that day."""


class TooManyPeople(Refusal):
    """A Comune's act, the contract or an office's rule says how many may live there."""


class BedTaken(Refusal):
    """Somebody already sleeps in the bed in those days."""


def lock_beds(dwelling_ids: Collection[int]) -> dict[int, list[Bed]]:
    """Return the beds in use of some dwellings, locked in one order; read what is decided from these rows."""
    found: dict[int, list[Bed]] = {pk: [] for pk in dwelling_ids}
    for bed in (
        Bed.objects.in_use()
        .select_for_update(of=("self",))
        .filter(room__dwelling__in=list(dwelling_ids))
        .select_related("room__dwelling")
        .order_by("pk")
    ):
        found[bed.room.dwelling_id].append(bed)
    return found


@atomic
def refresh_dwelling(dwelling: Dwelling) -> None:
    """Recompute from when each bed of a dwelling is free, from its occupancies and the day the home is ready."""
    beds = lock_beds([dwelling.pk])[dwelling.pk]
    ends = _ends(dwelling, beds)
    for bed in beds:
        free = freedom(ends[bed.pk], ready_on=dwelling.available_on, is_ready_sure=dwelling.is_available_sure)
        bed.free_from, bed.is_free_sure = free.on, free.is_sure
    Bed.objects.bulk_update(beds, ["free_from", "is_free_sure"])


@atomic
def refresh_and_tell(dwelling: Dwelling, today: date) -> None:
    """Recompute from when each bed is free, and tell who counts on held beds whose day has moved."""
    held = Bed.objects.in_use().filter(room__dwelling=dwelling, is_held=True).order_by("pk")
    before = dict(held.values_list("pk", "free_from"))
    refresh_dwelling(dwelling)
    moved = [pk for pk, day in held.values_list("pk", "free_from") if day != before.get(pk)]
    if moved:
        hooks.tell_moved(moved, today)


def refresh_bed(bed: Bed) -> None:
    """Recompute from when a bed is free (in a home that closes together, every bed of it)."""
    refresh_dwelling(bed.room.dwelling)
    bed.refresh_from_db()


def _ends(dwelling: Dwelling, beds: Sequence[Bed]) -> dict[int, list[End]]:
    """Return how the stays that keep each bed from others end: its own, and in a home that one household has closed (a
    whole one; an open one with more than one of a household) theirs too."""
    rows = list(
        Occupancy.objects.filter(bed__room__dwelling=dwelling)
        .order_by("pk")
        .values_list("bed_id", "ends_on", "is_end_sure", "person__household_id", "who")
    )
    members = Counter(household for _bed, _on, _sure, household, _who in rows if household)
    ends: dict[int, list[End]] = {bed.pk: [] for bed in beds}
    for slept_in, ends_on, is_sure, household, who in rows:
        is_family = dwelling.mode == Mode.OPEN and (members[household] > 1 or who == Unnamed.FAMILY)
        closes = dwelling.mode == Mode.WHOLE or is_family
        for bed in ends if closes else {slept_in} & ends.keys():
            ends[bed].append(End(ends_on, is_sure))
    return ends


@atomic
def hold_beds(*, dwelling: Dwelling, persons: int, starts_on: date, today: date | None = None) -> list[Bed]:
    """Hold the beds for a household from `starts_on` and return them: one each, or every bed of a home that it closes.

    A whole home, and an open home taken by more than one person, is held entirely. Raises `NotMatchable`, `NoBedFree`,
    `TooManyPeople`.
    """
    beds = lock_beds([dwelling.pk])[dwelling.pk]
    home = Dwelling.objects.select_related("building__municipality").get(pk=dwelling.pk)
    decision = may_match_dwelling(home)
    if not decision:
        raise NotMatchable(decision.reason)
    free = [bed for bed in beds if _is_free(bed, starts_on)]
    takes_all = home.mode == Mode.WHOLE or (home.mode == Mode.OPEN and persons > 1)
    if persons > len(free) or (takes_all and len(free) < len(beds)):
        raise NoBedFree(
            _(
                "I posti letto sono appena andati ad altri o non sono liberi in quei giorni: ricarica la pagina."
            )
        )
    check_capacity(home, others=len(beds) - len(free), newcomers=persons, day=starts_on)
    in_order = sorted(free, key=lambda bed: _first_choice(bed, today or starts_on))
    chosen = free if takes_all else in_order[:persons]
    Bed.objects.filter(pk__in=[bed.pk for bed in chosen]).update(is_held=True)
    for bed in chosen:
        bed.is_held = True
    return chosen


def _is_free(bed: Bed, day: date) -> bool:
    return not bed.is_held and bed.free_from is not None and bed.free_from <= day


def _first_choice(bed: Bed, today: date) -> tuple[int, bool, date, int]:
    """The bed that frees itself last before the entry, since the first may be the only one in time for somebody else; of
    those already free today (and of those with one day) the sure ones, then the one that has been free longest."""
    free_from = bed.free_from or date.max
    return (-max(free_from, today).toordinal(), not bed.is_free_sure, free_from, bed.pk)


def check_capacity(dwelling: Dwelling, *, others: int, newcomers: int, day: date) -> None:
    """Raise `TooManyPeople` when a rule forbids so many; above the standard alone a page warns and nothing stops."""
    capacity = capacity_rules(day).capacity(dwelling, bedrooms_of([dwelling.pk]).get(dwelling.pk))
    if capacity.blocks(others + newcomers):
        raise TooManyPeople(
            _(
                "Qui possono abitare al massimo %(most)s persone (%(source)s): con queste sarebbero %(people)s."
            )
            % {
                "most": capacity.blocks_above,
                "source": dwelling.max_people_source or _("regola sulla capienza che blocca"),
                "people": others + newcomers,
            }
        )


@atomic
def release_beds(*, beds: Collection[Bed]) -> None:
    """Let held beds go."""
    locked = Bed.objects.select_for_update().filter(pk__in=[bed.pk for bed in beds]).order_by("pk")
    Bed.objects.filter(pk__in=[bed.pk for bed in locked]).update(is_held=False)


@atomic
def occupy_beds(
    *, dwelling: Dwelling, beds: Sequence[Bed], person_ids: Sequence[int], starts_on: date
) -> list[Occupancy]:
    """Put the persons in the beds held for them and let the spare ones go. Where they slept before ends that day."""
    before = _dwellings_left(person_ids, dwelling)
    locked = lock_beds([*before, dwelling.pk])
    chosen = [bed for bed in locked[dwelling.pk] if bed.pk in {one.pk for one in beds}]
    if len(chosen) < len(person_ids):
        raise NoBedFree(_("I posti letto tenuti per il nucleo non bastano: controlla la proposta."))
    _leave_former_beds(person_ids, starts_on)
    made = []
    for bed, person in zip(chosen, person_ids, strict=False):
        refuse_overlap(bed, starts_on, None)
        made.append(Occupancy.objects.create(bed=bed, person_id=person, starts_on=starts_on))
    Bed.objects.filter(pk__in=[bed.pk for bed in chosen]).update(is_held=False)
    mark_occupied(dwelling)
    for home in Dwelling.objects.filter(pk__in=[*before, dwelling.pk]).order_by("pk"):
        refresh_dwelling(home)
    write_communication_deadlines(made)
    return made


def _dwellings_left(person_ids: Sequence[int], dwelling: Dwelling) -> list[int]:
    found = Occupancy.objects.filter(person__in=person_ids).exclude(bed__room__dwelling=dwelling)
    return sorted(set(found.order_by().values_list("bed__room__dwelling_id", flat=True)))


def _leave_former_beds(person_ids: Sequence[int], day: date) -> None:
    Occupancy.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), person__in=person_ids).filter(
        starts_on__lt=day
    ).update(ends_on=day, is_end_sure=True)


def refuse_overlap(bed: Bed, starts_on: date, ends_on: date | None, *, but: int = 0) -> None:
    """Raise `BedTaken` when another stay in the bed crosses these days (the last one excluded). The bed is locked."""
    others = Occupancy.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on), bed=bed)
    if ends_on is not None:
        others = others.filter(starts_on__lt=ends_on)
    if others.exclude(pk=but).exists():
        raise BedTaken(
            _("In quei giorni il posto letto è di un'altra persona: registra prima la sua uscita.")
        )


def mark_occupied(dwelling: Dwelling) -> None:
    """A free dwelling where somebody moves in becomes occupied; other states stay."""
    home = Dwelling.objects.select_for_update().get(pk=dwelling.pk)
    if DWELLING_TRANSITIONS.can("occupy", DwellingState(home.state)):
        home.state = DWELLING_TRANSITIONS.after("occupy", DwellingState(home.state))
        home.version += 1
        home.save()
        dwelling.state, dwelling.version = home.state, home.version
