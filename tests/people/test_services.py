from datetime import date, timedelta

import pytest

from ali.accounts import roles
from ali.audit.models import AuditEvent
from ali.core import clock
from ali.core.decisions import NotAllowed, Refusal
from ali.core.models import StaleRecord
from ali.deadlines.models import Deadline
from ali.people import permissions, services
from ali.people.details import CaseDetails, PermitDetails, PersonDetails, UnclearData
from ali.people.models import Assignment, Household, Person
from ali.people.queries import person_file, possible_duplicates
from ali.people.states import Capacity, IdentifierKind, PermitState, Relation
from ali.places.models import Language, State
from tests.factories.accounts import UserFactory
from tests.factories.organisations import (
    MembershipFactory,
    OrganisationFactory,
    actor_for_role,
)
from tests.factories.people import (
    HouseholdFactory,
    IdentifierFactory,
    PermitFactory,
    PersonFactory,
    follow,
    make_family,
)
from tests.factories.places import municipality

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def stopped(clock):
    clock(TODAY)


@pytest.fixture
def cooperative():
    return OrganisationFactory(name="Cooperativa di prova")


@pytest.fixture
def operator(cooperative):
    return actor_for_role(roles.CENTRE_OPERATOR.code, organisation=cooperative)


@pytest.fixture
def coordinator(cooperative):
    return actor_for_role(roles.CENTRE_COORDINATOR.code, organisation=cooperative)


@pytest.fixture
def newcomer(cooperative):
    return PersonFactory(carer=cooperative, surname="Traoré", given_names="Aïssata", sex="F")


def test_registered_person_is_seen_by_the_own_body_alone(operator):
    mali = State.objects.get(pk="435")

    person = services.register_person(
        actor=operator,
        details=PersonDetails(surname="Keita", given_names="Moussa", birth_date=date(1999, 1, 1)),
        citizenships=[mali],
        today=TODAY,
    )

    stranger = actor_for_role(roles.CENTRE_OPERATOR.code)
    assert Person.objects.visible_to(operator).get() == person
    assert not Person.objects.visible_to(stranger).exists()
    assert person.household.members.count() == 1
    assert AuditEvent.objects.filter(verb="person_registered").exists()


def test_person_of_another_body_cannot_be_changed(newcomer):
    stranger = actor_for_role(roles.CENTRE_OPERATOR.code)

    with pytest.raises(NotAllowed):
        services.change_person(
            actor=stranger,
            person=newcomer,
            details=PersonDetails(surname="X"),
            today=TODAY,
            expected_version=1,
        )


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (PersonDetails(), "surname"),
        (PersonDetails(surname="<b>Rossi</b>"), "surname"),
        (PersonDetails(given_names="Ali\u202e"), "given_names"),
        (PersonDetails(surname="Rossi", birth_date=date(2030, 1, 1)), "birth_date"),
        (PersonDetails(surname="Rossi", birth_date=date(1890, 1, 1)), "birth_date"),
    ],
)
def test_impossible_person_is_refused_with_the_field(operator, details, field):
    with pytest.raises(UnclearData) as refused:
        services.register_person(actor=operator, details=details, today=TODAY)

    assert refused.value.field == field
    assert not Person.objects.exists()


def test_former_name_stays_searchable(operator, newcomer):
    services.change_person(
        actor=operator,
        person=newcomer,
        details=PersonDetails(surname="Camara", given_names="Aïssata", sex="F"),
        today=TODAY,
        expected_version=newcomer.version,
        keep_previous_name=True,
    )

    assert Person.objects.named("traore").get() == newcomer
    assert Person.objects.named("aissata camara").get() == newcomer
    assert AuditEvent.objects.get(verb="person_changed").details == {"fields": ["surname", "birth_date"]}


def test_two_people_do_not_overwrite_each_other(operator, newcomer):
    other_copy = Person.objects.get(pk=newcomer.pk)
    details = PersonDetails(surname="Camara")
    services.change_person(actor=operator, person=newcomer, details=details, today=TODAY, expected_version=1)

    with pytest.raises(StaleRecord):
        services.change_person(
            actor=operator, person=other_copy, details=details, today=TODAY, expected_version=1
        )


def test_alias_is_found_and_removed(operator, newcomer):
    name = services.add_name(actor=operator, person=newcomer, surname="Traore", given_names="Aicha")

    assert Person.objects.named("aicha").get() == newcomer

    services.change_name(
        actor=operator, name=name, kind="alias", surname="Traore", given_names="Ayesha", expected_version=1
    )
    assert not Person.objects.named("aicha").exists()

    services.remove_name(actor=operator, name=name, expected_version=2)
    assert not Person.objects.named("ayesha").exists()


def test_sex_different_from_the_code_is_asked_and_kept(operator, newcomer):
    added = services.add_identifier(
        actor=operator,
        person=newcomer,
        kind=IdentifierKind.CODICE_FISCALE,
        value="rss mra 80a01 h501u",
        today=TODAY,
    )

    assert added.identifier.value == "RSSMRA80A01H501U"
    assert any("sesso" in str(question) for question in added.questions)
    assert newcomer.identifiers.count() == 1


def test_definitive_code_ends_the_provisional_one(operator, newcomer):
    provisional = services.add_identifier(
        actor=operator,
        person=newcomer,
        kind=IdentifierKind.CODICE_FISCALE,
        value="12345678903",
        valid_from=date(2025, 1, 10),
        today=TODAY,
    ).identifier
    services.add_identifier(
        actor=operator,
        person=newcomer,
        kind=IdentifierKind.CODICE_FISCALE,
        value="RSSMRA80A01H501U",
        today=TODAY,
    )

    provisional.refresh_from_db()
    assert provisional.kind == IdentifierKind.CODICE_FISCALE_PROVISIONAL
    assert provisional.valid_to == TODAY - timedelta(days=1)


@pytest.mark.parametrize("value", ["RSSMRA80A01H501X", "", "<script>", "1" * 60])
def test_impossible_code_is_refused(operator, newcomer, value):
    with pytest.raises(UnclearData):
        services.add_identifier(
            actor=operator, person=newcomer, kind=IdentifierKind.CODICE_FISCALE, value=value, today=TODAY
        )


def test_same_code_elsewhere_is_told_without_saying_whose(operator, newcomer):
    hidden = PersonFactory(surname="Segreto")
    IdentifierFactory(person=hidden, value="05ABC1D")
    reserved = PersonFactory(reserved=True)
    IdentifierFactory(person=reserved, value="05RISER")

    told = services.add_identifier(
        actor=operator, person=newcomer, kind=IdentifierKind.CUI, value="05abc1d", today=TODAY
    )
    silent = services.add_identifier(
        actor=operator, person=newcomer, kind=IdentifierKind.CUI, value="05riser", today=TODAY
    )

    assert "prefettura" in str(told.questions[0])
    assert "Segreto" not in str(told.questions[0])
    assert silent.questions == ()


def test_housing_manager_never_reads_reception_identifiers(newcomer):
    agency = actor_for_role(roles.HOUSING_MANAGER.code)
    follow(newcomer, OrganisationFactory(kind="PREF"), Capacity.PREFECTURE)
    services.assign(
        actor=agency,
        person=newcomer,
        organisation_id=agency.organisation_id,
        capacity=Capacity.HOUSING,
        reason="proposta",
        today=TODAY,
    )
    IdentifierFactory(person=newcomer, kind=IdentifierKind.CUI, value="05ABC1D")
    IdentifierFactory(person=newcomer, kind=IdentifierKind.PERMIT, value="I123")

    found = person_file(agency, newcomer)

    assert [one.value for one in found.identifiers] == ["I123"]
    assert not Person.objects.identified_by("05ABC1D", for_actor=agency).exists()
    assert list(Person.objects.identified_by("i 123", for_actor=agency)) == [newcomer]
    with pytest.raises(NotAllowed):
        services.add_identifier(
            actor=agency, person=newcomer, kind=IdentifierKind.CUI, value="X", today=TODAY
        )


def test_person_is_found_by_the_number_of_a_permit(operator, newcomer):
    PermitFactory(person=newcomer, number="I14523698")

    assert list(Person.objects.identified_by(" i14523698", for_actor=operator)) == [newcomer]
    assert not Person.objects.identified_by("", for_actor=operator).exists()


def test_permit_dates_fill_the_board_of_the_bodies_that_follow(operator, cooperative, newcomer):
    prefecture = OrganisationFactory(kind="PREF")
    follow(newcomer, prefecture, Capacity.PREFECTURE)
    details = PermitDetails(
        kind="AS",
        state=PermitState.APPOINTMENT,
        requested_on=date(2026, 1, 10),
        appointment_on=date(2026, 3, 20),
        expires_on=date(2026, 6, 30),
    )

    permit = services.add_permit(actor=operator, person=newcomer, details=details, today=TODAY)

    due = Deadline.objects.order_by("due_on", "organisation").values_list("kind", "due_on", "organisation")
    assert list(due) == [
        ("appointment", date(2026, 3, 20), cooperative.pk),
        ("appointment", date(2026, 3, 20), prefecture.pk),
        ("permit", date(2026, 6, 30), cooperative.pk),
        ("permit", date(2026, 6, 30), prefecture.pk),
    ]

    services.change_permit(
        actor=operator,
        permit=permit,
        details=PermitDetails(
            kind="AS", state=PermitState.DELIVERED, delivered_on=date(2026, 3, 1), expires_on=date(2031, 3, 1)
        ),
        today=TODAY,
        expected_version=permit.version,
    )
    assert list(Deadline.objects.values_list("kind", "due_on").distinct()) == [("permit", date(2031, 3, 1))]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"issued_on": date(2026, 1, 1), "delivered_on": date(2025, 12, 1)}, "delivered_on"),
        ({"delivered_on": date(2026, 4, 1)}, "delivered_on"),
        ({"state": "delivered"}, "delivered_on"),
        ({"state": "appointment"}, "appointment_on"),
        ({"issued_on": date(2026, 1, 1), "expires_on": date(2025, 1, 1)}, "expires_on"),
    ],
)
def test_permit_dates_out_of_order_are_refused(operator, newcomer, wrong, field):
    with pytest.raises(UnclearData) as refused:
        services.add_permit(
            actor=operator, person=newcomer, details=PermitDetails(kind="AS", **wrong), today=TODAY
        )

    assert refused.value.field == field


def test_a_permit_being_renewed_is_not_overdue(operator, newcomer):
    details = PermitDetails(kind="AS", state=PermitState.RENEWING, expires_on=date(2026, 2, 1))

    services.add_permit(actor=operator, person=newcomer, details=details, today=TODAY)

    assert not Deadline.objects.exists()


def test_case_is_written_once_and_then_changed_with_its_version(operator, newcomer):
    case = services.set_case(
        actor=operator, person=newcomer, details=CaseDetails(applied_on=date(2025, 1, 1)), today=TODAY
    )

    with pytest.raises(StaleRecord):
        services.set_case(actor=operator, person=newcomer, details=CaseDetails(), today=TODAY)
    with pytest.raises(UnclearData):
        services.set_case(
            actor=operator,
            person=newcomer,
            details=CaseDetails(decided_on=date(2025, 2, 1)),
            today=TODAY,
            expected_version=case.version,
        )


def test_new_residence_ends_the_earlier_one(operator, newcomer):
    padova = municipality()
    first = services.set_residence(
        actor=operator,
        person=newcomer,
        kind="convivenza",
        municipality=padova,
        starts_on=date(2025, 1, 1),
        today=TODAY,
    )
    services.set_residence(
        actor=operator,
        person=newcomer,
        kind="individuale",
        municipality=padova,
        starts_on=date(2026, 2, 1),
        today=TODAY,
        expected_version=1,
    )

    first.refresh_from_db()
    assert first.ends_on == date(2026, 1, 31)
    with pytest.raises(UnclearData):
        services.set_residence(actor=operator, person=newcomer, kind="ente", today=TODAY)


def test_language_is_stated_once(operator, newcomer):
    italian = Language.objects.get(pk="ita")
    for version, level in enumerate(("A1", "A2")):
        services.set_language(
            actor=operator,
            person=newcomer,
            language=italian,
            level=level,
            today=TODAY,
            expected_version=version,
        )

    assert list(newcomer.languages.values_list("level", flat=True)) == ["A2"]


def test_family_splits_and_keeps_a_reference_person(operator, cooperative):
    father, mother, child, _other = make_family(carer=cooperative)

    own = services.split_household(actor=operator, person=father, today=TODAY)

    mother.refresh_from_db()
    assert own.members.get() == father
    heads = mother.household.members.filter(relation=Relation.HEAD)
    assert heads.count() == 1

    services.join_household(
        actor=operator, person=father, household=mother.household, relation=Relation.PARTNER, today=TODAY
    )
    assert not Household.objects.filter(pk=own.pk).exists()
    assert mother.household.members.count() == 4
    assert child.household_id == mother.household_id


def test_wish_to_live_together_is_stated_once(operator, cooperative):
    brother, other = PersonFactory(carer=cooperative), PersonFactory(carer=cooperative)

    wish = services.state_wish(
        actor=operator, first=other.household, second=brother.household, stated_on=TODAY
    )

    with pytest.raises(Refusal):
        services.state_wish(actor=operator, first=brother.household, second=other.household, stated_on=TODAY)
    assert person_file(operator, brother).wishes[0].members == [other]
    services.withdraw_wish(actor=operator, wish=wish)
    assert person_file(operator, brother).wishes == []


def test_wish_with_a_household_of_others_is_refused(operator, newcomer):
    with pytest.raises(NotAllowed):
        services.state_wish(
            actor=operator, first=newcomer.household, second=PersonFactory().household, stated_on=TODAY
        )


def test_reserved_person_exists_for_the_own_body_and_named_officers_alone(
    coordinator, operator, cooperative, newcomer
):
    prefecture = OrganisationFactory(kind="PREF")
    follow(newcomer, prefecture, Capacity.PREFECTURE)
    PermitFactory(person=newcomer)
    services.write_permit_deadlines([newcomer.pk], TODAY)
    named = actor_for_role(roles.PREFECTURE_OFFICER.code, organisation=prefecture)
    other = actor_for_role(roles.PREFECTURE_OFFICER.code, organisation=prefecture)
    from ali.accounts.models import User

    services.mark_reserved(
        actor=coordinator,
        person=newcomer,
        officers=[User.objects.get(pk=named.user_id)],
        reason="protezione",
        today=TODAY,
    )

    seen_by = [bool(Person.objects.visible_to(who)) for who in (coordinator, operator, named, other)]
    assert seen_by == [True, True, True, False]
    assert set(Deadline.objects.values_list("organisation", "user")) == {
        (cooperative.pk, None),
        (prefecture.pk, named.user_id),
    }

    services.name_officers(actor=coordinator, person=newcomer, officers=[], today=TODAY)
    assert not Person.objects.visible_to(named).exists()

    services.reopen_person(actor=coordinator, person=newcomer, reason="finita", today=TODAY)
    assert Person.objects.visible_to(other).get() == newcomer
    assert set(Deadline.objects.values_list("organisation", flat=True)) == {cooperative.pk, prefecture.pk}


def test_operator_cannot_mark_reserved_and_strangers_cannot_be_named(coordinator, operator, newcomer):
    with pytest.raises(NotAllowed):
        services.mark_reserved(actor=operator, person=newcomer, officers=[], reason="x", today=TODAY)
    stranger = UserFactory()
    MembershipFactory(user=stranger, prefecture_officer=True)
    with pytest.raises(Refusal):
        services.mark_reserved(
            actor=coordinator, person=newcomer, officers=[stranger], reason="x", today=TODAY
        )


def test_municipality_told_is_reset_by_another_municipality(operator, newcomer):
    services.tell_municipality(
        actor=operator, person=newcomer, municipality=municipality(), told_on=TODAY, today=TODAY
    )
    assert newcomer.municipality_told_on == TODAY

    services.set_competent_municipality(
        actor=operator, person=newcomer, municipality=municipality("Abano Terme"), today=TODAY
    )
    assert newcomer.municipality_told_on is None


def test_unassigned_body_stops_seeing(cooperative, newcomer):
    agency = actor_for_role(roles.HOUSING_MANAGER.code)
    common = {
        "actor": agency,
        "person": newcomer,
        "organisation_id": agency.organisation_id,
        "capacity": Capacity.HOUSING,
        "reason": "proposta",
        "today": TODAY,
    }
    services.assign(**common)
    services.assign(**common)
    assert newcomer.assignments.filter(capacity=Capacity.HOUSING).count() == 1
    assert Person.objects.visible_to(agency).exists()

    assert services.unassign(**common) == 1
    assert not Person.objects.visible_to(agency).exists()


def test_household_needs_are_practical(operator, newcomer):
    household = newcomer.household
    services.change_needs(
        actor=operator,
        household=household,
        wants_territory="Padova",
        needs_step_free=True,
        notes="piano terra",
        expected_version=1,
    )
    with pytest.raises(NotAllowed):
        services.change_needs(
            actor=actor_for_role(roles.CENTRE_OPERATOR.code),
            household=HouseholdFactory(),
            wants_territory="",
            needs_step_free=False,
            notes="",
            expected_version=1,
        )


class TestPossibleDuplicates:
    given = {"surname": "Muhammad", "given_names": "Traore", "birth_year": 1998, "citizenships": ["435"]}

    def test_finds_spellings_and_aliases_of_those_seen(self, operator, cooperative):
        known = PersonFactory(
            carer=cooperative,
            surname="Traoré",
            given_names="Mohamed",
            birth_date=date(1999, 1, 1),
            citizenship="435",
        )
        by_alias = PersonFactory(carer=cooperative, surname="Keita", given_names="Sory", citizenship="435")
        by_alias.names.create(surname="Traore", given_names="Mohammed")
        by_alias.save()

        found = possible_duplicates(operator, **self.given)

        assert set(found.seen) == {known, by_alias}
        assert not found.is_elsewhere

    def test_does_not_reveal_who_is_elsewhere(self, operator):
        PersonFactory(surname="Traoré", given_names="Mohamed", citizenship="435")

        found = possible_duplicates(operator, **self.given)

        assert found.seen == []
        assert found.is_elsewhere

    def test_never_finds_reserved_persons_of_others(self, operator):
        PersonFactory(surname="Traoré", given_names="Mohamed", citizenship="435", reserved=True)

        assert not possible_duplicates(operator, **self.given)

    @pytest.mark.parametrize(
        "person",
        [
            {"birth_date": date(1990, 1, 1), "citizenship": "435"},
            {"birth_date": date(1998, 1, 1), "citizenship": "443"},
            {"birth_date": None, "citizenship": ""},
            {"surname": "", "given_names": "Mohamed", "citizenship": "435"},
        ],
    )
    def test_leaves_out_who_disagrees(self, operator, cooperative, person):
        PersonFactory(**({"carer": cooperative, "surname": "Traoré", "given_names": "Mohamed"} | person))

        assert not possible_duplicates(operator, **self.given)

    @pytest.mark.parametrize(
        "given",
        [
            {"surname": "", "given_names": ""},
            {"birth_year": None, "citizenships": []},
            {"birth_year": None, "citizenships": [""]},
        ],
    )
    def test_never_matches_on_empty_values(self, operator, cooperative, given):
        PersonFactory(carer=cooperative, surname="Traoré", given_names="Mohamed", citizenship="435")
        PersonFactory(carer=cooperative, surname="", given_names="", birth_date=None)

        assert not possible_duplicates(operator, **(self.given | given))


def test_file_of_a_person_costs_a_constant_number_of_queries(
    operator, cooperative, django_assert_max_num_queries
):
    person, *_others = make_family(children=6, carer=cooperative)
    for number in range(5):
        PermitFactory(person=person)
        IdentifierFactory(person=person, value=f"0{number}")

    with django_assert_max_num_queries(12):
        found = person_file(operator, person)

    assert len(found.members) == 8
    assert not found.hidden_members


def test_body_that_hosted_somebody_before_no_longer_writes() -> None:
    before, now = actor_for_role("centre_operator"), actor_for_role("centre_operator")
    person = PersonFactory(seen_by=now)
    Assignment.objects.create(
        person=person,
        organisation_id=before.organisation_id,
        capacity=Capacity.CASEWORK,
        reason="dopo il trasferimento",
        starts_on=clock.today() - timedelta(days=400),
        ends_on=clock.today() + timedelta(days=300),
    )

    assert Person.objects.visible_to(before).filter(pk=person.pk).exists()
    assert not permissions.may_edit_person(before, person)
    assert permissions.may_edit_person(now, person)


@pytest.mark.parametrize(
    ("born", "precision", "arrived", "is_refused"),
    [
        (date(1999, 1, 1), "day", date(1998, 12, 31), True),
        (date(1999, 1, 1), "year", date(1998, 12, 31), False),
        (None, "day", TODAY, False),
        (None, "day", date(2030, 1, 1), True),
    ],
)
def test_arrival_in_italy_follows_birth_and_is_past(born, precision, arrived, is_refused):
    details = PersonDetails(surname="Keita", birth_date=born, birth_precision=precision, arrived_on=arrived)

    if not is_refused:
        details.check(TODAY)
        return
    with pytest.raises(UnclearData) as refused:
        details.check(TODAY)
    assert refused.value.field == "arrived_on"
