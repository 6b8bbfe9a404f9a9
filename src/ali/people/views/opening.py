"""How every page of a file opens and closes: the person or 404, the reading written down, back to the whole page."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor, StaffRequest
from ali.accounts.roles import Permission as P
from ali.audit import services as audit
from ali.core.decisions import type_text
from ali.core.pages import page
from ali.people.models import Person

SECTIONS = {
    "person_edit": _("Dati"),
    "names": _("Altri nomi"),
    "identifiers": _("Codici"),
    "languages": _("Lingue"),
    "permits": _("Permessi"),
    "case_edit": _("Procedura"),
    "residence_edit": _("Residenza"),
    "household": _("Nucleo"),
    "municipality": _("Comune competente"),
    "reserve": _("Riservatezza"),
}


def open_person(request: StaffRequest, public_id: uuid.UUID) -> Person:
    """Return the person whom the actor sees, or answer 404."""
    found: Person = get_object_or_404(Person.objects.visible_to(request.actor), public_id=public_id)
    return found


def file_url(person: Person) -> str:
    """Return the address of the one-page view, which the desk gives."""
    return reverse("desk:person", args=[person.public_id])


def back_to_file(request: StaffRequest, person: Person, done: type_text) -> HttpResponse:
    """Say what was done and return to the one-page view."""
    messages.success(request, str(done))
    return HttpResponseRedirect(file_url(person))


def back_to(request: StaffRequest, section: str, person: Person, done: type_text) -> HttpResponse:
    """Say what was done and stay in the section: there is often another row to write."""
    messages.success(request, str(done))
    return HttpResponseRedirect(reverse(f"people:{section}", args=[person.public_id]))


def file_page(
    request: StaffRequest,
    template: str,
    person: Person,
    *,
    section: str,
    title: type_text = "",
    others: Iterable[Person] = (),
    form: forms.BaseForm | None = None,
    status: int = 0,
    **context: Any,
) -> HttpResponse:
    """Draw a section of the file, after writing down that it was read; 422 when `form` was refused."""
    read = [person.public_id, *(one.public_id for one in others)]
    audit.record_read(request.actor, "person_section_read", person, persons=read, section=section)
    return page(
        request,
        template,
        status=status or (422 if form is not None and form.errors else 200),
        person=person,
        file_url=file_url(person),
        title=title or SECTIONS[section],
        tabs=_tabs(request.actor, person, section),
        breadcrumb=[
            {"label": person.display_name, "url": file_url(person)},
            {"label": title or SECTIONS[section]},
        ],
        form=form,
        **context,
    )


def _tabs(actor: Actor, person: Person, current: str) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "href": reverse(f"people:{section}", args=[person.public_id]),
            "current": section == current,
            "count": None,
            "icon": "",
        }
        for section, label in SECTIONS.items()
        if section != "reserve" or actor.may(P.RESERVE_PEOPLE)
    ]
