"""What a person owes for a month: their share divided among rent, condominium and utilities, in proportion to the days."""

import calendar
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ali.rents.settling import split_by_weight
from ali.rents.states import MONTHLY
from ali.rules.values import RuleValue, rule_in_force

PRORATA = "rents.prorata"
COMMERCIAL_MONTH = 30


@dataclass(frozen=True)
class Share:
    """What one person pays each month: since which day how many cents, and from when to when they live there."""

    cents_since: tuple[tuple[date, int], ...]
    weights: tuple[int, int, int]  # rent, condominium, utilities of the whole contract
    starts_on: date
    ends_on: date | None
    due_day: int = 5

    def stretches(self) -> Iterator[tuple[int, date, date | None]]:
        """Return each amount with the days in which it holds; the last of them is the day before the next begins."""
        rows = sorted(self.cents_since)
        for place, (since, cents) in enumerate(rows):
            begin = self.starts_on if place == 0 else max(since, self.starts_on)
            until = rows[place + 1][0] if place + 1 < len(rows) else None
            yield cents, begin, until


@dataclass(frozen=True)
class Days:
    """So many days of a month out of so many."""

    counted: int
    of: int

    @property
    def is_whole(self) -> bool:
        return self.counted == self.of


@dataclass(frozen=True)
class MonthDue:
    """One charge of a month."""

    kind: str
    cents: int
    due_on: date


def prorata_rule(day: date, province: str | None = None) -> RuleValue:
    """Return how the days of a first or last month are counted."""
    return rule_in_force(PRORATA, day=day, province=province)


def first_day(day: date) -> date:
    return day.replace(day=1)


def last_day(month: date) -> date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def days_due(
    month: date,
    starts_on: date,
    ends_on: date | None,
    *,
    actual_days: bool = True,
    last_day_counts: bool = False,
) -> Days:
    """Count the days of `month` that are paid. The first day counts; that of leaving when the rule says so.

    By actual days a month has as many as the calendar says; otherwise every month has thirty, and a part of it never more.
    """
    begin, end = first_day(month), last_day(month)
    whole = (end - begin).days + 1
    leaving = None if ends_on is None else ends_on if last_day_counts else ends_on - timedelta(days=1)
    lived_to = end if leaving is None else min(end, leaving)
    counted = max(0, (lived_to - max(begin, starts_on)).days + 1)
    if actual_days:
        return Days(counted, whole)
    return Days(COMMERCIAL_MONTH if counted == whole else min(counted, COMMERCIAL_MONTH), COMMERCIAL_MONTH)


def prorata(cents: int, days: Days) -> int:
    """Return the part of `cents` for these days, rounded half up to the cent."""
    return _half_up(cents * days.counted, days.of)


def _half_up(over: int, under: int) -> int:
    return (2 * over + under) // (2 * under)


def month_cents(share: Share, month: date, *, actual_days: bool = True, last_day_counts: bool = False) -> int:
    """Return what `month` costs: every amount for its own days, rounded once."""
    over, under = 0, 1
    for cents, begin, until in share.stretches():
        left = share.ends_on is not None and (until is None or share.ends_on <= until)
        end = share.ends_on if left else until
        days = days_due(month, begin, end, actual_days=actual_days, last_day_counts=last_day_counts and left)
        over, under = over + cents * days.counted, days.of
    return _half_up(over, under)


def month_dues(
    share: Share, month: date, *, actual_days: bool = True, last_day_counts: bool = False
) -> list[MonthDue]:
    """Return the charges of `month`: what the days are worth, divided so that the parts sum to it exactly."""
    cents = month_cents(share, month, actual_days=actual_days, last_day_counts=last_day_counts)
    due_on = max(first_day(month).replace(day=share.due_day), share.starts_on)
    amounts = split_by_weight(cents, share.weights)
    return [MonthDue(kind, part, due_on) for kind, part in zip(MONTHLY, amounts, strict=True) if part]


def months_between(first: date, last: date) -> Iterator[date]:
    """Return the first day of each month from that of `first` to that of `last`."""
    month = first_day(first)
    while month <= last:
        yield month
        month = last_day(month) + timedelta(days=1)


def total(dues: Iterable[MonthDue]) -> int:
    return sum(one.cents for one in dues)


def chunks(ids: Collection[int], size: int) -> Iterator[list[int]]:
    """Return `ids` in lists of at most `size`."""
    ordered = list(ids)
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]
