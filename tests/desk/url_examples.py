"""How the sweeps ask for the pages of the desk."""

from typing import Any

from ali.accounts.actors import Actor
from tests.factories.people import PersonFactory
from tests.rules.url_examples import Example


def _person(actor: Actor) -> dict[str, Any]:
    return {"public_id": PersonFactory(seen_by=actor).public_id}


EXAMPLES = {
    "desk:person": Example(make=_person),
    "desk:person_print": Example(make=_person),
    "desk:person_export": Example(make=_person, post={"reason": "riunione di rete"}),
    "desk:exit_list": Example(query={"days": "90"}),
    "desk:exit_list_export": Example(post={"reason": "controllo mensile"}, is_shared=True),
    "desk:search": Example(post={"q": "cognome"}, is_shared=True),
}
