from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ali.accounts import roles
from ali.housing.models import Bed, Dwelling
from ali.housing.queries import (
    bodies_that_host,
    capacity_reading,
    costs_of,
    free_homes,
    map_points,
    rooms_view,
)
from ali.housing.states import Mode
from ali.organisations.models import Organisation
from ali.rules.models import Rule
from tests.factories.housing import BuildingFactory, DwellingFactory, OccupancyFactory, RoomFactory
from tests.factories.organisations import OrganisationFactory, actor_for_role
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db


def _beds(home: Dwelling) -> list[Bed]:
    return list(Bed.objects.filter(room__dwelling=home).order_by("pk"))


def test_free_homes_tell_beds_days_costs_and_who_lives_there(today: date) -> None:
    home = DwellingFactory(beds=3)
    OccupancyFactory(bed=_beds(home)[0], person=PersonFactory(), expected=True)
    OccupancyFactory(bed=_beds(home)[1])
    DwellingFactory(building=BuildingFactory(town="Vicenza"))

    (free,) = free_homes(province="PD", today=today, days=90)

    assert (free.dwelling, free.free_beds, free.sure_beds, free.total_beds, free.people) == (home, 2, 1, 3, 2)
    assert (free.free_from, free.is_sure, free.monthly_cents) == (home.available_on, True, 27_000)
    assert free.present_sexes == {"M", "?"}
    assert (free.capacity.people, free.capacity.binding) == (4, "bedrooms")


def test_free_homes_take_the_same_queries_for_many(today: date, django_assert_num_queries: Any) -> None:
    DwellingFactory()
    with django_assert_num_queries(6):
        free_homes(province="PD", today=today, days=90)
    for _number in range(5):
        DwellingFactory(beds=4)

    with django_assert_num_queries(6):
        assert len(free_homes(province="PD", today=today, days=90)) == 6


def test_free_homes_of_an_actor_are_those_the_actor_sees(today: date) -> None:
    actor = actor_for_role(roles.HOUSING_MANAGER.code)
    own = DwellingFactory(manager=Organisation.objects.get(pk=actor.organisation_id))
    DwellingFactory()

    assert [home.dwelling for home in free_homes(province="PD", today=today, days=0, actor=actor)] == [own]


def test_expected_end_that_has_passed_still_counts_a_person(today: date) -> None:
    home = DwellingFactory(beds=1)
    OccupancyFactory(bed=_beds(home)[0], starts_on=date(2025, 1, 1), ends_on=date(2026, 2, 1))

    reading = capacity_reading(home, today)

    assert reading.people == 1


def test_capacity_uses_the_rule_of_the_municipality_and_blocks_where_it_says_so(today: date) -> None:
    here, elsewhere = DwellingFactory(), DwellingFactory(building=BuildingFactory(town="Cadoneghe"))
    shared = {"valid_from": date(2020, 1, 1), "source": "Regolamento edilizio", "sentence": "prova"}
    national = capacity_reading(here, today).rule
    Rule.objects.create(code="housing.standard", value=national.value, **shared)
    Rule.objects.create(
        code="housing.standard",
        value={**national.value, "double_bedroom": 16},
        municipality_id="028060",
        **shared,
    )
    Rule.objects.create(code="housing.capacity_blocks", value=True, municipality_id="028060", **shared)

    assert (
        capacity_reading(here, today).capacity.people,
        capacity_reading(elsewhere, today).capacity.people,
    ) == (1, 2)
    assert capacity_reading(here, today).capacity.blocks_above == 1
    assert capacity_reading(elsewhere, today).capacity.blocks_above is None


def test_rooms_not_measured_yet_limit_nothing(today: date) -> None:
    assert capacity_reading(DwellingFactory(beds=0), today).capacity.binding == "area"


def test_costs_of_a_bed_are_times_the_persons_and_of_a_whole_home_once() -> None:
    bed, whole = DwellingFactory(), DwellingFactory(mode=Mode.WHOLE)

    assert (costs_of(bed).entry, costs_of(bed).monthly_with_utilities) == (90_000, 31_500)
    assert costs_of(bed, shares=2).monthly == 54_000
    assert costs_of(whole, shares=2).monthly == 27_000


def test_names_are_shown_only_to_those_who_may_see_the_person(today: date) -> None:
    manager = actor_for_role(roles.HOUSING_MANAGER.code)
    centre = OrganisationFactory()
    worker = actor_for_role(roles.CENTRE_OPERATOR.code, organisation=centre)
    tenant = PersonFactory(carer=centre, surname="Visibile")
    home = DwellingFactory(beds=1)
    OccupancyFactory(bed=_beds(home)[0], person=tenant)
    rule = capacity_reading(home, today).rule

    seen = {
        actor.role_code: [
            one.name
            for room in rooms_view(actor, home, rule, today)
            for bed in room.beds
            for one in bed.occupants
        ]
        for actor in (manager, worker)
    }

    assert seen == {"housing_manager": [""], "centre_operator": ["VISIBILE Nome"]}


def test_low_and_small_rooms_are_noted(today: date) -> None:
    home = DwellingFactory(beds=0)
    RoomFactory(dwelling=home, area_m2=Decimal("8.5"), height_m=Decimal("2.5"), window_m2=Decimal(1))
    rule = capacity_reading(home, today).rule

    (room,) = rooms_view(actor_for_role(roles.PREFECTURE_OFFICER.code), home, rule, today)

    assert room.notes == ("height", "window", "small")


def test_bathroom_may_be_lower_and_without_window(today: date) -> None:
    home = DwellingFactory(beds=0)
    shared = {"dwelling": home, "kind": "bathroom", "area_m2": Decimal(5), "window_m2": Decimal(0)}
    RoomFactory(height_m=Decimal("2.4"), **shared)
    RoomFactory(height_m=Decimal("2.3"), **shared)
    rule = capacity_reading(home, today).rule

    rooms = rooms_view(actor_for_role(roles.PREFECTURE_OFFICER.code), home, rule, today)

    assert [room.notes for room in rooms] == [(), ("height",)]


def test_body_that_also_runs_reception_is_a_conflict(today: date) -> None:
    agency, cooperative = (
        OrganisationFactory(housing_agency=True),
        OrganisationFactory(reception_manager=True),
    )

    assert bodies_that_host([agency.pk, cooperative.pk], today) == {cooperative.pk}


def test_map_has_one_point_for_each_building(today: date) -> None:
    building = BuildingFactory()
    DwellingFactory(building=building, beds=1, available_on=date(2026, 4, 1))
    free = DwellingFactory(building=building, beds=2)
    DwellingFactory(building=BuildingFactory(latitude=None, longitude=None, town="Cadoneghe"), beds=0)

    exact, vague = map_points(Dwelling.objects.values("pk"), today, 90)

    assert (exact.dwellings, exact.free_now, exact.free_soon, exact.dwelling) == (2, 2, 2, free.public_id)
    assert (exact.is_exact, vague.is_exact, vague.latitude) == (True, False, 45.45758)
