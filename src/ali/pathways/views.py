from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.audit import services as audit
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.pages import page, version_of
from ali.pathways import services
from ali.pathways.forms import CourseForm, TieForm
from ali.pathways.models import LanguageCourse, Tie
from ali.people.models import Person


def _back(person: Person) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('desk:person', args=[person.public_id])}#integrarsi")


@requires(P.EDIT_PEOPLE)
def ties(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The people somebody can count on: add one, take one away."""
    person = get_object_or_404(Person.objects.visible_to(request.actor), public_id=public_id)
    form = TieForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_tie(actor=request.actor, person=person, today=clock.today(), **form.cleaned_data)
            return _back(person)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    audit.record_read(
        request.actor, "person_section_read", person, persons=[person.public_id], section="ties"
    )
    known = Tie.objects.visible_to(request.actor).filter(person=person).order_by("pk")
    return page(
        request,
        "pathways/ties.html",
        status=422 if form.is_bound else 200,
        person=person,
        form=form,
        ties=known,
    )


@requires(P.EDIT_PEOPLE)
@require_POST
def tie_remove(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take away a tie."""
    tie = get_object_or_404(
        Tie.objects.visible_to(request.actor).select_related("person"), public_id=public_id
    )
    services.remove_tie(actor=request.actor, tie=tie, today=clock.today())
    return _back(tie.person)


@requires(P.EDIT_PEOPLE)
def course_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write a course."""
    person = get_object_or_404(Person.objects.visible_to(request.actor), public_id=public_id)
    form = CourseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_course(actor=request.actor, person=person, today=clock.today(), **form.cleaned_data)
            return _back(person)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    audit.record_read(
        request.actor, "person_section_read", person, persons=[person.public_id], section="course"
    )
    return page(
        request, "pathways/course_form.html", status=422 if form.is_bound else 200, person=person, form=form
    )


@requires(P.EDIT_PEOPLE)
def course_edit(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Change a course, also how it ended."""
    course = get_object_or_404(
        LanguageCourse.objects.visible_to(request.actor).select_related("person"), public_id=public_id
    )
    initial = {
        name: getattr(course, name) for name in ("school", "level", "starts_on", "ends_on", "is_passed")
    }
    form = CourseForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_course(
                actor=request.actor,
                course=course,
                expected_version=version_of(request),
                today=clock.today(),
                **form.cleaned_data,
            )
            return _back(course.person)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    read = [course.person.public_id]
    audit.record_read(request.actor, "person_section_read", course, persons=read, section="course")
    return page(
        request,
        "pathways/course_form.html",
        status=422 if form.is_bound else 200,
        person=course.person,
        form=form,
        version=course.version,
    )
