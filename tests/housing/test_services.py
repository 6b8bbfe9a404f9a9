from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.audit.models import AuditEvent
from ali.core.decisions import NotAllowed, Refusal
from ali.core.models import StaleRecord
from ali.housing import services
from ali.housing.models import Bed, Dwelling, Occupancy, Room
from ali.housing.services import BuildingFacts, DwellingFacts, RoomFacts
from ali.housing.states import DwellingState, Mode
from ali.organisations.models import Organisation
from tests.factories.housing import BuildingFactory, DwellingFactory, OccupancyFactory
from tests.factories.organisations import actor_for_role
from tests.factories.places import load_small_places

pytestmark = pytest.mark.django_db
FLAT = DwellingFacts(net_area_m2=Decimal(66), rent_cents=24_000, mode=Mode.MEN)
PLACE = BuildingFacts(municipality_id="028060", address="Via dell'Esempio 3")
ROOMS = [
    RoomFacts(kind="bedroom", area_m2=Decimal("14.2"), beds=2, label="Camera grande"),
    RoomFacts(kind="bedroom", area_m2=Decimal("9.5"), beds=1),
    RoomFacts(kind="kitchen", area_m2=Decimal(9)),
]


@pytest.fixture
def manager(today: date) -> Actor:
    load_small_places()
    return actor_for_role(roles.HOUSING_MANAGER.code)


def _own(manager: Actor, **kwargs: Any) -> Dwelling:
    return DwellingFactory(manager=Organisation.objects.get(pk=manager.organisation_id), **kwargs)


def _bed(home: Dwelling, number: int = 0) -> Bed:
    return (
        Bed.objects.select_related("room__dwelling__building")
        .filter(room__dwelling=home)
        .order_by("pk")[number]
    )


def _add(manager: Actor, today: date, **kwargs: Any) -> Dwelling:
    given = {"building": PLACE, "dwelling": FLAT, "rooms": ROOMS, "state": DwellingState.FREE, **kwargs}
    return services.add_home(actor=manager, today=today, **given)


def test_home_is_added_with_rooms_beds_and_dates(manager: Actor, today: date) -> None:
    home = _add(manager, today)

    assert home.manager_id == manager.organisation_id
    assert home.building.folded == " via dell esempio 3 padova"
    assert home.available_on == today
    assert list(Bed.objects.filter(room__dwelling=home).order_by("pk").values_list("label", "free_from")) == [
        ("Letto 1", today),
        ("Letto 2", today),
        ("Letto 3", today),
    ]
    assert AuditEvent.objects.get(verb="home_added").details == {"state": "free"}


def test_second_dwelling_goes_in_a_known_building(manager: Actor, today: date) -> None:
    first = _add(manager, today)

    second = _add(manager, today, building=first.building, rooms=[], state=DwellingState.FOUND)

    assert second.building == first.building
    assert second.available_on is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"rooms": []}, "almeno un letto"),
        ({"state": DwellingState.OCCUPIED}, "Una casa nuova"),
        ({"dwelling": replace(FLAT, net_area_m2=Decimal(0))}, "superficie"),
        ({"dwelling": replace(FLAT, rent_cents=-1)}, "negativi"),
        ({"dwelling": replace(FLAT, max_people=3)}, "quale atto"),
        ({"rooms": [RoomFacts(kind="bedroom", area_m2=Decimal(0))]}, "superficie"),
        ({"rooms": [RoomFacts(kind="bedroom", area_m2=Decimal(9), beds=21)]}, "20 letti"),
        ({"building": replace(PLACE, is_confiscated=True)}, "confiscato"),
        ({"building": replace(PLACE, transferred_to_municipality_on=date(2030, 1, 1))}, "avvenuti"),
        ({"building": replace(PLACE, assigned_on=date(2025, 1, 1))}, "dopo che il Comune"),
    ],
)
def test_impossible_home_is_refused_with_a_sentence(
    changes: dict[str, Any], sentence: str, manager: Actor, today: date
) -> None:
    with pytest.raises(Refusal, match=sentence):
        _add(manager, today, **changes)

    assert not Dwelling.objects.exists()


@pytest.mark.parametrize("role", [roles.PREFECTURE_OFFICER, roles.CENTRE_COORDINATOR])
def test_other_roles_do_not_add_homes(role: roles.Role, today: date) -> None:
    load_small_places()

    with pytest.raises(NotAllowed):
        _add(actor_for_role(role.code), today)


def test_manager_of_another_body_changes_nothing(manager: Actor, today: date) -> None:
    home = DwellingFactory()

    with pytest.raises(NotAllowed, match="altro ente"):
        services.set_rooms(actor=manager, home=home, rooms=ROOMS, expected_version=1, today=today)
    with pytest.raises(NotAllowed):
        services.take_step(
            actor=manager, home=home, verb="suspend", expected_version=1, today=today, reason="perché"
        )


def test_changed_ready_day_moves_the_beds(manager: Actor, today: date) -> None:
    home = _add(manager, today)

    services.change_home(
        actor=manager,
        home=home,
        building=replace(PLACE, has_lift=True),
        dwelling=replace(FLAT, available_on=date(2026, 6, 1), is_available_sure=False),
        expected_version=home.version,
        expected_building_version=home.building.version,
        today=today,
    )

    assert set(Bed.objects.values_list("free_from", "is_free_sure")) == {(date(2026, 6, 1), False)}
    assert list(
        AuditEvent.objects.filter(verb__endswith="_changed").order_by("pk").values_list("verb", flat=True)
    ) == [
        "building_changed",
        "home_changed",
    ]


def test_home_changed_by_two_people_is_not_overwritten(manager: Actor, today: date) -> None:
    home = _add(manager, today)

    with pytest.raises(StaleRecord):
        services.change_home(
            actor=manager,
            home=home,
            building=PLACE,
            dwelling=FLAT,
            expected_version=home.version - 1,
            expected_building_version=home.building.version,
            today=today,
        )


def test_rooms_grow_and_shrink_without_losing_a_bed_in_use(manager: Actor, today: date) -> None:
    home = _add(manager, today)
    large, small, kitchen = Room.objects.filter(dwelling=home).order_by("pk")
    OccupancyFactory(bed=_bed(home, 0))

    services.set_rooms(
        actor=manager,
        home=home,
        rooms=[replace(ROOMS[0], id=large.pk, beds=1), replace(ROOMS[1], id=small.pk, beds=2)],
        expected_version=home.version,
        today=today,
    )

    assert [bed.label for bed in large.beds.order_by("pk")] == ["Letto 1"]
    assert small.beds.count() == 2
    assert not Room.objects.filter(pk=kitchen.pk).exists()
    with pytest.raises(services.BedInUse):
        services.set_rooms(actor=manager, home=home, rooms=[], expected_version=home.version, today=today)


def test_bed_with_a_history_is_closed_and_not_deleted(manager: Actor, today: date) -> None:
    home = _own(manager, beds=1)
    OccupancyFactory(bed=_bed(home), starts_on=date(2025, 1, 1), ends_on=date(2025, 9, 1), is_end_sure=True)

    services.set_rooms(actor=manager, home=home, rooms=[], expected_version=1, today=today)

    assert Bed.objects.get().closed_on == today
    assert Room.objects.get().closed_on == today
    assert not Bed.objects.free_on(today).exists()


def test_somebody_moves_in_and_the_home_is_occupied(manager: Actor, today: date) -> None:
    home = _own(manager, beds=2)

    services.move_in(
        actor=manager,
        bed=_bed(home),
        starts_on=today,
        ends_on=date(2026, 5, 1),
        is_end_sure=False,
        today=today,
    )

    home.refresh_from_db()
    assert home.state == DwellingState.OCCUPIED
    assert (_bed(home).free_from, _bed(home).is_free_sure) == (date(2026, 5, 1), False)
    assert _bed(home, 1).free_from < today
    assert AuditEvent.objects.filter(verb="bed_occupied").exists()


def test_last_to_leave_makes_the_home_free(manager: Actor, today: date) -> None:
    home = _own(manager, beds=1, state=DwellingState.OCCUPIED)
    stay = OccupancyFactory(bed=_bed(home))

    services.set_end(
        actor=manager, occupancy=stay, ends_on=today, is_end_sure=True, expected_version=1, today=today
    )

    home.refresh_from_db()
    assert home.state == DwellingState.FREE
    assert (_bed(home).free_from, _bed(home).is_free_sure) == (today, True)


def test_two_people_do_not_sleep_in_one_bed(manager: Actor, today: date) -> None:
    home = _own(manager, beds=1)
    OccupancyFactory(bed=_bed(home), leaving=True)

    with pytest.raises(services.BedTaken):
        services.move_in(
            actor=manager,
            bed=_bed(home),
            starts_on=date(2026, 4, 30),
            ends_on=None,
            is_end_sure=False,
            today=today,
        )
    services.move_in(
        actor=manager,
        bed=_bed(home),
        starts_on=date(2026, 5, 1),
        ends_on=None,
        is_end_sure=False,
        today=today,
    )
    with pytest.raises(services.BedTaken):
        services.set_end(
            actor=manager,
            occupancy=Occupancy.objects.order_by("pk")[0],
            ends_on=date(2026, 5, 2),
            is_end_sure=True,
            expected_version=1,
            today=today,
        )


def test_held_bed_is_not_given_to_others(manager: Actor, today: date) -> None:
    home = _own(manager, beds=1)
    Bed.objects.update(is_held=True)

    with pytest.raises(services.BedTaken, match="proposta"):
        services.move_in(
            actor=manager, bed=_bed(home), starts_on=today, ends_on=None, is_end_sure=False, today=today
        )


def test_capacity_warns_but_an_act_blocks(manager: Actor, today: date) -> None:
    crowded = _own(manager, beds=3, net_area_m2=Decimal(28))
    limited = _own(manager, beds=3, max_people=2, max_people_source="ordinanza 12/2025")
    for number in range(2):
        OccupancyFactory(bed=_bed(crowded, number))
        OccupancyFactory(bed=_bed(limited, number))

    services.move_in(
        actor=manager, bed=_bed(crowded, 2), starts_on=today, ends_on=None, is_end_sure=False, today=today
    )
    with pytest.raises(services.TooManyPeople, match="ordinanza 12/2025"):
        services.move_in(
            actor=manager, bed=_bed(limited, 2), starts_on=today, ends_on=None, is_end_sure=False, today=today
        )


def test_stay_recorded_by_mistake_is_removed(manager: Actor, today: date) -> None:
    home = _own(manager, beds=1, state=DwellingState.OCCUPIED)
    stay = OccupancyFactory(bed=_bed(home))

    services.remove_occupancy(actor=manager, occupancy=stay, expected_version=1, today=today)

    home.refresh_from_db()
    assert (home.state, _bed(home).free_from) == (DwellingState.FREE, home.available_on)


def test_steps_follow_the_table_and_keep_the_reason(manager: Actor, today: date) -> None:
    home = _own(manager, beds=1)

    with pytest.raises(services.StepNotPossible, match="motivo"):
        services.take_step(actor=manager, home=home, verb="suspend", expected_version=1, today=today)
    home.refresh_from_db()
    services.take_step(
        actor=manager, home=home, verb="suspend", expected_version=1, today=today, reason="caldaia rotta"
    )
    services.take_step(actor=manager, home=home, verb="make_free", expected_version=2, today=today)

    assert home.state == DwellingState.FREE
    event = AuditEvent.objects.filter(verb="home_step_taken").order_by("pk")[0]
    assert (event.reason, event.details) == ("caldaia rotta", {"step": "suspend", "before": "free"})


def test_works_make_the_day_an_expectation(manager: Actor, today: date) -> None:
    home = _own(manager, beds=1)

    services.take_step(
        actor=manager,
        home=home,
        verb="start_works",
        expected_version=1,
        today=today,
        ready_on=today + timedelta(days=40),
    )

    assert (_bed(home).free_from, _bed(home).is_free_sure) == (today + timedelta(days=40), False)


def test_confiscated_home_is_not_free_before_it_is_assigned(manager: Actor, today: date) -> None:
    home = _own(manager, beds=1, state=DwellingState.AGREED, building=BuildingFactory(confiscated=True))

    with pytest.raises(services.StepNotPossible, match="procedura pubblica"):
        services.take_step(actor=manager, home=home, verb="make_free", expected_version=1, today=today)
