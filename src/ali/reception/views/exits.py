"""The page of an exit and a view for each row of `STEPS`: read the form, call the service, go back to the page."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.core import clock
from ali.core.pages import version_of
from ali.reception import forms, services
from ali.reception.models import ExitExtension
from ali.reception.views.exit_page import answer_form, exit_or_404, exit_page
from ali.reception.views.exit_steps import STEPS, Step


@requires(P.PROPOSE_EXITS)
def exit_detail(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One exit: where it is, why this day, what can be done now and by whom."""
    return exit_page(request, exit_or_404(request, public_id))


def _step_view(step: Step) -> Callable[..., HttpResponse]:
    @requires(step.opens_for)
    @require_POST
    def take(request: StaffRequest, public_id: UUID) -> HttpResponse:
        leaving = exit_or_404(request, public_id)
        form = step.form(request.POST, leaving=leaving, today=clock.today(), auto_id=f"{step.name}_%s")
        act = partial(step.act, actor=request.actor, leaving=leaving, **_given(request, step))
        return answer_form(request, leaving, step.name, form, lambda typed: act(**typed))

    take.__name__ = take.__qualname__ = step.name
    return take


def _given(request: StaffRequest, step: Step) -> dict[str, Any]:
    known = {"today": clock.today(), "now": clock.now(), "expected_version": version_of(request)}
    return {name: known[name] for name in step.given}


STEP_VIEWS = {step: _step_view(step) for step in STEPS.values()}


@requires(P.DECIDE_EXITS)
@require_POST
def extension_answer(request: StaffRequest, public_id: UUID, extension_id: UUID) -> HttpResponse:
    """Answer a request for more days."""
    leaving = exit_or_404(request, public_id)
    asked = get_object_or_404(
        ExitExtension.objects.select_related("exit__person"), exit=leaving, public_id=extension_id
    )
    form = forms.AnswerForm(request.POST, leaving=leaving, today=clock.today(), auto_id="answer_%s")
    return answer_form(
        request,
        leaving,
        "extension_answer",
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
    )
