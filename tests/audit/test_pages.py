from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from ali.audit import services as audit
from ali.audit.models import AuditEvent
from ali.core import clock
from ali.desk.audit_log import events_visible_to
from ali.organisations.models import Organisation
from ali.people.states import Capacity
from tests.clients import ClientAs, RoleClient
from tests.factories.organisations import OrganisationFactory, actor_for_role
from tests.factories.people import PersonFactory, follow

pytestmark = pytest.mark.django_db
LOG = "/registro/"


def body_of(client: RoleClient) -> Organisation:
    return Organisation.objects.get(pk=client.actor.organisation_id)


def rows(client: RoleClient, **query: str) -> str:
    """The table of the log alone: the filters name every verb."""
    text = client.get(LOG, query).content.decode()
    return text.split('<div id="results">')[1]


def test_log_shows_what_the_own_body_did_and_nothing_of_others(client_as: ClientAs) -> None:
    client = client_as("data_protection_officer")
    colleague = actor_for_role("prefecture_officer", organisation=body_of(client), full_name="Anna Collega")
    stranger = actor_for_role("centre_operator", full_name="Bruno Estraneo")
    audit.record(colleague, "solution_set")
    audit.record(stranger, "job_stated")

    shown = rows(client)

    assert "Anna Collega" in shown
    assert "ha indicato la soluzione" in shown
    assert "Bruno Estraneo" not in shown


def test_reading_the_log_is_in_the_log(client_as: ClientAs) -> None:
    client = client_as("data_protection_officer")

    client.get(LOG)

    event = AuditEvent.objects.get(verb="audit_log_read")
    assert (event.user_id, event.is_read) == (client.user.pk, True)


def test_log_is_filtered_by_day_verb_kind_and_user(client_as: ClientAs) -> None:
    client = client_as("data_protection_officer")
    colleague = actor_for_role("prefecture_officer", organisation=body_of(client), full_name="Anna Collega")
    audit.record(colleague, "solution_set")
    audit.record_read(colleague, "exit_list_read")
    user = AuditEvent.objects.get(verb="solution_set").user_id

    assert "ha letto l'elenco" not in rows(client, verb="solution_set").replace("&#x27;", "'")
    assert "ha indicato la soluzione" not in rows(client, kind="read")
    assert "Anna Collega" not in rows(client, day=f"{clock.today() - timedelta(days=1)}")
    assert "Anna Collega" in rows(client, day=f"{clock.today()}")
    assert "Anna Collega" not in rows(client, user=str(client.user.public_id))
    assert user is not None


@pytest.mark.parametrize("query", [{"day": "ieri"}, {"verb": "x"}, {"user": "1"}, {"page": "zero"}])
def test_wrong_filter_asks_nothing(client_as: ClientAs, query: dict[str, str]) -> None:
    assert client_as("data_protection_officer").get(LOG, query).status_code == 200


def test_event_about_a_reserved_person_alone_is_hidden(client_as: ClientAs) -> None:
    client = client_as("data_protection_officer")
    officer = actor_for_role("prefecture_officer", organisation=body_of(client))
    reserved = PersonFactory(reserved=True)
    audit.record(officer, "person_changed", reserved, persons=[reserved.public_id])

    assert "ha modificato una scheda" not in rows(client)


def test_list_with_a_reserved_person_counts_only_the_others(client_as: ClientAs) -> None:
    client = client_as("data_protection_officer")
    officer = actor_for_role("prefecture_officer", organisation=body_of(client))
    people = [PersonFactory(), PersonFactory(), PersonFactory(reserved=True)]
    audit.record_read(officer, "exit_list_read", persons=[one.public_id for one in people])

    assert "2 persone" in rows(client)


def test_body_that_has_the_reserved_person_in_its_care_sees_its_own_events() -> None:
    body = OrganisationFactory(reception_manager=True)
    officer = actor_for_role("data_protection_officer", organisation=body)
    operator = actor_for_role("centre_operator", organisation=body)
    reserved = PersonFactory(reserved=True, carer=body)
    audit.record(operator, "person_changed", reserved, persons=[reserved.public_id])

    assert events_visible_to(officer).filter(verb="person_changed").count() == 1


@pytest.mark.parametrize("role", ["prefecture_officer", "centre_operator", "administrator"])
def test_other_roles_see_no_event(role: str) -> None:
    actor = actor_for_role(role)
    audit.record(actor, "solution_set")

    assert not events_visible_to(actor).exists()


def test_log_of_many_events_asks_the_same_statements(
    client_as: ClientAs, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_as("data_protection_officer")
    for _ in range(60):
        audit.record(client.actor, "solution_set", persons=[PersonFactory().public_id])

    with django_assert_max_num_queries(18):
        text = client.get(LOG).content.decode()

    assert "?page=2" in text


# Who has read this file ------------------------------------------------------------------------------------------------


def readers(client: RoleClient, person: object) -> tuple[int, str]:
    answer = client.get(reverse("log:person_readers", args=[person.public_id]))  # type: ignore[attr-defined]  # a person
    return answer.status_code, answer.content.decode()


def test_case_worker_reads_who_opened_the_file_with_strangers_unnamed(client_as: ClientAs) -> None:
    client = client_as("centre_operator")
    person = PersonFactory(carer=body_of(client))
    colleague = actor_for_role("centre_coordinator", organisation=body_of(client), full_name="Anna Collega")
    stranger = actor_for_role("housing_manager", full_name="Bruno Estraneo")
    audit.record_read(colleague, "person_read", person, persons=[person.public_id])
    audit.record_read(stranger, "proposal_read", persons=[person.public_id])

    status, text = readers(client, person)

    assert status == 200
    assert "Anna Collega" in text
    assert "Bruno Estraneo" not in text
    assert stranger.organisation_name in text
    assert person.display_name in text


def test_reading_who_read_is_itself_recorded(client_as: ClientAs) -> None:
    client = client_as("centre_operator")
    person = PersonFactory(carer=body_of(client))

    readers(client, person)

    assert AuditEvent.objects.filter(verb="person_readers_read", subjects__person=person.public_id).exists()


def test_person_in_somebody_else_s_care_is_not_found(client_as: ClientAs) -> None:
    assert readers(client_as("centre_operator"), PersonFactory())[0] == 404
    assert readers(client_as("data_protection_officer"), PersonFactory())[0] == 404


def test_data_protection_officer_sees_the_readers_but_not_the_name(client_as: ClientAs) -> None:
    client = client_as("data_protection_officer")
    person = PersonFactory(surname="Segretissimo", prefecture=body_of(client))

    status, text = readers(client, person)

    assert status == 200
    assert "Segretissimo" not in text.casefold().title()


def test_reserved_person_is_not_found_by_who_may_not_know(client_as: ClientAs) -> None:
    client = client_as("data_protection_officer")
    person = PersonFactory(reserved=True)
    follow(person, body_of(client), Capacity.PREFECTURE)

    assert readers(client, person)[0] == 404


@pytest.mark.parametrize(
    "role", ["prefecture_officer", "housing_manager", "project_manager", "administrator"]
)
def test_other_roles_do_not_read_the_readers(client_as: ClientAs, role: str) -> None:
    client = client_as(role)
    person = PersonFactory(carer=body_of(client))

    assert readers(client, person)[0] == 403
