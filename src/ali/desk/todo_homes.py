"""What is to be done today by who keeps homes: tenancies, rents, repairs. Each line opens exactly the rows that it counts."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.accounts.roles import Permission as P
from ali.rents.models import BankMovement
from ali.rents.queries import open_arrears
from ali.rents.states import BankState
from ali.tenancies.models import Tenancy
from ali.tenancies.progress import SOON
from ali.tenancies.querysets import missing_condition
from ali.tenancies.states import Missing
from ali.upkeep.models import Ticket
from ali.upkeep.states import TO_DO

TENANCIES: dict[Missing, tuple[str | Promise, str]] = {
    Missing.COMMUNICATION: (_("affitti con la comunicazione di 48 ore da fare"), "danger"),
    Missing.SEND: (_("affitti da mandare alla firma"), "warning"),
    Missing.SIGNATURES: (_("affitti alla firma"), ""),
    Missing.HAND_OVER: (_("case da consegnare a chi ha firmato"), "warning"),
    Missing.SHARES: (_("affitti con quote che non fanno il canone"), "warning"),
    Missing.TERM: (_("affitti da rinnovare o chiudere"), "warning"),
    Missing.DEPOSIT: (_("depositi da restituire"), ""),
}


def home_lines(actor: Actor, today: date) -> list[dict[str, Any]]:
    """Return the lines that have something to do, in the order of a working day. At most four queries."""
    if actor.role not in roles.HOUSING_BODY_ROLES:
        return []
    return [
        {"value": value, "label": label, "tone": tone, "href": href}
        for value, label, tone, href in (
            *_tenancies(actor, today),
            *_rents(actor, today),
            *_upkeep(actor, today),
        )
        if value
    ]


Line = tuple[int, str | Promise, str, str]


def _tenancies(actor: Actor, today: date) -> Iterator[Line]:
    if not actor.may(P.EDIT_TENANCIES):
        return
    open_ones = Tenancy.objects.visible_to(actor).with_progress(today)
    counts = open_ones.aggregate(
        **{code.name: Count("pk", filter=missing_condition(code, today + SOON)) for code in TENANCIES}
    )
    url = reverse("tenancies:tenancy_list")
    for code, (label, tone) in TENANCIES.items():
        yield counts[code.name], label, tone, f"{url}?manca={code.value}"


def _rents(actor: Actor, today: date) -> Iterator[Line]:
    if actor.may(P.SEE_RENTS):
        late = open_arrears(actor, today).order_by().count()
        yield late, _("arretrati aperti"), "danger", reverse("rents:arrears_list")
    if actor.may(P.POST_RENTS):
        found = BankMovement.objects.visible_to(actor).filter(state=BankState.PROPOSED).count()
        yield found, _("movimenti della banca da guardare"), "", reverse("rents:bank_list")


def _upkeep(actor: Actor, today: date) -> Iterator[Line]:
    if not actor.may(P.SEE_UPKEEP):
        return
    tickets = Ticket.objects.visible_to(actor, today).not_over()
    counts = tickets.aggregate(
        all=Count("pk"),
        late=Count("pk", filter=Q(state__in=TO_DO, due_on__lt=today)),
        mine=Count("pk", filter=Q(assigned_to=actor.user_id)),
    )
    url = reverse("upkeep:ticket_list")
    label = _("segnalazioni da finire, alcune in ritardo") if counts["late"] else _("segnalazioni da finire")
    yield counts["all"], label, "warning" if counts["late"] else "", url
    yield counts["mine"], _("segnalazioni affidate a te"), "", f"{url}?mie=on"
