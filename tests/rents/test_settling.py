from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ali.rents.settling import Match, Open, settle, split_by_weight, split_evenly

JANUARY, FEBRUARY, MARCH = date(2026, 1, 5), date(2026, 2, 5), date(2026, 3, 5)
MONEY = st.integers(1, 200_000)


def test_payment_pays_the_oldest_charge_first_and_the_rest_waits() -> None:
    charges = [Open(2, 300, FEBRUARY), Open(1, 300, JANUARY)]

    assert settle(charges, [Open(9, 400, MARCH)]) == [Match(1, 9, 300), Match(2, 9, 100)]


def test_charges_that_were_named_come_before_the_oldest() -> None:
    charges = [Open(1, 300, JANUARY), Open(2, 300, FEBRUARY), Open(3, 300, MARCH)]

    assert settle(charges, [Open(9, 500, MARCH)], first=[3]) == [Match(3, 9, 300), Match(1, 9, 200)]


def test_charges_of_a_plan_wait_for_the_current_ones() -> None:
    charges = [Open(1, 300, JANUARY, is_last=True), Open(2, 300, MARCH)]

    assert settle(charges, [Open(9, 350, MARCH)]) == [Match(2, 9, 300), Match(1, 9, 50)]


def test_overpayment_leaves_its_surplus_unused() -> None:
    assert settle([Open(1, 300, JANUARY)], [Open(9, 1000, MARCH)]) == [Match(1, 9, 300)]


@given(st.lists(MONEY, max_size=12), st.lists(MONEY, max_size=12), st.lists(st.integers(0, 11), max_size=4))
def test_nothing_is_paid_twice_and_nothing_payable_stays_open(
    owed: list[int], paid: list[int], first: list[int]
) -> None:
    charges = [Open(number, cents, JANUARY) for number, cents in enumerate(owed)]
    credits = [Open(100 + number, cents, MARCH) for number, cents in enumerate(paid)]

    matches = settle(charges, credits, first)

    for one in charges:
        assert sum(match.cents for match in matches if match.charge == one.pk) <= one.left
    for one in credits:
        assert sum(match.cents for match in matches if match.credit == one.pk) <= one.left
    assert sum(match.cents for match in matches) == min(sum(owed), sum(paid))


@given(st.integers(0, 10**9), st.integers(1, 60))
def test_even_parts_sum_exactly_and_differ_by_a_cent(cents: int, parts: int) -> None:
    amounts = split_evenly(cents, parts)

    assert sum(amounts) == cents
    assert max(amounts) - min(amounts) <= 1


@given(st.integers(0, 10**7), st.lists(st.integers(0, 10**6), min_size=1, max_size=5))
def test_weighted_parts_sum_exactly(cents: int, weights: list[int]) -> None:
    amounts = split_by_weight(cents, weights)

    assert sum(amounts) == cents
    assert all(amount >= 0 for amount in amounts)
    if sum(weights):
        for amount, weight in zip(amounts, weights, strict=True):
            assert abs(amount * sum(weights) - cents * weight) < sum(weights)


def test_share_of_a_bed_is_divided_among_rent_condominium_and_utilities() -> None:
    assert split_by_weight(31_500, (24_000, 3_000, 4_500)) == [24_000, 3_000, 4_500]
    assert split_by_weight(10_000, (1, 1, 1)) == [3_334, 3_333, 3_333]
    assert split_by_weight(10_000, (0, 0, 0)) == [10_000, 0, 0]
