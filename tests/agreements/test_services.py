from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ali.accounts.actors import Actor
from ali.agreements import services
from ali.agreements.board import refresh_warnings
from ali.agreements.checks import checks_of, taxes_of
from ali.agreements.models import Agreement, Amendment, GuaranteeScheme
from ali.agreements.queries import covers, guarantees_of_tenancy, head_agreement_of
from ali.agreements.services import AgreementFacts, NotYet, RegistrationFacts, WrongData
from ali.agreements.states import AgreementState, ContractType, DepositEnd, TaxRegime
from ali.agreements.terms import Terms, first_terms, terms_on, written
from ali.audit.models import AuditEvent
from ali.core.decisions import NotAllowed, Refusal
from ali.core.models import StaleRecord
from ali.deadlines.models import Deadline
from ali.housing.models import Dwelling
from ali.housing.states import DwellingState
from ali.scouting.models import Owner
from tests.factories.agreements import AgreementFactory, FundFactory, OwnerFactory, SchemeFactory
from tests.factories.housing import BedFactory, DwellingFactory, OccupancyFactory, RoomFactory
from tests.factories.organisations import actor_for_role

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def manager(db: None) -> Actor:
    return actor_for_role("housing_manager")


@pytest.fixture
def home(manager: Actor) -> Dwelling:
    return DwellingFactory(manager_id=manager.body, state=DwellingState.VISITED, beds=0)


@pytest.fixture
def owner(manager: Actor) -> Owner:
    return OwnerFactory(kept_by_id=manager.body)


def facts(home: Dwelling, owner: Owner, /, **changes: Any) -> AgreementFacts:
    usual: dict[str, Any] = {
        "owner": owner,
        "building": home.building,
        "dwellings": [home],
        "contract_type": ContractType.AGREED_3_2,
        "starts_on": TODAY,
        "ends_on": date(2029, 3, 1),
        "rent_cents": 45_000,
        "deposit_cents": 90_000,
        "allows_sublet": True,
    }
    return AgreementFacts(**{**usual, **changes})


def signed(manager: Actor, home: Dwelling, owner: Owner, **changes: Any) -> Agreement:
    made = services.draft_agreement(actor=manager, facts=facts(home, owner, **changes))
    return services.sign_agreement(
        actor=manager, agreement=made, signed_on=TODAY, expected_version=1, today=TODAY
    )


def due(agreement: Agreement) -> dict[str, list[date]]:
    found: dict[str, list[date]] = {}
    for row in agreement.clocks.order_by("due_on", "pk"):
        found.setdefault(row.code, []).append(row.due_on)
    return found


def board() -> Any:
    return Deadline.objects.open().filter(source__startswith="agreements.")


# --- from the draft to the start


def test_agreement_from_draft_to_running(manager: Actor, home: Dwelling, owner: Owner) -> None:
    draft = services.draft_agreement(actor=manager, facts=facts(home, owner))
    assert not draft.clocks.exists()

    agreement = services.sign_agreement(
        actor=manager, agreement=draft, signed_on=TODAY, expected_version=1, today=TODAY
    )
    assert due(agreement)["registration"] == [date(2026, 4, 1)]
    assert due(agreement)["start"] == [TODAY]
    assert due(agreement)["yearly_tax"] == [date(2027, 4, 1), date(2028, 4, 1)]
    services.start_agreement(actor=manager, agreement=agreement, expected_version=2, today=TODAY)

    home.refresh_from_db()
    assert (agreement.state, home.state) == (AgreementState.IN_FORCE, DwellingState.AGREED)
    assert "start" not in due(agreement)
    assert board().count() == agreement.clocks.count()
    verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["agreement_drafted", "agreement_signed", "home_step_taken", "agreement_started"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"ends_on": date(2026, 3, 2)}, "viene prima"),
        ({"ends_on": date(2226, 3, 2)}, "controlla l'anno"),
    ],
)
def test_impossible_dates_are_refused(
    manager: Actor, home: Dwelling, owner: Owner, change: dict[str, Any], says: str
) -> None:
    with pytest.raises(Refusal, match=says):
        services.draft_agreement(actor=manager, facts=facts(home, owner, **change))


def test_homes_and_owners_of_others_are_refused(manager: Actor, home: Dwelling, owner: Owner) -> None:
    stranger, elsewhere = OwnerFactory(), DwellingFactory()

    for change in (
        {"owner": stranger},
        {"co_owners": [stranger]},
        {"co_owners": [owner]},
        {"dwellings": [elsewhere]},
        {"building": elsewhere.building, "dwellings": []},
    ):
        with pytest.raises(services.ImpossibleAgreement):
            services.draft_agreement(actor=manager, facts=facts(home, owner, **change))


@pytest.mark.parametrize(
    ("change", "code", "blocks"),
    [
        ({}, None, False),
        ({"ends_on": date(2028, 3, 1)}, "duration", True),
        ({"contract_type": "CTR", "ends_on": None}, "duration", True),
        ({"deposit_cents": 140_000}, "deposit", True),
        ({"contract_type": "COM"}, "rent", True),
        ({"allows_sublet": False}, "consent", False),
        ({"tax_regime": TaxRegime.FLAT}, "flat_tax", False),
        ({"contract_type": "OSP", "ends_on": date(2026, 4, 1), "deposit_cents": 0}, "duration", False),
    ],
)
def test_checks_block_or_warn_as_the_rule_says(
    manager: Actor, home: Dwelling, owner: Owner, change: dict[str, Any], code: str | None, blocks: bool
) -> None:
    draft = services.draft_agreement(actor=manager, facts=facts(home, owner, **change))

    found = {check.code: check.is_blocking for check in checks_of(draft)}

    assert (code is None and not found) or found.get(code or "") is blocks
    if blocks:
        with pytest.raises(NotYet):
            services.sign_agreement(
                actor=manager, agreement=draft, signed_on=TODAY, expected_version=1, today=TODAY
            )


def test_second_contract_on_the_same_home_warns(manager: Actor, home: Dwelling, owner: Owner) -> None:
    signed(manager, home, owner)
    again = services.draft_agreement(actor=manager, facts=facts(home, owner))

    assert "overlap" in {check.code for check in checks_of(again)}


def test_other_bodies_change_nothing_and_see_nothing(manager: Actor, home: Dwelling, owner: Owner) -> None:
    agreement = signed(manager, home, owner)
    other = actor_for_role("housing_manager")

    with pytest.raises(NotAllowed, match="altro ente"):
        services.start_agreement(actor=other, agreement=agreement, expected_version=2, today=TODAY)
    with pytest.raises(NotAllowed, match="responsabile"):
        services.draft_agreement(actor=actor_for_role("housing_operator"), facts=facts(home, owner))
    assert not Agreement.objects.visible_to(other).exists()
    with pytest.raises(StaleRecord):
        services.start_agreement(actor=manager, agreement=agreement, expected_version=1, today=TODAY)


def test_shares_never_exceed_the_whole(manager: Actor, home: Dwelling, owner: Owner) -> None:
    agreement = services.draft_agreement(actor=manager, facts=facts(home, owner))
    sister = OwnerFactory(kept_by_id=manager.body)

    def record(who: Owner, share: str, dwelling: Dwelling | None = None) -> None:
        services.record_ownership(
            actor=manager,
            agreement=agreement,
            owner=who,
            dwelling=dwelling,
            share=Decimal(share),
            starts_on=date(2020, 1, 1),
        )

    record(owner, "0.5")
    record(sister, "0.5", home)
    with pytest.raises(services.ImpossibleAgreement, match="hanno già 50%"):
        record(owner, "0.6")
    record(owner, "0.4")

    assert {check.code for check in checks_of(agreement)} == {"owners"}
    agreement.co_owners.add(sister)
    assert checks_of(agreement) == []


# --- amendments


def test_amendment_changes_the_terms_from_its_day_and_moves_the_clocks(
    manager: Actor, home: Dwelling, owner: Owner
) -> None:
    agreement = signed(manager, home, owner)

    made = services.amend_agreement(
        actor=manager,
        agreement=agreement,
        signed_on=TODAY,
        effective_on=date(2026, 9, 1),
        terms={"ends_on": date(2031, 3, 1), "rent_cents": 42_000, "deposit_cents": 90_000},
        note="proroga e canone ridotto",
        expected_version=2,
        today=TODAY,
    )

    known = [made]
    assert (made.number, set(made.changes)) == (1, {"ends_on", "rent_cents"})
    assert terms_on(agreement, known, date(2026, 8, 31)).rent_cents == 45_000
    assert terms_on(agreement, known, date(2026, 9, 1)).rent_cents == 42_000
    assert due(agreement)["end"] == [date(2031, 3, 1)]
    assert due(agreement)["amendment_registration"] == [date(2026, 4, 1)]


@given(
    st.lists(
        st.tuples(
            st.dates(date(2026, 1, 1), date(2029, 1, 1)),
            st.integers(0, 100_000),
            st.booleans(),
        ),
        max_size=6,
    ),
    st.dates(date(2026, 1, 1), date(2029, 1, 1)),
)
def test_terms_of_a_day_are_those_that_replaying_gives(steps: list[Any], day: date) -> None:
    agreement = Agreement(rent_cents=50_000, starts_on=date(2025, 1, 1))
    expected, amendments = Terms.latest(agreement), []
    for number, (effective_on, rent, allows) in enumerate(steps, start=1):
        changes = {
            "rent_cents": {"before": agreement.rent_cents, "after": rent},
            "allows_sublet": {"before": agreement.allows_sublet, "after": allows},
        }
        agreement.rent_cents, agreement.allows_sublet = rent, allows
        amendments.append(Amendment(number=number, effective_on=effective_on, changes=changes))
        if effective_on <= day:
            expected = expected.changed({"rent_cents": rent, "allows_sublet": allows})

    assert terms_on(agreement, amendments, day) == expected
    assert first_terms(agreement, amendments).rent_cents == 50_000


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"terms": {"rent_cents": 45_000}}, "Non cambia niente"),
        ({"terms": {"deposit_cents": 900_000}}, "supera 3 mensilità"),
        ({"signed_on": date(2026, 3, 3)}, "futuro"),
        ({"signed_on": date(2026, 3, 1)}, "dopo l'accordo"),
        ({"effective_on": date(2026, 3, 1)}, "giorno dell'accordo"),
        ({"note": " "}, "che cosa"),
    ],
)
def test_amendment_that_cannot_be_is_refused(
    manager: Actor, home: Dwelling, owner: Owner, change: dict[str, Any], says: str
) -> None:
    agreement = signed(manager, home, owner)
    usual: dict[str, Any] = {
        "signed_on": TODAY,
        "effective_on": TODAY,
        "terms": {"rent_cents": 1},
        "note": "canone",
    }

    with pytest.raises(Refusal, match=says):
        services.amend_agreement(
            actor=manager, agreement=agreement, expected_version=2, today=TODAY, **{**usual, **change}
        )
    assert written(date(2026, 1, 1)) == "2026-01-01"


# --- registration, clocks


def test_registration_closes_its_clock(manager: Actor, home: Dwelling, owner: Owner) -> None:
    agreement = signed(manager, home, owner)

    services.register_agreement(
        actor=manager,
        agreement=agreement,
        facts=RegistrationFacts(TODAY, "Padova 1", "3T", "1234", "tnb 26t001234000-ab"),
        expected_version=2,
        now=NOW,
        today=TODAY,
    )

    assert agreement.registration_code == "TNB26T001234000AB"
    row = agreement.clocks.get(code="registration")
    assert (row.done_on, row.reference) == (TODAY, "TNB26T001234000AB")
    assert not board().filter(source=f"agreements.clock:{row.public_id}").exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"registration_code": "ABC"}, "17 lettere e cifre"),
        ({"registration_code": ""}, "codice identificativo, oppure"),
        ({"registration_office": ""}, "ufficio"),
        ({"registered_on": date(2026, 3, 1)}, "dopo la firma"),
        ({"registered_on": date(2026, 3, 9)}, "futuro"),
    ],
)
def test_wrong_registration_is_refused(
    manager: Actor, home: Dwelling, owner: Owner, change: dict[str, Any], says: str
) -> None:
    agreement = signed(manager, home, owner)
    usual: dict[str, Any] = {
        "registered_on": TODAY,
        "registration_office": "Padova 1",
        "registration_code": "TNB26T001234000AB",
    }

    with pytest.raises(WrongData, match=says):
        services.register_agreement(
            actor=manager,
            agreement=agreement,
            facts=RegistrationFacts(**{**usual, **change}),
            expected_version=2,
            now=NOW,
            today=TODAY,
        )


def test_done_clock_stays_done_when_dates_change(manager: Actor, home: Dwelling, owner: Owner) -> None:
    agreement = signed(manager, home, owner)
    row = agreement.clocks.get(code="registration")

    services.complete_clock(
        actor=manager,
        clock=row,
        done_on=TODAY,
        reference="RLI 12",
        expected_version=row.version,
        now=NOW,
        today=TODAY,
    )
    services.give_notice(
        actor=manager,
        agreement=agreement,
        reason="owner",
        notice_on=TODAY,
        leaves_on=date(2026, 9, 30),
        expected_version=2,
        today=TODAY,
    )

    row.refresh_from_db()
    assert row.done_on == TODAY
    assert due(agreement)["end"] == [date(2026, 9, 30)]
    assert "tenant_notice" not in due(agreement)
    assert head_agreement_of(home, date(2026, 10, 1)) is None
    services.take_back_notice(
        actor=manager, agreement=agreement, reason="ripensamento", expected_version=3, today=TODAY
    )
    assert due(agreement)["tenant_notice"] == [date(2028, 9, 1)]


def test_flat_tax_has_neither_yearly_tax_nor_index_update(
    manager: Actor, home: Dwelling, owner: Owner
) -> None:
    assert {"yearly_tax", "index_update"} <= set(due(signed(manager, home, owner)))
    flat = signed(manager, home, owner, tax_regime=TaxRegime.FLAT)
    assert not {"yearly_tax", "index_update"} & set(due(flat))


@pytest.mark.parametrize(
    ("change", "cents"),
    [
        ({}, [10_800, 10_800, 1_600]),
        ({"rent_cents": 20_000, "deposit_cents": 0}, [6_700, 4_800, 1_600]),
        ({"tax_regime": TaxRegime.FLAT}, [54_000]),
        ({"contract_type": "C44", "tax_regime": TaxRegime.FLAT}, [113_400]),
        ({"contract_type": "COM", "tax_regime": TaxRegime.ONCE}, [20_000]),
    ],
)
def test_taxes_are_those_of_the_rules(
    manager: Actor, home: Dwelling, owner: Owner, change: dict[str, Any], cents: list[int]
) -> None:
    draft = services.draft_agreement(actor=manager, facts=facts(home, owner, **change))

    assert [tax.cents for tax in taxes_of(draft)] == cents


# --- the end


def test_agreement_that_ends_with_people_inside_warns_months_before_and_after(
    manager: Actor, home: Dwelling, owner: Owner
) -> None:
    agreement = signed(manager, home, owner)
    stay = OccupancyFactory(bed=BedFactory(room=RoomFactory(dwelling=home)))
    refresh_warnings(TODAY)
    warning = board().get(source=f"agreements.people:{agreement.public_id}")
    assert warning.due_on == date(2028, 9, 1)

    services.end_agreement(
        actor=manager,
        agreement=agreement,
        ended_on=TODAY,
        reason="sold",
        note="",
        expected_version=2,
        today=TODAY,
    )
    warning.refresh_from_db()
    assert (warning.due_on, warning.done_at) == (TODAY, None)
    with pytest.raises(NotYet, match="abitano ancora 1 persone"):
        give_back(manager, agreement, home)

    stay.ends_on, stay.is_end_sure = TODAY, True
    stay.save()
    refresh_warnings(TODAY)
    assert not board().filter(source=f"agreements.people:{agreement.public_id}").exists()


def give_back(manager: Actor, agreement: Agreement, home: Dwelling) -> Any:
    return services.give_back_home(
        actor=manager,
        agreement=agreement,
        dwelling=home,
        given_on=TODAY,
        reason="fine del contratto",
        condition="tinteggiata",
        today=TODAY,
    )


def test_home_is_given_back_once_and_leaves_the_matching(
    manager: Actor, home: Dwelling, owner: Owner
) -> None:
    agreement = signed(manager, home, owner)
    services.start_agreement(actor=manager, agreement=agreement, expected_version=2, today=TODAY)
    home.refresh_from_db()

    give_back(manager, agreement, home)

    home.refresh_from_db()
    assert home.state == DwellingState.GIVEN_BACK
    with pytest.raises(NotYet, match="già stata restituita"):
        give_back(manager, agreement, home)
    with pytest.raises(WrongData, match="non è di questo accordo"):
        give_back(manager, agreement, DwellingFactory(manager_id=manager.body))


def test_deposit_comes_back_whole_or_with_a_reason(manager: Actor, home: Dwelling, owner: Owner) -> None:
    agreement = signed(manager, home, owner)
    services.end_agreement(
        actor=manager,
        agreement=agreement,
        ended_on=TODAY,
        reason="agreed",
        note="",
        expected_version=2,
        today=TODAY,
    )
    assert agreement.deposit_end == DepositEnd.WAITING
    assert set(due(agreement)) == {"registration", "end_registration"}

    def settle(cents: int, note: str = "", version: int = 3) -> None:
        services.settle_deposit(
            actor=manager, agreement=agreement, back_cents=cents, note=note, expected_version=version
        )

    with pytest.raises(WrongData, match="non può tornare di più"):
        settle(90_001)
    with pytest.raises(WrongData, match="perché il proprietario"):
        settle(50_000)
    settle(50_000, "porta rotta")
    assert (agreement.deposit_end, agreement.deposit_back_cents) == (DepositEnd.PARTLY, 50_000)


# --- what tenancies ask


def test_head_agreement_covers_a_stay_until_its_last_day(home: Dwelling) -> None:
    agreement = AgreementFactory(dwelling=home, in_force=True)

    assert head_agreement_of(home, TODAY) == agreement
    assert covers(home, TODAY, date(2027, 12, 31)).is_covered
    assert not covers(home, TODAY, date(2028, 1, 1)).is_covered
    assert not covers(home, TODAY, None).is_covered
    assert covers(home, TODAY, None, holder_id=0).agreement is None


# --- guarantees


def test_shipped_scheme_is_padova_s_and_to_be_confirmed(manager: Actor) -> None:
    assert (services.load_schemes(), services.load_schemes()) == (1, 0)

    scheme = GuaranteeScheme.objects.get()
    assert (scheme.max_months, scheme.municipality.name, scheme.confirmed_on) == (18, "Padova", None)
    assert "da confermare" in scheme.source


def test_granted_request_commits_the_fund(manager: Actor, home: Dwelling, owner: Owner) -> None:
    officer = actor_for_role("municipal_officer")
    fund = FundFactory(body_id=officer.body)
    scheme = SchemeFactory(fund=fund)
    agreement = signed(manager, home, owner)

    asked = services.ask_guarantee(
        actor=manager,
        scheme=scheme,
        dwelling=home,
        agreement=agreement,
        monthly_cents=45_000,
        months=12,
        note="",
        today=TODAY,
    )
    with pytest.raises(NotYet, match="già chiesta"):
        services.ask_guarantee(
            actor=manager,
            scheme=scheme,
            dwelling=home,
            agreement=agreement,
            monthly_cents=1,
            months=1,
            note="",
            today=TODAY,
        )
    with pytest.raises(NotAllowed):
        services.answer_guarantee(
            actor=manager,
            application=asked,
            is_granted=True,
            answer="",
            ends_on=None,
            expected_version=1,
            today=TODAY,
        )
    services.answer_guarantee(
        actor=officer,
        application=asked,
        is_granted=True,
        answer="delibera 3",
        ends_on=None,
        expected_version=1,
        today=TODAY,
    )

    fund.refresh_from_db()
    assert fund.committed_cents == 540_000
    found = guarantees_of_tenancy(agreement.public_id, body_id=manager.body, dwelling_id=home.pk, today=TODAY)
    assert (len(found.applications), len(found.commitments)) == (1, 1)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"months": 19}, "18 mensilità"),
        ({"monthly_cents": 0}, "quanto al mese"),
        ({"agreement": None}, "un contratto alla volta"),
    ],
)
def test_request_that_cannot_be_is_refused(
    manager: Actor, home: Dwelling, owner: Owner, change: dict[str, Any], says: str
) -> None:
    usual: dict[str, Any] = {
        "agreement": AgreementFactory(dwelling=home, in_force=True),
        "monthly_cents": 45_000,
        "months": 12,
    }

    with pytest.raises(WrongData, match=says):
        services.ask_guarantee(
            actor=manager,
            scheme=SchemeFactory(),
            dwelling=home,
            note="",
            today=TODAY,
            **{**usual, **change},
        )
