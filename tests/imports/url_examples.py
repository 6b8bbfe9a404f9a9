"""How the sweeps ask for the addresses of the imports."""

import io
from typing import Any

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.core import clock
from ali.imports import services
from ali.imports.models import ImportRun
from ali.organisations.models import Organisation
from tests.factories.places import load_small_places
from tests.rules.url_examples import Example

LIST = "Centro;Cognome;Nome;CUI\nVilla Prova;Diallo;Awa;05AAA01\n"


MOVEMENTS = "Data;Importo;Ordinante;Causale\n02/01/2026;315,00;Awa Diallo;affitto gennaio\n"


def staged_by(actor: Actor) -> ImportRun:
    """A guest list of one row, of the actor's own body, whose centre nobody knows; for who posts rents a bank movement."""
    load_small_places()
    if actor.may(Permission.POST_RENTS):
        return services.stage_file(
            actor=actor,
            kind="bank-csv",
            source=io.BytesIO(MOVEMENTS.encode()),
            name="banca.csv",
            today=clock.today(),
            sender=Organisation.objects.get(pk=actor.organisation_id),
        )
    return services.stage_file(
        actor=actor,
        kind="guests",
        source=io.BytesIO(LIST.encode()),
        name="elenco.csv",
        today=clock.today(),
        sender=Organisation.objects.get(pk=actor.organisation_id),
    )


def _run(actor: Actor) -> dict[str, Any]:
    return {"public_id": staged_by(actor).public_id}


def _row(actor: Actor) -> dict[str, Any]:
    return {"public_id": staged_by(actor).public_id, "row": 2}


EXAMPLES = {
    "imports:run_detail": Example(make=_run),
    "imports:run_columns": Example(make=_run),
    "imports:run_rejected": Example(make=_run),
    "imports:run_answer": Example(make=_run, post={"key": "centre:villa prova", "answer": ""}),
    "imports:run_check": Example(make=_run, post={}),
    "imports:row_decide": Example(make=_row, post={"decision": "skip"}),
    "imports:run_apply": Example(make=_run, post={}),
    "imports:run_stop": Example(make=_run, post={}),
    "imports:run_discard": Example(make=_run, post={}),
    "imports:run_progress": Example(make=_run),
}
