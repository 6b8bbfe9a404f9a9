"""The census: list and map, an offer by telephone, a lead with its visits, the home that comes of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import Actor, StaffRequest
from ali.accounts.roles import Permission as P
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.maps import box_of, collection
from ali.core.pages import page, version_of
from ali.core.paging import take_page
from ali.places.queries import borders_url
from ali.scouting import permissions, services
from ali.scouting.feasibility import Feasibility, feasibility_of
from ali.scouting.filters import LeadFilter
from ali.scouting.forms import HomeForm, InspectionForm, LeadForm, OfferForm, StepForm
from ali.scouting.models import Inspection, Lead, OwnerContact
from ali.scouting.queries import counts_by_state, lead_marks
from ali.scouting.states import LEAD_TRANSITIONS, STEP_LABELS, STEPS_WITH_REASON, LeadState

TONES = {
    LeadState.FEASIBLE: "success",
    LeadState.AGREED: "success",
    LeadState.CONVERTED: "success",
    LeadState.NOT_FEASIBLE: "danger",
    LeadState.VISITED: "info",
    LeadState.CONTACTED: "info",
}


def tabs(request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:  # Any: values of a component
    """Return the pages of the search for homes that the actor opens."""
    pages = [("lead_list", _("Case vuote"), "ali-home", P.SEE_LEADS)]
    pages += [("owner_list", _("Proprietari"), "ali-people", P.SEE_OWNERS)]
    pages += [("campaign_list", _("Campagne"), "it-mail", P.SEE_OWNERS)]
    here = request.resolver_match.url_name if request.resolver_match else ""
    return [
        {
            "label": label,
            "href": reverse(f"scouting:{name}"),
            "current": name == here,
            "icon": icon,
            "count": None,
        }
        for name, label, icon, permission in pages
        if actor.may(permission)
    ]


def breadcrumb(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """Return the path of a page below the census."""
    found = [{"label": _("Ricerca di case"), "url": reverse("scouting:lead_list")}]
    return [*found, *({"label": label, "url": url} for label, url in steps)]


def _path_of(lead: Lead, last: str = "") -> list[dict[str, str]]:
    address = reverse("scouting:lead_detail", args=[lead.public_id]) if last else ""
    return breadcrumb((str(lead), address), *([(last, "")] if last else []))


@requires(P.SEE_LEADS)
def lead_list(request: StaffRequest) -> HttpResponse:
    """The empty homes that the actor sees, as a list and a map that filter together."""
    today = clock.today()
    found = LeadFilter(request.GET, actor=request.actor, today=today)
    order = (F("next_on").asc(nulls_last=True), "-pk")
    leads = found.qs.select_related("municipality", "owner", "kept_by").order_by(*order)
    visible = Lead.objects.visible_to(request.actor, today)
    counts = counts_by_state(visible)
    province = min(request.actor.provinces) if len(request.actor.provinces) == 1 else ""
    return page(
        request,
        "scouting/lead_list.html",
        fragment="results",
        leads=take_page(request, leads, size=30),
        form=found.form,
        active=found.active(),
        tabs=tabs(request, request.actor),
        stats=[
            {
                "value": counts.get(state, 0),
                "label": state.label,
                "href": f"{reverse('scouting:lead_list')}?stato={state}",
            }
            for state in (LeadState.REPORTED, LeadState.CONTACTED, LeadState.VISITED, LeadState.FEASIBLE)
        ],
        may_edit=permissions.may_search_homes(request.actor),
        may_owners=request.actor.may(P.SEE_OWNERS),
        borders=borders_url(province),
        today=today,
        wide=True,
    )


@requires(P.SEE_LEADS)
def lead_points(request: StaffRequest) -> HttpResponse:
    """A point for each empty home that passes the filters, gathered when they are many."""
    found = LeadFilter(request.GET, actor=request.actor, today=clock.today())
    answer = collection(lead_marks(found.qs), box_of(request.GET.get("riquadro", "")))
    return JsonResponse(answer, content_type="application/geo+json")


@requires(P.EDIT_OWNERS)
def offer_add(request: StaffRequest) -> HttpResponse:
    """What an owner offers on the telephone: one short form."""
    form = OfferForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        today = clock.today()
        try:
            lead = services.take_offer(
                actor=request.actor, owner=form.owner(), home=form.home(today), today=today
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("scouting:lead_detail", args=[lead.public_id]))
    return page(
        request,
        "scouting/offer_form.html",
        status=422 if request.method == "POST" else 200,
        breadcrumb=breadcrumb((_("Una casa offerta"), "")),
        form=form,
    )


@requires(P.EDIT_OWNERS)
def lead_add(request: StaffRequest) -> HttpResponse:
    """An empty home that somebody saw or heard of."""
    form = LeadForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            lead = services.add_lead(
                actor=request.actor,
                facts=form.lead_facts(clock.today()),
                owner=form.cleaned_data["owner"],
                today=clock.today(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("scouting:lead_detail", args=[lead.public_id]))
    return _lead_form(request, form, None)


def _lead_form(request: StaffRequest, form: LeadForm, lead: Lead | None) -> HttpResponse:
    return page(
        request,
        "scouting/lead_form.html",
        status=422 if request.method == "POST" else 200,
        breadcrumb=_path_of(lead, _("Modifica")) if lead else breadcrumb((_("Nuova segnalazione"), "")),
        form=form,
        lead=lead,
    )


def lead_or_404(actor: Actor, public_id: UUID) -> Lead:
    """Return a lead that the actor sees."""
    leads = Lead.objects.visible_to(actor).select_related(
        "municipality__province", "owner", "kept_by", "dwelling__building"
    )
    lead: Lead = get_object_or_404(leads, public_id=public_id)
    return lead


@requires(P.SEE_LEADS)
def lead_detail(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A lead: what is known, its visits with what they found, its next steps."""
    lead = lead_or_404(request.actor, public_id)
    visits = list(
        Inspection.objects.filter(lead=lead).select_related("visited_by").order_by("-visited_on", "-pk")
    )
    may_owners = request.actor.may(P.SEE_OWNERS)
    contacts = OwnerContact.objects.filter(lead=lead).select_related("by").order_by("-on", "-pk")
    return page(
        request,
        "scouting/lead_detail.html",
        breadcrumb=_path_of(lead),
        lead=lead,
        tone=TONES.get(LeadState(lead.state), "neutral"),
        visits=visits,
        reading=_reading(visits[0]) if visits else None,
        contacts=list(contacts[:20]) if may_owners else [],
        may_edit=permissions.may_edit_lead(request.actor, lead),
        may_owners=may_owners,
        may_make=permissions.may_make_home(request.actor, lead),
        can_visit=_can_visit(lead),
        can_convert=bool(LEAD_TRANSITIONS.can("convert", LeadState(lead.state))),
        steps=_steps(lead) if permissions.may_edit_lead(request.actor, lead) else [],
        today=clock.today(),
    )


def _can_visit(lead: Lead) -> bool:
    return any(LEAD_TRANSITIONS.can(verb, LeadState(lead.state)) for verb in ("visit", "visit_again"))


def _steps(lead: Lead) -> list[dict[str, Any]]:  # Any: values of a component
    return [
        {"verb": verb, "label": label, "asks_reason": verb in STEPS_WITH_REASON}
        for verb, label in STEP_LABELS.items()
        if LEAD_TRANSITIONS.can(verb, LeadState(lead.state))
    ]


def _reading(visit: Inspection) -> Feasibility:
    town = visit.lead.municipality
    return feasibility_of(visit.answers, visit.visited_on, town.province_id, town.pk)


@requires(P.EDIT_OWNERS)
def lead_edit(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Correct a lead and say what comes next."""
    lead = lead_or_404(request.actor, public_id)
    form = LeadForm(request.POST or None, actor=request.actor, lead=lead)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_lead(
                actor=request.actor,
                lead=lead,
                facts=form.lead_facts(clock.today()),
                owner=form.cleaned_data["owner"],
                expected_version=version_of(request),
                today=clock.today(),
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("scouting:lead_detail", args=[public_id]))
    return _lead_form(request, form, lead)


@requires(P.EDIT_OWNERS)
@require_POST
def lead_step(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take a lead a step further."""
    lead = lead_or_404(request.actor, public_id)
    form = StepForm(request.POST)
    try:
        services.take_step(
            actor=request.actor,
            lead=lead,
            verb=form.cleaned_data["verb"] if form.is_valid() else "",
            reason=form.cleaned_data.get("reason", ""),
            expected_version=version_of(request),
            now=clock.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("scouting:lead_detail", args=[public_id]))


@requires(P.EDIT_OWNERS)
def inspection_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The report of a visit, written on the spot: one plain form that waits for the network."""
    lead = lead_or_404(request.actor, public_id)
    form = InspectionForm(request.POST or None, initial={"visited_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = services.record_inspection(
                actor=request.actor,
                lead=lead,
                visited_on=data["visited_on"],
                answers=form.answers(),
                beds=data["beds"],
                works_cents=data["works_cents"],
                notes=data["notes"],
                today=clock.today(),
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("scouting:inspection_detail", args=[made.public_id]))
    return page(
        request,
        "scouting/inspection_form.html",
        status=422 if request.method == "POST" else 200,
        breadcrumb=_path_of(lead, _("Sopralluogo")),
        lead=lead,
        form=form,
    )


@requires(P.SEE_LEADS)
def inspection_detail(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The report of a visit: each item with its points, photos, what is still to be understood."""
    visits = Inspection.objects.filter(lead__in=Lead.objects.visible_to(request.actor).values("pk"))
    visit: Inspection = get_object_or_404(
        visits.select_related("lead__municipality", "visited_by"), public_id=public_id
    )
    return page(
        request,
        "scouting/inspection_detail.html",
        breadcrumb=_path_of(visit.lead, _("Sopralluogo")),
        visit=visit,
        lead=visit.lead,
        reading=_reading(visit),
    )


@requires(P.EDIT_HOMES)
def lead_convert(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Make a home of a lead: building, dwelling and owner in one step."""
    lead = lead_or_404(request.actor, public_id)
    form = HomeForm(request.POST or None, lead=lead)
    if request.method == "POST" and form.is_valid():
        try:
            home = services.convert_lead(
                actor=request.actor,
                lead=lead,
                facts=form.facts(),
                expected_version=version_of(request),
                today=clock.today(),
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("housing:home_detail", args=[home.public_id]))
    return page(
        request,
        "scouting/home_form.html",
        status=422 if request.method == "POST" else 200,
        breadcrumb=_path_of(lead, _("Diventa un alloggio")),
        lead=lead,
        form=form,
    )
