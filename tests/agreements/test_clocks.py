from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ali.agreements.clocks import (
    ContractTerms,
    calculate,
    contract_clocks,
    duration_problem,
    last_day,
    months_between,
)
from ali.agreements.states import ContractType
from ali.rules.calculators import WrongInput
from ali.rules.values import shipped_rules

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


def terms(code: str) -> ContractTerms:
    return ContractTerms.from_rule(
        next(rule for rule in shipped_rules() if rule.code == f"agreements.contract.{code}")
    )


def due(code: str, **known: date) -> dict[str, list[str]]:
    given_days = {name: day.isoformat() for name, day in known.items()}
    found: dict[str, list[str]] = {}
    for one in calculate({"type": code, **given_days})["clocks"]:
        found.setdefault(one["code"], []).append(one["due_on"])
    return found


@pytest.mark.django_db
def test_agreed_lease_lasts_three_years_and_two_more() -> None:
    found = due("C32", signed_on=date(2026, 3, 2), starts_on=date(2026, 4, 1))

    assert found["registration"] == ["2026-04-01"]
    assert found["host_communication"] == ["2026-04-03"]
    assert found["first_end"] == ["2029-03-31"]
    assert found["tenant_notice"] == found["landlord_notice"] == ["2028-09-30"]
    assert found["renewal_registration"] == ["2029-05-01"]
    assert found["renewed_end"] == ["2031-03-31"]
    assert found["yearly_tax"] == ["2027-05-01", "2028-05-01"]
    assert found["index_update"] == ["2027-04-01", "2028-04-01"]


@pytest.mark.django_db
def test_registration_runs_from_the_earlier_of_signature_and_start() -> None:
    found = due("C44", signed_on=date(2026, 5, 10), starts_on=date(2026, 5, 1))

    assert found["registration"] == ["2026-05-31"]


@pytest.mark.django_db
def test_transitory_lease_ends_and_its_confirmation_stays_to_be_settled() -> None:
    found = due("CTR", starts_on=date(2026, 1, 31), ends_on=date(2027, 1, 30))

    assert found["end"] == ["2027-01-30"]
    assert found["end_registration"] == ["2027-03-01"]
    assert "reconfirm_need" not in found


@pytest.mark.django_db
def test_hospitality_agreement_is_not_registered() -> None:
    found = due("OSP", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))

    assert set(found) == {"host_communication", "end"}


@pytest.mark.django_db
def test_days_are_none_until_the_contract_has_dates() -> None:
    found = due("C32")

    assert {day for days in found.values() for day in days} == {None}
    assert {"registration", "tenant_notice", "renewed_end"} <= set(found)


@pytest.mark.django_db
@pytest.mark.parametrize("code", ContractType.values)
def test_every_type_has_a_rule_that_says_its_source(code: str) -> None:
    answer = calculate({"type": code, "starts_on": "2026-03-02"})

    assert answer["source"]
    assert answer["clocks"]


@pytest.mark.parametrize(
    ("code", "ends_on", "problem"),
    [
        ("C32", date(2029, 2, 28), "almeno 36 mesi"),
        ("C32", date(2029, 3, 1), ""),
        ("CTR", date(2027, 9, 1), ""),
        ("CTR", date(2027, 9, 2), "al massimo 18 mesi"),
        ("COM", date(2056, 3, 1), ""),
    ],
)
def test_length_of_the_contract_is_the_type_s(code: str, ends_on: date, problem: str) -> None:
    assert problem in duration_problem(terms(code), date(2026, 3, 2), ends_on)
    assert bool(problem) == bool(duration_problem(terms(code), date(2026, 3, 2), ends_on))


@given(DAYS, st.integers(1, 120))
def test_months_of_a_contract_are_those_it_was_made_with(starts_on: date, months: int) -> None:
    found = months_between(starts_on, last_day(starts_on, months))

    assert found == months or (starts_on.day > 28 and found in {months - 1, months})


@given(DAYS, st.sampled_from(ContractType.values))
def test_clocks_are_in_order_and_none_before_the_contract(starts_on: date, code: str) -> None:
    found = [
        one.due_on for one in contract_clocks(terms(code), starts_on=starts_on, host_hours=48) if one.due_on
    ]

    assert found == sorted(found)
    assert all(day >= starts_on for day in found)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"type": "C99"}, "è uno di"),
        ({"type": "C32", "starts_on": "2.3.2026"}, "è una data come"),
        ({"type": "C32", "starts_on": "2026-03-02", "ends_on": "2026-03-01"}, "viene prima"),
    ],
)
@pytest.mark.django_db
def test_wrong_input_is_named(wrong: dict[str, str], says: str) -> None:
    with pytest.raises(WrongInput, match=says):
        calculate(wrong)
