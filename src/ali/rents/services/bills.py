"""A bill of a whole home (gas, water, condominium): divided among who lived there, by the days of each, to the cent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.transactions import atomic
from ali.housing.models import Dwelling
from ali.rents import permissions
from ali.rents.ledger import Entry, post
from ali.rents.models import Account, Movement
from ali.rents.services.monthly import share_of
from ali.rents.services.postings import NotPossible, check_cents
from ali.rents.settling import split_by_weight
from ali.rents.states import MovementKind

KINDS = (MovementKind.UTILITIES, MovementKind.CONDOMINIUM, MovementKind.ADJUSTMENT)
LONGEST_DAYS = 800


@dataclass(frozen=True)
class BillPart:
    """What one person pays of a bill, for how many days."""

    account: Account
    days: int
    cents: int


def bill_parts(
    dwelling: Dwelling, landlord_id: int | None, cents: int, first: date, last: date
) -> list[BillPart]:
    """Return who pays what of a bill of `dwelling` from `first` to `last`, both days counted; the day of leaving is not."""
    accounts = (
        Account.objects.filter(dwelling=dwelling, landlord=landlord_id)
        .select_related("person", "party__tenancy")
        .prefetch_related("party__shares")
        .order_by("pk")
    )
    lived = [(one, _days(one, first, last)) for one in accounts]
    lived = [(one, days) for one, days in lived if days]
    if not lived:
        raise NotPossible(_("In quei giorni nessuno viveva in questa casa: controlla le date."))
    amounts = split_by_weight(cents, [days for _one, days in lived])
    return [BillPart(one, days, part) for (one, days), part in zip(lived, amounts, strict=True)]


def _days(account: Account, first: date, last: date) -> int:
    share = share_of(account)
    end = last if share.ends_on is None else min(last, share.ends_on - timedelta(days=1))
    return max(0, (end - max(first, share.starts_on)).days + 1)


@atomic
def share_bill(
    *,
    actor: Actor,
    dwelling: Dwelling,
    kind: str,
    cents: int,
    first: date,
    last: date,
    due_on: date,
    cause: str,
    today: date,
) -> Sequence[Movement]:
    """Charge a bill of a home to who lived there, each for the own days."""
    permissions.may_post_rents(actor, dwelling.manager_id).or_refuse()
    check_cents(cents)
    _check_bill(kind, first, last, cause, today)
    parts = bill_parts(dwelling, actor.organisation_id, cents, first, last)
    said = f"{cause.strip()} ({first:%d/%m/%Y}-{last:%d/%m/%Y})"[:200]
    entries = [
        Entry(part.account.pk, kind, part.cents, today, last, due_on=due_on, cause=said)
        for part in parts
        if part.cents
    ]
    movements = post(entries, actor=actor, today=today)
    persons = [part.account.person.public_id for part in parts]
    audit.record(actor, "bill_shared", dwelling, persons=persons, kind=kind, people=len(parts))
    return movements


def _check_bill(kind: str, first: date, last: date, cause: str, today: date) -> None:
    if kind not in KINDS:
        raise NotPossible(_("Scegli utenze, spese condominiali o conguaglio."))
    if not first <= last <= today:
        raise NotPossible(
            _("Il periodo della bolletta deve cominciare prima di finire, e finire entro oggi.")
        )
    if (last - first).days > LONGEST_DAYS:
        raise NotPossible(_("Il periodo è di più di due anni: controlla le date."))
    if not cause.strip():
        raise NotPossible(_("Scrivi la causale: la persona deve capire che cosa paga."))
