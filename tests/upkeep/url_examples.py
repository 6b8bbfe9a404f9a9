from typing import Any

from ali.accounts.actors import Actor
from tests.factories.upkeep import ticket_for
from tests.rules.url_examples import Example


def _ticket(actor: Actor) -> dict[str, Any]:
    return {"public_id": ticket_for(actor).public_id}


def _cost(actor: Actor) -> dict[str, Any]:
    from ali.core import clock
    from ali.upkeep.services import add_cost

    cost = add_cost(
        actor=actor,
        ticket=ticket_for(actor),
        label="Guarnizione",
        cents=1250,
        payer="body",
        spent_on=clock.today(),
        today=clock.today(),
    )
    return {"public_id": cost.public_id}


EXAMPLES = {
    "upkeep:ticket_list": Example(query={"stato": "tutte", "urgenza": "normal"}),
    "upkeep:ticket_detail": Example(make=_ticket),
    "upkeep:ticket_assign": Example(make=_ticket, post={"version": "1", "firm": "Idraulica Prova"}),
    "upkeep:ticket_step": Example(
        make=_ticket, post={"version": "1", "verb": "cancel", "reason": "era un errore"}
    ),
    "upkeep:ticket_note": Example(make=_ticket, post={"words": "richiamato"}),
    "upkeep:cost_add": Example(
        make=_ticket, post={"label": "Pezzo", "cents": "12,50", "payer": "body", "spent_on": "2026-03-02"}
    ),
    "upkeep:cost_withdraw": Example(make=_cost, post={"version": "1", "reason": "doppio"}),
}
