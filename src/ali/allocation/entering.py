"""What it costs a household to enter a home, against what it has: only for those who may read its amounts."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.formats import number_format

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.allocation.models import Proposal
from ali.housing.queries import Costs, costs_of
from ali.people.models import Person
from ali.work.affordability import share_of
from ali.work.models import Means
from ali.work.queries import stable_income
from ali.work.querysets import reads_amounts


@dataclass(frozen=True)
class EntryMoney:
    """Amounts in cents, for the whole household; shares are of its stable income."""

    costs: Costs
    income: int
    savings: int
    share: Decimal | None
    share_with_utilities: Decimal | None

    @property
    def share_words(self) -> str:
        return _percent(self.share)

    @property
    def share_with_utilities_words(self) -> str:
        return _percent(self.share_with_utilities)

    @property
    def missing(self) -> int:
        """What savings do not cover of the cost of entering."""
        return max(self.costs.entry - self.savings, 0)


def _percent(share: Decimal | None) -> str:
    """Return «23,5%»; empty without income."""
    return "" if share is None else f"{number_format(share * 100, 1)}%"


def entry_money(actor: Actor, proposal: Proposal, today: date) -> EntryMoney | None:
    """Return the cost of entering against savings and income; None unless `actor` may read every member's amounts."""
    if not actor.may(Permission.SEE_MONEY):
        return None
    everybody = Person.objects.filter(household=proposal.household_id)
    known = everybody.filter(reads_amounts(actor, today, "pk"))
    readable = list(known.order_by("pk").values_list("pk", flat=True))
    if not readable or len(readable) != everybody.count():
        return None
    costs = costs_of(proposal.dwelling, proposal.persons)
    province = proposal.dwelling.building.municipality.province_id
    income = sum(stable_income(readable, today, province).values())
    means = Means.objects.visible_to(actor, today).filter(person__in=readable)
    return EntryMoney(
        costs=costs,
        income=income,
        savings=sum(means.order_by().values_list("savings_cents", flat=True)),
        share=share_of(Decimal(income), Decimal(costs.monthly)),
        share_with_utilities=share_of(Decimal(income), Decimal(costs.monthly_with_utilities)),
    )
