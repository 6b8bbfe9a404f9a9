"""What a person says of a bank movement: whose payment it is, in one part or more; that it is no rent; that it was wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.transactions import atomic
from ali.rents import permissions
from ali.rents.ledger import Entry, post
from ali.rents.models import Account, BankMovement, KnownPayer, Movement
from ali.rents.services.postings import NotPossible
from ali.rents.states import BANK_TRANSITIONS, BankState, MovementKind


@dataclass(frozen=True)
class Part:
    """How much of a bank movement is whose payment."""

    account: Account
    cents: int
    pays_first: tuple[int, ...] = ()


@atomic
def confirm_bank_movement(
    *, actor: Actor, bank: BankMovement, parts: Sequence[Part], expected_version: int, today: date
) -> list[Movement]:
    """Post a bank movement as the payment of one account, or of several that sum to it; remember who paid."""
    permissions.may_post_rents(actor, bank.landlord_id).or_refuse()
    bank.state = BANK_TRANSITIONS.after("confirm", BankState(bank.state))
    _check_parts(bank, parts)
    bank.save_if_unchanged(expected_version)
    cause = (bank.cause or bank.payer_name)[:200]
    entries = [
        Entry(
            part.account.pk,
            MovementKind.PAYMENT,
            -part.cents,
            min(bank.booked_on, today),
            bank.booked_on,
            cause=cause,
            bank=bank.pk,
            pays_first=part.pays_first,
        )
        for part in parts
    ]
    movements = post(entries, actor=actor, today=today)
    for part in parts:
        KnownPayer.objects.get_or_create(account=part.account, iban=bank.payer_iban, name=bank.payer_name)
    persons = [part.account.person.public_id for part in parts]
    audit.record(actor, "bank_movement_confirmed", bank, persons=persons)
    return movements


def _check_parts(bank: BankMovement, parts: Sequence[Part]) -> None:
    if not parts:
        raise NotPossible(_("Indica di chi è il pagamento."))
    if any(part.account.landlord_id != bank.landlord_id for part in parts):
        raise NotPossible(_("Questo conto è di un altro ente."))
    if len({part.account.pk for part in parts}) < len(parts):
        raise NotPossible(_("La stessa persona è indicata due volte: somma i due importi."))
    if any(part.cents <= 0 for part in parts) or sum(part.cents for part in parts) != bank.cents:
        raise NotPossible(_("Le parti devono sommare esattamente all'importo del movimento."))


@atomic
def ignore_bank_movement(
    *, actor: Actor, bank: BankMovement, reason: str, expected_version: int
) -> BankMovement:
    """Say that a bank movement is no rent, and what it is."""
    permissions.may_post_rents(actor, bank.landlord_id).or_refuse()
    if len(reason.strip()) < 3:
        raise NotPossible(_("Scrivi che cos'è, se non è un canone."))
    bank.state = BANK_TRANSITIONS.after("ignore", BankState(bank.state))
    bank.ignored_because = reason.strip()[:200]
    bank.save_if_unchanged(expected_version)
    audit.record(actor, "bank_movement_ignored", bank)
    return bank


@atomic
def reopen_bank_movement(
    *, actor: Actor, bank: BankMovement, reason: str, expected_version: int, today: date
) -> BankMovement:
    """Take back what was said of a bank movement: its payments are reversed, with the reason, and it is to review again."""
    permissions.may_post_rents(actor, bank.landlord_id).or_refuse()
    if len(reason.strip()) < 5:
        raise NotPossible(_("Scrivi perché il movimento si riapre: il motivo resta nel conto."))
    bank.state = BANK_TRANSITIONS.after("reopen", BankState(bank.state))
    bank.ignored_because = ""
    bank.save_if_unchanged(expected_version)
    posted = list(
        Movement.objects.filter(bank=bank).standing().select_related("account__person").order_by("pk")
    )
    entries = [
        Entry(
            one.account_id,
            one.kind,
            -one.cents,
            today,
            one.period,
            cause=one.cause,
            reverses=one,
            reason=reason.strip()[:300],
        )
        for one in posted
    ]
    post(entries, actor=actor, today=today)
    for one in posted:
        KnownPayer.objects.filter(account=one.account_id, iban=bank.payer_iban, name=bank.payer_name).delete()
    audit.record(
        actor,
        "bank_movement_reopened",
        bank,
        persons=[one.account.person.public_id for one in posted],
        reason=reason.strip(),
    )
    return bank
