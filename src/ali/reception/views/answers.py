"""What the views of reception share: refusals as sentences, who is read, where a file's page is."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from ali.core.decisions import NotAllowed, Refusal
from ali.people.details import UnclearData
from ali.people.models import Person


def person_url(person: Person) -> str:
    """Return the address of a person's page."""
    return reverse("desk:person", args=[person.public_id])


def tried(form: forms.BaseForm, act: Callable[[dict[str, Any]], object]) -> bool:
    """Call `act` with what was typed; a refusal becomes an error of the form, beside its field when it has one."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except NotAllowed:
        raise
    except Refusal as refusal:
        field = refusal.field if isinstance(refusal, UnclearData) and refusal.field in form.fields else None
        form.add_error(field, str(refusal))
        return False
    return True


def done(request: HttpRequest, sentence: str, to: str) -> HttpResponse:
    """Say what has been written, on the page to go to."""
    messages.success(request, sentence)
    return HttpResponseRedirect(to)


def start_of_path() -> list[dict[str, str]]:
    return [{"label": _("Centri"), "url": reverse("reception:centre_list")}]


def active_filters(request: HttpRequest, form: forms.Form, given: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the filters in force as the component takes them, each with the address that takes it away."""
    active = []
    for name, value in given.items():
        if not value:
            continue
        query = request.GET.copy()
        for gone in (name, "page"):
            query.pop(gone, None)
        chosen = dict(getattr(form.fields[name], "choices", ())).get(value, value)
        active.append(
            {
                "label": f"{form.fields[name].label}: {chosen}",
                "remove_url": f"{request.path}?{query.urlencode()}",
            }
        )
    return active
