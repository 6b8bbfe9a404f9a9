"""Criteria begin as a draft, are tried on today's facts, and hold once somebody who has seen the trial puts them in force."""

from datetime import date, timedelta
from typing import Any

import pytest

from ali.accounts.actors import Actor
from ali.allocation import services
from ali.allocation.comparisons import compare_rounds
from ali.allocation.eligibility import DEFAULT_WEIGHTS
from ali.allocation.models import Criteria, Round
from ali.allocation.permissions import may_set_aside
from ali.allocation.queries import criteria_in_force, open_suggestion
from ali.allocation.services.criteria import IncompleteAct, NotLawful
from ali.allocation.states import Outcome, RoundState
from ali.allocation.tasks import solve_round
from ali.audit.models import AuditEvent
from ali.core import clock
from ali.core.decisions import NotAllowed
from ali.core.models import StaleRecord
from tests.clients import client_as
from tests.factories.allocation import (
    CriteriaFactory,
    RoundEntryFactory,
    RoundFactory,
    make_leaving,
    make_scene,
)
from tests.factories.housing import DwellingFactory
from tests.factories.organisations import actor_for_role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.fixture
def officer() -> Actor:
    return actor_for_role("prefecture_officer")


def draft(officer: Actor, **changes: Any) -> Criteria:
    given: dict[str, Any] = {
        "province": "PD",
        "title": "Prima chi aspetta",
        "weights": {**DEFAULT_WEIGHTS, "waiting": 900},
        "act": services.Act(),
        "today": TODAY,
        **changes,
    }
    return services.draft_criteria(actor=officer, **given)


def enforce(officer: Actor, criteria: Criteria, tried: Round | None, **changes: Any) -> Criteria:
    version = changes.pop("expected_version", criteria.version)
    return services.enforce_criteria(
        actor=officer, criteria=criteria, tried=tried, expected_version=version, now=clock.now(), today=TODAY
    )


def test_draft_changes_nothing_until_it_is_in_force(officer: Actor) -> None:
    present = CriteriaFactory()

    draft(officer)

    assert criteria_in_force("PD", TODAY) == present


def test_tried_draft_replaces_the_criteria_and_says_who_did_it(officer: Actor) -> None:
    present, new = CriteriaFactory(), draft(officer, act=services.Act("Prefettura", "7", date(2026, 3, 1)))

    enforce(officer, new, RoundFactory(criteria=new, is_trial=True, solved=True))

    present.refresh_from_db()
    assert criteria_in_force("PD", TODAY) == new
    assert present.superseded_at is not None
    assert (new.enforced_by_id, new.is_approved) == (officer.user_id, True)
    assert AuditEvent.objects.filter(verb="criteria_set", user_id=officer.user_id).exists()


def test_draft_whose_trial_has_not_ended_does_not_hold(officer: Actor) -> None:
    new = draft(officer)

    for tried in (None, RoundFactory(criteria=new, is_trial=True, state=RoundState.RUNNING)):
        with pytest.raises(NotAllowed, match="la prova deve finire"):
            enforce(officer, new, tried)


def test_criteria_are_put_in_force_once_and_on_the_version_that_was_read(officer: Actor) -> None:
    new = draft(officer)
    tried = RoundFactory(criteria=new, is_trial=True, solved=True)
    with pytest.raises(StaleRecord):
        enforce(officer, new, tried, expected_version=new.version + 1)
    new.refresh_from_db()
    enforce(officer, new, tried)

    with pytest.raises(NotAllowed, match="già in vigore"):
        enforce(officer, new, tried)


def test_officer_of_another_province_puts_nothing_in_force(officer: Actor) -> None:
    new = draft(officer)

    with pytest.raises(NotAllowed):
        enforce(
            actor_for_role("prefecture_officer", "VI"),
            new,
            RoundFactory(criteria=new, is_trial=True, solved=True),
        )


@pytest.mark.parametrize("what", ["citizenship", "religion", "language", "sex"])
def test_protected_characteristics_cannot_be_weighed(officer: Actor, what: str) -> None:
    with pytest.raises(NotLawful, match=what):
        draft(officer, weights={**DEFAULT_WEIGHTS, what: 10})


@pytest.mark.parametrize(
    "act", [services.Act("Prefettura", "7"), services.Act("Prefettura", "7", TODAY + timedelta(days=1))]
)
def test_act_has_number_and_a_day_that_has_come(officer: Actor, act: services.Act) -> None:
    with pytest.raises(IncompleteAct):
        draft(officer, act=act)


@pytest.mark.usefixtures("today")
def test_trial_is_solved_with_the_draft_and_nothing_of_it_can_be_decided() -> None:
    scene = make_scene()
    CriteriaFactory()
    new = draft(scene.officer, today=clock.today())
    tried = services.try_criteria(actor=scene.officer, criteria=new, window_days=90, today=clock.today())

    solve_round.call(tried.pk, scene.officer.grant_key)

    entry = Round.objects.get(pk=tried.pk).entries.get()
    assert (entry.outcome, entry.dwelling) == (Outcome.PROPOSED, scene.home)
    assert "prova di criteri" in may_set_aside(scene.officer, entry).reason
    assert open_suggestion(scene.household) is None


@pytest.mark.usefixtures("today")
def test_two_rounds_say_who_gains_who_loses_and_who_moves() -> None:
    scene = make_scene()
    homes = [scene.home, DwellingFactory(beds=1, building=scene.home.building)]
    gains, loses, moves, keeps = [
        make_leaving(officer=scene.officer, carer=scene.carer).stay.person.household for _number in range(4)
    ]
    before = RoundFactory(criteria=CriteriaFactory(), solved=True)
    after = RoundFactory(criteria=before.criteria, solved=True)
    told = {
        gains: (None, homes[0]),
        loses: (homes[0], None),
        moves: (homes[0], homes[1]),
        keeps: (homes[1], homes[1]),
    }
    for household, both in told.items():
        for round_, home in zip((before, after), both, strict=True):
            outcome = Outcome.PROPOSED if home else Outcome.NOT_HOUSED
            RoundEntryFactory(round=round_, household=household, dwelling=home, outcome=outcome)
    RoundEntryFactory(round=after, household=scene.household, dwelling=None, outcome=Outcome.NOT_HOUSED)

    found = compare_rounds(before, after)

    assert [one.household_id for one in found.added] == [gains.pk]
    assert [one.household_id for one in found.removed] == [loses.pk]
    assert [(one.before, one.after) for one in found.moved] == [(homes[0], homes[1])]
    assert (found.kept, found.gone, found.new) == (1, 0, 1)


@pytest.mark.usefixtures("today")
def test_page_of_the_criteria_keeps_a_draft_and_asks_for_its_trial() -> None:
    client = client_as("prefecture_officer")
    CriteriaFactory()
    weights = {f"weight_{code}": str(points) for code, points in DEFAULT_WEIGHTS.items()}

    answer = client.post("/abbinamenti/criteri/PD/", {"title": "Nuovi", "window_days": "60", **weights})

    tried = Round.objects.get()
    assert answer.url == f"/abbinamenti/giro/{tried.public_id}/"
    assert (tried.is_trial, tried.window_days, tried.criteria.is_draft) == (True, 60, True)


def test_comparison_names_who_changes_and_leaves_a_trace() -> None:
    client = client_as("prefecture_officer")
    scene = make_scene(officer=client.actor)
    before = RoundFactory(criteria=CriteriaFactory(), solved=True)
    after = RoundFactory(criteria=draft(client.actor), solved=True, is_trial=True)
    RoundEntryFactory(round=before, household=scene.household, dwelling=None, outcome=Outcome.NOT_HOUSED)
    RoundEntryFactory(round=after, household=scene.household, dwelling=scene.home)

    shown = client.get(f"/abbinamenti/giro/{after.public_id}/confronto/").content.decode()

    assert scene.person.display_name in shown
    assert "Metti in vigore questi criteri" in shown
    (event,) = AuditEvent.objects.filter(verb="rounds_compared")
    assert [one.person for one in event.subjects.all()] == [scene.person.public_id]


def test_officer_of_another_prefecture_finds_no_comparison() -> None:
    after = RoundFactory(criteria=CriteriaFactory(), solved=True)

    answer = client_as("prefecture_officer", province="VI").get(
        f"/abbinamenti/giro/{after.public_id}/confronto/"
    )

    assert answer.status_code == 404
