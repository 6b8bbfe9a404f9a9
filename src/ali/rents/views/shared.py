"""What the pages of rents share: finding an account, tabs, the path, saving a form."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from ali.accounts.actors import Actor, StaffRequest
from ali.accounts.roles import Permission
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.pages import page
from ali.rents.models import Account


def account_or_404(actor: Actor, public_id: UUID) -> Account:
    found = Account.objects.visible_to(actor).select_related(
        "person", "landlord", "party__tenancy", "dwelling__building"
    )
    account: Account = get_object_or_404(found, public_id=public_id)
    return account


def account_url(account: Account) -> str:
    return reverse("rents:account_detail", args=[account.public_id])


def tabs(actor: Actor, current: str) -> list[dict[str, Any]]:  # Any: values of a component
    """Return the sections of rents that the actor opens."""
    names = [("account_list", _("Conti"), "ali-euro"), ("arrears_list", _("Arretrati"), "it-clock")]
    names.append(("warning_list", _("Da prevenire"), "it-warning-circle"))
    if actor.may(Permission.POST_RENTS):
        names.append(("bank_list", _("Banca"), "it-exchange-circle"))
    return [
        {
            "label": label,
            "href": reverse(f"rents:{name}"),
            "icon": icon,
            "current": name == current,
            "count": None,
        }
        for name, label, icon in names
    ]


def path(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """Return the breadcrumb: rents, then `steps`."""
    start = {"label": _("Canoni"), "url": reverse("rents:account_list")}
    return [start, *({"label": label, "url": url} for label, url in steps)]


def path_of(account: Account, last: str = "") -> list[dict[str, str]]:
    """Return the breadcrumb of an account, or of a page under it."""
    name = account.person.display_name
    return path((name, account_url(account)), (last, "")) if last else path((name, ""))


def saved(form: forms.Form, save: Callable[[], object]) -> bool:
    """Save a valid form; a refusal becomes a sentence on it."""
    if not form.is_valid():
        return False
    try:
        save()
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def form_page(
    request: StaffRequest,
    form: forms.Form,
    account: Account,
    *,
    title: str,
    lead: str = "",
    version: int | None = None,
) -> HttpResponse:
    """Draw a form about an account, and write that it was read."""
    audit.record_read(request.actor, "rent_account_read", account, persons=[account.person.public_id])
    return page(
        request,
        "rents/form.html",
        status=422 if form.is_bound else 200,
        form=form,
        title=title,
        lead=lead,
        account=account,
        version=version,
        back=account_url(account),
        breadcrumb=path_of(account, title),
    )


def done(request: StaffRequest, act: Callable[[], object], address: str, said: str = "") -> HttpResponse:
    """Do it and go to `address`; a refusal becomes a sentence there."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        if said:
            messages.success(request, said)
    return HttpResponseRedirect(address)
