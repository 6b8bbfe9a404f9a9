"""Campaigns: a letter, who gets it, the sheets to print, how owners answered."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import OuterRef, QuerySet, Subquery
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
from ali.scouting import permissions, services
from ali.scouting.forms import CampaignForm, RecipientsForm, SendForm
from ali.scouting.models import Campaign, Lead, OwnerContact, Recipient
from ali.scouting.states import CampaignState, Outcome
from ali.scouting.views.leads import breadcrumb, tabs


def _path_of(campaign: Campaign | None = None, last: str = "") -> list[dict[str, str]]:
    steps = [(_("Campagne"), reverse("scouting:campaign_list"))]
    if campaign is not None:
        address = reverse("scouting:campaign_detail", args=[campaign.public_id]) if last else ""
        steps.append((campaign.title, address))
    return breadcrumb(*steps, *([(last, "")] if last else []))


@requires(P.SEE_OWNERS)
def campaign_list(request: StaffRequest) -> HttpResponse:
    """The campaigns of the body."""
    return page(
        request,
        "scouting/campaign_list.html",
        campaigns=Campaign.objects.visible_to(request.actor).order_by("-pk"),
        tabs=tabs(request, request.actor),
        may_edit=permissions.may_search_homes(request.actor),
        wide=True,
    )


@requires(P.EDIT_OWNERS)
def campaign_add(request: StaffRequest) -> HttpResponse:
    """Begin a campaign."""
    form = CampaignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add_campaign(actor=request.actor, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("text", str(refusal))
        else:
            return _back(made)
    return page(
        request,
        "scouting/campaign_form.html",
        status=422 if request.method == "POST" else 200,
        breadcrumb=_path_of(last=_("Nuova campagna")),
        form=form,
        campaign=None,
    )


def _back(campaign: Campaign) -> HttpResponse:
    return HttpResponseRedirect(reverse("scouting:campaign_detail", args=[campaign.public_id]))


def _campaign_or_404(actor: Actor, public_id: UUID) -> Campaign:
    found: Campaign = get_object_or_404(Campaign.objects.visible_to(actor), public_id=public_id)
    return found


@requires(P.EDIT_OWNERS)
def campaign_edit(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Correct a letter that has not left yet."""
    campaign = _campaign_or_404(request.actor, public_id)
    form = CampaignForm(request.POST or None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_campaign(
                actor=request.actor,
                campaign=campaign,
                expected_version=version_of(request),
                **form.cleaned_data,
            )
        except Refusal as refusal:
            form.add_error("text", str(refusal))
        else:
            return _back(campaign)
    return page(
        request,
        "scouting/campaign_form.html",
        status=422 if request.method == "POST" else 200,
        breadcrumb=_path_of(campaign, _("Modifica")),
        form=form,
        campaign=campaign,
    )


@requires(P.SEE_OWNERS)
def campaign_detail(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A campaign: its letter, who gets it, what came of it; the owners still to be called first."""
    campaign = _campaign_or_404(request.actor, public_id)
    rows = list(_recipients(campaign)[:500])
    waiting = [row for row in rows if row.last_outcome in (None, Outcome.SENT)]
    audit.record_read(request.actor, "owners_read")
    return page(
        request,
        "scouting/campaign_detail.html",
        breadcrumb=_path_of(campaign),
        campaign=campaign,
        rows=sorted(rows, key=lambda row: row not in waiting),
        labels=dict(Outcome.choices),
        waiting=len(waiting),
        form=RecipientsForm(actor=request.actor),
        send_form=SendForm(),
        is_draft=campaign.state == CampaignState.DRAFT,
        is_sent=campaign.state == CampaignState.SENT,
        may_edit=permissions.may_edit_campaign(request.actor, campaign),
    )


def _recipients(campaign: Campaign) -> QuerySet[Any]:  # Any: rows with what is annotated
    last = OwnerContact.objects.filter(owner=OuterRef("owner"))
    if campaign.sent_on:
        last = last.filter(on__gte=campaign.sent_on)
    return (
        Recipient.objects.filter(campaign=campaign)
        .select_related("owner", "lead__municipality")
        .annotate(last_outcome=Subquery(last.order_by("-on", "-pk").values("outcome")[:1]))
        .order_by("owner__folded", "pk")
    )


@requires(P.EDIT_OWNERS)
@require_POST
def campaign_recipients(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Choose who gets the letter, by filters on the empty homes."""
    campaign = _campaign_or_404(request.actor, public_id)
    form = RecipientsForm(request.POST, actor=request.actor)
    if not form.is_valid():
        messages.error(request, _("Controlla i filtri e riprova."))
        return _back(campaign)
    conditions = form.conditions()
    leads = Lead.objects.visible_to(request.actor).filter(owner__isnull=False, **conditions)
    if "state" not in conditions:
        leads = leads.open()
    try:
        chosen = services.choose_recipients(
            actor=request.actor,
            campaign=campaign,
            leads=list(leads.select_related("owner").order_by("pk")),
            expected_version=version_of(request),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        if not chosen:
            messages.warning(
                request, _("Nessun proprietario passa i filtri, o hanno chiesto di non essere contattati.")
            )
    return _back(campaign)


@requires(P.SEE_OWNERS)
def campaign_letters(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The letters, one to a sheet, to print or to save as PDF."""
    campaign = _campaign_or_404(request.actor, public_id)
    day, body = campaign.sent_on or clock.today(), request.actor.organisation_name
    audit.record_read(request.actor, "letters_printed", campaign)
    letters = []
    for row in _recipients(campaign).filter(owner__not_to_contact_since__isnull=True):
        subject, text = services.letter_for(campaign, row.owner, row.lead, body, day)
        letters.append({"owner": row.owner, "subject": subject, "text": text})
    return page(request, "scouting/letters_print.html", campaign=campaign, letters=letters, day=day)


@requires(P.EDIT_OWNERS)
@require_POST
def campaign_send(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Say that the letters have left."""
    campaign = _campaign_or_404(request.actor, public_id)
    form = SendForm(request.POST)
    try:
        services.send_campaign(
            actor=request.actor,
            campaign=campaign,
            call_by=form.cleaned_data["call_by"] if form.is_valid() else None,
            expected_version=version_of(request),
            today=clock.today(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return _back(campaign)


@requires(P.EDIT_OWNERS)
@require_POST
def campaign_close(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Nobody is to be called any more for it."""
    campaign = _campaign_or_404(request.actor, public_id)
    try:
        services.close_campaign(
            actor=request.actor, campaign=campaign, expected_version=version_of(request), now=clock.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return _back(campaign)
