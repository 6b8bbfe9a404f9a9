from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.allocation import committee_permissions as permissions
from ali.allocation import services, wording
from ali.allocation.committee_forms import AgendaForm, CommitteeForm, MemberForm, SessionForm, VoteForm
from ali.allocation.committee_queries import ItemView, agenda_of, households_of
from ali.allocation.models import (
    AgendaItem,
    CommitteeMember,
    CommitteeSession,
    HousingCommittee,
    Minutes,
)
from ali.allocation.services.minutes import content_of, day_of
from ali.allocation.states import ItemOutcome, Position, SessionState, VoteKind
from ali.audit import services as audit
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.pages import page, version_of
from ali.core.paging import take_page


def _breadcrumb(committee: HousingCommittee | None = None, last: str = "") -> list[dict[str, str]]:
    steps = [{"label": _("Comitato"), "url": reverse("allocation:committee_list")}]
    if committee is not None:
        steps.append({"label": committee.name, "url": _committee_address(committee)})
    if last:
        steps.append({"label": last, "url": ""})
    else:
        steps[-1]["url"] = ""
    return steps


def _committee_address(committee: HousingCommittee) -> str:
    return reverse("allocation:committee_detail", args=[committee.public_id])


def _session_address(session: CommitteeSession) -> str:
    return reverse("allocation:session_detail", args=[session.public_id])


def _committee_or_404(request: StaffRequest, public_id: UUID) -> HousingCommittee:
    seen = HousingCommittee.objects.visible_to(request.actor).select_related("body")
    found: HousingCommittee = get_object_or_404(seen, public_id=public_id)
    return found


def _session_or_404(request: StaffRequest, public_id: UUID) -> CommitteeSession:
    seen = CommitteeSession.objects.visible_to(request.actor).select_related("committee__body")
    found: CommitteeSession = get_object_or_404(seen, public_id=public_id)
    return found


def _item_or_404(request: StaffRequest, public_id: UUID) -> AgendaItem:
    sessions = CommitteeSession.objects.visible_to(request.actor)
    found: AgendaItem = get_object_or_404(
        AgendaItem.objects.filter(session__in=sessions).select_related("session__committee__body"),
        public_id=public_id,
    )
    return found


def _back(request: StaffRequest, address: str, act: Callable[[], object], done: str = "") -> HttpResponse:
    """Do one thing and go back, with what happened or the sentence of the refusal."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        if done:
            messages.success(request, done)
    return HttpResponseRedirect(address)


@requires(P.SIT_IN_COMMITTEE)
def committee_list(request: StaffRequest) -> HttpResponse:
    """The committees in which the actor sits or that the actor runs, and their sessions, the next first."""
    sessions = CommitteeSession.objects.visible_to(request.actor).select_related("committee", "minutes")
    return page(
        request,
        "allocation/committee_list.html",
        committees=HousingCommittee.objects.visible_to(request.actor)
        .select_related("body")
        .order_by("name", "pk"),
        sessions=take_page(request, sessions.order_by("-held_on", "-pk"), size=30),
        may_add=permissions.may_add_committee(request.actor),
    )


@requires(P.RUN_COMMITTEE)
def committee_add(request: StaffRequest) -> HttpResponse:
    """Set up a committee."""
    form = CommitteeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = services.add_committee(actor=request.actor, facts=form.facts(), today=clock.today())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(_committee_address(made))
    return _committee_form(request, form, None)


def _committee_form(
    request: StaffRequest, form: CommitteeForm, committee: HousingCommittee | None
) -> HttpResponse:
    return page(
        request,
        "allocation/committee_form.html",
        status=422 if form.is_bound else 200,
        breadcrumb=_breadcrumb(committee, _("Modifica") if committee else _("Nuovo comitato")),
        form=form,
        committee=committee,
    )


@requires(P.RUN_COMMITTEE)
def committee_edit(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Change a committee and its criteria."""
    committee = _committee_or_404(request, public_id)
    start = {name: getattr(committee, name) for name in ("name", "criteria", "act_number", "act_on")}
    form = CommitteeForm(request.POST if request.method == "POST" else None, initial=start)
    if form.is_bound and form.is_valid():
        try:
            services.change_committee(
                actor=request.actor,
                committee=committee,
                facts=form.facts(),
                expected_version=version_of(request),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(_committee_address(committee))
    return _committee_form(request, form, committee)


@requires(P.SIT_IN_COMMITTEE)
def committee_detail(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A committee: criteria with their act, who sits in it, its sessions."""
    return _show_committee(request, _committee_or_404(request, public_id))


def _show_committee(
    request: StaffRequest, committee: HousingCommittee, status: int = 200, **forms: Any
) -> HttpResponse:
    return page(
        request,
        "allocation/committee_detail.html",
        status=status,
        breadcrumb=_breadcrumb(committee),
        committee=committee,
        members=committee.members.select_related("user").order_by("ends_on", "position", "starts_on", "pk"),
        sessions=committee.sessions.select_related("minutes").order_by("-held_on", "-pk")[:30],
        may_run=permissions.may_run_committee(request.actor, committee),
        **{"member_form": MemberForm(committee=committee), "session_form": SessionForm(), **forms},
    )


@requires(P.RUN_COMMITTEE)
@require_POST
def member_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Give somebody a seat."""
    committee = _committee_or_404(request, public_id)
    form = MemberForm(request.POST, committee=committee)
    if not form.is_valid():
        return _show_committee(request, committee, 422, member_form=form)
    return _back(
        request,
        _committee_address(committee),
        lambda: services.add_member(
            actor=request.actor, committee=committee, **form.cleaned_data, today=clock.today()
        ),
    )


@requires(P.RUN_COMMITTEE)
@require_POST
def member_end(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """End a seat."""
    seen = HousingCommittee.objects.visible_to(request.actor)
    member: CommitteeMember = get_object_or_404(
        CommitteeMember.objects.filter(committee__in=seen).select_related("committee"), public_id=public_id
    )
    return _back(
        request,
        _committee_address(member.committee),
        lambda: services.end_member(
            actor=request.actor, member=member, expected_version=version_of(request), today=clock.today()
        ),
    )


@requires(P.RUN_COMMITTEE)
@require_POST
def session_plan(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Call a session."""
    committee, form = _committee_or_404(request, public_id), SessionForm(request.POST)
    if not form.is_valid():
        return _show_committee(request, committee, 422, session_form=form)
    try:
        made = services.plan_session(
            actor=request.actor, committee=committee, **form.cleaned_data, today=clock.today()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(_committee_address(committee))
    return HttpResponseRedirect(_session_address(made))


@requires(P.SIT_IN_COMMITTEE)
def session_detail(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A session: homes, households, conflicts, votes, outcomes, and what is to be done now."""
    return _show_session(request, _session_or_404(request, public_id))


def _show_session(
    request: StaffRequest,
    session: CommitteeSession,
    status: int = 200,
    vote_form: VoteForm | None = None,
    agenda_form: AgendaForm | None = None,
) -> HttpResponse:
    actor = request.actor
    agenda = agenda_of(actor, session)
    audit.record_read(
        actor, "committee_session_read", session, persons=households_of([one.item for one in agenda])
    )
    may_run = permissions.may_run_committee(actor, session.committee)
    return page(
        request,
        "allocation/session_detail.html",
        status=status,
        breadcrumb=_breadcrumb(session.committee, _("Seduta")),
        session=session,
        agenda=[_row(request, one, vote_form) for one in agenda],
        members=permissions.sitting_on(session.committee_id, session.held_on),
        minutes=Minutes.objects.filter(session=session).first(),
        may_run=may_run,
        may_sign=permissions.may_sign_minutes(actor, session),
        may_open=session.held_on <= clock.today(),
        is_planned=session.state == SessionState.PLANNED,
        is_open=session.state == SessionState.OPEN,
        is_closed=session.state == SessionState.CLOSED,
        is_signed=session.state == SessionState.SIGNED,
        rules=wording.rule_rows(session.rules),
        sees_proposals=actor.may(P.SEE_PROPOSALS),
        agenda_form=agenda_form or (AgendaForm(committee=session.committee) if may_run else None),
    )


def _row(request: StaffRequest, view: ItemView, sent: VoteForm | None) -> dict[str, Any]:
    """One home as the page shows it: who is considered, what has been said, what the reader may still say."""
    may_vote = permissions.may_vote(request.actor, view.item)
    form = VoteForm(item=view.item) if may_vote else None
    if sent is not None and form is not None and sent.prefix == form.prefix:
        form = sent
    return {
        "item": view.item,
        "candidates": [
            {"one": one, "reasons": wording.reason_sentences(one.candidate.reasons)}
            for one in view.candidates
        ],
        "conflicts": view.conflicts,
        "votes": [{"vote": one, "counts": one.member_id not in view.in_conflict} for one in view.votes],
        "may_vote": may_vote,
        "may_declare": permissions.may_declare_conflict(request.actor, view.item),
        "form": form,
    }


@requires(P.RUN_COMMITTEE)
@require_POST
def agenda_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Put a home on the agenda."""
    session = _session_or_404(request, public_id)
    form = AgendaForm(request.POST, committee=session.committee)
    if not form.is_valid():
        return _show_session(request, session, 422, agenda_form=form)
    return _back(
        request,
        _session_address(session),
        lambda: services.put_on_agenda(
            actor=request.actor, session=session, home=form.cleaned_data["home"], today=clock.today()
        ),
    )


@requires(P.RUN_COMMITTEE)
@require_POST
def agenda_remove(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take a home off the agenda."""
    item = _item_or_404(request, public_id)
    return _back(
        request,
        _session_address(item.session),
        lambda: services.take_off_agenda(
            actor=request.actor, item=item, expected_version=version_of(request)
        ),
    )


@requires(P.RUN_COMMITTEE)
@require_POST
def session_step(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Open, close or call off a session."""
    session = _session_or_404(request, public_id)
    common: dict[str, Any] = {
        "actor": request.actor,
        "session": session,
        "expected_version": version_of(request),
    }
    steps: dict[str, Callable[[], object]] = {
        "open": lambda: services.open_session(**common, today=clock.today()),
        "close": lambda: services.close_session(**common, now=clock.now(), today=clock.today()),
        "cancel": lambda: services.cancel_session(
            **common, reason=request.POST.get("reason", ""), now=clock.now()
        ),
    }
    verb = request.POST.get("verb", "")
    if verb not in steps:
        messages.error(request, _("Questo passaggio non esiste."))
        return HttpResponseRedirect(_session_address(session))
    return _back(request, _session_address(session), steps[verb])


@requires(P.SIT_IN_COMMITTEE)
@require_POST
def conflict_declare(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Declare one's own conflict of interest on a home."""
    item = _item_or_404(request, public_id)
    return _back(
        request,
        _session_address(item.session),
        lambda: services.declare_conflict(
            actor=request.actor, item=item, reason=request.POST.get("reason", ""), now=clock.now()
        ),
        _("Conflitto scritto: su questa casa non voti."),
    )


@requires(P.SIT_IN_COMMITTEE)
@require_POST
def vote_cast(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write one's own decision on a home."""
    item = _item_or_404(request, public_id)
    form = VoteForm(request.POST, item=item)
    if not form.is_valid():
        return _show_session(request, item.session, 422, vote_form=form)
    return _back(
        request,
        _session_address(item.session),
        lambda: services.cast_vote(
            actor=request.actor,
            item=item,
            kind=form.kind,
            candidate=form.candidate,
            reason=form.cleaned_data["reason"],
            now=clock.now(),
        ),
        _("Voto scritto."),
    )


@requires(P.SIT_IN_COMMITTEE)
@require_POST
def minutes_sign(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The chair signs the minutes."""
    session = _session_or_404(request, public_id)
    return _back(
        request,
        _session_address(session),
        lambda: services.sign_minutes(
            actor=request.actor, session=session, expected_version=version_of(request), now=clock.now()
        ),
        _("Verbale firmato: da qui in poi si aggiungono solo note."),
    )


@requires(P.SIT_IN_COMMITTEE)
def minutes_print(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The minutes on A4 sheets: as signed, or a draft of what has been said so far."""
    session = _session_or_404(request, public_id)
    minutes = Minutes.objects.filter(session=session).select_related("signed_by").first()
    content = minutes.content if minutes else content_of(request.actor, session)
    agenda = agenda_of(request.actor, session)
    audit.record_read(
        request.actor, "committee_minutes_read", session, persons=households_of([one.item for one in agenda])
    )
    known = {str(one.candidate.public_id): one for view in agenda for one in view.candidates}
    return page(
        request,
        "allocation/minutes_print.html",
        session=session,
        minutes=minutes,
        content=content,
        act_on=day_of(content["act_on"]),
        rules=wording.rule_rows(content["rules"]),
        items=[_printed(item, known) for item in content["items"]],
        members=[{**one, "position": Position(one["position"]).label} for one in content["members"]],
        notes=minutes.notes.select_related("written_by").order_by("pk") if minutes else [],
    )


def _printed(item: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """One home of the minutes in words, with the names that the reader may know and without what is reserved."""
    candidates = [
        {**one, "known": known.get(one["id"]), "sentences": wording.reason_sentences(one["reasons"])}
        for one in item["candidates"]
    ]
    outcome = ItemOutcome(item["outcome"]).label if item["outcome"] else ""
    votes = [{**one, "kind_label": VoteKind(one["kind"]).label} for one in item["votes"]]
    return {**item, "candidates": candidates, "votes": votes, "outcome_label": outcome}


@requires(P.SIT_IN_COMMITTEE)
@require_POST
def minutes_note(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Add a correction to signed minutes."""
    session = _session_or_404(request, public_id)
    minutes: Minutes = get_object_or_404(
        Minutes.objects.select_related("session__committee"), session=session
    )
    return _back(
        request,
        _session_address(session),
        lambda: services.add_minutes_note(
            actor=request.actor, minutes=minutes, text=request.POST.get("reason", ""), now=clock.now()
        ),
    )
