"""The bank: one line for each credit with the payment it may be; a person confirms, chooses another, or says it is no rent."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.audit import services as audit
from ali.core import clock
from ali.core.pages import page, version_of
from ali.core.paging import take_page
from ali.rents import services
from ali.rents.bank.proposing import propose_again
from ali.rents.forms import PartsForm
from ali.rents.models import Account, BankMovement, Movement
from ali.rents.services import NotPossible, Part
from ali.rents.states import BankState
from ali.rents.views.shared import done, path, saved, tabs
from ali.tenancies.states import LIVED_IN_STATES

MOST_ACCOUNTS = 2_000
SIZE = 40


def _movement_or_404(request: StaffRequest, public_id: UUID) -> BankMovement:
    found = BankMovement.objects.visible_to(request.actor).select_related("proposed__person")
    movement: BankMovement = get_object_or_404(found, public_id=public_id)
    return movement


@requires(P.POST_RENTS)
def bank_list(request: StaffRequest) -> HttpResponse:
    """The movements to review, the likeliest first, or those already decided."""
    state = request.GET.get("state", BankState.PROPOSED)
    state = state if state in BankState.values else BankState.PROPOSED
    found = BankMovement.objects.visible_to(request.actor).filter(state=state)
    order = ("-score", "booked_on", "pk") if state == BankState.PROPOSED else ("-booked_on", "-pk")
    shown = take_page(request, found.order_by(*order), size=SIZE)
    rows = _rows(request, shown.rows)
    persons = [account.person.public_id for row in rows for account in row["accounts"]]
    audit.record_read(request.actor, "bank_read", persons=persons)
    return page(
        request,
        "rents/bank_list.html",
        fragment="results",
        rows=rows,
        shown=shown,
        state=state,
        states=BankState.choices,
        focus=request.GET.get("focus") == "1",
        tabs=tabs(request.actor, "bank_list"),
        breadcrumb=path((_("Banca"), "")),
        wide=True,
    )


def _rows(
    request: StaffRequest, movements: list[BankMovement]
) -> list[dict[str, Any]]:  # Any: what a row shows
    """Each movement with the accounts it is proposed for or posted to, among those the actor sees."""
    posted = list(
        Movement.objects.filter(bank__in=movements)
        .standing()
        .order_by("pk")
        .values_list("bank_id", "account_id")
    )
    wanted = {account for _bank, account in posted} | {
        one.proposed_id for one in movements if one.proposed_id
    }
    accounts = {
        one.pk: one
        for one in Account.objects.visible_to(request.actor)
        .filter(pk__in=wanted)
        .select_related("person", "dwelling__building")
    }
    rows = []
    for one in movements:
        ids = [account for bank, account in posted if bank == one.pk] or [one.proposed_id]
        rows.append(
            {
                "movement": one,
                "accounts": [accounts[pk] for pk in ids if pk in accounts],
                "reasons": [_(why) for why in one.reasons if why != "sure"],
                "is_sure": "sure" in one.reasons,
            }
        )
    return rows


def _back(request: StaffRequest) -> str:
    return f"{reverse('rents:bank_list')}?focus=1"


@requires(P.POST_RENTS)
@require_POST
def bank_confirm(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Confirm the proposal as it stands."""
    movement = _movement_or_404(request, public_id)

    def act() -> None:
        account = (
            Account.objects.visible_to(request.actor).select_related("person").filter(pk=movement.proposed_id)
        )
        found = account.first()
        if found is None:
            raise NotPossible(_("Qui non c'è una proposta: scegli di chi è il pagamento."))
        services.confirm_bank_movement(
            actor=request.actor,
            bank=movement,
            parts=[Part(found, movement.cents)],
            expected_version=version_of(request),
            today=clock.today(),
        )

    return done(request, act, _back(request))


@requires(P.POST_RENTS)
def bank_choose(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Say whose payment it is: somebody else's than proposed, or of several people."""
    movement = _movement_or_404(request, public_id)
    accounts = list(
        Account.objects.visible_to(request.actor)
        .filter(Q(party__tenancy__state__in=LIVED_IN_STATES) | ~Q(balance_cents=0))
        .select_related("person", "dwelling__building")
        .order_by("person__sort_key", "pk")[:MOST_ACCOUNTS]
    )
    proposed = movement.proposed.public_id if movement.proposed else ""
    form = PartsForm(
        request.POST or None, accounts=accounts, cents=movement.cents, initial={"account_1": str(proposed)}
    )
    if saved(
        form,
        lambda: services.confirm_bank_movement(
            actor=request.actor,
            bank=movement,
            parts=[Part(account, cents) for account, cents in form.parts()],
            expected_version=version_of(request),
            today=clock.today(),
        ),
    ):
        return HttpResponseRedirect(_back(request))
    movement = _movement_or_404(request, public_id)
    audit.record_read(request.actor, "bank_read", persons=[one.person.public_id for one in accounts])
    return page(
        request,
        "rents/bank_choose.html",
        status=422 if form.is_bound else 200,
        movement=movement,
        form=form,
        back=reverse("rents:bank_list"),
        breadcrumb=path((_("Banca"), reverse("rents:bank_list")), (_("Di chi è"), "")),
    )


@requires(P.POST_RENTS)
@require_POST
def bank_ignore(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Say that it is no rent, and what it is."""
    movement = _movement_or_404(request, public_id)
    return done(
        request,
        lambda: services.ignore_bank_movement(
            actor=request.actor,
            bank=movement,
            reason=request.POST.get("reason", ""),
            expected_version=version_of(request),
        ),
        _back(request),
    )


@requires(P.POST_RENTS)
@require_POST
def bank_reopen(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take back what was said: its payments are reversed."""
    movement = _movement_or_404(request, public_id)
    return done(
        request,
        lambda: services.reopen_bank_movement(
            actor=request.actor,
            bank=movement,
            reason=request.POST.get("reason", ""),
            expected_version=version_of(request),
            today=clock.today(),
        ),
        reverse("rents:bank_list"),
    )


@requires(P.POST_RENTS)
@require_POST
def bank_propose(request: StaffRequest) -> HttpResponse:
    """Look for the proposals again: more is known of who pays, and of what is owed."""
    waiting = BankMovement.objects.visible_to(request.actor).filter(state=BankState.PROPOSED)
    ids = list(waiting.order_by("pk").values_list("pk", flat=True))
    propose_again(request.actor.organisation_id, ids)
    return HttpResponseRedirect(_back(request))
