from datetime import date, timedelta

import pytest
from django.urls import reverse

from ali.accounts import roles
from ali.audit.models import AuditEvent
from ali.reception.models import Exit
from ali.reception.views.contracts import highlighted
from tests.clients import once
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import PersonFactory, follow
from tests.factories.places import municipality
from tests.factories.reception import (
    ArrivalFactory,
    CentreFactory,
    ContractFactory,
    ExitFactory,
    ExtensionFactory,
    StayFactory,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
IN_A_MONTH = (TODAY + timedelta(days=30)).isoformat()


@pytest.fixture(autouse=True)
def stopped(clock):
    clock(TODAY)


@pytest.fixture
def prefecture():
    return OrganisationFactory(prefecture=True)


@pytest.fixture
def officer(client_as, prefecture):
    return client_as(roles.PREFECTURE_OFFICER.code, organisation=prefecture)


@pytest.fixture
def centre():
    return CentreFactory(name="Centro Girasole", places=10)


@pytest.fixture
def operator(client_as, centre):
    return client_as(roles.CENTRE_OPERATOR.code, organisation=centre.manager)


@pytest.fixture
def coordinator(client_as, centre):
    return client_as(roles.CENTRE_COORDINATOR.code, organisation=centre.manager)


@pytest.fixture
def leaving(centre, prefecture):
    return ExitFactory(centre=centre, prefecture=prefecture)


@pytest.fixture
def dated(centre, prefecture):
    return ExitFactory(centre=centre, prefecture=prefecture, communicated=True)


def url(name, *records):
    return reverse(f"reception:{name}", args=[record.public_id for record in records])


def text(response):
    return " ".join(response.content.decode().split())


class TestCentres:
    def test_list_shows_places_now_and_later(self, operator, centre, dated):
        shown = text(operator.get(url("centre_list")))

        assert "Centro Girasole" in shown
        assert f'{url("centre_detail", centre)}?see=30">10</a>' in shown

    def test_list_costs_the_same_for_many(self, officer, prefecture, django_assert_max_num_queries):
        for _number in range(8):
            ExitFactory(communicated=True, prefecture=prefecture)
        officer.get(url("centre_list"))

        with django_assert_max_num_queries(12):
            shown = text(officer.get(url("centre_list")))
        assert shown.count("?see=30") >= 8

    def test_empty_list_says_what_to_do(self, officer):
        assert "importa una lista" in text(officer.get(url("centre_list")))

    def test_detail_opens_the_rows_of_each_number(self, operator, centre, dated, leaving):
        ArrivalFactory(centre=centre)

        everybody = text(operator.get(url("centre_detail", centre)))
        soon = text(operator.get(url("centre_detail", centre) + "?see=30"))

        assert dated.person.display_name in everybody
        assert leaving.person.display_name in everybody
        assert dated.person.display_name in soon
        assert leaving.person.display_name not in soon
        assert "4 persone" in everybody

    def test_read_is_logged_with_those_shown(self, operator, centre, dated):
        operator.get(url("centre_detail", centre))

        event = AuditEvent.objects.get(verb="centre_read")
        assert set(event.subjects.values_list("person", flat=True)) == {dated.person.public_id}

    def test_reserved_person_is_listed_for_the_own_body_alone(self, operator, officer, centre, prefecture):
        person = PersonFactory(reserved=True, carer=centre.manager, surname="Velata")
        follow(person, prefecture, "prefecture")
        StayFactory(centre=centre, person=person)

        assert "VELATA" in text(operator.get(url("centre_detail", centre)))
        assert "VELATA" not in text(officer.get(url("centre_detail", centre)))

    def test_centre_of_others_is_not_found(self, operator):
        assert operator.get(url("centre_detail", CentreFactory())).status_code == 404

    def test_places_change(self, coordinator, centre):
        sent = {"places": "12", "unavailable_places": "2", "closes_on": "", "version": "1", **once()}
        assert coordinator.post(url("centre_edit", centre), sent).status_code == 302

        wrong = coordinator.post(url("centre_edit", centre), sent | {"unavailable_places": "99"} | once())
        assert wrong.status_code == 422
        centre.refresh_from_db()
        assert (centre.places, centre.unavailable_places) == (12, 2)

    def test_arrival_is_announced_and_confirmed(self, coordinator, centre):
        coordinator.post(url("arrival_add", centre), {"expected_on": IN_A_MONTH, "persons": "3", **once()})
        arrival = centre.announced_arrivals.get()

        coordinator.post(url("arrival_close", centre, arrival), once())

        arrival.refresh_from_db()
        assert arrival.arrived_at is not None
        wrong = coordinator.post(
            url("arrival_add", centre), {"expected_on": "2020-01-01", "persons": "3", **once()}
        )
        assert wrong.status_code == 422
        assert "giorno è passato" in text(wrong)

    def test_closed_arrival_is_refused_with_a_sentence(self, coordinator, centre):
        arrival = ArrivalFactory(centre=centre)
        for _time in range(2):
            answer = coordinator.post(url("arrival_close", centre, arrival), once(), follow=True)

        assert "già stato registrato" in text(answer)


class TestContracts:
    def test_doubtful_ones_are_counted_and_filtered(self, officer):
        ContractFactory(cig="Z000000001")
        ContractFactory(cig="Z000000002", confirmed=True)

        everything = text(officer.get(url("contract_list")))
        doubtful = text(officer.get(url("contract_list"), {"reading": "doubtful"}))

        assert "Un contratto aspetta" in everything
        assert "Z000000002" in everything
        assert "Z000000002" not in doubtful

    def test_words_of_the_reading_are_marked(self, officer):
        shown = text(officer.get(url("contract_detail", ContractFactory())))

        assert "<mark>N. 30 POSTI</mark>" in shown
        assert "<mark>UNITA ABITATIVE</mark>" in shown

    def test_text_of_a_contract_cannot_bring_markup(self):
        marked = highlighted("<b>30 POSTI</b> & altro", ["30 POSTI", "<b>"])

        assert marked == "<mark>&lt;b&gt;</mark><mark>30 POSTI</mark>&lt;/b&gt; &amp; altro"

    def test_officer_confirms_and_manager_only_reads(self, officer, coordinator, centre):
        contract = ContractFactory(manager=centre.manager)
        sent = {"kind": "UA", "places": "30", "starts_on": "", "ends_on": "2026-12-31", "manager": ""}

        assert coordinator.post(url("contract_detail", contract), sent | once()).status_code == 403
        wrong = officer.post(url("contract_detail", contract), sent | {"kind": "", "version": "1"} | once())
        assert wrong.status_code == 422
        done = officer.post(url("contract_detail", contract), sent | {"version": "1"} | once())

        contract.refresh_from_db()
        assert done.status_code == 302
        assert (contract.reading, contract.places) == ("confirmed", 30)
        assert "places" in AuditEvent.objects.get(verb="contract_confirmed").details["corrected"]


class TestStays:
    def test_person_is_admitted(self, operator, centre):
        newcomer = PersonFactory(seen_by=operator.actor)
        shown = text(operator.get(url("admit", newcomer)))
        assert "10 posti liberi" in shown

        sent = {"centre": centre.public_id, "entered_on": "2026-03-01"}
        assert operator.post(url("admit", newcomer), sent | once()).status_code == 302
        assert newcomer.stays.get().centre == centre

    def test_arrival_in_the_future_is_explained(self, operator, centre):
        newcomer = PersonFactory(seen_by=operator.actor)

        refused = operator.post(
            url("admit", newcomer), {"centre": centre.public_id, "entered_on": "2026-04-01"} | once()
        )

        assert refused.status_code == 422
        assert "futuro" in text(refused)

    def test_person_moves(self, officer, dated, prefecture):
        there = CentreFactory()
        sent = {"centre": there.public_id, "moved_on": TODAY.isoformat()}

        assert officer.post(url("transfer", dated.person), sent | once()).status_code == 302
        dated.refresh_from_db()
        assert dated.stay.centre == there

    def test_departure_without_an_exit(self, operator, centre):
        stay = StayFactory(centre=centre)
        sent = {"left_on": TODAY.isoformat(), "reason": "U99", "note": ""}

        assert operator.post(url("departure", stay.person), sent | once()).status_code == 422
        done = operator.post(url("departure", stay.person), sent | {"note": "dal parroco"} | once())
        assert done.status_code == 302
        assert Exit.objects.get().done_reason == "U99"

    def test_exit_is_opened(self, operator, centre):
        stay = StayFactory(centre=centre)
        sent = {"cause": "recognised", "awaited_event": "permit_delivered", "leaves_on": ""}

        done = operator.post(url("exit_add", stay.person), sent | once())

        assert done.url == url("exit_detail", Exit.objects.get())
        assert operator.post(url("exit_add", stay.person), sent | once()).status_code == 422

    def test_person_outside_reception_cannot_leave_it(self, operator):
        person = PersonFactory(seen_by=operator.actor)

        assert operator.get(url("exit_add", person)).status_code == 404


class TestExit:
    def test_page_offers_each_role_its_steps(self, operator, officer, leaving):
        for_centre = text(operator.get(url("exit_detail", leaving)))
        for_office = text(officer.get(url("exit_detail", leaving)))

        assert url("exit_propose", leaving) in for_centre
        assert url("exit_communicate", leaving) not in for_centre
        assert "il centro propone" in for_centre
        assert url("exit_communicate", leaving) in for_office
        assert AuditEvent.objects.filter(verb="exit_read").count() == 2

    def test_page_of_another_body_is_not_found(self, operator):
        assert operator.get(url("exit_detail", ExitFactory())).status_code == 404

    def test_page_has_a_constant_cost(self, officer, dated, django_assert_max_num_queries):
        ExtensionFactory(exit=dated)
        officer.get(url("exit_detail", dated))

        with django_assert_max_num_queries(30):
            assert officer.get(url("exit_detail", dated)).status_code == 200

    def test_chain_from_proposal_to_departure(self, operator, officer, leaving):
        def send(client, name, **sent):
            leaving.refresh_from_db()
            answer = client.post(url(name, leaving), {**sent, "version": str(leaving.version), **once()})
            assert answer.status_code == 302, text(answer)
            leaving.refresh_from_db()
            return leaving.state

        day = TODAY.isoformat()
        typed = {"event": "agreed", "event_on": day, "day": IN_A_MONTH, "because": "dal cugino"}
        assert send(operator, "exit_propose", **typed) == "proposed"
        assert send(officer, "exit_communicate", leaves_on=IN_A_MONTH, communicated_on=day) == "communicated"
        assert send(operator, "exit_extend", asked_by="person", asked_on=day, days="5", reason="x") == (
            "communicated"
        )
        asked = leaving.extensions.get()
        answered = {"answer": "granted", "answered_on": day, "reason": "", "version": "1", **once()}
        assert officer.post(url("extension_answer", leaving, asked), answered).status_code == 302
        assert (
            send(officer, "exit_decree", number="7", decree_on=day, protocol="1", leaves_on=IN_A_MONTH)
            == "decreed"
        )
        assert send(officer, "exit_notify", notified_on=day, language="fra", with_mediator="on") == "notified"
        assert send(officer, "exit_suspend", suspended_on=day, suspended_by="TAR Veneto") == "suspended"
        assert send(officer, "exit_resume", awaited_event="court", reason="respinto") == "expected"
        assert send(officer, "exit_communicate", leaves_on=IN_A_MONTH, communicated_on=day) == "communicated"
        assert send(operator, "exit_complete", done_on=day, reason="U04", note="") == "done"
        shown = text(officer.get(url("exit_detail", leaving)))
        assert url("exit_cancel", leaving) not in shown
        assert "TAR Veneto" in shown
        assert "Uscita avvenuta il <strong>2 marzo 2026" in shown
        assert "senza una data decisa" not in shown
        assert send(operator, "exit_move_reported", residence_declared_on=day, questura_told_on="") == "done"
        assert "Residenza dichiarata al Comune" in text(officer.get(url("exit_detail", leaving)))

    def test_refused_step_keeps_what_was_typed(self, officer, leaving):
        refused = officer.post(
            url("exit_communicate", leaving),
            {"leaves_on": "2020-01-01", "communicated_on": "2026-03-01", "version": "1", **once()},
        )

        assert refused.status_code == 422
        shown = text(refused)
        assert 'value="2020-01-01"' in shown
        assert "prima dell&#x27;ingresso" in shown

    def test_stale_form_is_refused(self, officer, leaving):
        Exit.objects.filter(pk=leaving.pk).update(version=5)

        refused = officer.post(
            url("exit_communicate", leaving),
            {"leaves_on": IN_A_MONTH, "communicated_on": "2026-03-01", "version": "1", **once()},
        )

        assert refused.status_code == 422
        assert "Qualcun altro" in text(refused)

    def test_operator_cannot_communicate(self, operator, leaving):
        assert operator.post(url("exit_communicate", leaving), once()).status_code == 403

    def test_nights_beyond_and_cancel(self, operator, officer, centre, prefecture):
        late = ExitFactory(
            centre=centre, prefecture=prefecture, communicated=True, leaves_on=TODAY - timedelta(days=3)
        )
        operator.post(url("exit_beyond", late), {"paid_by": "Comune", "version": "1", **once()})
        assert "3 notti oltre il termine" in text(operator.get(url("exit_detail", late)))

        late.refresh_from_db()
        sent = {"reason": "riammesso", "version": str(late.version), **once()}
        assert operator.post(url("exit_cancel", late), sent).status_code == 403
        assert officer.post(url("exit_cancel", late), sent | once()).status_code == 302

    def test_municipality_of_a_minor_is_told(self, operator, centre, prefecture):
        minor = ExitFactory(
            stay=StayFactory(centre=centre, person=PersonFactory(minor=True, carer=centre.manager))
        )
        assert "Non risulta ancora avvisato" in text(operator.get(url("exit_detail", minor)))

        sent = {"municipality": municipality().pk, "told_on": "2026-03-01", **once()}
        assert operator.post(url("exit_municipality", minor), sent).status_code == 302
        assert "avvisato il 1 marzo 2026" in text(operator.get(url("exit_detail", minor)))


class TestSolution:
    def test_two_clicks_with_htmx(self, operator, leaving):
        htmx = {"HTTP_HX_REQUEST": "true"}
        menu = text(operator.get(url("exit_solution", leaving), **htmx))
        assert menu.startswith("<div")
        assert 'value="found_alone"' in menu

        chosen = text(
            operator.post(
                url("exit_solution", leaving), {"solution": "found_alone", "version": "1", **once()}, **htmx
            )
        )
        assert chosen.startswith("<div")
        assert "ha trovato da solo" in chosen

    def test_two_clicks_without_javascript(self, operator, leaving):
        assert "<html" in text(operator.get(url("exit_solution", leaving)))

        done = operator.post(
            url("exit_solution", leaving), {"solution": "employer", "version": "1", **once()}, follow=True
        )
        assert "Alloggio legato al lavoro" in text(done)

    def test_stale_menu_says_so(self, operator, leaving):
        Exit.objects.filter(pk=leaving.pk).update(version=3)

        refused = operator.post(
            url("exit_solution", leaving), {"solution": "employer", "version": "1", **once()}
        )

        assert refused.status_code == 422
        assert "Qualcun altro" in text(refused)

    def test_detail_and_next_step_are_kept(self, operator, leaving):
        operator.post(url("exit_solution_note", leaving), {"note": "dal cugino", "version": "1", **once()})
        leaving.refresh_from_db()
        operator.post(
            url("exit_next_step", leaving),
            {
                "owner": operator.user.public_id,
                "next_step": "Chiamare",
                "next_step_on": IN_A_MONTH,
                "version": str(leaving.version),
                **once(),
            },
        )

        leaving.refresh_from_db()
        assert leaving.solution_note == "dal cugino"
        assert (leaving.owner, leaving.next_step) == (operator.user, "Chiamare")
        wrong = {"next_step": "", "next_step_on": IN_A_MONTH, "version": str(leaving.version), **once()}
        assert operator.post(url("exit_next_step", leaving), wrong).status_code == 422


def test_centres_are_filtered_and_paged(officer, prefecture):
    empty = CentreFactory(name="Centro Vuoto", places=5)
    full = CentreFactory(name="Centro Pieno", places=1)
    StayFactory(centre=full)
    here = url("centre_list")

    free = text(officer.get(here, {"free": "0"}))
    elsewhere = text(officer.get(here, {"kind": "MSNA"}))
    of_one = text(officer.get(here, {"manager": str(empty.manager.public_id)}))

    assert "Centro Vuoto</a>" in free
    assert "Centro Pieno</a>" not in free
    assert "Nessun centro" in elsewhere
    assert "Centro Pieno</a>" not in of_one
    assert "Con posti liberi: oggi" in free
