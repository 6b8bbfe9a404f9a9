"""Owners: the registry, a page with everything of one, whose a home is, what the market asks for it."""

from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
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
from ali.core.once import repeatable
from ali.core.pages import page, version_of
from ali.core.paging import take_page
from ali.core.text import fold
from ali.housing.models import Dwelling
from ali.housing.permissions import may_describe_home
from ali.scouting import permissions, services
from ali.scouting.forms import (
    ContactForm,
    EndForm,
    OwnerForm,
    OwnerSearchForm,
    OwnershipForm,
    ZoneForm,
)
from ali.scouting.hooks import agreements_with
from ali.scouting.models import HomeZone, Lead, Owner, OwnerContact, Ownership
from ali.scouting.services import OwnerFacts
from ali.scouting.views.leads import breadcrumb, tabs


def _path_of(owner: Owner | None = None, last: str = "") -> list[dict[str, str]]:
    steps = [(_("Proprietari"), reverse("scouting:owner_list"))]
    if owner is not None:
        steps.append((owner.name, reverse("scouting:owner_detail", args=[owner.public_id]) if last else ""))
    return breadcrumb(*steps, *([(last, "")] if last else []))


@requires(P.SEE_OWNERS)
@repeatable
def owner_list(request: StaffRequest) -> HttpResponse:
    """The owners whom the body keeps; the words of a search arrive by POST and enter neither history nor logs."""
    form = OwnerSearchForm(request.POST or None)
    words = form.cleaned_data["words"].strip() if form.is_bound and form.is_valid() else ""
    owners = Owner.objects.visible_to(request.actor)
    for word in fold(words).split() if words and "@" not in words else ():
        owners = owners.filter(Q(folded__contains=f" {word}") | Q(phone__contains=word))
    if "@" in words:
        owners = owners.filter(email__icontains=words)
    found = owners.annotate(
        owned=Count("ownerships", distinct=True), reported=Count("leads", distinct=True)
    ).order_by("folded", "pk")
    audit.record_read(request.actor, "owners_read")
    return page(
        request,
        "scouting/owner_list.html",
        fragment="results",
        owners=take_page(request, found, size=50),
        form=form,
        words=words,
        tabs=tabs(request, request.actor),
        may_edit=permissions.may_search_homes(request.actor),
        wide=True,
    )


def _owner_or_404(actor: Actor, public_id: UUID) -> Owner:
    owner: Owner = get_object_or_404(Owner.objects.visible_to(actor), public_id=public_id)
    return owner


@requires(P.SEE_OWNERS)
def owner_detail(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """An owner: how to reach them, their homes, leads and agreements, every call and letter."""
    return _owner_page(request, _owner_or_404(request.actor, public_id), None)


def _owner_page(request: StaffRequest, owner: Owner, form: ContactForm | None) -> HttpResponse:
    audit.record_read(request.actor, "owner_read", owner)
    shares = Ownership.objects.filter(owner=owner).select_related(
        "building__municipality", "dwelling__building"
    )
    return page(
        request,
        "scouting/owner_detail.html",
        status=422 if form else 200,
        breadcrumb=_path_of(owner),
        owner=owner,
        shares=shares.order_by("ends_on", "-starts_on", "pk"),
        leads=Lead.objects.filter(owner=owner).select_related("municipality").order_by("-pk"),
        agreements=agreements_with(request.actor, owner),
        contacts=OwnerContact.objects.filter(owner=owner)
        .select_related("by", "lead", "campaign")
        .order_by("-on", "-pk")[:100],
        form=form or ContactForm(owner=owner, initial={"on": clock.today()}),
        may_edit=permissions.may_edit_owner(request.actor, owner),
    )


@requires(P.EDIT_OWNERS)
def owner_add(request: StaffRequest) -> HttpResponse:
    """Write an owner."""
    form = OwnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            owner = services.add_owner(actor=request.actor, facts=form.facts())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("scouting:owner_detail", args=[owner.public_id]))
    return page(
        request,
        "scouting/owner_form.html",
        status=422 if request.method == "POST" else 200,
        breadcrumb=_path_of(last=_("Nuovo proprietario")),
        form=form,
        owner=None,
    )


@requires(P.EDIT_OWNERS)
def owner_edit(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Correct an owner; say that they want no more calls and letters."""
    owner = _owner_or_404(request.actor, public_id)
    form = OwnerForm(request.POST or None, owner=owner)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_owner(
                actor=request.actor,
                owner=owner,
                facts=form.facts(),
                not_to_contact=form.cleaned_data["not_to_contact"],
                expected_version=version_of(request),
                today=clock.today(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("scouting:owner_detail", args=[public_id]))
    return page(
        request,
        "scouting/owner_form.html",
        status=422 if request.method == "POST" else 200,
        breadcrumb=_path_of(owner, _("Modifica")),
        form=form,
        owner=owner,
    )


@requires(P.EDIT_OWNERS)
@require_POST
def contact_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write what came of a call, a letter or a meeting."""
    owner = _owner_or_404(request.actor, public_id)
    form = ContactForm(request.POST, owner=owner)
    if not form.is_valid():
        return _owner_page(request, owner, form)
    try:
        services.record_contact(
            actor=request.actor,
            owner=owner,
            facts=form.facts(),
            lead=form.cleaned_data["lead"],
            today=clock.today(),
            now=clock.now(),
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _owner_page(request, owner, form)
    return HttpResponseRedirect(reverse("scouting:owner_detail", args=[public_id]))


def _home_or_404(actor: Actor, public_id: UUID) -> Dwelling:
    homes = Dwelling.objects.visible_to(actor).select_related("building__municipality")
    home: Dwelling = get_object_or_404(homes, public_id=public_id)
    if not may_describe_home(actor, home):
        raise Http404
    return home


@requires(P.EDIT_OWNERS)
def ownership_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Say whose a home is: a known owner, or a new one by name."""
    home = _home_or_404(request.actor, public_id)
    form = OwnershipForm(request.POST or None, actor=request.actor, initial={"starts_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            owner = data["owner"] or services.find_or_add_owner(
                actor=request.actor, facts=OwnerFacts(name=data["name"], phone=data["phone"])
            )
            services.add_ownership(
                actor=request.actor,
                home=home,
                owner=owner,
                share=(data["share"] / 100).quantize(Decimal("0.00001")),
                starts_on=data["starts_on"],
                whole_building=data["whole_building"],
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("housing:home_detail", args=[public_id]))
    return page(
        request,
        "scouting/ownership_form.html",
        status=422 if request.method == "POST" else 200,
        breadcrumb=breadcrumb((str(home), reverse("housing:home_detail", args=[public_id]))),
        home=home,
        form=form,
    )


@requires(P.EDIT_OWNERS)
@require_POST
def ownership_end(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Say until when an owner had a share."""
    owners = Owner.objects.visible_to(request.actor).values("pk")
    share: Ownership = get_object_or_404(
        Ownership.objects.filter(owner__in=owners).select_related("owner", "building"), public_id=public_id
    )
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Scrivi il giorno come 15/05/2026."))
    else:
        try:
            services.end_ownership(
                actor=request.actor,
                ownership=share,
                ends_on=form.cleaned_data["ends_on"],
                expected_version=version_of(request),
            )
        except Refusal as refusal:
            messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("scouting:owner_detail", args=[share.owner.public_id]))


@requires(P.EDIT_OWNERS)
def home_zone(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Choose as what the market would let a home."""
    home = _home_or_404(request.actor, public_id)
    chosen = HomeZone.objects.filter(dwelling=home).first()
    form = ZoneForm(request.POST or None, home=home, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            services.choose_zone(
                actor=request.actor,
                home=home,
                quote=form.cleaned_data["quote"],
                expected_version=version_of(request),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("housing:home_detail", args=[public_id]))
    return page(
        request,
        "scouting/zone_form.html",
        status=422 if request.method == "POST" else 200,
        breadcrumb=breadcrumb((str(home), reverse("housing:home_detail", args=[public_id]))),
        home=home,
        form=form,
        version=chosen.version if chosen else 0,
    )
