from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.allocation import services, wording
from ali.allocation.eligibility import DEFAULT_WEIGHTS
from ali.allocation.forms import CriteriaForm
from ali.allocation.models import Criteria, Round
from ali.allocation.queries import criteria_in_force, parameters_for, weights_of
from ali.allocation.tasks import solve_round
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.pages import page
from ali.core.transactions import atomic
from ali.places.models import Province


@requires(P.RUN_ROUNDS)
def criteria_detail(request: StaffRequest, province: str) -> HttpResponse:
    """The weights of a territory and the act that approved them. A change is a draft, tried before it holds."""
    place = get_object_or_404(Province, code=province, pk__in=request.actor.provinces)
    today = clock.today()
    current = criteria_in_force(place.code, today)
    form = CriteriaForm(
        request.POST if request.method == "POST" else None,
        weights=weights_of(current, DEFAULT_WEIGHTS),
        initial={"title": current.title if current else ""},
    )
    if request.method == "POST" and form.is_valid():
        try:
            tried = _try(request, place, form)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("allocation:round_detail", args=[tried.public_id]))
    earlier = Criteria.objects.filter(province=place, is_draft=False, superseded_at__isnull=False).order_by(
        "-pk"
    )[:10]
    return page(
        request,
        "allocation/criteria_detail.html",
        status=422 if form.errors else 200,
        breadcrumb=[
            {"label": _("Abbinamenti"), "url": reverse("allocation:round_list")},
            {"label": _("Criteri"), "url": ""},
        ],
        province=place,
        current=current,
        weights=wording.weight_rows(weights_of(current, DEFAULT_WEIGHTS)),
        rules=wording.rule_rows([rule.as_json() for rule in parameters_for(place.code, today).values()]),
        earlier=list(earlier),
        form=form,
    )


def _try(request: StaffRequest, place: Province, form: CriteriaForm) -> Round:
    """Keep the draft and ask the worker for its trial."""
    cleaned, today = form.cleaned_data, clock.today()
    with atomic():
        draft = services.draft_criteria(
            actor=request.actor,
            province=place.code,
            title=cleaned["title"],
            weights=form.weights(),
            act=services.Act(cleaned["act_body"], cleaned["act_number"], cleaned["act_on"]),
            today=today,
        )
        tried = services.try_criteria(
            actor=request.actor, criteria=draft, window_days=cleaned["window_days"], today=today
        )
    solve_round.enqueue(tried.pk, request.actor.grant_key)
    return tried
