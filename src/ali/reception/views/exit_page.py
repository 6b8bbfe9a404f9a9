"""The page of one exit: where it is, why this day, what can be done now and by whom."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from ali.accounts.actors import Actor, StaffRequest
from ali.audit import services as audit
from ali.core import clock
from ali.core.pages import page
from ali.reception import forms, permissions
from ali.reception.models import Exit
from ali.reception.queries import gap_items, needs_municipality, visible_exit
from ali.reception.states import (
    DATED_STATES,
    FLAGGED_SOLUTIONS,
    WITHOUT_SOLUTION,
    ExtensionAnswer,
    Solution,
)
from ali.reception.views.answers import person_url, tried
from ali.reception.views.exit_steps import step_rows
from ali.rules.english import in_reader_language


def exit_or_404(request: StaffRequest, public_id: UUID) -> Exit:
    leaving: Exit = get_object_or_404(visible_exit(request.actor, public_id))
    return leaving


def exit_url(leaving: Exit) -> str:
    return reverse("reception:exit_detail", args=[leaving.public_id])


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
        steps=step_rows(actor, leaving, today, filled),
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
        solution=solution_context(actor, leaving, is_open=False),
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


def solution_context(actor: Actor, leaving: Exit, *, is_open: bool, error: str = "") -> dict[str, Any]:
    return {
        "exit": leaving,
        "menu_open": is_open,
        "solutions": Solution.choices,
        "flagged": FLAGGED_SOLUTIONS,
        "without": WITHOUT_SOLUTION,
        "may": bool(permissions.may_set_solution(actor, leaving)),
        "error": error,
    }


def answer_form(
    request: StaffRequest,
    leaving: Exit,
    name: str,
    form: forms.StepForm,
    act: Callable[[dict[str, Any]], object],
) -> HttpResponse:
    """Call `act` with what was typed and go back to the page; 422 with the form called `name` when refused."""
    if tried(form, act):
        return HttpResponseRedirect(exit_url(leaving))
    # The refused step may have changed the row in memory: show what is stored.
    return exit_page(request, exit_or_404(request, leaving.public_id), typed={name: form}, status=422)


def _progress(leaving: Exit) -> list[dict[str, Any]]:
    """The acts with their days, as a short list."""
    rows = [
        (str(leaving.get_awaited_event_display()).capitalize(), leaving.event_on, ""),
        (_("Comunicata"), leaving.communicated_on, ""),
        (_("Decreto"), leaving.decree_on, _decree(leaving)),
        (_("Notificata alla persona"), leaving.notified_on, _notification(leaving)),
        (_("Sospesa dal giudice"), leaving.suspended_on, leaving.suspended_by),
        (_("Uscita avvenuta"), leaving.done_on, leaving.get_done_reason_display()),
        (_("Residenza dichiarata al Comune"), leaving.residence_declared_on, ""),
        (_("Indirizzo comunicato alla Questura"), leaving.questura_told_on, ""),
    ]
    return [{"label": label, "day": day, "note": note} for label, day, note in rows if day]


def _rule_row(rule: dict[str, Any]) -> dict[str, Any]:
    """Return a rule kept by the exit with its validity in words."""
    since = date.fromisoformat(rule["valid_from"])
    validity = _("dal %(day)s") % {"day": f"{since:%d/%m/%Y}"}
    return {**rule, "sentence": in_reader_language(rule["sentence"]), "validity": validity}


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
