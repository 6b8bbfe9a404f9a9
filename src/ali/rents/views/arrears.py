"""Arrears: the board, the steps, the plan; and who will need help before there is an arrears."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.audit import services as audit
from ali.core import clock
from ali.core.pages import page, version_of
from ali.core.paging import take_page
from ali.rents import permissions, queries, services
from ali.rents.forms import CauseForm, PlanForm, StepForm, steps_from
from ali.rents.models import Arrears, Plan
from ali.rents.states import STEP_LABELS, ArrearsState
from ali.rents.views.shared import account_url, done, form_page, path, saved, tabs
from ali.rents.warnings import early_warnings


def _arrears_or_404(request: StaffRequest, public_id: UUID) -> Arrears:
    found = Arrears.objects.visible_to(request.actor).select_related(
        "account__person", "account__dwelling__building"
    )
    arrears: Arrears = get_object_or_404(found, public_id=public_id)
    return arrears


@requires(P.SEE_RENTS)
def arrears_list(request: StaffRequest) -> HttpResponse:
    """Who has not paid, since when, how much, and what somebody should do next."""
    today = clock.today()
    state = request.GET.get("state", "")
    found = queries.open_arrears(request.actor, today)
    if state in ArrearsState.values:
        found = found.filter(state=state)
    shown = take_page(request, found)
    rows = queries.arrears_rows(shown.rows, today)
    audit.record_read(
        request.actor, "rents_read", persons=[row.arrears.account.person.public_id for row in rows]
    )
    return page(
        request,
        "rents/arrears_list.html",
        fragment="results",
        rows=rows,
        shown=shown,
        state=state,
        states=[
            (one.value, one.label)
            for one in ArrearsState
            if one not in {ArrearsState.RECOVERED, ArrearsState.CLOSED}
        ],
        step_labels=STEP_LABELS,
        tabs=tabs(request.actor, "arrears_list"),
        breadcrumb=path((_("Arretrati"), "")),
    )


@requires(P.SEE_RENTS)
@require_POST
def arrears_step(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write a step that was taken."""
    arrears = _arrears_or_404(request, public_id)
    form = StepForm(request.POST, arrears=arrears, verbs=steps_from(arrears.state))
    if saved(
        form,
        lambda: services.take_step(
            actor=request.actor,
            arrears=arrears,
            expected_version=version_of(request),
            today=clock.today(),
            **form.cleaned_data,
        ),
    ):
        return HttpResponseRedirect(account_url(arrears.account))
    arrears = _arrears_or_404(request, public_id)
    return form_page(request, form, arrears.account, title=_("Passo dell'arretrato"), version=arrears.version)


@requires(P.SEE_RENTS)
@require_POST
def arrears_cause(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Say why somebody cannot pay through no fault of their own, or take it back."""
    arrears = _arrears_or_404(request, public_id)
    form = CauseForm(request.POST)
    if saved(
        form,
        lambda: services.flag_involuntary(
            actor=request.actor, arrears=arrears, expected_version=version_of(request), **form.cleaned_data
        ),
    ):
        return HttpResponseRedirect(account_url(arrears.account))
    arrears = _arrears_or_404(request, public_id)
    return form_page(request, form, arrears.account, title=_("Causa incolpevole"), version=arrears.version)


@requires(P.POST_RENTS)
def plan_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Agree a repayment plan."""
    arrears = _arrears_or_404(request, public_id)
    permissions.may_take_step(request.actor, arrears.account, "plan").or_refuse()
    form = PlanForm(request.POST or None)
    if saved(
        form,
        lambda: services.agree_plan(
            actor=request.actor,
            arrears=arrears,
            expected_version=version_of(request),
            today=clock.today(),
            **form.cleaned_data,
        ),
    ):
        return HttpResponseRedirect(account_url(arrears.account))
    arrears = _arrears_or_404(request, public_id)
    lead = _(
        "Il piano divide in rate uguali tutto quello che è scaduto oggi; i mesi che vengono si pagano a parte."
    )
    return form_page(
        request, form, arrears.account, title=_("Piano di rientro"), lead=lead, version=arrears.version
    )


@requires(P.POST_RENTS)
@require_POST
def plan_end(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Interrupt a plan."""
    found = Plan.objects.visible_to(request.actor).select_related("account__person")
    plan = get_object_or_404(found, public_id=public_id)
    return done(
        request,
        lambda: services.end_plan(
            actor=request.actor,
            plan=plan,
            reason=request.POST.get("reason", ""),
            expected_version=version_of(request),
            today=clock.today(),
        ),
        account_url(plan.account),
    )


@requires(P.SEE_RENTS)
def warning_list(request: StaffRequest) -> HttpResponse:
    """Who will not carry the rent in the months ahead, and what to do about it now. Bands, never amounts of income."""
    shown = take_page(request, early_warnings(request.actor, clock.today()))
    audit.record_read(
        request.actor, "rents_read", persons=[one.account.person.public_id for one in shown.rows]
    )
    return page(
        request,
        "rents/warning_list.html",
        fragment="results",
        shown=shown,
        tabs=tabs(request.actor, "warning_list"),
        breadcrumb=path((_("Da prevenire"), "")),
    )
