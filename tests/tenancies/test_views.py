from datetime import date
from html import unescape
from typing import Any

import pytest

from ali.core import clock as ours
from ali.housing.models import Occupancy
from ali.organisations.models import Organisation
from ali.tenancies import services
from ali.tenancies.models import HouseRules, Tenancy
from ali.work.models import Means
from tests.clients import ClientAs, RoleClient
from tests.factories.people import follow
from tests.factories.tenancies import TenancyFactory, TenancyPartyFactory
from tests.tenancies.scenes import Home, make_home, make_placed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def manager(client_as: ClientAs) -> RoleClient:
    return client_as("housing_manager")


@pytest.fixture
def home(manager: RoleClient) -> Home:
    return make_home(manager.actor)


def body_of(client: RoleClient) -> Organisation:
    return Organisation.objects.get(pk=client.actor.organisation_id)


def page_of(client: RoleClient, tenancy: Tenancy) -> str:
    answer = client.get(f"/affitti/{tenancy.public_id}/")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_list_says_who_where_and_what_comes_next(manager: RoleClient, home: Home) -> None:
    home.draft(home.tenant(surname="Bah"))

    answer = unescape(manager.get("/affitti/").content.decode())

    for told in ("BAH", str(home.dwelling), "Controlla e manda alla firma"):
        assert told in answer


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("manca=consegna", "signed"),
        ("manca=firme", "signing"),
        ("stato=ended", "ended"),
        ("manca=deposito", "ended"),
        ("manca=comunicazione", "running"),
    ],
)
def test_list_filters_by_what_is_missing(manager: RoleClient, home: Home, query: str, shown: str) -> None:
    made = {}
    for trait in ("signed", "signing", "ended", "running"):
        dwelling = make_home(manager.actor).dwelling
        party = TenancyPartyFactory(tenancy=TenancyFactory(dwelling=dwelling, **{trait: True}))
        bed = dwelling.rooms.get().beds.first()
        Occupancy.objects.create(bed=bed, person=party.person, starts_on=date(2026, 1, 1))
        made[trait] = dwelling

    answer = unescape(manager.get(f"/affitti/?{query}").content.decode())

    assert [trait for trait, dwelling in made.items() if str(dwelling) in answer] == [shown]


def test_list_costs_the_same_for_many(
    manager: RoleClient, home: Home, django_assert_max_num_queries: Any
) -> None:
    for _number in range(5):
        TenancyPartyFactory(tenancy=TenancyFactory(dwelling=home.dwelling, running=True))

    with django_assert_max_num_queries(16):
        assert manager.get("/affitti/").status_code == 200


def test_tenancy_costs_the_same_for_many_people(
    manager: RoleClient, home: Home, django_assert_max_num_queries: Any
) -> None:
    tenancy = home.running(home.tenant(bed=0), home.tenant(bed=1))

    with django_assert_max_num_queries(55):
        page_of(manager, tenancy)


def test_from_proposal_to_draft_in_one_form(client_as: ClientAs) -> None:
    manager = client_as("housing_manager")
    home, placement, person = make_placed(landlord=manager.actor)
    address = f"/affitti/proposta/{placement.proposal.public_id}/nuovo/"
    shown = manager.get(address)
    form = shown.context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    data |= {"starts_on": "2026-03-12", "ends_on": "2026-09-11", "persons": str(person.public_id)}

    answer = manager.post(address, data)

    tenancy = Tenancy.objects.get()
    assert answer["Location"] == f"/affitti/{tenancy.public_id}/"
    assert (tenancy.placement, tenancy.rent_cents) == (placement, home.dwelling.rent_cents)
    assert manager.get(address)["Location"] == f"/affitti/{tenancy.public_id}/"  # a proposal gives one


def test_type_of_contract_brings_its_length_and_deposit(manager: RoleClient, home: Home) -> None:
    form = manager.get(f"/affitti/casa/{home.dwelling.public_id}/nuovo/?tipo=C32").context["form"]

    assert (form["starts_on"].value(), form["ends_on"].value()) == (date(2026, 3, 2), date(2029, 3, 1))
    assert form["deposit_cents"].value() == "480"


def test_name_is_looked_for_by_post(manager: RoleClient, home: Home) -> None:
    home.tenant(bed=None, surname="Traore")

    answer = manager.post(
        f"/affitti/casa/{home.dwelling.public_id}/nuovo/", {"do": "search", "name": "traore"}
    )

    assert "TRAORE" in answer.content.decode()


def test_what_blocks_is_said_with_its_source_and_there_is_no_form(manager: RoleClient, home: Home) -> None:
    tenancy = home.draft(home.tenant(permit=False))

    shown = page_of(manager, tenancy)

    assert "Così non si può firmare" in shown
    assert "D.Lgs. 286/1998" in shown
    assert "Manda alla firma" not in shown


def test_case_worker_reads_the_tenancy_of_their_person_and_changes_nothing(
    client_as: ClientAs, home: Home
) -> None:
    carer = client_as("centre_operator")
    person, flatmate = home.tenant(bed=0, surname="Bah"), home.tenant(bed=1, surname="Diallo")
    follow(person, body_of(carer))
    tenancy = home.running(person, flatmate)

    shown = page_of(carer, tenancy)

    assert "BAH" in shown
    assert "DIALLO" not in shown  # nobody of theirs
    assert "Registra la disdetta" not in shown
    answer = carer.post(f"/affitti/{tenancy.public_id}/annulla/", {"reason": "prova", "version": "1"})
    assert answer.status_code == 403


def test_a_reserved_tenant_has_no_name_and_no_printed_paper(manager: RoleClient, home: Home) -> None:
    person = home.tenant(surname="Segreta")
    tenancy = home.draft(person)
    person.is_reserved = True
    person.save()

    assert "SEGRETA" not in page_of(manager, tenancy)
    assert "SEGRETA" not in manager.get("/affitti/").content.decode()
    answer = manager.get(f"/affitti/{tenancy.public_id}/carte/contratto/")
    assert answer.status_code == 302


def test_other_bodies_find_nothing(client_as: ClientAs, home: Home) -> None:
    tenancy = home.draft(home.tenant())

    assert client_as("housing_manager").get(f"/affitti/{tenancy.public_id}/").status_code == 404
    assert client_as("prefecture_officer").get(f"/affitti/{tenancy.public_id}/").status_code == 403


def test_wrong_shares_come_back_with_the_difference(manager: RoleClient, home: Home) -> None:
    tenancy = home.running(home.tenant())
    party = tenancy.parties.get()

    answer = manager.post(
        f"/affitti/{tenancy.public_id}/quote/",
        {"starts_on": "2026-03-02", f"share_{party.pk}": "300", "version": tenancy.version},
    )

    assert answer.status_code == 422
    assert "15,01" in answer.content.decode()


def test_when_somebody_leaves_the_page_shows_the_new_shares(
    manager: RoleClient, home: Home, clock: Any
) -> None:
    tenancy = home.running(home.tenant(bed=0), home.tenant(bed=1))
    leaver = tenancy.parties.order_by("pk")[0]
    day = clock("2026-06-01")
    manager.force_login(manager.user)
    services.let_party_leave(
        actor=home.landlord, party=leaver, leaving=home.leaving(), expected_version=leaver.version, today=day
    )

    shown = page_of(manager, Tenancy.objects.get(pk=tenancy.pk))

    assert "Le quote non fanno il canone" in shown
    assert "315,01" in shown


def test_deposit_goes_back_with_what_is_kept(manager: RoleClient, home: Home, clock: Any) -> None:
    tenancy = home.running(home.tenant())
    day = clock("2026-06-01")
    manager.force_login(manager.user)
    tenancy = services.end_tenancy(
        actor=home.landlord,
        tenancy=tenancy,
        leaving=home.leaving(day),
        expected_version=tenancy.version,
        now=ours.now(),
        today=day,
    )

    manager.post(
        f"/affitti/{tenancy.public_id}/deposito/",
        {
            "held_cents": "240",
            "returned_on": "2026-06-01",
            "version": tenancy.version,
            "trattenute-TOTAL_FORMS": "1",
            "trattenute-INITIAL_FORMS": "0",
            "trattenute-0-reason": "vetro",
            "trattenute-0-cents": "35,50",
        },
    )

    assert tenancy.deposit_returns.get().returned_cents == 20_450


def test_house_rules_grow_by_versions(manager: RoleClient, home: Home) -> None:
    address = f"/affitti/casa/{home.dwelling.public_id}/regole/"
    for text in ("Silenzio dalle 22 alle 7.", "Silenzio dalle 23 alle 7."):
        manager.post(address, {"text": text, "valid_from": "2026-03-02"})

    assert list(HouseRules.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


class TestEntry:
    def test_case_worker_sees_what_is_missing_and_the_landlord_does_not(self, client_as: ClientAs) -> None:
        carer, manager = client_as("centre_operator"), client_as("housing_manager")
        home, _placement, person = make_placed(carer=carer.actor, landlord=manager.actor)
        Means.objects.create(person=person, savings_cents=12_345, stated_on=date(2026, 1, 1))
        address = f"/affitti/ingresso/{home.dwelling.public_id}/{person.household.public_id}/"

        for_carer = carer.get(address).content.decode()
        for_landlord = manager.get(address).content.decode()

        assert "123,45" in for_carer
        assert "Manca" in for_carer
        assert "123,45" not in for_landlord
        assert "Da coprire con risparmi o altri aiuti" in for_landlord

    def test_sure_help_counts_and_asked_help_does_not(self, client_as: ClientAs) -> None:
        carer = client_as("centre_operator")
        home, _placement, person = make_placed(carer=carer.actor)
        address = f"/affitti/ingresso/{home.dwelling.public_id}/{person.household.public_id}/"
        before = carer.get(address).context["money"].missing

        for state, cents in (("granted", "200"), ("asked", "150")):
            carer.post(f"{address}aiuto/", {"source": "municipality", "cents": cents, "state": state})

        money = carer.get(address).context["money"]
        assert (before - money.missing, money.asked) == (20_000, 15_000)

    def test_flatmates_of_other_households_pay_their_own_deposit(self, manager: RoleClient) -> None:
        home = make_home(manager.actor)
        first, second = home.tenant(bed=0), home.tenant(bed=1)
        home.draft(first, second, deposit_cents=24_001)
        address = f"/affitti/ingresso/{home.dwelling.public_id}/{{}}/"

        money = [
            manager.get(address.format(person.household.public_id)).context["money"]
            for person in (first, second)
        ]

        assert sum(one.deposit for one in money) in {24_000, 24_001, 24_002}
        assert {one.deposit for one in money} <= {12_000, 12_001}
