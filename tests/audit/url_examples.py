from typing import Any

from ali.accounts.actors import Actor
from tests.factories.people import PersonFactory
from tests.rules.url_examples import Example


def _person_in_care(actor: Actor) -> dict[str, Any]:
    return {"public_id": PersonFactory(seen_by=actor).public_id}


EXAMPLES = {"log:person_readers": Example(make=_person_in_care)}
