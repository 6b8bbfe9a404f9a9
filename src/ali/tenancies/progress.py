"""What comes next for a tenancy, in words: one thing at a time, the most urgent first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from ali.tenancies.models import Tenancy
from ali.tenancies.states import LIVED_IN_STATES, Missing, TenancyState

SOON = timedelta(days=90)


@dataclass(frozen=True)
class NextStep:
    """What to do and by when. `code` is a `Missing`, empty when nothing is left."""

    code: str
    label: str
    due_on: date | None = None
    tone: str = "info"


def next_step(tenancy: Any, today: date) -> NextStep:  # Any: a Tenancy with annotations
    """Return the next step of a tenancy read `with_progress`."""
    steps = {
        TenancyState.DRAFT: NextStep(Missing.SEND, _("Controlla e manda alla firma")),
        TenancyState.SIGNING: NextStep(Missing.SIGNATURES, _("Raccogli le firme")),
        TenancyState.SIGNED: NextStep(
            Missing.HAND_OVER, _("Consegna la casa"), tenancy.starts_on, _tone(tenancy.starts_on, today)
        ),
    }
    if tenancy.state in steps:
        return steps[TenancyState(tenancy.state)]
    if tenancy.state in LIVED_IN_STATES:
        return _while_lived_in(tenancy, today)
    if tenancy.state == TenancyState.ENDED and tenancy.deposit_cents > tenancy.settled_cents:
        return NextStep(Missing.DEPOSIT, _("Restituisci il deposito"), None, "warning")
    return NextStep("", _("Niente da fare"), None, "success")


def _while_lived_in(tenancy: Any, today: date) -> NextStep:  # Any: a Tenancy with annotations
    if tenancy.untold:
        return NextStep(Missing.COMMUNICATION, _("Comunica l'ospitalità: 48 ore"), None, "danger")
    if tenancy.open_duties:
        due: date = tenancy.next_duty_on
        label = _("Adempimenti da fare: %(count)s") % {"count": tenancy.open_duties}
        return NextStep(Missing.DUTIES, label, due, _tone(due, today))
    if tenancy.shared_cents != tenancy.monthly_cents:
        return NextStep(Missing.SHARES, _("Rivedi le quote: non fanno il canone"), None, "warning")
    end = tenancy.leaves_on or tenancy.ends_on
    if end is not None and end <= today + SOON:
        label = _("Prepara la riconsegna") if tenancy.leaves_on else _("Rinnova o chiudi")
        return NextStep(Missing.TERM, label, end, _tone(end, today))
    return NextStep("", _("Niente da fare"), None, "success")


def _tone(due: date, today: date) -> str:
    if due < today:
        return "danger"
    return "warning" if due <= today + timedelta(days=7) else "info"


def phases(tenancy: Tenancy) -> Sequence[dict[str, object]]:
    """Return the five phases for the page: which are done, which is now."""
    order = [
        (_("Preparazione"), {TenancyState.DRAFT}),
        (_("Firme"), {TenancyState.SIGNING}),
        (_("Consegna"), {TenancyState.SIGNED}),
        (_("Ci abitano"), {TenancyState.RUNNING, TenancyState.NOTICE}),
        (_("Chiusura"), {TenancyState.ENDED}),
    ]
    now = next((number for number, (_l, states) in enumerate(order) if tenancy.state in states), -1)
    return [
        {"label": label, "is_done": number < now, "is_now": number == now}
        for number, (label, _states) in enumerate(order)
    ]
