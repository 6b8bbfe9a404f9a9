from ali.upkeep.views.tickets import (
    cost_add,
    cost_withdraw,
    ticket_add,
    ticket_assign,
    ticket_detail,
    ticket_list,
    ticket_note,
    ticket_step,
)

__all__ = [
    "cost_add",
    "cost_withdraw",
    "ticket_add",
    "ticket_assign",
    "ticket_detail",
    "ticket_list",
    "ticket_note",
    "ticket_step",
]
