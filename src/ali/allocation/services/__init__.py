"""What happens to rounds and proposals, by theme: rounds, what officers ask of the next one, criteria; then a proposal from
the prefecture's signature to the household's, and the ways in which it ends."""

from ali.allocation.services.answers import (
    CommitteeMissing,
    accept_for_home,
    record_household_no,
    record_household_yes,
    refuse_for_home,
)
from ali.allocation.services.asked import remove_pin, set_aside, set_pin
from ali.allocation.services.committees import (
    CommitteeFacts,
    VotedAlready,
    WrongCommittee,
    add_committee,
    add_member,
    cancel_session,
    cast_vote,
    change_committee,
    close_session,
    declare_conflict,
    end_member,
    open_session,
    plan_session,
    put_on_agenda,
    take_off_agenda,
)
from ali.allocation.services.criteria import Act, draft_criteria, enforce_criteria
from ali.allocation.services.endings import (
    end_reserved,
    expire_proposals,
    follow_exits,
    note_slipped_beds,
    withdraw,
)
from ali.allocation.services.exchanging import NotExchangeable, exchange_homes
from ali.allocation.services.minutes import add_minutes_note, sign_minutes
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
    "CommitteeFacts",
    "CommitteeMissing",
    "ConflictNotWeighed",
    "HomeTaken",
    "HouseholdTaken",
    "NoCriteria",
    "NotExchangeable",
    "NotSuitable",
    "ReasonMissing",
    "VotedAlready",
    "WrongCommittee",
    "WrongDay",
    "accept_for_home",
    "add_committee",
    "add_member",
    "add_minutes_note",
    "cancel_round",
    "cancel_session",
    "cast_vote",
    "change_committee",
    "close_session",
    "declare_conflict",
    "draft_criteria",
    "end_member",
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
    "open_session",
    "plan_session",
    "put_forward",
    "put_on_agenda",
    "record_household_no",
    "record_household_yes",
    "refuse_for_home",
    "remove_pin",
    "run_round",
    "set_aside",
    "set_pin",
    "sign_minutes",
    "take_off_agenda",
    "try_criteria",
    "withdraw",
]
