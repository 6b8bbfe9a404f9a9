import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from ali.accounts import roles
from ali.allocation import services
from ali.allocation.models import AgendaItem, CommitteeVote, HousingCommittee, Minutes
from ali.allocation.services.minutes import digest_of
from ali.allocation.states import ItemOutcome, VoteKind
from ali.audit.models import AuditEvent, AuditSubject
from ali.core import clock
from ali.core.decisions import NotAllowed
from ali.core.states import WrongState
from ali.core.written import WrittenStays
from ali.deadlines.models import Deadline
from ali.people.models import Person
from ali.rules.models import Rule
from tests.clients import RoleClient
from tests.factories.allocation import (
    CriteriaFactory,
    RoundEntryFactory,
    RoundFactory,
    body_of,
    make_leaving,
    user_of,
)
from tests.factories.committees import Meeting, make_meeting, seat
from tests.factories.housing import DwellingFactory
from tests.factories.organisations import actor_for_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(today: date) -> Meeting:
    return make_meeting()


def signed_in(actor: Any) -> RoleClient:
    client = RoleClient()
    client.actor, client.user = actor, user_of(actor)
    client.force_login(client.user)
    return client


def page_of(meeting: Meeting) -> str:
    return f"/abbinamenti/comitato/sedute/{meeting.session.public_id}/"


def test_candidates_are_those_who_wait_for_the_home_without_a_name_or_an_amount(meeting: Meeting) -> None:
    found = list(meeting.item.candidates.order_by("pk"))

    assert [one.label for one in found] == ["A", "B"]
    assert [one.proposal for one in found] == meeting.proposals
    assert {one.band for one in found} <= {"green", "amber", "red"}


def test_everybody_votes_the_majority_wins_and_minutes_say_why(meeting: Meeting) -> None:
    operator, officer = meeting.members
    meeting.open()
    meeting.vote(meeting.chair, "A")
    meeting.vote(operator, "B", "è più vicino al lavoro")
    meeting.vote(officer, "A")

    item = meeting.close()
    minutes = meeting.sign()

    assert (item.outcome, item.chosen.label) == (ItemOutcome.CHOSEN, "A")  # type: ignore[union-attr]
    assert minutes.number == f"1/{clock.today().year}"
    assert minutes.sha256 == digest_of(minutes.content)
    said = minutes.content["items"][0]
    assert [vote["reason"] for vote in said["votes"]][1] == "è più vicino al lavoro"
    assert minutes.content["act_number"] == "7/2026"
    assert minutes.content["rules"][0]["code"] == "allocation.committee_majority"


def test_who_is_in_conflict_does_not_vote_and_the_conflict_is_printed(meeting: Meeting) -> None:
    operator, officer = meeting.members
    meeting.open()
    meeting.vote(operator, "B")
    meeting.declare(operator, "vive con mia sorella")
    meeting.declare(officer)
    with pytest.raises(NotAllowed):
        meeting.vote(officer, "B")
    meeting.vote(meeting.chair, "A")

    item = meeting.close()
    meeting.sign()

    assert item.chosen.label == "A"  # type: ignore[union-attr]
    sheet = signed_in(meeting.chair).get(f"{page_of(meeting)}verbale/").text
    assert "vive con mia sorella" in sheet
    assert "non conta: conflitto" in sheet


def test_nobody_votes_twice_nor_for_another_nor_from_outside(meeting: Meeting) -> None:
    meeting.open()
    meeting.vote(meeting.chair, "A")
    with pytest.raises(NotAllowed):
        meeting.vote(meeting.chair, "B")
    stranger = actor_for_role(roles.HOUSING_OPERATOR.code, organisation=body_of(meeting.chair))
    with pytest.raises(NotAllowed):
        meeting.vote(stranger, "A")
    with pytest.raises(services.ReasonMissing):
        meeting.vote(meeting.members[0], "A", " ")


def test_vote_before_the_opening_or_after_the_end_is_not_possible(meeting: Meeting) -> None:
    with pytest.raises(NotAllowed):
        meeting.vote(meeting.chair, "A")
    meeting.decided()
    with pytest.raises(NotAllowed):
        meeting.vote(meeting.chair, "A")


def test_too_few_votes_decide_nothing(meeting: Meeting) -> None:
    meeting.open()
    meeting.vote(meeting.chair, "A")

    assert meeting.close().outcome == ItemOutcome.NO_QUORUM


def test_only_the_chair_signs_and_once(meeting: Meeting) -> None:
    meeting.open()
    meeting.vote(meeting.chair, VoteKind.NOBODY)
    meeting.close()
    session = meeting.fresh()
    with pytest.raises(NotAllowed):
        services.sign_minutes(
            actor=meeting.members[0], session=session, expected_version=session.version, now=clock.now()
        )
    meeting.sign()
    with pytest.raises(NotAllowed):
        meeting.sign()


def test_signed_minutes_are_never_changed_and_corrections_are_added(meeting: Meeting) -> None:
    minutes = meeting.decided()
    minutes.number = "9/2026"
    with pytest.raises(WrittenStays):
        minutes.save()
    for table in ("allocation_minutes", "allocation_committeevote"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")

    services.add_minutes_note(
        actor=meeting.members[0],
        minutes=Minutes.objects.select_related("session__committee").get(),
        text="La seduta è cominciata alle dieci",
        now=clock.now(),
    )

    sheet = signed_in(meeting.chair).get(f"{page_of(meeting)}verbale/").text
    assert "La seduta è cominciata alle dieci" in sheet
    assert minutes.sha256 in sheet


def test_criteria_that_change_later_leave_the_minutes_as_they_were(meeting: Meeting) -> None:
    minutes = meeting.decided()
    committee = HousingCommittee.objects.get()
    services.change_committee(
        actor=meeting.chair,
        committee=committee,
        facts=services.CommitteeFacts("Altro", "Altri criteri"),
        expected_version=committee.version,
    )

    sheet = signed_in(meeting.chair).get(f"{page_of(meeting)}verbale/").text
    assert "Bisogno, sostenibilità, vicinanza" in sheet
    assert "Altri criteri" not in sheet
    assert Minutes.objects.get().content == minutes.content


def test_officer_of_the_comune_reads_no_name_and_the_manager_those_of_live_proposals(
    meeting: Meeting,
) -> None:
    meeting.open()
    person = meeting.scene.person

    officers = signed_in(meeting.members[1]).get(page_of(meeting))
    managers = signed_in(meeting.chair).get(page_of(meeting))

    assert "Nucleo A" in officers.text
    assert person.display_name not in officers.text
    assert str(person.public_id) not in officers.text
    assert person.display_name in managers.text
    read = AuditEvent.objects.filter(verb="committee_session_read")
    assert AuditSubject.objects.filter(event__in=read, person=person.public_id).count() == 2


def test_reserved_household_is_read_by_who_is_named_alone(meeting: Meeting) -> None:
    Person.objects.filter(pk=meeting.scene.person.pk).update(is_reserved=True)

    page = signed_in(meeting.members[1]).get(page_of(meeting)).text

    assert "riservato: lo legge solo chi è nominato" in page
    assert meeting.scene.person.display_name not in page


def test_round_under_approved_criteria_suggests_and_a_simulation_does_not(meeting: Meeting) -> None:
    scene = meeting.scene
    home = DwellingFactory(manager=body_of(meeting.chair), building=scene.home.building)
    one = make_leaving(officer=scene.officer, carer=scene.carer)
    simulated = RoundFactory(criteria=CriteriaFactory(), solved=True)
    RoundEntryFactory(round=simulated, household=one.person.household, dwelling=home)

    def candidates() -> int:
        item = AgendaItem.objects.get(session=meeting.session, dwelling=home)
        return item.candidates.count()

    services.put_on_agenda(actor=meeting.chair, session=meeting.fresh(), home=home, today=clock.today())
    assert candidates() == 0
    approved = RoundFactory(criteria=CriteriaFactory(approved=True), solved=True)
    RoundEntryFactory(round=approved, household=one.person.household, dwelling=home)
    meeting.open()

    assert candidates() == 1
    page = signed_in(meeting.chair).get(page_of(meeting)).text
    assert one.person.display_name not in page


def test_manager_may_not_accept_without_the_committee_where_the_policy_says_so(meeting: Meeting) -> None:
    Rule.objects.create(
        code="allocation.committee_required",
        value=True,
        sentence="Serve il comitato",
        source="Regolamento",
        valid_from=date(2026, 1, 1),
        province_id="PD",
    )
    proposal = meeting.proposals[0]
    meeting.scene.open_as_home(proposal)
    given = {
        "actor": meeting.chair,
        "proposal": proposal,
        "expected_version": proposal.version,
        "visit_on": None,
        "now": clock.now(),
        "today": clock.today(),
    }
    with pytest.raises(services.CommitteeMissing):
        services.accept_for_home(**given)
    page = signed_in(meeting.chair).get(f"/abbinamenti/proposte/{proposal.public_id}/").text
    assert "Prima decide il comitato" in page

    proposal.refresh_from_db()
    meeting.decided()
    accepted = services.accept_for_home(**{**given, "proposal": proposal})

    assert accepted.committee_item == meeting.item
    page = signed_in(meeting.chair).get(f"/abbinamenti/proposte/{proposal.public_id}/").text
    assert "Il comitato ha scelto questo nucleo" in page


def test_without_the_policy_the_answer_refers_to_the_committee_only_if_there_is_one(meeting: Meeting) -> None:
    proposal = meeting.proposals[1]
    meeting.scene.open_as_home(proposal)

    accepted = services.accept_for_home(
        actor=meeting.chair,
        proposal=proposal,
        expected_version=proposal.version,
        visit_on=None,
        now=clock.now(),
        today=clock.today(),
    )

    assert accepted.committee_item is None


def test_seats_go_to_the_body_and_to_the_comune_of_its_provinces(meeting: Meeting) -> None:
    for role, province, welcome in (
        (roles.MUNICIPAL_OFFICER.code, "PD", True),
        (roles.MUNICIPAL_OFFICER.code, "VI", False),
        (roles.PREFECTURE_OFFICER.code, "PD", False),
        (roles.HOUSING_OPERATOR.code, "PD", False),
    ):
        given = {
            "actor": meeting.chair,
            "committee": meeting.committee,
            "user": user_of(actor_for_role(role, province)),
            "position": "member",
            "starts_on": clock.today(),
            "today": clock.today(),
        }
        if welcome:
            assert services.add_member(**given)
        else:
            with pytest.raises(services.WrongCommittee):
                services.add_member(**given)


def test_a_committee_has_one_chair_and_a_seat_that_ends_reads_no_more(meeting: Meeting) -> None:
    officer = meeting.members[1]
    with pytest.raises(services.WrongCommittee):
        services.add_member(
            actor=meeting.chair,
            committee=meeting.committee,
            user=user_of(actor_for_role(roles.MUNICIPAL_OFFICER.code)),
            position="chair",
            starts_on=clock.today(),
            today=clock.today(),
        )
    member = meeting.committee.members.get(user=officer.user_id)
    member.ends_on = clock.today() - timedelta(days=1)
    member.save()

    assert signed_in(officer).get(page_of(meeting)).status_code == 404


def test_another_body_does_not_find_the_session(meeting: Meeting) -> None:
    other = signed_in(actor_for_role(roles.HOUSING_MANAGER.code))

    assert other.get(page_of(meeting)).status_code == 404
    assert "Comitato sociale" not in other.get("/abbinamenti/comitato/").text


def test_session_is_on_the_boards_of_who_sits(meeting: Meeting) -> None:
    late = actor_for_role(roles.MUNICIPAL_OFFICER.code)
    seat(meeting.committee, late)
    session = services.plan_session(
        actor=meeting.chair,
        committee=meeting.committee,
        held_on=clock.today() + timedelta(days=7),
        place="",
        today=clock.today(),
    )

    readers = set(
        Deadline.objects.filter(source=f"allocation.session:{session.public_id}")
        .order_by()
        .values_list("organisation_id", "user_id")
    )
    everybody = (meeting.chair, *meeting.members, late)
    assert readers == {(one.organisation_id, one.user_id) for one in everybody}
    with pytest.raises(services.WrongCommittee):
        services.open_session(
            actor=meeting.chair, session=session, expected_version=session.version, today=clock.today()
        )


def test_member_votes_on_the_page(meeting: Meeting) -> None:
    meeting.open()
    client = signed_in(meeting.members[0])
    item = meeting.item
    choice = str(item.candidates.get(label="B").public_id)
    page = client.get(page_of(meeting)).text
    name = re.search(r'name="([^"]+-choice)"', page)
    assert name is not None
    prefix = name[1].removesuffix("-choice")

    refused = client.post(f"/abbinamenti/comitato/voci/{item.public_id}/voto/", {f"{prefix}-choice": choice})
    done = client.post(
        f"/abbinamenti/comitato/voci/{item.public_id}/voto/",
        {f"{prefix}-choice": choice, f"{prefix}-reason": "lavora nella stessa via"},
    )

    assert (refused.status_code, done.status_code) == (422, 302)
    assert CommitteeVote.objects.get().candidate.label == "B"  # type: ignore[union-attr]


def test_agenda_is_fixed_once_the_session_is_open(meeting: Meeting) -> None:
    meeting.open()
    with pytest.raises(WrongState):
        services.take_off_agenda(actor=meeting.chair, item=meeting.item, expected_version=1)


def test_home_comes_off_a_planned_agenda(meeting: Meeting) -> None:
    services.take_off_agenda(actor=meeting.chair, item=meeting.item, expected_version=1)

    assert not AgendaItem.objects.exists()
