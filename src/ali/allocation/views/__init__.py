"""Pages of rounds, shortlists and proposals."""

from ali.allocation.views.answers import (
    home_accept,
    home_refuse,
    household_accept,
    household_refuse,
    proposal_withdraw,
)
from ali.allocation.views.committees import (
    agenda_add,
    agenda_remove,
    committee_add,
    committee_detail,
    committee_edit,
    committee_list,
    conflict_declare,
    member_add,
    member_end,
    minutes_note,
    minutes_print,
    minutes_sign,
    session_detail,
    session_plan,
    session_step,
    vote_cast,
)
from ali.allocation.views.comparisons import criteria_enforce, round_compare
from ali.allocation.views.criteria import criteria_detail
from ali.allocation.views.exchanges import entry_exchange
from ali.allocation.views.proposals import proposal_detail, proposal_list, proposal_paper
from ali.allocation.views.putting_forward import put_forward
from ali.allocation.views.rounds import (
    entry_set_aside,
    round_cancel,
    round_detail,
    round_export,
    round_list,
    round_open,
    round_print,
    round_progress,
)
from ali.allocation.views.shortlists import household_homes, pin_remove, pin_set, shortlist
from ali.allocation.views.trying import round_answer, round_try

__all__ = [
    "agenda_add",
    "agenda_remove",
    "committee_add",
    "committee_detail",
    "committee_edit",
    "committee_list",
    "conflict_declare",
    "criteria_detail",
    "criteria_enforce",
    "entry_exchange",
    "entry_set_aside",
    "home_accept",
    "home_refuse",
    "household_accept",
    "household_homes",
    "household_refuse",
    "member_add",
    "member_end",
    "minutes_note",
    "minutes_print",
    "minutes_sign",
    "pin_remove",
    "pin_set",
    "proposal_detail",
    "proposal_list",
    "proposal_paper",
    "proposal_withdraw",
    "put_forward",
    "round_answer",
    "round_cancel",
    "round_compare",
    "round_detail",
    "round_export",
    "round_list",
    "round_open",
    "round_print",
    "round_progress",
    "round_try",
    "session_detail",
    "session_plan",
    "session_step",
    "shortlist",
    "vote_cast",
]
