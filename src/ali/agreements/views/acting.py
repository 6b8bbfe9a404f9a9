"""The two shapes that every action here has: a page with a form, and a button with a reason."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect

from ali.accounts.actors import StaffRequest
from ali.core.decisions import Refusal
from ali.core.pages import page

Crumbs = Sequence[dict[str, str]]


def form_page(
    request: StaffRequest,
    form: forms.Form,
    act: Callable[[], str | None],
    *,
    title: str,
    back: str,
    breadcrumb: Crumbs,
    template: str = "agreements/form.html",
    **shown: Any,  # Any: values of a template
) -> HttpResponse:
    """Show the form, or do what it asks and go to the address that `act` returns (or `back`); a refusal is said in the form."""
    if request.method == "POST" and form.is_valid():
        try:
            address = act()
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(address or back)
    return page(
        request,
        template,
        status=422 if request.method == "POST" else 200,
        form=form,
        title=title,
        back=back,
        breadcrumb=[*breadcrumb, {"label": title, "url": ""}],
        **shown,
    )


def act_and_go(request: StaffRequest, act: Callable[[], object], back: str) -> HttpResponse:
    """Do what a button asks and go back; a refusal is a message there."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(back)


def data_of(request: StaffRequest) -> Any:  # Any: Django's own
    """Return what was sent, or None when the form is only shown."""
    return request.POST if request.method == "POST" else None
