"""What the pages, the desk and the portfolio read from here."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet, Sum

from ali.accounts.actors import Actor
from ali.people.models import Person
from ali.rents.instalments import Followed, Planned, follow, is_broken
from ali.rents.ladder import GRACE_DAYS, NextStep, in_days, ladder_rule, next_step
from ali.rents.models import Account, Arrears, MonthlyTotal, Movement, Plan
from ali.rents.querysets import reads_rents
from ali.rents.settlements import open_charges
from ali.rents.settling import split_evenly
from ali.rents.states import CHARGES, Book, MovementKind, PlanState
from ali.rules.values import rule_in_force
from ali.tenancies.models import TenancyParty
from ali.work.affordability import Band

RED_FROM = "plan"  # from the day of this step on, an arrears without a plan is red


@dataclass(frozen=True)
class LedgerLine:
    """A movement as the page shows it: what was owed after it, what of a charge is still open."""

    movement: Movement
    running_cents: int
    left_cents: int
    is_reversed: bool

    @property
    def owed(self) -> int | None:
        return self.movement.cents if self.movement.cents > 0 else None

    @property
    def paid(self) -> int | None:
        return -self.movement.cents if self.movement.cents < 0 else None

    @property
    def may_be_reversed(self) -> bool:
        kept = {MovementKind.FROM_DEPOSIT, MovementKind.DEPOSIT_KEPT}
        return not self.is_reversed and self.movement.reverses_id is None and self.movement.kind not in kept


def ledger_lines(account: Account, book: Book = Book.RENT) -> list[LedgerLine]:
    """Return the movements of one book in the order of their days, the latest first, with the running balance."""
    rows = Movement.objects.filter(account=account, book=book).with_left()
    reversed_ids = set(
        Movement.objects.filter(account=account, reverses__isnull=False)
        .order_by()
        .values_list("reverses_id", flat=True)
    )
    lines, running = [], 0
    for movement in rows.select_related("posted_by", "bank").order_by("booked_on", "pk"):
        running += movement.cents
        is_reversed = movement.pk in reversed_ids
        left = 0 if is_reversed or movement.reverses_id or book == Book.DEPOSIT else max(0, movement.left)
        lines.append(LedgerLine(movement, running, left, is_reversed))
    return lines[::-1]


@dataclass(frozen=True)
class LedgerMonth:
    """The lines booked in one month with their sums; open when it is the latest, or holds something still to be paid."""

    day: date
    lines: Sequence[LedgerLine]
    is_open: bool

    @property
    def due_cents(self) -> int:
        return sum(line.movement.cents for line in self.lines if line.movement.kind in CHARGES)

    @property
    def paid_cents(self) -> int:
        return -sum(line.movement.cents for line in self.lines if line.movement.kind not in CHARGES)

    @property
    def balance_cents(self) -> int:
        return self.lines[0].running_cents


def ledger_months(lines: Sequence[LedgerLine]) -> list[LedgerMonth]:
    """Return these lines by the month in which they were booked, the latest first."""
    months: dict[date, list[LedgerLine]] = {}
    for line in lines:
        months.setdefault(line.movement.booked_on.replace(day=1), []).append(line)
    return [
        LedgerMonth(day, some, is_open=place == 0 or any(line.left_cents for line in some))
        for place, (day, some) in enumerate(months.items())
    ]


@dataclass(frozen=True)
class PlanView:
    """A repayment plan and how far it was kept."""

    plan: Plan
    followed: Sequence[Followed]
    repaid_cents: int

    @property
    def is_broken(self) -> bool:
        return self.plan.state == PlanState.RUNNING and is_broken(self.followed)

    @property
    def left_cents(self) -> int:
        return int(self.plan.total_cents) - self.repaid_cents


def plan_view(plan: Plan, today: date) -> PlanView:
    """Return a plan with its instalments: what its charges no longer owe is what was repaid. Three queries."""
    rows = plan.instalments.order_by("number").values_list("number", "due_on", "cents")
    ids = plan.charges.order_by().values_list("pk", flat=True)
    standing = Movement.objects.filter(pk__in=list(ids)).standing().with_left()
    left = sum(one.left for one in standing)
    repaid = max(0, min(int(plan.total_cents), int(plan.total_cents) - left))
    grace = int(rule_in_force(GRACE_DAYS, day=today).value)
    return PlanView(plan, follow([Planned(*row) for row in rows], repaid, today, grace), repaid)


@dataclass(frozen=True)
class ArrearsRow:
    """An arrears on the board: for how many days, the next step and how far its day is, its plan if it has one."""

    arrears: Arrears
    days: int
    step: NextStep | None
    days_to_step: int = 0
    plan: PlanView | None = None

    @property
    def is_broken(self) -> bool:
        return self.plan is not None and self.plan.is_broken


def arrears_rows(found: Iterable[Arrears], today: date) -> list[ArrearsRow]:
    """Return these arrears as the board shows them; a plan costs its own queries, and few have one."""
    arrears = list(found)
    plans = {
        plan.account_id: plan
        for plan in Plan.objects.filter(
            account__in=[one.account_id for one in arrears], state=PlanState.RUNNING
        ).order_by("pk")
    }
    days = in_days(ladder_rule(today))
    rows = []
    for one in arrears:
        plan = plans.get(one.account_id)
        view = plan_view(plan, today) if plan else None
        step = None if view and not view.is_broken else next_step(one.state, one.since, days)
        left = (step.due_on - today).days if step else 0
        rows.append(ArrearsRow(one, one.days_on(today), step, left, view))
    return rows


def open_arrears(actor: Actor, today: date) -> QuerySet[Arrears]:
    """Return the open arrears that the actor sees, the longest unpaid first."""
    found: QuerySet[Arrears] = (
        Arrears.objects.visible_to(actor, today)
        .filter(closed_on__isnull=True)
        .select_related("account__person", "account__dwelling__building")
        .order_by("since", "pk")
    )
    return found


@dataclass(frozen=True)
class RentBand:
    """What a person's own page says of their rent to the housing body: a band, and where the ledger is."""

    band: Band
    accounts: Sequence[Account] = field(default=())
    is_planned: bool = False


def rent_band(actor: Actor, person: Person, today: date) -> RentBand | None:
    """Return how a person's rent goes, for the body that lets them a home and for nobody else. Two queries."""
    if not reads_rents(actor):
        return None
    accounts = list(Account.objects.visible_to(actor, today).filter(person=person).order_by("-pk"))
    if not accounts:
        return None
    opened = list(Arrears.objects.filter(account__in=accounts, closed_on__isnull=True).order_by("pk"))
    if not opened:
        return RentBand(Band.GREEN, accounts)
    limit = int(in_days(ladder_rule(today))[RED_FROM])
    worst = max(one.days_on(today) if one.overdue_cents else 0 for one in opened)
    is_planned = all(not one.overdue_cents for one in opened)
    return RentBand(Band.RED if worst >= limit else Band.AMBER, accounts, is_planned)


def expected_deposit(account: Account) -> int:
    """Return the person's part of the deposit of the contract: the same for all who sign, exact to the cent."""
    signatories = list(
        TenancyParty.objects.filter(tenancy=account.party.tenancy_id, is_signatory=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if account.party_id not in signatories:
        return 0
    parts = split_evenly(account.party.tenancy.deposit_cents, len(signatories))
    return parts[signatories.index(account.party_id)]


def open_months(account: Account) -> list[tuple[date, int]]:
    """Return what is open by month, the oldest first."""
    months: dict[date, int] = {}
    for one in open_charges([account.pk]).get(account.pk, []):
        months[one.period] = months.get(one.period, 0) + one.left
    return sorted(months.items())


@dataclass(frozen=True)
class MonthSums:
    """Due, paid and written off in a month."""

    month: date
    due_cents: int
    paid_cents: int
    forgiven_cents: int


def sums_by_month(
    landlord_id: int | None, *, since: date, dwellings: Collection[int] | None = None
) -> list[MonthSums]:
    """Return the kept totals of a body by month, of some dwellings or of all: one query over kept rows."""
    found = MonthlyTotal.objects.filter(landlord=landlord_id, month__gte=since)
    if dwellings is not None:
        found = found.filter(dwelling__in=dwellings)
    rows = (
        found.order_by("month")
        .values_list("month")
        .annotate(due=Sum("due_cents"), paid=Sum("paid_cents"), forgiven=Sum("forgiven_cents"))
    )
    return [MonthSums(*row) for row in rows]


def other_parties(actor: Actor, account: Account, today: date) -> list[Account]:
    """Return the accounts of who is in the same contract, of those the actor sees: in a joint one each answers for all."""
    return list(
        Account.objects.visible_to(actor, today)
        .filter(party__tenancy=account.party.tenancy_id)
        .exclude(pk=account.pk)
        .select_related("person")
        .order_by("person__sort_key", "pk")
    )
