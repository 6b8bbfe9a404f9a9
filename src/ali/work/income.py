"""Which part of what a person earns a landlord can count on: contracts that last, half of a traineeship's allowance."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from ali.work.states import JobKind


@dataclass(frozen=True)
class Earning:
    """A job as the rule reads it."""

    kind: str
    net_monthly_cents: int
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class StableIncomeRule:
    """`stable_days`: how long a contract must still last. `traineeship_share`: how much of an allowance counts."""

    stable_days: int
    traineeship_share: Decimal


def is_stable(job: Earning, rule: StableIncomeRule, today: date) -> bool:
    """Say whether a job has begun and lasts long enough."""
    lasts = job.ends_on is None or job.ends_on >= today + timedelta(days=rule.stable_days)
    return job.starts_on <= today and lasts


def stable_cents(jobs: Iterable[Earning], rule: StableIncomeRule, today: date) -> int:
    """Return the stable net monthly income in cents."""
    total = sum(
        (
            Decimal(job.net_monthly_cents)
            * (rule.traineeship_share if job.kind == JobKind.TRAINEESHIP else 1)
            for job in jobs
            if is_stable(job, rule, today)
        ),
        Decimal(0),
    )
    return int(total.quantize(Decimal(1), rounding=ROUND_HALF_UP))
