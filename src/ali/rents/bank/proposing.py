"""A proposal on each bank movement: whose payment it may be, from the accounts of the body. A few queries for a whole file."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.db.models import Q

from ali.core.text import fold
from ali.rents.bank.recognition import Guess, Index, Paid, Payee, best
from ali.rents.models import Account, BankMovement, KnownPayer
from ali.rents.settlements import open_charges
from ali.tenancies.states import LIVED_IN_STATES

CHUNK = 900


def paid_of(movement: BankMovement) -> Paid:
    return Paid(movement.cents, movement.payer_name, movement.payer_iban, movement.cause)


def payees_of(landlord_id: int | None) -> list[Payee]:
    """Return the accounts of a body that somebody may pay for: of who lives there, and of who still owes."""
    living = Q(party__tenancy__state__in=LIVED_IN_STATES) & Q(party__ends_on__isnull=True)
    rows = (
        Account.objects.filter(living | ~Q(balance_cents=0), landlord=landlord_id)
        .order_by("pk")
        .values_list(
            "pk",
            "person__surname",
            "person__given_names",
            "dwelling__building__address",
            "party__share_cents",
        )
    )
    ibans: dict[int, set[str]] = defaultdict(set)
    names: dict[int, set[str]] = defaultdict(set)
    payers = KnownPayer.objects.filter(account__landlord=landlord_id).order_by()
    for account, iban, name in payers.values_list("account_id", "iban", "name"):
        if iban:
            ibans[account].add(iban)
        if name:
            names[account].add(fold(name))
    return [
        Payee(
            account=pk,
            name=f"{surname} {given}".strip(),
            home=address,
            monthly_cents=share,
            ibans=frozenset(ibans.get(pk, ())),
            payer_names=frozenset(names.get(pk, ())),
        )
        for pk, surname, given, address, share in rows
    ]


def propose(movements: Sequence[BankMovement], *, landlord_id: int | None) -> None:
    """Write on each movement its best proposal, its points and their reasons; the caller saves."""
    index = Index(payees_of(landlord_id))
    candidates = [index.candidates(paid_of(one)) for one in movements]
    _open_months({payee.account: payee for some in candidates for payee in some}.values())
    for movement, some in zip(movements, candidates, strict=True):
        _write(movement, best(paid_of(movement), some))


def _open_months(payees: Iterable[Payee]) -> None:
    """Fill in what each of these accounts has open, month by month."""
    by_account = {one.account: one for one in payees}
    ids = list(by_account)
    for start in range(0, len(ids), CHUNK):
        for account, charges in open_charges(ids[start : start + CHUNK]).items():
            months: dict[date, int] = defaultdict(int)
            for one in charges:
                months[one.period] += one.left
            by_account[account].months = dict(sorted(months.items()))


def _write(movement: BankMovement, guess: Guess | None) -> None:
    movement.proposed_id = guess.account if guess else None
    movement.score = guess.points if guess else 0
    movement.reasons = [*guess.reasons, *(["sure"] if guess.is_sure else [])] if guess else []


def propose_again(landlord_id: int | None, ids: Collection[int]) -> None:
    """Look again at the movements still to be reviewed: what is owed, and who pays for whom, is known better now."""
    movements = list(
        BankMovement.objects.filter(landlord=landlord_id, pk__in=ids, state="proposed").order_by("pk")
    )
    propose(movements, landlord_id=landlord_id)
    BankMovement.objects.bulk_update(movements, ["proposed", "score", "reasons"], batch_size=CHUNK)
