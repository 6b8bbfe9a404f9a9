"""What a housing manager records of who sleeps where. People of the network arrive through an accepted proposal; here
are the others, without names."""

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.housing import permissions
from ali.housing.models import Bed, Dwelling, Occupancy
from ali.housing.queries import ongoing
from ali.housing.services.beds import (
    BedTaken,
    check_capacity,
    lock_beds,
    mark_occupied,
    refresh_and_tell,
    refresh_dwelling,
    refuse_overlap,
)
from ali.housing.services.communications import write_communication_deadlines
from ali.housing.states import DwellingState


class WrongDates(Refusal):
    """The days cannot be."""


class HomeNotReady(Refusal):
    """Nobody can live in a home that is not free or occupied."""


@atomic
def move_in(
    *,
    actor: Actor,
    bed: Bed,
    starts_on: date,
    ends_on: date | None,
    is_end_sure: bool,
    today: date,
    who: str = "",
) -> Occupancy:
    """Record that somebody outside the network sleeps in a bed; `who` says a man, a woman or a family, when known.

    Above the capacity it warns; a rule may block it.
    """
    dwelling = bed.room.dwelling
    permissions.may_edit_home(actor, dwelling).or_refuse()
    _check_days(starts_on, ends_on)
    mine = next((one for one in lock_beds([dwelling.pk])[dwelling.pk] if one.pk == bed.pk), None)
    if mine is None:
        raise BedTaken(_("Questo posto letto non è più in uso."))
    if mine.is_held:
        raise BedTaken(_("Questo posto letto è tenuto per una proposta in corso: aspetta la risposta."))
    if dwelling.state not in {DwellingState.FREE, DwellingState.OCCUPIED}:
        raise HomeNotReady(_("Prima rendi libera la casa: nello stato di ora nessuno può abitarci."))
    refuse_overlap(mine, starts_on, ends_on)
    others = Occupancy.objects.filter(ongoing(starts_on), bed__room__dwelling=dwelling).count()
    check_capacity(dwelling, others=others, newcomers=1, day=today)
    made = Occupancy.objects.create(
        bed=mine,
        starts_on=starts_on,
        ends_on=ends_on,
        is_end_sure=is_end_sure and ends_on is not None,
        who=who,
    )
    mark_occupied(dwelling)
    refresh_dwelling(dwelling)
    audit.record(actor, "bed_occupied", dwelling, bed=str(bed.public_id))
    return made


@atomic
def set_end(
    *,
    actor: Actor,
    occupancy: Occupancy,
    ends_on: date | None,
    is_end_sure: bool,
    expected_version: int,
    today: date,
    who: str | None = None,
) -> Occupancy:
    """Say when somebody leaves: expected or sure, or not known any more; of somebody without a name also who it is.

    Tells who counts on the beds when their day moves.
    """
    bed = occupancy.bed
    dwelling = bed.room.dwelling
    permissions.may_edit_home(actor, dwelling).or_refuse()
    _check_days(occupancy.starts_on, ends_on)
    lock_beds([dwelling.pk])
    refuse_overlap(bed, occupancy.starts_on, ends_on, but=occupancy.pk)
    occupancy.ends_on = ends_on
    occupancy.is_end_sure = is_end_sure and ends_on is not None
    if who is not None and occupancy.person_id is None:
        occupancy.who = who
    occupancy.save_if_unchanged(expected_version)
    refresh_and_tell(dwelling, today)
    _free_if_empty(dwelling, today)
    subjects = [occupancy.person.public_id] if occupancy.person else []
    audit.record(actor, "bed_end_set", dwelling, persons=subjects, bed=str(bed.public_id))
    return occupancy


@atomic
def remove_occupancy(*, actor: Actor, occupancy: Occupancy, expected_version: int, today: date) -> None:
    """Remove a stay recorded by mistake; only for people outside the network, who have no file here."""
    dwelling = occupancy.bed.room.dwelling
    permissions.may_edit_home(actor, dwelling).or_refuse()
    if occupancy.person_id:
        raise WrongDates(_("È una persona della rete: registra la sua uscita, non si può togliere."))
    lock_beds([dwelling.pk])
    occupancy.save_if_unchanged(expected_version)
    audit.record(actor, "occupancy_removed", dwelling, bed=str(occupancy.bed.public_id))
    occupancy.delete()
    refresh_dwelling(dwelling)
    _free_if_empty(dwelling, today)


def _check_days(starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on <= starts_on:
        raise WrongDates(_("L'uscita deve essere dopo l'entrata: controlla le due date."))


def _free_if_empty(dwelling: Dwelling, today: date) -> None:
    """An occupied dwelling that everybody has left is free again."""
    home = Dwelling.objects.select_for_update().get(pk=dwelling.pk)
    someone = Occupancy.objects.filter(ongoing(today), bed__room__dwelling=home).exists()
    if home.state == DwellingState.OCCUPIED and not someone:
        home.state = DwellingState.FREE
        home.version += 1
        home.save()
        dwelling.state, dwelling.version = home.state, home.version


@atomic
def move_start(*, occupancy: Occupancy, starts_on: date) -> Occupancy:
    """Begin a stay on the day of the hand-over instead of the day that was agreed; the 48 hours run from there.

    Called by the services of tenancies, which have asked their own permission.
    """
    bed = occupancy.bed
    dwelling = bed.room.dwelling
    lock_beds([dwelling.pk])
    refuse_overlap(bed, starts_on, occupancy.ends_on, but=occupancy.pk)
    occupancy.starts_on = starts_on
    occupancy.save_if_unchanged(occupancy.version)
    refresh_dwelling(dwelling)
    write_communication_deadlines([occupancy])
    return occupancy


@atomic
def expect_leaving(*, dwelling: Dwelling, person_ids: Collection[int], ends_on: date | None) -> int:
    """Say from when the beds of these people should be free (None: nobody knows any more). Return how many.

    Called by the services of tenancies, which have asked their own permission.
    """
    lock_beds([dwelling.pk])
    stays = Occupancy.objects.filter(
        bed__room__dwelling=dwelling, person__in=list(person_ids), is_end_sure=False
    )
    count = 0
    for stay in stays.order_by("pk"):
        if ends_on is None or ends_on > stay.starts_on:
            stay.ends_on = ends_on
            stay.save_if_unchanged(stay.version)
            count += 1
    refresh_dwelling(dwelling)
    return count


@atomic
def leave_beds(*, dwelling: Dwelling, person_ids: Collection[int], ends_on: date, today: date) -> int:
    """End the stays of people who have left: their beds are free from that day. Return how many.

    Called by the services of tenancies, which have asked their own permission.
    """
    lock_beds([dwelling.pk])
    stays = Occupancy.objects.filter(
        ongoing(ends_on), bed__room__dwelling=dwelling, person__in=list(person_ids), starts_on__lt=ends_on
    )
    count = 0
    for stay in stays.order_by("pk"):
        stay.ends_on, stay.is_end_sure = ends_on, True
        stay.save_if_unchanged(stay.version)
        count += 1
    refresh_dwelling(dwelling)
    _free_if_empty(dwelling, today)
    return count
