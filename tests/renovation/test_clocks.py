from datetime import date, timedelta

import pytest

from ali.accounts import roles
from ali.core.decisions import Refusal
from ali.deadlines.models import Deadline
from ali.renovation.clocks import (
    SiteDays,
    TitleTerms,
    calculate,
    needs_safety_notice,
    title_clocks,
    title_rule,
)
from ali.renovation.services import add_title, take_title_step
from ali.renovation.states import Phase, TitleKind
from ali.rules.values import shipped_rules
from tests.factories.organisations import actor_for_role
from tests.factories.renovation import make_works

MARCH_2 = date(2026, 3, 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("cila", {"may_start": "2026-03-02"}),
        ("scia", {"may_start": "2026-03-02", "checks_end": "2026-04-01", "end_by": "2029-03-02"}),
        ("scia_alt", {"may_start": "2026-04-01", "end_by": "2029-03-02"}),
        ("pdc", {"decision": "2026-05-31", "start_by": "2027-05-01", "end_by": "2029-06-15"}),
        ("landscape", {"decision": "2026-06-30"}),
        ("sca", {"file_by": "2026-10-16"}),
        ("docfa", {"file_by": "2026-10-31"}),
        ("ape", {"valid_until": "2036-05-01"}),
    ],
)
def test_days_of_each_title(kind: str, expected: dict[str, str]) -> None:
    answer = calculate(
        {
            "title": kind,
            "filed_on": "2026-03-02",
            "granted_on": "2026-05-01",
            "starts_on": "2026-06-15",
            "ended_on": "2026-10-01",
        }
    )

    assert {one["code"]: one["due_on"] for one in answer["clocks"]} == expected


@pytest.mark.django_db
def test_permit_does_not_run_before_it_is_granted() -> None:
    terms = TitleTerms.from_rule(title_rule("pdc", day=MARCH_2))

    days = {
        one.code: one.due_on
        for one in title_clocks(terms, filed_on=MARCH_2, granted_on=None, site=SiteDays(MARCH_2, False))
    }

    assert days["start_by"] is None
    assert days["end_by"] is None


def test_every_title_has_a_rule_that_says_its_source() -> None:
    codes = {rule.code: rule for rule in shipped_rules()}

    for kind in TitleKind:
        assert codes[f"renovation.title.{kind.value}"].source


def test_safety_notice_is_for_many_firms_or_many_days() -> None:
    rule = next(one for one in shipped_rules() if one.code == "renovation.safety_notice")

    assert needs_safety_notice(rule, firms=None, man_days=None) is None
    assert not needs_safety_notice(rule, firms=1, man_days=200)
    assert needs_safety_notice(rule, firms=2, man_days=None)
    assert needs_safety_notice(rule, firms=1, man_days=201)


@pytest.mark.django_db
def test_title_filed_is_on_the_board_until_its_day_is_met(today: date) -> None:
    manager = actor_for_role(roles.HOUSING_MANAGER.code)
    works = make_works(manager, phase=Phase.SITE)
    title = add_title(actor=manager, works=works, kind="scia", today=today)

    take_title_step(
        actor=manager,
        title=title,
        verb="file",
        on=today,
        protocol="123/2026",
        note="",
        expected_version=title.version,
        today=today,
    )

    due = Deadline.objects.get(source__endswith="title:scia:end_by")
    assert due.due_on == date(2029, 3, 2)
    assert "SCIA" in due.sentence
    with pytest.raises(Refusal, match="c'è già"):
        add_title(actor=manager, works=works, kind="scia", today=today)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("verb", "days", "note"), [("file", 1, ""), ("file", None, ""), ("drop", 0, ""), ("nonsense", 0, "x")]
)
def test_title_step_that_cannot_be_is_refused(verb: str, days: int | None, note: str, today: date) -> None:
    manager = actor_for_role(roles.HOUSING_MANAGER.code)
    title = add_title(actor=manager, works=make_works(manager), kind="cila", today=today)

    with pytest.raises(Refusal):
        take_title_step(
            actor=manager,
            title=title,
            verb=verb,
            on=None if days is None else today + timedelta(days=days),
            protocol="",
            note=note,
            expected_version=title.version,
            today=today,
        )
