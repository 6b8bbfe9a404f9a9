from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.allocation import permissions, services, wording
from ali.allocation.models import Pin, Proposal
from ali.allocation.queries import Home, members_seen
from ali.allocation.shortlists import Fit, homes_for_household, shortlist_for_home, stopping_rules
from ali.allocation.states import PinKind
from ali.audit import services as audit
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.pages import page
from ali.housing.models import Dwelling
from ali.housing.queries import costs_of, has_unknown_occupants
from ali.housing.states import Mode
from ali.people.models import Household
from ali.people.queries import wishes_of
from ali.rules.values import rule_in_force

WINDOW = 90
WINDOWS = ("30", "60", "90")
MOST_OTHERS = 30


def _days(request: StaffRequest) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked in WINDOWS else WINDOW


def _windows(url: str, days: int) -> list[dict[str, Any]]:
    return [
        {
            "label": _("Entro %(days)s giorni") % {"days": choice},
            "href": f"{url}?days={choice}",
            "current": int(choice) == days,
            "count": None,
            "icon": "",
        }
        for choice in WINDOWS
    ]


@requires(P.PUT_FORWARD)
def shortlist(request: StaffRequest, public_id: str) -> HttpResponse:
    """Who could live here: the best household and up to two reserves, with reasons."""
    dwelling = get_object_or_404(
        Dwelling.objects.visible_to(request.actor).select_related(
            "building__municipality__province", "manager"
        ),
        public_id=public_id,
    )
    today, days = clock.today(), _days(request)
    province = dwelling.building.municipality.province.prefecture
    reserves = int(rule_in_force("allocation.shortlist_reserves", day=today, province=province).value)
    found = shortlist_for_home(
        request.actor, dwelling.pk, province=province, day=today, days=days, reserves=reserves
    )
    members = members_seen(request.actor, [one.candidate.known.pk for one in found.fits], for_lists=True)
    audit.record_read(
        request.actor,
        "shortlist_read",
        dwelling,
        persons=[person.public_id for group in members.values() for person in group],
    )
    return page(
        request,
        "allocation/shortlist.html",
        wide=True,
        breadcrumb=[
            {"label": _("Abbinamenti"), "url": reverse("allocation:round_list")},
            {"label": str(dwelling), "url": reverse("housing:home_detail", args=[dwelling.public_id])},
            {"label": _("Chi potrebbe viverci"), "url": ""},
        ],
        dwelling=dwelling,
        costs=costs_of(dwelling),
        home=found.home,
        beds_by_day=_beds_by_day(found.home, today) if found.home else [],
        is_use_unknown=dwelling.mode == Mode.OPEN and has_unknown_occupants(dwelling, today),
        best=[
            {**_told(one, today), "members": members.get(one.candidate.known.pk, [])} for one in found.fits
        ],
        others=found.others,
        stopped=wording.stopped_households(found.stopped.most_common()),
        waiting=Proposal.objects.visible_to(request.actor).live().filter(dwelling=dwelling).order_by("pk"),
        windows=_windows(reverse("allocation:shortlist", args=[dwelling.public_id]), days),
        days=days,
    )


def _beds_by_day(home: Home, today: date) -> list[dict[str, Any]]:
    """Return how many beds free themselves on each day, the first free first."""
    days = Counter((bed.day, bed.is_sure) for bed in home.beds)
    return [
        {
            "beds": beds,
            "day": date.fromordinal(day) if day > today.toordinal() else None,
            "is_sure": is_sure,
        }
        for (day, is_sure), beds in sorted(days.items(), key=lambda one: (one[0][0], not one[0][1]))
    ]


def _told(fit: Fit, today: date) -> dict[str, Any]:
    """Return a fit as the templates show it."""
    return {
        "fit": fit,
        "is_free_now": fit.free_on <= today,
        "household_id": fit.candidate.known.public_id,
        "dwelling_id": fit.home.known.public_id,
        "reasons": wording.reason_sentences(fit.reasons),
        "failing": [wording.rule_fails(code) for code, ok in fit.passed.items() if not ok],
    }


@requires(P.SEE_PROPOSALS)
def household_homes(request: StaffRequest, public_id: str) -> HttpResponse:
    """Where a household could live: the homes that pass every rule, then those that fail fewest."""
    household = get_object_or_404(Household.objects.visible_to(request.actor), public_id=public_id)
    today, days = clock.today(), _days(request)
    members = members_seen(request.actor, [household.pk])[household.pk]
    audit.record_read(
        request.actor, "household_homes_read", household, persons=[one.public_id for one in members]
    )
    fits: list[Fit] = []
    for province in sorted(request.actor.provinces):
        fits += homes_for_household(request.actor, household.pk, province=province, day=today, days=days)
    pins = {pin.dwelling_id: pin for pin in Pin.objects.filter(household=household).select_related("set_by")}
    rows = _homes(fits, pins, today)
    lawful = [row for row in rows if row["fit"].is_lawful]
    others = [row for row in rows if not row["fit"].is_lawful]
    return page(
        request,
        "allocation/household_homes.html",
        breadcrumb=_breadcrumb(request),
        household=household,
        members=members,
        persons=int(fits[0].candidate.facts.persons) if fits else len(members),
        lawful=lawful,
        others=others[:MOST_OTHERS],
        more_others=max(len(others) - MOST_OTHERS, 0),
        stopped=wording.stopped_sentences(
            [{"code": code, "homes": count} for code, count in stopping_rules(fits).most_common()]
        ),
        live=Proposal.objects.visible_to(request.actor)
        .live()
        .filter(household=household)
        .order_by("pk")
        .first(),
        windows=_windows(reverse("allocation:household_homes", args=[household.public_id]), days),
        days=days,
        wishes=wishes_of(request.actor, household.pk),
        put_forward_refused=permissions.may_put_forward(request.actor).reason,
    )


def _breadcrumb(request: StaffRequest) -> list[dict[str, str]]:
    """Lead back to the rounds, for those who run them."""
    above = (
        {"label": _("Abbinamenti"), "url": reverse("allocation:round_list")}
        if request.actor.may(P.RUN_ROUNDS)
        else {"label": _("Proposte"), "url": reverse("allocation:proposal_list")}
    )
    return [above, {"label": _("Dove potrebbero vivere"), "url": ""}]


def _homes(fits: Sequence[Fit], pins: dict[int, Pin], today: date) -> list[dict[str, Any]]:
    """Return the fits with the dwelling's row, its costs for the household and the officer's pin. One query."""
    dwellings = {
        row.pk: row
        for row in Dwelling.objects.filter(pk__in=[fit.home.known.pk for fit in fits]).select_related(
            "building__municipality", "manager"
        )
    }
    return [
        {
            **_told(fit, today),
            "dwelling": dwellings[fit.home.known.pk],
            "costs": costs_of(dwellings[fit.home.known.pk], int(fit.candidate.facts.persons)),
            "pin": pins.get(fit.home.known.pk),
        }
        for fit in fits
    ]


def _pair(request: StaffRequest, dwelling_id: str, household_id: str) -> tuple[Dwelling, Household]:
    dwelling = get_object_or_404(Dwelling.objects.visible_to(request.actor), public_id=dwelling_id)
    return dwelling, get_object_or_404(Household.objects.visible_to(request.actor), public_id=household_id)


@requires(P.PUT_FORWARD)
@require_POST
def pin_set(request: StaffRequest, dwelling_id: str, household_id: str) -> HttpResponse:
    """Fix or exclude a home for a household in the next rounds, with a reason."""
    dwelling, household = _pair(request, dwelling_id, household_id)
    kind = PinKind.PIN if request.POST.get("kind") == PinKind.PIN else PinKind.FORBID
    try:
        services.set_pin(
            actor=request.actor,
            household=household,
            dwelling=dwelling,
            kind=kind,
            reason=request.POST.get("reason", ""),
        )
        messages.success(request, _("Segnato: vale dal prossimo giro."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(_homes_of(household))


@requires(P.PUT_FORWARD)
@require_POST
def pin_remove(request: StaffRequest, dwelling_id: str, household_id: str) -> HttpResponse:
    """Take back a pin or an exclusion."""
    dwelling, household = _pair(request, dwelling_id, household_id)
    pin = get_object_or_404(Pin, dwelling=dwelling, household=household)
    services.remove_pin(actor=request.actor, pin=pin)
    messages.success(request, _("Tolto: dal prossimo giro decide il calcolo."))
    return HttpResponseRedirect(_homes_of(household))


def _homes_of(household: Household) -> str:
    return reverse("allocation:household_homes", args=[household.public_id])
