"""Keys, inventory and rules of a home."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.audit import services as audit
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.pages import page, version_of
from ali.housing.models import Dwelling
from ali.tenancies import permissions, services
from ali.tenancies.forms import HouseRulesForm, ItemForm, KeyBackForm, KeyForm, KeyLoanForm
from ali.tenancies.models import HouseRules, InventoryItem, Key, KeyLoan, TenancyParty
from ali.tenancies.queries import persons_seen
from ali.tenancies.states import BINDING_STATES


def _home(request: StaffRequest, public_id: UUID) -> Dwelling:
    """Return a home of the actor's body; 404 otherwise."""
    found: Dwelling = get_object_or_404(
        Dwelling.objects.visible_to(request.actor)
        .filter(manager=request.actor.organisation_id)
        .select_related("building__municipality", "manager"),
        public_id=public_id,
    )
    return found


def _breadcrumb(home: Dwelling, last: str) -> list[dict[str, str]]:
    return [
        {"label": _("Case"), "url": reverse("housing:home_list")},
        {"label": str(home), "url": reverse("housing:home_detail", args=[home.public_id])},
        {"label": last, "url": ""},
    ]


@requires(P.EDIT_TENANCIES)
def keys_and_inventory(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The keys of a home, who has them since when, and its inventory."""
    return _show(request, _home(request, public_id))


def _show(
    request: StaffRequest, home: Dwelling, *, status: int = 200, **typed: Any
) -> HttpResponse:  # Any: forms that come back
    today = clock.today()
    parties = list(
        TenancyParty.objects.filter(tenancy__dwelling=home, tenancy__state__in=BINDING_STATES)
        .select_related("person")
        .order_by("pk")
    )
    loans = list(
        KeyLoan.objects.filter(key__dwelling=home)
        .select_related("key", "party__person")
        .order_by("-given_on", "-pk")
    )
    ids = [one.person_id for one in parties] + [loan.party.person_id for loan in loans if loan.party]
    seen = persons_seen(request.actor, ids)
    names = {one.pk: one.display_name for one in seen}
    audit.record_read(request.actor, "tenancy_list_read", home, persons=[one.public_id for one in seen])
    keys = list(Key.objects.filter(dwelling=home).select_related("room").order_by("label", "pk"))
    return page(
        request,
        "tenancies/keys_and_inventory.html",
        status=status,
        breadcrumb=_breadcrumb(home, _("Chiavi e inventario")),
        home=home,
        may_edit=permissions.may_let_dwelling(request.actor, home),
        keys=[{"key": key, "left": key.copies - services.copies_out(key)} for key in keys],
        loans=[
            {
                "loan": loan,
                "who": loan.holder_name
                or (names.get(loan.party.person_id, _("una persona")) if loan.party else ""),
                "form": KeyBackForm(prefix=f"chiave-{loan.pk}", initial={"returned_on": today}),
            }
            for loan in loans
        ],
        items=list(
            InventoryItem.objects.filter(dwelling=home, removed_on__isnull=True)
            .select_related("room")
            .order_by("room_id", "label", "pk")
        ),
        **{
            "key_form": KeyForm(prefix="chiave"),
            "loan_form": KeyLoanForm(
                prefix="consegna", dwelling=home, parties=parties, names=names, initial={"given_on": today}
            ),
            "item_form": ItemForm(prefix="oggetto", dwelling=home),
            **typed,
        },
    )


def _done(
    request: StaffRequest, home: Dwelling, name: str, form: forms.Form, action: Callable[[], Any]
) -> HttpResponse:  # Any: what the service returns
    if form.is_valid():
        try:
            action()
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("tenancies:keys_and_inventory", args=[home.public_id]))
    return _show(request, home, status=422, **{name: form})


@requires(P.EDIT_TENANCIES)
@require_POST
def key_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Add a key."""
    home, form = _home(request, public_id), KeyForm(request.POST, prefix="chiave")
    return _done(
        request,
        home,
        "key_form",
        form,
        lambda: services.add_key(actor=request.actor, dwelling=home, **form.cleaned_data),
    )


@requires(P.EDIT_TENANCIES)
@require_POST
def key_give(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Put copies in somebody's hands."""
    home = _home(request, public_id)
    parties = list(
        TenancyParty.objects.filter(tenancy__dwelling=home, tenancy__state__in=BINDING_STATES)
        .select_related("person", "tenancy")
        .order_by("pk")
    )
    names = {one.pk: one.display_name for one in persons_seen(request.actor, [p.person_id for p in parties])}
    form = KeyLoanForm(request.POST, prefix="consegna", dwelling=home, parties=parties, names=names)
    return _done(
        request,
        home,
        "loan_form",
        form,
        lambda: services.give_key(
            actor=request.actor,
            key=form.cleaned_data["key"],
            copies=form.cleaned_data["copies"],
            given_on=form.cleaned_data["given_on"],
            today=clock.today(),
            party=form.chosen_party(),
            holder_name=form.cleaned_data["holder_name"],
        ),
    )


@requires(P.EDIT_TENANCIES)
@require_POST
def key_return(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Copies came back, or are lost."""
    loan = get_object_or_404(
        KeyLoan.objects.filter(key__dwelling__manager=request.actor.organisation_id).select_related(
            "key__dwelling__building", "party__person"
        ),
        public_id=public_id,
    )
    form = KeyBackForm(request.POST, prefix=f"chiave-{loan.pk}")
    try:
        if not form.is_valid():
            raise Refusal(_("Scrivi in che giorno sono tornate."))
        is_lost = form.cleaned_data["is_lost"]
        services.take_key_back(
            actor=request.actor,
            loan=loan,
            returned_on=None if is_lost else form.cleaned_data["returned_on"],
            is_lost=is_lost,
            expected_version=version_of(request),
            today=clock.today(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("tenancies:keys_and_inventory", args=[loan.key.dwelling.public_id]))


@requires(P.EDIT_TENANCIES)
@require_POST
def inventory_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Add something to the inventory."""
    home = _home(request, public_id)
    form = ItemForm(request.POST, prefix="oggetto", dwelling=home)
    return _done(
        request,
        home,
        "item_form",
        form,
        lambda: services.add_item(actor=request.actor, dwelling=home, **form.cleaned_data),
    )


@requires(P.EDIT_TENANCIES)
@require_POST
def inventory_remove(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Something is no longer in the home."""
    item = get_object_or_404(
        InventoryItem.objects.visible_to(request.actor).select_related("dwelling"), public_id=public_id
    )
    try:
        services.remove_item(
            actor=request.actor, item=item, expected_version=version_of(request), today=clock.today()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("tenancies:keys_and_inventory", args=[item.dwelling.public_id]))


@requires(P.EDIT_TENANCIES)
def house_rules(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The rules of a home, with every version; a new text is a new version."""
    home = _home(request, public_id)
    versions = [
        *HouseRules.objects.filter(dwelling=home).order_by("-number"),
        *HouseRules.objects.filter(dwelling__isnull=True, body=home.manager_id).order_by("-number"),
    ]
    latest = versions[0] if versions else None
    data = request.POST if request.method == "POST" else None
    form = HouseRulesForm(data, initial={"text": latest.text if latest else "", "valid_from": clock.today()})
    if data is not None and form.is_valid():
        try:
            services.write_house_rules(
                actor=request.actor,
                text=form.cleaned_data["text"],
                valid_from=form.cleaned_data["valid_from"],
                dwelling=None if form.cleaned_data["for_all"] else home,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("tenancies:house_rules", args=[home.public_id]))
    return page(
        request,
        "tenancies/house_rules.html",
        status=200 if data is None else 422,
        breadcrumb=_breadcrumb(home, _("Regole della casa")),
        home=home,
        versions=versions,
        form=form,
    )
