from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.allocation import permissions, services, wording
from ali.allocation.exchanges import Entering, Exchange, exchanges_of
from ali.allocation.models import Round, RoundEntry
from ali.allocation.queries import members_seen
from ali.audit import services as audit
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.pages import page, version_of

MOST_SHOWN = 24


@requires(P.PUT_FORWARD)
def entry_exchange(request: StaffRequest, public_id: str) -> HttpResponse:
    """With whom a household may exchange the home that the round meant for it, why not with the others, and the act."""
    entry = get_object_or_404(
        RoundEntry.objects.filter(
            round__in=Round.objects.visible_to(request.actor), dwelling__isnull=False
        ).select_related("round", "household", "dwelling__building__municipality", "dwelling__manager"),
        public_id=public_id,
    )
    if request.method == "POST":
        return _exchange(request, entry)
    decision = permissions.may_exchange(request.actor, entry)
    if not decision:
        messages.error(request, str(decision.reason))
        return HttpResponseRedirect(_round_url(entry))
    return _page(request, entry, clock.today())


def _round_url(entry: RoundEntry) -> str:
    return reverse("allocation:round_detail", args=[entry.round.public_id])


def _exchange(request: StaffRequest, entry: RoundEntry) -> HttpResponse:
    other = get_object_or_404(
        RoundEntry.objects.select_related("round"), round=entry.round_id, public_id=_other_id(request)
    )
    try:
        services.exchange_homes(
            actor=request.actor,
            entry=entry,
            other=other,
            expected_version=version_of(request),
            expected_other_version=version_of(request, "other_version"),
            reason=request.POST.get("reason", ""),
            today=clock.today(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("allocation:entry_exchange", args=[entry.public_id]))
    messages.success(
        request, _("Case scambiate: il motivo resta scritto. Ora avvia le due proposte, una per nucleo.")
    )
    return HttpResponseRedirect(_round_url(entry))


def _other_id(request: StaffRequest) -> UUID:
    try:
        return UUID(request.POST.get("other", ""))
    except ValueError as wrong:
        raise Http404 from wrong


def _page(request: StaffRequest, entry: RoundEntry, today: date) -> HttpResponse:
    found = exchanges_of(request.actor, entry, today)
    members = members_seen(
        request.actor,
        [entry.household_id, *(one.other.household_id for one in found)],
        for_lists=True,
    )
    if entry.household_id not in members:
        raise Http404
    audit.record_read(
        request.actor,
        "exchanges_read",
        entry.round,
        persons=[person.public_id for group in members.values() for person in group],
    )
    seen = [
        {**_row(one, today), "members": members[one.other.household_id]}
        for one in found
        if one.other.household_id in members
    ]
    possible = [row for row in seen if row["is_possible"]]
    return page(
        request,
        "allocation/entry_exchange.html",
        wide=True,
        breadcrumb=[
            {"label": _("Abbinamenti"), "url": reverse("allocation:round_list")},
            {
                "label": _("Giro del %(day)s") % {"day": f"{entry.round.day:%d/%m/%Y}"},
                "url": _round_url(entry),
            },
            {"label": _("Scambia la casa"), "url": ""},
        ],
        entry=entry,
        members=members[entry.household_id],
        possible=possible[:MOST_SHOWN],
        more=max(len(possible) - MOST_SHOWN, 0),
        others=[row for row in seen if not row["is_possible"]],
    )


def _row(one: Exchange, today: date) -> dict[str, Any]:
    return {
        "other": one.other,
        "is_possible": one.is_possible,
        "refused": one.refused,
        "mine": _entering(one.mine, today),
        "theirs": _entering(one.theirs, today),
    }


def _entering(one: Entering, today: date) -> dict[str, Any]:
    """Return how a household would live in the other's home: band, day, reasons."""
    day = date.fromordinal(one.bed.day) if one.bed else None
    return {
        "band": one.fit.band if one.fit else "",
        "day": day if day and day > today else None,
        "is_sure": one.bed.is_sure if one.bed else True,
        "reasons": wording.reason_sentences(one.fit.reasons) if one.fit else [],
        "shares_manager": one.fit.shares_manager if one.fit else False,
    }
