"""What a person posts: a charge, a payment, a write-off; and the only correction there is, a movement that reverses."""

from datetime import date

from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.rents import permissions
from ali.rents.ledger import Entry, post
from ali.rents.locks import lock_accounts
from ali.rents.models import Account, Movement
from ali.rents.states import CHARGES, PAYMENTS, MovementKind

LONGEST_WAY_BACK = 365 * 10


class NotPossible(Refusal):
    """The posting cannot be made as asked."""


def check_day(day: date, today: date) -> None:
    if day > today:
        raise NotPossible(_("La data è nel futuro: un movimento si registra quando è avvenuto."))
    if (today - day).days > LONGEST_WAY_BACK:
        raise NotPossible(_("La data è di più di dieci anni fa: controlla l'anno."))


def check_cents(cents: int) -> None:
    if cents <= 0:
        raise NotPossible(_("Scrivi un importo maggiore di zero."))


@atomic
def charge(
    *,
    actor: Actor,
    account: Account,
    kind: str,
    cents: int,
    period: date,
    due_on: date,
    cause: str,
    today: date,
    in_favour: bool = False,
) -> Movement:
    """Charge something by hand: utilities as measured, a condominium adjustment. `in_favour` gives it back instead."""
    permissions.may_post_rents(actor, account.landlord_id).or_refuse()
    check_cents(cents)
    if kind not in CHARGES:
        raise NotPossible(_("Scegli canone, spese condominiali, utenze o conguaglio."))
    if in_favour and kind != MovementKind.ADJUSTMENT:
        raise NotPossible(_("A favore della persona si registra solo un conguaglio."))
    if not cause.strip():
        raise NotPossible(_("Scrivi la causale: la persona deve capire che cosa paga."))
    signed = -cents if in_favour else cents
    entry = Entry(
        account.pk, kind, signed, today, period, due_on=None if in_favour else due_on, cause=cause.strip()
    )
    movement = post([entry], actor=actor, today=today)[0]
    audit.record(actor, "rent_charged", account, persons=[account.person.public_id], kind=kind)
    return movement


@atomic
def receive_payment(
    *,
    actor: Actor,
    account: Account,
    cents: int,
    booked_on: date,
    cause: str,
    today: date,
    kind: str = MovementKind.PAYMENT,
    pays_first: tuple[int, ...] = (),
    bank: int | None = None,
) -> Movement:
    """Write a payment. It pays the charges that were named, then the oldest; what is left over waits for the next one."""
    permissions.may_post_rents(actor, account.landlord_id).or_refuse()
    check_cents(cents)
    check_day(booked_on, today)
    if kind not in PAYMENTS or kind == MovementKind.FROM_DEPOSIT:
        raise NotPossible(_("Un pagamento arriva dalla persona o dal fondo di garanzia."))
    entry = Entry(
        account.pk, kind, -cents, booked_on, booked_on, cause=cause.strip(), bank=bank, pays_first=pays_first
    )
    movement = post([entry], actor=actor, today=today)[0]
    audit.record(actor, "rent_received", account, persons=[account.person.public_id], kind=kind)
    return movement


@atomic
def write_off(*, actor: Actor, account: Account, cents: int, reason: str, today: date) -> Movement:
    """Give up part of what is owed, with the reason: never more than what is owed."""
    permissions.may_post_rents(actor, account.landlord_id).or_refuse()
    check_cents(cents)
    if len(reason.strip()) < 5:
        raise NotPossible(_("Scrivi perché rinunci a questo importo: resta nel registro."))
    if cents > lock_accounts([account.pk])[account.pk].balance_cents:
        raise NotPossible(_("Non si rinuncia a più di quanto è dovuto."))
    entry = Entry(account.pk, MovementKind.WRITE_OFF, -cents, today, today, cause=reason.strip()[:200])
    movement = post([entry], actor=actor, today=today)[0]
    audit.record(actor, "rent_written_off", account, persons=[account.person.public_id], reason=reason)
    return movement


@atomic
def reverse_movement(*, actor: Actor, movement: Movement, reason: str, today: date) -> Movement:
    """Correct a movement with one that reverses it, with the reason. What it had paid is open again."""
    account = movement.account
    permissions.may_post_rents(actor, account.landlord_id).or_refuse()
    if len(reason.strip()) < 5:
        raise NotPossible(_("Scrivi perché rettifichi questo movimento: il motivo resta nel conto."))
    lock_accounts([account.pk])
    if movement.reverses_id or Movement.objects.filter(reverses=movement).exists():
        raise NotPossible(
            _("Questo movimento è già stato rettificato: registrane uno nuovo con i dati giusti.")
        )
    if movement.kind in {MovementKind.FROM_DEPOSIT, MovementKind.DEPOSIT_KEPT}:
        raise NotPossible(
            _("Una trattenuta dal deposito si rettifica restituendo il deposito o con un addebito.")
        )
    entry = Entry(
        account.pk,
        movement.kind,
        -movement.cents,
        today,
        movement.period,
        cause=movement.cause,
        reverses=movement,
        reason=reason.strip()[:300],
    )
    reversal = post([entry], actor=actor, today=today)[0]
    audit.record(actor, "rent_movement_reversed", account, persons=[account.person.public_id], reason=reason)
    return reversal
