"""Exchanging the homes of two households inside a round, in one act."""

from datetime import date

from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.allocation import permissions
from ali.allocation.exchanges import Entering, Exchange, exchanges_of
from ali.allocation.models import RoundEntry
from ali.allocation.services.signatures import subjects, typed
from ali.allocation.states import Handling
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.housing.models import Dwelling
from ali.people.models import Household, Person


class NotExchangeable(Refusal):
    """One of the two cannot live in the home of the other."""


@atomic
def exchange_homes(
    *,
    actor: Actor,
    entry: RoundEntry,
    other: RoundEntry,
    expected_version: int,
    expected_other_version: int,
    reason: str,
    today: date,
) -> Exchange:
    """Give each of two households the home that the round meant for the other; `reason` is typed by the officer.

    Rules, beds and days are read again. It counts as decided by people, and nothing is put forward yet. Raises `Refusal`
    when somebody has decided in the meantime or one cannot live in the home of the other.
    """
    permissions.may_exchange(actor, entry).or_refuse()
    words = typed(reason)
    households = Household.objects.filter(pk__in=[entry.household_id, other.household_id])
    list(
        households.select_for_update().order_by("pk")
    )  # as putting forward does, so that one waits for the other
    mine, theirs = _locked(entry, other)
    permissions.may_exchange(actor, mine).or_refuse()
    permissions.may_exchange(actor, theirs).or_refuse()
    found = _exchange(actor, mine, theirs, today)
    homes = mine.dwelling, theirs.dwelling
    _move(mine, homes[1], found.mine, words, expected_version)
    _move(theirs, homes[0], found.theirs, words, expected_other_version)
    members = Person.objects.filter(household__in=[mine.household_id, theirs.household_id]).order_by("pk")
    audit.record(
        actor, "homes_exchanged", mine, persons=subjects(members), reason=words, other=str(theirs.public_id)
    )
    return found


def _locked(entry: RoundEntry, other: RoundEntry) -> tuple[RoundEntry, RoundEntry]:
    """Return the two entries as they are stored, locked in one order."""
    rows = {
        row.pk: row
        for row in RoundEntry.objects.select_for_update(of=("self",))
        .filter(pk__in=[entry.pk, other.pk], round=entry.round_id)
        .select_related("dwelling")
        .order_by("pk")
    }
    if len(rows) != 2:
        raise NotExchangeable(_("Si scambiano le case di due nuclei dello stesso giro."))
    return rows[entry.pk], rows[other.pk]


def _exchange(actor: Actor, mine: RoundEntry, theirs: RoundEntry, today: date) -> Exchange:
    found = next(one for one in exchanges_of(actor, mine, today) if one.other.pk == theirs.pk)
    if not found.is_possible:
        raise NotExchangeable(found.refused)
    return found


def _move(
    entry: RoundEntry, home: Dwelling | None, entering: Entering, words: str, expected_version: int
) -> None:
    """Write the new home of an entry, with its own reasons, band and day; the engine's stays written."""
    if entering.fit is None or entering.bed is None:  # never when the exchange is possible
        raise NotExchangeable(_("Lo scambio non è più possibile: ricarica la pagina."))
    entry.suggested_id = entry.engine_home
    entry.dwelling = home
    entry.weight = entering.fit.value
    entry.reasons = entering.fit.reasons
    entry.band = entering.fit.band
    entry.free_on = date.fromordinal(entering.bed.day)
    entry.is_free_sure = entering.bed.is_sure
    entry.handling = Handling.OPEN if entry.suggested_id == entry.dwelling_id else Handling.EXCHANGED
    entry.handling_reason = words
    entry.save_if_unchanged(expected_version)
