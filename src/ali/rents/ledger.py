"""Posting: the only door to the ledger. Movement, balance, monthly total, settlement and arrears in one transaction."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, F, Value, When

from ali.accounts.actors import Actor
from ali.core.transactions import atomic
from ali.rents.locks import lock_accounts
from ali.rents.models import Account, Movement
from ali.rents.overdue import refresh_arrears
from ali.rents.settlements import release, settle_accounts
from ali.rents.states import MONTHLY, Book, book_of
from ali.rents.totals import add_to_totals

CHUNK = 500


@dataclass(frozen=True)
class Entry:
    """A movement to be posted. `cents` with its sign; `period` is any day of its month."""

    account: int
    kind: str
    cents: int
    booked_on: date
    period: date
    due_on: date | None = None
    cause: str = ""
    is_regular: bool = False
    reverses: Movement | None = None
    reason: str = ""
    bank: int | None = None
    pays_first: tuple[int, ...] = field(default=())

    def as_movement(self, actor: Actor) -> Movement:
        return Movement(
            account_id=self.account,
            book=book_of(self.kind),
            kind=self.kind,
            cents=self.cents,
            booked_on=self.booked_on,
            period=self.period.replace(day=1),
            due_on=self.due_on,
            cause=self.cause,
            is_regular=self.is_regular,
            reverses=self.reverses,
            reason=self.reason,
            bank_id=self.bank,
            posted_by_id=actor.user_id,
        )


@atomic
def post(entries: Sequence[Entry], *, actor: Actor, today: date) -> list[Movement]:
    """Post `entries` and keep everything that follows from them. Asks no permission: the services that call it do.

    Accounts are locked in one order, so that postings at the same moment wait and none is lost. A regular charge that is
    there already is left out: asking twice changes nothing.
    """
    posted: list[Movement] = []
    ordered = sorted(entries, key=lambda one: one.account)
    for start in range(0, len(ordered), CHUNK):
        posted += _post_some(ordered[start : start + CHUNK], actor, today)
    return posted


def _post_some(entries: Sequence[Entry], actor: Actor, today: date) -> list[Movement]:
    accounts = lock_accounts({one.account for one in entries})
    fresh = _not_yet_written(entries)
    movements = Movement.objects.bulk_create([one.as_movement(actor) for one in fresh], batch_size=CHUNK)
    _add_to_balances(movements)
    add_to_totals(movements, accounts)
    release(movement.reverses_id for movement in movements if movement.reverses_id)
    had_credit = {pk for pk, account in accounts.items() if account.balance_cents < 0}
    rent = [one for one in fresh if book_of(one.kind) == Book.RENT]
    with_money = {one.account for one in rent if one.cents < 0 or one.reverses}
    first = [pk for one in rent for pk in one.pays_first]
    settle_accounts(with_money | (had_credit & {one.account for one in rent}), first=first)
    # A charge that falls due later changes no arrears: the monthly run looks at nobody's.
    late = {one.account for one in rent if one.due_on and one.due_on < today}
    if with_money | late:
        refresh_arrears(with_money | late, today=today)
    return movements


def _not_yet_written(entries: Sequence[Entry]) -> list[Entry]:
    regular = [one for one in entries if one.is_regular and one.kind in MONTHLY]
    if not regular:
        return list(entries)
    written = set(
        Movement.objects.filter(
            is_regular=True,
            kind__in=MONTHLY,
            account__in={one.account for one in regular},
            period__in={one.period.replace(day=1) for one in regular},
        )
        .order_by()
        .values_list("account_id", "kind", "period")
    )
    return [
        one
        for one in entries
        if not one.is_regular or (one.account, one.kind, one.period.replace(day=1)) not in written
    ]


_FIELD = {Book.RENT: "balance_cents", Book.DEPOSIT: "deposit_cents"}


def _add_to_balances(movements: Iterable[Movement]) -> None:
    deltas: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for movement in movements:
        deltas[_FIELD[Book(movement.book)]][movement.account_id] += movement.cents
    for name, of_account in deltas.items():
        moved = {pk: cents for pk, cents in of_account.items() if cents}
        if len(moved) == 1:
            pk, cents = next(iter(moved.items()))
            Account.objects.filter(pk=pk).update(**{name: F(name) + cents})
        elif moved:
            cases = [When(pk=pk, then=Value(cents)) for pk, cents in moved.items()]
            Account.objects.filter(pk__in=moved).update(**{name: F(name) + Case(*cases, default=Value(0))})
