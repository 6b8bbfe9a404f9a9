from typing import Any

from ali.accounts.actors import Actor
from tests.factories.documents import document_of
from tests.housing.url_examples import home_for
from tests.rules.url_examples import Example


def _home(actor: Actor) -> dict[str, Any]:
    return {"kind": "casa", "public_id": home_for(actor).public_id}


def _document(actor: Actor) -> dict[str, Any]:
    home = home_for(actor)
    return {"public_id": document_of("casa", home.public_id, home.manager_id).public_id}


EXAMPLES = {
    "documents:document_add": Example(make=_home),
    "documents:document_open": Example(make=_document),
    "documents:document_thumbnail": Example(make=_document),
    "documents:document_withdraw": Example(make=_document, post={"version": "1", "reason": "prova"}),
}
