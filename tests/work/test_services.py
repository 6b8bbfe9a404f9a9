from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from ali.accounts import roles
from ali.audit.models import AuditEvent
from ali.core.decisions import NotAllowed, Refusal
from ali.core.models import StaleRecord
from ali.deadlines.models import Deadline
from ali.organisations.models import Organisation
from ali.people.models import Assignment, Person
from ali.people.states import Capacity
from ali.reception.states import GapState
from ali.work import services
from ali.work.gaps import income_gaps
from ali.work.models import Job, Means
from ali.work.queries import has_in_care, income_view, stable_income
from ali.work.services import JobFacts, MeansFacts
from ali.work.states import JobKind
from tests.factories.organisations import OrganisationFactory, actor_for_role
from tests.factories.people import PersonFactory, follow, make_family
from tests.factories.work import JobFactory, MeansFactory

pytestmark = pytest.mark.django_db
WAITER = JobFacts(kind=JobKind.PERMANENT, net_monthly_cents=91_357, starts_on=date(2026, 1, 1))


def _followed(role: str = roles.CENTRE_OPERATOR.code) -> tuple[Any, Any]:
    actor = actor_for_role(role)
    return actor, PersonFactory(carer=Organisation.objects.get(pk=actor.organisation_id))


def test_job_is_stated_audited_without_amounts_and_counts(today: date) -> None:
    actor, person = _followed()

    job = services.state_job(actor=actor, person=person, facts=WAITER, today=today)

    event = AuditEvent.objects.get(verb="job_stated")
    assert event.details == {"kind": "permanent"}
    assert [subject.person for subject in event.subjects.all()] == [person.public_id]
    assert stable_income([person.pk], today) == {person.pk: 91_357}
    assert Job.objects.visible_to(actor).get() == job


@pytest.mark.parametrize("role", [roles.PREFECTURE_OFFICER, roles.HOUSING_MANAGER, roles.ADMINISTRATOR])
def test_only_those_who_have_the_person_in_care_state_income(role: roles.Role, today: date) -> None:
    actor = actor_for_role(role.code)
    person = PersonFactory(prefecture=Organisation.objects.get(pk=actor.organisation_id))

    with pytest.raises(NotAllowed):
        services.state_job(actor=actor, person=person, facts=WAITER, today=today)
    with pytest.raises(NotAllowed):
        services.state_means(
            actor=actor, person=person, facts=MeansFacts(), expected_version=None, today=today
        )


def test_operator_of_another_body_may_not_state_income(today: date) -> None:
    actor = actor_for_role(roles.CENTRE_OPERATOR.code)

    with pytest.raises(NotAllowed, match="carico"):
        services.state_job(actor=actor, person=PersonFactory(), facts=WAITER, today=today)


def test_job_cannot_end_before_it_starts(today: date) -> None:
    actor, person = _followed()
    facts = JobFacts(kind="seasonal", net_monthly_cents=1, starts_on=today, ends_on=today - timedelta(days=1))

    with pytest.raises(Refusal, match="prima di cominciare"):
        services.state_job(actor=actor, person=person, facts=facts, today=today)


def test_job_changed_by_two_people_is_not_overwritten(today: date) -> None:
    actor, person = _followed()
    job = services.state_job(actor=actor, person=person, facts=WAITER, today=today)
    services.change_job(actor=actor, job=job, facts=WAITER, expected_version=1, today=today)

    with pytest.raises(StaleRecord):
        services.change_job(actor=actor, job=job, facts=WAITER, expected_version=1, today=today)
    with pytest.raises(StaleRecord):
        services.remove_job(actor=actor, job=job, expected_version=1, today=today)
    services.remove_job(actor=actor, job=job, expected_version=2, today=today)
    assert not Job.objects.exists()


def test_end_of_a_job_is_on_the_board_of_the_carer_alone(today: date) -> None:
    actor, person = _followed()
    follow(person, OrganisationFactory(prefecture=True), Capacity.PREFECTURE)
    ends_on = today + timedelta(days=80)

    job = services.state_job(actor=actor, person=person, facts=replace(WAITER, ends_on=ends_on), today=today)
    due = Deadline.objects.get()
    assert (due.organisation_id, due.due_on, due.kind) == (actor.organisation_id, ends_on, "job")
    services.change_job(actor=actor, job=job, facts=WAITER, expected_version=1, today=today)
    assert not Deadline.objects.exists()


def test_means_are_stated_once_and_then_changed(today: date) -> None:
    actor, person = _followed()

    means = services.state_means(
        actor=actor, person=person, facts=MeansFacts(savings_cents=5), expected_version=None, today=today
    )
    with pytest.raises(StaleRecord):
        services.state_means(
            actor=actor, person=person, facts=MeansFacts(), expected_version=None, today=today
        )
    services.state_means(
        actor=actor,
        person=person,
        facts=MeansFacts(savings_cents=7),
        expected_version=means.version,
        today=today,
    )

    assert Means.objects.get().savings_cents == 7
    assert AuditEvent.objects.filter(verb="means_stated", details={}).count() == 2


@pytest.mark.parametrize(
    ("cents", "state"),
    [(0, GapState.MISSING), (60_000, GapState.MISSING), (80_000, GapState.PARTIAL), (115_000, GapState.OK)],
)
def test_income_gap_is_the_band_against_the_reference_home(cents: int, state: GapState, today: date) -> None:
    person = PersonFactory()
    if cents:
        JobFactory(person=person, net_monthly_cents=cents)

    assert income_gaps([person.pk], today) == {person.pk: state}


def test_income_gap_of_a_child_is_the_one_of_the_family(today: date) -> None:
    father, mother, child = make_family(children=1)
    JobFactory(person=father, net_monthly_cents=100_000)
    JobFactory(person=mother, net_monthly_cents=80_000)

    gaps = income_gaps([child.pk, father.pk], today)

    # 270 + 2 x 120 = 510 euros, 28.3% of 1,800
    assert gaps == {child.pk: GapState.OK, father.pk: GapState.OK}


def test_income_gaps_take_the_same_queries_for_many(today: date, django_assert_num_queries: Any) -> None:
    first, *others = [JobFactory().person for _number in range(6)]
    income_gaps([first.pk], today)

    with django_assert_num_queries(8):
        income_gaps([first.pk], today)
    with django_assert_num_queries(8):
        found = income_gaps([first.pk, *(person.pk for person in others)], today)

    assert len(found) == 6


def test_prefecture_gets_the_band_alone(today: date) -> None:
    officer = actor_for_role(roles.PREFECTURE_OFFICER.code)
    person = PersonFactory(prefecture=Organisation.objects.get(pk=officer.organisation_id))
    JobFactory(person=person)
    MeansFactory(person=person)

    view = income_view(officer, person, today, members=[], province=None)

    assert (view.jobs, view.means, view.stable_cents) == ((), None, None)
    assert view.band == "green"
    assert not view.may_state


def test_housing_body_reads_amounts_only_while_it_has_a_proposal(today: date) -> None:
    manager = actor_for_role(roles.HOUSING_MANAGER.code)
    job = JobFactory()
    body = Organisation.objects.get(pk=manager.organisation_id)

    assert not Job.objects.visible_to(manager).exists()
    follow(job.person, body, Capacity.HOUSING)
    assert list(Job.objects.visible_to(manager)) == [job]
    view = income_view(manager, job.person, today, members=[], province=None)
    assert (view.stable_cents, view.may_state) == (115_000, False)
    Assignment.objects.filter(organisation=body).update(ends_on=today - timedelta(days=1))
    assert not Job.objects.visible_to(manager).exists()


def test_former_body_sees_the_file_and_no_amount(today: date) -> None:
    former, present = OrganisationFactory(), OrganisationFactory()
    job = JobFactory(person=PersonFactory(carer=former))
    follow(job.person, present)
    Assignment.objects.filter(organisation=former).update(ends_on=today + timedelta(days=300))
    worker, of_present = (
        actor_for_role(roles.CENTRE_OPERATOR.code, organisation=body) for body in (former, present)
    )

    assert Person.objects.visible_to(worker).exists()
    assert not Job.objects.visible_to(worker).exists()
    assert not has_in_care(worker, job.person, today)
    assert list(Job.objects.visible_to(of_present)) == [job]
    Assignment.objects.filter(organisation=present).update(ends_on=today + timedelta(days=365))
    assert list(Job.objects.visible_to(of_present)) == [job]
    assert not Job.objects.visible_to(worker).exists()


def test_a_body_that_hosts_and_houses_reads_by_the_job_of_each_role(today: date) -> None:
    body = OrganisationFactory(housing_agency=True)
    in_care, proposed = JobFactory(person=PersonFactory(carer=body)), JobFactory()
    follow(proposed.person, body, Capacity.HOUSING)

    manager = actor_for_role(roles.HOUSING_MANAGER.code, organisation=body)
    worker = actor_for_role(roles.CENTRE_OPERATOR.code, organisation=body)

    assert list(Job.objects.visible_to(manager)) == [proposed]
    assert not income_view(manager, in_care.person, today, members=[], province=None).may_read_amounts
    assert list(Job.objects.visible_to(worker)) == [in_care]


def test_reserved_person_keeps_amounts_for_case_workers(today: date) -> None:
    body, agency = OrganisationFactory(), OrganisationFactory(housing_agency=True)
    person = PersonFactory(carer=body, reserved=True)
    follow(person, agency, Capacity.HOUSING)
    job = JobFactory(person=person)

    worker = actor_for_role(roles.CENTRE_OPERATOR.code, organisation=body)
    manager = actor_for_role(roles.HOUSING_MANAGER.code, organisation=agency)

    assert list(Job.objects.visible_to(worker)) == [job]
    assert has_in_care(worker, person, today)
    assert not Job.objects.visible_to(manager).exists()
