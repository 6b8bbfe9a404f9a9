from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.allocation import services, wording
from ali.allocation.forms import PutForwardForm
from ali.allocation.queries import kept_rules, members_seen, open_suggestion, parameters_for
from ali.allocation.shortlists import Fit, fit_now
from ali.audit import services as audit
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.pages import page
from ali.housing.models import Dwelling
from ali.housing.queries import costs_of
from ali.people.models import Household


@requires(P.PUT_FORWARD)
def put_forward(request: StaffRequest, dwelling_id: str, household_id: str) -> HttpResponse:
    """The first signature: confirm the exit and put the household forward for the home."""
    dwelling = get_object_or_404(
        Dwelling.objects.visible_to(request.actor).select_related(
            "building__municipality__province", "manager"
        ),
        public_id=dwelling_id,
    )
    household = get_object_or_404(Household.objects.visible_to(request.actor), public_id=household_id)
    today = clock.today()
    found = fit_now(request.actor, household.pk, dwelling.pk, today).fit
    if found is None:
        messages.error(
            request,
            _(
                "Il nucleo o la casa non sono più disponibili: qualcuno ha deciso prima. Qui trovi le altre case."
            ),
        )
        return HttpResponseRedirect(reverse("allocation:household_homes", args=[household.public_id]))
    form = PutForwardForm(
        request.POST if request.method == "POST" else None,
        has_conflict=found.shares_manager,
        first_day=_first_day(found, household, dwelling, today),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = services.put_forward(
                actor=request.actor,
                household=household,
                dwelling=dwelling,
                starts_on=form.cleaned_data["starts_on"],
                reason=form.cleaned_data["reason"],
                conflict_note=form.cleaned_data.get("conflict_note", ""),
                now=clock.now(),
                today=today,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Proposta avviata: ora risponde l'ente che ha la casa."))
            return HttpResponseRedirect(reverse("allocation:proposal_detail", args=[made.public_id]))
    return page(
        request,
        "allocation/put_forward.html",
        status=422 if form.errors else 200,
        form=form,
        **_context(request, dwelling, household, found, today),
    )


def _first_day(found: Fit, household: Household, dwelling: Dwelling, today: date) -> date:
    """Return the day to start from: of the bed that the round meant for them, since an earlier one may be for others."""
    suggestion = open_suggestion(household)
    meant = suggestion.free_on if suggestion and suggestion.dwelling_id == dwelling.pk else None
    return max(found.free_on, today, meant or today)


def _context(
    request: StaffRequest, dwelling: Dwelling, household: Household, found: Fit, today: date
) -> dict[str, Any]:
    members = members_seen(request.actor, [household.pk]).get(household.pk, [])
    audit.record_read(request.actor, "pair_read", dwelling, persons=[one.public_id for one in members])
    suggestion = open_suggestion(household)
    province = dwelling.building.municipality.province.prefecture
    homes = reverse("allocation:household_homes", args=[household.public_id])
    return {
        "breadcrumb": [
            {"label": _("Abbinamenti"), "url": reverse("allocation:round_list")},
            {"label": _("Dove potrebbero vivere"), "url": homes},
            {"label": _("Avvia la proposta"), "url": ""},
        ],
        "dwelling": dwelling,
        "household": household,
        "members": members,
        "fit": found,
        "costs": costs_of(dwelling, int(found.candidate.facts.persons)),
        "reasons": wording.reason_sentences(found.reasons),
        "passed": wording.passed_sentences(found.passed),
        "failing": wording.failing_sentence(found.first_failing) if found.first_failing else "",
        "rules": wording.rule_rows(kept_rules(parameters_for(province, today))),
        "differs": suggestion is not None and suggestion.engine_home != dwelling.pk,
    }
