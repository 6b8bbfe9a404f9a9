from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.allocation import services
from ali.allocation.forms import HomeYesForm, HouseholdNoForm, HouseholdYesForm
from ali.allocation.models import Proposal
from ali.allocation.services.answers import Heard
from ali.allocation.views.proposals import find_proposal, show_proposal
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.pages import version_of


def _answer(request: StaffRequest, proposal: Proposal, act: Callable[[], object], done: str) -> HttpResponse:
    """Do one answer and go back to the proposal, with the sentence of what happened or of the refusal."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(reverse("allocation:proposal_detail", args=[proposal.public_id]))


@requires(P.ANSWER_FOR_HOME)
@require_POST
def home_accept(request: StaffRequest, public_id: str) -> HttpResponse:
    """The second signature: yes."""
    proposal, form = find_proposal(request, public_id), HomeYesForm(request.POST)
    if not form.is_valid():
        return show_proposal(request, proposal, status=422, home_form=form)
    return _answer(
        request,
        proposal,
        lambda: services.accept_for_home(
            actor=request.actor,
            proposal=proposal,
            expected_version=version_of(request),
            visit_on=form.cleaned_data["visit_on"],
            now=clock.now(),
            today=clock.today(),
        ),
        _("Avete accettato: ora decide il nucleo."),
    )


@requires(P.ANSWER_FOR_HOME)
@require_POST
def home_refuse(request: StaffRequest, public_id: str) -> HttpResponse:
    """The second signature: no, with a reason."""
    proposal = find_proposal(request, public_id)
    return _answer(
        request,
        proposal,
        lambda: services.refuse_for_home(
            actor=request.actor,
            proposal=proposal,
            expected_version=version_of(request),
            reason=request.POST.get("reason", ""),
            now=clock.now(),
            today=clock.today(),
        ),
        _("Rifiuto registrato: i posti sono di nuovo liberi e i dati del nucleo non sono più visibili."),
    )


def _heard(form: HouseholdYesForm) -> Heard:
    return Heard(form.cleaned_data["language"].pk, form.cleaned_data["with_mediator"])


@requires(P.RECORD_HOUSEHOLD_ANSWER)
@require_POST
def household_accept(request: StaffRequest, public_id: str) -> HttpResponse:
    """The third signature: the household's yes, on paper."""
    proposal, form = find_proposal(request, public_id), HouseholdYesForm(request.POST)
    if not form.is_valid():
        return show_proposal(request, proposal, status=422, yes_form=form)
    return _answer(
        request,
        proposal,
        lambda: services.record_household_yes(
            actor=request.actor,
            proposal=proposal,
            expected_version=version_of(request),
            heard=_heard(form),
            signed_paper=form.cleaned_data["signed_paper"],
            now=clock.now(),
            today=clock.today(),
        ),
        _("Il nucleo ha accettato: la casa è assegnata."),
    )


@requires(P.RECORD_HOUSEHOLD_ANSWER)
@require_POST
def household_refuse(request: StaffRequest, public_id: str) -> HttpResponse:
    """The third signature: the household's no. It never touches reception."""
    proposal, form = find_proposal(request, public_id), HouseholdNoForm(request.POST)
    if not form.is_valid():
        return show_proposal(request, proposal, status=422, no_form=form)
    return _answer(
        request,
        proposal,
        lambda: services.record_household_no(
            actor=request.actor,
            proposal=proposal,
            expected_version=version_of(request),
            reason=form.cleaned_data["reason"],
            heard=_heard(form),
            now=clock.now(),
            today=clock.today(),
        ),
        _("Registrato. L'accoglienza non cambia: si cerca una casa più adatta."),
    )


@requires(P.PUT_FORWARD)
@require_POST
def proposal_withdraw(request: StaffRequest, public_id: str) -> HttpResponse:
    """The prefecture takes the proposal back."""
    proposal = find_proposal(request, public_id)
    return _answer(
        request,
        proposal,
        lambda: services.withdraw(
            actor=request.actor,
            proposal=proposal,
            expected_version=version_of(request),
            reason=request.POST.get("reason", ""),
            now=clock.now(),
            today=clock.today(),
        ),
        _("Proposta ritirata: i posti sono di nuovo liberi."),
    )
