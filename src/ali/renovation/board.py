"""What works put on the board of their body: the phase under way, the clocks of titles, the terms of funding."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_noop

from ali.deadlines.models import Deadline, DeadlineKind
from ali.deadlines.services import Due, write_deadlines
from ali.renovation.clocks import LABELS
from ali.renovation.models import Works
from ali.renovation.queries import clocks_of, present_row
from ali.renovation.states import COUNTED_FUNDING, UNDER_WAY, Phase

PHASE_TITLE = gettext_noop("%(works)s: finire la fase «%(phase)s»")
CLOCK_TITLE = gettext_noop("%(works)s, %(title)s: %(clock)s")
SPEND_TITLE = gettext_noop("%(works)s: spendere il finanziamento «%(funding)s»")
REPORT_TITLE = gettext_noop("%(works)s: rendicontare il finanziamento «%(funding)s»")


def refresh_board(works: Works, today: date) -> None:
    """Make the deadlines of `works` exactly those that follow from what is written now."""
    dues = [*_dues(works, today)]
    prefix = f"renovation.works:{works.public_id}:"
    gone = Deadline.objects.filter(source__startswith=prefix)
    gone.exclude(source__in=[due.source for due in dues]).delete()
    write_deadlines(dues)


def _due(works: Works, what: str, due_on: date, sentence: str, /, **words: object) -> Due:
    return Due(
        kind=DeadlineKind.WORKS,
        source=f"renovation.works:{works.public_id}:{what}",
        due_on=due_on,
        title=sentence,
        organisations=(works.holder_id,),
        url_name="renovation:works_detail",
        url_id=works.public_id,
        words={"works": works.name, **words},
    )


def _dues(works: Works, today: date) -> Iterator[Due]:
    if works.phase == Phase.ABANDONED:
        return
    row = present_row(works)
    if works.phase in UNDER_WAY and row and row.planned_ends_on:
        phase = Phase(works.phase).label
        yield _due(works, "phase", row.planned_ends_on, PHASE_TITLE, phase=phase)
    for title, clocks in clocks_of(works, today):
        for one in clocks:
            if one.is_duty and one.due_on:
                what = f"title:{title.kind}:{one.code}"
                words = {"title": title.get_kind_display(), "clock": LABELS[one.code]}
                yield _due(works, what, one.due_on, CLOCK_TITLE, **words)
    for funding in works.fundings.filter(state__in=COUNTED_FUNDING).order_by("pk"):
        if funding.spend_by:
            what = f"funding:{funding.public_id}:spend"
            yield _due(works, what, funding.spend_by, SPEND_TITLE, funding=str(funding))
        if funding.report_by:
            what = f"funding:{funding.public_id}:report"
            yield _due(works, what, funding.report_by, REPORT_TITLE, funding=str(funding))
