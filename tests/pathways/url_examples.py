"""How the sweeps ask for the pages of pathways."""

from datetime import date
from typing import Any

from ali.accounts.actors import Actor
from ali.pathways.models import LanguageCourse, Tie, TieKind
from tests.factories.people import PersonFactory
from tests.rules.url_examples import Example


def _person(actor: Actor) -> dict[str, Any]:
    return {"public_id": PersonFactory(seen_by=actor).public_id}


def _tie(actor: Actor) -> dict[str, Any]:
    return {
        "public_id": Tie.objects.create(person=PersonFactory(seen_by=actor), kind=TieKind.FRIEND).public_id
    }


def _course(actor: Actor) -> dict[str, Any]:
    course = LanguageCourse.objects.create(
        person=PersonFactory(seen_by=actor), school="CPIA", level="A1", starts_on=date(2026, 1, 10)
    )
    return {"public_id": course.public_id}


EXAMPLES = {
    "pathways:ties": Example(make=_person),
    "pathways:tie_remove": Example(make=_tie, post={}),
    "pathways:course_add": Example(make=_person),
    "pathways:course_edit": Example(make=_course),
}
