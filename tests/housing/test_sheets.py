"""The sheets of a home and its certificates: who writes them, what is missing, what is on the board."""

from datetime import date
from typing import Any

import pytest

from ali.accounts import roles
from ali.audit.models import AuditEvent
from ali.core.decisions import NotAllowed
from ali.core.models import StaleRecord
from ali.deadlines.models import Deadline
from ali.housing import services
from ali.housing.codes import CertificateKind
from ali.housing.models import CadastralUnit, Certificate, Dwelling, Equipment, Vacancy
from ali.housing.services import CadastralFacts, CertificateFacts
from ali.housing.sheets import certificates_of
from ali.organisations.models import Organisation
from tests.clients import RoleClient, once
from tests.factories.housing import DwellingFactory
from tests.factories.organisations import actor_for_role

pytestmark = pytest.mark.django_db
WIRING = CertificateFacts(kind="wiring", issued_on=date(2025, 5, 1), number="DICO 12")


@pytest.fixture
def operator(client_as: Any, today: date) -> RoleClient:
    client: RoleClient = client_as(roles.HOUSING_OPERATOR.code)
    return client


def _own(client: RoleClient) -> Dwelling:
    return DwellingFactory(manager=Organisation.objects.get(pk=client.actor.organisation_id))


def _kinds(home: Dwelling, today: date, equipment: Equipment | None = None) -> set[str]:
    return {line.kind for line in certificates_of(home, equipment, today).lacking}


def test_operator_writes_a_sheet_from_a_phone(operator: RoleClient) -> None:
    home = _own(operator)
    address = f"/case/{home.public_id}/scheda/dotazioni/"
    sent = {"bathrooms": "1", "heating": "own", "fuel": "gas", "energy_class": "E", "energy_index": "142,5"}

    answer = operator.post(address, {**once(), **sent, "version": "0"})
    page = operator.get(f"/case/{home.public_id}/")

    assert answer.status_code == 302
    assert Equipment.objects.get(dwelling=home).energy_index == pytest.approx(142.5)
    assert "autonomo, metano" in page.text
    assert AuditEvent.objects.filter(verb="home_sheet_written").count() == 1


def test_second_writer_of_a_new_sheet_is_told(operator: RoleClient, today: date) -> None:
    home = _own(operator)
    named = {"actor": operator.actor, "home": home, "name": "surroundings", "today": today}
    services.write_sheet(**named, values={"minutes_to_school": 5}, expected_version=0)

    with pytest.raises(StaleRecord, match="nel frattempo"):
        services.write_sheet(**named, values={"minutes_to_school": 9}, expected_version=0)


def test_another_body_does_not_find_the_sheet(operator: RoleClient) -> None:
    assert operator.get(f"/case/{DwellingFactory().public_id}/scheda/edificio/").status_code == 404
    assert operator.get(f"/case/{_own(operator).public_id}/scheda/inventata/").status_code == 404


def test_prefecture_reads_what_helps_and_not_the_meters(client_as: Any, today: date) -> None:
    home = DwellingFactory()
    Equipment.objects.create(dwelling=home, energy_class="C", electricity_meter="IT001E12345678")

    page = client_as(roles.PREFECTURE_OFFICER.code).get(f"/case/{home.public_id}/").text

    assert "classe C" in page
    assert "IT001E12345678" not in page
    assert "Uso e disponibilità" not in page


def test_forbidden_clause_is_flagged_with_its_day_and_nothing_else(operator: RoleClient, today: date) -> None:
    home = _own(operator)
    sent = {"use_state": "ready", "availability": ["rent", "loan"], "has_forbidden_clause": "on"}

    operator.post(f"/case/{home.public_id}/scheda/disponibilita/", {**once(), **sent, "version": "0"})

    stored = Vacancy.objects.get(dwelling=home)
    assert (stored.excluded_by_owner_on, stored.availability) == (today, ["rent", "loan"])
    assert "Una clausola così è vietata" in operator.get(f"/case/{home.public_id}/").text


def test_cadastral_units_are_replaced_together(operator: RoleClient) -> None:
    home = _own(operator)
    flat = CadastralFacts(sheet="91", parcel="420", subunit="7", category="A/3", income_cents=61_230)
    garage = CadastralFacts(sheet="91", parcel="420", subunit="31", category="C/6")

    services.set_cadastral_units(
        actor=operator.actor, home=home, units=[flat, garage], expected_version=home.version
    )
    with pytest.raises(services.ImpossibleSheet, match="due volte"):
        services.set_cadastral_units(
            actor=operator.actor, home=home, units=[flat, flat], expected_version=home.version
        )

    assert [str(one) for one in CadastralUnit.objects.order_by("pk")] == [
        "fg. 91, part. 420, sub. 7",
        "fg. 91, part. 420, sub. 31",
    ]
    assert "G224, fg. 91" in operator.get(f"/case/{home.public_id}/").text


def test_cadastre_form_wants_sheet_and_parcel_together(operator: RoleClient) -> None:
    home = _own(operator)
    rows = {"catasto-TOTAL_FORMS": "1", "catasto-INITIAL_FORMS": "0", "catasto-0-sheet": "9"}
    address = f"/case/{home.public_id}/catasto/"

    wrong = operator.post(address, {**once(), **rows, "version": home.version})
    right = operator.post(address, {**once(), **rows, "catasto-0-parcel": "12", "version": home.version})

    assert wrong.status_code == 422
    assert "Foglio e particella vanno insieme" in wrong.text
    assert right.status_code == 302


@pytest.mark.parametrize(
    ("kind", "issued_on", "expires_on"),
    [
        ("ape", date(2020, 2, 29), date(2030, 2, 28)),
        ("boiler", date(2024, 6, 1), date(2028, 6, 1)),
        ("suitable", date(2026, 1, 1), date(2026, 6, 30)),
        ("habitable", date(1998, 1, 1), None),
    ],
)
def test_expiry_follows_the_rule_of_each_kind(
    kind: str, issued_on: date, expires_on: date | None, operator: RoleClient, today: date
) -> None:
    made = services.add_certificate(
        actor=operator.actor, home=_own(operator), facts=CertificateFacts(kind, issued_on), today=today
    )

    assert made.expires_on == expires_on


def test_latest_certificate_of_a_kind_is_on_the_board(operator: RoleClient, today: date) -> None:
    home = _own(operator)
    for issued in (date(2017, 3, 1), date(2024, 3, 1)):
        services.add_certificate(
            actor=operator.actor, home=home, facts=CertificateFacts("ape", issued), today=today
        )

    due = Deadline.objects.get(source__startswith="housing.certificate:")

    assert due.due_on == date(2034, 3, 1)
    assert "APE" in due.sentence


def test_removing_the_latest_brings_the_older_back(operator: RoleClient, today: date) -> None:
    home = _own(operator)
    older, latest = [
        services.add_certificate(
            actor=operator.actor, home=home, facts=CertificateFacts("ape", issued), today=today
        )
        for issued in (date(2017, 3, 1), date(2024, 3, 1))
    ]

    answer = operator.post(
        f"/case/certificati/{latest.public_id}/togli/", {**once(), "version": "1", "reason": "altra casa"}
    )

    assert answer.status_code == 302
    assert Deadline.objects.get().due_on == older.expires_on


def test_missing_certificates_follow_the_equipment(operator: RoleClient, today: date) -> None:
    home = _own(operator)
    services.add_certificate(actor=operator.actor, home=home, facts=WIRING, today=today)
    heat_pump = Equipment(dwelling=home, heating="own", fuel="pump")

    assert _kinds(home, today) == {"ape", "gas", "boiler", "habitable"}
    assert _kinds(home, today, heat_pump) == {"ape", "habitable"}
    assert "Mancano 4 certificati" in operator.get(f"/case/{home.public_id}/").text


def test_home_with_all_papers_is_certified_until_one_expires(operator: RoleClient, today: date) -> None:
    home = _own(operator)
    for kind in CertificateKind:
        Certificate.objects.create(dwelling=home, kind=kind, issued_on=date(2025, 1, 1))
    assert certificates_of(home, None, today).is_certified

    Certificate.objects.filter(kind="ape").update(expires_on=date(2026, 3, 1))

    assert not certificates_of(home, None, today).is_certified


def test_certificate_page_writes_corrects_and_takes_a_file(operator: RoleClient) -> None:
    home = _own(operator)
    address = f"/case/{home.public_id}/certificati/nuovo/?tipo=ape"

    wrong = operator.post(address, {**once(), "kind": "ape", "issued_on": "2030-01-01"})
    right = operator.post(address, {**once(), "kind": "ape", "issued_on": "2025-01-01", "number": "A1"})
    detail = operator.get(right.url)
    changed = operator.post(
        f"{right.url}modifica/",
        {**once(), "kind": "ape", "issued_on": "2025-02-01", "expires_on": "2035-02-01", "version": "1"},
    )

    assert (wrong.status_code, right.status_code, changed.status_code) == (422, 302, 302)
    assert "non può essere nel futuro" in wrong.text
    assert "/documenti/" in detail.text
    assert Certificate.objects.get().issued_on == date(2025, 2, 1)


def test_accountant_may_not_certify(today: date) -> None:
    actor = actor_for_role(roles.RENT_ACCOUNTANT.code)
    home = DwellingFactory(manager=Organisation.objects.get(pk=actor.organisation_id))

    with pytest.raises(NotAllowed):
        services.add_certificate(actor=actor, home=home, facts=WIRING, today=today)
