"""The monthly run: accounts for who came in, one charge for each person, kind and month. Asking twice changes nothing."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from ali.accounts.actors import SYSTEM, Actor
from ali.audit import services as audit
from ali.core.transactions import atomic
from ali.rents import permissions
from ali.rents.dues import Share, chunks, first_day, last_day, month_dues, months_between, prorata_rule, total
from ali.rents.ledger import Entry, post
from ali.rents.locks import lock_accounts
from ali.rents.models import Account, Movement
from ali.rents.overdue import refresh_every_arrears
from ali.rents.states import Book, MovementKind
from ali.tenancies.models import Tenancy, TenancyParty
from ali.tenancies.states import LIVED_IN_STATES, TenancyState

CHUNK = 1000


@dataclass(frozen=True)
class DuesReport:
    """What a monthly run did: accounts looked at, charges written now."""

    accounts: int
    written: int


def _charged_in(month: date, landlord_id: int | None) -> list[int]:
    """Return the parties who pay something for `month`: while somebody lives there the rent runs, also past the term."""
    ended = Q(tenancy__state=TenancyState.ENDED, tenancy__ended_on__gte=month)
    found = TenancyParty.objects.filter(
        Q(tenancy__state__in=LIVED_IN_STATES) | ended,
        Q(ends_on__isnull=True) | Q(ends_on__gte=month),
        starts_on__lte=last_day(month),
    )
    if landlord_id is not None:
        found = found.filter(tenancy__landlord=landlord_id)
    return list(found.order_by("pk").values_list("pk", flat=True))


def open_accounts(party_ids: Collection[int]) -> None:
    """Open the account of each party who has none yet."""
    missing = TenancyParty.objects.filter(pk__in=party_ids, account__isnull=True).select_related("tenancy")
    Account.objects.bulk_create(
        [
            Account(
                party=party,
                landlord_id=party.tenancy.landlord_id,
                dwelling_id=party.tenancy.dwelling_id,
                person_id=party.person_id,
            )
            for party in missing.order_by("pk")
        ],
        batch_size=CHUNK,
        ignore_conflicts=True,
    )


def write_month_dues(*, actor: Actor, month: date, today: date, landlord_id: int | None = None) -> DuesReport:
    """Write what everybody owes for `month`, of one body or of all, and what a departure gives back. Idempotent.

    Each chunk is a transaction of its own: a run that was stopped goes on where it was. A body that asks for its own month
    has its arrears looked at too; the night does it for all.
    """
    permissions.may_post_rents(actor, landlord_id).or_refuse()
    month = first_day(month)
    value = prorata_rule(month).value
    written: dict[int, int] = defaultdict(int)
    parties = _charged_in(month, landlord_id)
    for some in chunks(parties, CHUNK):
        for landlord, number in _write_some(actor, some, month, today, value).items():
            written[landlord] += number
    for landlord, number in sorted(written.items()):
        audit.record(actor, "dues_written", month=f"{month:%Y-%m}", charges=number, landlord=landlord)
    if landlord_id is not None:
        refresh_every_arrears(today, landlord_id)
    return DuesReport(len(parties), sum(written.values()))


@atomic
def follow_tenancy(tenancy: Tenancy, *, since: date, today: date) -> None:
    """Write the months of one tenancy from that of `since`: it began, its shares changed, it ended."""
    parties = list(tenancy.parties.order_by("pk").values_list("pk", flat=True))
    for month in months_between(since, today):
        _write_some(SYSTEM, parties, month, today, prorata_rule(month).value)


@atomic
def _write_some(
    actor: Actor, party_ids: Sequence[int], month: date, today: date, rule: dict[str, bool]
) -> dict[int, int]:
    open_accounts(party_ids)
    accounts = (
        Account.objects.filter(party__in=party_ids)
        .select_related("party__tenancy")
        .prefetch_related("party__shares")
        .order_by("pk")
    )
    lock_accounts([one.pk for one in accounts])
    charged = _charged_so_far([one.pk for one in accounts], month)
    entries = [entry for one in accounts for entry in _entries(one, month, today, rule, charged.get(one.pk))]
    landlords = {one.pk: one.landlord_id for one in accounts}
    counted: dict[int, int] = defaultdict(int)
    for movement in post(entries, actor=actor, today=today):
        counted[landlords[movement.account_id]] += 1
    return counted


def _charged_so_far(account_ids: Collection[int], month: date) -> dict[int, int]:
    """Return what the monthly run has charged for `month`. What a person reversed stays reversed."""
    rows = Movement.objects.filter(account__in=account_ids, book=Book.RENT, period=month, is_regular=True)
    return dict(rows.order_by().values_list("account").annotate(Sum("cents")))


def share_of(account: Account) -> Share:
    """Return what the account's person pays each month, and until when they live there as far as we know."""
    party, tenancy = account.party, account.party.tenancy
    gone = {TenancyState.NOTICE: tenancy.leaves_on, TenancyState.ENDED: tenancy.ended_on}
    ends = [day for day in (party.ends_on, gone.get(TenancyState(tenancy.state))) if day]
    shares = tuple((one.starts_on, one.cents) for one in party.shares.all())
    return Share(
        cents_since=shares or ((party.starts_on, party.share_cents),),
        weights=(tenancy.rent_cents, tenancy.condominium_cents, tenancy.utilities_cents),
        starts_on=party.starts_on,
        ends_on=min(ends) if ends else None,
        due_day=tenancy.due_day,
    )


def _entries(
    account: Account, month: date, today: date, rule: dict[str, bool], charged: int | None
) -> list[Entry]:
    dues = month_dues(share_of(account), month, **rule)
    if charged is None:
        booked_on = max(month, min(today, last_day(month)))
        return [
            Entry(account.pk, one.kind, one.cents, booked_on, month, due_on=one.due_on, is_regular=True)
            for one in dues
        ]
    more = total(dues) - charged
    if not more:
        return []
    cause = _("Conguaglio: il mese vale altri giorni o un'altra quota")
    due_on = max([today, *(one.due_on for one in dues)])
    return [
        Entry(
            account.pk,
            MovementKind.ADJUSTMENT,
            more,
            today,
            month,
            due_on=due_on,
            cause=cause,
            is_regular=True,
        )
    ]
