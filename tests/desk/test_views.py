"""The desk's pages: what each role finds there, and how little the database is asked."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from ali.audit.models import AuditEvent, AuditSubject
from ali.core import clock
from ali.organisations.models import Organisation
from ali.people.hooks import restart_clocks
from ali.people.models import Person
from ali.reception.states import GapState, Solution
from tests.clients import RoleClient, once
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import PersonFactory
from tests.factories.reception import CentreFactory, ExitFactory, exit_seen_by

pytestmark = pytest.mark.django_db
EXITS = "/uscite/"


def statements(client: RoleClient, url: str) -> int:
    """How many statements a page asks, transactions apart."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return sum(
        1 for query in captured if not query["sql"].startswith(("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT"))
    )


def test_exit_list_shows_own_people_and_records_the_read(client_as) -> None:
    officer = client_as("prefecture_officer")
    own = exit_seen_by(officer.actor, communicated=True)
    other = ExitFactory(communicated=True)

    text = officer.get(EXITS).content.decode()

    assert own.person.surname.upper() in text
    assert other.person.surname.upper() not in text
    event = AuditEvent.objects.get(verb="exit_list_read")
    assert list(event.subjects.values_list("person", flat=True)) == [own.person.public_id]


def test_names_on_the_home_page_are_a_recorded_read(client_as) -> None:
    officer = client_as("prefecture_officer")
    leaving = exit_seen_by(officer.actor, communicated=True, leaves_on=clock.today() + timedelta(days=5))
    restart_clocks([leaving.person_id], today=clock.today())

    shown = officer.get("/").content.decode()

    assert leaving.person.display_name in shown
    read = AuditEvent.objects.get(verb="deadlines_read")
    assert read.is_read
    assert AuditSubject.objects.filter(event=read, person=leaving.person.public_id).exists()


def test_exit_list_asks_the_same_whatever_the_rows(client_as) -> None:
    operator = client_as("centre_operator")
    centre = CentreFactory(manager=Organisation.objects.get(pk=operator.actor.organisation_id))
    ExitFactory(centre=centre, communicated=True)
    few = statements(operator, EXITS)
    ExitFactory.create_batch(12, centre=centre, communicated=True)

    many = statements(operator, EXITS)

    assert few == many <= 12


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("days=90", True),
        ("days=30&help=without", True),
        ("help=with", False),
        ("gap=papers", True),
        ("gap=language", False),
        ("dating=expected", False),
        ("dating=dated&page=1", True),
        ("dating=all", True),
        ("municipality=028060", True),
        ("days=strano", True),
    ],
)
def test_exit_list_filters(client_as, query: str, found: bool) -> None:
    officer = client_as("prefecture_officer")
    leaving = exit_seen_by(
        officer.actor, communicated=True, gap_papers=GapState.MISSING, gap_language=GapState.OK
    )

    text = officer.get(f"{EXITS}?{query}").content.decode()

    assert (leaving.person.surname.upper() in text) is found


def test_reserved_person_is_in_no_list_of_the_prefecture(client_as) -> None:
    officer = client_as("prefecture_officer")
    leaving = exit_seen_by(officer.actor, communicated=True)
    Person.objects.filter(pk=leaving.person_id).update(is_reserved=True)

    pages = [
        officer.get(EXITS),
        officer.get("/"),
        officer.post("/cerca/", {"q": leaving.person.surname, **once()}),
    ]

    assert all(leaving.person.surname.upper() not in answer.content.decode() for answer in pages)
    assert officer.get(reverse("desk:person", args=[leaving.person.public_id])).status_code == 404


def test_export_asks_for_a_reason_and_is_logged_with_it(client_as) -> None:
    officer = client_as("prefecture_officer")
    leaving = exit_seen_by(officer.actor, communicated=True, solution=Solution.RELATIVES)
    url = reverse("desk:exit_list_export")

    refused = officer.post(url, {"reason": "  ", **once()})
    given = officer.post(url, {"reason": "riunione del tavolo", **once()})

    assert refused.status_code == 302
    sheet = load_workbook(BytesIO(given.content)).worksheets[0]
    assert sheet["A2"].value == leaving.person.display_name
    event = AuditEvent.objects.get(verb="exit_list_exported")
    assert event.reason == "riunione del tavolo"
    assert AuditSubject.objects.filter(event=event, person=leaving.person.public_id).exists()


def test_operator_without_the_right_exports_nothing(client_as) -> None:
    operator = client_as("centre_operator")

    assert (
        operator.post(reverse("desk:exit_list_export"), {"reason": "curiosità", **once()}).status_code == 403
    )


def test_person_page_asks_at_most_twenty_five_statements(client_as) -> None:
    operator = client_as("centre_operator")
    leaving = exit_seen_by(operator.actor, communicated=True)

    assert statements(operator, reverse("desk:person", args=[leaving.person.public_id])) <= 25


def test_person_of_another_body_is_not_found(client_as) -> None:
    stranger = PersonFactory(carer=OrganisationFactory())

    answer = client_as("centre_operator").get(reverse("desk:person", args=[stranger.public_id]))

    assert answer.status_code == 404


def test_search_finds_names_in_any_order_without_accents(client_as) -> None:
    operator = client_as("centre_operator")
    person = PersonFactory(surname="Kéré", given_names="Ibrahim Salif", seen_by=operator.actor)

    text = operator.post("/cerca/", {"q": "salif kere", **once()}).content.decode()

    assert person.display_name in text


def test_search_never_reaches_the_address(client_as) -> None:
    answer = client_as("centre_operator").get("/cerca/", {"q": "cognome"})

    assert "cognome" not in answer.content.decode().split("<main")[1].lower()


def test_project_manager_sees_numbers_and_no_names(client_as) -> None:
    leaving = ExitFactory(communicated=True)

    text = client_as("project_manager").get("/").content.decode()

    assert "escono in 90 giorni" in text
    assert leaving.person.surname.upper() not in text


def test_weeks_add_up_to_the_exits(client_as) -> None:
    officer = client_as("prefecture_officer")
    for days in (1, 8, 8, 20):
        exit_seen_by(officer.actor, communicated=True, leaves_on=clock.today() + timedelta(days=days))

    weeks = officer.get("/").context["weeks"]

    assert sum(week["with_solution"] + week["without"] for week in weeks) == 4


def test_expected_exits_have_a_tab_of_their_own(client_as) -> None:
    officer = client_as("prefecture_officer")
    waiting = exit_seen_by(officer.actor, leaves_on=clock.today() + timedelta(days=20))

    dated, expected = officer.get(EXITS), officer.get(f"{EXITS}?dating=expected")

    assert waiting.person.surname.upper() not in dated.content.decode()
    assert waiting.person.surname.upper() in expected.content.decode()


def test_person_is_exported_with_a_reason_and_without_amounts(client_as) -> None:
    officer = client_as("prefecture_officer")
    leaving = exit_seen_by(officer.actor, communicated=True)
    url = reverse("desk:person_export", args=[leaving.person.public_id])

    refused, given = (
        officer.post(url, {"reason": "", **once()}),
        officer.post(url, {"reason": "relazione", **once()}),
    )

    assert refused.status_code == 302
    sheet = load_workbook(BytesIO(given.content)).worksheets[0]
    assert leaving.person.display_name in [cell.value for cell in sheet["B"]]
    assert AuditEvent.objects.get(verb="person_exported").reason == "relazione"


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("data_protection_officer", "/registro/?day="),
        ("administrator", "/organizzazioni/utenti/"),
        ("administrator", "/regole/"),
    ],
)
def test_home_of_who_sees_no_people_has_numbers_that_open(client_as, role: str, address: str) -> None:
    text = client_as(role).get("/").content.decode()

    main = text[text.index("<main") :]
    assert f'href="{address}' in main


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        ("prefecture_officer", True),
        ("housing_manager", True),
        ("project_manager", False),
        ("administrator", False),
    ],
)
def test_search_is_offered_to_who_may_search(client_as, role: str, offered: bool) -> None:
    text = client_as(role).get("/").content.decode()

    assert ('id="header-search"' in text) == offered


def test_counts_alone_promise_no_names(client_as) -> None:
    exit_seen_by(client_as("prefecture_officer").actor, communicated=True)

    text = client_as("project_manager").get("/").content.decode()

    assert "apre i suoi nomi" not in text


@pytest.mark.parametrize("address", [EXITS, "/scadenze/"])
@pytest.mark.parametrize("number", ["²", "0", "9" * 40, "due"])
def test_page_that_is_no_number_is_the_first(client_as, address: str, number: str) -> None:
    officer = client_as("prefecture_officer")
    leaving = exit_seen_by(officer.actor, communicated=True)
    restart_clocks([leaving.person_id], today=clock.today())

    answer = officer.get(address, {"page": number})

    assert leaving.person.display_name in answer.content.decode()


def test_exit_list_turns_its_pages(client_as) -> None:
    officer = client_as("prefecture_officer")
    for _number in range(26):
        exit_seen_by(officer.actor, communicated=True)

    first, second = officer.get(f"{EXITS}?days=90"), officer.get(f"{EXITS}?days=90&page=2")

    assert first.context["shown"].next_url.endswith("?days=90&page=2")
    assert (len(first.context["rows"]), len(second.context["rows"])) == (25, 1)
