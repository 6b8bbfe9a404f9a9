from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.agreements import permissions, services
from ali.agreements.checks import show_share
from ali.agreements.forms import CommitmentForm, DecisionForm, EndowmentForm, FundForm, RecoveryForm
from ali.agreements.forms.funds import holds_homes
from ali.agreements.guaranteeing import is_low, reserve_rule
from ali.agreements.models import Commitment, Fund, FundCall, FundEntry
from ali.agreements.queries import covered_dwellings
from ali.agreements.services.funds import REVERSIBLE
from ali.agreements.views.acting import act_and_go, data_of, form_page
from ali.agreements.views.agreements import _tabs
from ali.core import clock
from ali.core.money import show_euros
from ali.core.pages import page, version_of
from ali.core.paging import take_page
from ali.rules.values import rule_in_force
from ali.rules.wording import note


def _address(fund: Fund) -> str:
    return reverse("agreements:fund_detail", args=[fund.public_id])


def _crumbs(fund: Fund | None = None) -> list[dict[str, str]]:
    steps = [{"label": _("Fondi di garanzia"), "url": reverse("agreements:fund_list")}]
    if fund is not None:
        steps.append({"label": fund.name, "url": _address(fund)})
    return steps


def _fund_or_404(request: StaffRequest, public_id: UUID) -> Fund:
    rows = Fund.objects.visible_to(request.actor).select_related("body", "municipality")
    found: Fund = get_object_or_404(rows, public_id=public_id)
    return found


@requires(P.SEE_FUND)
def fund_list(request: StaffRequest) -> HttpResponse:
    """The funds that the body runs, and those that guarantee its contracts."""
    today = clock.today()
    rows = list(
        Fund.objects.visible_to(request.actor).select_related("body", "municipality").order_by("name", "pk")
    )
    own = request.actor.organisation_id
    return page(
        request,
        "agreements/fund_list.html",
        funds=[
            {"fund": one, "balance": services.balance_of(one, today) if one.body_id == own else None}
            for one in rows
        ],
        waiting=FundCall.objects.visible_to(request.actor)
        .waiting()
        .filter(commitment__fund__body=own)
        .count(),
        tabs=_tabs(request.actor, "fund_list"),
        may_add=permissions.may_open_fund(request.actor),
    )


@requires(P.SEE_FUND)
def fund_detail(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A fund: to who runs it sums, commitments, calls and entries; to others their own commitments and calls."""
    fund, today, actor = _fund_or_404(request, public_id), clock.today(), request.actor
    runs = fund.body_id == actor.organisation_id
    commitments = (
        Commitment.objects.visible_to(actor)
        .filter(fund=fund)
        .select_related("body", "dwelling__building", "agreement")
        .order_by("released_on", "-number")
    )
    calls = (
        FundCall.objects.visible_to(actor)
        .filter(commitment__fund=fund)
        .select_related("commitment__body", "asked_by", "decided_by")
        .order_by("-asked_on", "-pk")
    )
    entries = (
        FundEntry.objects.visible_to(actor)
        .filter(fund=fund)
        .select_related("commitment", "posted_by", "reversal")
        .order_by("-booked_on", "-pk")
    )
    return page(
        request,
        "agreements/fund_detail.html",
        fund=fund,
        runs=runs,
        breadcrumb=[_crumbs()[0], {"label": fund.name, "url": ""}],
        commitments=list(commitments[:100]),
        calls=list(calls[:50]),
        entries=take_page(request, entries, size=30) if runs else None,
        reversible=REVERSIBLE,
        weight=show_share(fund.weight),
        may_run=permissions.may_run_fund(actor, fund),
        may_commit=runs and holds_homes(actor),
        **(_sums(fund) if runs else {}),
        today=today,
    )


def _sums(fund: Fund) -> dict[str, Any]:  # Any: values of a template
    today, town = clock.today(), fund.municipality
    balance = services.balance_of(fund, today)
    rule = reserve_rule(today, town.pk if town else None, town.province_id if town else None)
    return {"balance": balance, "is_low": is_low(balance, rule), "reserve": note(rule)}


@requires(P.EDIT_FUND)
def fund_add(request: StaffRequest) -> HttpResponse:
    """Open a fund."""
    weight = rule_in_force("agreements.fund_weight", day=clock.today())
    form = FundForm(data_of(request), actor=request.actor, initial={"weight": weight.value})

    def act() -> str:
        return _address(services.open_fund(actor=request.actor, facts=form.facts()))

    return form_page(
        request,
        form,
        act,
        title=_("Nuovo fondo di garanzia"),
        back=reverse("agreements:fund_list"),
        breadcrumb=_crumbs(),
        rule=note(weight),
    )


@requires(P.EDIT_FUND)
def fund_edit(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Change the rules of a fund."""
    fund = _fund_or_404(request, public_id)
    form = FundForm(data_of(request), actor=request.actor, fund=fund)

    def act() -> None:
        services.change_fund(
            actor=request.actor, fund=fund, facts=form.facts(), expected_version=version_of(request)
        )

    lead = _("Gli impegni già presi tengono le mensilità e il peso di quando sono stati presi.")
    return _of_fund(request, form, act, fund, title=_("Regole del fondo"), lead=lead, version=fund.version)


def _of_fund(
    request: StaffRequest,
    form: Any,  # Any: one of our forms
    act: Any,  # Any: what the button does
    fund: Fund,
    **shown: Any,  # Any: values of a template
) -> HttpResponse:
    shown.setdefault("refused", permissions.may_run_fund(request.actor, fund).reason)
    return form_page(request, form, act, back=_address(fund), breadcrumb=_crumbs(fund), **shown)


@requires(P.EDIT_FUND)
def fund_endow(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Money paid in."""
    fund = _fund_or_404(request, public_id)
    form = EndowmentForm(data_of(request), initial={"booked_on": clock.today()})

    def act() -> None:
        services.endow_fund(actor=request.actor, fund=fund, **form.cleaned_data, today=clock.today())

    return _of_fund(request, form, act, fund, title=_("Dotazione"))


@requires(P.EDIT_FUND)
def commitment_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Guarantee one of the body's own agreements."""
    fund = _fund_or_404(request, public_id)
    initial = {"starts_on": clock.today(), "months": fund.max_months}
    form = CommitmentForm(data_of(request), actor=request.actor, initial=initial)

    def act() -> None:
        data = dict(form.cleaned_data)
        agreement = data["agreement"]
        services.commit_fund(
            actor=request.actor,
            fund=fund,
            body_id=agreement.holder_id,
            dwelling=covered_dwellings(agreement)[0],
            **data,
            today=clock.today(),
        )

    lead = _("Le garanzie chieste da altri enti si impegnano rispondendo alla loro richiesta.")
    return _of_fund(request, form, act, fund, title=_("Nuovo impegno"), lead=lead)


@requires(P.EDIT_FUND)
@require_POST
def commitment_release(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Free what was kept aside for a contract."""
    rows = Commitment.objects.visible_to(request.actor).select_related("fund")
    commitment: Commitment = get_object_or_404(rows, public_id=public_id)
    return act_and_go(
        request,
        lambda: services.release_commitment(
            actor=request.actor,
            commitment=commitment,
            reason=request.POST.get("reason", ""),
            expected_version=version_of(request),
            today=clock.today(),
        ),
        _address(commitment.fund),
    )


def _call_or_404(request: StaffRequest, public_id: UUID) -> FundCall:
    rows = FundCall.objects.visible_to(request.actor).select_related("commitment__fund__municipality")
    found: FundCall = get_object_or_404(rows, public_id=public_id)
    return found


@requires(P.EDIT_FUND)
def call_decide(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Pay a call or refuse it."""
    call = _call_or_404(request, public_id)
    form = DecisionForm(data_of(request), initial={"cents": call.asked_cents})

    def act() -> None:
        services.decide_call(
            actor=request.actor,
            call=call,
            **form.cleaned_data,
            expected_version=version_of(request),
            today=clock.today(),
        )

    lead = _("Arretrato di %(arrears)s, chiesti al fondo %(asked)s. %(reason)s") % {
        "arrears": show_euros(call.arrears_cents),
        "asked": show_euros(call.asked_cents),
        "reason": call.reason,
    }
    return _of_fund(
        request,
        form,
        act,
        call.commitment.fund,
        title=_("Rispondi all'escussione"),
        lead=lead,
        version=call.version,
    )


@requires(P.EDIT_FUND)
def call_recover(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Money that came back of a call."""
    call = _call_or_404(request, public_id)
    form = RecoveryForm(data_of(request), initial={"booked_on": clock.today()})

    def act() -> None:
        services.recover_money(actor=request.actor, call=call, **form.cleaned_data, today=clock.today())

    return _of_fund(request, form, act, call.commitment.fund, title=_("Recupero"))


@requires(P.EDIT_FUND)
@require_POST
def entry_reverse(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Correct an endowment or a recovery with one that reverses it."""
    rows = FundEntry.objects.visible_to(request.actor).select_related("fund__municipality")
    entry: FundEntry = get_object_or_404(rows, public_id=public_id)
    return act_and_go(
        request,
        lambda: services.reverse_entry(
            actor=request.actor, entry=entry, reason=request.POST.get("reason", ""), today=clock.today()
        ),
        _address(entry.fund),
    )
