"""What is to be done today, by role: each line is a number and the address of exactly the rows that it counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Window
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission as P
from ali.allocation import waiting
from ali.allocation.querysets import ProposalQuerySet
from ali.reception.models import ExitExtension
from ali.reception.states import (
    DATED_STATES,
    WITHOUT_SOLUTION,
    ExitState,
    ExtensionAnswer,
    Gap,
    GapState,
)

SOON = 14
NEAR = 30


@dataclass(frozen=True)
class ExitTask:
    """Something that open exits wait for from roles with `permission`; `address` narrows the list as `condition` does."""

    code: str
    label: str | Promise
    permission: P
    tone: str = ""


EXIT_TASKS = (
    ExitTask("urgent", gettext_lazy("escono entro 14 giorni senza una soluzione"), P.SET_SOLUTIONS, "danger"),
    ExitTask(
        "passed",
        gettext_lazy("il giorno di uscita è passato: registra com'è andata"),
        P.PROPOSE_EXITS,
        "danger",
    ),
    ExitTask("extension", gettext_lazy("proroghe chieste a cui rispondere"), P.DECIDE_EXITS, "warning"),
    ExitTask("notify", gettext_lazy("uscite comunicate e non ancora notificate"), P.DECIDE_EXITS, "warning"),
    ExitTask("proposed", gettext_lazy("date proposte da comunicare"), P.DECIDE_EXITS),
    ExitTask("step", gettext_lazy("prossimi passi arrivati al giorno"), P.SET_SOLUTIONS, "warning"),
    ExitTask(
        "municipality", gettext_lazy("Comuni da avvisare prima dell'uscita"), P.SET_SOLUTIONS, "warning"
    ),
    ExitTask("gaps", gettext_lazy("escono entro 30 giorni e manca ancora qualcosa"), P.SEE_MONEY),
    ExitTask("nobody", gettext_lazy("escono in 90 giorni e nessuno li segue"), P.SET_SOLUTIONS),
)
EXIT_TODO = [(task.code, task.label) for task in EXIT_TASKS]


def exit_condition(code: str, today: date) -> Q:
    """Return the condition on open exits of the task `code`: counted on the home page, listed when it is opened."""
    dated = Q(state__in=DATED_STATES)
    conditions = {
        "urgent": lambda: dated & _leaves_by(today, SOON) & Q(solution__in=WITHOUT_SOLUTION),
        "passed": lambda: dated & ~Q(state=ExitState.STAYED_BEYOND) & Q(leaves_on__lt=today),
        "extension": lambda: Q(
            Exists(ExitExtension.objects.filter(exit=OuterRef("pk"), answer=ExtensionAnswer.WAITING))
        ),
        "notify": lambda: Q(state__in=(ExitState.COMMUNICATED, ExitState.DECREED)),
        "proposed": lambda: Q(state=ExitState.PROPOSED),
        "step": lambda: Q(next_step_on__lte=today),
        "municipality": lambda: _leaves_by(today, NEAR) & _municipality_untold(today),
        "gaps": lambda: dated & _leaves_by(today, NEAR) & _lacks_something(),
        "nobody": lambda: _leaves_by(today, 90) & Q(owner__isnull=True),
    }
    return conditions[code]()


def _leaves_by(today: date, days: int) -> Q:
    return Q(leaves_on__lte=today + timedelta(days=days))


def _municipality_untold(today: date) -> Q:
    weak = Q(person__is_pregnant=True) | Q(person__is_vulnerable=True)
    return (weak | Q(person__birth_date__gt=_adult_since(today))) & Q(
        person__municipality_told_on__isnull=True
    )


def _adult_since(today: date) -> date:
    """Those born after it are minors; 29 February becomes the 28th."""
    return today.replace(year=today.year - 18, day=min(today.day, 28) if today.month == 2 else today.day)


def _lacks_something() -> Q:
    lacks = Q()
    for gap in Gap:
        lacks |= Q(**{f"gap_{gap.value}": GapState.MISSING})
    return lacks


def exit_counts(actor: Actor, today: date) -> dict[str, Count]:
    """Return what to ask of the open exits: one number for each task of the role."""
    return {
        f"todo_{task.code}": Count("pk", filter=exit_condition(task.code, today))
        for task in EXIT_TASKS
        if actor.may(task.permission)
    }


def exit_lines(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the lines that have something to do, the most urgent first."""
    url = reverse("desk:exit_list")
    return [
        {
            "value": counts[f"todo_{task.code}"],
            "label": task.label,
            "tone": task.tone,
            "href": f"{url}?days=all&dating=all&todo={task.code}",
        }
        for task in EXIT_TASKS
        if counts.get(f"todo_{task.code}")
    ]


@dataclass(frozen=True)
class ProposalTask:
    """Something that live proposals wait for from roles with `permission`."""

    wait: str
    label: str | Promise
    permission: P
    tone: str = ""


PROPOSAL_TASKS = (
    ProposalTask(
        waiting.HOME, gettext_lazy("proposte attendono la tua risposta"), P.ANSWER_FOR_HOME, "danger"
    ),
    ProposalTask(
        waiting.HOUSEHOLD,
        gettext_lazy("proposte da aprire con il nucleo"),
        P.RECORD_HOUSEHOLD_ANSWER,
        "danger",
    ),
    ProposalTask(waiting.LATE, gettext_lazy("proposte con la risposta in ritardo"), P.PUT_FORWARD, "warning"),
    ProposalTask(
        waiting.SLIPPED,
        gettext_lazy("proposte con la casa che si libera più tardi"),
        P.SEE_PROPOSALS,
        "warning",
    ),
    ProposalTask(waiting.VISIT, gettext_lazy("visite di case nei prossimi 7 giorni"), P.SEE_PROPOSALS),
)


def with_counts(live: ProposalQuerySet, today: date) -> ProposalQuerySet:
    """Let each row carry how many of all of them wait for each thing: the list and its numbers in one statement."""
    counted: ProposalQuerySet = live.annotate(
        **{
            f"todo_{task.wait}": Window(Count("pk", filter=waiting.condition_of(task.wait, today)))
            for task in PROPOSAL_TASKS
        }
    )
    return counted


def proposal_lines(actor: Actor, first: object | None) -> list[dict[str, Any]]:
    """Return the lines that have something to do, read from the first row of `with_counts`."""
    url = reverse("allocation:proposal_list")
    return [
        {
            "value": getattr(first, f"todo_{task.wait}"),
            "label": task.label,
            "tone": task.tone,
            "href": f"{url}?wait={task.wait}",
        }
        for task in PROPOSAL_TASKS
        if first is not None and actor.may(task.permission) and getattr(first, f"todo_{task.wait}")
    ]


def round_lines(actor: Actor) -> list[dict[str, Any]]:
    """Return what the last round suggests and waits for the first signature."""
    public_id, homes = waiting.undecided_in_last_round(actor)
    if public_id is None:
        return []
    return [
        {
            "value": homes,
            "label": gettext_lazy("case suggerite dall'ultimo giro da firmare o scartare"),
            "tone": "warning",
            "href": reverse("allocation:round_detail", args=[public_id]),
        }
    ]
