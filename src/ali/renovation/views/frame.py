"""What the pages of works share: finding, tabs, breadcrumb, forms and steps with their refusals."""

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
from ali.core.decisions import Refusal
from ali.core.pages import page
from ali.renovation.models import Works

Context = dict[str, Any]  # Any: values of a template


def works_or_404(actor: Actor, public_id: UUID) -> Works:
    """Return works as the actor sees them."""
    found: Works = get_object_or_404(
        Works.objects.visible_to(actor).select_related("building__municipality", "holder"),
        public_id=public_id,
    )
    return found


def breadcrumb(works: Works | None = None, last: str = "") -> list[dict[str, str]]:
    """Return the way from the list to here."""
    steps = [{"label": _("Lavori"), "url": reverse("renovation:works_list")}]
    if works is not None:
        steps.append({"label": works.name, "url": reverse("renovation:works_detail", args=[works.public_id])})
    if last:
        return [*steps, {"label": last, "url": ""}]
    steps[-1]["url"] = ""
    return steps


def tabs(works: Works, current: str) -> list[dict[str, Any]]:  # Any: values of a component
    """Return the pages of some works."""
    names = [
        ("works_detail", _("Programma e titoli"), "it-calendar"),
        ("works_costs", _("Costi e preventivi"), "ali-euro"),
        ("works_funding", _("Finanziamenti e fatture"), "it-file"),
        ("works_site", _("Cantiere scuola"), "ali-people"),
    ]
    return [
        {
            "label": label,
            "href": reverse(f"renovation:{name}", args=[works.public_id]),
            "current": name == current,
            "icon": icon,
            "count": None,
        }
        for name, label, icon in names
    ]


def back(works: Works, name: str = "works_detail") -> HttpResponseRedirect:
    """Go to a page of works."""
    return HttpResponseRedirect(reverse(f"renovation:{name}", args=[works.public_id]))


def take(request: StaffRequest, act: Callable[[], object], answer: HttpResponse) -> HttpResponse:
    """Do one thing; a refusal is said on the page where the answer leads."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return answer


def say_errors(request: StaffRequest, form: forms.Form) -> None:
    """Say what is wrong with a small form on the page it came from."""
    for errors in form.errors.values():
        messages.error(request, " ".join(str(error) for error in errors))


def form_page(
    request: StaffRequest,
    form: forms.Form,
    *,
    act: Callable[[], object],
    answer: Callable[[], HttpResponse],
    title: str,
    crumbs: list[dict[str, str]],
    cancel: str,
    lead: str = "",
    version: int | None = None,
    submit: str = "",
    template: str = "renovation/form_page.html",
) -> HttpResponse:
    """Show a form and, when it is sent and right, do what it says; a refusal is an error of the form."""
    if form.is_bound and form.is_valid():
        try:
            act()
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return answer()
    return page(
        request,
        template,
        status=422 if form.is_bound else 200,
        form=form,
        title=title,
        lead=lead,
        breadcrumb=crumbs,
        cancel=cancel,
        version=version,
        submit=submit,
    )
