"""The end of an agreement, the deposit, and the homes given back: only when nobody lives there."""

from datetime import date

from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.agreements import permissions
from ali.agreements.board import warn_of_people, write_clocks
from ali.agreements.models import Agreement, HandBack
from ali.agreements.queries import covered_dwellings, people_in
from ali.agreements.services.drafting import NotYet
from ali.agreements.services.running import WrongData
from ali.agreements.states import AGREEMENT_TRANSITIONS, AgreementState, DepositEnd, EndReason
from ali.audit import services as audit
from ali.core.money import show_euros
from ali.core.transactions import atomic
from ali.housing.models import Dwelling
from ali.housing.services import take_step
from ali.housing.states import DwellingState


@atomic
def end_agreement(
    *,
    actor: Actor,
    agreement: Agreement,
    ended_on: date,
    reason: str,
    note: str,
    expected_version: int,
    today: date,
) -> Agreement:
    """Write that the agreement is over. Who still lives there stays on the board until they have moved."""
    permissions.may_edit_agreement(actor, agreement).or_refuse()
    state = AGREEMENT_TRANSITIONS.after("end", AgreementState(agreement.state))
    if ended_on > today:
        raise NotYet(_("Finisce nel futuro: registra la disdetta, e la fine quando arriva."))
    if agreement.signed_on and ended_on < agreement.signed_on:
        raise WrongData(_("Finisce prima della firma: controlla la data."))
    if reason not in EndReason.values:
        raise WrongData(_("Scegli perché finisce."))
    if reason == EndReason.OTHER and not note.strip():
        raise WrongData(_("Scrivi il motivo nella nota."))
    agreement.state, agreement.ended_on = state, ended_on
    agreement.end_reason, agreement.end_note = reason, note.strip()[:400]
    agreement.deposit_end = DepositEnd.WAITING if agreement.deposit_cents else DepositEnd.NONE
    agreement.save_if_unchanged(expected_version)
    write_clocks(agreement, today)
    audit.record(actor, "agreement_ended", agreement, reason=str(EndReason(reason).label))
    return agreement


@atomic
def settle_deposit(
    *, actor: Actor, agreement: Agreement, back_cents: int, note: str, expected_version: int
) -> Agreement:
    """Write how much of the deposit came back from the owner; less than all of it needs a note."""
    permissions.may_edit_agreement(actor, agreement).or_refuse()
    if agreement.state != AgreementState.ENDED or not agreement.deposit_cents:
        raise NotYet(_("Il deposito si chiude quando l'accordo è finito, se c'era."))
    if back_cents > agreement.deposit_cents:
        raise WrongData(
            _("Il deposito era di %(sum)s: non può tornare di più.")
            % {"sum": show_euros(agreement.deposit_cents)}
        )
    is_whole = back_cents == agreement.deposit_cents
    if not is_whole and not note.strip():
        raise WrongData(_("Scrivi perché il proprietario trattiene una parte del deposito."))
    agreement.deposit_back_cents = back_cents
    agreement.deposit_end = (
        DepositEnd.BACK if is_whole else DepositEnd.PARTLY if back_cents else DepositEnd.KEPT
    )
    if note.strip():
        agreement.end_note = f"{agreement.end_note} {note.strip()}".strip()[:400]
    agreement.save_if_unchanged(expected_version)
    audit.record(actor, "agreement_deposit_settled", agreement)
    return agreement


@atomic
def give_back_home(
    *,
    actor: Actor,
    agreement: Agreement,
    dwelling: Dwelling,
    given_on: date,
    reason: str,
    condition: str,
    today: date,
) -> HandBack:
    """Give a home back to its owner: it is no longer ours to match. Refused while somebody lives there."""
    permissions.may_edit_agreement(actor, agreement).or_refuse()
    if agreement.state in {AgreementState.DRAFT, AgreementState.CANCELLED}:
        raise NotYet(_("Si restituisce una casa di un accordo firmato."))
    if dwelling.pk not in {one.pk for one in covered_dwellings(agreement)}:
        raise WrongData(_("Questa casa non è di questo accordo."))
    if given_on > today:
        raise NotYet(_("La restituzione si registra quando è avvenuta: la data è nel futuro."))
    if not reason.strip():
        raise WrongData(_("Scrivi il motivo: resta nella storia della casa."))
    if HandBack.objects.filter(agreement=agreement, dwelling=dwelling).exists():
        raise NotYet(_("Questa casa è già stata restituita."))
    inside = people_in([dwelling.pk], today)[dwelling.pk]
    if inside:
        raise NotYet(
            _("Ci abitano ancora %(people)s persone: la casa si restituisce quando sono uscite.")
            % {"people": inside}
        )
    home = dwelling
    if home.state == DwellingState.OCCUPIED:
        home = take_step(actor=actor, home=home, verb="make_free", expected_version=home.version, today=today)
    if home.state != DwellingState.GIVEN_BACK:
        take_step(
            actor=actor,
            home=home,
            verb="give_back",
            reason=reason,
            expected_version=home.version,
            today=today,
        )
    made = HandBack.objects.create(
        agreement=agreement,
        dwelling=dwelling,
        given_on=given_on,
        reason=reason.strip()[:400],
        condition=condition.strip()[:400],
    )
    warn_of_people(agreement, today)
    audit.record(actor, "home_returned_to_owner", agreement, home=str(dwelling.public_id), reason=reason)
    return made
