from datetime import date

import pytest

from ali.core.decisions import Refusal
from ali.reception.clock import calculate_exit_date, propose_exit_date
from ali.rules.values import RuleMissing, RuleValue

DELIVERED = {
    "cause": "recognised",
    "event": "permit_delivered",
    "event_date": "2026-03-02",
    "prefecture": "PD",
}


@pytest.fixture(autouse=True)
def shipped_rules_only(monkeypatch):
    monkeypatch.setattr("ali.rules.values._database_is_ready", lambda: False)


def test_date_is_not_guessed_when_the_local_parameter_is_missing():
    answer = calculate_exit_date(DELIVERED)

    assert answer["date"] is None
    assert answer["missing_parameter"] == "reception.exit_days.recognised.permit_delivered"
    assert "la prefettura" in answer["sentence"]
    assert answer["source"]


def test_thirty_days_from_delivery():
    answer = calculate_exit_date(DELIVERED | {"parameter_days": 30})

    assert (answer["date"], answer["missing_parameter"]) == ("2026-04-01", None)
    assert "30 giorni" in answer["reason"]


def test_rules_can_be_tried_by_code():
    tried = {"reception.exit_days.recognised.permit_delivered": 10}

    assert calculate_exit_date(DELIVERED | {"rules": tried})["date"] == "2026-03-12"


def test_refusal_counts_from_the_end_of_the_appeal_term():
    given = {
        "cause": "rejected",
        "event": "decision_notified",
        "event_date": "2026-03-02",
        "prefecture": "PD",
    }

    answer = calculate_exit_date(given | {"parameter_days": 10})

    assert answer["date"] == "2026-04-11"
    assert "01/04/2026" in answer["reason"]


def test_agreed_day_needs_no_rule():
    given = {"cause": "voluntary", "event": "agreed", "event_date": "2026-03-20"}

    answer = calculate_exit_date(given)

    assert (answer["date"], answer["rule"]) == ("2026-03-20", None)


def test_cause_without_a_term_is_left_to_the_office():
    given = {"cause": "revoked", "event": "court", "event_date": "2026-03-20", "prefecture": "PD"}

    answer = calculate_exit_date(given)

    assert answer["date"] is None
    assert "ufficio" in answer["reason"]


def test_demo_value_says_so():
    def demo(code: str, day: date, province: str | None) -> RuleValue:
        return RuleValue(code, 30, "", "", valid_from=date(2020, 1, 1), is_demo=True)

    found = propose_exit_date(
        cause="recognised", event="permit_delivered", event_on=date(2026, 3, 2), prefecture="PD", find=demo
    )

    assert found.is_demo
    assert "dimostrativo" in found.reason


def test_missing_appeal_rule_gives_no_date():
    def none(code: str, day: date, province: str | None) -> RuleValue:
        raise RuleMissing("manca")

    found = propose_exit_date(
        cause="rejected", event="decision_notified", event_on=date(2026, 3, 2), prefecture="PD", find=none
    )

    assert found.day is None
    assert found.missing_parameter == "reception.appeal_days"


@pytest.mark.parametrize(
    "change",
    [
        {"cause": "boh"},
        {"event": "boh"},
        {"event_date": "02/03/2026"},
        {"parameter_days": -1},
        {"parameter_days": "x"},
    ],
)
def test_wrong_input_is_explained(change):
    with pytest.raises(Refusal):
        calculate_exit_date(DELIVERED | change)
