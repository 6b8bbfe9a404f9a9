"""What can be done to a person's file, by theme: the file itself, names and codes, papers, household, who may see it."""

from ali.people.services.files import (
    change_person,
    register_person,
    set_citizenships,
    set_competent_municipality,
    tell_municipality,
)
from ali.people.services.households import (
    change_needs,
    join_household,
    split_household,
    state_wish,
    withdraw_wish,
)
from ali.people.services.lists import (
    NewFile,
    Sight,
    add_to_files,
    assign_many,
    open_files,
    restart_many_clocks,
)
from ali.people.services.names import (
    AddedIdentifier,
    add_identifier,
    add_name,
    change_name,
    close_identifier,
    remove_identifier,
    remove_language,
    remove_name,
    set_language,
)
from ali.people.services.papers import (
    add_permit,
    change_permit,
    end_residence,
    set_case,
    set_residence,
    write_permit_deadlines,
)
from ali.people.services.sight import assign, mark_reserved, name_officers, reopen_person, unassign

__all__ = [
    "AddedIdentifier",
    "NewFile",
    "Sight",
    "add_identifier",
    "add_name",
    "add_permit",
    "add_to_files",
    "assign",
    "assign_many",
    "change_name",
    "change_needs",
    "change_permit",
    "change_person",
    "close_identifier",
    "end_residence",
    "join_household",
    "mark_reserved",
    "name_officers",
    "open_files",
    "register_person",
    "remove_identifier",
    "remove_language",
    "remove_name",
    "reopen_person",
    "restart_many_clocks",
    "set_case",
    "set_citizenships",
    "set_competent_municipality",
    "set_language",
    "set_residence",
    "split_household",
    "state_wish",
    "tell_municipality",
    "unassign",
    "withdraw_wish",
    "write_permit_deadlines",
]
