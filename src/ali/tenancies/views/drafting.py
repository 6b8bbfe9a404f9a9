from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.allocation.models import Placement
from ali.audit import services as audit
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.pages import page, version_of
from ali.housing.models import Dwelling
from ali.housing.states import Mode
from ali.people.models import Person
from ali.tenancies import services
from ali.tenancies.forms import (
    FIRST_TYPE,
    TYPES,
    BedsForm,
    FindPersonForm,
    PeopleForm,
    TenancyForm,
    type_given,
)
from ali.tenancies.models import Tenancy
from ali.tenancies.queries import names_seen, people_to_let_to
from ali.tenancies.views.tenancies import address, breadcrumb, find_tenancy, list_step, show_tenancy

MOST_FOUND = 10


@requires(P.EDIT_TENANCIES)
def tenancy_from_proposal(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Prepare a tenancy for the household of a signed proposal."""
    placement = get_object_or_404(
        Placement.objects.filter(dwelling__manager=request.actor.organisation_id).select_related(
            "dwelling__building__municipality", "proposal"
        ),
        proposal__public_id=public_id,
    )
    existing = Tenancy.objects.filter(placement=placement).first()
    if existing is not None:
        return HttpResponseRedirect(address(existing))
    people = list(
        Person.objects.visible_to(request.actor)
        .filter(household=placement.household_id)
        .order_by("birth_date", "pk")
    )
    return _draft(request, placement.dwelling, people, placement=placement)


@requires(P.EDIT_TENANCIES)
def tenancy_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Prepare a tenancy by hand, for people whom the body knows."""
    dwelling = get_object_or_404(
        Dwelling.objects.visible_to(request.actor).select_related("building__municipality", "manager"),
        public_id=public_id,
    )
    return _draft(request, dwelling, people_to_let_to(request.actor, dwelling, clock.today()), placement=None)


def _draft(
    request: StaffRequest, dwelling: Dwelling, people: list[Person], *, placement: Placement | None
) -> HttpResponse:
    today = clock.today()
    looked_for = FindPersonForm(request.POST if request.method == "POST" else None)
    if placement is None and looked_for.is_valid():
        people = [*people, *_found(request, looked_for.cleaned_data["name"], people)]
    searching = request.POST.get("do") == "search"
    data = request.POST if request.method == "POST" and not searching else None
    who = PeopleForm(
        request.POST if request.method == "POST" else None,
        people=people,
        initial={"persons": [str(one.public_id) for one in people] if placement else []},
    )
    start = placement.starts_on if placement else today
    chosen_type = type_given(request.GET, FIRST_TYPE)
    facts = services.suggested(dwelling, max(len(people), 1) if placement else 1, start, chosen_type)
    form = TenancyForm(
        data if not searching else request.POST,
        dwelling=dwelling,
        has_visit=bool(placement and placement.proposal.visit_on),
        initial=TenancyForm.initial_of(facts),
    )
    if data is not None and all([who.is_valid(), form.is_valid()]):
        try:
            made = services.draft_tenancy(
                actor=request.actor,
                dwelling=dwelling,
                facts=form.facts(),
                persons=who.chosen(),
                today=today,
                placement=placement,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(address(made))
    audit.record_read(request.actor, "tenancy_list_read", dwelling, persons=[one.public_id for one in people])
    return page(
        request,
        "tenancies/tenancy_form.html",
        status=422 if data is not None else 200,
        breadcrumb=[list_step(), {"label": str(dwelling), "url": ""}],
        title=_("Nuovo affitto"),
        dwelling=dwelling,
        placement=placement,
        form=form,
        who=who,
        find=None if placement else looked_for,
        people=people,
        types=[{"value": value, "label": label, "current": value == chosen_type} for value, label in TYPES],
        cancel="",
        submit=_("Prepara"),
        is_whole=dwelling.mode == Mode.WHOLE,
    )


def _found(request: StaffRequest, name: str, already: Sequence[Person]) -> list[Person]:
    """Return people with that name whom the actor sees."""
    if len(name.strip()) < 2:
        return []
    seen = Person.objects.visible_to(request.actor).named(name)
    return list(seen.exclude(pk__in=[one.pk for one in already]).order_by("sort_key", "pk")[:MOST_FOUND])


@requires(P.EDIT_TENANCIES)
def tenancy_edit(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Change a tenancy in preparation."""
    tenancy = find_tenancy(request, public_id)
    data = request.POST if request.method == "POST" else None
    form = TenancyForm(
        data,
        dwelling=tenancy.dwelling,
        has_visit=bool(tenancy.placement and tenancy.placement.proposal.visit_on),
        initial=TenancyForm.initial_of(tenancy),
    )
    if data is not None and form.is_valid():
        try:
            services.change_draft(
                actor=request.actor,
                tenancy=tenancy,
                facts=form.facts(),
                expected_version=version_of(request),
                today=clock.today(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(address(tenancy))
    return page(
        request,
        "tenancies/tenancy_form.html",
        status=200 if data is None else 422,
        breadcrumb=breadcrumb(tenancy, _("Modifica")),
        title=_("Modifica l'affitto"),
        dwelling=tenancy.dwelling,
        tenancy=tenancy,
        form=form,
        who=None,
        find=None,
        types=[],
        cancel=address(tenancy),
        submit=_("Salva"),
    )


@requires(P.EDIT_TENANCIES)
@require_POST
def tenancy_people(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Say in which bed each sleeps, while the tenancy is in preparation."""
    tenancy = find_tenancy(request, public_id)
    parties = list(tenancy.parties.select_related("person", "bed__room").order_by("pk"))
    form = BedsForm(
        request.POST, parties=parties, names=names_seen(request.actor, parties), dwelling=tenancy.dwelling
    )
    if form.is_valid():
        try:
            services.set_parties(
                actor=request.actor,
                tenancy=tenancy,
                persons=[party.person for party in parties],
                beds=form.beds(),
                expected_version=version_of(request),
                today=clock.today(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(address(tenancy))
    return show_tenancy(request, tenancy, status=422, beds_form=form)
