"""What the filled database promises: everything invented says so, homes are scarce, each role has a way in."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from ali.accounts import roles
from ali.accounts.actors import Actor, actor_for
from ali.accounts.models import User
from ali.allocation.models import Criteria, Proposal, Round
from ali.allocation.states import RoundState
from ali.audit.models import AuditEvent
from ali.deadlines.models import Deadline
from ali.demo.filling import proposals
from ali.demo.report import count_demo
from ali.demo.services import AlreadyFilled, AnotherSize, prepare_demo, seed_demo
from ali.housing.models import Bed, Building, Dwelling, Occupancy
from ali.organisations.models import Organisation
from ali.people.models import Assignment, Household, Identifier, Permit, Person, TogetherWish
from ali.people.states import Capacity
from ali.reception.models import Contract, Exit, ExitExtension, Stay
from ali.reception.states import OPEN_STATES, ExitState, ReadingStatus
from ali.rules.models import Rule
from ali.tenancies.models import Tenancy
from ali.upkeep.models import Mediation, Ticket, Visit
from ali.work.models import Job

PEOPLE = 120
TODAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def filled(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One demonstration for every test of this module, gone afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed_demo(seed=3, people=PEOPLE, today=TODAY, now=lambda: NOON)
        yield
        transaction.set_rollback(True)


pytestmark = pytest.mark.django_db


def actor_of(role: roles.Role) -> Actor:
    user = User.objects.filter(memberships__role=role.code).order_by("pk").first()
    assert user is not None
    actor = actor_for(user)
    assert actor is not None
    return actor


def test_as_many_people_as_asked_are_in_reception() -> None:
    assert Stay.objects.present_on(TODAY).count() == PEOPLE


def test_everything_invented_says_so() -> None:
    assert not Person.objects.filter(is_invented=False).exists()
    assert not Stay.objects.filter(centre__is_invented=False).exists()
    assert not Building.objects.filter(is_invented=False).exists()
    assert not User.objects.filter(is_invented=False).exists()
    assert not Organisation.objects.filter(is_invented=True).exclude(name__contains="Esempio").exists()


def test_no_real_body_hosts_invented_people_or_gives_them_a_home() -> None:
    assert not Stay.objects.filter(centre__manager__is_invented=False).exists()
    assert not Dwelling.objects.filter(manager__is_invented=False).exists()
    following = Assignment.objects.filter(capacity=Capacity.CASEWORK)
    assert following.exists()
    assert not following.filter(organisation__is_invented=False).exists()


def test_contracts_are_real_and_of_the_province() -> None:
    contracts = Contract.objects.order_by("pk")

    assert contracts.count() > 50
    assert not contracts.exclude(province="PD").exists()
    assert contracts.filter(reading=ReadingStatus.DOUBTFUL).exists()
    assert not contracts.filter(manager__is_invented=True).exists()


def test_people_are_more_than_places() -> None:
    report = count_demo(TODAY)

    assert report.places < PEOPLE


def test_free_beds_are_at_most_fifteen_for_every_hundred_leaving() -> None:
    leaving = Exit.objects.open().within(TODAY, 90).count()
    free = Bed.objects.free_on(TODAY + timedelta(days=90)).filter(
        room__dwelling__in=Dwelling.objects.matchable()
    )

    assert leaving > 0
    assert free.count() <= 0.15 * leaving


def test_each_role_has_an_account_that_works() -> None:
    for role in roles.ROLES.values():
        assert actor_of(role).role == role


def test_accounts_shown_hold_every_role() -> None:
    shown = {account.role for account in count_demo(TODAY).accounts}

    assert shown == {str(role.label) for role in roles.ROLES.values()}


def test_officer_sees_everybody_but_the_reserved() -> None:
    seen = Person.objects.visible_to(actor_of(roles.PREFECTURE_OFFICER), TODAY)

    in_reception = Person.objects.filter(stays__left_on__isnull=True, is_reserved=False)
    assert set(in_reception.values_list("pk", flat=True)) <= set(seen.values_list("pk", flat=True))
    assert not seen.filter(is_reserved=True).exists()


def test_operator_sees_the_people_of_the_own_body_alone() -> None:
    operator = actor_of(roles.CENTRE_OPERATOR)

    elsewhere = Person.objects.visible_to(operator, TODAY).exclude(
        stays__centre__manager=operator.organisation_id
    )

    assert Person.objects.visible_to(operator, TODAY).exists()
    assert not elsewhere.exists()


def test_an_open_exit_belongs_to_the_present_stay() -> None:
    for leaving in Exit.objects.open().select_related("stay").order_by("pk"):
        assert leaving.stay.left_on is None
        assert leaving.stay.person_id == leaving.person_id


def test_a_date_of_the_clock_names_its_demonstrative_rule() -> None:
    proposed = Exit.objects.filter(state=ExitState.PROPOSED, awaited_event="permit_delivered").order_by("pk")

    assert proposed.exists()
    for leaving in proposed:
        assert leaving.event_on is not None
        assert leaving.leaves_on == leaving.event_on + timedelta(days=30)
        assert "dimostrativo" in leaving.proposed_because
        assert leaving.rule
        assert leaving.rule[-1]["is_demo"] is True


def test_values_that_no_office_has_set_say_so() -> None:
    ours = Rule.objects.filter(is_demo=True)

    assert ours.count() == 3
    assert all("dimostrativo" in rule.sentence for rule in ours)
    assert not Criteria.objects.get().is_approved


def test_those_who_left_have_a_day_and_an_outcome_and_no_bed_in_reception() -> None:
    done = Exit.objects.filter(state=ExitState.DONE).select_related("stay").order_by("pk")

    assert done.exists()
    for past in done:
        assert past.done_on is not None
        assert past.done_on < TODAY
        assert past.stay.left_on == past.done_on


def test_extensions_have_moved_the_day_when_granted() -> None:
    assert not ExitExtension.objects.filter(answer="granted", answered_on__isnull=True).exists()


def test_friends_are_households_that_wish_to_live_together() -> None:
    for wish in TogetherWish.objects.select_related("first", "second"):
        assert wish.first.members.count() == wish.second.members.count() == 1


def test_no_household_is_empty() -> None:
    assert not Household.objects.filter(members__isnull=True).exists()


def test_search_finds_by_name_and_identifier() -> None:
    officer = actor_of(roles.PREFECTURE_OFFICER)
    person = Person.objects.visible_to(officer, TODAY).exclude(surname="").order_by("pk")[0]
    identifier = Identifier.objects.filter(person=person).order_by("pk")[0]

    assert person in Person.objects.named(person.surname)
    assert person in Person.objects.identified_by(identifier.value, for_actor=officer)


def test_nobody_can_be_telephoned() -> None:
    phones = Person.objects.exclude(phone="").values_list("phone", flat=True)

    assert phones
    assert all(phone.startswith("+39 000 ") for phone in phones)


def test_a_free_bed_has_nobody_in_it_from_that_day() -> None:
    for stay in Occupancy.objects.select_related("bed").order_by("pk"):
        if stay.ends_on is None:
            assert stay.bed.free_from is None
        else:
            assert stay.bed.free_from is not None
            assert stay.bed.free_from >= stay.ends_on


def test_what_falls_due_is_on_the_board() -> None:
    expiring = Permit.objects.filter(expires_on__gte=TODAY).count()

    assert expiring
    assert Deadline.objects.exists()


def test_some_have_somebody_who_follows_them_and_a_next_step() -> None:
    followed = Exit.objects.filter(state__in=OPEN_STATES, owner__isnull=False)

    assert followed.exists()
    assert not followed.filter(next_step="").exists()


def test_money_is_there_for_some() -> None:
    assert Job.objects.filter(net_monthly_cents__gt=0).exists()


def test_filling_leaves_one_line_in_the_log() -> None:
    assert AuditEvent.objects.filter(verb="demo_filled").count() == 1


def test_a_database_with_people_is_not_filled() -> None:
    with pytest.raises(AlreadyFilled):
        seed_demo(seed=3, people=PEOPLE, today=TODAY, now=lambda: NOON)


def prepare(people: int | None) -> list[str]:
    told: list[str] = []
    prepare_demo(seed=None, people=people, today=TODAY, now=lambda: NOON, tell=told.append)
    return told


@pytest.mark.parametrize("people", [None, PEOPLE])
def test_second_start_keeps_what_is_there(people: int | None) -> None:
    Person.objects.order_by("pk").update(birth_place="Scritto a mano")

    told = prepare(people)

    assert "Riprendo" in told[0]
    assert Person.objects.filter(birth_place="Scritto a mano").count() == Person.objects.count()


def test_first_round_is_a_simulation_with_its_certificate() -> None:
    prepare(None)
    prepare(None)

    solved = Round.objects.get()
    first = count_demo(TODAY).round
    assert solved.state == RoundState.SOLVED
    assert first is not None
    assert first.is_simulation
    assert 0 <= first.housed <= first.households
    assert first.certificate.startswith("È provato")


def test_proposals_wait_at_each_signature_when_the_round_has_homes_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(proposals, "FEWEST_HOMES", 1)
    monkeypatch.setattr(proposals, "AT_EACH_STEP", 1)

    prepare(None)

    housed = Round.objects.get().housed
    assert housed > 0
    states = list(Proposal.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["home_accepted", "put_forward"][: min(2, housed)]


def test_few_things_are_late_at_the_beginning() -> None:
    waiting = Deadline.objects.filter(done_at__isnull=True)
    late = waiting.filter(due_on__lt=TODAY).count()

    assert 0 < late < 0.03 * waiting.count()


def test_another_size_says_how_to_begin_again() -> None:
    with pytest.raises(AnotherSize, match="make demo-reset PEOPLE=500"):
        prepare(500)


def test_command_says_what_is_there(
    clock: Callable[[date], date], capsys: pytest.CaptureFixture[str]
) -> None:
    clock(TODAY)

    call_command("fill_demo")

    said = capsys.readouterr().out
    assert "Dati di esempio: persone inventate" in said
    assert "Escono nei prossimi 90 giorni" in said
    assert "posti letto liberi" in said
    assert "Funzionario di prefettura, Prefettura" in said


def test_nothing_is_invented_in_production(settings: Any) -> None:
    settings.IS_PRODUCTION = True

    with pytest.raises(CommandError, match="produzione"):
        call_command("fill_demo")


def test_tenants_have_a_tenancy_whose_shares_are_what_is_due() -> None:
    tenancies = Tenancy.objects.prefetch_related("parties")

    assert tenancies
    for one in tenancies:
        assert sum(party.share_cents for party in one.parties.all()) == one.monthly_cents
    running = tenancies.filter(state="running")
    assert running.filter(hand_overs__isnull=True).count() == 0


def test_homes_have_tickets_visits_and_one_mediation_read_by_two() -> None:
    states = set(Ticket.objects.order_by().values_list("state", flat=True))
    assert {"open", "assigned", "under_way", "resolved", "closed", "cancelled"} <= states
    assert Visit.objects.planned().exists()
    assert Visit.objects.exclude(note="").exists()
    assert Mediation.objects.get().colleagues.count() == 1
