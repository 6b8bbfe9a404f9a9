"""Early warning: who will not carry the rent in the months ahead, why in a word, and what to do about it now."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.people.models import Permit, Person
from ali.people.states import PermitState
from ali.rents.dues import chunks
from ali.rents.models import Account, Arrears
from ali.rents.outlook import Ahead, gets_worse, months_ahead
from ali.rents.settling import split_by_weight
from ali.rules.values import rule_in_force
from ali.tenancies.states import LIVED_IN_STATES
from ali.work.affordability import BANDS, Band, Limits
from ali.work.queries import earnings_of, may_read_amounts, stable_income_rule

PERMIT_DAYS = 90
MOST = 3_000
CHUNK = 900


class Sign(StrEnum):
    """What an early warning is about."""

    ARREARS = "arrears"
    RED = "red"
    WORSE = "worse"
    PERMIT = "permit"


TO_DO: Mapping[Sign, str | Promise] = {
    Sign.ARREARS: _("Fai il prossimo passo dell'arretrato; se ha perso il lavoro segnala la causa."),
    Sign.RED: _("Parlane con la persona: quota diversa, contributo affitto, casa più sostenibile."),
    Sign.WORSE: _(
        "Cercate adesso rinnovo o nuovo lavoro, prima che finisca il contratto; avvisa chi segue il lavoro."
    ),
    Sign.PERMIT: _("Controlla che il rinnovo sia chiesto: la ricevuta vale, il contratto continua."),
}


@dataclass(frozen=True)
class Warning:
    """One account to look at: its signs, the most pressing first, and the months ahead as bands."""

    account: Account
    signs: Sequence[Sign]
    ahead: Sequence[Ahead]
    worse_from: date | None = None
    permit_ends_on: date | None = None
    arrears: Arrears | None = None

    @property
    def to_do(self) -> list[str | Promise]:
        return [TO_DO[sign] for sign in self.signs]


@dataclass(frozen=True)
class Outlook:
    """The months ahead of one account; `shows_amounts` only to those who may read what the household earns."""

    ahead: Sequence[Ahead]
    worse: Ahead | None
    shows_amounts: bool
    cost_cents: int


@dataclass
class _Household:
    persons: set[int] = field(default_factory=set)
    cost_cents: int = 0


def monthly_cost(account: Account) -> int:
    """Return rent and condominium of a person's share: what the rule of affordability weighs."""
    tenancy = account.party.tenancy
    weights = (tenancy.rent_cents, tenancy.condominium_cents, tenancy.utilities_cents)
    rent, condominium, _utilities = split_by_weight(account.party.share_cents, weights)
    return rent + condominium


def outlooks_of(accounts: Sequence[Account], today: date) -> dict[int, list[Ahead]]:
    """Return the months ahead of each account: its household's income against what the household pays. Few queries."""
    households: dict[tuple[int, int], _Household] = defaultdict(_Household)
    for account in accounts:
        key = (account.person.household_id, account.party.tenancy_id)
        households[key].cost_cents += monthly_cost(account)
    members = _members({key[0] for key in households})
    for (household, _tenancy), one in households.items():
        one.persons = members.get(household, set())
    earnings = earnings_of({person for one in households.values() for person in one.persons})
    rule = stable_income_rule(today)
    limits = Limits.from_rule(rule_in_force(BANDS, day=today))
    ahead = {
        key: months_ahead(
            [job for person in one.persons for job in earnings.get(person, ())],
            rule,
            limits,
            cost_cents=one.cost_cents,
            today=today,
        )
        for key, one in households.items()
    }
    return {one.pk: ahead[(one.person.household_id, one.party.tenancy_id)] for one in accounts}


def _members(household_ids: Collection[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for ids in chunks(household_ids, CHUNK):
        for household, person in (
            Person.objects.filter(household__in=ids).order_by().values_list("household_id", "pk")
        ):
            found[household].add(person)
    return found


def outlook_of(actor: Actor, account: Account, today: date) -> Outlook:
    """Return the months ahead of one account for `actor`."""
    ahead = outlooks_of([account], today)[account.pk]
    shows = may_read_amounts(actor, account.person, today)
    return Outlook(ahead, gets_worse(ahead), shows, monthly_cost(account))


def early_warnings(actor: Actor, today: date) -> list[Warning]:
    """Return the accounts that need somebody now, the most pressing first, among the `MOST` that the actor sees."""
    accounts = list(
        Account.objects.visible_to(actor, today)
        .filter(
            Q(party__ends_on__isnull=True) | Q(party__ends_on__gt=today),
            party__tenancy__state__in=LIVED_IN_STATES,
        )
        .select_related("person", "party__tenancy", "dwelling__building")
        .order_by("pk")[:MOST]
    )
    ahead = outlooks_of(accounts, today)
    permits = _permits_that_end(actor, accounts, today)
    opened = _open_arrears(accounts)
    found = [_warning(one, ahead[one.pk], permits.get(one.person_id), opened.get(one.pk)) for one in accounts]
    order = list(Sign)
    return sorted(
        (one for one in found if one.signs),
        key=lambda one: (order.index(one.signs[0]), one.worse_from or date.max, one.account.pk),
    )


def _warning(
    account: Account, ahead: Sequence[Ahead], permit_ends_on: date | None, arrears: Arrears | None
) -> Warning:
    worse = gets_worse(ahead)
    signs = [
        sign
        for sign, is_there in (
            (Sign.ARREARS, arrears is not None and arrears.overdue_cents > 0),
            (Sign.RED, ahead[0].band == Band.RED),
            (Sign.WORSE, worse is not None),
            (Sign.PERMIT, permit_ends_on is not None),
        )
        if is_there
    ]
    return Warning(account, signs, ahead, worse.month if worse else None, permit_ends_on, arrears)


def _permits_that_end(actor: Actor, accounts: Sequence[Account], today: date) -> dict[int, date]:
    """Return the end of permits without a renewal asked, of persons whose papers the actor may see."""
    ends: dict[int, date] = {}
    limit = today + timedelta(days=PERMIT_DAYS)
    for ids in chunks([one.person_id for one in accounts], CHUNK):
        rows = Permit.objects.visible_to(actor, today).filter(
            person__in=ids, state=PermitState.DELIVERED, receipt_number="", expires_on__lte=limit
        )
        ends |= dict(rows.order_by("expires_on", "pk").values_list("person_id", "expires_on"))
    return ends


def _open_arrears(accounts: Sequence[Account]) -> dict[int, Arrears]:
    found: dict[int, Arrears] = {}
    for ids in chunks([one.pk for one in accounts], CHUNK):
        rows = Arrears.objects.filter(account__in=ids, closed_on__isnull=True).order_by("pk")
        found |= {one.account_id: one for one in rows}
    return found
