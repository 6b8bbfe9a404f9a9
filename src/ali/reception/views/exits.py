from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import Actor, StaffRequest
from ali.accounts.roles import Permission as P
from ali.audit import services as audit
from ali.core import clock
from ali.core.decisions import Decision, NotAllowed, Refusal
from ali.core.pages import page, version_of
from ali.people import services as people
from ali.reception import forms, permissions, services
from ali.reception.models import Exit, ExitExtension
from ali.reception.queries import gap_items, needs_municipality, visible_exit
from ali.reception.states import (
    DATED_STATES,
    EXIT_TRANSITIONS,
    FLAGGED_SOLUTIONS,
    WITHOUT_SOLUTION,
    ExitState,
    ExtensionAnswer,
    Solution,
)
from ali.reception.views.answers import person_url, tried


@dataclass(frozen=True)
class Step:
    """A form of the exit page: which verb of the table it takes, its form, address and words."""

    verb: str
    form: type[forms.StepForm]
    url_name: str
    label: str | Promise
    submit: str | Promise
    tone: str = "primary"


STEPS = {
    step.url_name: step
    for step in (
        Step(
            "propose_date",
            forms.ProposeForm,
            "exit_propose",
            gettext_lazy("Proponi una data"),
            gettext_lazy("Proponi"),
        ),
        Step(
            "communicate",
            forms.CommunicateForm,
            "exit_communicate",
            gettext_lazy("Comunica la data"),
            gettext_lazy("Comunica"),
        ),
        Step(
            "decree",
            forms.DecreeForm,
            "exit_decree",
            gettext_lazy("Registra il decreto"),
            gettext_lazy("Registra il decreto"),
        ),
        Step(
            "notify",
            forms.NotifyForm,
            "exit_notify",
            gettext_lazy("Registra la notifica alla persona"),
            gettext_lazy("Registra la notifica"),
        ),
        Step(
            "extend",
            forms.ExtendForm,
            "exit_extend",
            gettext_lazy("Chiedi una proroga"),
            gettext_lazy("Registra la richiesta"),
        ),
        Step(
            "suspend",
            forms.SuspendForm,
            "exit_suspend",
            gettext_lazy("Il giudice l'ha sospesa"),
            gettext_lazy("Registra la sospensione"),
        ),
        Step(
            "resume",
            forms.ResumeForm,
            "exit_resume",
            gettext_lazy("La sospensione è finita"),
            gettext_lazy("Riprendi l'uscita"),
        ),
        Step(
            "stay_beyond",
            forms.BeyondForm,
            "exit_beyond",
            gettext_lazy("È rimasto oltre il termine"),
            gettext_lazy("Registra"),
        ),
        Step(
            "complete",
            forms.CompleteForm,
            "exit_complete",
            gettext_lazy("L'uscita è avvenuta"),
            gettext_lazy("Registra l'uscita"),
            "success",
        ),
        Step(
            "cancel",
            forms.CancelForm,
            "exit_cancel",
            gettext_lazy("Annulla l'uscita"),
            gettext_lazy("Annulla l'uscita"),
            "danger",
        ),
    )
}
# The step that usually comes now: its form is open.
USUAL = {
    ExitState.EXPECTED: ("exit_communicate", "exit_propose"),
    ExitState.PROPOSED: ("exit_communicate",),
    ExitState.COMMUNICATED: ("exit_notify",),
    ExitState.DECREED: ("exit_notify",),
    ExitState.NOTIFIED: ("exit_complete",),
    ExitState.SUSPENDED: ("exit_resume",),
    ExitState.STAYED_BEYOND: ("exit_complete",),
}


def exit_or_404(request: StaffRequest, public_id: UUID) -> Exit:
    leaving: Exit = get_object_or_404(visible_exit(request.actor, public_id))
    return leaving


def exit_url(leaving: Exit) -> str:
    return reverse("reception:exit_detail", args=[leaving.public_id])


@requires(P.PROPOSE_EXITS)
def exit_detail(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One exit: where it is, why this day, what can be done now and by whom."""
    return exit_page(request, exit_or_404(request, public_id))


def exit_page(
    request: StaffRequest,
    leaving: Exit,
    *,
    typed: dict[str, forms.StepForm] | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render the page of an exit, with the forms somebody `typed` in instead of empty ones."""
    today, actor = clock.today(), request.actor
    audit.record_read(actor, "exit_read", leaving, persons=[leaving.person.public_id])
    filled = typed or {}
    extensions = list(leaving.extensions.order_by("-asked_on", "-pk"))
    waiting = next((one for one in extensions if one.answer == ExtensionAnswer.WAITING), None)
    return page(
        request,
        "reception/exit_detail.html",
        status=status,
        exit=leaving,
        person_url=person_url(leaving.person),
        days=(leaving.leaves_on - today).days if leaving.leaves_on and leaving.is_open else None,
        is_dated=leaving.state in DATED_STATES,
        nights_beyond=leaving.nights_beyond_on(today),
        progress=_progress(leaving),
        steps=_steps(actor, leaving, today, filled),
        extensions=extensions,
        waiting=waiting,
        answer_form=filled.get("extension_answer")
        or (forms.AnswerForm(leaving=leaving, today=today, auto_id="answer_%s") if waiting else None),
        may_answer=bool(waiting and permissions.may_decide_exit(actor, leaving)),
        gaps=gap_items(leaving),
        rules=[_rule_row(rule) for rule in leaving.rule or []],
        told=needs_municipality(leaving, today),
        municipality_form=filled.get("exit_municipality")
        or forms.MunicipalityForm(leaving=leaving, today=today, auto_id="municipality_%s"),
        solution=_solution_context(actor, leaving, is_open=False),
        note_form=filled.get("exit_solution_note")
        or forms.SolutionNoteForm(leaving=leaving, today=today, auto_id="note_%s"),
        next_step_form=filled.get("exit_next_step")
        or forms.NextStepForm(leaving=leaving, today=today, actor=actor, auto_id="next_%s"),
        opened=set(filled),
        error=error,
        breadcrumb=[
            {"label": _("Chi esce"), "url": reverse("desk:exit_list")},
            {"label": leaving.person.display_name, "url": person_url(leaving.person)},
            {"label": _("Uscita"), "url": ""},
        ],
        wide=True,
    )


def _steps(
    actor: Actor, leaving: Exit, today: date, filled: dict[str, forms.StepForm]
) -> list[dict[str, Any]]:
    """The steps that can be taken now by somebody: open to this role, or with the reason why not."""
    rows = []
    for name, step in STEPS.items():
        if not _is_possible(step.verb, leaving, today):
            continue
        allowed = _allowed(actor, step.verb, leaving)
        rows.append(
            {
                "step": step,
                "name": name,
                "url": reverse(f"reception:{name}", args=[leaving.public_id]),
                "form": filled.get(name)
                or (step.form(leaving=leaving, today=today, auto_id=f"{name}_%s") if allowed else None),
                "reason": allowed.reason,
                "open": name in filled or (bool(allowed) and _is_usual(actor, name, leaving)),
            }
        )
    return rows


def _is_possible(verb: str, leaving: Exit, today: date) -> bool:
    if verb == "extend":
        waits = leaving.extensions.filter(answer=ExtensionAnswer.WAITING).exists()
        return leaving.state in DATED_STATES and not waits
    if verb == "stay_beyond" and (leaving.leaves_on is None or leaving.leaves_on >= today):
        return False
    return bool(EXIT_TRANSITIONS.can(verb, ExitState(leaving.state)))


def _allowed(actor: Actor, verb: str, leaving: Exit) -> Decision:
    if verb == "extend":
        return permissions.may_propose_exit(actor, leaving)
    return permissions.may_step(actor, verb, leaving)


def _is_usual(actor: Actor, name: str, leaving: Exit) -> bool:
    """The first of the usual steps that this role may take."""
    for usual in USUAL.get(ExitState(leaving.state), ()):
        if _allowed(actor, STEPS[usual].verb, leaving):
            return usual == name
    return False


def _progress(leaving: Exit) -> list[dict[str, Any]]:
    """The acts with their days, as a short list."""
    rows = [
        (str(leaving.get_awaited_event_display()).capitalize(), leaving.event_on, ""),
        (_("Comunicata"), leaving.communicated_on, ""),
        (_("Decreto"), leaving.decree_on, _decree(leaving)),
        (_("Notificata alla persona"), leaving.notified_on, _notification(leaving)),
        (_("Sospesa dal giudice"), leaving.suspended_on, leaving.suspended_by),
        (_("Uscita avvenuta"), leaving.done_on, leaving.get_done_reason_display()),
    ]
    return [{"label": label, "day": day, "note": note} for label, day, note in rows if day]


def _rule_row(rule: dict[str, Any]) -> dict[str, Any]:
    """Return a rule kept by the exit with its validity in words."""
    since = date.fromisoformat(rule["valid_from"])
    validity = _("dal %(day)s") % {"day": f"{since:%d/%m/%Y}"}
    return {**rule, "validity": validity}


def _decree(leaving: Exit) -> str:
    if not leaving.decree_number:
        return ""
    protocol = (
        _(", protocollo %(number)s") % {"number": leaving.decree_protocol} if leaving.decree_protocol else ""
    )
    return _("n. %(number)s") % {"number": leaving.decree_number} + protocol


def _notification(leaving: Exit) -> str:
    parts = [str(leaving.notified_language)] if leaving.notified_language else []
    if leaving.notified_with_mediator:
        parts.append(_("con mediatore"))
    return ", ".join(parts)


def _take(
    request: StaffRequest, public_id: UUID, name: str, act: Callable[[Exit, dict[str, Any]], object]
) -> HttpResponse:
    """Read one of the page's forms, call its service, go back to the page; 422 with what was typed when refused."""
    leaving = exit_or_404(request, public_id)
    form = STEPS[name].form(request.POST, leaving=leaving, today=clock.today(), auto_id=f"{name}_%s")
    if tried(form, lambda typed: act(leaving, typed)):
        return HttpResponseRedirect(exit_url(leaving))
    # The refused step may have changed the row in memory: show what is stored.
    return exit_page(request, exit_or_404(request, public_id), typed={name: form}, status=422)


def _shared(request: StaffRequest, leaving: Exit) -> dict[str, Any]:
    return {
        "actor": request.actor,
        "leaving": leaving,
        "today": clock.today(),
        "expected_version": version_of(request),
    }


@requires(P.PROPOSE_EXITS)
@require_POST
def exit_propose(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Propose a day."""
    return _take(
        request,
        public_id,
        "exit_propose",
        lambda leaving, typed: services.propose_exit(**_shared(request, leaving), **typed),
    )


@requires(P.DECIDE_EXITS)
@require_POST
def exit_communicate(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Communicate the day."""
    return _take(
        request,
        public_id,
        "exit_communicate",
        lambda leaving, typed: services.communicate_exit(
            **_shared(request, leaving), now=clock.now(), **typed
        ),
    )


@requires(P.DECIDE_EXITS)
@require_POST
def exit_decree(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Record the decree."""
    return _take(
        request,
        public_id,
        "exit_decree",
        lambda leaving, typed: services.decree_exit(**_shared(request, leaving), now=clock.now(), **typed),
    )


@requires(P.DECIDE_EXITS)
@require_POST
def exit_notify(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Record the notification."""
    return _take(
        request,
        public_id,
        "exit_notify",
        lambda leaving, typed: services.notify_exit(**_shared(request, leaving), **typed),
    )


@requires(P.PROPOSE_EXITS)
@require_POST
def exit_extend(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Record a request for more days."""
    return _take(
        request,
        public_id,
        "exit_extend",
        lambda leaving, typed: services.ask_extension(
            actor=request.actor, leaving=leaving, today=clock.today(), **typed
        ),
    )


@requires(P.DECIDE_EXITS)
@require_POST
def extension_answer(request: StaffRequest, public_id: UUID, extension_id: UUID) -> HttpResponse:
    """Answer a request for more days."""
    leaving = exit_or_404(request, public_id)
    asked = get_object_or_404(
        ExitExtension.objects.select_related("exit__person"), exit=leaving, public_id=extension_id
    )
    form = forms.AnswerForm(request.POST, leaving=leaving, today=clock.today(), auto_id="answer_%s")
    if tried(
        form,
        lambda typed: services.answer_extension(
            actor=request.actor,
            extension=asked,
            is_granted=typed["answer"] == "granted",
            answered_on=typed["answered_on"],
            reason=typed["reason"],
            today=clock.today(),
            expected_version=version_of(request),
        ),
    ):
        return HttpResponseRedirect(exit_url(leaving))
    return exit_page(request, exit_or_404(request, public_id), typed={"extension_answer": form}, status=422)


@requires(P.DECIDE_EXITS)
@require_POST
def exit_suspend(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Record a court's suspension."""
    return _take(
        request,
        public_id,
        "exit_suspend",
        lambda leaving, typed: services.suspend_exit(**_shared(request, leaving), **typed),
    )


@requires(P.DECIDE_EXITS)
@require_POST
def exit_resume(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Resume a suspended exit."""
    return _take(
        request,
        public_id,
        "exit_resume",
        lambda leaving, typed: services.resume_exit(**_shared(request, leaving), **typed),
    )


@requires(P.PROPOSE_EXITS)
@require_POST
def exit_beyond(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Record that the person has stayed beyond the day."""
    return _take(
        request,
        public_id,
        "exit_beyond",
        lambda leaving, typed: services.mark_stayed_beyond(**_shared(request, leaving), **typed),
    )


@requires(P.PROPOSE_EXITS)
@require_POST
def exit_complete(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Record that the person has left."""
    return _take(
        request,
        public_id,
        "exit_complete",
        lambda leaving, typed: services.complete_exit(**_shared(request, leaving), **typed),
    )


@requires(P.PROPOSE_EXITS)
@require_POST
def exit_cancel(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Cancel an exit."""
    return _take(
        request,
        public_id,
        "exit_cancel",
        lambda leaving, typed: services.cancel_exit(**_shared(request, leaving), **typed),
    )


# Solution, owner, next step, Comune ----------------------------------------------------------------------------------


def _solution_context(actor: Actor, leaving: Exit, *, is_open: bool, error: str = "") -> dict[str, Any]:
    return {
        "exit": leaving,
        "menu_open": is_open,
        "solutions": Solution.choices,
        "flagged": FLAGGED_SOLUTIONS,
        "without": WITHOUT_SOLUTION,
        "may": bool(permissions.may_set_solution(actor, leaving)),
        "error": error,
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
        **_solution_context(request.actor, leaving, is_open=is_open and not closing, error=error),
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
    if tried(
        form,
        lambda typed: services.set_solution(
            **_shared(request, leaving), solution=leaving.solution, now=clock.now(), **typed
        ),
    ):
        return HttpResponseRedirect(exit_url(leaving))
    return exit_page(request, exit_or_404(request, public_id), typed={"exit_solution_note": form}, status=422)


@requires(P.SET_SOLUTIONS)
@require_POST
def exit_next_step(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Say who follows and what is next."""
    leaving = exit_or_404(request, public_id)
    form = forms.NextStepForm(
        request.POST, leaving=leaving, today=clock.today(), actor=request.actor, auto_id="next_%s"
    )
    if tried(form, lambda typed: services.set_next_step(**_shared(request, leaving), **typed)):
        return HttpResponseRedirect(exit_url(leaving))
    return exit_page(request, exit_or_404(request, public_id), typed={"exit_next_step": form}, status=422)


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
    if tried(
        form,
        lambda typed: people.tell_municipality(
            actor=request.actor, person=leaving.person, today=clock.today(), **typed
        ),
    ):
        return HttpResponseRedirect(exit_url(leaving))
    return exit_page(request, exit_or_404(request, public_id), typed={"exit_municipality": form}, status=422)
