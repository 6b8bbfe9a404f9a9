"""Whether a household will carry its home in the months ahead, as contracts and traineeships end. One rule of income."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from ali.rents.dues import last_day
from ali.work.affordability import Band, Limits, band_of
from ali.work.income import Earning, StableIncomeRule, stable_cents

MONTHS = 12
ORDER = (Band.GREEN, Band.AMBER, Band.RED)


@dataclass(frozen=True)
class Ahead:
    """One month: its band, and the income it rests on for those who may read it. The first one is today."""

    month: date
    income_cents: int
    band: Band
    is_now: bool = False


def months_ahead(
    earnings: Sequence[Earning],
    rule: StableIncomeRule,
    limits: Limits,
    *,
    cost_cents: int,
    today: date,
    months: int = MONTHS,
) -> list[Ahead]:
    """Return today, by the rule of stable income, and each of the next `months` by the contracts that last through it."""
    now = stable_cents(earnings, rule, today)
    ahead = [Ahead(today, now, band_of(limits, income=now, cost=cost_cents), is_now=True)]
    month = today
    for _number in range(months):
        month = last_day(month) + timedelta(days=1)
        through = replace(rule, stable_days=(last_day(month) - month).days)
        income = stable_cents(earnings, through, month)
        ahead.append(Ahead(month, income, band_of(limits, income=income, cost=cost_cents)))
    return ahead


def gets_worse(ahead: Sequence[Ahead]) -> Ahead | None:
    """Return the first month whose band is worse than that of the month before it; None when it only gets better."""
    for before, after in pairwise(ahead[1:]):
        if ORDER.index(after.band) > ORDER.index(before.band):
            return after
    return None
