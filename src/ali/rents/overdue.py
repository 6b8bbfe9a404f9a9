"""Whether an account is in arrears, since when and for how much: kept at each posting and every night."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from ali.core.transactions import atomic
from ali.rents.board import write_arrears_deadlines
from ali.rents.locks import lock_accounts
from ali.rents.models import Account, Arrears, Movement, Plan
from ali.rents.settlements import open_charges, planned_charges
from ali.rents.states import ARREARS_TRANSITIONS, PLAN_TRANSITIONS, ArrearsState, MovementKind, PlanState

CHUNK = 500


@dataclass(frozen=True)
class Overdue:
    """What should have been paid by now and was not, a repayment plan left out."""

    cents: int
    since: date


def overdue_of(charges: list[Movement], planned: Collection[int], today: date) -> Overdue | None:
    """Return what of the open `charges` is overdue on `today`; None when nothing is."""
    late = [one for one in charges if one.pk not in planned and one.due_on and one.due_on < today]
    if not late:
        return None
    return Overdue(sum(one.left for one in late), min(one.due_on for one in late if one.due_on))


@atomic
def refresh_arrears(account_ids: Collection[int], *, today: date) -> None:
    """Open, move or close the arrears of these accounts, and tell the board. Nobody's state gets worse by itself."""
    for ids in _chunks(account_ids):
        lock_accounts(ids)
        charges, planned = open_charges(ids), planned_charges(ids)
        _keep_plans(ids, charges, today)
        stored = {
            one.account_id: one
            for one in Arrears.objects.select_for_update().filter(account__in=ids, closed_on__isnull=True)
        }
        touched: list[Arrears] = []
        for pk in ids:
            overdue = overdue_of(charges.get(pk, []), planned, today)
            arrears = stored.get(pk)
            if overdue and arrears is None:
                arrears = Arrears(
                    account_id=pk, opened_on=today, since=overdue.since, overdue_cents=overdue.cents
                )
                arrears.save()
                touched.append(arrears)
            elif overdue and arrears:
                if (arrears.since, arrears.overdue_cents) != (overdue.since, overdue.cents):
                    arrears.since, arrears.overdue_cents = overdue.since, overdue.cents
                    _save(arrears)
                touched.append(arrears)
            elif arrears and not any(one.pk in planned for one in charges.get(pk, [])):
                close_recovered(arrears, today)
                touched.append(arrears)
            elif arrears and arrears.overdue_cents:
                arrears.overdue_cents = 0
                _save(arrears)
                touched.append(arrears)
        write_arrears_deadlines(touched, today)


def close_recovered(arrears: Arrears, today: date) -> None:
    """Nothing overdue is left: the arrears is over, paid or given up by the body."""
    given_up = Movement.objects.filter(
        account=arrears.account_id, kind=MovementKind.WRITE_OFF, booked_on__gte=arrears.opened_on
    ).standing()
    verb = "close" if given_up.exists() else "recover"
    arrears.state = ARREARS_TRANSITIONS.after(verb, ArrearsState(arrears.state))
    arrears.overdue_cents, arrears.closed_on = 0, today
    _save(arrears)


def _save(record: Arrears | Plan) -> None:
    """Save under the account's lock; who opened a form on it before is told that it has changed meanwhile."""
    record.version += 1
    record.save()


def _keep_plans(account_ids: Collection[int], charges: dict[int, list[Movement]], today: date) -> None:
    """A plan whose charges are all paid was kept to the end."""
    running = Plan.objects.filter(account__in=account_ids, state=PlanState.RUNNING).prefetch_related(
        "charges"
    )
    for plan in running.order_by("pk"):
        left = {one.pk for one in charges.get(plan.account_id, [])}
        if not any(charge.pk in left for charge in plan.charges.all()):
            plan.state = PLAN_TRANSITIONS.after("keep", PlanState(plan.state))
            plan.ended_on = today
            _save(plan)


def refresh_every_arrears(today: date, landlord_id: int | None = None) -> int:
    """Look again at every account, of one body or of all, that owes something; say how many: days pass without postings."""
    debtors = Account.objects.in_debt()
    if landlord_id is not None:
        debtors = debtors.filter(landlord=landlord_id)
    owing = set(debtors.order_by().values_list("pk", flat=True))
    opened = Arrears.objects.filter(closed_on__isnull=True)
    if landlord_id is not None:
        opened = opened.filter(account__landlord=landlord_id)
    owing |= set(opened.order_by().values_list("account_id", flat=True))
    refresh_arrears(sorted(owing), today=today)
    return len(owing)


def _chunks(ids: Collection[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
