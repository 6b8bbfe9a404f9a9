"""Other names, codes and languages: a list, and a form below it."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import Actor, StaffRequest
from ali.accounts.roles import Permission as P
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.models import StaleRecord
from ali.core.pages import version_of
from ali.people import queries, services
from ali.people.fiscal_codes import compute_code, questions_about, read_code
from ali.people.forms import (
    CloseIdentifierForm,
    IdentifierForm,
    LanguageForm,
    NameForm,
    RemoveIdentifierForm,
    explain,
)
from ali.people.models import Identifier, Person, PersonName
from ali.people.services.names import FISCAL
from ali.people.states import Precision
from ali.people.views.opening import back_to, file_page, open_person


def row_of(rows: QuerySet[Any], request: StaffRequest) -> Any:  # Any: a row of that query set
    """Return the row of this person that the form names, or answer 404."""
    wanted = request.POST.get("row", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 19):
        raise Http404
    found = rows.filter(pk=int(wanted)).first()
    if found is None:
        raise Http404
    return found


# Names


@requires(P.EDIT_PEOPLE)
def names(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """The other names, each with its own small form, and a new one."""
    person = open_person(request, public_id)
    form = NameForm(request.POST or None)
    if form.is_valid():
        try:
            services.add_name(actor=request.actor, person=person, **form.cleaned_data)
        except Refusal as refusal:
            explain(form, refusal)
        else:
            return back_to(request, "names", person, _("Nome aggiunto: ora le ricerche lo trovano."))
    return _names_page(request, person, form=form)


def _names_page(
    request: StaffRequest,
    person: Person,
    *,
    form: NameForm | None = None,
    refused: NameForm | None = None,
    version: int = 0,
    status: int = 0,
) -> HttpResponse:
    rows = []
    for name in person.names.order_by("kind", "surname", "given_names", "pk"):
        own, opened_on = _name_form(name), name.version
        if refused is not None and refused.prefix == own.prefix:
            own, opened_on = refused, version or name.version
        rows.append({"name": name, "form": own, "version": opened_on})
    return file_page(
        request,
        "people/names.html",
        person,
        section="names",
        form=form or NameForm(),
        status=422 if refused is not None else status,
        rows=rows,
    )


def _name_form(name: PersonName, request: StaffRequest | None = None) -> NameForm:
    written = {"kind": name.kind, "surname": name.surname, "given_names": name.given_names}
    return NameForm(request.POST if request else None, prefix=f"name-{name.pk}", initial=written)


@requires(P.EDIT_PEOPLE)
@require_POST
def name_change(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write another name again."""
    person = open_person(request, public_id)
    name = row_of(person.names.all(), request)
    form, version = _name_form(name, request), version_of(request)
    if form.is_valid():
        try:
            services.change_name(
                actor=request.actor, name=name, expected_version=version, **form.cleaned_data
            )
        except Refusal as refusal:
            version = 0 if isinstance(refusal, StaleRecord) else version
            explain(form, refusal)
        else:
            return back_to(request, "names", person, _("Nome corretto."))
    return _names_page(request, person, refused=form, version=version)


@requires(P.EDIT_PEOPLE)
@require_POST
def name_remove(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Remove another name written by mistake."""
    person = open_person(request, public_id)
    name = row_of(person.names.all(), request)
    try:
        services.remove_name(actor=request.actor, name=name, expected_version=version_of(request))
    except StaleRecord as refusal:
        messages.error(request, str(refusal))
        return _names_page(request, person, status=422)
    return back_to(request, "names", person, _("Nome tolto."))


# Identifiers


@dataclass(frozen=True)
class CodeRow:
    """A code, what to ask about it, and its two small forms."""

    identifier: Identifier
    questions: list[str | Promise]
    alike: list[Person]
    is_elsewhere: bool
    closing: CloseIdentifierForm
    removing: RemoveIdentifierForm

    @property
    def is_valid(self) -> bool:
        return self.identifier.valid_to is None


@requires(P.EDIT_PEOPLE)
def identifiers(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """The codes in time, what disagrees as questions, and a new one."""
    person = open_person(request, public_id)
    form = IdentifierForm(request.POST or None, actor=request.actor, person=person)
    if form.is_valid():
        try:
            services.add_identifier(
                actor=request.actor, person=person, today=clock.today(), **form.cleaned_data
            )
        except Refusal as refusal:
            explain(form, refusal)
        else:
            return back_to(request, "identifiers", person, _("Codice aggiunto."))
    return _identifiers_page(request, person, form=form)


def _identifiers_page(
    request: StaffRequest,
    person: Person,
    *,
    form: IdentifierForm | None = None,
    row: int | None = None,
    closing: CloseIdentifierForm | None = None,
    removing: RemoveIdentifierForm | None = None,
) -> HttpResponse:
    today = clock.today()
    rows = [
        _code_row(
            request.actor,
            person,
            one,
            today,
            closing=closing if one.pk == row else None,
            removing=removing if one.pk == row else None,
        )
        for one in queries.identifiers_of(request.actor, person)
    ]
    return file_page(
        request,
        "people/identifiers.html",
        person,
        section="identifiers",
        others={other.pk: other for one in rows for other in one.alike}.values(),
        form=form or IdentifierForm(actor=request.actor, person=person),
        status=422 if row is not None else 0,
        rows=rows,
        computed=_computed_code(person),
    )


def _code_row(
    actor: Actor,
    person: Person,
    one: Identifier,
    today: date,
    *,
    closing: CloseIdentifierForm | None,
    removing: RemoveIdentifierForm | None,
) -> CodeRow:
    alike: list[Person] = []
    is_elsewhere = False
    if one.valid_to is None:
        alike, is_elsewhere = queries.identifier_owners(actor, kind=one.kind, value=one.value, exclude=person)
    return CodeRow(
        identifier=one,
        questions=list(_questions(person, one, today)),
        alike=alike,
        is_elsewhere=is_elsewhere,
        closing=closing or CloseIdentifierForm(prefix=f"close-{one.pk}", initial={"valid_to": today}),
        removing=removing or RemoveIdentifierForm(prefix=f"remove-{one.pk}"),
    )


def _questions(person: Person, one: Identifier, today: date) -> Iterator[str | Promise]:
    """What the codice fiscale in force and the file do not agree on."""
    if one.kind not in FISCAL or one.valid_to is not None:
        return
    yield from questions_about(
        read_code(one.value, today=today),
        sex=person.sex,
        birth_date=person.birth_date,
        birth_date_is_exact=person.birth_precision == Precision.DAY,
        birth_place_code=queries.birth_place_code(person),
        surname=person.surname,
        given_names=person.given_names,
    )


def _computed_code(person: Person) -> str:
    """Return the code that the written data yield; empty when they are not enough."""
    born = person.birth_date if person.birth_precision == Precision.DAY else None
    if born is None:
        return ""
    try:
        return compute_code(
            surname=person.surname,
            name=person.given_names,
            sex=person.sex,
            birth_date=born,
            birth_place_code=queries.birth_place_code(person),
        )
    except Refusal:
        return ""


@requires(P.EDIT_PEOPLE)
@require_POST
def identifier_close(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say until when a code held."""
    person = open_person(request, public_id)
    one = row_of(queries.identifiers_of(request.actor, person), request)
    form = CloseIdentifierForm(request.POST, prefix=f"close-{one.pk}")
    if form.is_valid():
        try:
            services.close_identifier(
                actor=request.actor,
                identifier=one,
                expected_version=version_of(request),
                **form.cleaned_data,
            )
        except Refusal as refusal:
            explain(form, refusal)
        else:
            return back_to(request, "identifiers", person, _("Codice chiuso: resta fra quelli di prima."))
    one.refresh_from_db()
    return _identifiers_page(request, person, row=one.pk, closing=form)


@requires(P.EDIT_PEOPLE)
@require_POST
def identifier_remove(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Remove a code that never was this person's."""
    person = open_person(request, public_id)
    one = row_of(queries.identifiers_of(request.actor, person), request)
    form = RemoveIdentifierForm(request.POST, prefix=f"remove-{one.pk}")
    if form.is_valid():
        try:
            services.remove_identifier(
                actor=request.actor,
                identifier=one,
                expected_version=version_of(request),
                **form.cleaned_data,
            )
        except Refusal as refusal:
            explain(form, refusal)
        else:
            return back_to(request, "identifiers", person, _("Codice tolto."))
    return _identifiers_page(request, person, row=one.pk, removing=form)


# Languages


@requires(P.EDIT_PEOPLE)
def languages(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """The languages spoken, and one more or one better."""
    person = open_person(request, public_id)
    form = LanguageForm(request.POST or None)
    if form.is_valid():
        try:
            services.set_language(
                actor=request.actor,
                person=person,
                today=clock.today(),
                expected_version=version_of(request, f"version-{form.cleaned_data['language'].pk}"),
                **form.cleaned_data,
            )
        except Refusal as refusal:
            explain(form, refusal)
        else:
            return back_to(request, "languages", person, _("Lingua scritta."))
    return _languages_page(request, person, form)


def _languages_page(
    request: StaffRequest, person: Person, form: LanguageForm | None = None, status: int = 0
) -> HttpResponse:
    spoken = person.languages.select_related("language").order_by("-level", "language__name", "pk")
    return file_page(
        request,
        "people/languages.html",
        person,
        section="languages",
        status=status,
        form=form or LanguageForm(),
        rows=list(spoken),
    )


@requires(P.EDIT_PEOPLE)
@require_POST
def language_remove(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Remove a language written by mistake."""
    person = open_person(request, public_id)
    spoken = row_of(person.languages.all(), request)
    try:
        services.remove_language(
            actor=request.actor, spoken=spoken, today=clock.today(), expected_version=version_of(request)
        )
    except StaleRecord as refusal:
        messages.error(request, str(refusal))
        return _languages_page(request, person, status=422)
    return back_to(request, "languages", person, _("Lingua tolta."))
