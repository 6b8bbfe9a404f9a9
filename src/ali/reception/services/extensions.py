"""More days: who asks, how many, why; and the prefecture's answer."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.people.details import UnclearData
from ali.people.hooks import restart_clocks
from ali.reception import permissions
from ali.reception.models import Exit, ExitExtension
from ali.reception.services.exits import keep, move
from ali.reception.states import DATED_STATES, ExitState, ExtensionAnswer

LONGEST = 730


@atomic
def ask_extension(
    *, actor: Actor, leaving: Exit, asked_by: str, asked_on: date, days: int, reason: str, today: date
) -> ExitExtension:
    """Record a request for more days. One waits for an answer at a time."""
    permissions.may_propose_exit(actor, leaving).or_refuse()
    if leaving.state not in DATED_STATES:
        raise Refusal(_("Si chiede una proroga di un'uscita che ha già una data."))
    if asked_on > today:
        raise UnclearData("asked_on", _("Il giorno della richiesta è nel futuro."))
    if not 1 <= days <= LONGEST:
        raise UnclearData("days", _("I giorni chiesti vanno da 1 a %(most)d.") % {"most": LONGEST})
    if not reason.strip():
        raise UnclearData("reason", _("Scrivi il motivo della richiesta."))
    if leaving.extensions.filter(answer=ExtensionAnswer.WAITING).exists():
        raise Refusal(_("C'è già una richiesta che aspetta risposta."))
    asked = ExitExtension.objects.create(
        exit=leaving, asked_by=asked_by, asked_on=asked_on, days=days, reason=reason.strip()
    )
    audit.record(actor, "extension_asked", asked, persons=[leaving.person.public_id], days=days)
    restart_clocks([leaving.person_id], today=today)
    return asked


@atomic
def answer_extension(
    *,
    actor: Actor,
    extension: ExitExtension,
    is_granted: bool,
    answered_on: date,
    reason: str,
    today: date,
    expected_version: int,
) -> ExitExtension:
    """Answer a request: granted, the day of leaving moves by the days asked."""
    leaving = extension.exit
    permissions.may_decide_exit(actor, leaving).or_refuse()
    if extension.answer != ExtensionAnswer.WAITING:
        raise Refusal(_("Questa richiesta ha già avuto risposta."))
    if leaving.state not in DATED_STATES or leaving.leaves_on is None:
        raise Refusal(_("L'uscita non ha più una data: la richiesta non si può più accogliere né negare."))
    if not extension.asked_on <= answered_on <= today:
        raise UnclearData("answered_on", _("La risposta sta fra il giorno della richiesta e oggi."))
    if not is_granted and not reason.strip():
        raise UnclearData("reason", _("Scrivi perché la proroga è negata."))
    extension.answer = ExtensionAnswer.GRANTED if is_granted else ExtensionAnswer.REFUSED
    extension.answered_on, extension.answer_reason = answered_on, reason.strip()
    extension.save_if_unchanged(expected_version)
    if is_granted:
        _move_day(leaving, leaving.leaves_on + timedelta(days=extension.days), today)
    keep(
        actor,
        leaving,
        "extension_granted" if is_granted else "extension_refused",
        today=today,
        expected_version=leaving.version,
        days=extension.days,
    )
    return extension


def _move_day(leaving: Exit, day: date, today: date) -> None:
    """Who had stayed beyond the day, and now has days again, leaves on a day that the office has given."""
    leaving.leaves_on = day
    if leaving.state == ExitState.STAYED_BEYOND and day >= today:
        move(leaving, "stay_longer")
