"""What people, and the monthly run, do with rents."""

from ali.rents.services.arrears import StepRefused, agree_plan, end_plan, flag_involuntary, take_step
from ali.rents.services.bank import (
    Part,
    confirm_bank_movement,
    ignore_bank_movement,
    reopen_bank_movement,
)
from ali.rents.services.bills import BillPart, bill_parts, share_bill
from ali.rents.services.deposits import give_back_deposit, keep_deposit, receive_deposit
from ali.rents.services.monthly import DuesReport, open_accounts, write_month_dues
from ali.rents.services.postings import (
    NotPossible,
    charge,
    receive_payment,
    reverse_movement,
    write_off,
)

__all__ = [
    "BillPart",
    "DuesReport",
    "NotPossible",
    "Part",
    "StepRefused",
    "agree_plan",
    "bill_parts",
    "charge",
    "confirm_bank_movement",
    "end_plan",
    "flag_involuntary",
    "give_back_deposit",
    "ignore_bank_movement",
    "keep_deposit",
    "open_accounts",
    "receive_deposit",
    "receive_payment",
    "reopen_bank_movement",
    "reverse_movement",
    "share_bill",
    "take_step",
    "write_month_dues",
    "write_off",
]
