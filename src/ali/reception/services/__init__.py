"""What happens in reception, by theme: stays in centres, exits, where people go, contracts, what falls due."""

from ali.reception.services.centres import (
    add_centre,
    announce_arrival,
    change_centre,
    confirm_arrival,
    withdraw_arrival,
)
from ali.reception.services.clocks import follow_papers, write_contract_deadlines, write_exit_deadlines
from ali.reception.services.contracts import Bodies, confirm_contract, write_centres_of
from ali.reception.services.exits import (
    cancel_exit,
    communicate_exit,
    complete_exit,
    confirm_exits,
    correct_exit_day,
    decree_exit,
    expect_exit,
    mark_stayed_beyond,
    notify_exit,
    propose_exit,
    report_move,
    resume_exit,
    suspend_exit,
)
from ali.reception.services.extensions import answer_extension, ask_extension
from ali.reception.services.solutions import record_network_home, set_next_step, set_solution
from ali.reception.services.stays import admit_person, follow_reserve, record_departure, transfer_person

__all__ = [
    "Bodies",
    "add_centre",
    "admit_person",
    "announce_arrival",
    "answer_extension",
    "ask_extension",
    "cancel_exit",
    "change_centre",
    "communicate_exit",
    "complete_exit",
    "confirm_arrival",
    "confirm_contract",
    "confirm_exits",
    "correct_exit_day",
    "decree_exit",
    "expect_exit",
    "follow_papers",
    "follow_reserve",
    "mark_stayed_beyond",
    "notify_exit",
    "propose_exit",
    "record_departure",
    "record_network_home",
    "report_move",
    "resume_exit",
    "set_next_step",
    "set_solution",
    "suspend_exit",
    "transfer_person",
    "withdraw_arrival",
    "write_centres_of",
    "write_contract_deadlines",
    "write_exit_deadlines",
]
