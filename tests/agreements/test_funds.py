"""A guarantee fund: what it covers, and sums that are always those of its entries."""

import threading
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, connections, transaction
from hypothesis import given
from hypothesis import strategies as st
from uuid6 import uuid7

from ali.accounts.actors import SYSTEM, Actor
from ali.agreements import hooks, services
from ali.agreements.guaranteeing import CoverTerms, coverage_of, fund_balance, fund_coverage
from ali.agreements.ledger import Posting, post, raw_sums
from ali.agreements.models import Commitment, Fund, FundCall, FundEntry
from ali.agreements.services import NotCovered, NotPossible
from ali.agreements.states import CallState, EntryKind
from ali.audit.models import AuditEvent
from ali.core.decisions import NotAllowed, Refusal
from ali.core.posted import PostedStays
from ali.deadlines.models import Deadline
from ali.housing.models import Dwelling
from ali.rules.calculators import WrongInput
from tests.factories.agreements import CommitmentFactory, FundFactory
from tests.factories.housing import DwellingFactory
from tests.factories.organisations import OrganisationFactory, actor_for_role

TODAY = date(2026, 3, 2)
TENANCY = uuid7()
NAMES = ("balance_cents", "endowment_cents", "committed_cents", "called_cents", "recovered_cents")


def kept(fund: Fund) -> dict[str, int]:
    fresh = Fund.objects.get(pk=fund.pk)
    return {name: getattr(fresh, name) for name in NAMES}


@pytest.fixture
def officer(db: None) -> Actor:
    return actor_for_role("municipal_officer")


@pytest.fixture
def fund(officer: Actor) -> Fund:
    return FundFactory(body_id=officer.body)


@pytest.fixture
def manager(db: None) -> Actor:
    return actor_for_role("housing_manager")


@pytest.fixture
def home(manager: Actor) -> Dwelling:
    return DwellingFactory(manager_id=manager.body)


@pytest.fixture
def commitment(fund: Fund, home: Dwelling) -> Commitment:
    return CommitmentFactory(fund=fund, dwelling=home, tenancy=TENANCY)


def call(manager: Actor, home: Dwelling, *, cents: int = 120_000, cause: str = "job_lost") -> FundCall:
    return services.call_fund(
        actor=manager,
        tenancy=TENANCY,
        dwelling_id=home.pk,
        arrears_cents=cents,
        cause=cause,
        reason="tre mesi dopo la fine del contratto",
        today=TODAY,
    )


# --- what it covers


@pytest.mark.parametrize(
    ("terms", "arrears", "involuntary", "cents", "limited_by"),
    [
        (CoverTerms(50_000, 18), 120_000, True, 120_000, ""),
        (CoverTerms(50_000, 18), 120_000, False, 0, "cause"),
        (CoverTerms(50_000, 18, needs_involuntary=False), 120_000, False, 120_000, ""),
        (CoverTerms(50_000, 2), 120_000, True, 100_000, "months"),
        (CoverTerms(50_000, 18, franchise_months=1), 120_000, True, 70_000, ""),
        (CoverTerms(50_000, 18, franchise_months=3), 120_000, True, 0, "franchise"),
        (CoverTerms(50_000, 3, paid_cents=120_000), 50_000, True, 30_000, "months"),
        (CoverTerms(50_000, 6, franchise_months=1, paid_cents=10_000), 50_000, True, 50_000, ""),
    ],
)
def test_fund_covers_what_its_terms_say(
    terms: CoverTerms, arrears: int, involuntary: bool, cents: int, limited_by: str
) -> None:
    found = coverage_of(terms, arrears_cents=arrears, is_involuntary=involuntary)

    assert (found.cents, found.limited_by) == (cents, limited_by)
    assert found.sentence


@given(
    st.integers(1, 200_000),
    st.integers(1, 24),
    st.integers(0, 6),
    st.integers(0, 5_000_000),
    st.integers(0, 5_000_000),
)
def test_fund_never_pays_more_than_is_owed_nor_than_it_promised(
    monthly: int, months: int, franchise: int, paid: int, arrears: int
) -> None:
    terms = CoverTerms(monthly, months, franchise, paid_cents=paid)

    found = coverage_of(terms, arrears_cents=arrears, is_involuntary=True)

    assert 0 <= found.cents <= min(arrears, terms.left_cents)


@pytest.mark.django_db
def test_calculator_says_what_is_covered() -> None:
    found = fund_coverage(
        {"arrears": 1800, "monthly_rent": 450, "cause": "job_lost", "franchise_months": 1, "max_months": 18}
    )

    assert (found["covered"], found["not_covered"], found["franchise"]) == (1350, 450, 450)
    assert found["left_after"] == 6750
    assert "DM 14 maggio 2014" in found["source"]


@pytest.mark.django_db
def test_calculator_counts_months_and_knows_when_nobody_said_why() -> None:
    assert fund_coverage({"months": 4, "monthly_rent": 450})["limited_by"] == "cause"
    assert fund_coverage({"months": 20, "monthly_rent": 450, "cause": "illness"})["covered"] == 8100


@pytest.mark.django_db
def test_calculator_gives_the_balance() -> None:
    found = fund_balance(
        {
            "endowments": [50000, 10000],
            "commitments": [
                {"monthly_rent": 450, "months": 18, "weight": 0.3, "called": 1350},
                {"monthly_rent": 600, "months": 12, "weight": 0.3},
            ],
            "calls": [1350],
            "recoveries": [200.5],
        }
    )

    assert found["committed"] == 4185
    assert found["balance"] == 54665.5
    assert (found["months"], found["is_low"]) == (52.1, False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("calculate", "wrong", "says"),
    [
        (fund_coverage, {"monthly_rent": 450}, "arrears"),
        (fund_coverage, {"arrears": -1, "monthly_rent": 450}, "negativo"),
        (fund_coverage, {"arrears": 1, "monthly_rent": 0}, "più di zero"),
        (fund_coverage, {"arrears": 1, "monthly_rent": 450, "cause": "xxx"}, "«cause»"),
        (fund_coverage, {"months": 1.5, "monthly_rent": 450}, "intero"),
        (fund_coverage, {"months": 1, "monthly_rent": 450, "day": "domani"}, "data"),
        (fund_balance, {"endowments": "tanti"}, "elenco"),
        (fund_balance, {"commitments": [3]}, "impegni"),
        (fund_balance, {"commitments": [{"monthly_rent": 1, "months": 1, "weight": 2}]}, "weight"),
    ],
)
def test_wrong_input_is_refused_with_a_sentence(calculate: Any, wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(WrongInput, match=says):
        calculate(wrong)


# --- the life of a fund


def test_fund_from_endowment_to_recovery(officer: Actor, manager: Actor, home: Dwelling) -> None:
    fund = services.open_fund(
        actor=officer, facts=services.FundFacts(name="Fondo per la casa", max_months=6, weight=Decimal("0.5"))
    )
    services.endow_fund(
        actor=officer, fund=fund, cents=1_000_000, payer="Comune", booked_on=TODAY, note="", today=TODAY
    )
    commitment = services.commit_fund(
        actor=officer,
        fund=fund,
        body_id=manager.body,
        dwelling=home,
        tenancy=TENANCY,
        monthly_cents=45_000,
        starts_on=TODAY,
        today=TODAY,
    )
    assert kept(fund) == dict(zip(NAMES, (865_000, 1_000_000, 135_000, 0, 0), strict=True))

    asked = call(manager, home, cents=100_001)
    assert (asked.asked_cents, asked.is_involuntary) == (100_001, True)
    assert Deadline.objects.open().filter(organisation=officer.body).exists()
    paid = services.decide_call(
        actor=officer, call=asked, cents=100_001, reason="documentata", expected_version=1, today=TODAY
    )
    commitment.refresh_from_db()
    assert (paid.state, commitment.called_cents, commitment.weighted_cents) == ("paid", 100_001, 85_000)
    assert kept(fund) == dict(zip(NAMES, (814_999, 1_000_000, 85_000, 100_001, 0), strict=True))

    services.recover_money(
        actor=officer, call=paid, cents=30_000, booked_on=TODAY, payer="inquilino", note="", today=TODAY
    )
    services.release_commitment(
        actor=officer,
        commitment=commitment,
        reason="affitto finito",
        expected_version=commitment.version,
        today=TODAY,
    )
    assert kept(fund) == dict(zip(NAMES, (929_999, 1_000_000, 0, 100_001, 30_000), strict=True))
    assert kept(fund) == raw_sums(fund)
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"fund_opened", "fund_endowed", "fund_committed", "fund_called", "fund_call_paid"} <= verbs
    assert {"fund_recovered", "fund_released"} <= verbs


def test_decision_is_told_to_who_listens(
    officer: Actor, manager: Actor, home: Dwelling, commitment: Commitment, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[str, int]] = []
    monkeypatch.setattr(hooks, "_listeners", [lambda one, day: heard.append((one.state, one.paid_cents))])

    services.decide_call(
        actor=officer, call=call(manager, home), cents=0, reason="carte", expected_version=1, today=TODAY
    )

    assert heard == [(CallState.REFUSED, 0)]
    assert kept(commitment.fund)["called_cents"] == 0


def test_agreement_s_commitment_guarantees_the_tenancies_of_its_home(
    fund: Fund, manager: Actor, home: Dwelling
) -> None:
    from tests.factories.agreements import AgreementFactory

    CommitmentFactory(fund=fund, dwelling=home, agreement=AgreementFactory(dwelling=home, in_force=True))

    assert call(manager, home).asked_cents == 120_000


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"cause": ""}, NotCovered, "incolpevole"),
        ({"cents": 0}, NotPossible, "scaduto"),
    ],
)
def test_call_that_cannot_be_is_refused(
    manager: Actor,
    home: Dwelling,
    commitment: Commitment,
    change: dict[str, Any],
    error: type[Refusal],
    says: str,
) -> None:
    with pytest.raises(error, match=says):
        call(manager, home, **change)


def test_call_without_a_guarantee_or_twice_is_refused(manager: Actor, home: Dwelling, officer: Actor) -> None:
    with pytest.raises(NotCovered, match="Nessun fondo"):
        call(manager, home)

    CommitmentFactory(fund=FundFactory(body_id=officer.body), dwelling=home, tenancy=TENANCY)
    call(manager, home)
    with pytest.raises(NotPossible, match="deve ancora rispondere"):
        call(manager, home)


def test_who_does_not_hold_the_fund_changes_nothing(
    manager: Actor, home: Dwelling, commitment: Commitment
) -> None:
    asked = call(manager, home)

    with pytest.raises(NotAllowed, match="altro ente"):
        services.decide_call(actor=manager, call=asked, cents=1, reason="sì", expected_version=1, today=TODAY)
    with pytest.raises(NotAllowed, match="altro ente"):
        services.endow_fund(
            actor=manager,
            fund=commitment.fund,
            cents=1,
            payer="x",
            booked_on=TODAY,
            note="",
            today=TODAY,
        )
    with pytest.raises(NotCovered):
        call(actor_for_role("housing_manager"), home)
    assert not Commitment.objects.visible_to(actor_for_role("housing_manager")).exists()
    assert Commitment.objects.visible_to(manager).exists()
    assert not FundEntry.objects.visible_to(manager).exists()


def test_commitment_beyond_what_is_free_is_refused(officer: Actor, home: Dwelling) -> None:
    fund = FundFactory(body_id=officer.body, endowment=100_000)

    with pytest.raises(NotPossible, match="serve altra dotazione"):
        services.commit_fund(
            actor=officer,
            fund=fund,
            body_id=home.manager_id,
            dwelling=home,
            monthly_cents=50_000,
            months=3,
            starts_on=TODAY,
            today=TODAY,
        )


def test_fund_pays_no_more_than_it_holds_nor_than_was_asked(
    officer: Actor, manager: Actor, home: Dwelling
) -> None:
    fund = FundFactory(body_id=officer.body, endowment=100_000, weight=Decimal("0.1"))
    CommitmentFactory(fund=fund, dwelling=home, tenancy=TENANCY, weight=Decimal("0.1"), weighted_cents=30_000)
    asked = call(manager, home)

    for cents, says in ((120_001, "non paga di più"), (110_000, "serve altra dotazione")):
        with pytest.raises(NotPossible, match=says):
            services.decide_call(
                actor=officer, call=asked, cents=cents, reason="sì", expected_version=1, today=TODAY
            )


def test_wrong_endowment_is_reversed_once_with_a_reason(officer: Actor, fund: Fund) -> None:
    entry = FundEntry.objects.get(fund=fund)

    with pytest.raises(NotPossible, match="perché rettifichi"):
        services.reverse_entry(actor=officer, entry=entry, reason="", today=TODAY)
    services.reverse_entry(actor=officer, entry=entry, reason="versato due volte", today=TODAY)
    with pytest.raises(NotPossible, match="già stata rettificata"):
        services.reverse_entry(actor=officer, entry=entry, reason="versato due volte", today=TODAY)

    assert kept(fund) == dict.fromkeys(NAMES, 0) == raw_sums(fund)


def test_low_fund_goes_on_the_board_and_leaves_it(officer: Actor, home: Dwelling) -> None:
    fund = FundFactory(body_id=officer.body, endowment=350_000)
    CommitmentFactory(fund=fund, dwelling=home)
    on_board = Deadline.objects.open().filter(source__startswith="agreements.fund_low")

    with time_machine.travel("2026-03-02T11:00:00+00:00", tick=False):
        assert services.funds.look_at_balance(fund, TODAY)
        assert on_board.get().organisation_id == officer.body
        services.endow_fund(
            actor=officer, fund=fund, cents=500_000, payer="Comune", booked_on=TODAY, note="", today=TODAY
        )

    assert not on_board.exists()


def test_commitment_past_its_term_is_freed_at_night(fund: Fund, home: Dwelling) -> None:
    CommitmentFactory(fund=fund, dwelling=home, ends_on=date(2026, 2, 1))

    assert (services.release_expired(today=TODAY), services.release_expired(today=TODAY)) == (1, 0)
    assert kept(fund)["committed_cents"] == 0


# --- entries stay


def test_entry_is_refused_any_change(fund: Fund) -> None:
    entry = FundEntry.objects.get(fund=fund)

    for change in (entry.save, entry.delete, FundEntry.objects.all().delete):
        with pytest.raises(PostedStays):
            change()
    with pytest.raises(PostedStays):
        FundEntry.objects.update(cents=1)


@pytest.mark.parametrize(
    "statement", ["UPDATE agreements_fundentry SET cents = 1", "DELETE FROM agreements_fundentry"]
)
def test_database_itself_refuses_to_change_an_entry(fund: Fund, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="non si cambia"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_no_entry_is_lost_when_many_post_at_the_same_moment() -> None:
    """Two connections and more: the kept sums are those of the entries."""
    fund = FundFactory(body=OrganisationFactory(town=True))
    barrier, problems = threading.Barrier(4), []

    def work(turn: int) -> None:
        try:
            barrier.wait(timeout=20)
            for number in range(10):
                kind, cents = (EntryKind.ENDOWMENT, 1_000) if (turn + number) % 2 else (EntryKind.CALL, -333)
                post(Fund.objects.get(pk=fund.pk), [Posting(kind, cents, TODAY)], actor=SYSTEM)
        except BaseException as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(turn,)) for turn in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)

    assert problems == []
    assert FundEntry.objects.count() == 41
    assert kept(fund) == raw_sums(fund)
    assert kept(fund)["balance_cents"] == 2_000_000 + 20 * 1_000 - 20 * 333
