from datetime import date, timedelta

import pytest
from django.utils import timezone

from ali.accounts import roles
from ali.accounts.models import User
from ali.audit.models import AuditEvent
from ali.core.decisions import NotAllowed, Refusal
from ali.core.models import StaleRecord
from ali.core.states import WrongState
from ali.deadlines.models import Deadline
from ali.organisations.models import Organisation
from ali.people import services as people
from ali.people.details import PermitDetails, UnclearData
from ali.people.models import Assignment, Person
from ali.places.models import Language
from ali.reception import permissions, services
from ali.reception.models import Centre, Exit, Stay
from ali.reception.states import ExitState, GapState
from ali.rules.models import Rule
from tests.factories.organisations import OrganisationFactory, actor_for_role
from tests.factories.people import PersonFactory, SpokenLanguageFactory
from tests.factories.places import municipality
from tests.factories.reception import (
    ArrivalFactory,
    CentreFactory,
    ContractFactory,
    ExitFactory,
    ExtensionFactory,
    StayFactory,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
IN_A_MONTH = TODAY + timedelta(days=30)


@pytest.fixture(autouse=True)
def stopped(clock):
    clock(TODAY)


@pytest.fixture
def prefecture():
    return OrganisationFactory(name="Prefettura di Padova", prefecture=True)


@pytest.fixture
def officer(prefecture):
    return actor_for_role(roles.PREFECTURE_OFFICER.code, organisation=prefecture)


@pytest.fixture
def centre():
    return CentreFactory(places=10)


@pytest.fixture
def operator(centre):
    return actor_for_role(roles.CENTRE_OPERATOR.code, organisation=centre.manager)


@pytest.fixture
def coordinator(centre):
    return actor_for_role(roles.CENTRE_COORDINATOR.code, organisation=centre.manager)


@pytest.fixture
def leaving(centre, prefecture):
    return ExitFactory(centre=centre, prefecture=prefecture)


@pytest.fixture
def dated(centre, prefecture):
    return ExitFactory(centre=centre, prefecture=prefecture, communicated=True)


def common(leaving: Exit) -> dict[str, object]:
    return {"leaving": leaving, "today": TODAY, "expected_version": leaving.version}


def set_parameter(event: str = "permit_delivered", days: int = 30) -> Rule:
    return Rule.objects.create(
        code=f"reception.exit_days.recognised.{event}",
        value=days,
        province_id="PD",
        valid_from=date(2020, 1, 1),
        sentence="Trenta giorni.",
        source="Parametro di prova",
    )


class TestStays:
    def test_arrival_lets_manager_and_prefecture_follow(self, operator, officer, centre, prefecture):
        newcomer = PersonFactory(carer=centre.manager)

        stay = services.admit_person(
            actor=operator, person=newcomer, centre=centre, entered_on=TODAY, today=TODAY
        )

        assert stay.centre == centre
        assert Person.objects.visible_to(officer).get() == newcomer
        assert AuditEvent.objects.filter(verb="person_admitted").exists()

    @pytest.mark.parametrize(
        ("born", "entered_on"),
        [(date(1990, 1, 1), date(2026, 3, 3)), (date(2020, 1, 1), date(2019, 1, 1))],
    )
    def test_impossible_arrival_is_refused(self, operator, centre, born, entered_on):
        newcomer = PersonFactory(carer=centre.manager, birth_date=born)

        with pytest.raises(UnclearData):
            services.admit_person(
                actor=operator, person=newcomer, centre=centre, entered_on=entered_on, today=TODAY
            )

    def test_nobody_enters_before_arriving_in_italy(self, operator, centre):
        newcomer = PersonFactory(carer=centre.manager, arrived_on=TODAY - timedelta(days=10))

        with pytest.raises(UnclearData, match="arrivo in Italia"):
            services.admit_person(
                actor=operator,
                person=newcomer,
                centre=centre,
                entered_on=TODAY - timedelta(days=11),
                today=TODAY,
            )

    def test_nobody_is_in_two_centres(self, operator, centre):
        stay = StayFactory(centre=centre)

        with pytest.raises(Refusal):
            services.admit_person(
                actor=operator, person=stay.person, centre=centre, entered_on=TODAY, today=TODAY
            )

    def test_arrival_before_the_last_departure_is_refused(self, operator, centre):
        stay = StayFactory(centre=centre, ended=True)

        with pytest.raises(UnclearData):
            services.admit_person(
                actor=operator,
                person=stay.person,
                centre=centre,
                entered_on=TODAY - timedelta(days=20),
                today=TODAY,
            )

    def test_operator_cannot_admit_into_another_body(self, operator):
        newcomer = PersonFactory(seen_by=operator)

        with pytest.raises(NotAllowed):
            services.admit_person(
                actor=operator, person=newcomer, centre=CentreFactory(), entered_on=TODAY, today=TODAY
            )

    def test_transfer_moves_the_open_exit_and_ends_the_former_manager_later(self, officer, dated):
        elsewhere = CentreFactory()

        new = services.transfer_person(
            actor=officer, stay=dated.stay, centre=elsewhere, moved_on=TODAY, today=TODAY
        )

        dated.refresh_from_db()
        assert dated.stay == new
        former = Assignment.objects.get(organisation=Stay.objects.exclude(pk=new.pk).get().centre.manager)
        assert former.ends_on == TODAY + timedelta(days=365)
        assert Assignment.objects.get(organisation=elsewhere.manager).ends_on is None

    def test_former_manager_of_a_reserved_person_forgets_at_once(
        self, coordinator, operator, officer, centre
    ):
        stay = StayFactory(centre=centre)
        former = actor_for_role(roles.CENTRE_COORDINATOR.code)
        people.assign(
            actor=former,
            person=stay.person,
            organisation_id=former.organisation_id,
            capacity="casework",
            reason="ospite fino a ieri",
            today=TODAY,
            ends_on=TODAY + timedelta(days=300),
        )

        with pytest.raises(NotAllowed):
            people.mark_reserved(actor=former, person=stay.person, officers=[], reason="x", today=TODAY)
        people.mark_reserved(actor=coordinator, person=stay.person, officers=[], reason="x", today=TODAY)
        assert not Person.objects.visible_to(former).exists()
        assert Person.objects.visible_to(operator).exists()

        stay.person.refresh_from_db()
        elsewhere = CentreFactory(manager=Organisation.objects.get(pk=former.organisation_id))
        people.assign(
            actor=officer,
            person=stay.person,
            organisation_id=officer.organisation_id,
            capacity="prefecture",
            reason="nominata",
            today=TODAY,
            user_id=officer.user_id,
        )
        services.transfer_person(actor=officer, stay=stay, centre=elsewhere, moved_on=TODAY, today=TODAY)
        assert not Person.objects.visible_to(operator).exists()
        assert Person.objects.visible_to(former).exists()

    def test_reserved_person_takes_a_place_from_the_unavailable_ones(self, coordinator, officer, centre):
        stay = StayFactory(centre=centre)

        people.mark_reserved(actor=coordinator, person=stay.person, officers=[], reason="x", today=TODAY)
        centre.refresh_from_db()
        assert centre.unavailable_places == 1

        services.record_departure(
            actor=coordinator, person=stay.person, left_on=TODAY, reason="U17", today=TODAY
        )
        centre.refresh_from_db()
        assert centre.unavailable_places == 0

    def test_departure_without_an_exit_in_progress_still_has_a_reason(self, operator, centre):
        stay = StayFactory(centre=centre)

        done = services.record_departure(
            actor=operator, person=stay.person, left_on=TODAY, reason="U09", today=TODAY
        )

        stay.refresh_from_db()
        assert (done.state, stay.left_on, stay.left_because) == ("done", TODAY, "U09")


class TestProposedDay:
    def test_clock_proposes_with_its_reason_and_rule(self, operator, leaving):
        set_parameter()

        services.propose_exit(actor=operator, event="permit_delivered", event_on=TODAY, **common(leaving))

        leaving.refresh_from_db()
        assert (leaving.state, leaving.leaves_on) == ("proposed", date(2026, 4, 1))
        assert "30 giorni" in leaving.proposed_because
        assert leaving.rule[0]["value"] == 30
        assert leaving.confirmed_at is None

    def test_without_the_parameter_no_day_is_invented(self, operator, leaving):
        services.propose_exit(actor=operator, event="permit_delivered", event_on=TODAY, **common(leaving))

        assert (leaving.state, leaving.leaves_on) == ("expected", None)
        assert "parametro locale" in leaving.proposed_because

    def test_typed_day_needs_a_reason(self, operator, leaving):
        with pytest.raises(UnclearData):
            services.propose_exit(
                actor=operator, event="agreed", event_on=TODAY, day=IN_A_MONTH, **common(leaving)
            )

        services.propose_exit(
            actor=operator,
            event="agreed",
            event_on=TODAY,
            day=IN_A_MONTH,
            because="va dal fratello",
            **common(leaving),
        )
        assert leaving.leaves_on == IN_A_MONTH

    def test_delivered_permit_starts_the_clock_of_an_expected_exit(self, operator, leaving):
        set_parameter()

        people.add_permit(
            actor=operator,
            person=leaving.person,
            details=PermitDetails(
                kind="AS", state="delivered", delivered_on=TODAY, expires_on=date(2031, 3, 2)
            ),
            today=TODAY,
        )

        leaving.refresh_from_db()
        assert (leaving.state, leaving.leaves_on) == ("proposed", date(2026, 4, 1))
        assert leaving.gap_papers == GapState.OK
        assert set(Deadline.objects.values_list("kind", flat=True)) == {"exit", "permit"}

    def test_asylum_seekers_permit_starts_nothing(self, operator, leaving):
        set_parameter()

        people.add_permit(
            actor=operator,
            person=leaving.person,
            details=PermitDetails(kind="RA", state="delivered", delivered_on=TODAY),
            today=TODAY,
        )

        leaving.refresh_from_db()
        assert leaving.state == "expected"


class TestActsOfThePrefecture:
    def test_communicated_day_is_the_officers(self, officer, leaving):
        services.communicate_exit(
            actor=officer,
            leaves_on=IN_A_MONTH,
            communicated_on=TODAY,
            now=timezone.now(),
            **common(leaving),
        )

        leaving.refresh_from_db()
        assert (leaving.state, leaving.leaves_on) == ("communicated", IN_A_MONTH)
        assert leaving.confirmed_by_id == officer.user_id

    def test_decree_and_notification_follow(self, officer, leaving):
        services.decree_exit(
            actor=officer,
            number="45/2026",
            decree_on=TODAY - timedelta(days=1),
            protocol="1234",
            leaves_on=IN_A_MONTH,
            now=timezone.now(),
            **common(leaving),
        )
        services.notify_exit(
            actor=officer,
            notified_on=TODAY,
            language=Language.objects.get(pk="fra"),
            with_mediator=True,
            **common(leaving),
        )

        assert leaving.state == "notified"
        assert leaving.notified_language_id == "fra"
        verbs = set(AuditEvent.objects.values_list("verb", flat=True))
        assert {"exit_decreed", "exit_notified"} <= verbs

    @pytest.mark.parametrize("verb", ["communicate", "decree", "notify", "suspend", "resume"])
    def test_centres_cannot_decide(self, operator, coordinator, dated, verb):
        for actor in (operator, coordinator):
            decision = permissions.may_step(actor, verb, dated)
            assert not decision
            assert str(decision.reason)

    def test_operator_cannot_communicate(self, operator, leaving):
        with pytest.raises(NotAllowed):
            services.communicate_exit(
                actor=operator,
                leaves_on=IN_A_MONTH,
                communicated_on=TODAY,
                now=timezone.now(),
                **common(leaving),
            )

    def test_officer_of_another_province_cannot(self, leaving):
        elsewhere = actor_for_role(roles.PREFECTURE_OFFICER.code, "VI")

        with pytest.raises(NotAllowed):
            services.communicate_exit(
                actor=elsewhere,
                leaves_on=IN_A_MONTH,
                communicated_on=TODAY,
                now=timezone.now(),
                **common(leaving),
            )

    def test_second_officer_does_not_overwrite(self, officer, leaving):
        stale = common(Exit.objects.get(pk=leaving.pk))
        services.communicate_exit(
            actor=officer,
            leaves_on=IN_A_MONTH,
            communicated_on=TODAY,
            now=timezone.now(),
            **common(leaving),
        )

        with pytest.raises(StaleRecord):
            services.decree_exit(
                actor=officer,
                number="1",
                decree_on=TODAY,
                protocol="",
                leaves_on=IN_A_MONTH,
                now=timezone.now(),
                **stale,
            )

    @pytest.mark.parametrize(
        "wrong",
        [
            {"leaves_on": TODAY - timedelta(days=1)},
            {"leaves_on": date(2020, 1, 1)},
            {"communicated_on": TODAY + timedelta(days=1)},
        ],
    )
    def test_impossible_communication_is_refused(self, officer, leaving, wrong):
        given = {"leaves_on": IN_A_MONTH, "communicated_on": TODAY} | wrong

        with pytest.raises(UnclearData):
            services.communicate_exit(actor=officer, now=timezone.now(), **given, **common(leaving))

    def test_court_stops_the_day_and_the_exit_starts_again(self, officer, dated):
        services.suspend_exit(
            actor=officer, suspended_on=TODAY, suspended_by="Tribunale di Venezia, 12/2026", **common(dated)
        )
        assert (dated.state, dated.leaves_on) == ("suspended", None)

        services.resume_exit(actor=officer, awaited_event="court", reason="respinta", **common(dated))
        assert dated.state == "expected"

    def test_done_exit_cannot_be_communicated(self, officer, centre, prefecture):
        done = ExitFactory(centre=centre, prefecture=prefecture, done=True)

        with pytest.raises(WrongState):
            services.communicate_exit(
                actor=officer,
                leaves_on=IN_A_MONTH,
                communicated_on=TODAY,
                now=timezone.now(),
                **common(done),
            )

    def test_confirming_for_a_home_needs_an_open_exit_each(self, officer, leaving):
        alone = StayFactory(
            centre=leaving.stay.centre, prefecture=Organisation.objects.get(pk=officer.organisation_id)
        )

        assert services.confirm_exits(actor=officer, person_ids=[leaving.person_id], now=timezone.now()) == 1
        with pytest.raises(Refusal):
            services.confirm_exits(actor=officer, person_ids=[alone.person_id], now=timezone.now())


class TestCorrectedDay:
    @pytest.mark.parametrize("state", ["communicated", "decreed"])
    def test_wrong_day_is_put_right_with_its_reason(self, officer, centre, prefecture, state):
        wrong = ExitFactory(centre=centre, prefecture=prefecture, **{state: True})
        right = wrong.leaves_on + timedelta(days=5)

        services.correct_exit_day(
            actor=officer, **common(wrong), leaves_on=right, reason="letto male il decreto"
        )

        wrong.refresh_from_db()
        assert (wrong.leaves_on, wrong.state) == (right, state)
        line = AuditEvent.objects.get(verb="exit_day_corrected")
        assert (line.reason, line.details["before"]) == ("letto male il decreto", IN_A_MONTH.isoformat())
        days = Deadline.objects.filter(title="Esce dall'accoglienza").values_list("due_on", flat=True)
        assert set(days) == {right}

    @pytest.mark.parametrize(
        ("days", "reason", "field"),
        [(35, " ", "reason"), (30, "nessun cambiamento", "leaves_on"), (-2, "prima di dirlo", "leaves_on")],
    )
    def test_correction_without_a_reason_or_a_change_is_refused(self, officer, dated, days, reason, field):
        with pytest.raises(UnclearData) as refused:
            services.correct_exit_day(
                actor=officer, **common(dated), leaves_on=TODAY + timedelta(days=days), reason=reason
            )

        assert refused.value.field == field

    def test_day_told_to_the_person_is_not_corrected(self, officer, centre, prefecture):
        told = ExitFactory(centre=centre, prefecture=prefecture, notified=True)

        with pytest.raises(WrongState):
            services.correct_exit_day(actor=officer, **common(told), leaves_on=TODAY, reason="sbaglio")

    def test_centres_do_not_correct(self, coordinator, dated):
        with pytest.raises(NotAllowed):
            services.correct_exit_day(actor=coordinator, **common(dated), leaves_on=TODAY, reason="sbaglio")


class TestAfterTheMove:
    @staticmethod
    def leave(operator, dated, reason="U04"):
        services.complete_exit(actor=operator, **common(dated), done_on=TODAY, reason=reason)
        dated.refresh_from_db()

    @staticmethod
    def dues():
        return set(Deadline.objects.values_list("source", flat=True))

    def test_what_is_declared_leaves_the_board(self, operator, dated):
        self.leave(operator, dated)

        services.report_move(
            actor=operator, **common(dated), residence_declared_on=TODAY, questura_told_on=None
        )

        dated.refresh_from_db()
        assert self.dues() == {f"reception.exit:{dated.public_id}:address"}
        assert dated.state == ExitState.DONE
        assert AuditEvent.objects.filter(verb="move_reported").exists()

    def test_who_leaves_no_address_has_nothing_to_declare(self, operator, dated):
        self.leave(operator, dated, reason="U09")

        assert self.dues() == set()

    def test_days_come_from_the_rule_of_the_place(self, operator, dated):
        Rule.objects.create(
            code="people.residence_days",
            value=5,
            province_id="PD",
            valid_from=date(2020, 1, 1),
            sentence="Cinque giorni.",
            source="Accordo di prova",
        )

        self.leave(operator, dated)

        days = Deadline.objects.filter(source__endswith=":residence").values_list("due_on", flat=True)
        assert set(days) == {TODAY + timedelta(days=5)}

    @pytest.mark.parametrize("told", [{}, {"questura_told_on": IN_A_MONTH}])
    def test_empty_or_future_report_is_refused(self, operator, dated, told):
        self.leave(operator, dated)

        with pytest.raises(Refusal):
            services.report_move(
                actor=operator,
                **common(dated),
                **{"residence_declared_on": None, "questura_told_on": None} | told,
            )

    def test_before_leaving_there_is_nothing_to_report(self, operator, dated):
        with pytest.raises(WrongState):
            services.report_move(
                actor=operator, **common(dated), residence_declared_on=TODAY, questura_told_on=TODAY
            )


class TestReservedDeadlines:
    def test_named_officer_alone_has_them_in_the_office(self, officer, coordinator, dated, prefecture):
        colleague = actor_for_role(roles.PREFECTURE_OFFICER.code, organisation=prefecture)

        people.mark_reserved(
            actor=coordinator,
            person=dated.person,
            officers=[User.objects.get(pk=officer.user_id)],
            reason="minacce",
            today=TODAY,
        )

        assert Deadline.objects.visible_to(officer).count() == 1
        assert not Deadline.objects.visible_to(colleague).exists()
        assert Deadline.objects.visible_to(coordinator).count() == 1

    def test_officer_no_longer_named_loses_them(self, officer, coordinator, dated):
        user = User.objects.get(pk=officer.user_id)
        people.mark_reserved(
            actor=coordinator, person=dated.person, officers=[user], reason="minacce", today=TODAY
        )

        people.name_officers(actor=coordinator, person=dated.person, officers=[], today=TODAY)

        assert not Deadline.objects.visible_to(officer).exists()


class TestExtensions:
    def test_granted_days_move_the_day(self, operator, officer, dated):
        asked = services.ask_extension(
            actor=operator,
            leaving=dated,
            asked_by="person",
            asked_on=TODAY,
            days=15,
            reason="aspetta le chiavi",
            today=TODAY,
        )
        assert Deadline.objects.filter(kind="extension").count() == 2

        services.answer_extension(
            actor=officer,
            extension=asked,
            is_granted=True,
            answered_on=TODAY,
            reason="",
            today=TODAY,
            expected_version=asked.version,
        )

        dated.refresh_from_db()
        assert dated.leaves_on == IN_A_MONTH + timedelta(days=15)
        assert not Deadline.objects.filter(kind="extension").exists()

    @pytest.mark.parametrize(("days", "state"), [(10, ExitState.COMMUNICATED), (3, ExitState.STAYED_BEYOND)])
    def test_days_granted_to_who_stayed_beyond_give_a_day_again(
        self, officer, centre, prefecture, days, state
    ):
        beyond = ExitFactory(centre=centre, prefecture=prefecture, beyond=True)

        services.answer_extension(
            actor=officer,
            extension=ExtensionFactory(exit=beyond, days=days, asked_on=TODAY),
            is_granted=True,
            answered_on=TODAY,
            reason="",
            today=TODAY,
            expected_version=1,
        )

        beyond.refresh_from_db()
        assert beyond.state == state
        assert beyond.leaves_on == TODAY + timedelta(days=days - 5)

    def test_refusal_needs_a_reason(self, officer, dated):
        asked = ExtensionFactory(exit=dated)
        answer = {
            "actor": officer,
            "extension": asked,
            "is_granted": False,
            "answered_on": TODAY,
            "today": TODAY,
            "expected_version": 1,
        }
        with pytest.raises(UnclearData):
            services.answer_extension(reason="", **answer)

        services.answer_extension(reason="posto già dato", **answer)
        dated.refresh_from_db()
        assert dated.leaves_on == IN_A_MONTH

    def test_one_request_waits_at_a_time(self, operator, dated):
        ExtensionFactory(exit=dated)

        with pytest.raises(Refusal):
            services.ask_extension(
                actor=operator,
                leaving=dated,
                asked_by="manager",
                asked_on=TODAY,
                days=5,
                reason="x",
                today=TODAY,
            )

    def test_expected_exit_has_no_days_to_extend(self, operator, leaving):
        with pytest.raises(Refusal):
            services.ask_extension(
                actor=operator,
                leaving=leaving,
                asked_by="person",
                asked_on=TODAY,
                days=5,
                reason="x",
                today=TODAY,
            )


class TestHowItEnds:
    def test_departure_ends_the_stay_and_later_the_sight(self, operator, dated):
        services.complete_exit(actor=operator, done_on=TODAY, reason="U04", **common(dated))

        dated.stay.refresh_from_db()
        assert (dated.stay.left_on, dated.stay.left_because) == (TODAY, "U04")
        ends = set(Assignment.objects.filter(person=dated.person).values_list("ends_on", flat=True))
        assert ends == {TODAY + timedelta(days=365)}
        titles = dict(Deadline.objects.values_list("title", "due_on"))
        assert titles == {
            "Dichiarare la nuova residenza al Comune": TODAY + timedelta(days=20),
            "Comunicare il nuovo indirizzo alla Questura": TODAY + timedelta(days=15),
        }
        assert Person.objects.visible_to(operator).exists()

    def test_other_reason_is_explained(self, operator, dated):
        with pytest.raises(UnclearData):
            services.complete_exit(actor=operator, done_on=TODAY, reason="U99", **common(dated))

        services.complete_exit(
            actor=operator, done_on=TODAY, reason="U99", note="ospite della parrocchia", **common(dated)
        )

    def test_nights_beyond_are_counted_and_paid_by_somebody(self, operator, centre, prefecture):
        late = ExitFactory(
            centre=centre, prefecture=prefecture, communicated=True, leaves_on=TODAY - timedelta(days=4)
        )

        services.mark_stayed_beyond(actor=operator, paid_by="ente gestore", **common(late))

        assert (late.state, late.nights_beyond_on(TODAY)) == ("stayed_beyond", 4)

    def test_day_still_to_come_is_not_beyond(self, operator, dated):
        with pytest.raises(Refusal):
            services.mark_stayed_beyond(actor=operator, paid_by="", **common(dated))

    def test_after_an_act_only_the_prefecture_cancels(self, operator, officer, dated):
        with pytest.raises(NotAllowed):
            services.cancel_exit(actor=operator, reason="sbaglio", **common(dated))

        services.cancel_exit(actor=officer, reason="sbaglio", **common(dated))
        assert dated.state == ExitState.CANCELLED


class TestSolutions:
    def test_solution_changes_the_gap_and_the_log(self, operator, leaving):
        services.set_solution(
            actor=operator,
            solution="employer",
            note="azienda agricola",
            now=timezone.now(),
            **common(leaving),
        )

        assert (leaving.solution, leaving.gap_home) == ("employer", GapState.PARTIAL)
        event = AuditEvent.objects.get(verb="solution_set")
        assert event.details["is_flagged"] is True

    def test_unknown_solution_and_closed_exit_are_refused(self, operator, leaving, centre):
        with pytest.raises(UnclearData):
            services.set_solution(actor=operator, solution="castello", now=timezone.now(), **common(leaving))
        done = ExitFactory(centre=centre, done=True)
        with pytest.raises(NotAllowed):
            services.set_solution(actor=operator, solution="relatives", now=timezone.now(), **common(done))

    def test_housing_manager_cannot_set_it(self, leaving):
        agency = actor_for_role(roles.HOUSING_MANAGER.code)

        with pytest.raises(NotAllowed):
            services.set_solution(actor=agency, solution="relatives", now=timezone.now(), **common(leaving))

    def test_accepted_home_is_the_solution_of_the_whole_household(self, operator, leaving):
        assert (
            services.record_network_home(
                actor=operator, person_ids=[leaving.person_id], now=timezone.now(), today=TODAY
            )
            == 1
        )

        leaving.refresh_from_db()
        assert (leaving.solution, leaving.gap_home) == ("network_home", GapState.OK)

    def test_next_step_enters_the_board(self, operator, leaving):
        from ali.accounts.models import User

        services.set_next_step(
            actor=operator,
            owner=User.objects.get(pk=operator.user_id),
            next_step="Chiamare il proprietario",
            next_step_on=TODAY + timedelta(days=3),
            **common(leaving),
        )

        due = Deadline.objects.get(kind="next_step", organisation=operator.organisation_id)
        assert (due.title, due.due_on) == ("Chiamare il proprietario", TODAY + timedelta(days=3))

    def test_owner_works_in_a_body_that_follows(self, operator, leaving):
        from ali.accounts.models import User

        stranger = actor_for_role(roles.CENTRE_OPERATOR.code)
        with pytest.raises(Refusal):
            services.set_next_step(
                actor=operator,
                owner=User.objects.get(pk=stranger.user_id),
                next_step="x",
                next_step_on=None,
                **common(leaving),
            )


class TestExpectedExit:
    def test_person_in_a_centre_is_expected_to_leave(self, operator, centre):
        stay = StayFactory(centre=centre)
        SpokenLanguageFactory(person=stay.person, level="A1")

        leaving = services.expect_exit(
            actor=operator,
            person=stay.person,
            cause="recognised",
            awaited_event="permit_delivered",
            today=TODAY,
        )

        assert (leaving.state, leaving.gap_language) == ("expected", GapState.PARTIAL)
        with pytest.raises(Refusal):
            services.expect_exit(
                actor=operator, person=stay.person, cause="recognised", awaited_event="agreed", today=TODAY
            )

    def test_person_outside_reception_has_nothing_to_leave(self, operator):
        with pytest.raises(Refusal):
            services.expect_exit(
                actor=operator,
                person=PersonFactory(seen_by=operator),
                cause="recognised",
                awaited_event="agreed",
                today=TODAY,
            )

    def test_municipality_of_a_vulnerable_person_must_be_told(self, officer, operator, centre, prefecture):
        fragile = ExitFactory(
            stay=StayFactory(
                centre=centre,
                prefecture=prefecture,
                person=PersonFactory(vulnerable=True, carer=centre.manager),
            )
        )
        services.communicate_exit(
            actor=officer,
            leaves_on=IN_A_MONTH,
            communicated_on=TODAY,
            now=timezone.now(),
            **common(fragile),
        )
        assert Deadline.objects.filter(kind="communication").exists()

        people.tell_municipality(
            actor=operator, person=fragile.person, municipality=municipality(), told_on=TODAY, today=TODAY
        )
        assert not Deadline.objects.filter(kind="communication").exists()


class TestCentres:
    def test_announced_arrival_takes_places_until_it_happens(self, coordinator, centre):
        arrival = services.announce_arrival(
            actor=coordinator, centre=centre, expected_on=IN_A_MONTH, persons=4, today=TODAY
        )
        services.confirm_arrival(actor=coordinator, arrival=arrival, now=timezone.now())

        with pytest.raises(Refusal):
            services.withdraw_arrival(actor=coordinator, arrival=arrival, reason="x")

    def test_operator_cannot_announce_and_the_past_is_refused(self, operator, coordinator, centre):
        with pytest.raises(NotAllowed):
            services.announce_arrival(
                actor=operator, centre=centre, expected_on=IN_A_MONTH, persons=4, today=TODAY
            )
        with pytest.raises(UnclearData):
            services.announce_arrival(
                actor=coordinator,
                centre=centre,
                expected_on=TODAY - timedelta(days=1),
                persons=4,
                today=TODAY,
            )

    def test_withdrawn_arrival_is_gone(self, coordinator, centre):
        arrival = ArrivalFactory(centre=centre)

        services.withdraw_arrival(actor=coordinator, arrival=arrival, reason="non arrivano")

        assert not centre.announced_arrivals.exists()

    def test_places_change_within_reason(self, coordinator, centre):
        change = {"actor": coordinator, "centre": centre, "closes_on": None, "expected_version": 1}
        services.change_centre(places=12, unavailable_places=2, **change)
        with pytest.raises(UnclearData):
            services.change_centre(places=12, unavailable_places=13, **(change | {"expected_version": 2}))

    def test_doubtful_contract_is_confirmed_by_a_person(self, officer, coordinator):
        contract = ContractFactory()
        given = {
            "contract": contract,
            "kind": "UA",
            "places": 30,
            "starts_on": None,
            "ends_on": date(2026, 12, 31),
            "manager": None,
            "today": TODAY,
            "now": timezone.now(),
            "expected_version": 1,
        }
        with pytest.raises(NotAllowed):
            services.confirm_contract(actor=coordinator, **given)

        services.confirm_contract(actor=officer, **given)

        assert contract.reading == "confirmed"
        due = Deadline.objects.get(kind="contract")
        assert (due.due_on, due.organisation_id) == (date(2026, 12, 31), officer.organisation_id)
        assert AuditEvent.objects.get(verb="contract_confirmed").details["corrected"]

    def test_confirming_who_and_where_gives_the_centres(self, officer, centre):
        contract = ContractFactory()
        place = centre.municipality

        services.confirm_contract(
            actor=officer,
            contract=contract,
            kind="CC",
            places=38,
            starts_on=TODAY,
            ends_on=None,
            manager=None,
            new_manager="Cooperativa sociale Esempio Lunare",
            municipalities=[place],
            today=TODAY,
            now=timezone.now(),
            expected_version=1,
        )

        made = Centre.objects.get(contract=contract)
        assert (made.manager.name, made.municipality, made.kind, made.places) == (
            "Cooperativa sociale Esempio Lunare",
            place,
            "CC",
            38,
        )
        assert made.manager.roles.get().kind == "EG"
        assert AuditEvent.objects.get(verb="contract_confirmed").details["centres"] == 1

    def test_a_persons_name_does_not_become_a_body(self, officer):
        with pytest.raises(UnclearData, match="nome di una persona"):
            services.confirm_contract(
                actor=officer,
                contract=ContractFactory(),
                kind="CC",
                places=8,
                starts_on=None,
                ends_on=None,
                manager=None,
                new_manager="MARIO ROSSI",
                today=TODAY,
                now=timezone.now(),
                expected_version=1,
            )
