import copy
from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.audit import services as audit
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.pages import page, version_of
from ali.core.paging import take_page
from ali.reception import permissions, services
from ali.reception.forms import ArrivalForm, CentreFilter, CentreForm, NewCentreForm
from ali.reception.models import AnnouncedArrival, Centre
from ali.reception.queries import Places, centre_file, centres_with, place_figures
from ali.reception.querysets import CentreQuerySet
from ali.reception.states import CONFIRMED_STATES
from ali.reception.views.answers import active_filters, done, person_url, start_of_path, tried

SEE = ("", "leaving", "30", "60", "90")


@requires(P.SEE_CENTRES)
def centre_list(request: StaffRequest) -> HttpResponse:
    """Free places by centre, now and at 30, 60 and 90 days; every number opens its rows."""
    form = CentreFilter(request.GET, actor=request.actor)
    given = form.cleaned_data if form.is_valid() else {}
    today = clock.today()
    figures = place_figures(_filtered(request, given, today), today)
    if given.get("free"):
        figures = {pk: one for pk, one in figures.items() if one.free[int(given["free"])] > 0}
    slice_ = take_page(request, list(figures), size=20)
    return page(
        request,
        "reception/centre_list.html",
        fragment="results",
        rows=centres_with(figures, slice_.rows),
        slice=slice_,
        form=form,
        active=active_filters(request, form, given),
        totals=_totals(figures.values()),
        may_add=request.actor.may(P.EDIT_CENTRES),
        today=today,
        wide=True,
    )


def _filtered(request: StaffRequest, given: dict[str, Any], today: date) -> CentreQuerySet:
    """Centres closed in the past are left out, unless somebody is still there."""
    found = Centre.objects.visible_to(request.actor).in_use(today)
    for name in ("municipality", "manager", "kind"):
        if given.get(name):
            found = found.filter(**{name: given[name]})
    return found


def _totals(figures: Collection[Places]) -> dict[str, int]:
    """Sums over the centres; places free in one do not pay for those beyond in another."""
    return {
        "places": sum(one.places for one in figures),
        "present": sum(one.present for one in figures),
        "free": sum(max(one.free[0], 0) for one in figures),
        "free_30": sum(max(one.free[30], 0) for one in figures),
        "free_90": sum(max(one.free[90], 0) for one in figures),
        "beyond": sum(max(-one.free[0], 0) for one in figures),
    }


def _centre_or_404(request: StaffRequest, public_id: UUID) -> Centre:
    centre: Centre = get_object_or_404(
        Centre.objects.visible_to(request.actor).select_related(
            "manager", "municipality__province", "contract"
        ),
        public_id=public_id,
    )
    return centre


@requires(P.SEE_CENTRES)
def centre_detail(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Who is in a centre, who leaves and when, who is announced."""
    return _centre_page(request, _centre_or_404(request, public_id))


def _centre_page(
    request: StaffRequest, centre: Centre, *, arrival_form: ArrivalForm | None = None, status: int = 200
) -> HttpResponse:
    today = clock.today()
    file = centre_file(request.actor, centre, today)
    asked = request.GET.get("see", "")
    slice_ = take_page(request, _rows(file, asked if asked in SEE else ""))
    rows = slice_.rows
    audit.record_read(
        request.actor, "centre_read", centre, persons=[row["stay"].person.public_id for row in rows]
    )
    return page(
        request,
        "reception/centre_detail.html",
        fragment="people",
        status=status,
        centre=centre,
        free=file.places.free,
        present=file.places.present,
        rows=rows,
        slice=slice_,
        reserved=sum(stay.person.is_reserved for stay in file.stays),
        arrivals=file.arrivals,
        arrival_form=arrival_form or ArrivalForm(),
        arrivals_reason=permissions.may_edit_centres(request.actor).reason,
        tabs=_tabs(request, centre, file, asked),
        asked=asked,
        breadcrumb=[*start_of_path(), {"label": centre.name, "url": ""}],
        wide=True,
    )


def _rows(file: Any, asked: str) -> list[dict[str, Any]]:
    """One row for each person seen; only those who leave, or leave for sure within some days, when asked."""
    today = clock.today()
    rows = []
    for stay in file.stays:
        leaving = file.exits.get(stay.person_id)
        day = leaving.leaves_on if leaving else None
        is_dated = bool(leaving and leaving.state in CONFIRMED_STATES)
        days = (day - today).days if day else None
        if asked == "leaving" and leaving is None:
            continue
        if asked.isdigit() and not (is_dated and days is not None and 0 <= days <= int(asked)):
            continue
        rows.append(
            {
                "stay": stay,
                "url": person_url(stay.person),
                "leaving": leaving,
                "days": days,
                "is_dated": is_dated,
            }
        )
    return rows


def _tabs(request: StaffRequest, centre: Centre, file: Any, asked: str) -> list[dict[str, Any]]:
    here = reverse("reception:centre_detail", args=[centre.public_id])
    counts = {"": len(file.stays), "leaving": len(file.exits)} | {
        str(days): count for days, count in file.places.leaving.items()
    }
    labels = {
        "": _("Tutti i presenti"),
        "leaving": _("Con un'uscita aperta"),
        "30": _("Escono in 30 giorni"),
        "60": _("in 60"),
        "90": _("in 90"),
    }
    return [
        {
            "label": label,
            "href": f"{here}?see={key}" if key else here,
            "current": key == asked,
            "count": counts[key],
            "icon": "",
        }
        for key, label in labels.items()
    ]


@requires(P.EDIT_CENTRES)
def centre_add(request: StaffRequest) -> HttpResponse:
    """Add a centre; `next` leads back to the import that missed it."""
    form = NewCentreForm(
        request.POST or None, actor=request.actor, initial={"name": request.GET.get("name", "")[:120]}
    )
    after = _own_path(request)
    if request.method == "POST" and tried(
        form, lambda typed: services.add_centre(actor=request.actor, **typed)
    ):
        return done(request, _("Centro aggiunto."), after)
    return page(
        request,
        "reception/form_page.html",
        status=422 if request.method == "POST" else 200,
        title=_("Nuovo centro"),
        form=form,
        submit=_("Aggiungi"),
        cancel=after,
        breadcrumb=[*start_of_path(), {"label": _("Nuovo centro"), "url": ""}],
    )


def _own_path(request: StaffRequest) -> str:
    """Where to go afterwards: a page of ours that the address names, else the centres."""
    asked = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith("/")
    return asked if is_ours else reverse("reception:centre_list")


@requires(P.EDIT_CENTRES)
def centre_edit(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Change places, closed places and the day of closing."""
    centre = _centre_or_404(request, public_id)
    here = reverse("reception:centre_detail", args=[centre.public_id])
    form = CentreForm(request.POST or None, instance=copy.copy(centre))
    if request.method == "POST" and tried(
        form,
        lambda typed: services.change_centre(
            actor=request.actor, centre=centre, expected_version=version_of(request), **typed
        ),
    ):
        return done(request, _("Posti aggiornati."), here)
    return page(
        request,
        "reception/form_page.html",
        status=422 if request.method == "POST" else 200,
        title=_("Posti del centro"),
        eyebrow=centre.name,
        form=form,
        version=centre.version,
        submit=_("Salva"),
        cancel=here,
        breadcrumb=[*start_of_path(), {"label": centre.name, "url": here}, {"label": _("Posti"), "url": ""}],
    )


@requires(P.EDIT_CENTRES)
@require_POST
def arrival_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Announce an arrival."""
    centre = _centre_or_404(request, public_id)
    form = ArrivalForm(request.POST)
    if tried(
        form,
        lambda typed: services.announce_arrival(
            actor=request.actor, centre=centre, today=clock.today(), **typed
        ),
    ):
        return done(
            request, _("Arrivo annunciato."), reverse("reception:centre_detail", args=[centre.public_id])
        )
    return _centre_page(request, centre, arrival_form=form, status=422)


@requires(P.EDIT_CENTRES)
@require_POST
def arrival_close(request: StaffRequest, public_id: UUID, arrival_id: UUID) -> HttpResponse:
    """Say that those announced have arrived, or that they are not coming (`withdraw`)."""
    centre = _centre_or_404(request, public_id)
    arrival = get_object_or_404(
        AnnouncedArrival.objects.select_related("centre"), centre=centre, public_id=arrival_id
    )
    here = reverse("reception:centre_detail", args=[centre.public_id])
    try:
        if request.POST.get("do") == "withdraw":
            services.withdraw_arrival(
                actor=request.actor, arrival=arrival, reason=request.POST.get("reason", "").strip()
            )
            return done(request, _("Annuncio tolto."), here)
        services.confirm_arrival(actor=request.actor, arrival=arrival, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(here)
    return done(request, _("Arrivo registrato: ora aggiungi le persone con i loro nomi."), here)
