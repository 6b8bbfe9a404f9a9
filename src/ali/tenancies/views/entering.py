"""What it costs a household to enter a home, and who covers what is missing."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
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
from ali.core.decisions import Refusal
from ali.core.pages import page, version_of
from ali.housing.models import Dwelling
from ali.people.models import Household, Person
from ali.tenancies import permissions, services
from ali.tenancies.entering import entry_money
from ali.tenancies.forms import EntryCostForm, EntryHelpForm, HelpStateForm
from ali.tenancies.models import EntryHelp, EntryPlan


def _pair(request: StaffRequest, dwelling_id: UUID, household_id: UUID) -> tuple[Dwelling, Household]:
    """Return a home and a household that the actor sees; 404 otherwise."""
    dwelling = get_object_or_404(
        Dwelling.objects.visible_to(request.actor).select_related("building__municipality", "manager"),
        public_id=dwelling_id,
    )
    household = get_object_or_404(Household.objects.visible_to(request.actor), public_id=household_id)
    return dwelling, household


@requires(P.SEE_TENANCIES, also=P.SEE_PEOPLE)
def entry_detail(request: StaffRequest, dwelling_id: UUID, household_id: UUID) -> HttpResponse:
    """Deposit, first month, furniture and utilities against savings and help."""
    return _show(request, *_pair(request, dwelling_id, household_id))


def _show(
    request: StaffRequest, dwelling: Dwelling, household: Household, *, status: int = 200, **typed: Any
) -> HttpResponse:  # Any: forms that come back
    members = list(
        Person.objects.visible_to(request.actor).filter(household=household).order_by("birth_date", "pk")
    )
    audit.record_read(request.actor, "entry_plan_read", household, persons=[one.public_id for one in members])
    money = entry_money(request.actor, household, dwelling, clock.today())
    return page(
        request,
        "tenancies/entry_detail.html",
        status=status,
        breadcrumb=[
            {"label": str(dwelling), "url": reverse("housing:home_detail", args=[dwelling.public_id])},
            {"label": _("Costo di ingresso"), "url": ""},
        ],
        dwelling=dwelling,
        household=household,
        members=members,
        money=money,
        may_plan=permissions.may_plan_entry(request.actor, household, dwelling),
        helps=[{"help": one, "form": HelpStateForm(initial={"state": one.state})} for one in money.helps],
        **{
            "cost_form": EntryCostForm(
                initial={"furniture_cents": money.furniture, "utilities_cents": money.utilities}
            ),
            "help_form": EntryHelpForm(),
            **typed,
        },
    )


def _done(
    request: StaffRequest,
    pair: tuple[Dwelling, Household],
    name: str,
    form: forms.Form,
    action: Callable[[], Any],
) -> HttpResponse:  # Any: what the service returns
    if form.is_valid():
        try:
            action()
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(_address(*pair))
    dwelling, household = pair
    return _show(request, dwelling, household, status=422, **{name: form})


def _address(dwelling: Dwelling, household: Household) -> str:
    return reverse("tenancies:entry_detail", args=[dwelling.public_id, household.public_id])


@requires(P.SEE_TENANCIES, also=P.SEE_PEOPLE)
@require_POST
def entry_costs(request: StaffRequest, dwelling_id: UUID, household_id: UUID) -> HttpResponse:
    """Write what furniture and utilities cost."""
    pair, form = _pair(request, dwelling_id, household_id), EntryCostForm(request.POST)
    return _done(
        request,
        pair,
        "cost_form",
        form,
        lambda: services.set_entry_costs(
            actor=request.actor,
            dwelling=pair[0],
            household=pair[1],
            expected_version=version_of(request),
            today=clock.today(),
            **form.cleaned_data,
        ),
    )


@requires(P.SEE_TENANCIES, also=P.SEE_PEOPLE)
@require_POST
def entry_help_add(request: StaffRequest, dwelling_id: UUID, household_id: UUID) -> HttpResponse:
    """Add somebody who covers part of it."""
    pair, form = _pair(request, dwelling_id, household_id), EntryHelpForm(request.POST)
    return _done(
        request,
        pair,
        "help_form",
        form,
        lambda: services.add_help(
            actor=request.actor, dwelling=pair[0], household=pair[1], today=clock.today(), **form.cleaned_data
        ),
    )


@requires(P.SEE_TENANCIES, also=P.SEE_PEOPLE)
@require_POST
def entry_help_state(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Say where a help has got to."""
    one = get_object_or_404(
        EntryHelp.objects.filter(plan__in=EntryPlan.objects.visible_to(request.actor)).select_related(
            "plan__dwelling__building__municipality", "plan__dwelling__manager", "plan__household"
        ),
        public_id=public_id,
    )
    form = HelpStateForm(request.POST)
    return _done(
        request,
        (one.plan.dwelling, one.plan.household),
        "help_form",
        form,
        lambda: services.set_help_state(
            actor=request.actor,
            entry_help=one,
            state=form.cleaned_data["state"],
            expected_version=version_of(request),
        ),
    )
