"""Permits, the asylum case, residence and the competent Comune."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.models import StaleRecord
from ali.core.pages import version_of
from ali.people import queries, services
from ali.people.forms import (
    CaseForm,
    EndResidenceForm,
    MunicipalityForm,
    PermitForm,
    ResidenceForm,
    explain,
)
from ali.people.forms.fields import municipality_names
from ali.people.models import AsylumCase, Permit, Person
from ali.people.states import PermitState
from ali.people.views.conflicts import both_values
from ali.people.views.names import row_of
from ali.people.views.opening import back_to, back_to_file, file_page, open_person


@requires(P.EDIT_PEOPLE)
def permits(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Every permit with its state and its dates, the latest first."""
    person = open_person(request, public_id)
    return file_page(
        request,
        "people/permits.html",
        person,
        section="permits",
        permits=list(queries.permits_of(person)),
        today=clock.today(),
    )


@requires(P.EDIT_PEOPLE)
def permit_add(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """A new permit; the earlier ones stay."""
    person = open_person(request, public_id)
    form = PermitForm(request.POST or None, initial={"state": PermitState.REQUESTED})
    if form.is_valid():
        try:
            services.add_permit(
                actor=request.actor, person=person, details=form.details(), today=clock.today()
            )
        except Refusal as refusal:
            explain(form, refusal)
        else:
            return back_to_file(request, person, _("Permesso aggiunto."))
    return file_page(
        request,
        "people/permit_form.html",
        person,
        section="permits",
        title=_("Nuovo permesso"),
        form=form,
        version=None,
        both=[],
    )


@requires(P.EDIT_PEOPLE)
def permit_edit(request: StaffRequest, public_id: uuid.UUID, permit_id: uuid.UUID) -> HttpResponse:
    """The next step of a permit, or a date to correct."""
    person = open_person(request, public_id)
    permit: Permit = get_object_or_404(Permit, person=person, public_id=permit_id)
    form = PermitForm(request.POST or None, initial=PermitForm.typed(permit))
    both, version = [], permit.version
    if form.is_valid():
        try:
            services.change_permit(
                actor=request.actor,
                permit=permit,
                details=form.details(),
                today=clock.today(),
                expected_version=version_of(request),
            )
        except StaleRecord as refusal:
            stored = Permit.objects.get(pk=permit.pk)
            both, version = both_values(form, PermitForm.typed(stored)), stored.version
            explain(form, refusal)
        except Refusal as refusal:
            version = version_of(request)
            explain(form, refusal)
        else:
            return back_to_file(request, person, _("Permesso aggiornato."))
    elif form.is_bound:
        version = version_of(request)
    return file_page(
        request,
        "people/permit_form.html",
        person,
        section="permits",
        title=_("Permesso di soggiorno"),
        form=form,
        version=version,
        both=both,
    )


@requires(P.EDIT_PEOPLE)
def case_edit(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """The asylum procedure: opened the first time, changed afterwards."""
    person = open_person(request, public_id)
    case = AsylumCase.objects.filter(person=person).first()
    form = CaseForm(request.POST or None, initial=CaseForm.typed(case) if case else {})
    both, version = [], case.version if case else None
    if form.is_valid():
        try:
            services.set_case(
                actor=request.actor,
                person=person,
                details=form.details(),
                today=clock.today(),
                expected_version=version_of(request) or None,
            )
        except StaleRecord as refusal:
            stored = AsylumCase.objects.get(person=person)
            both, version = both_values(form, CaseForm.typed(stored)), stored.version
            explain(form, refusal)
        except Refusal as refusal:
            version = version_of(request) or None
            explain(form, refusal)
        else:
            return back_to_file(request, person, _("Procedura aggiornata."))
    elif form.is_bound:
        version = version_of(request) or None
    return file_page(
        request, "people/case_edit.html", person, section="case_edit", form=form, version=version, both=both
    )


@requires(P.EDIT_PEOPLE)
def residence_edit(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Where the person is registered, was before, and is from now on."""
    person = open_person(request, public_id)
    form = ResidenceForm(request.POST or None)
    if form.is_valid():
        try:
            services.set_residence(
                actor=request.actor,
                person=person,
                today=clock.today(),
                expected_version=version_of(request),
                **form.cleaned_data,
            )
        except Refusal as refusal:
            explain(form, refusal)
        else:
            return back_to_file(request, person, _("Residenza scritta."))
    return _residence_page(request, person, form=form)


def _residence_page(
    request: StaffRequest,
    person: Person,
    *,
    form: ResidenceForm | None = None,
    ending: EndResidenceForm | None = None,
) -> HttpResponse:
    known = person.residences.select_related("municipality").order_by("-starts_on", "-pk")
    return file_page(
        request,
        "people/residence_edit.html",
        person,
        section="residence_edit",
        form=form or ResidenceForm(),
        ending=ending or EndResidenceForm(initial={"ends_on": clock.today()}, prefix="end"),
        status=422 if ending is not None else 0,
        residences=list(known),
        version=max(((one.pk, one.version) for one in known if one.ends_on is None), default=(0, 0))[1],
        municipality_names=municipality_names(request.actor.provinces),
    )


@requires(P.EDIT_PEOPLE)
@require_POST
def residence_end(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """A registration cancelled, or left without another one yet."""
    person = open_person(request, public_id)
    residence = row_of(person.residences.filter(ends_on__isnull=True), request)
    form = EndResidenceForm(request.POST, prefix="end")
    if form.is_valid():
        try:
            services.end_residence(
                actor=request.actor,
                residence=residence,
                expected_version=version_of(request),
                **form.cleaned_data,
            )
        except Refusal as refusal:
            explain(form, refusal)
        else:
            return back_to(request, "residence_edit", person, _("Residenza chiusa."))
    return _residence_page(request, person, ending=form)


@requires(P.EDIT_PEOPLE)
def municipality(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """The Comune whose social services are competent, and when it was told."""
    person = open_person(request, public_id)
    form = MunicipalityForm(request.POST or None, initial=_municipality_of(person))
    both, version = [], person.version
    if form.is_valid():
        try:
            _set_municipality(request, person, form)
        except StaleRecord as refusal:
            person = open_person(request, public_id)
            both, version = both_values(form, _municipality_of(person)), person.version
            explain(form, refusal)
        except Refusal as refusal:
            version = version_of(request)
            explain(form, refusal)
        else:
            return back_to_file(request, person, _("Comune competente aggiornato."))
    elif form.is_bound:
        version = version_of(request)
    return file_page(
        request,
        "people/municipality.html",
        person,
        section="municipality",
        form=form,
        version=version,
        both=both,
        must_tell=person.is_pregnant or person.is_vulnerable or person.is_minor_on(clock.today()),
        municipality_names=municipality_names(request.actor.provinces),
    )


def _municipality_of(person: Person) -> dict[str, object]:
    return {"municipality": person.competent_municipality, "told_on": person.municipality_told_on}


def _set_municipality(request: StaffRequest, person: Person, form: MunicipalityForm) -> None:
    chosen, told_on = form.cleaned_data["municipality"], form.cleaned_data["told_on"]
    version = version_of(request)
    if told_on:
        services.tell_municipality(
            actor=request.actor,
            person=person,
            municipality=chosen,
            told_on=told_on,
            today=clock.today(),
            expected_version=version,
        )
    else:
        services.set_competent_municipality(
            actor=request.actor,
            person=person,
            municipality=chosen,
            today=clock.today(),
            is_told=False,
            expected_version=version,
        )
