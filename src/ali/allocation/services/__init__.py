"""What happens to rounds and proposals, by theme: rounds, what officers ask of the next one, criteria; then a proposal from
the prefecture's signature to the household's, and the ways in which it ends."""

from ali.allocation.services.answers import (
    accept_for_home,
    record_household_no,
    record_household_yes,
    refuse_for_home,
)
from ali.allocation.services.asked import remove_pin, set_aside, set_pin
from ali.allocation.services.criteria import Act, draft_criteria, enforce_criteria
from ali.allocation.services.endings import (
    end_reserved,
    expire_proposals,
    follow_exits,
    note_slipped_beds,
    withdraw,
)
from ali.allocation.services.exchanging import NotExchangeable, exchange_homes
from ali.allocation.services.putting_forward import open_proposal, put_forward
from ali.allocation.services.rounds import (
    NoCriteria,
    cancel_round,
    fail_interrupted,
    fail_round,
    open_round,
    run_round,
    try_criteria,
)
from ali.allocation.services.signatures import (
    ConflictNotWeighed,
    HomeTaken,
    HouseholdTaken,
    NotSuitable,
    ReasonMissing,
    WrongDay,
)

__all__ = [
    "Act",
    "ConflictNotWeighed",
    "HomeTaken",
    "HouseholdTaken",
    "NoCriteria",
    "NotExchangeable",
    "NotSuitable",
    "ReasonMissing",
    "WrongDay",
    "accept_for_home",
    "cancel_round",
    "draft_criteria",
    "end_reserved",
    "enforce_criteria",
    "exchange_homes",
    "expire_proposals",
    "fail_interrupted",
    "fail_round",
    "follow_exits",
    "note_slipped_beds",
    "open_proposal",
    "open_round",
    "put_forward",
    "record_household_no",
    "record_household_yes",
    "refuse_for_home",
    "remove_pin",
    "run_round",
    "set_aside",
    "set_pin",
    "try_criteria",
    "withdraw",
]
