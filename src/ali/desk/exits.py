"""The rows of the exit list: what a tired operator needs of each person on one line."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ali.reception.models import Exit
from ali.reception.querysets import ExitQuerySet
from ali.reception.states import DATED_STATES, FLAGGED_SOLUTIONS, WITHOUT_SOLUTION, ExitState, Gap, GapState

PAGE = 25
GAP_NAMES = {
    GapState.UNKNOWN: "unknown",
    GapState.OK: "ok",
    GapState.PARTIAL: "partial",
    GapState.MISSING: "missing",
}


@dataclass(frozen=True)
class ExitRow:
    """One person who leaves."""

    exit: Exit
    days_left: int | None
    is_dated: bool
    awaited: str
    gaps: list[dict[str, str]]
    has_solution: bool
    is_flagged: bool
    told: str


def gap_items(leaving: Exit) -> list[dict[str, str]]:
    """Return the five gaps as the component takes them."""
    return [
        {"kind": gap.value, "state": GAP_NAMES[GapState(getattr(leaving, f"gap_{gap.value}"))]} for gap in Gap
    ]


def _told(leaving: Exit, today: date) -> str:
    """Return the competent Comune and when it was told, for minors, pregnancy and vulnerability; empty for others."""
    person = leaving.person
    if not (person.is_minor_on(today) or person.is_pregnant or person.is_vulnerable):
        return ""
    name = person.competent_municipality.name if person.competent_municipality else _("Comune da indicare")
    if person.municipality_told_on:
        return _("%(name)s, avvisato il %(day)s") % {
            "name": name,
            "day": f"{person.municipality_told_on:%d/%m/%Y}",
        }
    return _("%(name)s, da avvisare") % {"name": name}


def exit_row(leaving: Exit, today: date) -> ExitRow:
    """Return one row; the exit comes with person, centre and owner already read."""
    return ExitRow(
        exit=leaving,
        days_left=(leaving.leaves_on - today).days if leaving.leaves_on else None,
        is_dated=leaving.state in DATED_STATES,
        awaited=leaving.get_awaited_event_display() if leaving.state == ExitState.EXPECTED else "",
        gaps=gap_items(leaving),
        has_solution=leaving.solution not in WITHOUT_SOLUTION,
        is_flagged=leaving.solution in FLAGGED_SOLUTIONS,
        told=_told(leaving, today),
    )


def by_day(exits: ExitQuerySet) -> QuerySet[Exit, int]:
    """Return whose turn it is: the ids alone, cheap to sort and to cut."""
    return exits.order_by("leaves_on", "pk").values_list("pk", flat=True)


def exit_rows(turn: Collection[int], today: date) -> list[ExitRow]:
    """Return the rows of these exits, by day of leaving: one query."""
    found = (
        Exit.objects.filter(pk__in=turn)
        .select_related(
            "person__competent_municipality", "stay__centre__manager", "stay__centre__municipality", "owner"
        )
        .order_by("leaves_on", "pk")
    )
    return [exit_row(leaving, today) for leaving in found]


EXPORT_COLUMNS = [
    _lazy("Persona"),
    _lazy("Centro"),
    _lazy("Ente gestore"),
    _lazy("Comune"),
    _lazy("Esce il"),
    _lazy("Giorni"),
    _lazy("Stato"),
    _lazy("Evento atteso"),
    _lazy("Soluzione"),
]
EXPORT_COLUMNS += [
    _lazy("Documenti"),
    _lazy("Reddito"),
    _lazy("Casa"),
    _lazy("Italiano"),
    _lazy("Rete"),
    _lazy("Chi segue"),
    _lazy("Prossimo passo"),
    _lazy("Entro il"),
    _lazy("Comune competente"),
]


def export_row(row: ExitRow) -> Sequence[Any]:
    """Return the cells of one row, as the columns of `EXPORT_COLUMNS`."""
    leaving = row.exit
    gaps = [str(GapState(getattr(leaving, f"gap_{gap.value}")).label) for gap in Gap]
    return [
        leaving.person.display_name,
        leaving.stay.centre.name,
        str(leaving.stay.centre.manager),
        leaving.stay.centre.municipality.name,
        leaving.leaves_on,
        row.days_left,
        leaving.get_state_display(),
        leaving.get_awaited_event_display(),
        leaving.get_solution_display(),
        *gaps,
        leaving.owner.full_name if leaving.owner else "",
        leaving.next_step,
        leaving.next_step_on,
        row.told,
    ]
