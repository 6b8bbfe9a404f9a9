"""Which payments pay which charges, as stored: open sums, settling by itself, taking back what was reversed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from django.db.models import Q, Sum

from ali.rents.models import Movement, Plan, Settlement
from ali.rents.settling import Open, settle
from ali.rents.states import Book, PlanState

CHUNK = 500


def open_charges(account_ids: Collection[int]) -> dict[int, list[Movement]]:
    """Return by account the charges that are not wholly paid, the oldest first, each with `left` in cents."""
    found: dict[int, list[Movement]] = defaultdict(list)
    rows = Movement.objects.filter(account__in=account_ids, book=Book.RENT, cents__gt=0).standing()
    for movement in rows.with_left().filter(left__gt=0).order_by("due_on", "pk"):
        found[movement.account_id].append(movement)
    return found


def planned_charges(account_ids: Collection[int]) -> set[int]:
    """Return the charges that a running repayment plan covers."""
    plans = Plan.objects.filter(account__in=account_ids, state=PlanState.RUNNING)
    return set(
        Plan.charges.through.objects.filter(plan__in=plans).order_by().values_list("movement_id", flat=True)
    )


def settle_accounts(account_ids: Collection[int], *, first: Sequence[int] = ()) -> None:
    """Let what is paid and not yet used pay what is open, account by account."""
    if not account_ids:
        return
    credits: dict[int, list[Open]] = defaultdict(list)
    unused = Movement.objects.filter(account__in=account_ids, book=Book.RENT, cents__lt=0).standing()
    for one in unused.with_left().filter(left__lt=0).order_by("pk"):
        credits[one.account_id].append(Open(one.pk, -one.left, one.booked_on))
    charges = open_charges(list(credits))
    planned = planned_charges(list(credits))
    Settlement.objects.bulk_create(
        [
            Settlement(charge_id=match.charge, credit_id=match.credit, cents=match.cents)
            for account, money in credits.items()
            for match in settle([_as_open(one, planned) for one in charges.get(account, [])], money, first)
        ],
        batch_size=CHUNK,
    )


def _as_open(charge: Movement, planned: Collection[int]) -> Open:
    return Open(charge.pk, charge.left, charge.due_on or charge.booked_on, is_last=charge.pk in planned)


def release(reversed_ids: Iterable[int]) -> None:
    """Take back what a reversed movement paid, or what had paid it."""
    for pk in reversed_ids:
        pairs = (
            Settlement.objects.filter(Q(charge=pk) | Q(credit=pk))
            .order_by()
            .values_list("charge", "credit")
            .annotate(total=Sum("cents"))
        )
        Settlement.objects.bulk_create(
            [
                Settlement(charge_id=charge, credit_id=credit, cents=-total)
                for charge, credit, total in pairs
                if total
            ]
        )
