"""The pages where case workers write jobs and means; they are reached from the person's page and go back there."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import Actor, StaffRequest
from ali.accounts.roles import Permission as P
from ali.audit import services as audit
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.pages import page, version_of
from ali.people.models import Person
from ali.work import services
from ali.work.forms import JobForm, MeansForm
from ali.work.models import Job, Means
from ali.work.queries import has_in_care


def _person_url(person: Person) -> str:
    return reverse("desk:person", args=[person.public_id])


def _in_care_or_404(actor: Actor, public_id: UUID) -> Person:
    person: Person = get_object_or_404(Person.objects.visible_to(actor), public_id=public_id)
    if not has_in_care(actor, person, clock.today()):
        raise Http404
    return person


def _job_or_404(actor: Actor, public_id: UUID) -> Job:
    job: Job = get_object_or_404(Job.objects.visible_to(actor).select_related("person"), public_id=public_id)
    return job


def _saved(form: forms.Form, save: Callable[[], object]) -> bool:
    """Save a valid form; a refusal becomes a sentence on it."""
    if not form.is_valid():
        return False
    try:
        save()
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _form_page(
    request: StaffRequest,
    form: forms.Form,
    person: Person,
    *,
    title: str,
    version: int | None = None,
    job: Job | None = None,
) -> HttpResponse:
    return page(
        request,
        "work/form.html",
        status=422 if form.is_bound else 200,
        form=form,
        person=person,
        title=title,
        version=version,
        job=job,
        back=_person_url(person),
        breadcrumb=[{"label": person.display_name, "url": _person_url(person)}, {"label": title, "url": ""}],
    )


@requires(P.STATE_INCOME)
def job_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write a job or other income of a person in our care."""
    person = _in_care_or_404(request.actor, public_id)
    form = JobForm(request.POST if request.method == "POST" else None)
    if _saved(
        form,
        lambda: services.state_job(
            actor=request.actor, person=person, facts=form.facts(), today=clock.today()
        ),
    ):
        return HttpResponseRedirect(_person_url(person))
    audit.record_read(request.actor, "person_section_read", person, persons=[person.public_id], section="job")
    return _form_page(request, form, person, title=_("Nuovo lavoro o reddito"))


@requires(P.STATE_INCOME)
def job_edit(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Change a job, also how it ends."""
    job = _job_or_404(request.actor, public_id)
    form = JobForm(request.POST if request.method == "POST" else None, job=job)
    if _saved(
        form,
        lambda: services.change_job(
            actor=request.actor,
            job=job,
            facts=form.facts(),
            expected_version=version_of(request) or 0,
            today=clock.today(),
        ),
    ):
        return HttpResponseRedirect(_person_url(job.person))
    audit.record_read(request.actor, "income_read", job, persons=[job.person.public_id])
    return _form_page(request, form, job.person, title=_("Lavoro o reddito"), version=job.version, job=job)


@requires(P.STATE_INCOME)
@require_POST
def job_remove(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Remove a job written by mistake."""
    job = _job_or_404(request.actor, public_id)
    person = job.person
    try:
        services.remove_job(
            actor=request.actor, job=job, expected_version=version_of(request) or 0, today=clock.today()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(_person_url(person))


@requires(P.STATE_INCOME)
def means_edit(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Savings, debts and remittances of a person in our care."""
    person = _in_care_or_404(request.actor, public_id)
    means = Means.objects.visible_to(request.actor).filter(person=person).first()
    form = MeansForm(request.POST if request.method == "POST" else None, means=means)
    if _saved(
        form,
        lambda: services.state_means(
            actor=request.actor,
            person=person,
            facts=form.facts(),
            expected_version=version_of(request),
            today=clock.today(),
        ),
    ):
        return HttpResponseRedirect(_person_url(person))
    audit.record_read(request.actor, "income_read", means, persons=[person.public_id])
    return _form_page(
        request, form, person, title=_("Risparmi, debiti e rimesse"), version=means.version if means else None
    )
