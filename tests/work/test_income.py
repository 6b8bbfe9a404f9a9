from datetime import date, timedelta
from decimal import Decimal

import pytest

from ali.work.income import Earning, StableIncomeRule, stable_cents
from ali.work.states import JobKind

TODAY = date(2026, 3, 2)
RULE = StableIncomeRule(stable_days=60, traineeship_share=Decimal("0.5"))


def _job(kind: str, cents: int, ends_in: int | None = None, began: int = 100) -> Earning:
    ends_on = None if ends_in is None else TODAY + timedelta(days=ends_in)
    return Earning(kind, cents, TODAY - timedelta(days=began), ends_on)


@pytest.mark.parametrize(("ends_in", "counts"), [(None, True), (60, True), (59, False), (-1, False)])
def test_contract_counts_when_it_lasts_another_sixty_days(ends_in: int | None, counts: bool) -> None:
    job = _job(JobKind.FIXED_TERM, 110_000, ends_in)

    assert stable_cents([job], RULE, TODAY) == (110_000 if counts else 0)


def test_half_of_a_traineeship_counts_beside_another_job() -> None:
    jobs = [_job(JobKind.TRAINEESHIP, 45_001, 90), _job(JobKind.DOMESTIC, 60_000)]

    assert stable_cents(jobs, RULE, TODAY) == 60_000 + 22_501


def test_job_not_begun_does_not_count_yet() -> None:
    assert stable_cents([_job(JobKind.PERMANENT, 120_000, began=-10)], RULE, TODAY) == 0
