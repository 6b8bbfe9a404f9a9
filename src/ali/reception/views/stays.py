from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.audit import services as audit
from ali.core import clock
from ali.core.pages import page
from ali.people.models import Person
from ali.reception import queries, services
from ali.reception.forms import AdmitForm, DepartureForm, ExpectForm, TransferForm
from ali.reception.models import Stay
from ali.reception.queries import free_places
from ali.reception.views.answers import done, person_url, tried


def _person_or_404(request: StaffRequest, public_id: UUID) -> Person:
    person: Person = get_object_or_404(Person.objects.visible_to(request.actor), public_id=public_id)
    return person


def _stay_or_404(request: StaffRequest, person: Person) -> Stay:
    stay: Stay = get_object_or_404(
        Stay.objects.visible_to(request.actor).select_related(
            "person", "centre__manager", "centre__municipality__province"
        ),
        person=person,
        left_on__isnull=True,
    )
    return stay


def _form_page(
    request: StaffRequest, person: Person, form: forms.Form, *, section: str, **context: str
) -> HttpResponse:
    """Draw a form about a person, after writing down that their file was opened."""
    audit.record_read(
        request.actor, "person_section_read", person, persons=[person.public_id], section=section
    )
    return page(
        request,
        "reception/form_page.html",
        status=422 if request.method == "POST" else 200,
        eyebrow=person.display_name,
        form=form,
        version=None,
        cancel=person_url(person),
        breadcrumb=[
            {"label": person.display_name, "url": person_url(person)},
            {"label": context["title"], "url": ""},
        ],
        **context,
    )


@requires(P.EDIT_PEOPLE)
def admit(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Record a person's arrival in a centre."""
    person = _person_or_404(request, public_id)
    today = clock.today()
    form = AdmitForm(request.POST or None, places=free_places(request.actor, today))
    if request.method == "POST" and tried(
        form,
        lambda typed: services.admit_person(actor=request.actor, person=person, today=today, **typed),
    ):
        return done(request, _("Ingresso registrato."), person_url(person))
    return _form_page(
        request,
        person,
        form,
        section="admit",
        title=_("Ingresso in un centro"),
        lead=_("Da quel giorno l'ente gestore e la prefettura seguono la persona."),
        submit=_("Registra l'ingresso"),
    )


@requires(P.EDIT_PEOPLE)
def transfer(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Move a person to another centre."""
    person = _person_or_404(request, public_id)
    stay = _stay_or_404(request, person)
    today = clock.today()
    places = [one for one in free_places(request.actor, today) if one.centre.pk != stay.centre_id]
    form = TransferForm(request.POST or None, places=places)
    if request.method == "POST" and tried(
        form, lambda typed: services.transfer_person(actor=request.actor, stay=stay, today=today, **typed)
    ):
        return done(request, _("Trasferimento registrato."), person_url(person))
    return _form_page(
        request,
        person,
        form,
        section="transfer",
        title=_("Trasferimento in un altro centro"),
        lead=_("Ora è in %(centre)s. L'uscita in corso segue la persona.") % {"centre": stay.centre},
        submit=_("Registra il trasferimento"),
    )


@requires(P.PROPOSE_EXITS)
def departure(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Record that a person has left, with or without an exit in progress."""
    person = _person_or_404(request, public_id)
    stay = _stay_or_404(request, person)
    today = clock.today()
    form = DepartureForm(request.POST or None)
    if request.method == "POST" and tried(
        form,
        lambda typed: services.record_departure(actor=request.actor, person=person, today=today, **typed),
    ):
        return done(request, _("Uscita registrata."), person_url(person))
    return _form_page(
        request,
        person,
        form,
        section="departure",
        title=_("Registra un'uscita avvenuta"),
        lead=_("La presenza in %(centre)s finisce quel giorno.") % {"centre": stay.centre},
        submit=_("Registra l'uscita"),
    )


@requires(P.PROPOSE_EXITS)
def exit_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Say that a person will leave; when there already is an open exit, go to it."""
    person = _person_or_404(request, public_id)
    stay = _stay_or_404(request, person)
    today = clock.today()
    form = ExpectForm(request.POST or None)
    if request.method == "POST" and tried(
        form, lambda typed: services.expect_exit(actor=request.actor, person=person, today=today, **typed)
    ):
        leaving = queries.open_exit_of(person.pk)
        to = reverse("reception:exit_detail", args=[leaving.public_id]) if leaving else person_url(person)
        return done(request, _("Uscita aperta."), to)
    return _form_page(
        request,
        person,
        form,
        section="exit_add",
        title=_("Apri un'uscita"),
        lead=_("Presenza in %(centre)s dal %(day)s.")
        % {"centre": stay.centre, "day": f"{stay.entered_on:%d/%m/%Y}"},
        submit=_("Apri l'uscita"),
    )
