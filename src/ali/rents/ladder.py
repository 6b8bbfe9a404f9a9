"""The ladder of an arrears: which step comes next and from which day. Days are a rule, and no step is taken by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ali.rents.states import ARREARS_TRANSITIONS, ArrearsState
from ali.rules.values import RuleValue, rule_in_force

STEP_DAYS = "rents.arrears_days"
GRACE_DAYS = "rents.plan_grace_days"
_A = ArrearsState
# What comes after each state, as the reference orders it. After mediation the product suggests nothing more.
_NEXT = {
    _A.LATE: "remind",
    _A.REMINDED: "contact",
    _A.CONTACTED: "plan",
    _A.PLANNED: "committee",
    _A.COMMITTEE: "warn",
    _A.WARNED: "call_fund",
    _A.FUND: "mediate",
}
# From this step on it is against the person: never before its day.
_FROM_LETTER = (
    "warn",
    "call_fund",
    "mediate",
    "summon",
    "validate",
    "grant_grace",
    "validate_after_grace",
    "enforce",
)
# Steps after the letter fall due with it.
_DAY_OF = {"call_fund": "warn", "mediate": "warn"}


@dataclass(frozen=True)
class NextStep:
    """The step that a person should take, and from which day."""

    verb: str
    due_on: date


def ladder_rule(day: date, province: str | None = None) -> RuleValue:
    """Return after how many days each step falls due."""
    return rule_in_force(STEP_DAYS, day=day, province=province)


def next_step(state: str, since: date, days: Mapping[str, int]) -> NextStep | None:
    """Return the step after `state` for what has been unpaid `since`; None when the ladder ends or is left to people."""
    verb = _NEXT.get(ArrearsState(state))
    if verb is None:
        return None
    return NextStep(verb, since + timedelta(days=int(days[_DAY_OF.get(verb, verb)])))


def earliest_day(verb: str, since: date, days: Mapping[str, int]) -> date | None:
    """Return the day before which `verb` may not be taken; None for the steps that only help."""
    return since + timedelta(days=int(days["warn"])) if verb in _FROM_LETTER else None


def state_after(done: list[str]) -> ArrearsState:
    """Return the state that these steps lead to, in their order; raises `WrongState`, or `KeyError` for an unknown one."""
    state = ArrearsState.LATE
    for verb in done:
        state = ARREARS_TRANSITIONS.after(verb, state)
    return state


def in_days(rule: RuleValue) -> Mapping[str, Any]:
    """Return the days of each step."""
    value: Mapping[str, Any] = rule.value
    return value
