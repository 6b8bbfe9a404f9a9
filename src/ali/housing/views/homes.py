from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import F, Prefetch
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import Actor, StaffRequest
from ali.accounts.roles import Permission as P
from ali.audit import services as audit
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.maps import Mark, box_of, collection
from ali.core.pages import page, version_of
from ali.core.paging import take_page
from ali.housing import permissions, services
from ali.housing.filters import WINDOWS, HomeFilter
from ali.housing.forms import (
    BedNameForm,
    BuildingForm,
    CommunicationForm,
    DwellingForm,
    EndForm,
    FirstStateForm,
    MoveInForm,
    StepForm,
    room_forms,
)
from ali.housing.models import Bed, Building, Dwelling, Occupancy, Room
from ali.housing.panels import panels_for
from ali.housing.queries import (
    Occupant,
    bodies_that_host,
    capacity_reading,
    costs_of,
    homes_in_order,
    map_points,
    occupants_of_bed,
    rooms_view,
    step_facts,
)
from ali.housing.sheets import certificates_of, sheets_of
from ali.housing.states import (
    DWELLING_TRANSITIONS,
    VERB_LABELS,
    VERBS_WITH_REASON,
    DwellingState,
    step_decision,
)
from ali.places.queries import borders_url

SOON_DAYS = 90


def home_breadcrumb(home: Dwelling | None = None, last: str = "") -> list[dict[str, str]]:
    steps = [{"label": _("Case"), "url": reverse("housing:home_list")}]
    if home is not None:
        steps.append({"label": str(home), "url": reverse("housing:home_detail", args=[home.public_id])})
    if last:
        steps.append({"label": last, "url": ""})
    else:
        steps[-1]["url"] = ""
    return steps


def _views(asked: QueryDict) -> list[dict[str, Any]]:  # Any: values of a component
    """Return the list and the map, which a phone shows one at a time."""
    views = []
    for view, label, icon in (("", _("Elenco"), "it-list"), ("map", _("Mappa"), "it-map-marker")):
        kept = asked.copy()
        kept.pop("page", None)
        kept.pop("view", None)
        if view:
            kept["view"] = view
        address = reverse("housing:home_list")
        views.append(
            {
                "label": label,
                "href": f"{address}?{kept.urlencode()}" if kept else address,
                "current": view == ("map" if asked.get("view") == "map" else ""),
                "icon": icon,
                "count": None,
            }
        )
    return views


def _tabs(current: str, asked: QueryDict) -> list[dict[str, Any]]:  # Any: values of a component
    kept = asked.copy()
    kept.pop("page", None)
    query = f"?{kept.urlencode()}" if kept else ""
    names = [
        ("home_list", _("Elenco e mappa"), "ali-home"),
        ("free_bed_list", _("Posti che si liberano"), "ali-bed"),
    ]
    return [
        {
            "label": label,
            "href": reverse(f"housing:{name}") + query,
            "current": name == current,
            "icon": icon,
            "count": None,
        }
        for name, label, icon in names
    ]


@requires(P.SEE_HOMES)
def home_list(request: StaffRequest) -> HttpResponse:
    """The homes that the actor sees, as a list and a map that filter together."""
    today = clock.today()
    found = HomeFilter(request.GET, actor=request.actor, today=today)
    homes = take_page(
        request,
        found.qs.order_by(F("next_free_on").asc(nulls_last=True), "pk").values_list("pk", flat=True),
        size=20,
    )
    province = min(request.actor.provinces) if len(request.actor.provinces) == 1 else ""
    return page(
        request,
        "housing/home_list.html",
        fragment="results",
        homes=replace(homes, rows=homes_in_order(homes.rows, today)),
        form=found.form,
        active=found.active(),
        tabs=_tabs("home_list", request.GET),
        views=_views(request.GET),
        on_map=request.GET.get("view") == "map",
        today=today,
        may_add=permissions.may_add_home(request.actor),
        borders=borders_url(province),
        wide=True,
    )


@requires(P.SEE_HOMES)
def home_points(request: StaffRequest) -> HttpResponse:
    """One point for each building with homes that pass the filters."""
    today = clock.today()
    found = HomeFilter(request.GET, actor=request.actor, today=today)
    points = map_points(found.qs.order_by().values("pk"), today, SOON_DAYS)
    base = reverse("housing:home_list")
    marks = [
        Mark(
            latitude=point.latitude,
            longitude=point.longitude,
            label=point.label,
            href=f"{base}{point.dwelling}/",
            note=_note(point.dwellings, point.free_now, is_exact=point.is_exact),
            tone="ok" if point.free_now else "soon" if point.free_soon else "taken",
        )
        for point in points
    ]
    answer = collection(marks, box_of(request.GET.get("riquadro", "")))
    return JsonResponse(answer, content_type="application/geo+json")


def _note(dwellings: int, free: int, *, is_exact: bool) -> str:
    homes = ngettext("%(count)s alloggio", "%(count)s alloggi", dwellings) % {"count": dwellings}
    beds = ngettext("%(count)s posto libero oggi", "%(count)s posti liberi oggi", free) % {"count": free}
    return (
        f"{homes}, {beds}"
        if is_exact
        else f"{homes}, {beds}. {_('Posizione indicativa: centro del Comune.')}"
    )


@requires(P.SEE_HOMES)
def free_bed_list(request: StaffRequest) -> HttpResponse:
    """The beds that become free, the first first: sure and expected days apart."""
    today = clock.today()
    asked = request.GET.copy()
    asked.setdefault("libere", str(SOON_DAYS))
    found = HomeFilter(asked, actor=request.actor, today=today)
    days = int(found.form.cleaned_data.get("libere") or SOON_DAYS)
    beds = (
        Bed.objects.free_within(today, days)
        .one_for_each_offer()
        .filter(room__dwelling__in=found.qs.matchable().order_by().values("pk"))
        .select_related("room__dwelling__building__municipality", "room__dwelling__manager")
        .order_by("free_from", "room__dwelling_id", "pk")
    )
    return page(
        request,
        "housing/free_bed_list.html",
        fragment="results",
        beds=take_page(request, beds, size=30),
        form=found.form,
        active=found.active(),
        tabs=_tabs("free_bed_list", request.GET),
        window=dict(WINDOWS).get(str(days), ""),
        may_put_forward=request.actor.may(P.PUT_FORWARD),
        today=today,
        wide=True,
    )


def home_or_404(actor: Actor, public_id: UUID) -> Dwelling:
    homes = Dwelling.objects.visible_to(actor).select_related("building__municipality__province", "manager")
    home: Dwelling = get_object_or_404(homes, public_id=public_id)
    return home


@requires(P.SEE_HOMES)
def home_detail(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A home: rooms, beds and who sleeps there, capacity, costs, state and next steps."""
    today = clock.today()
    home = home_or_404(request.actor, public_id)
    reading, sheets = capacity_reading(home, today), sheets_of(home)
    rooms = rooms_view(request.actor, home, reading.rule, today)
    _note_reading(request.actor, home, [one for room in rooms for bed in room.beds for one in bed.occupants])
    return page(
        request,
        "housing/home_detail.html",
        breadcrumb=home_breadcrumb(home),
        home=home,
        rooms=rooms,
        reading=reading,
        costs=costs_of(home),
        may_edit=permissions.may_edit_home(request.actor, home),
        may_describe=permissions.may_describe_home(request.actor, home),
        sheets=sheets,
        certificates=certificates_of(home, sheets.equipment, today),
        panels=panels_for(request.actor, home, today),
        match=permissions.may_match_dwelling(home),
        may_put_forward=request.actor.may(P.PUT_FORWARD),
        steps=_steps(request.actor, home, today),
        is_conflict=home.manager_id in bodies_that_host([home.manager_id], today),
        siblings=Dwelling.objects.visible_to(request.actor)
        .filter(building=home.building_id)
        .exclude(pk=home.pk)
        .select_related("building")
        .order_by("label", "pk"),
        today=today,
    )


def _note_reading(actor: Actor, home: Dwelling, occupants: list[Occupant]) -> None:
    seen = [one.person_public_id for one in occupants if one.person_public_id]
    if seen:
        audit.record_read(actor, "home_occupants_read", home, persons=seen)


def _steps(actor: Actor, home: Dwelling, today: date) -> list[dict[str, Any]]:  # Any: values of a component
    """The next steps from the present state, each with the reason that stops it."""
    if not permissions.may_edit_home(actor, home):
        return []
    facts = step_facts(home, today)
    from_here = [verb for verb in VERB_LABELS if DWELLING_TRANSITIONS.can(verb, facts.state)]
    return [
        {
            "verb": verb,
            "label": VERB_LABELS[verb],
            "reason": str(step_decision(verb, facts).reason),
            "asks_reason": verb in VERBS_WITH_REASON,
            "asks_day": verb == "start_works",
        }
        for verb in from_here
    ]


@requires(P.EDIT_HOMES)
def home_add(request: StaffRequest) -> HttpResponse:
    """Add a dwelling in a new building."""
    return _add_home(request, None)


@requires(P.EDIT_HOMES)
def home_add_beside(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Add another dwelling in the building of one of ours."""
    return _add_home(request, home_or_404(request.actor, public_id))


def _add_home(request: StaffRequest, beside: Dwelling | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    building = None if beside else BuildingForm(data, actor=request.actor, prefix="edificio")
    home, state, rooms = (
        DwellingForm(data, prefix="casa"),
        FirstStateForm(data, prefix="casa"),
        room_forms(data),
    )
    shown = [form for form in (building, home, state) if form is not None]
    if data is not None and all([*(form.is_valid() for form in shown), rooms.is_valid()]):
        try:
            made = services.add_home(
                actor=request.actor,
                building=beside.building if beside else building.facts() if building else _no_building(),
                dwelling=home.facts(),
                rooms=rooms.facts(),
                state=DwellingState(state.cleaned_data["state"]),
                today=clock.today(),
            )
        except Refusal as refusal:
            home.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("housing:home_detail", args=[made.public_id]))
    return page(
        request,
        "housing/home_form.html",
        status=200 if data is None else 422,
        breadcrumb=home_breadcrumb(last=_("Nuova casa")),
        title=_("Un altro alloggio in %(place)s") % {"place": beside.building} if beside else _("Nuova casa"),
        forms=shown,
        building_form=building,
        home_form=home,
        state_form=state,
        room_forms=rooms,
        home=None,
        cancel=reverse("housing:home_detail", args=[beside.public_id])
        if beside
        else reverse("housing:home_list"),
    )


def _no_building() -> Building:
    raise Refusal(_("Scrivi dov'è la casa."))


def _warn_of_capacity(request: StaffRequest, home: Dwelling) -> None:
    """Say it when more people live there than the capacity: it warns, only a rule blocks."""
    reading = capacity_reading(home, clock.today())
    if reading.has_too_many_people:
        messages.warning(
            request,
            _(
                "Ora ci abitano in %(people)s e la capienza è di %(capacity)s (decide %(binding)s): è un avviso, controlla."
            )
            % {
                "people": reading.people,
                "capacity": reading.capacity.people,
                "binding": reading.capacity.binding_label,
            },
        )


@requires(P.EDIT_HOMES)
def home_edit(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Change a dwelling and its building."""
    home = home_or_404(request.actor, public_id)
    data = request.POST if request.method == "POST" else None
    building = BuildingForm(data, actor=request.actor, building=home.building, prefix="edificio")
    dwelling = DwellingForm(data, dwelling=home, prefix="casa")
    versions = _Versions(data, initial={"version": home.version, "building_version": home.building.version})
    if data is not None and all([building.is_valid(), dwelling.is_valid(), versions.is_valid()]):
        try:
            services.change_home(
                actor=request.actor,
                home=home,
                building=building.facts(),
                dwelling=dwelling.facts(),
                expected_version=versions.cleaned_data["version"],
                expected_building_version=versions.cleaned_data["building_version"],
                today=clock.today(),
            )
        except Refusal as refusal:
            dwelling.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("housing:home_detail", args=[public_id]))
    return page(
        request,
        "housing/home_form.html",
        status=200 if data is None else 422,
        breadcrumb=home_breadcrumb(home, _("Modifica")),
        title=_("Modifica la casa"),
        forms=[building, dwelling],
        building_form=building,
        home_form=dwelling,
        state_form=None,
        room_forms=None,
        versions=versions,
        home=home,
        cancel=reverse("housing:home_detail", args=[public_id]),
    )


class _Versions(forms.Form):
    """What the page was opened on."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    building_version = forms.IntegerField(widget=forms.HiddenInput, required=False)


@requires(P.EDIT_HOMES)
def rooms_edit(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The rooms of a home and how many beds each has."""
    home = home_or_404(request.actor, public_id)
    present = list(
        Room.objects.filter(dwelling=home, closed_on__isnull=True)
        .prefetch_related(Prefetch("beds", Bed.objects.order_by("pk")))
        .order_by("pk")
    )
    data = request.POST if request.method == "POST" else None
    rows, versions = room_forms(data, rooms=present), _Versions(data, initial={"version": home.version})
    refusal_text = ""
    if data is not None and all([rows.is_valid(), versions.is_valid()]):
        try:
            services.set_rooms(
                actor=request.actor,
                home=home,
                rooms=rows.facts(),
                expected_version=versions.cleaned_data["version"],
                today=clock.today(),
            )
        except Refusal as refusal:
            refusal_text = str(refusal)
        else:
            return HttpResponseRedirect(reverse("housing:home_detail", args=[public_id]))
    return page(
        request,
        "housing/rooms_edit.html",
        status=200 if data is None else 422,
        breadcrumb=home_breadcrumb(home, _("Stanze e letti")),
        home=home,
        room_forms=rows,
        versions=versions,
        refusal=refusal_text,
        cancel=reverse("housing:home_detail", args=[public_id]),
    )


@requires(P.EDIT_HOMES)
@require_POST
def home_step(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take a home a step further."""
    home = home_or_404(request.actor, public_id)
    form = StepForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Controlla la data e il motivo, poi riprova."))
    else:
        data = form.cleaned_data
        try:
            services.take_step(
                actor=request.actor,
                home=home,
                verb=data["verb"],
                expected_version=data["version"],
                today=clock.today(),
                reason=data["reason"],
                ready_on=data["ready_on"],
            )
        except Refusal as refusal:
            messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("housing:home_detail", args=[public_id]))


def _bed_or_404(actor: Actor, public_id: UUID) -> Bed:
    bed: Bed = get_object_or_404(
        Bed.objects.in_use()
        .filter(room__dwelling__in=Dwelling.objects.visible_to(actor).values("pk"))
        .select_related("room__dwelling__building__municipality__province", "room__dwelling__manager"),
        public_id=public_id,
    )
    return bed


def _bed_page(
    request: StaffRequest, bed: Bed, *, name: BedNameForm | None = None, move: MoveInForm | None = None
) -> HttpResponse:
    today = clock.today()
    home = bed.room.dwelling
    occupants = occupants_of_bed(request.actor, bed, today)
    _note_reading(request.actor, home, occupants)
    return page(
        request,
        "housing/bed_detail.html",
        status=422 if name or move else 200,
        breadcrumb=home_breadcrumb(home, bed.label),
        bed=bed,
        home=home,
        stays=[{"occupant": one, "form": _end_form(one)} for one in occupants],
        name_form=name or BedNameForm(initial={"label": bed.label}),
        move_form=move or MoveInForm(initial={"starts_on": max(bed.free_from or today, today)}),
        may_edit=permissions.may_edit_home(request.actor, home),
        today=today,
    )


def _end_form(occupant: Occupant) -> EndForm:
    stay = occupant.occupancy
    return EndForm(
        initial={"ends_on": stay.ends_on, "is_end_sure": stay.is_end_sure, "who": stay.who},
        prefix=f"uscita-{stay.pk}",
        is_unnamed=stay.person_id is None,
    )


@requires(P.SEE_HOMES)
def bed_detail(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A bed: who sleeps there and until when; its manager records entries and exits."""
    return _bed_page(request, _bed_or_404(request.actor, public_id))


@requires(P.EDIT_HOMES)
@require_POST
def bed_rename(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Give a bed the name that people use."""
    bed = _bed_or_404(request.actor, public_id)
    form = BedNameForm(request.POST)
    if not form.is_valid():
        return _bed_page(request, bed, name=form)
    try:
        services.rename_bed(
            actor=request.actor,
            bed=bed,
            label=form.cleaned_data["label"],
            expected_version=version_of(request),
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _bed_page(request, _bed_or_404(request.actor, public_id), name=form)
    return HttpResponseRedirect(reverse("housing:bed_detail", args=[public_id]))


@requires(P.EDIT_HOMES)
@require_POST
def bed_move_in(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Record that somebody outside the network sleeps in a bed."""
    bed = _bed_or_404(request.actor, public_id)
    form = MoveInForm(request.POST)
    if form.is_valid():
        try:
            services.move_in(actor=request.actor, bed=bed, today=clock.today(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    if not form.is_valid():
        return _bed_page(request, bed, move=form)
    _warn_of_capacity(request, bed.room.dwelling)
    return HttpResponseRedirect(reverse("housing:bed_detail", args=[public_id]))


def _stay_or_404(actor: Actor, public_id: UUID) -> Occupancy:
    stay: Occupancy = get_object_or_404(
        Occupancy.objects.filter(
            bed__room__dwelling__in=Dwelling.objects.visible_to(actor).values("pk")
        ).select_related("bed__room__dwelling__building__municipality", "person"),
        public_id=public_id,
    )
    return stay


@requires(P.EDIT_HOMES)
@require_POST
def occupancy_end(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Say when somebody leaves a bed."""
    stay = _stay_or_404(request.actor, public_id)
    form = EndForm(request.POST, prefix=f"uscita-{stay.pk}", is_unnamed=stay.person_id is None)
    versions = _Versions(request.POST)
    if not (form.is_valid() and versions.is_valid()):
        messages.error(request, _("Scrivi il giorno dell'uscita come 15/05/2026, o lascialo vuoto."))
    else:
        try:
            services.set_end(
                actor=request.actor,
                occupancy=stay,
                expected_version=versions.cleaned_data["version"],
                today=clock.today(),
                **form.cleaned_data,
            )
        except Refusal as refusal:
            messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("housing:bed_detail", args=[stay.bed.public_id]))


@requires(P.EDIT_HOMES)
@require_POST
def occupancy_communicate(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Note when the police or the Comune was told of a guest."""
    stay = _stay_or_404(request.actor, public_id)
    form, versions = CommunicationForm(request.POST), _Versions(request.POST)
    if not (form.is_valid() and versions.is_valid()):
        messages.error(request, _("Scrivi il giorno della comunicazione come 15/05/2026."))
    else:
        try:
            services.record_communication(
                actor=request.actor,
                occupancy=stay,
                expected_version=versions.cleaned_data["version"],
                now=clock.now(),
                today=clock.today(),
                **form.cleaned_data,
            )
        except Refusal as refusal:
            messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("housing:bed_detail", args=[stay.bed.public_id]))


@requires(P.EDIT_HOMES)
@require_POST
def occupancy_remove(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Remove a stay recorded by mistake."""
    stay = _stay_or_404(request.actor, public_id)
    bed, versions = stay.bed, _Versions(request.POST)
    try:
        services.remove_occupancy(
            actor=request.actor,
            occupancy=stay,
            expected_version=versions.cleaned_data["version"] if versions.is_valid() else 0,
            today=clock.today(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("housing:bed_detail", args=[bed.public_id]))
