"""The steps of an exit as one table: its form, its service, who may take it, its words. Each row is a view of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission as P
from ali.core.decisions import Decision
from ali.reception import forms, permissions, services
from ali.reception.models import Exit
from ali.reception.states import (
    DATED_STATES,
    EXIT_TRANSITIONS,
    WITHOUT_NEW_ADDRESS,
    ExitState,
    ExtensionAnswer,
)

ON_RECORD = frozenset({"today", "expected_version"})
SIGNED = ON_RECORD | {"now"}


@dataclass(frozen=True)
class Step:
    """A form of the exit page: its address, the verb of the table it takes, what it calls and its words.

    `given` names what the service takes besides the actor, the exit and what was typed.
    """

    name: str
    path: str
    verb: str
    opens_for: P
    form: type[forms.StepForm]
    act: Callable[..., object]
    label: str | Promise
    submit: str | Promise
    tone: str = "primary"
    given: frozenset[str] = ON_RECORD


STEPS = {
    step.name: step
    for step in (
        Step(
            "exit_propose",
            "proponi",
            "propose_date",
            P.PROPOSE_EXITS,
            forms.ProposeForm,
            services.propose_exit,
            _("Proponi una data"),
            _("Proponi"),
        ),
        Step(
            "exit_communicate",
            "comunica",
            "communicate",
            P.DECIDE_EXITS,
            forms.CommunicateForm,
            services.communicate_exit,
            _("Comunica la data"),
            _("Comunica"),
            given=SIGNED,
        ),
        Step(
            "exit_decree",
            "decreto",
            "decree",
            P.DECIDE_EXITS,
            forms.DecreeForm,
            services.decree_exit,
            _("Registra il decreto"),
            _("Registra il decreto"),
            given=SIGNED,
        ),
        Step(
            "exit_correct_day",
            "correggi",
            "correct_day",
            P.DECIDE_EXITS,
            forms.CorrectForm,
            services.correct_exit_day,
            _("Correggi il giorno"),
            _("Correggi"),
        ),
        Step(
            "exit_notify",
            "notifica",
            "notify",
            P.DECIDE_EXITS,
            forms.NotifyForm,
            services.notify_exit,
            _("Registra la notifica alla persona"),
            _("Registra la notifica"),
        ),
        Step(
            "exit_extend",
            "proroga",
            "extend",
            P.PROPOSE_EXITS,
            forms.ExtendForm,
            services.ask_extension,
            _("Chiedi una proroga"),
            _("Registra la richiesta"),
            given=frozenset({"today"}),
        ),
        Step(
            "exit_suspend",
            "sospensione",
            "suspend",
            P.DECIDE_EXITS,
            forms.SuspendForm,
            services.suspend_exit,
            _("Il giudice l'ha sospesa"),
            _("Registra la sospensione"),
        ),
        Step(
            "exit_resume",
            "ripresa",
            "resume",
            P.DECIDE_EXITS,
            forms.ResumeForm,
            services.resume_exit,
            _("La sospensione è finita"),
            _("Riprendi l'uscita"),
        ),
        Step(
            "exit_beyond",
            "oltre",
            "stay_beyond",
            P.PROPOSE_EXITS,
            forms.BeyondForm,
            services.mark_stayed_beyond,
            _("È rimasto oltre il termine"),
            _("Registra"),
        ),
        Step(
            "exit_complete",
            "avvenuta",
            "complete",
            P.PROPOSE_EXITS,
            forms.CompleteForm,
            services.complete_exit,
            _("L'uscita è avvenuta"),
            _("Registra l'uscita"),
            tone="success",
        ),
        Step(
            "exit_move_reported",
            "comunicazioni",
            "report_move",
            P.PROPOSE_EXITS,
            forms.MoveForm,
            services.report_move,
            _("Residenza e Questura dopo l'uscita"),
            _("Registra"),
        ),
        Step(
            "exit_cancel",
            "annulla",
            "cancel",
            P.PROPOSE_EXITS,
            forms.CancelForm,
            services.cancel_exit,
            _("Annulla l'uscita"),
            _("Annulla l'uscita"),
            tone="danger",
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
    ExitState.DONE: ("exit_move_reported",),
}


def step_rows(
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
    if verb == "report_move" and leaving.done_reason in WITHOUT_NEW_ADDRESS:
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
