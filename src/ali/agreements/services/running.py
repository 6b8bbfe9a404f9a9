"""An agreement while it runs: amendments, registration, what is done by its day, notice."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.agreements import permissions
from ali.agreements.board import source_of, write_clocks
from ali.agreements.checks import checks_of
from ali.agreements.models import Agreement, AgreementClock, Amendment
from ali.agreements.services.drafting import NotYet
from ali.agreements.states import AgreementState, EndReason
from ali.agreements.terms import AMENDABLE, written
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.deadlines.services import close_deadline

CODE = re.compile(r"^[A-Z0-9]{17}$")
NOTICES = (EndReason.OWNER, EndReason.HOLDER, EndReason.AGREED, EndReason.SOLD)


class WrongData(Refusal):
    """What was typed cannot be."""


@atomic
def amend_agreement(
    *,
    actor: Actor,
    agreement: Agreement,
    signed_on: date,
    effective_on: date,
    terms: Mapping[str, Any],  # Any: a term
    note: str,
    expected_version: int,
    today: date,
) -> Amendment:
    """Change terms by a signed amendment, numbered; `terms` holds those that change. The clocks follow."""
    permissions.may_edit_agreement(actor, agreement).or_refuse()
    if not agreement.is_binding:
        raise NotYet(
            _("Si modifica un accordo firmato e non finito; uno in preparazione si corregge e basta.")
        )
    if signed_on > today:
        raise NotYet(_("La firma è nel futuro: si registra quando è avvenuta."))
    if agreement.signed_on is None or signed_on < agreement.signed_on:
        raise WrongData(_("Una modifica si firma dopo l'accordo: controlla la data."))
    if effective_on < agreement.starts_on:
        raise WrongData(_("La modifica vale da un giorno dell'accordo: controlla la data."))
    if not note.strip():
        raise WrongData(_("Scrivi che cosa si è concordato."))
    changes = {
        name: {"before": written(getattr(agreement, name)), "after": written(terms[name])}
        for name in AMENDABLE
        if name in terms and terms[name] != getattr(agreement, name)
    }
    if not changes:
        raise WrongData(_("Non cambia niente: scrivi almeno un valore diverso."))
    for name in changes:
        setattr(agreement, name, terms[name])
    if agreement.ends_on is not None and agreement.ends_on <= agreement.starts_on:
        raise WrongData(_("La scadenza viene prima della decorrenza: controlla le date."))
    against = [one for one in checks_of(agreement) if one.is_blocking]
    if against:
        raise NotYet(" ".join(one.sentence for one in against))
    agreement.save_if_unchanged(expected_version)
    last = agreement.amendments.aggregate(last=Max("number"))["last"] or 0
    made = Amendment.objects.create(
        agreement=agreement,
        number=last + 1,
        signed_on=signed_on,
        effective_on=effective_on,
        changes=changes,
        note=note.strip()[:400],
    )
    write_clocks(agreement, today)
    audit.record(actor, "agreement_amended", agreement, number=made.number, changes=sorted(changes))
    return made


@dataclass(frozen=True)
class RegistrationFacts:
    """How the contract is entered in the register of the Agenzia delle Entrate."""

    registered_on: date
    registration_office: str
    registration_series: str = ""
    registration_number: str = ""
    registration_code: str = ""

    def check(self, agreement: Agreement, today: date) -> None:
        """Raise `WrongData` when the day or the identifier cannot be."""
        if self.registered_on > today:
            raise WrongData(_("La registrazione è nel futuro: si scrive quando è avvenuta."))
        if agreement.signed_on and self.registered_on < agreement.signed_on:
            raise WrongData(_("Un contratto si registra dopo la firma: controlla la data."))
        if not self.registration_office.strip():
            raise WrongData(_("Scrivi l'ufficio che ha registrato il contratto."))
        if self.registration_code and not CODE.match(clean_code(self.registration_code)):
            raise WrongData(
                _("Il codice identificativo ha 17 lettere e cifre: sta sulla ricevuta della registrazione.")
            )
        if not (self.registration_code or self.registration_number):
            raise WrongData(_("Scrivi il codice identificativo, oppure serie e numero."))


def clean_code(text: str) -> str:
    """Return an identifier without blanks and in capitals."""
    return re.sub(r"[\s.-]", "", text).upper()


@atomic
def register_agreement(
    *,
    actor: Actor,
    agreement: Agreement,
    facts: RegistrationFacts,
    expected_version: int,
    now: datetime,
    today: date,
) -> Agreement:
    """Write the registration of the contract; its clock is done."""
    permissions.may_edit_agreement(actor, agreement).or_refuse()
    if agreement.state in {AgreementState.DRAFT, AgreementState.CANCELLED}:
        raise NotYet(_("Si registra un accordo firmato."))
    facts.check(agreement, today)
    agreement.registered_on = facts.registered_on
    agreement.registration_office = facts.registration_office.strip()
    agreement.registration_series = facts.registration_series.strip()
    agreement.registration_number = facts.registration_number.strip()
    agreement.registration_code = clean_code(facts.registration_code)
    agreement.save_if_unchanged(expected_version)
    audit.record(actor, "agreement_registered", agreement)
    row = agreement.clocks.filter(code="registration", done_on__isnull=True).first()
    if row is not None:
        _close(actor, row, (facts.registered_on, agreement.registration_code), row.version, now)
    return agreement


@atomic
def complete_clock(
    *,
    actor: Actor,
    clock: AgreementClock,
    done_on: date,
    reference: str,
    expected_version: int,
    now: datetime,
    today: date,
) -> AgreementClock:
    """Note that something due was done, on which day, with the number of its receipt; it leaves the board."""
    permissions.may_edit_agreement(actor, clock.agreement).or_refuse()
    if clock.done_on is not None:
        raise NotYet(_("È già registrato."))
    if done_on > today:
        raise NotYet(_("Si registra quando è fatto: la data è nel futuro."))
    return _close(actor, clock, (done_on, reference), expected_version, now)


def _close(
    actor: Actor, row: AgreementClock, done: tuple[date, str], expected_version: int, now: datetime
) -> AgreementClock:
    row.done_on, row.reference = done[0], done[1].strip()[:120]
    row.save_if_unchanged(expected_version)
    close_deadline(source_of(row), now=now)
    audit.record(actor, "agreement_clock_done", row.agreement, clock=row.code)
    return row


@atomic
def give_notice(
    *,
    actor: Actor,
    agreement: Agreement,
    reason: str,
    notice_on: date,
    leaves_on: date,
    expected_version: int,
    today: date,
) -> Agreement:
    """Write that somebody gave notice and when the home is left; the clocks count from the new end."""
    permissions.may_edit_agreement(actor, agreement).or_refuse()
    if not agreement.is_binding:
        raise NotYet(_("Si dà disdetta di un accordo firmato e non finito."))
    if reason not in NOTICES:
        raise WrongData(_("Scegli chi dà disdetta, o se è un accordo tra le parti."))
    if notice_on > today:
        raise NotYet(_("La disdetta si registra quando è arrivata: la data è nel futuro."))
    if leaves_on <= max(notice_on, agreement.starts_on):
        raise WrongData(_("La casa si lascia dopo la disdetta e dopo la decorrenza: controlla le date."))
    agreement.notice_on, agreement.notice_reason, agreement.leaves_on = notice_on, reason, leaves_on
    agreement.save_if_unchanged(expected_version)
    write_clocks(agreement, today)
    audit.record(actor, "agreement_notice_given", agreement, reason=str(EndReason(reason).label))
    return agreement


@atomic
def take_back_notice(
    *, actor: Actor, agreement: Agreement, reason: str, expected_version: int, today: date
) -> Agreement:
    """The agreement goes on: the notice was taken back, with the reason."""
    permissions.may_edit_agreement(actor, agreement).or_refuse()
    if agreement.notice_on is None or not agreement.is_binding:
        raise NotYet(_("Non c'è una disdetta da ritirare."))
    if not reason.strip():
        raise WrongData(_("Scrivi perché la disdetta è ritirata."))
    agreement.notice_on, agreement.notice_reason, agreement.leaves_on = None, "", None
    agreement.save_if_unchanged(expected_version)
    write_clocks(agreement, today)
    audit.record(actor, "agreement_notice_taken_back", agreement, reason=reason.strip())
    return agreement
