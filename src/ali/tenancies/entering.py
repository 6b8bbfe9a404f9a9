"""What it costs a household to enter a home, against what it has and who helps: the rule is `work.affordability`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ali.accounts.actors import Actor
from ali.core.money import to_cents, to_euros
from ali.housing.models import Dwelling
from ali.housing.queries import costs_of
from ali.people.models import Household, Person
from ali.tenancies.models import EntryHelp, EntryPlan, Tenancy
from ali.tenancies.services import suggested_plan
from ali.tenancies.states import SURE_HELP, HelpState, TenancyState
from ali.tenancies.terms import split_like
from ali.work.affordability import EntryCost
from ali.work.models import Means
from ali.work.querysets import reads_amounts


@dataclass(frozen=True)
class EntryMoney:
    """Cents. `savings` is None for whoever may not read the household's amounts: what is missing is then not told."""

    plan: EntryPlan
    deposit: int
    first_month: int
    furniture: int
    utilities: int
    helps: Sequence[EntryHelp]
    savings: int | None

    @property
    def cost(self) -> EntryCost:
        return EntryCost(
            deposit=to_euros(self.deposit),
            first_month=to_euros(self.first_month),
            other=to_euros(self.furniture + self.utilities),
        )

    @property
    def total(self) -> int:
        return to_cents(self.cost.total)

    @property
    def sure(self) -> int:
        return sum(one.cents for one in self.helps if one.state in SURE_HELP)

    @property
    def asked(self) -> int:
        return sum(one.cents for one in self.helps if one.state == HelpState.ASKED)

    @property
    def to_cover(self) -> int:
        """What help does not cover, whatever the savings."""
        return max(self.total - self.sure, 0)

    @property
    def missing(self) -> int | None:
        """What neither savings nor sure help cover."""
        if self.savings is None:
            return None
        return to_cents(self.cost.missing(to_euros(self.savings), to_euros(self.sure)))


def entry_money(actor: Actor, household: Household, dwelling: Dwelling, today: date) -> EntryMoney:
    """Return the cost to enter a home as `actor` may know it. At most nine queries."""
    plan = suggested_plan(household, dwelling, today)
    tenancy = (
        Tenancy.objects.filter(dwelling=dwelling, parties__person__household=household)
        .exclude(state=TenancyState.CANCELLED)
        .order_by("-starts_on", "-pk")
        .first()
    )
    deposit, first_month = _theirs(tenancy, household) if tenancy else _of_home(dwelling, household)
    return EntryMoney(
        plan=plan,
        deposit=deposit,
        first_month=first_month,
        furniture=plan.furniture_cents,
        utilities=plan.utilities_cents,
        helps=list(plan.helps.order_by("pk")) if plan.pk else [],
        savings=_savings(actor, household, today),
    )


def _of_home(dwelling: Dwelling, household: Household) -> tuple[int, int]:
    """Return deposit and first month as the home asks them of so many people."""
    people = Person.objects.filter(household=household).count()
    costs = costs_of(dwelling, max(people, 1))
    return costs.deposit, costs.first_month


def _theirs(tenancy: Tenancy, household: Household) -> tuple[int, int]:
    """Return deposit and first month of a tenancy; of one shared with other households, their part by the shares."""
    shares = [0, 0]
    for household_id, cents in tenancy.parties.values_list("person__household_id", "share_cents"):
        shares[household_id != household.pk] += cents
    whole = (tenancy.deposit_cents, tenancy.rent_cents + tenancy.condominium_cents)
    if not shares[1]:
        return whole
    return split_like(whole[0], shares)[0], split_like(whole[1], shares)[0]


def _savings(actor: Actor, household: Household, today: date) -> int | None:
    """Return the household's savings; None unless the actor may read every member's amounts."""
    everybody = Person.objects.filter(household=household)
    readable = list(everybody.filter(reads_amounts(actor, today, "pk")).values_list("pk", flat=True))
    if not readable or len(readable) != everybody.count():
        return None
    means = Means.objects.visible_to(actor, today).filter(person__in=readable)
    return int(
        sum(
            (Decimal(cents) for cents in means.order_by().values_list("savings_cents", flat=True)), Decimal(0)
        )
    )
