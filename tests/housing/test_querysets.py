from datetime import date

import pytest

from ali.accounts import roles
from ali.housing.models import Building, Dwelling
from tests.factories.housing import BuildingFactory, DwellingFactory, OccupancyFactory
from tests.factories.organisations import actor_for_role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


def test_housing_manager_sees_only_own_homes() -> None:
    actor = actor_for_role(roles.HOUSING_MANAGER.code)
    own = DwellingFactory(manager_id=actor.organisation_id)
    DwellingFactory()

    assert list(Dwelling.objects.visible_to(actor)) == [own]
    assert list(Building.objects.visible_to(actor)) == [own.building]


@pytest.mark.parametrize("role", [roles.PREFECTURE_OFFICER, roles.CENTRE_OPERATOR])
def test_prefecture_and_case_workers_see_homes_of_their_province(role: roles.Role) -> None:
    actor = actor_for_role(role.code, province="VI")
    there = DwellingFactory(building=BuildingFactory(town="Vicenza"))
    DwellingFactory()

    assert list(Dwelling.objects.visible_to(actor)) == [there]


@pytest.mark.parametrize("role", [roles.PROJECT_MANAGER, roles.DATA_PROTECTION_OFFICER, roles.ADMINISTRATOR])
def test_other_roles_see_no_home(role: roles.Role) -> None:
    DwellingFactory()

    assert not Dwelling.objects.visible_to(actor_for_role(role.code)).exists()


def test_free_within_leaves_out_full_suspended_and_confiscated_homes() -> None:
    free = DwellingFactory(beds=3)
    leaving = DwellingFactory(beds=1)
    OccupancyFactory(bed=leaving.rooms.get().beds.get(), leaving=True)
    full = DwellingFactory(beds=1)
    OccupancyFactory(bed=full.rooms.get().beds.get())
    DwellingFactory(suspended=True)
    DwellingFactory(building=BuildingFactory(confiscated=True))
    given = DwellingFactory(building=BuildingFactory(assigned=True))

    assert set(Dwelling.objects.free_within(TODAY, 30)) == {free, given}
    assert set(Dwelling.objects.free_within(TODAY, 90)) == {free, given, leaving}
    assert Dwelling.objects.free_within(TODAY, 30).get(pk=free.pk).free_beds == 3
