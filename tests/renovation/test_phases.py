from datetime import date, timedelta

import pytest

from ali.accounts import roles
from ali.audit.models import AuditEvent
from ali.core.decisions import NotAllowed, Refusal
from ali.core.states import WrongState
from ali.deadlines.models import Deadline
from ali.housing.models import Bed
from ali.housing.services import hold_beds
from ali.housing.states import DwellingState
from ali.renovation.models import PhaseRow, Stop, Works
from ali.renovation.services import (
    WorksFacts,
    abandon_works,
    begin_phase,
    open_works,
    plan_phase,
    resume_works,
    step_back,
    suspend_works,
)
from ali.renovation.states import Phase
from tests.factories.organisations import actor_for_role
from tests.factories.renovation import home_to_renew, make_works

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(today: date):
    return actor_for_role(roles.HOUSING_MANAGER.code)


def test_site_takes_homes_under_works_and_expects_them_at_the_end_of_the_plan(manager, today: date) -> None:
    works = make_works(manager, phase=Phase.SITE)
    home = works.dwellings.get()

    assert home.state == DwellingState.WORKS
    assert home.available_on == works.ready_on is not None
    assert not home.is_available_sure
    assert set(Bed.objects.filter(room__dwelling=home).values_list("free_from", flat=True)) == {
        works.ready_on
    }


def test_home_under_works_is_held_from_its_expected_day_and_a_slip_is_told(
    manager, today: date, monkeypatch
) -> None:
    told: list[tuple[list[int], date]] = []
    monkeypatch.setattr("ali.housing.hooks._listeners", [lambda beds, day: told.append((list(beds), day))])
    works = make_works(manager, phase=Phase.SITE)
    home = works.dwellings.get()
    assert works.ready_on
    held = hold_beds(dwelling=home, persons=1, starts_on=works.ready_on, today=today)
    row = PhaseRow.objects.get(works=works, phase=Phase.SITE)

    plan_phase(
        actor=manager,
        works=works,
        phase=Phase.SITE,
        starts_on=row.planned_starts_on,
        ends_on=row.planned_ends_on + timedelta(days=21),
        responsible="Geom. Prova",
        moves_following=True,
        expected_version=works.version,
        today=today,
    )

    before, home_after = home.available_on, works.dwellings.get()
    assert home_after.available_on == before + timedelta(days=21)
    assert told == [([held[0].pk], today)]
    row.refresh_from_db()
    assert (row.planned_ends_on - row.first_ends_on).days == 21


def test_phases_in_between_need_a_reason(manager, today: date) -> None:
    works = make_works(manager)

    with pytest.raises(Refusal, match="scrivi perché non servono"):
        begin_phase(
            actor=manager,
            works=works,
            phase=Phase.DESIGN,
            on=today,
            expected_version=works.version,
            today=today,
        )

    works = Works.objects.get(pk=works.pk)
    begin_phase(
        actor=manager,
        works=works,
        phase=Phase.DESIGN,
        on=today,
        expected_version=works.version,
        today=today,
        skipped_because="casa già nostra",
    )
    skipped = PhaseRow.objects.filter(works=works).exclude(skipped_because="")
    assert set(skipped.values_list("phase", flat=True)) == {"survey", "feasibility", "agreement"}


def test_future_day_and_wrong_order_are_refused(manager, today: date) -> None:
    works = make_works(manager, phase=Phase.DESIGN)

    with pytest.raises(Refusal, match="futuro"):
        begin_phase(
            actor=manager,
            works=works,
            phase=Phase.PERMITS,
            on=today + timedelta(days=1),
            expected_version=works.version,
            today=today,
        )
    with pytest.raises(WrongState):
        begin_phase(
            actor=manager,
            works=works,
            phase=Phase.SURVEY,
            on=today,
            expected_version=works.version,
            today=today,
        )


def test_handover_makes_homes_free(manager, today: date) -> None:
    works = make_works(manager, phase=Phase.SITE)
    begin_phase(
        actor=manager,
        works=works,
        phase=Phase.MANAGEMENT,
        on=today,
        expected_version=works.version,
        today=today,
        skipped_because="piccoli lavori",
    )

    home = works.dwellings.get()
    assert (home.state, home.available_on, home.is_available_sure) == (DwellingState.FREE, today, True)
    works.refresh_from_db()
    assert works.ready_on is None
    assert not Deadline.objects.filter(source__contains=":phase").exists()


def test_home_without_beds_is_not_handed_over(manager, today: date) -> None:
    home = home_to_renew(manager, beds=0)
    works = make_works(manager, phase=Phase.SITE, home=home)

    with pytest.raises(Refusal, match="posti letto"):
        begin_phase(
            actor=manager,
            works=works,
            phase=Phase.MANAGEMENT,
            on=today,
            expected_version=works.version,
            today=today,
            skipped_because="x",
        )


def test_suspended_works_leave_no_expected_day_and_resume_later(manager, today: date) -> None:
    works = make_works(manager, phase=Phase.SITE)
    expected = works.ready_on
    stopped = today - timedelta(days=10)

    suspend_works(
        actor=manager,
        works=works,
        reason="finding",
        note="amianto nel tetto",
        on=stopped,
        expected_version=works.version,
        today=today,
    )
    assert (works.phase, works.resumes_at, works.ready_on) == (Phase.SUSPENDED, Phase.SITE, None)
    assert works.dwellings.get().available_on is None

    resume_works(actor=manager, works=works, on=today, expected_version=works.version, today=today)
    assert works.phase == Phase.SITE
    assert works.ready_on == expected + timedelta(days=10)
    assert works.dwellings.get().available_on == works.ready_on
    assert Stop.objects.get().resumed_on == today


def test_stop_needs_a_typed_reason_and_words(manager, today: date) -> None:
    works = make_works(manager, phase=Phase.SITE)

    for reason, note in (("boh", "qualcosa"), ("funds", " ")):
        with pytest.raises(Refusal, match="Scegli il motivo"):
            suspend_works(
                actor=manager,
                works=works,
                reason=reason,
                note=note,
                on=today,
                expected_version=works.version,
                today=today,
            )


def test_abandoned_works_are_kept_and_the_home_is_suspended(manager, today: date) -> None:
    works = make_works(manager, phase=Phase.SITE)

    abandon_works(
        actor=manager,
        works=works,
        reason="costs",
        note="serve rifare il tetto",
        on=today,
        expected_version=works.version,
        today=today,
    )

    assert works.phase == Phase.ABANDONED
    assert works.dwellings.get().state == DwellingState.SUSPENDED
    assert Stop.objects.get().is_final
    assert not Deadline.objects.filter(source__startswith="renovation.works").exists()


def test_variant_goes_back_to_the_design(manager, today: date) -> None:
    works = make_works(manager, phase=Phase.SITE)

    step_back(
        actor=manager,
        works=works,
        verb="redo_design",
        reason="variante strutturale",
        on=today,
        expected_version=works.version,
        today=today,
    )

    assert works.phase == Phase.DESIGN
    assert PhaseRow.objects.get(works=works, phase=Phase.SITE).started_on is None


def test_dwelling_has_one_works_at_a_time(manager, today: date) -> None:
    works = make_works(manager)
    home = works.dwellings.get()

    with pytest.raises(Refusal, match="già nei lavori"):
        open_works(
            actor=manager, building=home.building, dwellings=[home], facts=WorksFacts("Altri"), today=today
        )


def test_phase_under_way_is_on_the_board_of_the_body(manager, today: date) -> None:
    works = make_works(manager, phase=Phase.SITE)

    due = Deadline.objects.visible_to(manager).get(source__endswith=":phase")
    assert due.due_on == PhaseRow.objects.get(works=works, phase=Phase.SITE).planned_ends_on
    assert "cantiere" in due.sentence


def test_operator_reads_and_changes_nothing(manager, today: date) -> None:
    works = make_works(manager)
    operator = actor_for_role(roles.HOUSING_OPERATOR.code, organisation=works.holder)
    stranger = actor_for_role(roles.HOUSING_MANAGER.code)

    assert Works.objects.visible_to(operator).exists()
    assert not Works.objects.visible_to(stranger).exists()
    for actor in (operator, stranger):
        with pytest.raises(NotAllowed):
            begin_phase(
                actor=actor, works=works, phase=Phase.SURVEY, on=today, expected_version=1, today=today
            )


def test_every_change_is_in_the_log(manager, today: date) -> None:
    make_works(manager, phase=Phase.SITE)

    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"works_opened", "works_phase_planned", "works_phase_begun", "home_step_taken"} <= verbs
