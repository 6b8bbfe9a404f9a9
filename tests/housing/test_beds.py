import threading
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.core.decisions import Refusal
from ali.deadlines.models import Deadline
from ali.housing import hooks, services
from ali.housing.models import Bed, Dwelling, Occupancy
from ali.housing.states import DwellingState
from tests.factories.housing import BuildingFactory, DwellingFactory, OccupancyFactory
from tests.factories.organisations import actor_for_role
from tests.factories.people import PersonFactory, make_family

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 10)


def _beds(home: Dwelling) -> list[Bed]:
    return list(Bed.objects.filter(room__dwelling=home).order_by("pk"))


def test_one_bed_is_held_the_sure_one_first() -> None:
    home = DwellingFactory(beds=3)
    Bed.objects.filter(pk=_beds(home)[0].pk).update(is_free_sure=False)

    (held,) = services.hold_beds(dwelling=home, persons=1, starts_on=DAY)

    assert held == _beds(home)[1]
    assert [bed.is_held for bed in _beds(home)] == [False, True, False]


def test_whole_home_is_held_entirely_and_only_when_empty() -> None:
    home = DwellingFactory(whole=True, beds=4)
    lived_in = DwellingFactory(whole=True, beds=4)
    OccupancyFactory(bed=_beds(lived_in)[0])

    assert len(services.hold_beds(dwelling=home, persons=3, starts_on=DAY)) == 4
    with pytest.raises(services.NoBedFree):
        services.hold_beds(dwelling=lived_in, persons=2, starts_on=DAY)


def test_family_closes_an_open_home_and_one_person_does_not() -> None:
    family, single = DwellingFactory(open_to_all=True, beds=3), DwellingFactory(open_to_all=True, beds=3)

    assert len(services.hold_beds(dwelling=family, persons=2, starts_on=DAY)) == 3
    assert len(services.hold_beds(dwelling=single, persons=1, starts_on=DAY)) == 1


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        ({"suspended": True}, "da abbinare"),
        ({"building": "confiscated"}, "procedura pubblica"),
        ({"available_on": date(2026, 4, 1)}, "non sono liberi"),
        ({"beds": 1}, "non sono liberi"),
        ({"max_people": 1, "max_people_source": "contratto"}, "al massimo 1"),
    ],
)
def test_beds_are_refused_with_the_reason(made: dict[str, Any], sentence: str) -> None:
    if made.get("building"):
        made = {"building": BuildingFactory(confiscated=True)}
    home = DwellingFactory(**made)

    with pytest.raises(Refusal, match=sentence):
        services.hold_beds(dwelling=home, persons=2, starts_on=DAY)

    assert not Bed.objects.filter(is_held=True).exists()


def test_standard_capacity_does_not_stop_a_proposal() -> None:
    home = DwellingFactory(beds=2, net_area_m2=Decimal(14))

    assert len(services.hold_beds(dwelling=home, persons=2, starts_on=DAY)) == 2


def test_released_bed_can_be_held_again() -> None:
    home = DwellingFactory(beds=1)
    held = services.hold_beds(dwelling=home, persons=1, starts_on=DAY)

    services.release_beds(beds=held)

    assert services.hold_beds(dwelling=home, persons=1, starts_on=DAY) == held


def test_household_moves_in_and_leaves_its_former_bed() -> None:
    person = PersonFactory()
    former, home = DwellingFactory(beds=1, state=DwellingState.OCCUPIED), DwellingFactory(beds=2)
    OccupancyFactory(bed=_beds(former)[0], person=person)
    held = services.hold_beds(dwelling=home, persons=1, starts_on=DAY)

    (stay,) = services.occupy_beds(dwelling=home, beds=held, person_ids=[person.pk], starts_on=DAY)

    home.refresh_from_db()
    assert (stay.bed, stay.person, stay.starts_on) == (held[0], person, DAY)
    assert home.state == DwellingState.OCCUPIED
    assert [(bed.is_held, bed.free_from is None) for bed in _beds(home)] == [(False, True), (False, False)]
    assert (_beds(former)[0].free_from, _beds(former)[0].is_free_sure) == (DAY, True)


def test_entry_starts_the_clock_of_the_communication_to_the_police(today: date) -> None:
    actor = actor_for_role(roles.HOUSING_MANAGER.code)
    home = DwellingFactory(beds=1, manager_id=actor.organisation_id)
    person = PersonFactory()
    held = services.hold_beds(dwelling=home, persons=1, starts_on=today)
    (stay,) = services.occupy_beds(dwelling=home, beds=held, person_ids=[person.pk], starts_on=today)

    due = Deadline.objects.get(kind="communication")
    assert (due.organisation_id, due.person) == (actor.organisation_id, person.public_id)
    assert due.due_on == today + timedelta(days=2)
    with pytest.raises(Refusal, match="futuro"):
        _communicate(actor, stay, today + timedelta(days=1), today)
    _communicate(actor, stay, today, today)

    due.refresh_from_db()
    assert due.done_at is not None


def _communicate(actor: Actor, stay: Occupancy, day: date, today: date) -> None:
    services.record_communication(
        actor=actor,
        occupancy=stay,
        communicated_on=day,
        expected_version=stay.version,
        now=timezone.now(),
        today=today,
    )


def test_family_takes_the_spare_beds_of_a_whole_and_of_an_open_home() -> None:
    for trait in ("whole", "open_to_all"):
        family = make_family(children=1)
        home = DwellingFactory(beds=4, **{trait: True})
        held = services.hold_beds(dwelling=home, persons=3, starts_on=DAY)

        services.occupy_beds(
            dwelling=home, beds=held, person_ids=[person.pk for person in family], starts_on=DAY
        )

        assert not Bed.objects.free_on(date(2027, 1, 1)).filter(room__dwelling=home).exists()
        assert Occupancy.objects.filter(bed__room__dwelling=home).count() == 3


def test_two_singles_leave_an_open_home_its_spare_bed() -> None:
    home = DwellingFactory(open_to_all=True, beds=3)
    for _number in range(2):
        held = services.hold_beds(dwelling=home, persons=1, starts_on=DAY)
        services.occupy_beds(dwelling=home, beds=held, person_ids=[PersonFactory().pk], starts_on=DAY)

    assert Bed.objects.free_on(DAY).filter(room__dwelling=home).count() == 1


def test_slipped_day_of_a_held_bed_is_told(monkeypatch: pytest.MonkeyPatch, today: date) -> None:
    told: list[Any] = []
    monkeypatch.setattr(hooks, "_listeners", [lambda beds, day: told.append(list(beds))])
    actor = actor_for_role(roles.HOUSING_MANAGER.code)
    home = DwellingFactory(beds=1, manager_id=actor.organisation_id)
    stay = OccupancyFactory(bed=_beds(home)[0], leaving=True)
    services.hold_beds(dwelling=home, persons=1, starts_on=date(2026, 5, 1))

    services.set_end(
        actor=actor,
        occupancy=stay,
        ends_on=date(2026, 6, 1),
        is_end_sure=False,
        expected_version=1,
        today=today,
    )

    assert told == [[stay.bed_id]]


@pytest.mark.django_db(transaction=True)
def test_two_officers_cannot_take_the_last_bed_together() -> None:
    home = DwellingFactory(beds=1)
    start, answers = threading.Barrier(2), []

    def take() -> None:
        start.wait()
        try:
            services.hold_beds(dwelling=home, persons=1, starts_on=DAY)
            answers.append("held")
        except services.NoBedFree:
            answers.append("refused")
        finally:
            connection.close()

    officers = [threading.Thread(target=take) for _number in range(2)]
    for officer in officers:
        officer.start()
    for officer in officers:
        officer.join()

    assert sorted(answers) == ["held", "refused"]
