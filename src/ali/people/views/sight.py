"""The reserved mark: who may still see the person."""

import uuid

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.core import clock
from ali.core.decisions import Refusal
from ali.people import permissions, queries, services
from ali.people.forms import OfficersForm, ReopenForm, ReserveForm, explain
from ali.people.models import Assignment, Person
from ali.people.states import Capacity
from ali.people.views.opening import back_to_file, file_page, open_person


@requires(P.RESERVE_PEOPLE)
def reserve(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Mark the person as reserved; once marked, change the officers who may see them."""
    person = open_person(request, public_id)
    today = clock.today()
    choices = queries.officers_to_name(person, today)
    form_class = OfficersForm if person.is_reserved else ReserveForm
    named = [one.user_id for one in queries.sight_of(person, today) if one.user_id]
    form = form_class(
        request.POST if request.method == "POST" else None, choices=choices, initial={"officers": named}
    )
    if form.is_valid():
        try:
            _save(request, person, form)
        except Refusal as refusal:
            explain(form, refusal)
        else:
            done = (
                _("Persona riservata: la vedono solo il tuo ente e i funzionari nominati.")
                if isinstance(form, ReserveForm)
                else _("Funzionari aggiornati.")
            )
            return back_to_file(request, person, done)
    return _reserve_page(request, open_person(request, public_id), form=form)


def _save(request: StaffRequest, person: Person, form: OfficersForm) -> None:
    officers = list(form.cleaned_data["officers"])
    if isinstance(form, ReserveForm):
        services.mark_reserved(
            actor=request.actor,
            person=person,
            officers=officers,
            reason=form.cleaned_data["reason"],
            today=clock.today(),
        )
    else:
        services.name_officers(actor=request.actor, person=person, officers=officers, today=clock.today())


def _reserve_page(
    request: StaffRequest, person: Person, *, form: OfficersForm | None, reopening: ReopenForm | None = None
) -> HttpResponse:
    today = clock.today()
    return file_page(
        request,
        "people/reserve.html",
        person,
        section="reserve",
        form=form,
        reopening=reopening or ReopenForm(prefix="reopen"),
        status=422 if reopening is not None else 0,
        decision=permissions.may_reserve_person(request.actor, person, today),
        sight=[one for one in queries.sight_of(person, today) if _still_sees(person, one)],
        has_choices=queries.officers_to_name(person, today).exists(),
    )


def _still_sees(person: Person, one: Assignment) -> bool:
    """The mark leaves the bodies of casework and the named officers (`querysets.assigned_to`)."""
    return not person.is_reserved or one.capacity == Capacity.CASEWORK or one.user_id is not None


@requires(P.RESERVE_PEOPLE)
@require_POST
def reopen(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take the mark off."""
    person = open_person(request, public_id)
    form = ReopenForm(request.POST, prefix="reopen")
    if form.is_valid():
        try:
            services.reopen_person(
                actor=request.actor, person=person, reason=form.cleaned_data["reason"], today=clock.today()
            )
        except Refusal as refusal:
            explain(form, refusal)
        else:
            return back_to_file(request, person, _("La persona non è più riservata."))
    person = open_person(request, public_id)
    named = [one.user_id for one in queries.sight_of(person, clock.today()) if one.user_id]
    officers = OfficersForm(
        choices=queries.officers_to_name(person, clock.today()), initial={"officers": named}
    )
    return _reserve_page(request, person, form=officers, reopening=form)
