from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ali.rents.dues import Days, Share, days_due, month_cents, month_dues, months_between, prorata

MARCH = date(2026, 3, 1)
WEIGHTS = (24_000, 3_000, 4_500)


def share(starts_on: date, ends_on: date | None = None, *later: tuple[date, int]) -> Share:
    return Share(((starts_on, 31_500), *later), WEIGHTS, starts_on, ends_on)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "days"),
    [
        (date(2026, 1, 1), None, 31),
        (date(2026, 3, 1), None, 31),
        (date(2026, 3, 12), None, 20),
        (date(2026, 3, 31), None, 1),
        (date(2026, 4, 1), None, 0),
        (date(2026, 1, 1), date(2026, 3, 16), 15),
        (date(2026, 1, 1), date(2026, 4, 1), 31),
        (date(2026, 1, 1), date(2026, 3, 1), 0),
        (date(2026, 3, 10), date(2026, 3, 12), 2),
    ],
)
def test_day_of_entry_is_paid_and_day_of_leaving_is_not(
    starts_on: date, ends_on: date | None, days: int
) -> None:
    assert days_due(MARCH, starts_on, ends_on) == Days(days, 31)


def test_day_of_leaving_is_paid_when_the_rule_says_so() -> None:
    assert days_due(MARCH, date(2026, 1, 1), date(2026, 3, 15), last_day_counts=True) == Days(15, 31)


def test_months_of_thirty_days() -> None:
    assert days_due(MARCH, date(2026, 1, 1), None, actual_days=False) == Days(30, 30)
    assert days_due(date(2026, 2, 1), date(2026, 2, 15), None, actual_days=False) == Days(14, 30)
    assert days_due(MARCH, date(2026, 3, 2), None, actual_days=False) == Days(30, 30)


@pytest.mark.parametrize(
    ("cents", "days", "expected"), [(31_500, 20, 20_323), (31_500, 15, 15_242), (1, 15, 0), (1, 16, 1)]
)
def test_part_of_a_month_is_rounded_half_up(cents: int, days: int, expected: int) -> None:
    assert prorata(cents, Days(days, 31)) == expected


def test_whole_month_is_what_the_contract_says() -> None:
    assert [(one.kind, one.cents, one.due_on) for one in month_dues(share(date(2026, 1, 1)), MARCH)] == [
        ("rent", 24_000, date(2026, 3, 5)),
        ("condominium", 3_000, date(2026, 3, 5)),
        ("utilities", 4_500, date(2026, 3, 5)),
    ]


def test_first_month_falls_due_on_the_day_of_entry_when_the_usual_day_has_passed() -> None:
    dues = month_dues(share(date(2026, 3, 12)), MARCH)

    assert {one.due_on for one in dues} == {date(2026, 3, 12)}
    assert sum(one.cents for one in dues) == 20_323


def test_share_that_changes_within_a_month_counts_for_its_days() -> None:
    changing = share(date(2026, 1, 1), None, (date(2026, 3, 11), 40_000))

    assert month_cents(changing, MARCH) == round((31_500 * 10 + 40_000 * 21) / 31)
    assert month_cents(changing, date(2026, 4, 1)) == 40_000


@given(
    st.dates(date(2025, 1, 1), date(2027, 1, 1)),
    st.integers(1, 700),
    st.integers(1, 200_000),
    st.booleans(),
)
def test_charges_of_a_month_sum_to_its_days_and_never_exceed_the_month(
    starts_on: date, stays: int, cents: int, last_day_counts: bool
) -> None:
    ends_on = starts_on + timedelta(days=stays)
    lived = Share(((starts_on, cents),), WEIGHTS, starts_on, ends_on)

    months = list(months_between(starts_on, ends_on))
    paid = [
        sum(one.cents for one in month_dues(lived, month, last_day_counts=last_day_counts))
        for month in months
    ]

    assert all(0 <= one <= cents for one in paid)
    assert all(one == cents for one in paid[1:-1])
