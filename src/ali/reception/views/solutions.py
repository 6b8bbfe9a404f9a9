"""Where a person goes, who follows and what is next, and the Comune that was told."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.audit import services as audit
from ali.core import clock
from ali.core.decisions import NotAllowed, Refusal
from ali.core.pages import page, version_of
from ali.people import services as people
from ali.reception import forms, services
from ali.reception.models import Exit
from ali.reception.views.answers import person_url
from ali.reception.views.exit_page import answer_form, exit_or_404, exit_url, solution_context


def _shared(request: StaffRequest, leaving: Exit) -> dict[str, Any]:
    return {
        "actor": request.actor,
        "leaving": leaving,
        "today": clock.today(),
        "expected_version": version_of(request),
    }


@requires(P.SET_SOLUTIONS)
def exit_solution(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The two-click menu: a first click opens it (GET), a second sets the solution (POST)."""
    leaving = exit_or_404(request, public_id)
    error = ""
    if request.method == "POST":
        error = _set_solution(request, leaving)
        if not error and not getattr(request, "htmx", False):
            return HttpResponseRedirect(exit_url(leaving))
        leaving = exit_or_404(request, public_id)
    is_open = request.method == "GET" or bool(error)
    closing = request.method == "GET" and "close" in request.GET
    audit.record_read(request.actor, "exit_read", leaving, persons=[leaving.person.public_id])
    return page(
        request,
        "reception/exit_solution.html",
        fragment="menu",
        status=422 if error else 200,
        breadcrumb=[
            {"label": leaving.person.display_name, "url": person_url(leaving.person)},
            {"label": _("Uscita"), "url": exit_url(leaving)},
            {"label": _("Soluzione"), "url": ""},
        ],
        **solution_context(request.actor, leaving, is_open=is_open and not closing, error=error),
    )


def _set_solution(request: StaffRequest, leaving: Exit) -> str:
    """Set the solution sent; return the sentence of a refusal."""
    try:
        services.set_solution(
            **_shared(request, leaving), solution=request.POST.get("solution", ""), now=clock.now()
        )
    except NotAllowed:
        raise
    except Refusal as refusal:
        return str(refusal)
    return ""


@requires(P.SET_SOLUTIONS)
@require_POST
def exit_solution_note(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write where exactly."""
    leaving = exit_or_404(request, public_id)
    form = forms.SolutionNoteForm(request.POST, leaving=leaving, today=clock.today(), auto_id="note_%s")
    return answer_form(
        request,
        leaving,
        "exit_solution_note",
        form,
        lambda typed: services.set_solution(
            **_shared(request, leaving), solution=leaving.solution, now=clock.now(), **typed
        ),
    )


@requires(P.SET_SOLUTIONS)
@require_POST
def exit_next_step(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Say who follows and what is next."""
    leaving = exit_or_404(request, public_id)
    form = forms.NextStepForm(
        request.POST, leaving=leaving, today=clock.today(), actor=request.actor, auto_id="next_%s"
    )
    return answer_form(
        request,
        leaving,
        "exit_next_step",
        form,
        lambda typed: services.set_next_step(**_shared(request, leaving), **typed),
    )


@requires(P.SET_SOLUTIONS)
@require_POST
def exit_municipality(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Record that the competent Comune was told."""
    leaving = exit_or_404(request, public_id)
    if not leaving.is_open:
        raise Http404
    form = forms.MunicipalityForm(
        request.POST, leaving=leaving, today=clock.today(), auto_id="municipality_%s"
    )
    return answer_form(
        request,
        leaving,
        "exit_municipality",
        form,
        lambda typed: people.tell_municipality(
            actor=request.actor, person=leaving.person, today=clock.today(), **typed
        ),
    )
