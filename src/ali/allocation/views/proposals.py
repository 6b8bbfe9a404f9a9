from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.allocation import paper, permissions, services, waiting, wording
from ali.allocation.committee_queries import committee_choice, committee_rule
from ali.allocation.entering import entry_money
from ali.allocation.forms import HomeYesForm, HouseholdNoForm, HouseholdYesForm
from ali.allocation.models import Proposal
from ali.allocation.queries import members_seen, needs_mediator, slipped_to
from ali.allocation.states import LIVE_STATES, Party, ProposalState
from ali.allocation.steps import signatures_of
from ali.audit import services as audit
from ali.core import clock
from ali.core.pages import page
from ali.housing.queries import costs_of
from ali.people.models import Person

PAGE = 50


@requires(P.SEE_PROPOSALS)
def proposal_list(request: StaffRequest) -> HttpResponse:
    """The proposals that the actor follows: those alive, or those that have ended."""
    wait = request.GET.get("wait", "")
    wait = wait if wait in waiting.WAITS else ""
    is_live = bool(wait) or request.GET.get("state", "live") != "ended"
    found = Proposal.objects.visible_to(request.actor).select_related(
        "dwelling__building__municipality", "dwelling__manager"
    )
    number = _number(request)
    start = (number - 1) * PAGE
    chosen = found.live() if is_live else found.exclude(state__in=LIVE_STATES)
    if wait:
        chosen = chosen.filter(waiting.condition_of(wait, clock.today()))
    rows = list(chosen.order_by("-put_forward_at", "-pk")[start : start + PAGE + 1])
    members = members_seen(request.actor, [row.household_id for row in rows])
    audit.record_read(
        request.actor,
        "proposal_list_read",
        persons=[one.public_id for group in members.values() for one in group],
    )
    address = f"{reverse('allocation:proposal_list')}?state={'live' if is_live else 'ended'}"
    address += f"&wait={wait}" if wait else ""
    return page(
        request,
        "allocation/proposal_list.html",
        fragment="results",
        rows=[
            {"proposal": row, "members": members.get(row.household_id, []), "due_on": due_on(row)}
            for row in rows[:PAGE]
        ],
        is_live=is_live,
        tabs=_tabs(is_live),
        only=waiting.WAITS.get(wait, ""),
        today=clock.today(),
        number=number,
        previous_url=f"{address}&page={number - 1}" if number > 1 else "",
        next_url=f"{address}&page={number + 1}" if len(rows) > PAGE else "",
    )


def due_on(proposal: Proposal) -> date | None:
    """Return the day by which an answer is awaited; None when none is."""
    if proposal.state == ProposalState.PUT_FORWARD:
        return proposal.home_answer_by_day
    return proposal.household_answer_by_day if proposal.state == ProposalState.HOME_ACCEPTED else None


def _number(request: StaffRequest) -> int:
    asked = request.GET.get("page", "")
    return max(int(asked), 1) if asked.isdecimal() and len(asked) < 6 else 1


def _tabs(is_live: bool) -> list[dict[str, Any]]:
    url = reverse("allocation:proposal_list")
    return [
        {"label": _("In corso"), "href": url, "current": is_live, "count": None, "icon": ""},
        {
            "label": _("Concluse"),
            "href": f"{url}?state=ended",
            "current": not is_live,
            "count": None,
            "icon": "",
        },
    ]


def find_proposal(request: StaffRequest, public_id: str) -> Proposal:
    """Return a proposal that the actor sees; 404 otherwise."""
    found: Proposal = get_object_or_404(
        Proposal.objects.visible_to(request.actor).select_related(
            "dwelling__building__municipality__province",
            "dwelling__manager",
            "household",
            "put_forward_by",
            "home_answered_by",
            "household_answer_recorded_by",
            "household_language",
            "committee_item__session__minutes",
        ),
        public_id=public_id,
    )
    return found


def show_proposal(request: StaffRequest, proposal: Proposal, status: int = 200, **forms: Any) -> HttpResponse:
    """Answer the page of a proposal, with what has been typed when a form comes back."""
    actor, today = request.actor, clock.today()
    members = members_seen(actor, [proposal.household_id]).get(proposal.household_id, [])
    audit.record_read(actor, "proposal_read", proposal, persons=[one.public_id for one in members])
    state = ProposalState(proposal.state)
    return page(
        request,
        "allocation/proposal_detail.html",
        status=status,
        breadcrumb=[
            {"label": _("Proposte"), "url": reverse("allocation:proposal_list")},
            {"label": str(proposal.dwelling), "url": ""},
        ],
        proposal=proposal,
        beds=paper.bed_names(proposal),
        members=members,
        knows_household=bool(members),
        steps=signatures_of(proposal),
        reasons=wording.reason_sentences(proposal.reasons),
        rules=wording.rule_rows(proposal.rules),
        costs=costs_of(proposal.dwelling, proposal.persons),
        money=entry_money(actor, proposal, today) if proposal.state in LIVE_STATES else None,
        is_live=state in LIVE_STATES,
        slip=slipped_to(proposal) if state in LIVE_STATES else None,
        awaits_home=state == ProposalState.PUT_FORWARD,
        awaits_household=state == ProposalState.HOME_ACCEPTED,
        **_decisions(request, proposal),
        paper_languages=_paper_languages(proposal, members),
        **{"home_form": HomeYesForm(), "yes_form": HouseholdYesForm(), "no_form": HouseholdNoForm(), **forms},
    )


def _decisions(request: StaffRequest, proposal: Proposal) -> dict[str, Any]:
    """Say which party the actor speaks for and what stops each answer."""
    actor = request.actor
    party = permissions.party_of(actor, proposal)
    return {
        "is_prefecture": party == Party.PREFECTURE,
        "is_home": party == Party.HOME,
        "is_household": party == Party.HOUSEHOLD,
        "home_refused": permissions.may_answer_for_home(actor, proposal).reason,
        "household_refused": permissions.may_record_household_answer(actor, proposal).reason,
        "withdraw_refused": permissions.may_withdraw(actor, proposal).reason,
        "shares_body": needs_mediator(actor, proposal, clock.today()),
        **_committee(request, proposal, is_home=party == Party.HOME),
    }


def _committee(request: StaffRequest, proposal: Proposal, *, is_home: bool) -> dict[str, Any]:
    """Say what the committee of the home's body decided, to the body, and whether its policy asks for it."""
    if not is_home:
        return {"committee": None, "awaits_committee": False}
    choice = proposal.committee_item or committee_choice(proposal)
    asked = proposal.state == ProposalState.PUT_FORWARD and bool(
        committee_rule(proposal, clock.today()).value
    )
    return {"committee": choice, "awaits_committee": asked and choice is None}


def _paper_languages(proposal: Proposal, members: Sequence[Person]) -> list[dict[str, Any]]:
    url = reverse("allocation:proposal_paper", args=[proposal.public_id])
    theirs = paper.language_of(members).code if members else ""
    return [
        {"href": f"{url}?lang={one.code}", "name": one.name, "iso": one.code, "is_theirs": one.code == theirs}
        for one in paper.languages()
    ]


@requires(P.SEE_PROPOSALS)
def proposal_detail(request: StaffRequest, public_id: str) -> HttpResponse:
    """One proposal: what it offers, why, and its three signatures. That the home's body has opened it is noted."""
    proposal = find_proposal(request, public_id)
    for party in (Party.PREFECTURE, Party.HOME):
        services.open_proposal(actor=request.actor, proposal=proposal, party=party)
    return show_proposal(request, proposal)


@requires(P.SEE_PROPOSALS)
def proposal_paper(request: StaffRequest, public_id: str) -> HttpResponse:
    """The proposal on one bilingual A4 sheet: whoever explains it to the household has opened it for them."""
    proposal = find_proposal(request, public_id)
    members = members_seen(request.actor, [proposal.household_id]).get(proposal.household_id, [])
    services.open_proposal(actor=request.actor, proposal=proposal, party=Party.HOUSEHOLD)
    sheet = paper.sheet(proposal, members, request.GET.get("lang", ""), clock.today())
    audit.record_read(
        request.actor,
        "proposal_paper_read",
        proposal,
        persons=[one.public_id for one in members],
        language=sheet.other.code,
    )
    return page(
        request,
        "allocation/proposal_paper.html",
        proposal=proposal,
        sheet=sheet,
        paper_languages=_paper_languages(proposal, members),
    )
