"""A round: who is in it, what it writes, how it is cancelled or fails, and that a re-run moves few."""

from datetime import date, timedelta
from typing import Any

import pytest

from ali.allocation import services, wording
from ali.allocation.facts import MEN, OPEN, WOMEN
from ali.allocation.models import Round, RoundEntry
from ali.allocation.queries import candidates, homes_on_offer
from ali.allocation.services import rounds
from ali.allocation.states import Outcome, PinKind, RoundState
from ali.allocation.tasks import come_back_tomorrow, solve_round
from ali.allocation.trying import try_change
from ali.audit.models import AuditEvent
from ali.core import clock
from ali.core.decisions import NotAllowed
from ali.housing.models import Bed, Dwelling, Occupancy
from ali.housing.services import set_end
from ali.matching import solidity
from ali.people.models import Person
from tests.factories.allocation import (
    CriteriaFactory,
    PinFactory,
    RoundFactory,
    Scene,
    body_of,
    make_leaving,
    make_leaving_family,
    make_scene,
)
from tests.factories.housing import BuildingFactory, DwellingFactory, OccupancyFactory
from tests.factories.organisations import actor_for_role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def solve(scene: Scene, **more: Any) -> Round:
    if not CriteriaFactory._meta.model.objects.exists():
        CriteriaFactory()
    asked = services.open_round(
        actor=scene.officer, province="PD", window_days=90, today=clock.today(), **more
    )
    return services.run_round(actor=scene.officer, round_=asked, now=clock.now)


def homes_of(round_: Round) -> dict[int, int | None]:
    return dict(round_.entries.order_by("pk").values_list("household_id", "dwelling_id"))


def in_the_round(scene: Scene) -> list[int]:
    found = candidates(scene.officer, province="PD", day=clock.today(), days=90)
    return [person for one in found for person in one.members]


def offered(scene: Scene) -> list[int]:
    return [
        home.known.pk for home in homes_on_offer(scene.officer, province="PD", day=clock.today(), days=90)
    ]


def test_round_proposes_a_home_with_reasons_band_and_certificate() -> None:
    scene = make_scene()

    solved = solve(scene)

    entry = solved.entries.get()
    assert (solved.state, solved.households, solved.housed) == (RoundState.SOLVED, 1, 1)
    assert (entry.dwelling, entry.band, entry.outcome) == (scene.home, "green", Outcome.PROPOSED)
    assert entry.reasons
    assert solved.certificate["gap"] == 0
    assert len(solved.input_sha256) == 64
    assert {rule["code"] for rule in solved.rules} >= {"allocation.rent_share_limit"}


def test_who_has_no_home_is_told_the_rule_and_what_would_help() -> None:
    scene = make_scene(home={"women": True})

    entry = solve(scene).entries.get()

    assert entry.outcome == Outcome.NOT_HOUSED
    assert entry.stopped_by[0] == {"code": "group", "homes": 1}
    assert entry.would_help == {"rule": "group", "homes": 1}


def test_who_loses_a_home_to_others_sees_a_group_and_a_count() -> None:
    scene = make_scene(home={"beds": 1})
    make_leaving(officer=scene.officer, carer=scene.carer)

    left_out = solve(scene).entries.get(outcome=Outcome.NOT_HOUSED)

    assert left_out.would_help == {"open_homes": 1, "taken_by": {"man": 1}}


def test_round_takes_only_those_without_a_solution() -> None:
    scene = make_scene(leaving={"found_alone": True})

    assert in_the_round(scene) == []


def test_round_does_not_take_those_with_a_live_proposal() -> None:
    scene = make_scene()
    scene.put_forward()

    assert in_the_round(scene) == []


def test_reserved_person_is_in_no_round_nor_is_their_household() -> None:
    scene = make_scene()
    family = make_leaving_family(officer=scene.officer, carer=scene.carer)
    Person.objects.filter(pk=family[1].pk).update(is_reserved=True)

    assert in_the_round(scene) == [scene.person.pk]


def test_round_of_another_prefecture_finds_nobody() -> None:
    scene = make_scene()
    other = actor_for_role("prefecture_officer", "VI")

    assert candidates(other, province="PD", day=clock.today(), days=90) == []
    with pytest.raises(NotAllowed):
        services.open_round(actor=other, province="PD", window_days=90, today=clock.today())
    assert in_the_round(scene)


def test_family_moves_whole() -> None:
    scene = make_scene(home={"beds": 2})
    family = make_leaving_family(officer=scene.officer, carer=scene.carer, children=1)
    flat = DwellingFactory(whole=True, beds=4, manager=body_of(scene.landlord))

    homes = homes_of(solve(scene))

    assert homes == {scene.household.pk: scene.home.pk, family[0].household_id: flat.pk}


def test_open_home_awaited_by_a_man_is_offered_to_men() -> None:
    scene = make_scene(home={"open_to_all": True, "beds": 2})
    scene.put_forward()

    home = homes_on_offer(scene.officer, province="PD", day=clock.today(), days=90)[0]

    assert home.facts.mode == 1
    assert home.facts.beds == 1


def test_confiscated_building_is_offered_once_assigned() -> None:
    scene = make_scene()
    waiting = DwellingFactory(building=BuildingFactory(confiscated=True))
    given = DwellingFactory(building=BuildingFactory(assigned=True))

    assert waiting.pk not in offered(scene)
    assert given.pk in offered(scene)


def test_act_of_the_comune_limits_who_may_enter() -> None:
    scene = make_scene()
    Dwelling.objects.update(max_people=0, max_people_source="atto n. 3")

    assert solve(scene).entries.get().stopped_by[0]["code"] == "beds"


def test_act_of_the_comune_limits_how_many_enter_together() -> None:
    scene = make_scene(home={"beds": 3})
    make_leaving(officer=scene.officer, carer=scene.carer)
    make_leaving(officer=scene.officer, carer=scene.carer)
    Dwelling.objects.update(max_people=1, max_people_source="atto n. 3")

    assert solve(scene).housed == 1


def test_same_facts_give_the_same_round() -> None:
    scene = make_scene(home={"beds": 2})
    for _number in range(4):
        make_leaving(officer=scene.officer, carer=scene.carer)

    first, second = solve(scene), solve(scene)

    assert homes_of(first) == homes_of(second)
    assert first.input_sha256 == second.input_sha256


def test_rerun_keeps_who_had_a_home() -> None:
    scene = make_scene(home={"beds": 1})
    first = solve(scene)
    make_leaving(officer=scene.officer, carer=scene.carer)

    second = solve(scene, previous=first)

    assert homes_of(second)[scene.household.pk] == scene.home.pk
    assert (second.certificate["kept"], second.certificate["moved"]) == (1, 0)


def test_excluded_home_is_not_proposed_and_fixed_one_is() -> None:
    scene = make_scene()
    other = DwellingFactory(manager=body_of(scene.landlord), building=scene.home.building)
    PinFactory(household=scene.household, dwelling=scene.home, kind=PinKind.FORBID)
    without = homes_of(solve(scene))
    services.set_pin(
        actor=scene.officer,
        household=scene.household,
        dwelling=scene.home,
        kind=PinKind.PIN,
        reason="vicino alla scuola",
    )

    assert without == {scene.household.pk: other.pk}
    assert homes_of(solve(scene)) == {scene.household.pk: scene.home.pk}


def test_pin_needs_a_reason() -> None:
    scene = make_scene()

    with pytest.raises(services.ReasonMissing):
        services.set_pin(
            actor=scene.officer,
            household=scene.household,
            dwelling=scene.home,
            kind=PinKind.PIN,
            reason=" ",
        )


def test_round_without_criteria_is_refused_with_a_sentence() -> None:
    scene = make_scene()

    with pytest.raises(services.NoCriteria):
        services.open_round(actor=scene.officer, province="PD", window_days=90, today=clock.today())


def test_round_is_a_simulation_until_the_act() -> None:
    assert not RoundFactory().criteria.is_approved
    assert RoundFactory(criteria=CriteriaFactory(approved=True)).criteria.is_approved


def test_round_cancelled_while_it_runs_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = make_scene()
    CriteriaFactory()
    asked = services.open_round(actor=scene.officer, province="PD", window_days=90, today=clock.today())

    def slow_engine(*_asked: Any, progress: Any) -> Any:
        services.cancel_round(actor=scene.officer, round_=Round.objects.get(), now=clock.now())
        progress("shared", 0.9)
        raise AssertionError("the round went on after it was cancelled")

    monkeypatch.setattr(rounds, "solve_allocation", slow_engine)
    services.run_round(actor=scene.officer, round_=asked, now=clock.now)

    asked.refresh_from_db()
    assert asked.state == RoundState.CANCELLED
    assert not RoundEntry.objects.exists()


def test_round_that_breaks_says_so_and_the_task_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = make_scene()
    CriteriaFactory()
    asked = services.open_round(actor=scene.officer, province="PD", window_days=90, today=clock.today())

    def broken(*_asked: Any, **_named: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(rounds, "solve_allocation", broken)
    with pytest.raises(ZeroDivisionError):
        services.run_round(actor=scene.officer, round_=asked, now=clock.now)

    asked.refresh_from_db()
    assert asked.state == RoundState.FAILED
    assert "riprova" in asked.failure


def test_round_of_somebody_who_left_the_office_fails_with_a_sentence() -> None:
    asked = RoundFactory()

    solve_round.call(asked.pk, "nessun ruolo")

    asked.refresh_from_db()
    assert asked.state == RoundState.FAILED
    assert "collega" in asked.failure


def test_task_solves_the_round_as_who_asked_for_it() -> None:
    scene = make_scene()
    CriteriaFactory()
    asked = services.open_round(actor=scene.officer, province="PD", window_days=90, today=clock.today())

    solve_round.call(asked.pk, scene.officer.grant_key)

    asked.refresh_from_db()
    assert asked.state == RoundState.SOLVED
    assert AuditEvent.objects.filter(verb="round_solved", user_id=scene.officer.user_id).exists()


def test_round_left_under_way_by_a_stopped_worker_is_given_up() -> None:
    asked = RoundFactory(state=RoundState.RUNNING)

    soon = services.fail_interrupted(now=clock.now() + timedelta(minutes=5))
    later = services.fail_interrupted(now=clock.now() + timedelta(hours=3))

    asked.refresh_from_db()
    assert (soon, later, asked.state) == (0, 1, RoundState.FAILED)


def test_progress_is_written_in_a_few_steps(django_assert_max_num_queries: Any) -> None:
    asked = RoundFactory(state=RoundState.RUNNING)
    telling = rounds.Telling(asked.pk)
    telling.tell(10, "")

    with django_assert_max_num_queries(12):
        for step in range(500):
            telling.stage("shared", step / 500)

    told = Round.objects.get(pk=asked.pk).progress
    assert told == 70


def test_nights_work_is_queued_once() -> None:
    assert come_back_tomorrow()
    assert not come_back_tomorrow()


def test_number_of_queries_does_not_grow_with_households(django_assert_max_num_queries: Any) -> None:
    scene = make_scene()
    for _number in range(8):
        make_leaving(officer=scene.officer, carer=scene.carer)

    with django_assert_max_num_queries(8):
        assert len(in_the_round(scene)) == 9
    with django_assert_max_num_queries(8):
        offered(scene)


def test_pins_that_collide_do_not_stop_the_round() -> None:
    scene = make_scene(home={"beds": 1})
    other = make_leaving(officer=scene.officer, carer=scene.carer)
    PinFactory(household=scene.household, dwelling=scene.home)
    PinFactory(household=other.person.household, dwelling=scene.home)

    solved = solve(scene)

    assert homes_of(solved) == {scene.household.pk: scene.home.pk, other.person.household_id: None}


def test_round_where_all_is_excluded_houses_nobody() -> None:
    scene = make_scene()
    PinFactory(household=scene.household, dwelling=scene.home, kind=PinKind.FORBID)

    solved = solve(scene)

    assert (solved.state, solved.housed) == (RoundState.SOLVED, 0)


def test_entry_keeps_the_day_of_its_own_bed_and_a_proposal_holds_it() -> None:
    scene = make_scene(home={"beds": 2})
    second = Bed.objects.order_by("-pk")[0]
    Bed.objects.filter(pk=second.pk).update(free_from=clock.today() + timedelta(days=60), is_free_sure=False)
    later = make_leaving(
        officer=scene.officer, carer=scene.carer, leaves_on=clock.today() + timedelta(days=80)
    )

    entry = solve(scene).entries.get(household=later.person.household)
    held = scene.put_forward(household=later.person.household, starts_on=entry.free_on).holds.get()

    assert (entry.free_on, entry.is_free_sure) == (clock.today() + timedelta(days=60), False)
    assert held.bed_id == second.pk
    assert scene.put_forward().holds.get().bed_id != second.pk


def test_who_is_already_past_their_day_finds_the_homes_free_today() -> None:
    scene = make_scene(leaving={"leaves_on": clock.today() - timedelta(days=200)})
    Bed.objects.update(free_from=clock.today() - timedelta(days=1))

    assert solve(scene).housed == 1


def open_home_lived_in(who: list[str], *, beds: int = 3, **stay: Any) -> Scene:
    """An open home where people without a name sleep in the first beds."""
    scene = make_scene(home={"open_to_all": True, "beds": beds})
    for bed, one in zip(Bed.objects.order_by("pk"), who, strict=False):
        OccupancyFactory(bed=bed, who=one, **stay)
    return scene


def offered_as(scene: Scene) -> list[tuple[int, int]]:
    found = homes_on_offer(scene.officer, province="PD", day=clock.today(), days=90)
    return [(int(home.facts.mode), len(home.beds)) for home in found]


@pytest.mark.parametrize(
    ("who", "use"),
    [
        (["man"], [(MEN, 2)]),
        (["woman", "woman"], [(WOMEN, 1)]),
        (["man", "woman"], []),
        ([""], []),
        (["man", ""], []),
    ],
)
def test_open_home_is_offered_by_what_its_body_says_of_those_who_live_there(
    who: list[str], use: list[tuple[int, int]]
) -> None:
    assert offered_as(open_home_lived_in(who)) == use


def test_open_home_of_which_nobody_says_who_lives_there_is_offered_from_when_the_last_has_left() -> None:
    scene = open_home_lived_in(["", ""], leaving=True)

    (home,) = homes_on_offer(scene.officer, province="PD", day=clock.today(), days=90)

    assert home.facts.mode == OPEN
    assert {date.fromordinal(bed.day) for bed in home.beds} == {date(2026, 5, 1)}


def test_unnamed_family_closes_an_open_home_until_it_leaves() -> None:
    scene = open_home_lived_in([""])
    stay = Occupancy.objects.get()

    set_end(
        actor=scene.landlord,
        occupancy=stay,
        ends_on=date(2026, 4, 1),
        is_end_sure=True,
        who="family",
        expected_version=1,
        today=clock.today(),
    )

    assert set(Bed.objects.values_list("free_from", flat=True)) == {date(2026, 4, 1)}
    assert offered_as(scene) == [(OPEN, 3)]


def test_round_says_how_solid_each_proposal_is() -> None:
    scene = make_scene()

    entry = solve(scene).entries.get()

    assert entry.solidity is not None
    assert 0 < entry.solidity <= 100


def test_same_facts_and_seed_give_the_same_solidity() -> None:
    scene = make_scene()

    shares = [list(solve(scene).entries.order_by("household_id").values_list("solidity", flat=True)) for _turn in range(2)]  # fmt: skip

    assert shares[0] == shares[1]


@pytest.mark.parametrize(
    ("share", "grade"),
    [(None, ""), (0, "fragile"), (59, "fragile"), (60, "fair"), (89, "fair"), (90, "solid")],
)
def test_grades_are_those_of_the_engine(share: int | None, grade: str) -> None:
    assert wording.grade_of(share) == grade
    assert share is None or solidity.grade(share) == grade


def test_change_tried_on_a_round_says_who_would_move_and_writes_nothing() -> None:
    scene = make_scene()
    solved = Round.objects.get(pk=solve(scene).pk)
    before = homes_of(solved)
    home, household = str(scene.home.public_id), str(scene.household.public_id)

    gone = try_change(solved, {"kind": "home_gone", "dwelling": home, "household": ""})
    refused = try_change(solved, {"kind": "refuse", "dwelling": home, "household": household})
    more = try_change(solved, {"kind": "home_more", "dwelling": home, "household": ""})
    settled = try_change(solved, {"kind": "household_gone", "dwelling": "", "household": household})

    assert (gone["households"], gone["moves"]) == (
        -1,
        [{"household": household, "before": home, "after": ""}],
    )
    assert refused["households"] == -1
    assert more["households"] == 0
    assert settled["households"] == -1
    assert try_change(solved, {"kind": "home_gone", "dwelling": "none", "household": ""})["refused"]
    assert homes_of(solved) == before
