"""What services receive about a person, a permit, a case: plain values, checked in one place."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from ali.core.decisions import Refusal, type_text
from ali.people.states import CaseState, PermitState, Precision

_FORBIDDEN = re.compile(r"[<>\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_OLDEST_YEAR = 1900


class UnclearData(Refusal):
    """Data that cannot be true; `field` names the field of the form to look at."""

    def __init__(self, field: str, sentence: type_text) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class PersonDetails:
    """The person as an office writes them down; anything may be missing except every name."""

    surname: str = ""
    given_names: str = ""
    sex: str = ""
    birth_date: date | None = None
    birth_precision: str = Precision.DAY
    birth_place: str = ""
    arrived_on: date | None = None
    phone: str = ""
    education: str = ""
    is_pregnant: bool = False
    is_vulnerable: bool = False

    def check(self, today: date) -> None:
        """Refuse what cannot be true."""
        check_name("surname", self.surname)
        check_name("given_names", self.given_names)
        if not self.surname.strip() and not self.given_names.strip():
            raise UnclearData("surname", _("Scrivi almeno il cognome o il nome."))
        check_birth(self.birth_date, today)
        self._check_arrival(today)

    def _check_arrival(self, today: date) -> None:
        if self.arrived_on and self.arrived_on > today:
            raise UnclearData("arrived_on", _("L'arrivo in Italia è nel futuro: controlla la data."))
        if self.birth_precision != Precision.DAY or not (self.arrived_on and self.birth_date):
            return
        if self.arrived_on < self.birth_date:
            raise UnclearData(
                "arrived_on",
                _("L'arrivo in Italia viene prima della nascita: chi è nato qui non ha una data di arrivo."),
            )


@dataclass(frozen=True)
class PermitDetails:
    """A permit to stay with its separate dates."""

    kind: str
    state: str = PermitState.REQUESTED
    regime: str = ""
    number: str = ""
    receipt_number: str = ""
    requested_on: date | None = None
    appointment_on: date | None = None
    issued_on: date | None = None
    delivered_on: date | None = None
    expires_on: date | None = None

    def check(self, today: date) -> None:
        """Refuse dates out of order, or in the future when the thing has happened."""
        steps = [
            ("requested_on", self.requested_on, _("richiesta")),
            ("issued_on", self.issued_on, _("rilascio")),
            ("delivered_on", self.delivered_on, _("consegna")),
        ]
        _check_order(steps, today)
        if self.state == PermitState.APPOINTMENT and self.appointment_on is None:
            raise UnclearData("appointment_on", _("Scrivi il giorno dell'appuntamento."))
        if self.state == PermitState.DELIVERED and self.delivered_on is None:
            raise UnclearData(
                "delivered_on", _("Scrivi il giorno della consegna: da lì parte il termine di uscita.")
            )
        if self.expires_on and self.issued_on and self.expires_on <= self.issued_on:
            raise UnclearData("expires_on", _("Il permesso scade prima del rilascio: controlla le due date."))


@dataclass(frozen=True)
class CaseDetails:
    """The asylum procedure, one date for each event."""

    state: str = CaseState.EXPRESSED
    outcome: str = ""
    applied_on: date | None = None
    heard_on: date | None = None
    decided_on: date | None = None
    notified_on: date | None = None
    appealed_on: date | None = None
    is_suspended: bool = False
    appeal_outcome: str = ""

    def check(self, today: date) -> None:
        """Refuse dates out of order, and a decision without its outcome."""
        steps = [
            ("applied_on", self.applied_on, _("domanda")),
            ("heard_on", self.heard_on, _("audizione")),
            ("decided_on", self.decided_on, _("decisione")),
            ("notified_on", self.notified_on, _("notifica")),
            ("appealed_on", self.appealed_on, _("ricorso")),
        ]
        _check_order(steps, today)
        if self.decided_on and not self.outcome:
            raise UnclearData("outcome", _("C'è la data della decisione ma non l'esito: scrivilo."))
        if self.is_suspended and not self.appealed_on:
            raise UnclearData("appealed_on", _("La sospensiva segue un ricorso: scrivi la data del ricorso."))


def check_name(field: str, text: str) -> None:
    """Refuse signs that no name has: markup, control and direction-changing characters."""
    if _FORBIDDEN.search(text):
        raise UnclearData(
            field, _("Il nome contiene segni che un nome non ha («<», «>» o invisibili): riscrivilo.")
        )


def check_birth(birth_date: date | None, today: date) -> None:
    """Refuse a birth in the future or before 1900."""
    if birth_date and birth_date > today:
        raise UnclearData(
            "birth_date", _("La nascita è nel futuro: controlla l'anno, o se giorno e mese sono scambiati.")
        )
    if birth_date and birth_date.year < _OLDEST_YEAR:
        raise UnclearData("birth_date", _("L'anno di nascita è prima del 1900: controllalo."))


def _check_order(steps: Sequence[tuple[str, date | None, type_text]], today: date) -> None:
    for (_earlier, before, before_name), (field, after, after_name) in _pairs(steps):
        if after < before:
            raise UnclearData(
                field,
                _(
                    "%(after)s (%(after_on)s) viene prima di %(before)s (%(before_on)s): controlla le due date."
                )
                % {
                    "after": str(after_name).capitalize(),
                    "after_on": f"{after:%d/%m/%Y}",
                    "before": str(before_name),
                    "before_on": f"{before:%d/%m/%Y}",
                },
            )
    for field, day, _name in steps:
        if day and day > today:
            raise UnclearData(field, _("Questa data è nel futuro: si scrive quando la cosa è avvenuta."))


def _pairs(
    steps: Sequence[tuple[str, date | None, type_text]],
) -> Iterator[tuple[tuple[str, date, type_text], tuple[str, date, type_text]]]:
    known = [(field, day, name) for field, day, name in steps if day]
    yield from pairwise(known)
