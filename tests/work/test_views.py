from typing import Any

import pytest

from ali.accounts import roles
from ali.audit.models import AuditEvent
from ali.organisations.models import Organisation
from ali.people.states import Capacity
from ali.work.models import Job, Means
from tests.clients import RoleClient, once
from tests.factories.people import PersonFactory, follow
from tests.factories.work import JobFactory, MeansFactory

pytestmark = pytest.mark.django_db
WAITER = {"kind": "permanent", "net_monthly_cents": "1.150,50", "starts_on": "2026-01-01"}


def _followed(client: RoleClient) -> Any:
    return PersonFactory(carer=Organisation.objects.get(pk=client.actor.organisation_id))


def test_case_worker_states_a_job(client_as: Any, today: Any) -> None:
    client = client_as(roles.CENTRE_OPERATOR.code)
    person = _followed(client)
    url = f"/lavoro/persona/{person.public_id}/nuovo/"

    assert client.get(url).status_code == 200
    answer = client.post(url, {**WAITER, **once()})

    assert answer.status_code == 302
    assert Job.objects.get(person=person).net_monthly_cents == 115_050


def test_wrong_job_comes_back_with_what_was_typed(client_as: Any, today: Any) -> None:
    client = client_as(roles.CENTRE_OPERATOR.code)
    person = _followed(client)

    answer = client.post(
        f"/lavoro/persona/{person.public_id}/nuovo/",
        {**WAITER, "net_monthly_cents": "-5", "ends_on": "2025-01-01", **once()},
    )

    assert answer.status_code == 422
    assert "L&#x27;importo non può essere negativo." in answer.text
    assert 'value="-5"' in answer.text
    assert not Job.objects.exists()


def test_changed_job_needs_the_version_it_was_opened_on(client_as: Any, today: Any) -> None:
    client = client_as(roles.CENTRE_OPERATOR.code)
    job = JobFactory(person=_followed(client))
    url = f"/lavoro/{job.public_id}/"

    assert "1150" in client.get(url).text
    assert client.post(url, {**WAITER, "version": "1", **once()}).status_code == 302
    answer = client.post(url, {**WAITER, "version": "1", **once()})

    assert answer.status_code == 422
    assert "Qualcun altro" in answer.text
    assert AuditEvent.objects.filter(verb="income_read").count() == 2


def test_means_are_written_and_changed(client_as: Any, today: Any) -> None:
    client = client_as(roles.CENTRE_OPERATOR.code)
    person = _followed(client)
    url = f"/lavoro/persona/{person.public_id}/mezzi/"

    client.post(url, {"savings_cents": "400", **once()})
    client.post(url, {"savings_cents": "500", "version": "1", **once()})

    assert Means.objects.get(person=person).savings_cents == 50_000


def test_housing_body_with_a_proposal_does_not_find_the_forms(client_as: Any, today: Any) -> None:
    client = client_as(roles.HOUSING_MANAGER.code)
    means = MeansFactory()
    follow(means.person, Organisation.objects.get(pk=client.actor.organisation_id), Capacity.HOUSING)

    assert client.get(f"/lavoro/persona/{means.person.public_id}/mezzi/").status_code == 403


def test_operator_of_another_body_finds_nothing(client_as: Any, today: Any) -> None:
    client = client_as(roles.CENTRE_OPERATOR.code)
    job = JobFactory()

    assert client.get(f"/lavoro/{job.public_id}/").status_code == 404
    assert client.get(f"/lavoro/persona/{job.person.public_id}/nuovo/").status_code == 404
