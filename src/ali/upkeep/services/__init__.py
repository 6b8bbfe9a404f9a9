"""What is done in a home, by theme: tickets and their costs, social visits, mediations."""

from ali.upkeep.services.costs import add_cost, withdraw_cost
from ali.upkeep.services.tickets import (
    NothingSaid,
    TicketFacts,
    WrongPlace,
    add_note,
    assign_ticket,
    open_ticket,
    take_ticket_step,
)

__all__ = [
    "NothingSaid",
    "TicketFacts",
    "WrongPlace",
    "add_cost",
    "add_note",
    "assign_ticket",
    "open_ticket",
    "take_ticket_step",
    "withdraw_cost",
]
