"""Opening a file, and the data of the person."""

import hashlib
import uuid

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from ali.accounts.access import requires
from ali.accounts.actors import Actor, StaffRequest
from ali.accounts.roles import Permission as P
from ali.audit import services as audit
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.models import StaleRecord
from ali.core.pages import page, version_of
from ali.core.text import fold
from ali.core.transactions import atomic
from ali.people import hooks, services
from ali.people.forms import PersonForm, explain
from ali.people.models import Person
from ali.people.queries import Duplicates, possible_duplicates
from ali.people.states import Relation
from ali.people.views.conflicts import both_values
from ali.people.views.opening import (
    back_to_file,
    file_page,
    file_url,
    open_person,
)
from ali.places.models import State


@requires(P.EDIT_PEOPLE)
def person_add(request: StaffRequest) -> HttpResponse:
    """Open a file; with `?con=<person>` it is of somebody of that household. Look-alikes are shown first."""
    relative = _relative(request)
    form = PersonForm(request.POST or None, today=clock.today(), in_household=relative is not None)
    alike, answer = Duplicates([], False), ""
    if form.is_valid():
        alike, answer = _look_alikes(request.actor, form), _answer_for(form)
        if not alike or request.POST.get("different") == answer:
            try:
                person = _register(request.actor, form, relative)
            except Refusal as refusal:
                explain(form, refusal)
            else:
                return _after_registering(request, person)
    return page(
        request,
        "people/person_add.html",
        status=422 if form.is_bound else 200,
        form=form,
        alike=alike,
        answer=answer,
        relative=relative,
        action=request.get_full_path(),
        back=file_url(relative) if relative else reverse("desk:home"),
        next_steps=hooks.next_steps(request.actor),
        breadcrumb=[{"label": _("Nuova persona")}],
    )


def _relative(request: StaffRequest) -> Person | None:
    """The person of whose household the new one is, named by public id in the address."""
    if "con" not in request.GET:
        return None
    try:
        return open_person(request, uuid.UUID(request.GET["con"]))
    except ValueError as error:
        raise Http404 from error


def _look_alikes(actor: Actor, form: PersonForm) -> Duplicates:
    """Read the names of those found, and write down that they were read: also that one elsewhere was hinted at."""
    details = form.details()
    found = possible_duplicates(
        actor,
        surname=details.surname,
        given_names=details.given_names,
        birth_year=details.birth_date.year if details.birth_date else None,
        citizenships=[state.pk for state in form.states()],
    )
    if found:
        audit.record_read(
            actor,
            "duplicates_read",
            persons=[one.public_id for one in found.seen],
            is_elsewhere=found.is_elsewhere,
        )
    return found


def _answer_for(form: PersonForm) -> str:
    """«Not the same person» holds for these names, birth and citizenships: changed ones are asked again."""
    details = form.details()
    told = [fold(details.surname), fold(details.given_names), str(details.birth_date)]
    told += sorted(state.pk for state in form.states())
    return hashlib.sha256("|".join(told).encode()).hexdigest()[:24]


def _register(actor: Actor, form: PersonForm, relative: Person | None) -> Person:
    return services.register_person(
        actor=actor,
        details=form.details(),
        today=clock.today(),
        citizenships=form.states(),
        household=relative.household if relative else None,
        relation=form.cleaned_data.get("relation", Relation.HEAD),
        is_invented=settings.IS_DEMO,
    )


def _after_registering(request: StaffRequest, person: Person) -> HttpResponse:
    """Go where the pressed button says: the file, or the step that another app offers."""
    messages.success(request, _("Scheda aperta. Il resto si può scrivere quando si sa."))
    wanted = request.POST.get("then", "")
    step = next((one for one in hooks.next_steps(request.actor) if one.code == wanted), None)
    return HttpResponseRedirect(step.address(person) if step else file_url(person))


@requires(P.EDIT_PEOPLE)
def person_edit(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change names, birth, sex, citizenships and the rest of what describes the person."""
    person = open_person(request, public_id)
    form = _edit_form(person, request)
    both, version = [], person.version
    if form.is_valid():
        try:
            _change(request, person, form)
        except StaleRecord:
            person = open_person(request, public_id)
            both, version = both_values(form, _edit_form(person).initial), person.version
            form.add_error(
                None, _("Qualcun altro ha salvato questa scheda mentre scrivevi: confronta e scegli.")
            )
        except Refusal as refusal:
            version = version_of(request)
            explain(form, refusal)
        else:
            return back_to_file(request, person, _("Dati aggiornati."))
    elif form.is_bound:
        version = version_of(request)
    return file_page(
        request,
        "people/person_edit.html",
        person,
        section="person_edit",
        form=form,
        version=version,
        both=both,
    )


def _edit_form(person: Person, request: StaffRequest | None = None) -> PersonForm:
    known = State.objects.filter(pk__in=person.citizenships.values("state")).order_by("folded", "pk")
    data = request.POST or None if request else None
    return PersonForm(data, today=clock.today(), stored=person, citizenships=list(known))


@atomic
def _change(request: StaffRequest, person: Person, form: PersonForm) -> None:
    services.change_person(
        actor=request.actor,
        person=person,
        details=form.details(),
        today=clock.today(),
        expected_version=version_of(request),
        keep_previous_name=form.cleaned_data["keep_previous_name"],
    )
    services.set_citizenships(actor=request.actor, person=person, states=form.states())


@requires(P.EDIT_PEOPLE)
def duplicates(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Files that may be of the same person, among those that the actor sees."""
    person = open_person(request, public_id)
    alike = possible_duplicates(
        request.actor,
        surname=person.surname,
        given_names=person.given_names,
        birth_year=person.birth_date.year if person.birth_date else None,
        citizenships=list(person.citizenships.values_list("state_id", flat=True)),
        exclude=person,
    )
    return file_page(
        request,
        "people/duplicates.html",
        person,
        section="person_edit",
        title=_("Schede simili"),
        others=alike.seen,
        alike=alike,
    )
