from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import Actor, StaffRequest
from ali.accounts.roles import Permission as P
from ali.audit import services as audit
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.pages import page, version_of
from ali.core.paging import take_page
from ali.people.models import Person
from ali.upkeep import permissions, services
from ali.upkeep.forms import MoveForm, OutcomeForm, VisitForm
from ali.upkeep.models import Visit
from ali.upkeep.states import VisitOutcome, VisitState
from ali.upkeep.views.pages import breadcrumb, home_asked, home_or_404, tabs


@requires(P.SEE_VISITS)
def visit_list(request: StaffRequest) -> HttpResponse:
    """The visits to be made, or those made; of one home when the address says which."""
    is_past = request.GET.get("quali") == "fatte"
    visits = Visit.objects.visible_to(request.actor).select_related(
        "dwelling__building__municipality", "visitor"
    )
    home = home_or_404(request.actor, request.GET["casa"]) if request.GET.get("casa") else None
    if home is not None:
        visits = visits.filter(dwelling=home)
    planned = visits.planned().order_by("planned_on", "planned_at_time", "pk")
    past = visits.exclude(state=VisitState.PLANNED).order_by("-planned_on", "-pk")
    rows = take_page(request, past if is_past else planned, size=30)
    persons = _persons_of(request.actor, rows.rows)
    everybody = [one for group in persons.values() for one in group]
    _note_reading(request.actor, everybody)
    return page(
        request,
        "upkeep/visit_list.html",
        fragment="results",
        visits=rows,
        lines=[{"visit": one, "persons": persons.get(one.pk, [])} for one in rows.rows],
        home=home,
        is_past=is_past,
        tabs=tabs("upkeep:visit_list"),
        today=clock.today(),
    )


def _persons_of(actor: Actor, visits: list[Visit]) -> dict[int, list[Person]]:
    """Return whom each visit concerns, as far as the actor may know them. Two queries."""
    pairs = Visit.persons.through.objects.filter(visit__in=[one.pk for one in visits]).order_by("pk")
    ids = list(pairs.values_list("visit_id", "person_id"))
    seen = {
        person.pk: person
        for person in Person.objects.visible_to(actor).filter(pk__in=[person for _visit, person in ids])
    }
    found: dict[int, list[Person]] = {}
    for visit, person in ids:
        if person in seen:
            found.setdefault(visit, []).append(seen[person])
    return found


def _note_reading(actor: Actor, persons: list[Person], visit: Visit | None = None) -> None:
    audit.record_read(actor, "home_diary_read", visit, persons=[one.public_id for one in persons])


def _address(visit: Visit) -> str:
    return reverse("upkeep:visit_detail", args=[visit.public_id])


@requires(P.EDIT_VISITS)
def visit_plan(request: StaffRequest) -> HttpResponse:
    """Plan a visit to a home."""
    home, choice = home_asked(request)
    if home is None:
        return page(
            request,
            "upkeep/home_choice.html",
            breadcrumb=breadcrumb("upkeep:visit_list", _("Visite"), _("Nuova visita")),
            title=_("Una visita"),
            form=choice,
            action=reverse("upkeep:visit_plan"),
            cancel=reverse("upkeep:visit_list"),
        )
    today = clock.today()
    data = request.POST if request.method == "POST" else None
    start = {"visitor": request.actor.user_id}
    form = VisitForm(data, actor=request.actor, home=home, today=today, initial=start)
    if data is not None and form.is_valid():
        try:
            made = services.plan_visit(actor=request.actor, home=home, plan=form.plan(), today=today)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(_address(made))
    _note_reading(request.actor, form.living)
    return page(
        request,
        "upkeep/visit_form.html",
        status=200 if data is None else 422,
        breadcrumb=breadcrumb("upkeep:visit_list", _("Visite"), _("Nuova visita")),
        home=home,
        form=form,
    )


def _visit_or_404(request: StaffRequest, public_id: UUID) -> Visit:
    found: Visit = get_object_or_404(
        Visit.objects.visible_to(request.actor).select_related(
            "dwelling__building__municipality", "visitor", "planned_by", "follows"
        ),
        public_id=public_id,
    )
    return found


@requires(P.SEE_VISITS)
def visit_detail(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One visit: whom it concerns, how it went, what follows."""
    return _show(request, _visit_or_404(request, public_id))


def _show(request: StaffRequest, visit: Visit, status: int = 200, **forms: Any) -> HttpResponse:
    actor, today = request.actor, clock.today()
    persons = _persons_of(actor, [visit]).get(visit.pk, [])
    _note_reading(actor, persons, visit)
    start = {
        "visitor": visit.visitor_id,
        "planned_on": visit.planned_on,
        "planned_at_time": visit.planned_at_time,
    }
    return page(
        request,
        "upkeep/visit_detail.html",
        status=status,
        breadcrumb=breadcrumb("upkeep:visit_list", _("Visite"), str(visit.dwelling)),
        visit=visit,
        persons=persons,
        days_left=(visit.planned_on - today).days,
        outcomes=[VisitOutcome(one).label for one in visit.outcomes],
        is_planned=visit.state == VisitState.PLANNED,
        may_edit=permissions.may_edit_visit(actor, visit),
        next_visits=Visit.objects.visible_to(actor).filter(follows=visit).order_by("pk"),
        **{
            "outcome_form": OutcomeForm(initial={"done_on": _day_of(visit, today)}),
            "move_form": MoveForm(actor=actor, today=today, initial=start),
            **forms,
        },
    )


def _day_of(visit: Visit, today: date) -> date:
    return min(visit.planned_on, today)


def _back(request: StaffRequest, visit: Visit, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(_address(visit))


@requires(P.EDIT_VISITS)
@require_POST
def visit_record(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write how a visit went."""
    visit, form = _visit_or_404(request, public_id), OutcomeForm(request.POST)
    if not form.is_valid():
        return _show(request, visit, 422, outcome_form=form)
    return _back(
        request,
        visit,
        lambda: services.record_visit(
            actor=request.actor,
            visit=visit,
            found=form.found(),
            expected_version=version_of(request),
            now=clock.now(),
            today=clock.today(),
        ),
    )


@requires(P.EDIT_VISITS)
@require_POST
def visit_end(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Nobody was in, or the visit is cancelled."""
    visit = _visit_or_404(request, public_id)
    verb = "miss" if request.POST.get("verb") == "miss" else "cancel"
    return _back(
        request,
        visit,
        lambda: services.end_visit(
            actor=request.actor,
            visit=visit,
            verb=verb,
            reason=request.POST.get("reason", ""),
            expected_version=version_of(request),
            now=clock.now(),
        ),
    )


@requires(P.EDIT_VISITS)
@require_POST
def visit_move(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Another day, or another colleague."""
    visit = _visit_or_404(request, public_id)
    form = MoveForm(request.POST, actor=request.actor, today=clock.today())
    if not form.is_valid():
        return _show(request, visit, 422, move_form=form)
    return _back(
        request,
        visit,
        lambda: services.move_visit(
            actor=request.actor,
            visit=visit,
            **form.cleaned_data,
            expected_version=version_of(request),
            today=clock.today(),
        ),
    )
