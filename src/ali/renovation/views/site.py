from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.audit import services as audit
from ali.core import clock
from ali.core.pages import page
from ali.people.models import Person
from ali.renovation import permissions, services
from ali.renovation.forms import LeaveForm, PlaceForm, TraineeForm
from ali.renovation.models import SitePlace, Trainee
from ali.renovation.queries import places_of
from ali.renovation.views.frame import back, breadcrumb, form_page, say_errors, tabs, take, works_or_404


@requires(P.SEE_WORKS)
def works_site(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The places to learn on the site: how many are taken, names only of the people that the reader sees."""
    works = works_or_404(request.actor, public_id)
    places = places_of(works, request.actor)
    seen = [one.person.public_id for view in places for one in view.seen]
    if seen:
        audit.record_read(request.actor, "works_trainees_read", works, persons=seen)
    return page(
        request,
        "renovation/works_site.html",
        works=works,
        breadcrumb=breadcrumb(works, _("Cantiere scuola")),
        tabs=tabs(works, "works_site"),
        places=places,
        may_edit=permissions.may_edit_works(request.actor, works),
        today=clock.today(),
    )


@requires(P.EDIT_WORKS)
def places_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Open places to learn."""
    works = works_or_404(request.actor, public_id)
    form = PlaceForm(request.POST if request.method == "POST" else None)
    return form_page(
        request,
        form,
        act=lambda: services.add_places(actor=request.actor, works=works, facts=form.facts()),
        answer=lambda: back(works, "works_site"),
        title=_("Nuovi posti in cantiere scuola"),
        crumbs=breadcrumb(works, _("Nuovi posti in cantiere scuola")),
        cancel=reverse("renovation:works_site", args=[public_id]),
        submit=_("Aggiungi"),
    )


def _place(request: StaffRequest, public_id: UUID) -> SitePlace:
    found: SitePlace = get_object_or_404(
        SitePlace.objects.visible_to(request.actor).select_related("works"), public_id=public_id
    )
    return found


@requires(P.EDIT_WORKS)
def trainee_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Put somebody in a place."""
    place = _place(request, public_id)
    form = TraineeForm(request.POST if request.method == "POST" else None, actor=request.actor)
    listed = list(Person.objects.visible_to(request.actor).order_by("pk").values_list("public_id", flat=True))
    if listed:
        audit.record_read(request.actor, "works_trainees_read", place.works, persons=listed)
    return form_page(
        request,
        form,
        act=lambda: services.place_trainee(
            actor=request.actor,
            place=place,
            person=form.cleaned_data["person"],
            starts_on=form.cleaned_data["starts_on"],
        ),
        answer=lambda: back(place.works, "works_site"),
        title=_("Chi impara: %(task)s") % {"task": place.task},
        lead=_("Il tirocinio si registra nella scheda della persona: qui si dice solo chi è in cantiere."),
        crumbs=breadcrumb(place.works, place.task),
        cancel=reverse("renovation:works_site", args=[place.works.public_id]),
        submit=_("Aggiungi"),
    )


@requires(P.EDIT_WORKS)
@require_POST
def trainee_end(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write that somebody left a place."""
    place = _place(request, public_id)
    form = LeaveForm(request.POST)
    if not form.is_valid():
        say_errors(request, form)
        return back(place.works, "works_site")
    trainee = get_object_or_404(
        Trainee.objects.select_related("place__works", "person"),
        place=place,
        ends_on__isnull=True,
        person__in=Person.objects.visible_to(request.actor),
        person__public_id=form.cleaned_data["person"],
    )
    return take(
        request,
        lambda: services.end_trainee(actor=request.actor, trainee=trainee, on=form.cleaned_data["on"]),
        back(place.works, "works_site"),
    )
