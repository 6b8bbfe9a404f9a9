from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import Actor, StaffRequest
from ali.accounts.roles import Permission as P
from ali.audit import services as audit
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.pages import page, version_of
from ali.core.paging import take_page
from ali.people.models import Person
from ali.upkeep import permissions, services
from ali.upkeep.filters import TicketFilter
from ali.upkeep.forms import AssignForm, CostForm, NoteForm, TicketForm
from ali.upkeep.models import Ticket, TicketCost
from ali.upkeep.queries import paid_by
from ali.upkeep.states import (
    TICKET_STEPS,
    TICKET_VERBS,
    TO_DO,
    VERBS_WITH_WORDS,
    Urgency,
)
from ali.upkeep.views.pages import breadcrumb, home_asked, tabs

_FIRST = Case(
    *(When(state__in=TO_DO, urgency=one, then=Value(place)) for place, one in enumerate(Urgency)),
    default=Value(9),
    output_field=IntegerField(),
)


@requires(P.SEE_UPKEEP)
def ticket_list(request: StaffRequest) -> HttpResponse:
    """The tickets of the body's homes, the most urgent first; filters stay in the address."""
    today = clock.today()
    found = TicketFilter(request.GET, actor=request.actor, today=today)
    rows = found.qs.select_related("dwelling__building__municipality", "room", "assigned_to").order_by(
        _FIRST, "due_on", "pk"
    )
    return page(
        request,
        "upkeep/ticket_list.html",
        fragment="results",
        tickets=take_page(request, rows, size=30),
        late=Ticket.objects.visible_to(request.actor).late_on(today).count(),
        form=found.form,
        active=found.active(),
        tabs=tabs("upkeep:ticket_list"),
        today=today,
        may_add=request.actor.may(P.EDIT_UPKEEP),
    )


@requires(P.EDIT_UPKEEP)
def ticket_add(request: StaffRequest) -> HttpResponse:
    """Open a ticket for a home of the body."""
    home, choice = home_asked(request)
    if home is None:
        return page(
            request,
            "upkeep/home_choice.html",
            breadcrumb=breadcrumb("upkeep:ticket_list", _("Manutenzioni"), _("Nuova segnalazione")),
            title=_("Che cosa non va?"),
            form=choice,
            action=reverse("upkeep:ticket_add"),
            cancel=reverse("upkeep:ticket_list"),
        )
    today = clock.today()
    data = request.POST if request.method == "POST" else None
    form = TicketForm(data, actor=request.actor, home=home, today=today)
    if data is not None and form.is_valid():
        try:
            made = services.open_ticket(
                actor=request.actor, home=home, facts=form.facts(), now=clock.now(), today=today
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Segnalazione aperta: ora puoi affidarla e aggiungere le foto."))
            return HttpResponseRedirect(_address(made))
    _note_reading(request.actor, form.living)
    return page(
        request,
        "upkeep/ticket_form.html",
        status=200 if data is None else 422,
        breadcrumb=breadcrumb("upkeep:ticket_list", _("Manutenzioni"), _("Nuova segnalazione")),
        home=home,
        form=form,
    )


def _note_reading(actor: Actor, persons: list[Person], ticket: Ticket | None = None) -> None:
    if persons:
        audit.record_read(actor, "ticket_read", ticket, persons=[one.public_id for one in persons])


def _address(ticket: Ticket) -> str:
    return reverse("upkeep:ticket_detail", args=[ticket.public_id])


def _ticket_or_404(request: StaffRequest, public_id: UUID) -> Ticket:
    found: Ticket = get_object_or_404(
        Ticket.objects.visible_to(request.actor).select_related(
            "dwelling__building__municipality",
            "dwelling__manager",
            "room",
            "reported_by",
            "opened_by",
            "assigned_to",
        ),
        public_id=public_id,
    )
    return found


@requires(P.SEE_UPKEEP)
def ticket_detail(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One ticket: what is broken, who has it, what it costs, what happened, its photos."""
    return _show(request, _ticket_or_404(request, public_id))


def _show(request: StaffRequest, ticket: Ticket, status: int = 200, **forms: Any) -> HttpResponse:
    actor, today = request.actor, clock.today()
    asked = list(Person.objects.visible_to(actor).filter(pk=ticket.reported_by_id))
    _note_reading(actor, asked, ticket)
    start = {"colleague": ticket.assigned_to_id, "firm": ticket.firm, "due_on": ticket.due_on}
    sums = paid_by(ticket)
    return page(
        request,
        "upkeep/ticket_detail.html",
        status=status,
        breadcrumb=breadcrumb("upkeep:ticket_list", _("Manutenzioni"), ticket.title),
        ticket=ticket,
        asked_by=asked[0] if asked else None,
        days_left=(ticket.due_on - today).days,
        is_to_do=ticket.state in TO_DO,
        may_edit=permissions.may_edit_ticket(actor, ticket),
        may_assign=permissions.can_take("assign", ticket),
        steps=_steps(ticket),
        history=[
            {"step": one, "label": TICKET_STEPS[one.verb]}
            for one in ticket.steps.select_related("taken_by").order_by("taken_at", "pk")
        ],
        costs=ticket.costs.select_related("added_by").order_by("spent_on", "pk"),
        sums=sums,
        total=sum(one.cents for one in sums),
        **{
            "assign_form": AssignForm(actor=actor, today=today, initial=start),
            "cost_form": CostForm(initial={"spent_on": today}),
            "note_form": NoteForm(),
            **forms,
        },
    )


def _steps(ticket: Ticket) -> list[dict[str, Any]]:  # Any: values of a component
    """The steps possible from here, each with the question that its words answer."""
    tones = {"cancel": "danger", "reopen": "warning", "resolve": "success"}
    return [
        {
            "verb": verb,
            "label": label,
            "asks": VERBS_WITH_WORDS.get(verb, ""),
            "tone": tones.get(verb, "primary"),
        }
        for verb, label in TICKET_VERBS.items()
        if permissions.can_take(verb, ticket)
    ]


def _back(request: StaffRequest, ticket: Ticket, act: Callable[[], object], done: str = "") -> HttpResponse:
    """Do one thing and go back to the ticket, with what happened or the sentence of the refusal."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        if done:
            messages.success(request, done)
    return HttpResponseRedirect(_address(ticket))


@requires(P.EDIT_UPKEEP)
@require_POST
def ticket_assign(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Give a ticket to a colleague or to a firm."""
    ticket = _ticket_or_404(request, public_id)
    form = AssignForm(request.POST, actor=request.actor, today=clock.today())
    if not form.is_valid():
        return _show(request, ticket, 422, assign_form=form)
    return _back(
        request,
        ticket,
        lambda: services.assign_ticket(
            actor=request.actor,
            ticket=ticket,
            **form.cleaned_data,
            expected_version=version_of(request),
            now=clock.now(),
            today=clock.today(),
        ),
    )


@requires(P.EDIT_UPKEEP)
@require_POST
def ticket_step(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Start, resolve, reopen, close or cancel a ticket."""
    ticket = _ticket_or_404(request, public_id)
    verb = request.POST.get("verb", "")
    if verb not in TICKET_VERBS:
        messages.error(request, _("Questo passaggio non esiste."))
        return HttpResponseRedirect(_address(ticket))
    return _back(
        request,
        ticket,
        lambda: services.take_ticket_step(
            actor=request.actor,
            ticket=ticket,
            verb=verb,
            words=request.POST.get("reason", ""),
            expected_version=version_of(request),
            now=clock.now(),
            today=clock.today(),
        ),
    )


@requires(P.EDIT_UPKEEP)
@require_POST
def ticket_note(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write what happened."""
    ticket, form = _ticket_or_404(request, public_id), NoteForm(request.POST)
    if not form.is_valid():
        return _show(request, ticket, 422, note_form=form)
    return _back(
        request,
        ticket,
        lambda: services.add_note(
            actor=request.actor, ticket=ticket, words=form.cleaned_data["words"], now=clock.now()
        ),
    )


@requires(P.EDIT_UPKEEP)
@require_POST
def cost_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write a cost and who pays it."""
    ticket, form = _ticket_or_404(request, public_id), CostForm(request.POST)
    if not form.is_valid():
        return _show(request, ticket, 422, cost_form=form)
    return _back(
        request,
        ticket,
        lambda: services.add_cost(
            actor=request.actor, ticket=ticket, **form.cleaned_data, today=clock.today()
        ),
    )


@requires(P.EDIT_UPKEEP)
@require_POST
def cost_withdraw(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take back a cost written by mistake."""
    seen = Ticket.objects.visible_to(request.actor)
    cost: TicketCost = get_object_or_404(
        TicketCost.objects.filter(ticket__in=seen).select_related("ticket__dwelling"), public_id=public_id
    )
    return _back(
        request,
        cost.ticket,
        lambda: services.withdraw_cost(
            actor=request.actor,
            cost=cost,
            reason=request.POST.get("reason", ""),
            expected_version=version_of(request),
            now=clock.now(),
        ),
    )
