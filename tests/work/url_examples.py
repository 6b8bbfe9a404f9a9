from typing import Any

from ali.accounts.actors import Actor
from ali.organisations.models import Organisation
from ali.people.models import Person
from tests.factories.people import PersonFactory
from tests.factories.work import JobFactory
from tests.rules.url_examples import Example


def _followed_by(actor: Actor) -> Person:
    person: Person = PersonFactory(carer=Organisation.objects.get(pk=actor.organisation_id))
    return person


def _person(actor: Actor) -> dict[str, Any]:
    return {"public_id": _followed_by(actor).public_id}


def _job(actor: Actor) -> dict[str, Any]:
    return {"public_id": JobFactory(person=_followed_by(actor)).public_id}


EXAMPLES = {
    "work:job_add": Example(make=_person),
    "work:means_edit": Example(make=_person),
    "work:job_edit": Example(make=_job),
    "work:job_remove": Example(make=_job, post={"version": "1"}),
}
