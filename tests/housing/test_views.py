from datetime import date
from typing import Any

import pytest

from ali.accounts import roles
from ali.audit.models import AuditEvent
from ali.housing.models import Bed, Dwelling, Occupancy, Room
from ali.housing.states import DwellingState
from ali.organisations.models import Organisation
from tests.clients import RoleClient, once
from tests.factories.housing import BuildingFactory, DwellingFactory, OccupancyFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db

NEW = {
    "edificio-municipality": "028060",
    "edificio-address": "Via dell'Esempio 12",
    "casa-state": "free",
    "casa-channel": "agency",
    "casa-mode": "men",
    "casa-access": "none",
    "casa-floor": "1",
    "casa-net_area_m2": "66,5",
    "casa-rent_cents": "240",
    "casa-deposit_months": "2",
    "casa-is_available_sure": "on",
    "stanze-TOTAL_FORMS": "2",
    "stanze-INITIAL_FORMS": "0",
    "stanze-0-kind": "bedroom",
    "stanze-0-area_m2": "14,2",
    "stanze-0-beds": "2",
    "stanze-1-kind": "kitchen",
}


@pytest.fixture
def manager(client_as: Any, today: date) -> RoleClient:
    client: RoleClient = client_as(roles.HOUSING_MANAGER.code)
    return client


def _own(client: RoleClient, **kwargs: Any) -> Dwelling:
    return DwellingFactory(manager=Organisation.objects.get(pk=client.actor.organisation_id), **kwargs)


def _bed(home: Dwelling) -> Bed:
    return Bed.objects.filter(room__dwelling=home).order_by("pk")[0]


def test_list_filters_and_keeps_them_in_the_address(manager: RoleClient) -> None:
    _own(manager, label="interno libero")
    OccupancyFactory(bed=_bed(_own(manager, label="interno pieno", beds=1)))
    _own(manager, label="interno donne", women=True)

    answer = manager.get("/case/", {"libere": "30", "uso": "men"})

    assert "interno libero" in answer.text
    assert "interno pieno" not in answer.text
    assert "interno donne" not in answer.text
    assert 'href="?uso=men"' in answer.text


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ({"stato": "given_back"}, {"reso"}),
        ({"comune": "028016"}, {"altrove"}),
        ({"canale": "market"}, {"mercato"}),
        ({"accessibile": "on"}, {"piano terra"}),
        ({}, {"altrove", "mercato", "piano terra"}),
        ({"libere": "mai", "comune": "999", "page": "-3"}, {"altrove", "mercato", "piano terra"}),
    ],
)
def test_each_filter_narrows_list_and_map(
    query: dict[str, str], labels: set[str], manager: RoleClient
) -> None:
    _own(manager, label="reso", state=DwellingState.GIVEN_BACK)
    _own(manager, label="altrove", building=BuildingFactory(town="Cadoneghe"))
    _own(manager, label="mercato", market=True)
    _own(manager, label="piano terra", accessible=True)
    everything = {"reso", "altrove", "mercato", "piano terra"}

    answer = manager.get("/case/", query)
    points = manager.get("/case/punti.geojson", query).json()["features"]

    assert {label for label in everything if f", {label}<" in answer.text} == labels
    assert len(points) == len(labels)


def test_list_takes_the_same_queries_for_many(
    manager: RoleClient, django_assert_max_num_queries: Any
) -> None:
    for _number in range(30):
        _own(manager)

    with django_assert_max_num_queries(12):
        first = manager.get("/case/")
    second = manager.get("/case/", {"page": "2"})

    assert "?page=2" in first.text
    assert first.text.count("Via dell&#x27;Esempio") == 20
    assert second.text.count("Via dell&#x27;Esempio") == 10


def test_htmx_gets_the_results_alone(manager: RoleClient) -> None:
    answer = manager.get("/case/", headers={"HX-Request": "true"})

    assert "<html" not in answer.text
    assert 'id="results"' in answer.text


def test_empty_list_says_what_to_do(manager: RoleClient) -> None:
    answer = manager.get("/case/")

    assert "Nessuna casa con questi filtri" in answer.text
    assert "/case/nuova/" in answer.text


def test_free_beds_come_the_earliest_first(manager: RoleClient) -> None:
    later = _own(manager, beds=1, label="dopo")
    OccupancyFactory(bed=_bed(later), leaving=True)
    _own(manager, beds=1, label="subito")
    _own(manager, beds=1, label="sospesa", suspended=True)

    text = manager.get("/case/posti/").text

    assert text.index("subito") < text.index("dopo")
    assert "1 Mag 2026" in text or "1 mag 2026" in text.lower()
    assert "sospesa" not in text.split("<main")[1].split("</table>")[0]


def test_home_is_added_in_one_form(manager: RoleClient) -> None:
    assert manager.get("/case/nuova/").status_code == 200

    answer = manager.post("/case/nuova/", {**NEW, **once()})

    home = Dwelling.objects.get()
    assert answer.headers["Location"] == f"/case/{home.public_id}/"
    assert (home.manager_id, home.rent_cents, str(home.net_area_m2)) == (
        manager.actor.organisation_id,
        24_000,
        "66.5",
    )
    assert Bed.objects.filter(room__dwelling=home).count() == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"casa-rent_cents": "-240"}, "negativo"),
        ({"edificio-address": ""}, "obbligatorio"),
        ({"stanze-0-area_m2": ""}, "metri quadrati"),
        ({"stanze-0-beds": "0"}, "almeno un letto"),
        ({"casa-max_people": "3"}, "quale atto"),
        ({"edificio-is_confiscated": "on"}, "confiscato"),
        ({"casa-net_area_m2": "tanti"}, "numero"),
    ],
)
def test_wrong_home_comes_back_with_a_sentence(
    changes: dict[str, str], sentence: str, manager: RoleClient
) -> None:
    answer = manager.post("/case/nuova/", {**NEW, **changes, **once()})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Via dell&#x27;Esempio 12" in answer.text or "edificio-address" in changes
    assert not Dwelling.objects.exists()


def test_detail_tells_capacity_costs_and_next_steps(manager: RoleClient) -> None:
    home = _own(manager, beds=2)

    text = manager.get(f"/case/{home.public_id}/").text

    assert "le camere da letto" in text
    assert "DM Sanità 5 luglio 1975" in text
    assert "deposito 480 €, primo mese con spese 270 €, altro 150 €" in text
    assert "Sospendi" in text


def test_detail_shows_the_conflict_of_a_reception_manager(client_as: Any, today: date) -> None:
    officer = client_as(roles.PREFECTURE_OFFICER.code)
    home = DwellingFactory(manager=OrganisationFactory(reception_manager=True))

    text = officer.get(f"/case/{home.public_id}/").text

    assert "gestisce anche l’accoglienza" in text
    assert "Sospendi" not in text


def test_prefecture_reads_no_name_that_is_not_its_own(client_as: Any, today: date) -> None:
    officer = client_as(roles.PREFECTURE_OFFICER.code)
    home = DwellingFactory(beds=1)
    OccupancyFactory(bed=_bed(home), person=PersonFactory(surname="Nascosto"))
    followed = PersonFactory(
        surname="Seguita", prefecture=Organisation.objects.get(pk=officer.actor.organisation_id)
    )
    OccupancyFactory(bed=_bed(DwellingFactory(building=home.building, beds=1)), person=followed)
    other = Dwelling.objects.exclude(pk=home.pk).get()

    assert "occupato" in officer.get(f"/case/{home.public_id}/").text
    assert "NASCOSTO" not in officer.get(f"/case/posti/{_bed(home).public_id}/").text
    assert "SEGUITA" in officer.get(f"/case/{other.public_id}/").text
    event = AuditEvent.objects.get(verb="home_occupants_read")
    assert [subject.person for subject in event.subjects.all()] == [followed.public_id]


def test_home_that_cannot_be_matched_offers_no_bed(manager: RoleClient) -> None:
    _own(manager, building=BuildingFactory(confiscated=True), beds=2)

    (point,) = manager.get("/case/punti.geojson").json()["features"]

    assert point["properties"]["tone"] == "taken"
    assert "2 posti, non da abbinare ora" in manager.get("/case/").text


def test_confiscated_home_says_why_it_cannot_be_matched(client_as: Any, today: date) -> None:
    officer = client_as(roles.PREFECTURE_OFFICER.code)
    home = DwellingFactory(building=BuildingFactory(confiscated=True))

    assert "procedura pubblica" in officer.get(f"/case/{home.public_id}/").text


def test_home_is_edited_and_two_people_do_not_overwrite(manager: RoleClient) -> None:
    manager.post("/case/nuova/", {**NEW, **once()})
    home = Dwelling.objects.get()
    url, form = f"/case/{home.public_id}/modifica/", {**NEW, "version": home.version, "building_version": "1"}
    assert "66,5" in manager.get(url).text

    assert manager.post(url, {**form, "casa-rent_cents": "250", **once()}).status_code == 302
    answer = manager.post(url, {**form, **once()})

    assert answer.status_code == 422
    assert "Qualcun altro" in answer.text
    home.refresh_from_db()
    assert home.rent_cents == 25_000


def test_rooms_are_edited(manager: RoleClient) -> None:
    home = _own(manager, beds=2)
    room = Room.objects.get()
    rows = {
        "version": home.version,
        "stanze-TOTAL_FORMS": "2",
        "stanze-INITIAL_FORMS": "1",
        "stanze-0-id": room.pk,
        "stanze-0-kind": "bedroom",
        "stanze-0-area_m2": "15",
        "stanze-0-beds": "3",
        "stanze-1-kind": "living",
        "stanze-1-area_m2": "18",
    }
    assert manager.get(f"/case/{home.public_id}/stanze/").status_code == 200

    answer = manager.post(f"/case/{home.public_id}/stanze/", {**rows, **once()}, follow=True)

    assert Bed.objects.filter(room=room).count() == 3
    assert Room.objects.count() == 2
    assert "I letti sono 3, la capienza è 2" in answer.text
    OccupancyFactory(bed=_bed(home))
    refused = manager.post(
        f"/case/{home.public_id}/stanze/",
        {**rows, "version": "2", "stanze-0-area_m2": "", "stanze-0-beds": "", **once()},
    )
    assert refused.status_code == 422
    assert "prima deve liberarsi" in refused.text


def test_step_is_taken_or_refused_with_a_sentence(manager: RoleClient) -> None:
    home = _own(manager, beds=1)
    url = f"/case/{home.public_id}/passo/"

    refused = manager.post(url, {"verb": "suspend", "version": "1", **once()}, follow=True)
    taken = manager.post(url, {"verb": "suspend", "version": "1", "reason": "caldaia", **once()}, follow=True)

    assert "Scrivi il motivo" in refused.text
    assert "sospeso" in taken.text
    assert manager.post(url, {"verb": "volare", "version": "2", **once()}, follow=True).status_code == 200


def test_somebody_enters_a_bed_and_leaves_it(manager: RoleClient) -> None:
    home = _own(manager, beds=1)
    bed = _bed(home)
    page = f"/case/posti/{bed.public_id}/"

    manager.post(f"{page}entrata/", {"starts_on": "2026-03-01", **once()})
    stay = Occupancy.objects.get()
    assert "occupato" in manager.get(page).text
    manager.post(
        f"/case/permanenze/{stay.public_id}/uscita/",
        {
            "version": "1",
            f"uscita-{stay.pk}-ends_on": "2026-04-01",
            f"uscita-{stay.pk}-is_end_sure": "on",
            **once(),
        },
    )

    bed.refresh_from_db()
    assert (bed.free_from, bed.is_free_sure) == (date(2026, 4, 1), True)
    wrong = manager.post(f"{page}entrata/", {"starts_on": "2026-03-15", **once()})
    assert wrong.status_code == 422
    assert "altra persona" in wrong.text


def test_one_person_too_many_warns(manager: RoleClient) -> None:
    home = _own(manager, beds=3, net_area_m2=28)
    for bed in Bed.objects.order_by("pk")[1:]:
        OccupancyFactory(bed=bed)

    answer = manager.post(
        f"/case/posti/{_bed(home).public_id}/entrata/", {"starts_on": "2026-03-01", **once()}, follow=True
    )

    assert "Ora ci abitano in 3 e la capienza è di 2" in answer.text


def test_whole_home_has_one_row_among_the_free_beds(manager: RoleClient) -> None:
    _own(manager, whole=True, beds=4, label="intera")

    text = manager.get("/case/posti/").text

    assert text.count(", intera<") == 1
    assert "tutta la casa" in text


def test_wrong_stay_is_taken_away(manager: RoleClient) -> None:
    stay = OccupancyFactory(bed=_bed(_own(manager, beds=1)))

    manager.post(f"/case/permanenze/{stay.public_id}/togli/", {"version": "1", **once()})

    assert not Occupancy.objects.exists()


def test_communication_to_the_police_is_noted(manager: RoleClient) -> None:
    stay = OccupancyFactory(bed=_bed(_own(manager, beds=1)), person=PersonFactory())
    page = f"/case/posti/{stay.bed.public_id}/"
    assert "Comunicazione fatta" in manager.get(page).text

    manager.post(
        f"/case/permanenze/{stay.public_id}/comunicazione/",
        {"version": "1", "communicated_on": "2026-03-02", **once()},
    )

    assert "ospitalità comunicata il" in manager.get(page).text


def test_bed_gets_its_name(manager: RoleClient) -> None:
    bed = _bed(_own(manager, beds=1))

    assert manager.post(f"/case/posti/{bed.public_id}/nome/", {"label": "", **once()}).status_code == 422
    manager.post(f"/case/posti/{bed.public_id}/nome/", {"label": "Finestra", "version": 1, **once()})

    bed.refresh_from_db()
    assert bed.label == "Finestra"


def test_bed_renamed_by_somebody_else_meanwhile_keeps_that_name(manager: RoleClient) -> None:
    bed = _bed(_own(manager, beds=1))
    assert 'name="version" value="1"' in manager.get(f"/case/posti/{bed.public_id}/").text
    bed.label = "Porta"
    bed.save_if_unchanged(1, fields=["label"])

    answer = manager.post(f"/case/posti/{bed.public_id}/nome/", {"label": "Finestra", "version": 1})

    bed.refresh_from_db()
    assert (answer.status_code, bed.label) == (422, "Porta")
    assert "Qualcun altro ha modificato" in answer.text


def test_home_of_another_body_is_not_found(manager: RoleClient) -> None:
    home = DwellingFactory(beds=1)

    for path in (
        f"/case/{home.public_id}/",
        f"/case/{home.public_id}/modifica/",
        f"/case/posti/{_bed(home).public_id}/",
    ):
        assert manager.get(path).status_code == 404


def test_free_beds_do_not_lead_a_housing_manager_to_the_shortlist(manager: RoleClient) -> None:
    _own(manager, beds=1, label="libera")

    text = manager.get("/case/posti/").text

    assert "libera" in text
    assert "Vedi i nuclei" not in text


def test_detail_shows_height_and_windows_of_a_room(manager: RoleClient) -> None:
    home = DwellingFactory(manager_id=manager.actor.organisation_id)
    Room.objects.filter(dwelling=home).update(height_m="2.55", window_m2="1.8")

    shown = manager.get(f"/case/{home.public_id}/").content.decode()

    assert "altezza 2,55 m" in shown
    assert "finestre 1,8 m²" in shown


def test_phone_view_stays_in_the_address_of_the_filters(manager: RoleClient) -> None:
    answer = manager.get("/case/?view=map&mode=men")

    assert [view["current"] for view in answer.context["views"]] == [False, True]
    assert answer.context["views"][0]["href"] == "/case/?mode=men"
    assert '<input type="hidden" name="view" value="map">' in answer.content.decode()
