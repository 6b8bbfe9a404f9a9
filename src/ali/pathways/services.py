"""What case workers write of ties and courses; each change tells reception what is no longer lacking."""

from datetime import date

from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.pathways import permissions
from ali.pathways.models import LanguageCourse, Tie
from ali.people.models import Person
from ali.reception.gaps import refresh_gaps


class ImpossibleCourse(Refusal):
    """Dates that cannot be."""


@atomic
def add_tie(*, actor: Actor, person: Person, kind: str, place: str, is_strong: bool, today: date) -> Tie:
    """Write somebody on whom the person can count: a kind and a place, never a name."""
    permissions.may_edit_pathway(actor, person, today).or_refuse()
    tie = Tie.objects.create(person=person, kind=kind, place=place.strip(), is_strong=is_strong)
    audit.record(actor, "tie_added", tie, persons=[person.public_id])
    refresh_gaps([person.pk], today=today)
    return tie


@atomic
def remove_tie(*, actor: Actor, tie: Tie, today: date) -> None:
    """Take away a tie that is no longer there."""
    permissions.may_edit_pathway(actor, tie.person, today).or_refuse()
    audit.record(actor, "tie_removed", tie, persons=[tie.person.public_id])
    person = tie.person_id
    tie.delete()
    refresh_gaps([person], today=today)


def _check(starts_on: date, ends_on: date | None) -> None:
    if ends_on and ends_on < starts_on:
        raise ImpossibleCourse(_("Il corso finisce prima di cominciare: controlla le due date."))


@atomic
def add_course(
    *,
    actor: Actor,
    person: Person,
    school: str,
    level: str,
    starts_on: date,
    ends_on: date | None,
    is_passed: bool,
    today: date,
) -> LanguageCourse:
    """Write an Italian course that the person follows or followed."""
    permissions.may_edit_pathway(actor, person, today).or_refuse()
    _check(starts_on, ends_on)
    course = LanguageCourse.objects.create(
        person=person,
        school=school.strip(),
        level=level,
        starts_on=starts_on,
        ends_on=ends_on,
        is_passed=is_passed,
    )
    audit.record(actor, "course_added", course, persons=[person.public_id])
    refresh_gaps([person.pk], today=today)
    return course


@atomic
def change_course(
    *,
    actor: Actor,
    course: LanguageCourse,
    expected_version: int,
    school: str,
    level: str,
    starts_on: date,
    ends_on: date | None,
    is_passed: bool,
    today: date,
) -> LanguageCourse:
    """Change a course: also how it ended."""
    permissions.may_edit_pathway(actor, course.person, today).or_refuse()
    _check(starts_on, ends_on)
    course.school, course.level, course.is_passed = school.strip(), level, is_passed
    course.starts_on, course.ends_on = starts_on, ends_on
    course.save_if_unchanged(expected_version)
    audit.record(actor, "course_changed", course, persons=[course.person.public_id])
    refresh_gaps([course.person_id], today=today)
    return course
