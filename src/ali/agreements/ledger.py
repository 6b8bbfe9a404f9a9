"""Posting to a fund: the only door. Entry and kept sums in one transaction, one fund at a time."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Sum

from ali.accounts.actors import Actor
from ali.agreements.models import Commitment, Fund, FundCall, FundEntry
from ali.agreements.states import EntryKind
from ali.core.transactions import atomic

_K = EntryKind
# The kept sum that each kind moves, and whether it grows when the entry adds to the balance.
_KEPT = {
    _K.ENDOWMENT: ("endowment_cents", 1),
    _K.COMMITMENT: ("committed_cents", -1),
    _K.RELEASE: ("committed_cents", -1),
    _K.CALL: ("called_cents", -1),
    _K.RECOVERY: ("recovered_cents", 1),
}


@dataclass(frozen=True)
class Posting:
    """An entry to be posted. `cents` with the sign it has in the balance."""

    kind: EntryKind
    cents: int
    booked_on: date
    note: str = ""
    payer: str = ""
    commitment: Commitment | None = None
    call: FundCall | None = None
    reverses: FundEntry | None = None


def lock_fund(fund_id: int) -> Fund:
    """Lock the fund until the end of the transaction: postings at the same moment wait and none is lost."""
    locked: Fund = Fund.objects.select_for_update().get(pk=fund_id)
    return locked


@atomic
def post(fund: Fund, postings: Sequence[Posting], *, actor: Actor) -> list[FundEntry]:
    """Write the entries and keep the fund's sums. Asks no permission: the services that call it do."""
    lock_fund(fund.pk)
    entries = FundEntry.objects.bulk_create(
        [
            FundEntry(
                fund=fund,
                kind=one.kind,
                cents=one.cents,
                booked_on=one.booked_on,
                note=one.note.strip()[:300],
                payer=one.payer.strip()[:150],
                commitment=one.commitment,
                call=one.call,
                reverses=one.reverses,
                posted_by_id=actor.user_id,
            )
            for one in postings
            if one.cents
        ]
    )
    deltas: dict[str, int] = defaultdict(int)
    for entry in entries:
        name, sign = _KEPT[EntryKind(entry.kind)]
        deltas[name] += sign * entry.cents
        deltas["balance_cents"] += entry.cents
    Fund.objects.filter(pk=fund.pk).update(**{name: F(name) + cents for name, cents in deltas.items()})
    fund.refresh_from_db(fields=list(deltas))
    return entries


def raw_sums(fund: Fund) -> dict[str, int]:
    """Return the sums of a fund from its entries alone, as the kept ones are named."""
    found: dict[str, int] = dict.fromkeys(
        ("balance_cents", "endowment_cents", "committed_cents", "called_cents", "recovered_cents"), 0
    )
    rows = FundEntry.objects.filter(fund=fund).order_by().values_list("kind").annotate(Sum("cents"))
    for kind, cents in rows:
        name, sign = _KEPT[EntryKind(kind)]
        found[name] += sign * cents
        found["balance_cents"] += cents
    return found
