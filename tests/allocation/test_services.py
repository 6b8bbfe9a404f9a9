"""A proposal from the prefecture's signature to the household's, and every way in which it ends."""

import threading
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from ali.accounts.actors import Actor
from ali.allocation import services
from ali.allocation.models import BedHold, Placement, Proposal, ProposalOpening
from ali.allocation.services.answers import Heard
from ali.allocation.states import Handling, Party, ProposalState
from ali.audit.models import AuditEvent
from ali.core import clock
from ali.core.decisions import NotAllowed, Refusal
from ali.core.models import StaleRecord
from ali.core.states import WrongState
from ali.deadlines.models import Deadline
from ali.housing.models import Bed, Dwelling, Occupancy
from ali.housing.services import NoBedFree, set_end
from ali.housing.services.beds import refresh_dwelling
from ali.housing.services.homes import BuildingFacts, DwellingFacts, change_home
from ali.people.models import Person
from ali.people.services import mark_reserved
from ali.reception.models import Exit
from ali.reception.services import set_solution
from ali.reception.states import Solution
from ali.rules.models import Rule
from ali.rules.services import load_shipped_rules
from ali.work.models import Job
from tests.clients import client_as
from tests.factories.allocation import (
    RoundEntryFactory,
    RoundFactory,
    Scene,
    body_of,
    make_leaving,
    make_scene,
)
from tests.factories.housing import OccupancyFactory
from tests.factories.organisations import actor_for_role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def moment() -> dict[str, Any]:
    return {"now": clock.now(), "today": clock.today()}


def answer_for_home(scene: Scene, proposal: Proposal, actor: Actor | None = None, **more: Any) -> Proposal:
    return services.accept_for_home(
        actor=actor or scene.landlord,
        proposal=proposal,
        expected_version=proposal.version,
        visit_on=None,
        **moment(),
        **more,
    )


def refuse_for_home(scene: Scene, proposal: Proposal, reason: str = "la stanza serve ad altri") -> Proposal:
    return services.refuse_for_home(
        actor=scene.landlord, proposal=proposal, expected_version=proposal.version, reason=reason, **moment()
    )


def test_three_signatures_make_a_placement() -> None:
    scene = make_scene()

    proposal = scene.accepted()
    scene.open_paper(proposal)
    placement = scene.say_yes(proposal)

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.PLACED
    assert Placement.objects.get() == placement
    assert Occupancy.objects.get().person == scene.person
    assert Exit.objects.get().solution == Solution.NETWORK_HOME
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"proposal_put_forward", "proposal_accepted_for_home", "household_accepted"} <= verbs


def test_putting_forward_confirms_the_exit_and_holds_one_bed() -> None:
    scene = make_scene(leaving={"confirmed_by": None, "confirmed_at": None})

    scene.put_forward()

    leaving = Exit.objects.get()
    assert leaving.confirmed_by_id == scene.officer.user_id
    assert list(Bed.objects.order_by("pk").values_list("is_held", flat=True)) == [True, False]
    assert leaving.solution == Solution.NONE


def test_only_the_third_signature_makes_a_placement() -> None:
    scene = make_scene()

    scene.accepted()

    assert not Placement.objects.exists()
    assert not Occupancy.objects.exists()


@pytest.mark.parametrize("role", ["housing_manager", "centre_operator", "project_manager", "administrator"])
def test_nobody_but_the_prefecture_puts_forward(role: str) -> None:
    scene = make_scene()

    with pytest.raises(NotAllowed):
        scene.put_forward(actor=actor_for_role(role))


def test_prefecture_of_another_province_finds_nobody_to_put_forward() -> None:
    scene = make_scene()

    with pytest.raises(services.HouseholdTaken):
        scene.put_forward(actor=actor_for_role("prefecture_officer", "VI"))


@pytest.mark.parametrize("role", ["prefecture_officer", "centre_operator", "housing_manager"])
def test_nobody_but_the_homes_own_body_gives_the_second_signature(role: str) -> None:
    scene = make_scene()
    proposal = scene.put_forward()
    stranger = {"prefecture_officer": scene.officer, "centre_operator": scene.carer}.get(
        role
    ) or actor_for_role("housing_manager")

    with pytest.raises(NotAllowed):
        answer_for_home(scene, proposal, actor=stranger)


def test_home_cannot_answer_what_nobody_there_has_opened() -> None:
    scene = make_scene()

    with pytest.raises(NotAllowed, match="Apri e leggi"):
        answer_for_home(scene, scene.put_forward())


def test_household_cannot_be_answered_for_before_its_paper_is_opened() -> None:
    scene = make_scene()

    with pytest.raises(NotAllowed, match="foglio"):
        scene.say_yes(scene.accepted())


@pytest.mark.parametrize("who", ["officer", "landlord", "another_centre"])
def test_nobody_but_their_case_workers_records_the_households_answer(who: str) -> None:
    scene = make_scene()
    proposal = scene.accepted()
    stranger = actor_for_role("centre_operator") if who == "another_centre" else getattr(scene, who)

    with pytest.raises(NotAllowed):
        scene.say_yes(proposal, actor=stranger)


def test_one_person_with_two_roles_signs_once() -> None:
    scene = make_scene()
    proposal = scene.accepted()
    Proposal.objects.filter(pk=proposal.pk).update(home_answered_by=scene.carer.user_id)
    proposal.refresh_from_db()
    scene.open_paper(proposal)

    with pytest.raises(NotAllowed, match="un'altra persona"):
        scene.say_yes(proposal)


def test_yes_needs_the_signed_paper() -> None:
    scene = make_scene()
    proposal = scene.accepted()
    scene.open_paper(proposal)

    with pytest.raises(services.ReasonMissing):
        scene.say_yes(proposal, signed_paper=False)


def test_household_cannot_accept_before_the_home() -> None:
    scene = make_scene()
    proposal = scene.put_forward()
    scene.open_paper(proposal)

    with pytest.raises(WrongState):
        scene.say_yes(proposal)


@pytest.mark.parametrize("reason", ["", "   ", "boh"])
def test_every_signature_of_an_office_has_a_typed_reason(reason: str) -> None:
    scene = make_scene()

    with pytest.raises(services.ReasonMissing):
        scene.put_forward(reason=reason)


def test_home_refusing_frees_the_beds_and_reads_no_more() -> None:
    scene = make_scene()
    proposal = scene.put_forward()
    scene.open_as_home(proposal)
    seen_before = Person.objects.visible_to(scene.landlord).exists()

    refuse_for_home(scene, proposal)

    assert seen_before
    assert not Bed.objects.filter(is_held=True).exists()
    assert not BedHold.objects.filter(is_live=True).exists()
    assert not Person.objects.visible_to(scene.landlord).exists()
    assert not Job.objects.visible_to(scene.landlord).exists()
    assert not Deadline.objects.filter(kind="proposal", done_at__isnull=True).exists()


def test_landlord_reads_amounts_only_while_the_proposal_is_live() -> None:
    scene = make_scene()
    proposal = scene.accepted()
    read_while_live = Job.objects.visible_to(scene.landlord).exists()
    scene.open_paper(proposal)

    scene.say_yes(proposal)

    assert read_while_live
    assert not Job.objects.visible_to(scene.landlord).exists()
    assert Person.objects.visible_to(scene.landlord).exists()


def test_households_no_does_not_touch_reception() -> None:
    scene = make_scene()
    proposal = scene.accepted()
    scene.open_paper(proposal)
    before = Exit.objects.values().get()

    scene.say_no(proposal, reason="")

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.HOUSEHOLD_REFUSED
    assert Exit.objects.values().get() == before
    assert not Bed.objects.filter(is_held=True).exists()


def test_who_has_the_home_too_hears_the_household_with_a_mediator() -> None:
    both = actor_for_role("housing_manager")
    carer = actor_for_role("centre_operator", organisation=body_of(both))
    scene = make_scene(landlord=both, carer=carer)
    proposal = scene.put_forward(conflict_note="la casa è l'unica accessibile")
    scene.open_as_home(proposal)
    answer_for_home(scene, proposal)
    scene.open_paper(proposal)

    with pytest.raises(services.ConflictNotWeighed):
        scene.say_yes(proposal, heard=Heard("fra", with_mediator=False))
    assert scene.say_yes(proposal)


def test_office_may_do_without_the_mediator_by_rule() -> None:
    both = actor_for_role("housing_manager")
    scene = make_scene(landlord=both, carer=actor_for_role("centre_operator", organisation=body_of(both)))
    load_shipped_rules()
    shipped = Rule.objects.filter(code="allocation.mediator_when_carer_has_home")
    proposal = scene.put_forward(conflict_note="la casa è l'unica accessibile")
    scene.open_as_home(proposal)
    answer_for_home(scene, proposal)
    scene.open_paper(proposal)

    assert not shipped.get().confirmed_at
    shipped.update(value=False)

    assert scene.say_yes(proposal, heard=Heard("fra", with_mediator=False))


def test_conflict_of_interest_has_to_be_weighed_in_words() -> None:
    both = actor_for_role("housing_manager")
    scene = make_scene(landlord=both, carer=actor_for_role("centre_operator", organisation=body_of(both)))

    with pytest.raises(services.ConflictNotWeighed):
        scene.put_forward()


def test_second_officer_is_told_that_the_household_is_taken() -> None:
    scene = make_scene()
    scene.put_forward()

    with pytest.raises(services.HouseholdTaken, match="già una proposta"):
        scene.put_forward()


def test_second_officer_is_told_that_the_last_bed_is_gone() -> None:
    scene = make_scene(home={"beds": 1})
    other = make_leaving(officer=scene.officer, carer=scene.carer)
    scene.put_forward()

    with pytest.raises(services.HomeTaken):
        scene.put_forward(household=other.person.household)


def test_household_with_a_solution_cannot_be_put_forward() -> None:
    scene = make_scene(leaving={"found_alone": True})

    with pytest.raises(services.HouseholdTaken):
        scene.put_forward()


def test_reserved_person_cannot_be_put_forward() -> None:
    scene = make_scene()
    Person.objects.update(is_reserved=True)

    with pytest.raises(services.HouseholdTaken):
        scene.put_forward()


def test_home_that_a_rule_forbids_cannot_be_put_forward() -> None:
    scene = make_scene(home={"women": True})

    with pytest.raises(services.NotSuitable):
        scene.put_forward()


def test_nobody_enters_before_the_home_is_free() -> None:
    scene = make_scene(home={"available_on": date(2026, 4, 1), "works": True})

    with pytest.raises(services.WrongDay):
        scene.put_forward(starts_on=date(2026, 3, 20))


def test_stale_page_does_not_answer() -> None:
    scene = make_scene()
    proposal = scene.put_forward()
    scene.open_as_home(proposal)

    with pytest.raises(StaleRecord):
        services.refuse_for_home(
            actor=scene.landlord, proposal=proposal, expected_version=9, reason="non possiamo", **moment()
        )


def test_prefecture_takes_back_with_a_reason() -> None:
    scene = make_scene()
    proposal = scene.put_forward()

    services.withdraw(
        actor=scene.officer,
        proposal=proposal,
        expected_version=proposal.version,
        reason="ha trovato lavoro altrove",
        **moment(),
    )

    assert Proposal.objects.get().state == ProposalState.WITHDRAWN
    assert not Bed.objects.filter(is_held=True).exists()


def test_proposal_without_an_answer_expires_after_its_day() -> None:
    scene = make_scene()
    proposal = scene.put_forward()
    last = proposal.home_answer_by_day

    on_time = services.expire_proposals(now=clock.now(), today=last)
    late = services.expire_proposals(now=clock.now(), today=last + timedelta(days=1))

    assert (on_time, late) == (0, 1)
    assert Proposal.objects.get().state == ProposalState.EXPIRED
    assert not Bed.objects.filter(is_held=True).exists()


def test_household_that_settles_elsewhere_frees_its_proposal() -> None:
    scene = make_scene()
    scene.put_forward()
    leaving = Exit.objects.get()

    set_solution(
        actor=scene.carer,
        leaving=leaving,
        solution=Solution.FOUND_ALONE,
        expected_version=leaving.version,
        **moment(),
    )

    assert Proposal.objects.get().state == ProposalState.FREED
    assert not Bed.objects.filter(is_held=True).exists()


def test_person_who_becomes_reserved_leaves_the_proposal_without_a_word_of_it() -> None:
    coordinator = actor_for_role("centre_coordinator")
    scene = make_scene(carer=coordinator)
    scene.put_forward()

    mark_reserved(
        actor=coordinator,
        person=scene.person,
        officers=[],
        reason="protezione chiesta dalla persona",
        today=clock.today(),
    )

    proposal = Proposal.objects.get()
    assert proposal.state == ProposalState.WITHDRAWN
    assert "riservat" not in proposal.ended_reason


def test_bed_that_slips_is_put_on_the_board() -> None:
    scene = make_scene(home={"beds": 1})
    stay = OccupancyFactory(bed=Bed.objects.get(), leaving=True)
    Exit.objects.update(leaves_on=date(2026, 5, 1))
    scene.put_forward(starts_on=date(2026, 5, 1))

    set_end(
        actor=scene.landlord,
        occupancy=stay,
        ends_on=date(2026, 6, 1),
        is_end_sure=False,
        expected_version=stay.version,
        today=clock.today(),
    )

    assert Deadline.objects.filter(source__endswith=":slipped").exists()


def facts_of(kind: type[Any], row: Any) -> Any:
    """What a form of the home would send back unchanged."""
    return kind(**{one.name: getattr(row, one.name) for one in fields(kind)})


def on_the_board(actor: Actor) -> list[str]:
    due = Deadline.objects.visible_to(actor).open().filter(source__endswith=":slipped")
    return [one.url_name for one in due]


def test_later_day_of_a_home_under_works_goes_to_the_board_of_the_match_and_leaves_it_when_it_comes_back() -> (
    None
):
    ready = clock.today() + timedelta(days=10)
    client = client_as("prefecture_officer")
    scene = make_scene(officer=client.actor, home={"works": True, "beds": 1, "available_on": ready})
    proposal = scene.put_forward()

    def ready_on(day: date) -> None:
        home = Dwelling.objects.get(pk=scene.home.pk)
        change_home(
            actor=scene.landlord,
            home=home,
            building=facts_of(BuildingFacts, home.building),
            dwelling=replace(facts_of(DwellingFacts, home), available_on=day),
            expected_version=home.version,
            expected_building_version=home.building.version,
            today=clock.today(),
        )

    ready_on(ready + timedelta(days=40))
    board = client.get("/scadenze/").content.decode()
    page = client.get(f"/abbinamenti/proposte/{proposal.public_id}/").content.decode()
    assert on_the_board(scene.officer) == on_the_board(scene.carer) == ["allocation:proposal_detail"]
    assert "si libera più tardi" in board
    assert str(proposal.public_id) in board
    assert "I posti tenuti per il nucleo sono liberi dal 21 aprile 2026" in page

    ready_on(ready)
    assert on_the_board(scene.officer) == []


def test_beds_of_a_home_that_closes_together_slip_together() -> None:
    scene = make_scene(home={"whole": True, "beds": 2, "rent_cents": 30_000})
    stay = OccupancyFactory(bed=Bed.objects.order_by("pk")[0], leaving=True)
    refresh_dwelling(scene.home)
    Exit.objects.update(leaves_on=date(2026, 5, 1))
    scene.put_forward(starts_on=date(2026, 5, 1))

    set_end(
        actor=scene.landlord,
        occupancy=stay,
        ends_on=None,
        is_end_sure=False,
        expected_version=stay.version,
        today=clock.today(),
    )

    assert on_the_board(scene.officer)
    assert AuditEvent.objects.filter(verb="proposal_home_slipped").count() == 1


def test_home_chosen_instead_of_the_suggested_one_counts_as_changed() -> None:
    scene = make_scene()
    other = make_scene(officer=scene.officer, landlord=scene.landlord, carer=scene.carer)
    entry = RoundEntryFactory(round=RoundFactory(solved=True), household=scene.household, dwelling=other.home)

    proposal = scene.put_forward()

    entry.refresh_from_db()
    assert proposal.is_changed_by_person
    assert entry.handling == Handling.CHANGED


def test_suggested_home_counts_as_followed() -> None:
    scene = make_scene()
    entry = RoundEntryFactory(round=RoundFactory(solved=True), household=scene.household, dwelling=scene.home)

    proposal = scene.put_forward()

    entry.refresh_from_db()
    assert not proposal.is_changed_by_person
    assert entry.handling == Handling.PUT_FORWARD


def test_what_was_decided_once_is_not_set_aside_later() -> None:
    scene = make_scene()
    entry = RoundEntryFactory(round=RoundFactory(solved=True), household=scene.household, dwelling=scene.home)
    scene.put_forward()
    entry.refresh_from_db()

    with pytest.raises(NotAllowed):
        services.set_aside(actor=scene.officer, entry=entry, expected_version=entry.version, reason="aspetta")


def test_proposal_keeps_the_rules_that_were_applied() -> None:
    kept = make_scene().put_forward().rules

    assert {"allocation.rent_share_limit", "housing.standard"} <= {rule["code"] for rule in kept}
    assert all(rule["version"] for rule in kept)


def test_opening_is_noted_only_for_the_party_one_speaks_for() -> None:
    scene = make_scene()
    proposal = scene.put_forward()

    services.open_proposal(actor=scene.officer, proposal=proposal, party=Party.HOME)
    scene.open_paper(proposal, actor=scene.landlord)

    assert not ProposalOpening.objects.filter(proposal=proposal).exists()


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_cannot_give_one_bed_twice() -> None:
    scene = make_scene(home={"beds": 1})
    other = make_leaving(officer=scene.officer, carer=scene.carer)
    start, answers = threading.Barrier(2), []

    def sign(household: Any) -> None:
        start.wait()
        try:
            scene.put_forward(household=household)
            answers.append("held")
        except (services.HomeTaken, NoBedFree, Refusal) as refusal:
            answers.append(str(refusal))
        finally:
            connection.close()

    officers = [
        threading.Thread(target=sign, args=[household])
        for household in (scene.household, other.person.household)
    ]
    for officer in officers:
        officer.start()
    for officer in officers:
        officer.join()

    assert answers.count("held") == 1
    assert any("posti" in answer for answer in answers)
    assert BedHold.objects.filter(is_live=True).count() == 1
