"""What if, on a round: asked with a form, answered by the worker, read on a page that waits for it."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.allocation import wording
from ali.allocation.forms import WhatIfForm
from ali.allocation.models import Round
from ali.allocation.queries import members_seen
from ali.allocation.states import Outcome, RoundState
from ali.allocation.tasks import answer_what_if
from ali.allocation.trying import NEW_HOME, Asked
from ali.audit import services as audit
from ali.core.pages import page
from ali.housing.models import Dwelling
from ali.people.models import Household

ENDED = {TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED}


def what_if_form(rows: list[dict[str, Any]], data: Any = None) -> WhatIfForm:  # Any: what a request posts
    """Return the form with the homes and the households of the proposals that the actor sees."""
    homes = {str(row["entry"].dwelling.public_id): str(row["entry"].dwelling) for row in rows}
    households = [
        (
            str(row["entry"].household.public_id),
            ", ".join(member.display_name for member in row["members"]),
        )
        for row in rows
    ]
    return WhatIfForm(
        data,
        homes=sorted(homes.items(), key=lambda pair: (pair[1], pair[0])),
        households=sorted(households, key=lambda pair: (pair[1], pair[0])),
    )


def _solved(request: StaffRequest, public_id: str) -> Round:
    rounds = Round.objects.visible_to(request.actor).filter(state=RoundState.SOLVED)
    found: Round = get_object_or_404(rounds.select_related("province").defer("instance"), public_id=public_id)
    return found


def _rows(request: StaffRequest, round_: Round) -> list[dict[str, Any]]:
    entries = list(
        round_.entries.filter(outcome=Outcome.PROPOSED)
        .select_related("household", "dwelling__building")
        .order_by("pk")
    )
    members = members_seen(request.actor, [entry.household_id for entry in entries], for_lists=True)
    return [
        {"entry": entry, "members": members[entry.household_id]}
        for entry in entries
        if entry.household_id in members
    ]


@requires(P.RUN_ROUNDS)
@require_POST
def round_try(request: StaffRequest, public_id: str) -> HttpResponse:
    """Ask the worker what a change would do."""
    round_ = _solved(request, public_id)
    rows = _rows(request, round_)
    form = what_if_form(rows, request.POST)
    if not form.is_valid():
        return _answer_page(request, round_, rows, status=422, form=form)
    given = form.cleaned_data
    asked = Asked(kind=given["kind"], dwelling=given["dwelling"], household=given["household"])
    audit.record(request.actor, "round_change_tried", round_, kind=asked["kind"])
    task = answer_what_if.enqueue(round_.pk, asked)
    return HttpResponseRedirect(reverse("allocation:round_answer", args=[round_.public_id, task.id]))


@requires(P.RUN_ROUNDS)
def round_answer(request: StaffRequest, public_id: str, task_id: str) -> HttpResponse:
    """What a change would do; a page that waits while the worker computes."""
    round_ = _solved(request, public_id)
    task = get_object_or_404(DBTaskResult, pk=task_id, task_path=answer_what_if.module_path)
    arguments = task.args_kwargs["args"]
    if arguments[0] != round_.pk:
        raise Http404
    url = reverse("allocation:round_answer", args=[round_.public_id, task_id])
    ended = task.status in ENDED
    if request.headers.get("HX-Request"):
        response = page(request, "allocation/_answer_progress.html", poll_url=url, ended=ended)
        if ended:
            response.headers["HX-Redirect"] = url
        return response
    rows = _rows(request, round_)
    answer = task.return_value if task.status == TaskResultStatus.SUCCESSFUL else None
    told = _told(request, answer) if answer else {}
    return _answer_page(
        request,
        round_,
        rows,
        form=what_if_form(rows),
        poll_url=url,
        ended=ended,
        failed=task.status == TaskResultStatus.FAILED,
        asked=_asked(rows, arguments[1]),
        **told,
    )


def _answer_page(
    request: StaffRequest, round_: Round, rows: list[dict[str, Any]], *, status: int = 200, **context: Any
) -> HttpResponse:
    """The page names households: in its answer and in its form."""
    audit.record_read(
        request.actor,
        "round_read",
        round_,
        persons=[person.public_id for row in rows for person in row["members"]],
    )
    return page(
        request, "allocation/round_answer.html", status=status, round=round_, **_crumbs(round_), **context
    )


def _crumbs(round_: Round) -> dict[str, Any]:
    return {
        "breadcrumb": [
            {"label": _("Abbinamenti"), "url": reverse("allocation:round_list")},
            {
                "label": _("Giro del %(day)s") % {"day": f"{round_.day:%d/%m/%Y}"},
                "url": reverse("allocation:round_detail", args=[round_.public_id]),
            },
            {"label": _("E se…"), "url": ""},
        ]
    }


def _asked(rows: list[dict[str, Any]], asked: dict[str, str]) -> str:
    """Return the question in words, with the names that the actor sees now."""
    homes = {str(row["entry"].dwelling.public_id): str(row["entry"].dwelling) for row in rows}
    names = {
        str(row["entry"].household.public_id): ", ".join(one.display_name for one in row["members"])
        for row in rows
    }
    return wording.what_if_question(
        asked["kind"], homes.get(asked["dwelling"], "—"), names.get(asked["household"], "—")
    )


def _told(request: StaffRequest, answer: dict[str, Any]) -> dict[str, Any]:
    if "refused" in answer:
        return {"refused": answer["refused"]}
    moves = answer["moves"]
    wanted = {move["household"] for move in moves}
    households = {
        str(one.public_id): one.pk for one in Household.objects.filter(public_id__in=wanted).only("public_id")
    }
    members = members_seen(request.actor, list(households.values()), for_lists=True)
    ids = {move[side] for move in moves for side in ("before", "after")} - {"", NEW_HOME}
    homes = {
        str(one.public_id): str(one)
        for one in Dwelling.objects.visible_to(request.actor)
        .filter(public_id__in=ids)
        .select_related("building")
    }
    homes |= {NEW_HOME: _("la casa nuova")}
    nowhere = _("senza casa")
    rows = [
        {
            "members": members[households[move["household"]]],
            "before": homes.get(move["before"], nowhere),
            "after": homes.get(move["after"], nowhere),
        }
        for move in moves
        if households.get(move["household"]) in members
    ]
    return {"sentences": wording.what_if_sentences(answer), "moves": rows}
