"""From an offer by telephone to a home of the network."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from ali.accounts import roles
from ali.core.decisions import NotAllowed
from ali.core.states import WrongState
from ali.deadlines.models import Deadline
from ali.housing.models import CadastralUnit, Dwelling, Vacancy
from ali.housing.states import DwellingState
from ali.scouting import services
from ali.scouting.feasibility import feasibility_of
from ali.scouting.models import Inspection, Lead, Owner, Ownership
from ali.scouting.services import HomeFacts
from ali.scouting.states import LEAD_TRANSITIONS, LeadState
from tests.clients import RoleClient, once
from tests.factories.organisations import actor_for_role
from tests.factories.scouting import LeadFactory, lead_of

OFFER = {
    "owner_name": "Bruna Esempio",
    "owner_phone": "049 000000",
    "owner_kind": "person",
    "municipality": "028060",
    "address": "Via dell'Esempio 12",
    "area_m2": "72,5",
    "why_empty": "fear",
    "availability": ["rent", "works"],
    "asking_cents": "450",
    "next_step": "Fissare il sopralluogo",
    "next_on": "2026-03-09",
}


@pytest.fixture
def operator(client_as: Any, today: date) -> RoleClient:
    client: RoleClient = client_as(roles.HOUSING_OPERATOR.code)
    return client


@pytest.fixture
def manager(client_as: Any, today: date) -> RoleClient:
    client: RoleClient = client_as(roles.HOUSING_MANAGER.code)
    return client


def _home(**kwargs: Any) -> HomeFacts:
    return HomeFacts(**{"address": "Via Vuota 1", "net_area_m2": Decimal(60), "rent_cents": 40_000, **kwargs})


@pytest.mark.django_db
def test_offer_by_telephone_makes_owner_lead_and_deadline(operator: RoleClient) -> None:
    answer = operator.post("/ricerca-case/offerta/", {**once(), **OFFER})

    lead = Lead.objects.get()
    assert answer.url == f"/ricerca-case/{lead.public_id}/"
    assert (lead.state, lead.source, lead.asking_cents) == ("contacted", "offer", 45_000)
    assert lead.owner.name == "Bruna Esempio"
    assert Deadline.objects.get().sentence == "Fissare il sopralluogo: Via dell'Esempio 12"
    assert "Bruna Esempio" in operator.get(answer.url).text


@pytest.mark.django_db
def test_second_offer_of_the_same_person_is_not_a_second_owner(operator: RoleClient) -> None:
    operator.post("/ricerca-case/offerta/", {**once(), **OFFER})
    operator.post("/ricerca-case/offerta/", {**once(), **OFFER, "owner_name": "  BRUNA esempio "})
    operator.post("/ricerca-case/offerta/", {**once(), **OFFER, "owner_phone": "049 111111"})

    assert [one.phone for one in Owner.objects.order_by("pk")] == ["049 000000", "049 111111"]
    assert Lead.objects.count() == 3


@pytest.mark.django_db
def test_offer_without_a_way_to_call_back_is_refused(operator: RoleClient) -> None:
    answer = operator.post("/ricerca-case/offerta/", {**once(), **OFFER, "owner_phone": ""})

    assert answer.status_code == 422
    assert "Serve un telefono" in answer.text


@pytest.mark.django_db
def test_visit_from_a_phone_gives_an_explained_score(operator: RoleClient, today: date) -> None:
    lead = lead_of(operator.actor)
    sent = {"visited_on": "2026-03-01", "voce_structure": "yes", "voce_damp": "partly", "voce_papers": "no"}

    answer = operator.post(f"/ricerca-case/{lead.public_id}/sopralluogo/", {**once(), **sent, "beds": "4"})
    page = operator.get(answer.url).text
    lead.refresh_from_db()

    assert lead.state == LeadState.VISITED
    assert Inspection.objects.get().answers == {"structure": "yes", "damp": "partly", "papers": "no"}
    assert "4 punti su 8 (50%)" in page
    assert "11 voci da capire" in page
    assert "Prima va risolto" in page
    assert "/documenti/" in page


@pytest.mark.django_db
def test_visit_in_the_future_or_of_something_else_is_refused(operator: RoleClient, today: date) -> None:
    lead = lead_of(operator.actor)
    named = {"actor": operator.actor, "lead": lead, "today": today, "now": timezone.now()}

    with pytest.raises(services.ImpossibleLead, match="quando è avvenuto"):
        services.record_inspection(**named, visited_on=date(2026, 3, 3), answers={})
    with pytest.raises(services.ImpossibleLead, match="voci dell'elenco"):
        services.record_inspection(**named, visited_on=today, answers={"nationality": "yes"})


@pytest.mark.django_db
def test_what_nobody_saw_counts_neither_way() -> None:
    reading = feasibility_of({"size": "yes", "rent_ok": "no"}, date(2026, 3, 2), "PD", "028060")

    assert (reading.points, reading.most, reading.share) == (3, 5, 60)
    assert feasibility_of({}, date(2026, 3, 2), "PD", "028060").share is None


def test_steps_lead_where_they_say() -> None:
    walk = ["contact", "visit", "find_feasible", "agree", "convert"]
    state = LeadState.REPORTED
    for verb in walk:
        state = LEAD_TRANSITIONS.after(verb, state)
    assert state == LeadState.CONVERTED
    with pytest.raises(WrongState):
        LEAD_TRANSITIONS.after("archive", LeadState.CONVERTED)


@pytest.mark.django_db
def test_not_feasible_needs_a_reason_and_closes_what_was_due(operator: RoleClient) -> None:
    operator.post("/ricerca-case/offerta/", {**once(), **OFFER})
    lead = Lead.objects.get()
    lead.state = LeadState.VISITED
    lead.save()
    address = f"/ricerca-case/{lead.public_id}/passo/"

    operator.post(address, {**once(), "verb": "find_not_feasible", "version": lead.version})
    lead.refresh_from_db()
    assert lead.state == LeadState.VISITED
    operator.post(
        address, {**once(), "verb": "find_not_feasible", "version": lead.version, "reason": "tetto"}
    )
    lead.refresh_from_db()

    assert (lead.state, lead.reason) == (LeadState.NOT_FEASIBLE, "tetto")
    assert not Deadline.objects.open().exists()


@pytest.mark.django_db
def test_agreed_lead_becomes_building_home_and_ownership(manager: RoleClient, today: date) -> None:
    lead = lead_of(
        manager.actor,
        agreed=True,
        sheet="91",
        parcel="420",
        kind="block",
        why_empty="fear",
        availability=["rent"],
    )
    sent = {"address": "Via Vuota 3", "floor": "2", "net_area_m2": "70", "mode": "whole", "rent_cents": "420"}

    answer = manager.post(
        f"/ricerca-case/{lead.public_id}/alloggio/", {**once(), **sent, "version": lead.version}
    )
    home = Dwelling.objects.get()
    page = manager.get(answer.url).text
    lead.refresh_from_db()

    assert (lead.state, lead.dwelling_id) == (LeadState.CONVERTED, home.pk)
    assert home.state == DwellingState.AGREED
    assert Ownership.objects.get().owner == lead.owner
    assert CadastralUnit.objects.get().parcel == "420"
    assert Vacancy.objects.get().why_empty == "fear"
    assert lead.owner.name in page
    assert "Da dove viene" in page


@pytest.mark.django_db
def test_confiscated_lead_becomes_a_home_that_cannot_be_matched(manager: RoleClient, today: date) -> None:
    lead = lead_of(manager.actor, agreed=True, confiscated=True)

    home = services.convert_lead(
        actor=manager.actor,
        lead=lead,
        facts=_home(),
        expected_version=lead.version,
        today=today,
        now=timezone.now(),
    )

    assert home.building.is_confiscated
    assert home.building.awaits_assignment
    assert not home.is_matchable


@pytest.mark.django_db
def test_operator_may_not_make_homes(operator: RoleClient, today: date) -> None:
    lead = lead_of(operator.actor, agreed=True)

    with pytest.raises(NotAllowed, match="responsabile"):
        services.convert_lead(
            actor=operator.actor,
            lead=lead,
            facts=_home(),
            expected_version=1,
            today=today,
            now=timezone.now(),
        )


@pytest.mark.django_db
def test_comune_sees_leads_in_its_territory_without_owners(client_as: Any, today: date) -> None:
    here, elsewhere = LeadFactory(notes="segreto"), LeadFactory(town="Abano Terme")
    officer = client_as(roles.MUNICIPAL_OFFICER.code)

    listed = officer.get("/ricerca-case/").text
    page = officer.get(f"/ricerca-case/{here.public_id}/").text

    assert here.address in listed
    assert elsewhere.address not in listed
    assert officer.get(f"/ricerca-case/{elsewhere.public_id}/").status_code == 404
    assert here.owner.name not in page + listed
    assert here.owner.phone not in page
    assert "segreto" not in page
    assert officer.get("/ricerca-case/proprietari/").status_code == 403


@pytest.mark.django_db
def test_another_agency_finds_nothing(operator: RoleClient) -> None:
    lead = LeadFactory()

    assert operator.get(f"/ricerca-case/{lead.public_id}/").status_code == 404
    assert operator.get("/ricerca-case/punti.geojson").json()["features"] == []


@pytest.mark.django_db
def test_filters_narrow_list_and_map_and_stay_in_the_address(operator: RoleClient) -> None:
    lead_of(operator.actor, address="Via Paura 1", why_empty="fear")
    lead_of(operator.actor, address="Via Eredi 2", why_empty="heirs", town="Cadoneghe")
    lead_of(operator.actor, address="Via Chiusa 3", state=LeadState.ARCHIVED)

    page = operator.get("/ricerca-case/", {"perche": "fear"}).text
    points = operator.get("/ricerca-case/punti.geojson", {"perche": "fear"}).json()

    assert ("Via Paura 1" in page, "Via Eredi 2" in page, "Via Chiusa 3" in page) == (True, False, False)
    assert [one["properties"]["label"] for one in points["features"]] == ["Via Paura 1, Padova"]
    assert "Via Chiusa 3" in operator.get("/ricerca-case/", {"stato": "archived"}).text


@pytest.mark.django_db
def test_list_takes_the_same_queries_for_many(
    operator: RoleClient, django_assert_max_num_queries: Any
) -> None:
    for _number in range(35):
        lead_of(operator.actor)

    with django_assert_max_num_queries(14):
        answer = operator.get("/ricerca-case/")

    assert "?page=2" in answer.text


@pytest.mark.django_db
def test_change_of_a_lead_moves_its_deadline(operator: RoleClient) -> None:
    operator.post("/ricerca-case/offerta/", {**once(), **OFFER})
    lead = Lead.objects.get()
    sent = {
        "municipality": "028060",
        "address": lead.address,
        "source": "offer",
        "owner": lead.owner_id,
        "next_step": "Richiamare",
        "next_on": "2026-03-20",
        "version": lead.version,
    }

    answer = operator.post(f"/ricerca-case/{lead.public_id}/modifica/", {**once(), **sent})

    assert answer.status_code == 302
    assert Deadline.objects.open().get().due_on == date(2026, 3, 20)


@pytest.mark.django_db
def test_accountant_searches_no_homes(today: date) -> None:
    actor = actor_for_role(roles.RENT_ACCOUNTANT.code)

    assert not Lead.objects.visible_to(actor, today).exists()
    with pytest.raises(NotAllowed):
        services.add_owner(actor=actor, facts=services.OwnerFacts(name="Prova"))
