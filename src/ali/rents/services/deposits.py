"""The deposit of a person: received, held, kept in part with a reason, given back. Never more than what is held."""

from datetime import date

from django.utils.translation import gettext as _

from ali.accounts.actors import SYSTEM, Actor
from ali.audit import services as audit
from ali.core.transactions import atomic
from ali.rents import permissions
from ali.rents.ledger import Entry, post
from ali.rents.locks import lock_accounts
from ali.rents.models import Account, Movement
from ali.rents.services.postings import NotPossible, check_cents, check_day
from ali.rents.settling import split_by_weight
from ali.rents.states import MovementKind
from ali.tenancies.models import DepositReturn, Tenancy


def _check_held(account: Account, cents: int) -> None:
    if cents > lock_accounts([account.pk])[account.pk].deposit_cents:
        raise NotPossible(_("Il deposito custodito è più piccolo: controlla l'importo."))


def _record(actor: Actor, verb: str, account: Account, reason: str = "") -> None:
    audit.record(actor, verb, account, persons=[account.person.public_id], reason=reason)


@atomic
def receive_deposit(
    *, actor: Actor, account: Account, cents: int, booked_on: date, cause: str, today: date
) -> Movement:
    """Write that the body received a deposit, or a part of it."""
    permissions.may_post_rents(actor, account.landlord_id).or_refuse()
    check_cents(cents)
    check_day(booked_on, today)
    entry = Entry(account.pk, MovementKind.DEPOSIT_IN, cents, booked_on, booked_on, cause=cause.strip())
    movement = post([entry], actor=actor, today=today)[0]
    _record(actor, "deposit_received", account)
    return movement


@atomic
def give_back_deposit(
    *, actor: Actor, account: Account, cents: int, booked_on: date, cause: str, today: date
) -> Movement:
    """Write that the body gave the deposit back, or a part of it."""
    permissions.may_post_rents(actor, account.landlord_id).or_refuse()
    check_cents(cents)
    check_day(booked_on, today)
    _check_held(account, cents)
    entry = Entry(account.pk, MovementKind.DEPOSIT_BACK, -cents, booked_on, booked_on, cause=cause.strip())
    movement = post([entry], actor=actor, today=today)[0]
    _record(actor, "deposit_given_back", account)
    return movement


@atomic
def keep_deposit(
    *, actor: Actor, account: Account, cents: int, reason: str, for_rent: bool, today: date
) -> list[Movement]:
    """Keep a part of the deposit, with the reason. `for_rent`: it pays what is owed, never more than that."""
    permissions.may_post_rents(actor, account.landlord_id).or_refuse()
    check_cents(cents)
    if len(reason.strip()) < 5:
        raise NotPossible(_("Scrivi perché trattieni una parte del deposito: la persona deve saperlo."))
    _check_held(account, cents)
    if for_rent and cents > lock_accounts([account.pk])[account.pk].balance_cents:
        raise NotPossible(_("Dal deposito non si paga più di quanto è dovuto."))
    cause = reason.strip()[:200]
    entries = [Entry(account.pk, MovementKind.DEPOSIT_KEPT, -cents, today, today, cause=cause)]
    if for_rent:
        entries.append(Entry(account.pk, MovementKind.FROM_DEPOSIT, -cents, today, today, cause=cause))
    movements = post(entries, actor=actor, today=today)
    _record(actor, "deposit_kept", account, reason.strip())
    return movements


@atomic
def follow_deposit_return(tenancy: Tenancy, *, today: date) -> None:
    """Write in the ledger the deposit that the end of a tenancy gave back: what of it the ledger holds."""
    returned = (
        DepositReturn.objects.filter(tenancy=tenancy).order_by("-pk").prefetch_related("deductions").first()
    )
    if returned is None:
        return
    found = Account.objects.filter(party__tenancy=tenancy).order_by("pk")
    if returned.party_id:
        found = found.filter(party=returned.party_id)
    accounts = list(lock_accounts(list(found.values_list("pk", flat=True))).values())
    if not accounts:
        return
    weights = [max(0, one.deposit_cents) for one in accounts]
    kept = min(sum(one.cents for one in returned.deductions.all()), sum(weights))
    back = min(returned.returned_cents, sum(weights) - kept)
    cause = "; ".join(one.reason for one in returned.deductions.all())[:200]
    entries = [
        Entry(account.pk, kind, -cents, min(returned.returned_on, today), returned.returned_on, cause=why)
        for kind, whole, why in (
            (MovementKind.DEPOSIT_KEPT, kept, cause),
            (MovementKind.DEPOSIT_BACK, back, ""),
        )
        for account, cents in zip(accounts, split_by_weight(whole, weights), strict=True)
        if cents
    ]
    post(entries, actor=SYSTEM, today=today)
