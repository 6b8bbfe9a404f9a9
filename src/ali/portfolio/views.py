from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import Actor, StaffRequest
from ali.accounts.roles import Permission as P
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.pages import page, version_of
from ali.housing.models import Building, Dwelling
from ali.portfolio import permissions, services
from ali.portfolio.appraising import DRAWS, SEED, appraised
from ali.portfolio.drilling import rows_of
from ali.portfolio.forms import GROUPS, AppraisalForm, initial_of
from ali.portfolio.indicators import read_portfolio
from ali.portfolio.models import Appraisal
from ali.portfolio.presets import start_inputs
from ali.portfolio.queries import known_of, options_of, works_on
from ali.portfolio.querysets import is_of_the_body
from ali.portfolio.states import IN_MONEY, Indicator
from ali.rules.wording import note


def _crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    return [{"label": label, "url": url} for label, url in (*steps[:-1], (steps[-1][0], ""))]


@requires(P.SEE_PORTFOLIO)
def indicators(request: StaffRequest) -> HttpResponse:
    """All the indicators; each opens its rows."""
    found = read_portfolio(request.actor, clock.today())
    return page(
        request,
        "portfolio/indicators.html",
        portfolio=found,
        is_body=is_of_the_body(request.actor),
    )


@requires(P.SEE_PORTFOLIO)
def indicator_rows(request: StaffRequest, indicator: str) -> HttpResponse:
    """The rows that an indicator comes from."""
    if indicator not in Indicator.values:
        raise Http404
    chosen = Indicator(indicator)
    if chosen in IN_MONEY and not is_of_the_body(request.actor):
        raise Http404
    found = read_portfolio(request.actor, clock.today())
    return page(
        request,
        "portfolio/indicator_rows.html",
        reading=next(one for one in found.readings if one.indicator == chosen),
        listing=rows_of(request, request.actor, chosen, clock.today()),
        breadcrumb=_crumbs(
            (_("Patrimonio"), reverse("portfolio:indicators")), (str(chosen.label).capitalize(), "")
        ),
        wide=True,
    )


def _building(actor: Actor, public_id: UUID) -> Building:
    mine = Dwelling.objects.filter(manager=actor.organisation_id).values("building")
    found: Building = get_object_or_404(
        Building.objects.filter(pk__in=mine).select_related("municipality"), public_id=public_id
    )
    return found


def _options_url(building: Building) -> str:
    return reverse("portfolio:building_options", args=[building.public_id])


@requires(P.SEE_WORKS)
def building_options(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The options for a building side by side."""
    building = _building(request.actor, public_id)
    today = clock.today()
    options = options_of(building, request.actor)
    province = building.municipality.province_id
    avoided = [one.numbers.avoided(today, province) for one in options]
    return page(
        request,
        "portfolio/building_options.html",
        building=building,
        works=works_on(building, request.actor),
        options=options,
        avoided=avoided,
        rule=note(avoided[0].rule) if avoided else None,
        may_make=permissions.may_make_appraisal(request.actor),
        breadcrumb=_crumbs((_("Lavori"), reverse("renovation:works_list")), (str(building), "")),
        wide=True,
    )


@requires(P.EDIT_WORKS)
@require_POST
def options_make(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Make the options that are missing, from their usual numbers."""
    building = _building(request.actor, public_id)
    try:
        services.make_options(
            actor=request.actor,
            building=building,
            works=works_on(building, request.actor),
            known=known_of(building, request.actor, clock.today()),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(_options_url(building))


@requires(P.EDIT_WORKS)
def appraisal_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A new appraisal, its form filled from the works and the rents."""
    building = _building(request.actor, public_id)
    known = known_of(building, request.actor, clock.today())
    initial = {**initial_of(start_inputs(known)), "people": known.people}
    form = AppraisalForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            made = services.make_appraisal(
                actor=request.actor,
                building=building,
                works=works_on(building, request.actor),
                name=data["name"],
                option=data["option"],
                inputs=form.inputs(),
                people=data["people"],
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("portfolio:appraisal_detail", args=[made.public_id]))
    crumbs = _crumbs((str(building), _options_url(building)), (_("Nuova valutazione"), ""))
    return _form(request, form, title=_("Nuova valutazione"), crumbs=crumbs, cancel=_options_url(building))


def _form(
    request: StaffRequest,
    form: AppraisalForm,
    *,
    title: str,
    crumbs: list[dict[str, str]],
    cancel: str,
    version: int | None = None,
) -> HttpResponse:
    return page(
        request,
        "portfolio/appraisal_form.html",
        status=422 if form.is_bound else 200,
        form=form,
        groups=[
            {"title": label, "fields": [form[name] for name in names if name in form.fields]}
            for label, names in GROUPS
        ],
        title=title,
        breadcrumb=crumbs,
        cancel=cancel,
        version=version,
    )


def _appraisal(actor: Actor, public_id: UUID) -> Appraisal:
    found: Appraisal = get_object_or_404(
        Appraisal.objects.visible_to(actor).select_related("building__municipality", "works"),
        public_id=public_id,
    )
    return found


@requires(P.SEE_WORKS)
def appraisal_detail(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The numbers of an appraisal, of its latest version or of an earlier one."""
    appraisal = _appraisal(request.actor, public_id)
    versions = list(appraisal.versions.select_related("made_by").order_by("-number"))
    asked = request.GET.get("versione", "")
    shown = next((one for one in versions if str(one.number) == asked), versions[0])
    numbers = appraised(shown.inputs, shown.people)
    avoided = numbers.avoided(clock.today(), appraisal.building.municipality.province_id)
    return page(
        request,
        "portfolio/appraisal_detail.html",
        appraisal=appraisal,
        shown=shown,
        versions=versions,
        numbers=numbers,
        avoided=avoided,
        rule=note(avoided.rule),
        seed=SEED,
        draws=DRAWS,
        may_revise=permissions.may_revise_appraisal(request.actor, appraisal),
        breadcrumb=_crumbs((str(appraisal.building), _options_url(appraisal.building)), (appraisal.name, "")),
        wide=True,
    )


@requires(P.EDIT_WORKS)
def appraisal_edit(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Revise an appraisal: another version."""
    appraisal = _appraisal(request.actor, public_id)
    latest = appraisal.versions.order_by("-number")[0]
    initial: dict[str, Any] = {**initial_of(latest.inputs), "people": latest.people}
    form = AppraisalForm(request.POST if request.method == "POST" else None, initial=initial)
    del form.fields["name"], form.fields["option"]
    back = reverse("portfolio:appraisal_detail", args=[public_id])
    if form.is_bound and form.is_valid():
        try:
            services.revise_appraisal(
                actor=request.actor,
                appraisal=appraisal,
                inputs=form.inputs(),
                people=form.cleaned_data["people"],
                note=form.cleaned_data["note"],
                expected_version=version_of(request),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(back)
    crumbs = _crumbs(
        (str(appraisal.building), _options_url(appraisal.building)),
        (appraisal.name, back),
        (_("Modifica"), ""),
    )
    return _form(request, form, title=appraisal.name, crumbs=crumbs, cancel=back, version=appraisal.version)
