from ali.upkeep.models.mediations import Mediation, MediationColleague, MediationNote
from ali.upkeep.models.tickets import Ticket, TicketCost, TicketStep
from ali.upkeep.models.visits import Visit

__all__ = [
    "Mediation",
    "MediationColleague",
    "MediationNote",
    "Ticket",
    "TicketCost",
    "TicketStep",
    "Visit",
]
