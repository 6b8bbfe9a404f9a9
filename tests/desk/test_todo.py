"""What is to be done today: by role, few statements, and each number opens exactly its rows."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ali.allocation.models import BedHold
from ali.core import clock
from ali.desk.todo import EXIT_TASKS
from ali.housing.models import Bed
from ali.people.hooks import restart_clocks
from ali.reception.models import Exit
from ali.reception.states import GapState, Solution
from tests.clients import RoleClient
from tests.factories.allocation import make_scene
from tests.factories.reception import ExtensionFactory, exit_seen_by

pytestmark = pytest.mark.django_db


def lines(client: RoleClient) -> dict[str, int]:
    """The working list: address of each line, and its number."""
    return {line["href"].rsplit("=", 1)[1]: line["value"] for line in client.get("/").context["todo"]}


def in_days(days: int) -> Any:
    return clock.today() + timedelta(days=days)


@pytest.fixture
def busy(client_as: Any) -> RoleClient:
    """An officer with one exit of each kind."""
    officer: RoleClient = client_as("prefecture_officer")
    exit_seen_by(officer.actor, notified=True, leaves_on=in_days(10))
    exit_seen_by(officer.actor, notified=True, leaves_on=in_days(-3), solution=Solution.RELATIVES)
    exit_seen_by(officer.actor, communicated=True, leaves_on=in_days(40))
    exit_seen_by(officer.actor, proposed=True, leaves_on=in_days(50))
    exit_seen_by(
        officer.actor, notified=True, leaves_on=in_days(60), next_step="Chiamare", next_step_on=in_days(0)
    )
    late = exit_seen_by(officer.actor, notified=True, leaves_on=in_days(20), solution=Solution.RELATIVES)
    ExtensionFactory(exit=late)
    late.person.is_vulnerable = True
    late.person.save()
    return officer


def test_officer_finds_what_waits_for_the_office(busy: RoleClient) -> None:
    assert lines(busy) == {
        "urgent": 1, "passed": 1, "extension": 1, "notify": 1, "proposed": 1, "step": 1, "municipality": 1, "nobody": 6,
    }  # fmt: skip


@pytest.mark.parametrize("code", [task.code for task in EXIT_TASKS if task.code != "gaps"])
def test_each_number_opens_exactly_its_rows(busy: RoleClient, code: str) -> None:
    counted = lines(busy)[code]

    opened = busy.get("/uscite/", {"days": "all", "dating": "all", "todo": code})

    assert len(opened.context["rows"]) == counted


def test_operator_has_own_people_and_their_gaps(client_as: Any) -> None:
    operator = client_as("centre_operator")
    exit_seen_by(operator.actor, notified=True, leaves_on=in_days(20), gap_papers=GapState.MISSING)
    exit_seen_by(operator.actor, notified=True, leaves_on=in_days(20), gap_papers=GapState.PARTIAL)
    exit_seen_by(client_as("prefecture_officer").actor, communicated=True, leaves_on=in_days(5))

    assert lines(operator) == {"gaps": 1, "nobody": 2}
    rows = operator.get("/uscite/?days=all&dating=all&todo=gaps").context["rows"]
    assert [row.exit.gap_papers for row in rows] == [GapState.MISSING]


def test_centre_is_not_asked_to_notify(client_as: Any) -> None:
    operator = client_as("centre_operator")
    exit_seen_by(operator.actor, communicated=True)

    assert "notify" not in lines(operator)


def test_housing_manager_answers_visits_and_sees_dates_that_slip(client_as: Any) -> None:
    manager = client_as("housing_manager")
    proposal = make_scene(landlord=manager.actor).put_forward()
    hold = BedHold.objects.get(proposal=proposal)
    Bed.objects.filter(pk=hold.bed_id).update(free_from=proposal.starts_on + timedelta(days=9))
    proposal.visit_on = clock.now()
    proposal.save()

    found = lines(manager)

    assert found == {"home": 1, "slipped": 1, "visit": 1}
    for wait in found:
        assert len(manager.get("/abbinamenti/proposte/", {"wait": wait}).context["rows"]) == 1
    assert not manager.get("/abbinamenti/proposte/?wait=late").context["rows"]


def test_operator_opens_accepted_homes_with_the_household(client_as: Any) -> None:
    operator = client_as("centre_operator")
    make_scene(carer=operator.actor).accepted()

    found = lines(operator)

    assert found["household"] == 1
    assert len(operator.get("/abbinamenti/proposte/?wait=household").context["rows"]) == 1


@pytest.mark.parametrize(
    "role", ["prefecture_officer", "centre_operator", "centre_coordinator", "housing_manager"]
)
def test_home_asks_at_most_twelve_statements(client_as: Any, role: str) -> None:
    client = client_as(role)
    if role != "housing_manager":
        for _number in range(3):
            exit_seen_by(client.actor, communicated=True, leaves_on=in_days(5))
        restart_clocks(Exit.objects.values_list("person_id", flat=True), today=clock.today())
    client.get("/")

    with CaptureQueriesContext(connection) as captured:
        assert client.get("/").status_code == 200

    assert len(captured) <= 12


def test_days_passed_are_counted_apart(client_as: Any) -> None:
    officer = client_as("prefecture_officer")
    for days in (-2, -1, 5):
        leaving = exit_seen_by(officer.actor, notified=True, leaves_on=in_days(days))
        restart_clocks([leaving.person_id], today=clock.today())

    context = officer.get("/").context

    assert context["overdue"] == 2
    assert [row.days_left for row in context["deadlines"]] == [5]
