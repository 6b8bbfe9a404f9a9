from datetime import date, timedelta

import pytest

from ali.accounts import roles
from ali.places.models import Province
from ali.reception.gaps import refresh_gaps
from ali.reception.models import Centre, Exit
from ali.reception.queries import centre_file, countable_exits, exits_by_week, free_places, gap_items
from ali.reception.readiness import permit_gap
from ali.reception.states import GapState
from tests.factories.organisations import OrganisationFactory, actor_for_role
from tests.factories.people import PermitFactory, PersonFactory, SpokenLanguageFactory
from tests.factories.places import municipality
from tests.factories.reception import ArrivalFactory, CentreFactory, ExitFactory, StayFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def stopped(clock):
    clock(TODAY)


@pytest.fixture
def prefecture():
    return OrganisationFactory(prefecture=True)


@pytest.fixture
def officer(prefecture):
    return actor_for_role(roles.PREFECTURE_OFFICER.code, organisation=prefecture)


def test_places_free_themselves_with_confirmed_exits_and_fill_with_announced_arrivals(officer, prefecture):
    centre = CentreFactory(places=10, unavailable_places=1)
    for _number in range(5):
        StayFactory(centre=centre)
    StayFactory(centre=centre, ended=True)
    ExitFactory(centre=centre, communicated=True, leaves_on=TODAY + timedelta(days=20))
    ExitFactory(centre=centre, notified=True, leaves_on=TODAY + timedelta(days=50))
    ExitFactory(centre=centre, proposed=True, leaves_on=TODAY + timedelta(days=5))
    ArrivalFactory(centre=centre, expected_on=TODAY + timedelta(days=70), persons=4)

    places = free_places(officer, TODAY)[0]

    assert places.present == 8
    assert [places.free_now, places.free_30, places.free_60, places.free_90] == [1, 2, 3, -1]


def test_reserved_person_is_in_no_count_of_places(officer):
    centre = CentreFactory(places=10, unavailable_places=1)
    StayFactory(centre=centre, person=PersonFactory(reserved=True, carer=centre.manager))

    places = free_places(officer, TODAY)[0]

    assert (places.present, places.free_now) == (0, 9)


def test_closing_centre_has_no_place_to_give(officer):
    centre = CentreFactory(places=10, closing=True)
    StayFactory(centre=centre)

    places = free_places(officer, TODAY)[0]

    assert [places.free_30, places.free_60] == [9, -1]


def test_manager_sees_own_centres_and_officer_those_of_the_province(officer):
    own, other = CentreFactory(), CentreFactory()
    vicenza = CentreFactory(municipality=municipality("Vicenza"))
    operator = actor_for_role(roles.CENTRE_OPERATOR.code, organisation=own.manager)

    assert [one.centre for one in free_places(operator, TODAY)] == [own]
    assert {one.centre for one in free_places(officer, TODAY)} == {own, other}
    assert vicenza not in {one.centre for one in free_places(officer, TODAY)}
    assert free_places(actor_for_role(roles.HOUSING_MANAGER.code), TODAY) == []


def test_free_places_cost_the_same_for_many_centres(officer, django_assert_num_queries):
    for _number in range(6):
        ExitFactory(centre=CentreFactory(), communicated=True)

    with django_assert_num_queries(6):
        assert len(free_places(officer, TODAY)) == 6


def test_exits_are_counted_week_by_week(officer, prefecture, django_assert_num_queries):
    shared = {"centre": CentreFactory(), "prefecture": prefecture}
    ExitFactory(communicated=True, leaves_on=TODAY, **shared)
    ExitFactory(communicated=True, found_alone=True, leaves_on=TODAY + timedelta(days=6), **shared)
    ExitFactory(proposed=True, leaves_on=TODAY + timedelta(days=7), **shared)
    ExitFactory(**shared)
    ExitFactory(beyond=True, **shared)
    ExitFactory(communicated=True, leaves_on=TODAY + timedelta(days=300), **shared)
    ExitFactory(done=True, **shared)
    ExitFactory(communicated=True)

    with django_assert_num_queries(1):
        picture = exits_by_week(officer, TODAY, 13)

    first, second = picture.weeks[:2]
    assert (first.dated_with, first.dated_without, first.total) == (1, 1, 2)
    assert (second.expected_without, second.total) == (1, 1)
    assert (picture.overdue, picture.undated, picture.later) == (1, 1, 1)


def test_role_of_counts_alone_counts_its_provinces_without_reserved_persons():
    project = actor_for_role(roles.PROJECT_MANAGER.code)
    counted = ExitFactory(communicated=True)
    ExitFactory(centre=CentreFactory(municipality=municipality("Vicenza")))
    centre = CentreFactory()
    ExitFactory(stay=StayFactory(centre=centre, person=PersonFactory(reserved=True, carer=centre.manager)))

    assert countable_exits(project).get() == counted
    assert not Exit.objects.visible_to(project).exists()
    assert not countable_exits(actor_for_role(roles.DATA_PROTECTION_OFFICER.code)).exists()


def test_counts_of_a_role_and_of_its_home_page_are_one_also_where_a_prefecture_has_two_provinces():
    project = actor_for_role(roles.PROJECT_MANAGER.code)
    Province.objects.filter(code="VI").update(prefecture="PD")
    elsewhere = ExitFactory(centre=CentreFactory(municipality=municipality("Vicenza")))

    assert countable_exits(project).get() == elsewhere
    assert Exit.objects.counted_for(project).get() == elsewhere


def test_centre_file_shows_those_whom_the_actor_sees(officer, prefecture):
    centre = CentreFactory()
    seen = ExitFactory(centre=centre, prefecture=prefecture)
    StayFactory(centre=centre)
    ArrivalFactory(centre=centre)

    found = centre_file(officer, centre, TODAY)

    assert [stay.person for stay in found.stays] == [seen.person]
    assert found.exits == {seen.person_id: seen}
    assert len(found.arrivals) == 1


@pytest.mark.parametrize(
    ("permit", "gap"),
    [
        ({}, GapState.OK),
        ({"printing": True}, GapState.PARTIAL),
        ({"renewing": True}, GapState.PARTIAL),
        ({"expiring": True}, GapState.PARTIAL),
        ({"expired": True}, GapState.MISSING),
        ({"kind": "RA"}, GapState.PARTIAL),
        ({"state": "revoked"}, GapState.MISSING),
        ({"expires_on": None}, GapState.OK),
    ],
)
def test_papers_are_what_the_permit_says(permit, gap):
    assert permit_gap(PermitFactory(**permit), TODAY, 60) == gap


def test_gaps_come_from_papers_language_home_and_ties(officer, prefecture):
    from ali.pathways.models import Tie

    leaving = ExitFactory(prefecture=prefecture, found_alone=True)
    PermitFactory(person=leaving.person)
    SpokenLanguageFactory(person=leaving.person, level="A0")
    Tie.objects.create(person=leaving.person, kind="friend")

    refresh_gaps([leaving.person_id], today=TODAY)

    leaving.refresh_from_db()
    states = {item["kind"]: item["state"] for item in gap_items(leaving)}
    assert {kind: states[kind] for kind in ("papers", "language", "home", "network")} == {
        "papers": "ok",
        "language": "missing",
        "home": "ok",
        "network": "partial",
    }


def test_nothing_written_is_unknown_and_a_case_without_permit_is_missing():
    unknown = ExitFactory()
    waiting = ExitFactory(stay=StayFactory(person=PersonFactory(refused=True)))
    refresh_gaps([unknown.person_id, waiting.person_id], today=TODAY)

    unknown.refresh_from_db()
    waiting.refresh_from_db()
    assert (unknown.gap_papers, unknown.gap_language) == (GapState.UNKNOWN, GapState.UNKNOWN)
    assert waiting.gap_papers == GapState.MISSING


def test_closed_centre_is_in_use_while_somebody_is_there():
    past = TODAY - timedelta(days=1)
    CentreFactory(closes_on=past)
    inhabited = CentreFactory(closes_on=past)
    StayFactory(centre=inhabited)
    StayFactory(centre=CentreFactory(closes_on=past), ended=True)

    assert Centre.objects.in_use(TODAY).get() == inhabited
