from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
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
from ali.core.paging import take_page
from ali.housing.models import Dwelling
from ali.people.models import Person
from ali.upkeep import permissions, services
from ali.upkeep.forms import ColleagueForm, MediationEndForm, MediationForm, MediationNoteForm
from ali.upkeep.models import Mediation, MediationColleague, MediationNote
from ali.upkeep.states import MediationState
from ali.upkeep.views.pages import breadcrumb, home_asked, tabs


@requires(P.SEE_VISITS)
def mediation_list(request: StaffRequest) -> HttpResponse:
    """The mediations that the actor reads, and how many others are under way in the body's homes: a number, no more."""
    actor = request.actor
    mine = Mediation.objects.visible_to(actor)
    rows = mine.select_related("dwelling__building__municipality", "opened_by").order_by(
        "-state", "next_step_on", "-opened_on", "pk"
    )
    others = Mediation.objects.counted_for(actor).exclude(pk__in=mine.values("pk")).values("dwelling")
    return page(
        request,
        "upkeep/mediation_list.html",
        mediations=take_page(request, rows, size=30),
        others=others.count(),
        homes_of_others=Dwelling.objects.filter(pk__in=others)
        .select_related("building")
        .order_by("building__address", "label", "pk"),
        tabs=tabs("upkeep:mediation_list"),
        may_add=actor.may(P.EDIT_VISITS),
        today=clock.today(),
    )


@requires(P.EDIT_VISITS)
def mediation_open(request: StaffRequest) -> HttpResponse:
    """Begin to settle a conflict in a home."""
    home, choice = home_asked(request)
    if home is None:
        return page(
            request,
            "upkeep/home_choice.html",
            breadcrumb=breadcrumb("upkeep:mediation_list", _("Mediazioni"), _("Nuova mediazione")),
            title=_("Una mediazione"),
            form=choice,
            action=reverse("upkeep:mediation_open"),
            cancel=reverse("upkeep:mediation_list"),
        )
    today = clock.today()
    data = request.POST if request.method == "POST" else None
    form = MediationForm(data, actor=request.actor, home=home, today=today)
    if data is not None and form.is_valid():
        try:
            made = services.open_mediation(
                actor=request.actor, home=home, conflict=form.conflict(), now=clock.now(), today=today
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(_address(made))
    audit.record_read(request.actor, "home_diary_read", persons=[one.public_id for one in form.living])
    return page(
        request,
        "upkeep/mediation_form.html",
        status=200 if data is None else 422,
        breadcrumb=breadcrumb("upkeep:mediation_list", _("Mediazioni"), _("Nuova mediazione")),
        home=home,
        form=form,
    )


def _address(mediation: Mediation) -> str:
    return reverse("upkeep:mediation_detail", args=[mediation.public_id])


def _mediation_or_404(request: StaffRequest, public_id: UUID) -> Mediation:
    found: Mediation = get_object_or_404(
        Mediation.objects.visible_to(request.actor).select_related(
            "dwelling__building__municipality", "opened_by"
        ),
        public_id=public_id,
    )
    return found


@requires(P.EDIT_VISITS)
def mediation_detail(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One mediation, for those who are inside it: notes, agreements, what comes next, who else reads."""
    return _show(request, _mediation_or_404(request, public_id))


def _show(request: StaffRequest, mediation: Mediation, status: int = 200, **forms: Any) -> HttpResponse:
    actor, today = request.actor, clock.today()
    persons = list(
        Person.objects.visible_to(actor)
        .filter(pk__in=mediation.persons.values("pk"))
        .order_by("sort_key", "pk")
    )
    audit.record_read(actor, "home_diary_read", mediation, persons=[one.public_id for one in persons])
    start = {"next_step": mediation.next_step, "next_step_on": mediation.next_step_on}
    return page(
        request,
        "upkeep/mediation_detail.html",
        status=status,
        breadcrumb=breadcrumb("upkeep:mediation_list", _("Mediazioni"), str(mediation.dwelling)),
        mediation=mediation,
        persons=persons,
        notes=MediationNote.objects.visible_to(actor)
        .filter(mediation=mediation)
        .select_related("written_by")
        .order_by("-written_at", "-pk"),
        colleagues=mediation.colleagues.filter(ended_on__isnull=True).select_related("user").order_by("pk"),
        is_open=mediation.state == MediationState.UNDER_WAY,
        may_name=permissions.may_name_colleague(actor, mediation),
        **{
            "note_form": MediationNoteForm(initial=start),
            "end_form": MediationEndForm(),
            "colleague_form": ColleagueForm(actor=actor, today=today),
            **forms,
        },
    )


def _back(request: StaffRequest, mediation: Mediation, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(_address(mediation))


@requires(P.EDIT_VISITS)
@require_POST
def mediation_note(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Add a note or an agreement."""
    mediation, form = _mediation_or_404(request, public_id), MediationNoteForm(request.POST)
    if not form.is_valid():
        return _show(request, mediation, 422, note_form=form)
    return _back(
        request,
        mediation,
        lambda: services.write_note(
            actor=request.actor,
            mediation=mediation,
            kind=form.cleaned_data["kind"],
            text=form.cleaned_data["text"],
            step=form.step(),
            expected_version=version_of(request),
            now=clock.now(),
        ),
    )


@requires(P.EDIT_VISITS)
@require_POST
def mediation_close(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Close a mediation."""
    mediation, form = _mediation_or_404(request, public_id), MediationEndForm(request.POST)
    if not form.is_valid():
        return _show(request, mediation, 422, end_form=form)
    return _back(
        request,
        mediation,
        lambda: services.close_mediation(
            actor=request.actor,
            mediation=mediation,
            **form.cleaned_data,
            expected_version=version_of(request),
            now=clock.now(),
            today=clock.today(),
        ),
    )


@requires(P.EDIT_VISITS)
@require_POST
def mediation_reopen(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take up a closed mediation again."""
    mediation = _mediation_or_404(request, public_id)
    return _back(
        request,
        mediation,
        lambda: services.reopen_mediation(
            actor=request.actor,
            mediation=mediation,
            text=request.POST.get("reason", ""),
            expected_version=version_of(request),
            now=clock.now(),
        ),
    )


@requires(P.EDIT_VISITS)
@require_POST
def colleague_name(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Let a colleague read and write a mediation."""
    mediation = _mediation_or_404(request, public_id)
    form = ColleagueForm(request.POST, actor=request.actor, today=clock.today())
    if not form.is_valid():
        return _show(request, mediation, 422, colleague_form=form)
    return _back(
        request,
        mediation,
        lambda: services.name_colleague(
            actor=request.actor,
            mediation=mediation,
            colleague=form.cleaned_data["colleague"],
            now=clock.now(),
            today=clock.today(),
        ),
    )


@requires(P.EDIT_VISITS)
@require_POST
def colleague_unname(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """End what a colleague may read of a mediation."""
    mine = Mediation.objects.visible_to(request.actor)
    colleague: MediationColleague = get_object_or_404(
        MediationColleague.objects.filter(mediation__in=mine).select_related("mediation__dwelling"),
        public_id=public_id,
    )
    return _back(
        request,
        colleague.mediation,
        lambda: services.unname_colleague(
            actor=request.actor,
            colleague=colleague,
            expected_version=version_of(request),
            now=clock.now(),
            today=clock.today(),
        ),
    )
