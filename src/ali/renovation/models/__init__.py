"""Works, their phases and titles; what they cost and who pays; the places of a site where people learn."""

from ali.renovation.models.money import CostLine, Expense, Funding, Quote, QuoteLine
from ali.renovation.models.site import SitePlace, Trainee
from ali.renovation.models.works import PhaseRow, Stop, Title, Works

__all__ = [
    "CostLine",
    "Expense",
    "Funding",
    "PhaseRow",
    "Quote",
    "QuoteLine",
    "SitePlace",
    "Stop",
    "Title",
    "Trainee",
    "Works",
]
