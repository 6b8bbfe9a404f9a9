"""What is done in a home, by theme: tickets and their costs, social visits, mediations."""

from ali.upkeep.services.costs import WrongCost, add_cost, withdraw_cost
from ali.upkeep.services.mediations import (
    Conflict,
    NextStep,
    NotNameable,
    close_mediation,
    name_colleague,
    open_mediation,
    reopen_mediation,
    unname_colleague,
    write_note,
)
from ali.upkeep.services.tickets import (
    NotAColleague,
    NothingSaid,
    TicketFacts,
    WrongPlace,
    add_note,
    assign_ticket,
    open_ticket,
    take_ticket_step,
)
from ali.upkeep.services.visits import (
    Found,
    VisitPlan,
    WrongVisit,
    end_visit,
    move_visit,
    plan_visit,
    record_visit,
)

__all__ = [
    "Conflict",
    "Found",
    "NextStep",
    "NotAColleague",
    "NotNameable",
    "NothingSaid",
    "TicketFacts",
    "VisitPlan",
    "WrongCost",
    "WrongPlace",
    "WrongVisit",
    "add_cost",
    "add_note",
    "assign_ticket",
    "close_mediation",
    "end_visit",
    "move_visit",
    "name_colleague",
    "open_mediation",
    "open_ticket",
    "plan_visit",
    "record_visit",
    "reopen_mediation",
    "take_ticket_step",
    "unname_colleague",
    "withdraw_cost",
    "write_note",
]
