"""Pages that change a person's file; the page that shows it whole is the desk's."""

from ali.people.views.households import (
    household,
    household_find,
    household_join,
    household_needs,
    household_relation,
    household_split,
    wish_add,
    wish_withdraw,
)
from ali.people.views.names import (
    identifier_close,
    identifier_remove,
    identifiers,
    language_remove,
    languages,
    name_change,
    name_remove,
    names,
)
from ali.people.views.papers import (
    case_edit,
    municipality,
    permit_add,
    permit_edit,
    permits,
    residence_edit,
    residence_end,
)
from ali.people.views.persons import duplicates, person_add, person_edit
from ali.people.views.sight import reopen, reserve

__all__ = [
    "case_edit",
    "duplicates",
    "household",
    "household_find",
    "household_join",
    "household_needs",
    "household_relation",
    "household_split",
    "identifier_close",
    "identifier_remove",
    "identifiers",
    "language_remove",
    "languages",
    "municipality",
    "name_change",
    "name_remove",
    "names",
    "permit_add",
    "permit_edit",
    "permits",
    "person_add",
    "person_edit",
    "reopen",
    "reserve",
    "residence_edit",
    "residence_end",
    "wish_add",
    "wish_withdraw",
]
