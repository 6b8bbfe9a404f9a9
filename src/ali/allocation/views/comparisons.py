from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.allocation import permissions, services, wording
from ali.allocation.comparisons import Change, Comparison, compare_rounds
from ali.allocation.eligibility import DEFAULT_WEIGHTS
from ali.allocation.models import Round
from ali.allocation.queries import members_seen, weights_of
from ali.allocation.states import RoundState
from ali.allocation.views.rounds import round_or_404
from ali.audit import services as audit
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.pages import page, version_of
from ali.people.models import Person

OTHERS_OFFERED = 10


@requires(P.RUN_ROUNDS)
def round_compare(request: StaffRequest, public_id: str) -> HttpResponse:
    """Two rounds of one province side by side; for a trial, whoever has seen it may put its criteria in force."""
    after = round_or_404(request, public_id)
    others = _others(request, after)
    before = next((one for one in others if str(one.public_id) == request.GET.get("con")), None)
    before = before or next((one for one in others if not one.is_trial), None)
    if after.state != RoundState.SOLVED:
        raise Http404
    found = compare_rounds(before, after) if before else None
    members = members_seen(
        request.actor, [one.household_id for one in found.changes] if found else [], for_lists=True
    )
    audit.record_read(
        request.actor,
        "rounds_compared",
        after,
        persons=[person.public_id for seen in members.values() for person in seen],
    )
    return page(
        request,
        "allocation/round_compare.html",
        wide=True,
        breadcrumb=[
            {"label": _("Abbinamenti"), "url": reverse("allocation:round_list")},
            {"label": _("Confronto"), "url": ""},
        ],
        before=before,
        after=after,
        others=[one for one in others if one != before],
        found=found,
        is_same_day=bool(before and (before.day, before.window_days) == (after.day, after.window_days)),
        groups=_groups(found, members) if found else [],
        weights=_weights(before, after),
        may_enforce=permissions.may_enforce_criteria(request.actor, after.criteria, after),
    )


def _others(request: StaffRequest, round_: Round) -> list[Round]:
    return list(
        Round.objects.visible_to(request.actor)
        .filter(province=round_.province_id, state=RoundState.SOLVED)
        .exclude(pk=round_.pk)
        .select_related("criteria", "province")
        .defer("instance")
        .order_by("-pk")[:OTHERS_OFFERED]
    )


def _groups(found: Comparison, members: Mapping[int, Sequence[Person]]) -> list[dict[str, Any]]:
    def rows(changes: Sequence[Change]) -> list[dict[str, Any]]:
        return [
            {"change": one, "members": members[one.household_id]}
            for one in changes
            if one.household_id in members
        ]

    return [
        {"code": "added", "title": _("Avrebbero una casa"), "tone": "success", "rows": rows(found.added)},
        {"code": "removed", "title": _("Non l'avrebbero più"), "tone": "danger", "rows": rows(found.removed)},
        {"code": "moved", "title": _("Avrebbero un'altra casa"), "tone": "info", "rows": rows(found.moved)},
    ]


def _weights(before: Round | None, after: Round) -> list[dict[str, Any]]:
    """Return each reason with what it weighs in the two rounds and its part of the whole, in percent."""
    earlier = weights_of(before.criteria if before else None, DEFAULT_WEIGHTS)
    later = weights_of(after.criteria, DEFAULT_WEIGHTS)
    total = sum(later.values()) or 1
    return [
        {**row, "before": earlier[row["code"]], "share": round(100 * later[row["code"]] / total)}
        for row in wording.weight_rows(later)
    ]


@requires(P.RUN_ROUNDS)
@require_POST
def criteria_enforce(request: StaffRequest, public_id: str) -> HttpResponse:
    """Put the criteria of a trial in force."""
    tried = round_or_404(request, public_id)
    try:
        services.enforce_criteria(
            actor=request.actor,
            criteria=tried.criteria,
            tried=tried,
            expected_version=version_of(request),
            now=clock.now(),
            today=clock.today(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("allocation:round_detail", args=[tried.public_id]))
    messages.success(request, _("Criteri in vigore: valgono dal prossimo giro."))
    return HttpResponseRedirect(reverse("allocation:criteria_detail", args=[tried.province_id]))
