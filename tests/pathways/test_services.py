"""Ties and courses: written by who follows the person, told to the gaps, audited."""

from datetime import date

import pytest

from ali.audit.models import AuditEvent
from ali.core.decisions import NotAllowed
from ali.core.models import StaleRecord
from ali.pathways import services
from ali.pathways.models import LanguageCourse, Tie, TieKind
from ali.reception.states import GapState
from tests.factories.organisations import actor_for_role
from tests.factories.reception import exit_seen_by

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


def test_strong_tie_closes_the_gap_of_the_network() -> None:
    operator = actor_for_role("centre_operator")
    leaving = exit_seen_by(operator)

    services.add_tie(
        actor=operator,
        person=leaving.person,
        kind=TieKind.FRIEND,
        place="Padova",
        is_strong=True,
        today=TODAY,
    )

    leaving.refresh_from_db()
    assert leaving.gap_network != GapState.MISSING
    assert AuditEvent.objects.filter(verb="tie_added").count() == 1


def test_removing_the_last_tie_opens_the_gap_again() -> None:
    operator = actor_for_role("centre_operator")
    leaving = exit_seen_by(operator)
    tie = services.add_tie(
        actor=operator, person=leaving.person, kind=TieKind.FRIEND, place="", is_strong=True, today=TODAY
    )

    services.remove_tie(actor=operator, tie=tie, today=TODAY)

    leaving.refresh_from_db()
    assert leaving.gap_network != GapState.OK
    assert not Tie.objects.exists()


def test_operator_of_another_body_writes_nothing() -> None:
    leaving = exit_seen_by(actor_for_role("centre_operator"))

    with pytest.raises(NotAllowed):
        services.add_tie(
            actor=actor_for_role("centre_operator"),
            person=leaving.person,
            kind=TieKind.FRIEND,
            place="",
            is_strong=True,
            today=TODAY,
        )


def _course(operator) -> LanguageCourse:
    leaving = exit_seen_by(operator)
    return services.add_course(
        actor=operator,
        person=leaving.person,
        school="CPIA di Padova",
        level="A2",
        starts_on=date(2026, 1, 10),
        ends_on=None,
        is_passed=False,
        today=TODAY,
    )


def _changed(operator, course: LanguageCourse, version: int, **changes) -> LanguageCourse:
    fields = {
        "school": course.school,
        "level": "A2",
        "starts_on": course.starts_on,
        "ends_on": None,
        "is_passed": True,
    }
    return services.change_course(
        actor=operator, course=course, expected_version=version, today=TODAY, **(fields | changes)
    )


def test_course_that_ends_before_it_starts_is_refused() -> None:
    operator = actor_for_role("centre_operator")
    course = _course(operator)

    with pytest.raises(services.ImpossibleCourse):
        _changed(operator, course, course.version, ends_on=date(2025, 1, 1))


def test_course_changed_meanwhile_is_not_overwritten() -> None:
    operator = actor_for_role("centre_operator")
    course = _course(operator)
    _changed(operator, LanguageCourse.objects.get(pk=course.pk), course.version)

    with pytest.raises(StaleRecord):
        _changed(operator, course, 1)
