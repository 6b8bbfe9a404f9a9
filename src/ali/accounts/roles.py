"""Roles in code as named sets of permissions; they change by pull request, memberships in the database grant them."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """What a role may be granted. A view names the one it needs, a service asks for the one it needs."""

    SEE_DESK = "see_desk"
    SEE_PEOPLE = "see_people"
    EDIT_PEOPLE = "edit_people"
    RESERVE_PEOPLE = "reserve_people"  # mark a person as reserved
    SEE_MONEY = "see_money"
    STATE_INCOME = "state_income"
    SEE_RECEPTION_IDENTIFIERS = "see_reception_identifiers"  # CUI, Vestanet: never for housing roles
    SEE_CENTRES = "see_centres"
    EDIT_CENTRES = "edit_centres"
    PROPOSE_EXITS = "propose_exits"
    DECIDE_EXITS = "decide_exits"
    SET_SOLUTIONS = "set_solutions"
    SEE_HOMES = "see_homes"
    EDIT_HOMES = "edit_homes"
    RUN_ROUNDS = "run_rounds"
    SEE_PROPOSALS = "see_proposals"
    PUT_FORWARD = "put_forward"
    ANSWER_FOR_HOME = "answer_for_home"
    RECORD_HOUSEHOLD_ANSWER = "record_household_answer"
    SEE_COUNTS = "see_counts"
    SEE_DEADLINES = "see_deadlines"
    EXPORT = "export"
    IMPORT = "import"
    SEE_RULES = "see_rules"
    EDIT_RULES = "edit_rules"
    CONFIRM_RULES = "confirm_rules"
    SEE_AUDIT = "see_audit"
    SEE_READERS = "see_readers"  # who has opened the file of a person in one's own care
    MANAGE_USERS = "manage_users"
    SEE_LEADS = "see_leads"  # the census of empty homes, without their owners
    SEE_OWNERS = "see_owners"
    EDIT_OWNERS = "edit_owners"  # census, owners, campaigns and visits
    SEE_WORKS = "see_works"
    EDIT_WORKS = "edit_works"
    SEE_AGREEMENTS = "see_agreements"
    EDIT_AGREEMENTS = "edit_agreements"
    SEE_FUND = "see_fund"
    EDIT_FUND = "edit_fund"
    SEE_TENANCIES = "see_tenancies"
    EDIT_TENANCIES = "edit_tenancies"
    SEE_RENTS = "see_rents"  # what people owe and pay: never a prefecture role
    POST_RENTS = "post_rents"
    SEE_UPKEEP = "see_upkeep"  # tickets of maintenance
    EDIT_UPKEEP = "edit_upkeep"
    SEE_VISITS = "see_visits"  # social visits and mediation: who does that work, and named colleagues
    EDIT_VISITS = "edit_visits"
    SIT_IN_COMMITTEE = "sit_in_committee"
    RUN_COMMITTEE = "run_committee"
    SEE_PORTFOLIO = "see_portfolio"
    SEE_FILES = "see_files"  # those of records that the actor sees
    ATTACH_FILES = "attach_files"


P = Permission


@dataclass(frozen=True)
class Role:
    """A named set of permissions."""

    code: str
    label: str | Promise
    permissions: frozenset[Permission]

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


def _role(code: str, label: str | Promise, *permissions: Permission) -> Role:
    return Role(code, label, frozenset({P.SEE_DESK, P.SEE_RULES, *permissions}))


_CASEWORK: tuple[Permission, ...] = (
    P.SEE_PEOPLE,
    P.EDIT_PEOPLE,
    P.SEE_MONEY,
    P.STATE_INCOME,
    P.SEE_RECEPTION_IDENTIFIERS,
    P.SEE_CENTRES,
    P.PROPOSE_EXITS,
    P.SET_SOLUTIONS,
)
_CASEWORK += (
    P.SEE_TENANCIES,
    P.SEE_FILES,
    P.SEE_READERS,
    P.SEE_HOMES,
    P.SEE_PROPOSALS,
    P.RECORD_HOUSEHOLD_ANSWER,
    P.SEE_COUNTS,
    P.SEE_DEADLINES,
)

PREFECTURE_OFFICER = _role(
    "prefecture_officer",
    _("Funzionario di prefettura"),
    *(
        P.SEE_PEOPLE,
        P.EDIT_PEOPLE,
        P.SEE_RECEPTION_IDENTIFIERS,
        P.SEE_CENTRES,
        P.EDIT_CENTRES,
        P.PROPOSE_EXITS,
        P.DECIDE_EXITS,
    ),
    *(
        P.SET_SOLUTIONS,
        P.SEE_HOMES,
        P.SEE_FILES,
        P.RUN_ROUNDS,
        P.SEE_PROPOSALS,
        P.PUT_FORWARD,
        P.SEE_COUNTS,
        P.SEE_DEADLINES,
    ),
    *(P.EXPORT, P.IMPORT, P.CONFIRM_RULES, P.EDIT_RULES),
)
CENTRE_OPERATOR = _role("centre_operator", _("Operatore di centro"), *_CASEWORK)
CENTRE_COORDINATOR = _role(
    "centre_coordinator",
    _("Coordinatore di centro"),
    *_CASEWORK,
    P.RESERVE_PEOPLE,
    P.EDIT_CENTRES,
    P.EXPORT,
    P.IMPORT,
)
_HOUSING_BODY = (P.SEE_HOMES, P.SEE_TENANCIES, P.SEE_RENTS, P.SEE_DEADLINES, P.SEE_FILES, P.ATTACH_FILES)
HOUSING_MANAGER = _role(
    "housing_manager",
    _("Responsabile degli alloggi"),
    *_HOUSING_BODY,
    *(P.SEE_PEOPLE, P.SEE_MONEY, P.EDIT_HOMES, P.SEE_PROPOSALS, P.ANSWER_FOR_HOME, P.EXPORT, P.IMPORT),
    *(
        P.SEE_LEADS,
        P.SEE_OWNERS,
        P.EDIT_OWNERS,
        P.SEE_WORKS,
        P.EDIT_WORKS,
        P.SEE_AGREEMENTS,
        P.EDIT_AGREEMENTS,
    ),
    *(P.SEE_FUND, P.EDIT_FUND, P.EDIT_TENANCIES, P.POST_RENTS, P.SEE_UPKEEP, P.EDIT_UPKEEP),
    *(P.SEE_VISITS, P.EDIT_VISITS, P.SIT_IN_COMMITTEE, P.RUN_COMMITTEE, P.SEE_PORTFOLIO),
)
HOUSING_OPERATOR = _role(
    "housing_operator",
    _("Operatore dell'abitare"),
    *_HOUSING_BODY,
    *(
        P.SEE_PEOPLE,
        P.SEE_LEADS,
        P.SEE_OWNERS,
        P.EDIT_OWNERS,
        P.SEE_WORKS,
        P.SEE_AGREEMENTS,
        P.EDIT_TENANCIES,
    ),
    *(P.SEE_UPKEEP, P.EDIT_UPKEEP, P.SEE_VISITS, P.EDIT_VISITS, P.SIT_IN_COMMITTEE),
)
RENT_ACCOUNTANT = _role(
    "rent_accountant",
    _("Contabile degli affitti"),
    *_HOUSING_BODY,
    *(P.POST_RENTS, P.SEE_AGREEMENTS, P.SEE_FUND, P.SEE_WORKS, P.SEE_PORTFOLIO, P.EXPORT, P.IMPORT),
)
MUNICIPAL_OFFICER = _role(
    "municipal_officer",
    _("Ufficio casa del Comune"),
    *(P.SEE_HOMES, P.SEE_FILES, P.SEE_FUND, P.EDIT_FUND, P.SEE_AGREEMENTS, P.EDIT_RULES, P.CONFIRM_RULES),
    *(P.SIT_IN_COMMITTEE, P.SEE_PORTFOLIO, P.SEE_DEADLINES, P.SEE_LEADS),
)
PROJECT_MANAGER = _role("project_manager", _("Responsabile di progetto"), P.SEE_COUNTS, P.SEE_PORTFOLIO)
DATA_PROTECTION_OFFICER = _role(
    "data_protection_officer", _("Responsabile della protezione dei dati"), P.SEE_AUDIT
)
ADMINISTRATOR = _role("administrator", _("Amministratore"), P.MANAGE_USERS, P.EDIT_RULES)

# They see their own body's homes, and no other.
HOUSING_BODY_ROLES = (HOUSING_MANAGER, HOUSING_OPERATOR, RENT_ACCOUNTANT)

ROLES = {
    role.code: role
    for role in (
        PREFECTURE_OFFICER,
        CENTRE_OPERATOR,
        CENTRE_COORDINATOR,
        HOUSING_MANAGER,
        HOUSING_OPERATOR,
        RENT_ACCOUNTANT,
        MUNICIPAL_OFFICER,
        PROJECT_MANAGER,
        DATA_PROTECTION_OFFICER,
        ADMINISTRATOR,
    )
}
ROLE_CHOICES = [(role.code, role.label) for role in ROLES.values()]
