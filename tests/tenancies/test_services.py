import threading
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from ali.accounts.actors import SYSTEM
from ali.agreements.clocks import last_day
from ali.agreements.models import Agreement
from ali.allocation.models import Placement
from ali.audit.models import AuditEvent
from ali.core import clock as ours
from ali.core.decisions import NotAllowed, Refusal
from ali.deadlines.models import Deadline
from ali.housing.models import Occupancy
from ali.housing.states import DwellingState
from ali.people.models import Assignment, Permit
from ali.people.states import Capacity
from ali.rules.models import Rule
from ali.scouting.models import Owner
from ali.tenancies import hooks, services
from ali.tenancies.checks import Case, checks_of, overlapping
from ali.tenancies.models import Duty, Tenancy, TenancyShare
from ali.tenancies.queries import names_seen, shares_on
from ali.tenancies.services import Reading
from ali.tenancies.states import TenancyState
from ali.tenancies.terms import split_cents, split_like
from tests.factories.organisations import actor_for_role
from tests.factories.people import PermitFactory
from tests.factories.tenancies import TenancyFactory, TenancyPartyFactory
from tests.tenancies.scenes import Home, make_home, make_placed

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(today: date) -> Home:
    return make_home()


def codes(tenancy: Tenancy, home: Home) -> dict[str, bool]:
    """Each check's code and whether it blocks."""
    parties = list(tenancy.parties.select_related("person", "bed__room").order_by("pk"))
    case = Case(tenancy, parties, names_seen(home.landlord, parties), ours.today())
    return {check.code: check.is_blocking for check in checks_of(case)}


# --- shares


@given(total=st.integers(0, 10**7), people=st.integers(1, 12))
def test_shares_add_up_to_the_cent(total: int, people: int) -> None:
    shares = split_cents(total, people)

    assert sum(shares) == total
    assert max(shares) - min(shares) <= 1


@given(total=st.integers(0, 10**7), weights=st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_new_shares_follow_the_old_ones_and_add_up(total: int, weights: list[int]) -> None:
    assert sum(split_like(total, weights)) == total


# --- drafting


def test_draft_shares_what_is_due_and_finds_the_bed(home: Home) -> None:
    first, second = home.tenant(bed=0), home.tenant(bed=1)

    tenancy = home.draft(first, second)

    shares = [party.share_cents for party in tenancy.parties.order_by("pk")]
    assert shares == [15_751, 15_750]
    assert sum(shares) == tenancy.monthly_cents
    assert [party.bed for party in tenancy.parties.order_by("pk")] == home.beds
    assert AuditEvent.objects.get(verb="tenancy_drafted").object_id == str(tenancy.public_id)


def test_draft_leaves_children_out_of_signatures_and_shares(home: Home) -> None:
    parent, child = home.tenant(bed=0), home.tenant(bed=1, minor=True)

    tenancy = home.draft(parent, child)

    assert [(one.is_signatory, one.share_cents) for one in tenancy.parties.order_by("pk")] == [
        (True, 31_501),
        (False, 0),
    ]


def test_draft_comes_from_a_signed_proposal_once(today: date) -> None:
    home, placement, person = make_placed()

    tenancy = services.draft_tenancy(
        actor=home.landlord,
        dwelling=home.dwelling,
        facts=home.facts(),
        persons=[person],
        today=today,
        placement=placement,
    )

    assert tenancy.placement == placement
    with pytest.raises(Refusal, match="già stato preparato"):
        services.draft_tenancy(
            actor=home.landlord,
            dwelling=home.dwelling,
            facts=home.facts(),
            persons=[person],
            today=today,
            placement=Placement.objects.get(pk=placement.pk),
        )


def test_another_body_lets_nothing_here(home: Home) -> None:
    person, stranger = home.tenant(), actor_for_role("housing_manager")

    with pytest.raises(NotAllowed):
        services.draft_tenancy(
            actor=stranger, dwelling=home.dwelling, facts=home.facts(), persons=[person], today=ours.today()
        )
    assert not Tenancy.objects.visible_to(stranger).exists()


def test_changing_the_rent_makes_the_shares_again(home: Home) -> None:
    tenancy = home.draft(home.tenant(bed=0), home.tenant(bed=1))

    services.change_draft(
        actor=home.landlord,
        tenancy=tenancy,
        facts=home.facts(rent_cents=30_001),
        expected_version=tenancy.version,
        today=ours.today(),
    )

    assert sum(TenancyShare.objects.values_list("cents", flat=True)) == 37_502


# --- what the rules say


def test_ordinary_tenancy_has_nothing_against_it(home: Home) -> None:
    assert codes(home.draft(home.tenant()), home) == {}


def test_two_tenancies_never_take_one_bed(home: Home) -> None:
    home.signed(home.tenant(bed=0))
    second = home.draft(home.tenant(bed=None))
    second.parties.update(bed=home.beds[0])

    assert codes(second, home)["overlap"] is True
    with pytest.raises(services.Blocked, match="Codice civile"):
        home.send(second)


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_cannot_send_two_tenancies_on_one_bed(home: Home) -> None:
    drafts = [home.draft(home.tenant(bed=0)), home.draft(home.tenant(bed=None))]
    drafts[1].parties.update(bed=home.beds[0])
    start, answers = threading.Barrier(2), []

    def send(tenancy: Tenancy) -> None:
        start.wait()
        try:
            home.send(tenancy)
            answers.append("sent")
        except services.Blocked:
            answers.append("refused")
        finally:
            connection.close()

    colleagues = [threading.Thread(target=send, args=[draft]) for draft in drafts]
    for colleague in colleagues:
        colleague.start()
    for colleague in colleagues:
        colleague.join()

    assert sorted(answers) == ["refused", "sent"]


def test_two_beds_are_two_tenancies(home: Home) -> None:
    home.signed(home.tenant(bed=0))

    assert "overlap" not in codes(home.draft(home.tenant(bed=1)), home)


def test_a_tenancy_follows_another_on_the_day_after_its_last(home: Home) -> None:
    first = home.signed(home.tenant(bed=0))
    after = home.draft(
        home.tenant(bed=None),
        starts_on=first.ends_on + timedelta(days=1),
        ends_on=first.ends_on + timedelta(days=200),
    )
    after.parties.update(bed=home.beds[0])

    assert overlapping(after, list(after.parties.all()), ours.today()) == []


def test_more_people_than_the_capacity_warns(home: Home) -> None:
    home.dwelling.net_area_m2 = Decimal("20.0")
    home.dwelling.save()
    first, second = home.tenant(bed=0), home.tenant(bed=1)

    assert codes(home.draft(first, second), home)["capacity"] is False


def test_more_people_than_an_act_allows_blocks(home: Home) -> None:
    home.dwelling.max_people, home.dwelling.max_people_source = 1, "Ordinanza 12/2026 del Comune"
    home.dwelling.save()
    tenancy = home.draft(home.tenant(bed=0), home.tenant(bed=1))

    assert codes(tenancy, home)["capacity"] is True
    with pytest.raises(services.Blocked, match="Ordinanza 12/2026"):
        home.send(tenancy)


def _band(home: Home, high: float) -> None:
    Rule.objects.create(
        code="tenancies.agreed_rent.zone_2",
        value={"rent_low": 3.5, "rent_high": high},
        province_id="PD",
        municipality=home.dwelling.building.municipality,
        valid_from=date(2020, 1, 1),
        sentence="Canoni della zona 2",
        source="Accordo territoriale di prova",
        is_blocking=True,
    )


def _lease(home: Home, **changed: Any) -> Tenancy:
    start = ours.today()
    given = {
        "contract_type": "C32",
        "bond": "joint",
        "ends_on": last_day(start, 36),
        "agreed_zone": 2,
        "rent_cents": 42_000,
        "deposit_cents": 84_000,
    }
    return home.draft(home.tenant(), **{**given, **changed})


def test_rent_above_the_agreed_band_blocks(home: Home) -> None:
    tenancy = _lease(home)
    assert codes(tenancy, home)["agreed_rent"] is False  # nobody has written the band yet

    _band(home, 5.99)  # 70 m² at 5.99: 419.30
    assert codes(tenancy, home)["agreed_rent"] is True

    Rule.objects.update(value={"rent_low": 3.5, "rent_high": 6})
    assert "agreed_rent" not in codes(tenancy, home)


def test_a_lease_is_not_shorter_than_the_law_nor_its_deposit_higher(home: Home) -> None:
    short = _lease(home, ends_on=last_day(ours.today(), 12), deposit_cents=42_000 * 4)

    found = codes(short, home)

    assert (found["duration"], found["deposit"]) == (True, True)


def test_tenancy_beyond_the_head_contract_blocks_and_asks_for_consent(home: Home) -> None:
    dwelling = home.dwelling
    owner = Owner.objects.create(name="Proprietaria di prova", kept_by=dwelling.manager)
    Agreement.objects.create(
        holder=dwelling.manager,
        owner=owner,
        building=dwelling.building,
        contract_type="COM",
        state="in_force",
        signed_on=date(2025, 1, 1),
        starts_on=date(2025, 1, 1),
        ends_on=ours.today() + timedelta(days=100),
    )

    found = codes(home.draft(home.tenant()), home)

    assert found == {"agreement": True, "consent": False}


def test_permit_that_ends_before_the_lease_only_warns_with_its_renewal(home: Home) -> None:
    person = home.tenant(permit=False)
    PermitFactory(person=person, expires_on=date(2026, 9, 1))
    tenancy = home.draft(person)
    parties = list(tenancy.parties.select_related("person"))

    (check,) = checks_of(Case(tenancy, parties, names_seen(home.landlord, parties), ours.today()))

    assert (check.code, check.is_blocking) == ("permit_renewal", False)
    assert "01/09/2026" in check.sentence
    assert "03/07/2026" in check.sentence  # sixty days before
    home.send(tenancy)


@pytest.mark.parametrize("trait", ["renewing", "requested"])
def test_a_receipt_is_enough_to_sign(home: Home, trait: str) -> None:
    person = home.tenant(permit=False)
    PermitFactory(person=person, **{trait: True})

    assert codes(home.draft(person), home) == {}


def test_nobody_signs_without_a_permit_or_a_receipt(home: Home) -> None:
    tenancy = home.draft(home.tenant(permit=False))

    with pytest.raises(services.Blocked, match="286/1998"):
        home.send(tenancy)


def test_landlord_paid_for_presences_is_a_conflict(home: Home) -> None:
    from ali.organisations.models import OrganisationKind, OrganisationRole

    OrganisationRole.objects.create(
        organisation=home.dwelling.manager, kind=OrganisationKind.RECEPTION_MANAGER, province_id="PD"
    )

    assert codes(home.draft(home.tenant()), home) == {"conflict": False}


def test_visit_and_flatmates_are_asked_for(home: Home) -> None:
    tenancy = home.draft(home.tenant(), visited_on=None, flatmates_met_on=None)

    assert codes(tenancy, home) == {"visit": False, "flatmates": False}


# --- signing


def test_everybody_signs_in_order_and_the_last_one_binds(home: Home) -> None:
    tenancy = home.send(home.draft(home.tenant(bed=0), home.tenant(bed=1)), guarantor="Bruno Esempio")
    first, second, guarantor, body = tenancy.signatures.order_by("position")

    with pytest.raises(services.NotYourTurn):
        _sign(home, second)
    for signature in (first, second, guarantor, body):
        _sign(home, signature)

    tenancy.refresh_from_db()
    assert (tenancy.state, tenancy.signed_on) == (TenancyState.SIGNED, ours.today())
    assert [one.role for one in (first, second, guarantor, body)] == [
        "tenant",
        "tenant",
        "guarantor",
        "landlord",
    ]


def _sign(home: Home, signature: Any, **changed: Any) -> None:
    given = {"signed_on": ours.today(), "was_explained": True, "expected_version": signature.version}
    services.record_signature(
        actor=home.landlord, signature=signature, today=ours.today(), **{**given, **changed}
    )


def test_tenant_signs_what_was_explained(home: Home) -> None:
    tenancy = home.send(home.draft(home.tenant()))

    with pytest.raises(services.WrongSignatures, match="lingua"):
        _sign(home, tenancy.signatures.get(position=1), was_explained=False)


def test_last_signature_asks_the_rules_again(home: Home) -> None:
    person = home.tenant()
    tenancy = home.send(home.draft(person))
    Permit.objects.filter(person=person).update(state="revoked")
    _sign(home, tenancy.signatures.get(position=1))

    with pytest.raises(services.Blocked):
        _sign(home, tenancy.signatures.get(position=2))
    tenancy.refresh_from_db()
    assert tenancy.state == TenancyState.SIGNING


def test_back_to_draft_forgets_the_signatures(home: Home) -> None:
    tenancy = home.send(home.draft(home.tenant()))
    _sign(home, tenancy.signatures.get(position=1))

    services.back_to_draft(
        actor=home.landlord,
        tenancy=tenancy,
        reason="cambia il canone",
        expected_version=tenancy.version,
        now=ours.now(),
    )

    assert not tenancy.signatures.exists()


def test_cancelled_tenancy_frees_its_place(home: Home) -> None:
    tenancy = home.signed(home.tenant(bed=0))

    services.cancel(
        actor=home.landlord,
        tenancy=tenancy,
        reason="ha cambiato idea",
        expected_version=tenancy.version,
        now=ours.now(),
        today=ours.today(),
    )

    assert not Tenancy.objects.taking().exists()


# --- moving in


def test_move_in_starts_the_stay_and_the_clocks(home: Home) -> None:
    person = home.tenant(bed=None)
    tenancy = home.draft(person)
    tenancy.parties.update(bed=home.beds[0])
    tenancy = home.sign(home.send(tenancy))

    home.move_in(tenancy, readings={"electricity": Reading(Decimal("1234.5"), "IT001E00000001")})

    stay = Occupancy.objects.get(person=person)
    assert (stay.bed, stay.starts_on) == (home.beds[0], ours.today())
    due = dict(Deadline.objects.filter(organisation=home.dwelling.manager).values_list("title", "due_on"))
    assert due["Comunicare l'ospitalità alla Questura o al Comune: %(home)s"] == ours.today() + timedelta(
        days=2
    )
    assert due["Dichiarare la nuova residenza al Comune: %(home)s"] == ours.today() + timedelta(days=20)
    assert due["Dire alla Questura il nuovo indirizzo: %(home)s"] == ours.today() + timedelta(days=15)
    home.dwelling.refresh_from_db()
    assert home.dwelling.state == DwellingState.OCCUPIED
    assert tenancy.hand_overs.get().readings.get().code == "IT001E00000001"


def test_nobody_enters_before_the_tenancy_begins(home: Home) -> None:
    tenancy = home.signed(home.tenant(), starts_on=ours.today() + timedelta(days=5))

    with pytest.raises(services.WrongHandOver, match="07/03/2026"):
        home.move_in(tenancy)


def test_hand_over_moves_the_day_that_the_proposal_said(today: date) -> None:
    home, placement, person = make_placed()
    tenancy = services.draft_tenancy(
        actor=home.landlord,
        dwelling=home.dwelling,
        facts=home.facts(),
        persons=[person],
        today=today,
        placement=placement,
    )

    home.move_in(home.sign(home.send(tenancy)))

    stay = Occupancy.objects.get(person=person)
    assert stay.starts_on == today  # the proposal said in ten days
    (due,) = Deadline.objects.filter(source=f"housing.communication:{stay.public_id}")
    assert due.due_on == today + timedelta(days=2)


def test_lease_is_registered_in_thirty_days_and_its_home_has_taxes(home: Home) -> None:
    home.dwelling.mode = "whole"
    home.dwelling.save()
    tenancy = home.move_in(home.sign(home.send(_lease(home))))

    due = {duty.kind: (duty.due_on - ours.today()).days for duty in Duty.objects.filter(tenancy=tenancy)}

    assert due == {
        "registration": 30,
        "condominium": 60,
        "waste_tax": 90,
        "utilities": 15,
        "residence": 20,
        "address": 15,
    }


def test_done_duty_leaves_the_board(home: Home) -> None:
    home.dwelling.mode = "whole"
    home.dwelling.save()
    tenancy = home.sign(home.send(_lease(home)))
    duty = Duty.objects.get(tenancy=tenancy, kind="registration")

    services.record_duty(
        actor=home.landlord,
        duty=duty,
        done_on=ours.today(),
        reference="TNB26L000123000AB",
        expected_version=duty.version,
        now=ours.now(),
        today=ours.today(),
    )

    tenancy.refresh_from_db()
    assert (tenancy.registered_on, tenancy.registration_code) == (ours.today(), "TNB26L000123000AB")
    assert not Deadline.objects.open().filter(source=f"tenancies.duty:{duty.public_id}").exists()


def test_moving_within_the_flat_starts_the_48_hours_again(home: Home) -> None:
    tenancy = home.running(home.tenant(bed=0))
    party = tenancy.parties.get()

    services.change_bed(
        actor=home.landlord,
        tenancy=tenancy,
        party=party,
        bed=home.beds[1],
        day=ours.today(),
        today=ours.today(),
    )

    new = Occupancy.objects.get(person=party.person, ends_on__isnull=True)
    assert new.bed == home.beds[1]
    assert Deadline.objects.filter(source=f"housing.communication:{new.public_id}").exists()


# --- staying and leaving


def test_shares_change_from_a_day_and_keep_their_past(home: Home) -> None:
    tenancy = home.running(home.tenant(bed=0), home.tenant(bed=1))
    first, second = tenancy.parties.order_by("pk")
    later = ours.today() + timedelta(days=30)

    services.set_shares(
        actor=home.landlord,
        tenancy=tenancy,
        shares={first.pk: 20_000, second.pk: 11_501},
        starts_on=later,
        expected_version=tenancy.version,
        today=ours.today(),
    )

    assert shares_on(tenancy, ours.today()) == {first.pk: 15_751, second.pk: 15_750}
    assert shares_on(tenancy, later) == {first.pk: 20_000, second.pk: 11_501}


def test_shares_that_do_not_add_up_are_refused(home: Home) -> None:
    tenancy = home.running(home.tenant(bed=0))

    with pytest.raises(Refusal, match="la differenza è 0,01"):
        services.set_shares(
            actor=home.landlord,
            tenancy=tenancy,
            shares={tenancy.parties.get().pk: 31_500},
            starts_on=ours.today(),
            expected_version=tenancy.version,
            today=ours.today(),
        )


def test_who_leaves_frees_the_bed_and_shows_the_gap(home: Home, clock: Any) -> None:
    tenancy = home.running(home.tenant(bed=0), home.tenant(bed=1), bond="hospitality")
    leaver, stayer = tenancy.parties.order_by("pk")
    day = clock(ours.today() + timedelta(days=60))

    services.let_party_leave(
        actor=home.landlord,
        party=leaver,
        leaving=home.leaving(),
        expected_version=leaver.version,
        today=day,
    )

    parties = list(tenancy.parties.order_by("pk"))
    assert services.share_gap(tenancy, parties, day) == 15_751
    assert services.proposed_shares(tenancy, parties, day) == {stayer.pk: 31_501}
    assert home.beds[0].free_from == day
    sight = Assignment.objects.get(person=leaver.person, capacity=Capacity.TENANCY)
    assert sight.ends_on == day + timedelta(days=365)


def test_the_last_one_does_not_leave_but_end_the_tenancy(home: Home, clock: Any) -> None:
    tenancy = home.running(home.tenant())
    party = tenancy.parties.get()
    day = clock(ours.today() + timedelta(days=60))

    with pytest.raises(services.WrongTerm, match="chiudi l'affitto"):
        services.let_party_leave(
            actor=home.landlord,
            party=party,
            leaving=home.leaving(),
            expected_version=party.version,
            today=day,
        )


def _end(home: Home, tenancy: Tenancy, day: date) -> Tenancy:
    return services.end_tenancy(
        actor=home.landlord,
        tenancy=tenancy,
        leaving=home.leaving(day),
        expected_version=tenancy.version,
        now=ours.now(),
        today=day,
    )


def test_end_frees_the_home_and_the_deposit_goes_back_with_what_was_kept(home: Home, clock: Any) -> None:
    tenancy = home.running(home.tenant())
    day = clock(ours.today() + timedelta(days=200))
    tenancy = _end(home, tenancy, day)

    made = services.return_deposit(
        actor=home.landlord,
        tenancy=tenancy,
        held_cents=24_000,
        deductions=[("vetro rotto", 3_550)],
        returned_on=day,
        expected_version=tenancy.version,
        today=day,
    )

    assert (made.returned_cents, services.still_held(tenancy)) == (20_450, 0)
    home.dwelling.refresh_from_db()
    assert home.dwelling.state == DwellingState.FREE


def test_nobody_keeps_more_than_the_deposit(home: Home, clock: Any) -> None:
    tenancy = home.running(home.tenant())
    day = clock(ours.today() + timedelta(days=200))
    tenancy = _end(home, tenancy, day)

    with pytest.raises(services.WrongDeposit, match="superano"):
        services.return_deposit(
            actor=home.landlord,
            tenancy=tenancy,
            held_cents=10_000,
            deductions=[("pulizie", 10_001)],
            returned_on=day,
            expected_version=tenancy.version,
            today=day,
        )


def test_extension_needs_a_permit_again(home: Home) -> None:
    person = home.tenant()
    tenancy = home.running(person)
    longer = {
        "actor": home.landlord,
        "tenancy": tenancy,
        "agreed_on": ours.today(),
        "ends_on": tenancy.ends_on + timedelta(days=100),
        "note": "",
        "expected_version": tenancy.version,
        "today": ours.today(),
    }
    Permit.objects.filter(person=person).update(state="expired")
    with transaction.atomic(), pytest.raises(services.Blocked):
        services.extend(**longer)

    Permit.objects.filter(person=person).update(state="renewing")
    services.extend(**{**longer, "tenancy": Tenancy.objects.get(pk=tenancy.pk)})

    assert tenancy.extensions.get().previous_ends_on == ours.today() + timedelta(days=365)


def test_landlord_keeps_to_the_months_of_notice(home: Home) -> None:
    tenancy = home.move_in(home.sign(home.send(_lease(home))))
    notice = {
        "actor": home.landlord,
        "tenancy": tenancy,
        "notice_on": ours.today(),
        "leaves_on": ours.today() + timedelta(days=10),
        "reason": "",
        "expected_version": tenancy.version,
        "today": ours.today(),
    }
    with transaction.atomic(), pytest.raises(services.WrongTerm, match="6 mesi"):
        services.give_notice(**notice, by="landlord")

    services.give_notice(**notice, by="tenant")  # both may agree on less

    tenancy.refresh_from_db()
    assert tenancy.state == TenancyState.NOTICE
    stay = Occupancy.objects.get(person=tenancy.parties.get().person)
    assert (stay.ends_on, stay.is_end_sure) == (tenancy.leaves_on, False)


def test_keys_are_never_more_than_their_copies(home: Home) -> None:
    party = home.running(home.tenant()).parties.get()
    key = services.add_key(actor=home.landlord, dwelling=home.dwelling, label="portone", copies=2)
    loan = services.give_key(
        actor=home.landlord, key=key, copies=2, given_on=ours.today(), today=ours.today(), party=party
    )

    with pytest.raises(services.KeysOut, match="restano 0"):
        services.give_key(
            actor=home.landlord,
            key=key,
            copies=1,
            given_on=ours.today(),
            today=ours.today(),
            holder_name="Idraulico",
        )
    services.take_key_back(
        actor=home.landlord,
        loan=loan,
        returned_on=ours.today(),
        is_lost=False,
        expected_version=loan.version,
        today=ours.today(),
    )
    assert services.copies_out(key) == 0


def test_house_rules_have_versions_and_a_tenancy_keeps_its_own(home: Home) -> None:
    def write(text: str) -> Any:
        return services.write_house_rules(
            actor=home.landlord, text=text, valid_from=ours.today(), dwelling=home.dwelling
        )

    first = write("Si fa silenzio dalle 22 alle 7.")
    tenancy = home.draft(home.tenant())
    second = write("Si fa silenzio dalle 23 alle 7.")

    assert (first.number, second.number, tenancy.house_rules) == (1, 2, first)


def test_a_reserved_tenant_has_no_name_for_whoever_may_not_know_them(home: Home) -> None:
    tenancy = home.draft(home.tenant(bed=0))
    party = tenancy.parties.get()
    assert names_seen(home.landlord, [party])

    party.person.is_reserved = True
    party.person.save()

    assert names_seen(home.landlord, [party]) == {}


def test_accountant_reads_the_names_of_the_own_tenants_alone(home: Home) -> None:
    parties = home.draft(home.tenant(bed=0)).parties.all()
    stranger = actor_for_role("rent_accountant")
    accountant = replace(stranger, organisation_id=home.landlord.organisation_id)

    assert names_seen(stranger, parties) == {}
    assert names_seen(accountant, parties) == {parties[0].person_id: parties[0].person.display_name}


def test_apps_above_hear_of_tenancies(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(hooks, "_listeners", [lambda news, tenancy, day: heard.append(news)])

    home.running(home.tenant())

    assert heard == ["moved_in"]


def test_database_keeps_one_duty_a_day(home: Home) -> None:
    tenancy = TenancyFactory(dwelling=home.dwelling)
    Duty.objects.create(tenancy=tenancy, kind="utilities", due_on=ours.today())

    with transaction.atomic(), pytest.raises(IntegrityError):
        Duty.objects.create(tenancy=tenancy, kind="utilities", due_on=ours.today())


def test_factory_makes_a_tenancy_that_its_body_sees(home: Home) -> None:
    party = TenancyPartyFactory(tenancy__dwelling=home.dwelling, tenancy__running=True)

    assert list(Tenancy.objects.visible_to(home.landlord)) == [party.tenancy]
    assert list(Tenancy.objects.visible_to(SYSTEM)) == []
