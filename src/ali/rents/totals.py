"""The monthly totals of each dwelling, kept with each posting: one statement adds to them, another builds them from nothing."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Case, Sum, Value, When
from django.db.models import F as Field

from ali.core.transactions import atomic
from ali.rents.models import Account, MonthlyTotal, Movement
from ali.rents.states import CHARGES, PAYMENTS, Book, MovementKind

CHUNK = 400
Key = tuple[int, int, date]  # landlord, dwelling, month


@dataclass
class Sums:
    """What a posting adds to a month."""

    due: int = 0
    paid: int = 0
    forgiven: int = 0

    def add(self, kind: str, cents: int) -> None:
        """Add a movement of the book of rent."""
        if kind in CHARGES:
            self.due += cents
        elif kind in PAYMENTS:
            self.paid -= cents
        elif kind == MovementKind.WRITE_OFF:
            self.forgiven -= cents


_ADD = """
INSERT INTO rents_monthlytotal (landlord_id, dwelling_id, month, due_cents, paid_cents, forgiven_cents)
VALUES {rows}
ON CONFLICT (landlord_id, dwelling_id, month) DO UPDATE SET
  due_cents = rents_monthlytotal.due_cents + excluded.due_cents,
  paid_cents = rents_monthlytotal.paid_cents + excluded.paid_cents,
  forgiven_cents = rents_monthlytotal.forgiven_cents + excluded.forgiven_cents
"""


def add_to_totals(movements: Iterable[Movement], accounts: dict[int, Account]) -> None:
    """Add these postings to the totals of their months, in the transaction that writes them.

    Rows are written in the same order by everybody, so that two postings wait for each other and never lock each other.
    """
    sums: dict[Key, Sums] = defaultdict(Sums)
    for movement in movements:
        if movement.book == Book.RENT:
            account = accounts[movement.account_id]
            key = (account.landlord_id, account.dwelling_id, movement.period)
            sums[key].add(movement.kind, movement.cents)
    rows = sorted(sums.items())
    with connection.cursor() as cursor:
        for start in range(0, len(rows), CHUNK):
            some = rows[start : start + CHUNK]
            given = [
                part
                for key, one in some
                for part in (*key[:2], _day(key[2]), one.due, one.paid, one.forgiven)
            ]
            cursor.execute(_ADD.format(rows=", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(some))), given)


def _day(day: date) -> date | str:
    """SQLite keeps days as text; its own adapter of dates is on the way out."""
    return day.isoformat() if connection.vendor == "sqlite" else day


def raw_totals() -> dict[Key, Sums]:
    """Return the same totals added up from the movements."""

    def of(kinds: Iterable[str], sign: int) -> Sum:
        return Sum(Case(When(kind__in=list(kinds), then=Field("cents") * sign), default=Value(0)))

    rows = (
        Movement.objects.filter(book=Book.RENT)
        .order_by()
        .values_list("account__landlord", "account__dwelling", "period")
        .annotate(due=of(CHARGES, 1), paid=of(PAYMENTS, -1), forgiven=of([MovementKind.WRITE_OFF], -1))
    )
    return {(row[0], row[1], row[2]): Sums(*row[3:]) for row in rows}


def kept_totals() -> dict[Key, Sums]:
    """Return the totals as kept."""
    rows = MonthlyTotal.objects.order_by().values_list(
        "landlord", "dwelling", "month", "due_cents", "paid_cents", "forgiven_cents"
    )
    return {(row[0], row[1], row[2]): Sums(*row[3:]) for row in rows}


@dataclass(frozen=True)
class Difference:
    """Where what is kept is not what the movements say."""

    what: str
    kept: object
    raw: object


def differences() -> list[Difference]:
    """Return every kept sum that is not the sum of its movements: monthly totals, balances, deposits. Empty when all is well."""
    kept, raw = kept_totals(), raw_totals()
    wrong = [
        Difference(f"totale {key[2]:%Y-%m} casa {key[1]}", kept.get(key), raw.get(key))
        for key in sorted(kept.keys() | raw.keys())
        if kept.get(key, Sums()) != raw.get(key, Sums())
    ]
    for book, field in _KEPT.items():
        sums = dict(
            Movement.objects.filter(book=book).order_by().values_list("account").annotate(Sum("cents"))
        )
        wrong += [
            Difference(f"{field} conto {pk}", cents, sums.get(pk, 0))
            for pk, cents in Account.objects.order_by("pk").values_list("pk", field)
            if cents != sums.get(pk, 0)
        ]
    return wrong


_KEPT = {Book.RENT: "balance_cents", Book.DEPOSIT: "deposit_cents"}

_REBUILD = """
INSERT INTO rents_monthlytotal (landlord_id, dwelling_id, month, due_cents, paid_cents, forgiven_cents)
SELECT a.landlord_id, a.dwelling_id, m.period,
  SUM(CASE WHEN m.kind IN ({charges}) THEN m.cents ELSE 0 END),
  -SUM(CASE WHEN m.kind IN ({payments}) THEN m.cents ELSE 0 END),
  -SUM(CASE WHEN m.kind = '{write_off}' THEN m.cents ELSE 0 END)
FROM rents_movement m JOIN rents_account a ON a.id = m.account_id
WHERE m.book = '{rent}' GROUP BY a.landlord_id, a.dwelling_id, m.period
"""
_BALANCES = """
UPDATE rents_account SET {field} = COALESCE(
  (SELECT SUM(m.cents) FROM rents_movement m WHERE m.account_id = rents_account.id AND m.book = '{book}'), 0)
"""


@atomic
def rebuild() -> None:
    """Write every kept sum again from the movements, with three statements: also after a bulk load of millions of them."""
    list(Account.objects.select_for_update().order_by("pk").values_list("pk", flat=True)[:1])
    MonthlyTotal.objects.all().delete()
    words = {
        "charges": ", ".join(f"'{kind.value}'" for kind in CHARGES),
        "payments": ", ".join(f"'{kind.value}'" for kind in PAYMENTS),
        "write_off": MovementKind.WRITE_OFF.value,
        "rent": Book.RENT.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(_REBUILD.format(**words))
        for book, field in _KEPT.items():
            cursor.execute(_BALANCES.format(field=field, book=book.value))
