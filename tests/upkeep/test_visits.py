from datetime import date, timedelta
from typing import Any

import pytest

from ali.accounts import roles
from ali.accounts.models import User
from ali.audit.models import AuditEvent
from ali.core import clock
from ali.core.states import WrongState
from ali.deadlines.models import Deadline
from ali.organisations.models import Organisation
from ali.people.models import Person
from ali.upkeep import services
from ali.upkeep.models import Visit
from tests.clients import RoleClient
from tests.factories.organisations import actor_for_role
from tests.factories.people import PersonFactory
from tests.factories.upkeep import tenant_in, visit_for
from tests.housing.url_examples import home_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client_as: Any, today: date) -> RoleClient:
    client: RoleClient = client_as(roles.HOUSING_OPERATOR.code)
    return client


def record(client: RoleClient, visit: Visit, **found: Any) -> Visit:
    facts = {"done_on": clock.today(), "outcomes": ["well"], "note": "", **found}
    return services.record_visit(
        actor=client.actor,
        visit=visit,
        found=services.Found(**facts),
        expected_version=visit.version,
        now=clock.now(),
        today=clock.today(),
    )


def test_visit_is_on_the_board_of_who_goes_and_of_nobody_else(operator: RoleClient, client_as: Any) -> None:
    visit = visit_for(operator.actor)

    due = Deadline.objects.get(source=f"upkeep.visit:{visit.public_id}")
    assert due.user_id == operator.actor.user_id
    body = Organisation.objects.get(pk=operator.actor.organisation_id)
    accountant = client_as(roles.RENT_ACCOUNTANT.code, body)
    assert str(visit.public_id) not in accountant.get("/scadenze/").text


def test_visit_done_keeps_what_was_found_and_plans_the_one_that_follows(
    operator: RoleClient, today: date
) -> None:
    visit = visit_for(operator.actor, purpose="Nuovi inquilini")

    record(operator, visit, outcomes=["tension", "repair"], note="Rubinetto", next_on=today + timedelta(30))

    following = Visit.objects.get(follows=visit)
    assert following.planned_on == today + timedelta(30)
    assert list(following.persons.all()) == list(visit.persons.all())
    assert Deadline.objects.get(source=f"upkeep.visit:{visit.public_id}").done_at is not None
    page = operator.get(f"/manutenzioni/visite/{visit.public_id}/").text
    assert "tensione tra chi ci abita" in page
    assert "Rubinetto" in page


@pytest.mark.parametrize(
    ("found", "refusal"),
    [
        ({"done_on": date(2099, 1, 1)}, services.WrongVisit),
        ({"outcomes": []}, services.NothingSaid),
        ({"outcomes": ["inventato"]}, services.NothingSaid),
        ({"next_on": date(2020, 1, 1)}, services.WrongVisit),
    ],
)
def test_visit_that_cannot_be_is_refused(operator: RoleClient, found: Any, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        record(operator, visit_for(operator.actor), **found)


def test_visit_is_recorded_once(operator: RoleClient) -> None:
    visit = record(operator, visit_for(operator.actor))

    with pytest.raises(WrongState):
        record(operator, visit)


def test_reading_a_visit_leaves_a_trace_on_whom_it_concerns(operator: RoleClient) -> None:
    visit = visit_for(operator.actor)
    person = visit.persons.get()

    page = operator.get(f"/manutenzioni/visite/{visit.public_id}/")

    assert person.display_name in page.text
    event = AuditEvent.objects.filter(verb="home_diary_read").latest("pk")
    assert event.is_read
    assert event.subjects.filter(person=person.public_id).exists()


def test_visits_of_another_body_are_not_found(operator: RoleClient, client_as: Any) -> None:
    visit = visit_for(operator.actor)
    other = client_as(roles.HOUSING_MANAGER.code)

    assert other.get(f"/manutenzioni/visite/{visit.public_id}/").status_code == 404
    assert str(visit.public_id) not in other.get("/manutenzioni/visite/").text


@pytest.mark.parametrize("role", ["prefecture_officer", "municipal_officer", "rent_accountant"])
def test_prefecture_comune_and_accountant_read_no_visit(
    operator: RoleClient, client_as: Any, role: str
) -> None:
    visit = visit_for(operator.actor)
    body = Organisation.objects.get(pk=operator.actor.organisation_id)
    reader = client_as(role, body if role == "rent_accountant" else None)

    assert reader.get(f"/manutenzioni/visite/{visit.public_id}/").status_code == 403
    home = reader.get(f"/case/{visit.dwelling.public_id}/").text
    assert str(visit.public_id) not in home


def test_visit_about_somebody_reserved_is_for_who_may_know_them(operator: RoleClient) -> None:
    visit = visit_for(operator.actor)
    Person.objects.filter(pk__in=visit.persons.values("pk")).update(is_reserved=True)

    assert operator.get(f"/manutenzioni/visite/{visit.public_id}/").status_code == 404
    assert str(visit.public_id) not in operator.get("/manutenzioni/visite/").text
    assert str(visit.public_id) not in operator.get(f"/case/{visit.dwelling.public_id}/").text


def test_only_who_lives_there_and_only_a_colleague(operator: RoleClient) -> None:
    home = home_for(operator.actor)
    stranger = User.objects.get(pk=actor_for_role(roles.HOUSING_OPERATOR.code).user_id)

    with pytest.raises(services.WrongPlace):
        visit_for(operator.actor, home=home, persons=[PersonFactory(seen_by=operator.actor)])
    with pytest.raises(services.WrongVisit):
        visit_for(operator.actor, home=home, visitor=stranger)


def test_visit_moves_to_another_day_and_colleague(operator: RoleClient, client_as: Any, today: date) -> None:
    visit = visit_for(operator.actor)
    body = Organisation.objects.get(pk=operator.actor.organisation_id)
    colleague = client_as(roles.HOUSING_OPERATOR.code, body)
    sent = {
        "version": visit.version,
        "visitor": colleague.user.pk,
        "planned_on": (today + timedelta(7)).isoformat(),
    }

    operator.post(f"/manutenzioni/visite/{visit.public_id}/sposta/", sent)

    due = Deadline.objects.get(source=f"upkeep.visit:{visit.public_id}")
    assert (due.user_id, due.due_on) == (colleague.user.pk, today + timedelta(7))


def test_visit_is_planned_from_a_phone(operator: RoleClient, today: date) -> None:
    home = home_for(operator.actor)
    tenant = tenant_in(home)
    sent = {
        "visitor": operator.user.pk,
        "planned_on": today.isoformat(),
        "planned_at_time": "16:30",
        "persons": [tenant.pk],
    }

    answer = operator.post(f"/manutenzioni/visite/nuova/?casa={home.public_id}", sent)

    visit = Visit.objects.get()
    assert answer.headers["Location"].endswith(f"{visit.public_id}/")
    assert list(visit.persons.all()) == [tenant]
    assert "Prossima visita il" in operator.get(f"/case/{home.public_id}/").text
