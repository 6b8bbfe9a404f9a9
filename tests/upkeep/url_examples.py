from typing import Any

from ali.accounts.actors import Actor
from ali.accounts.models import User
from ali.accounts.roles import HOUSING_OPERATOR
from ali.core import clock
from ali.organisations.models import Organisation
from ali.upkeep.services import add_cost, close_mediation, name_colleague
from tests.factories.organisations import actor_for_role
from tests.factories.upkeep import mediation_for, ticket_for, visit_for
from tests.rules.url_examples import Example


def _ticket(actor: Actor) -> dict[str, Any]:
    return {"public_id": ticket_for(actor).public_id}


def _cost(actor: Actor) -> dict[str, Any]:
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


def _visit(actor: Actor) -> dict[str, Any]:
    return {"public_id": visit_for(actor).public_id}


def _mediation(actor: Actor) -> dict[str, Any]:
    return {"public_id": mediation_for(actor).public_id}


def _closed(actor: Actor) -> dict[str, Any]:
    mediation = mediation_for(actor)
    close_mediation(
        actor=actor,
        mediation=mediation,
        end="agreed",
        text="Fatti i turni",
        expected_version=1,
        now=clock.now(),
        today=clock.today(),
    )
    return {"public_id": mediation.public_id}


def _colleague(actor: Actor) -> dict[str, Any]:
    body = Organisation.objects.get(pk=actor.organisation_id)
    colleague = actor_for_role(HOUSING_OPERATOR.code, organisation=body)
    named = name_colleague(
        actor=actor,
        mediation=mediation_for(actor),
        colleague=User.objects.get(pk=colleague.user_id),
        now=clock.now(),
        today=clock.today(),
    )
    return {"public_id": named.public_id}


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
    "upkeep:visit_list": Example(query={"quali": "fatte"}),
    "upkeep:visit_detail": Example(make=_visit),
    "upkeep:visit_record": Example(
        make=_visit, post={"version": "1", "done_on": "2026-03-02", "outcomes": ["well"]}
    ),
    "upkeep:visit_move": Example(make=_visit, post={"version": "1", "planned_on": "2026-03-09"}),
    "upkeep:visit_end": Example(make=_visit, post={"version": "1", "verb": "miss"}),
    "upkeep:mediation_detail": Example(make=_mediation),
    "upkeep:mediation_note": Example(make=_mediation, post={"version": "1", "kind": "note", "text": "prova"}),
    "upkeep:mediation_close": Example(
        make=_mediation, post={"version": "1", "end": "agreed", "text": "prova"}
    ),
    "upkeep:mediation_reopen": Example(make=_closed, post={"version": "2", "reason": "di nuovo"}),
    "upkeep:colleague_name": Example(make=_mediation, post={"colleague": "0"}),
    "upkeep:colleague_unname": Example(make=_colleague, post={"version": "1"}),
}
