"""What people, and the monthly run, do with rents."""

from ali.rents.services.monthly import DuesReport, open_accounts, write_month_dues
from ali.rents.services.postings import (
    NotPossible,
    charge,
    receive_payment,
    reverse_movement,
    write_off,
)

__all__ = [
    "DuesReport",
    "NotPossible",
    "charge",
    "open_accounts",
    "receive_payment",
    "reverse_movement",
    "write_month_dues",
    "write_off",
]
