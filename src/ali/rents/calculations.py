"""What `ali calc` answers about rents: the same functions that post, plan and show."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from ali.core.money import to_cents, to_euros
from ali.core.states import WrongState
from ali.rents.dues import Share, days_due, month_dues, prorata_rule
from ali.rents.instalments import instalments
from ali.rents.ladder import earliest_day, in_days, ladder_rule, next_step, state_after
from ali.rents.outlook import MONTHS, gets_worse, months_ahead
from ali.rents.states import ARREARS_TRANSITIONS
from ali.rules.calculators import WrongInput, citation, decimal_given, plain_number
from ali.rules.values import rule_in_force
from ali.work.affordability import BANDS, Limits
from ali.work.income import Earning
from ali.work.queries import stable_income_rule
from ali.work.states import JobKind


def _day(given: Mapping[str, Any], name: str) -> date | None:
    value = given.get(name)
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise WrongInput(f"«{name}» deve essere una data come 2026-03-01: è {value!r}.") from None


def _needed(given: Mapping[str, Any], name: str) -> date:
    day = _day(given, name)
    if day is None:
        raise WrongInput(f"Manca «{name}».")
    return day


def _cents(given: Mapping[str, Any], name: str, *, default: int | None = None) -> int:
    if name not in given and default is not None:
        return default
    return to_cents(decimal_given(given, name))


def _euros(cents: int) -> int | float:
    return plain_number(to_euros(cents))


def rent_prorata(given: Mapping[str, Any]) -> dict[str, Any]:
    """Answer `ali calc rent-prorata`: {"month", "starts_on", "ends_on", "rent", "condominium", "utilities", "share", "due_day"}.

    `share` is what the person pays each month, all of the contract when it is not given. Euros.
    """
    month, starts_on, ends_on = _needed(given, "month"), _needed(given, "starts_on"), _day(given, "ends_on")
    weights = (
        _cents(given, "rent"),
        _cents(given, "condominium", default=0),
        _cents(given, "utilities", default=0),
    )
    due_day = int(decimal_given(given, "due_day")) if "due_day" in given else 5
    if not 1 <= due_day <= 28:
        raise WrongInput("«due_day» va da 1 a 28.")
    rule = prorata_rule(month)
    cents = _cents(given, "share", default=sum(weights))
    share = Share(((starts_on, cents),), weights, starts_on, ends_on, due_day)
    days = days_due(month, starts_on, ends_on, **rule.value)
    dues = month_dues(share, month, **rule.value)
    return {
        "days": days.counted,
        "of": days.of,
        "total": _euros(sum(one.cents for one in dues)),
        "dues": [
            {"kind": one.kind, "amount": _euros(one.cents), "due_on": one.due_on.isoformat()} for one in dues
        ],
        **citation(rule),
    }


def arrears_step(given: Mapping[str, Any]) -> dict[str, Any]:
    """Answer `ali calc arrears-step`: {"unpaid_since", "today", "done": ["remind", ...]}: which step is next and when."""
    since, today = _needed(given, "unpaid_since"), _needed(given, "today")
    done = given.get("done", [])
    if not isinstance(done, list) or not all(verb in ARREARS_TRANSITIONS.table for verb in done):
        raise WrongInput(f"«done» è un elenco di passi tra: {', '.join(ARREARS_TRANSITIONS.table)}.")
    try:
        state = state_after(done)
    except WrongState:
        raise WrongInput("«done»: questi passi non possono seguirsi in quest'ordine.") from None
    rule = ladder_rule(today, given.get("province"))
    step = next_step(state, since, in_days(rule))
    earliest = earliest_day(step.verb, since, in_days(rule)) if step else None
    return {
        "days": (today - since).days,
        "state": state.value,
        "step": step.verb if step else None,
        "due_on": step.due_on.isoformat() if step else None,
        "overdue_by": max(0, (today - step.due_on).days) if step else 0,
        "not_before": earliest.isoformat() if earliest else None,
        **citation(rule),
    }


def rent_outlook(given: Mapping[str, Any]) -> dict[str, Any]:
    """Answer `ali calc rent-outlook`: {"today", "cost", "jobs": [{"kind", "net", "starts_on", "ends_on"}], "months"}.

    `cost` is rent and condominium. Each month counts the contracts that last through it, a traineeship by its rule.
    """
    today, cost = _needed(given, "today"), _cents(given, "cost")
    months = decimal_given(given, "months") if "months" in given else Decimal(MONTHS)
    if not 1 <= months <= 60 or months != int(months):
        raise WrongInput("«months» è un numero intero di mesi, da 1 a 60.")
    jobs = given.get("jobs", [])
    if not isinstance(jobs, list) or not all(isinstance(job, Mapping) for job in jobs):
        raise WrongInput("«jobs» è un elenco di lavori.")
    rule = rule_in_force(BANDS, day=today, province=given.get("province"))
    ahead = months_ahead(
        [_earning(job) for job in jobs],
        stable_income_rule(today, given.get("province")),
        Limits.from_rule(rule),
        cost_cents=cost,
        today=today,
        months=int(months),
    )
    worse = gets_worse(ahead)
    return {
        "months": [
            {"month": one.month.isoformat(), "income": _euros(one.income_cents), "band": one.band.value}
            for one in ahead
        ],
        "worse_from": worse.month.isoformat() if worse else None,
        **citation(rule),
    }


def _earning(job: Mapping[str, Any]) -> Earning:
    kind = str(job.get("kind", ""))
    if kind not in JobKind.values:
        raise WrongInput(f"«kind» di un lavoro è uno tra: {', '.join(JobKind.values)}.")
    return Earning(kind, _cents(job, "net"), _needed(job, "starts_on"), _day(job, "ends_on"))


def repayment_plan(given: Mapping[str, Any]) -> dict[str, Any]:
    """Answer `ali calc repayment-plan`: {"debt", "instalments", "first_due_on"}: equal instalments in exact cents."""
    number = decimal_given(given, "instalments")
    if number != int(number):
        raise WrongInput("«instalments» è un numero intero di rate.")
    plan = instalments(_cents(given, "debt"), int(number), _needed(given, "first_due_on"))
    rows = [
        {"number": one.number, "due_on": one.due_on.isoformat(), "amount": _euros(one.cents)} for one in plan
    ]
    return {"instalments": rows, "total": _euros(sum(one.cents for one in plan))}
