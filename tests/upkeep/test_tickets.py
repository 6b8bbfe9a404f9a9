from datetime import date, timedelta
from typing import Any

import pytest

from ali.accounts import roles
from ali.audit.models import AuditEvent
from ali.core import clock
from ali.core.decisions import NotAllowed
from ali.core.states import WrongState
from ali.core.written import WrittenStays
from ali.deadlines.models import Deadline
from ali.documents.subjects import found_or_404
from ali.organisations.models import Organisation
from ali.people.states import Capacity
from ali.upkeep import services
from ali.upkeep.models import Ticket, TicketStep
from ali.upkeep.queries import paid_by, upkeep_paid_by_body
from ali.upkeep.services.costs import WrongCost
from ali.upkeep.services.tickets import NotAColleague
from tests.clients import RoleClient
from tests.factories.housing import BedFactory, DwellingFactory, OccupancyFactory, RoomFactory
from tests.factories.organisations import actor_for_role
from tests.factories.people import PersonFactory, follow
from tests.factories.upkeep import ticket_for
from tests.housing.url_examples import home_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client_as: Any, today: date) -> RoleClient:
    client: RoleClient = client_as(roles.HOUSING_OPERATOR.code)
    return client


def step(client: RoleClient, ticket: Ticket, verb: str, words: str = "") -> Ticket:
    return services.take_ticket_step(
        actor=client.actor,
        ticket=ticket,
        verb=verb,
        words=words,
        expected_version=ticket.version,
        now=clock.now(),
        today=clock.today(),
    )


def assign(client: RoleClient, ticket: Ticket, **given: Any) -> Ticket:
    facts = {"colleague": None, "firm": "Idraulica Prova", "due_on": None, **given}
    return services.assign_ticket(
        actor=client.actor,
        ticket=ticket,
        **facts,
        expected_version=ticket.version,
        now=clock.now(),
        today=clock.today(),
    )


@pytest.mark.parametrize(("urgency", "days"), [("emergency", 1), ("urgent", 3), ("normal", 15), ("low", 60)])
def test_urgency_gives_the_day_and_the_board_has_it(
    operator: RoleClient, today: date, urgency: str, days: int
) -> None:
    ticket = ticket_for(operator.actor, urgency=urgency)

    due = Deadline.objects.get(source=f"upkeep.ticket:{ticket.public_id}")
    assert ticket.due_on == due.due_on == today + timedelta(days=days)
    assert due.organisation_id == operator.actor.organisation_id
    assert AuditEvent.objects.filter(verb="ticket_opened").exists()


def test_ticket_goes_from_open_to_closed_and_may_come_back(operator: RoleClient) -> None:
    ticket = assign(operator, ticket_for(operator.actor))
    ticket = step(operator, ticket, "start")
    ticket = step(operator, ticket, "resolve", "cambiata la guarnizione")
    assert Deadline.objects.get(source__contains=str(ticket.public_id)).done_at is not None
    ticket = step(operator, ticket, "reopen", "gocciola ancora")
    assert Deadline.objects.get(source__contains=str(ticket.public_id)).done_at is None
    ticket = step(operator, ticket, "resolve", "cambiato il rubinetto")
    ticket = step(operator, ticket, "close")

    assert ticket.state == "closed"
    verbs = list(ticket.steps.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["open", "assign", "start", "resolve", "reopen", "resolve", "close"]
    with pytest.raises(WrongState):
        step(operator, ticket, "cancel", "troppo tardi")


def test_cancelling_and_resolving_need_words(operator: RoleClient) -> None:
    with pytest.raises(services.NothingSaid):
        step(operator, ticket_for(operator.actor), "cancel", "  ")


def test_ticket_is_given_to_one_colleague_of_the_body_or_to_a_firm(operator: RoleClient) -> None:
    ticket = ticket_for(operator.actor)
    stranger = actor_for_role(roles.HOUSING_OPERATOR.code)

    for wrong in (
        {"firm": ""},
        {"colleague": operator.user},
        {"firm": "", "colleague": type(operator.user).objects.get(pk=stranger.user_id)},
    ):
        with pytest.raises(NotAColleague):
            assign(operator, ticket, **wrong)
    assert assign(operator, ticket, firm="", colleague=operator.user).in_hands_of == operator.user.full_name


def test_room_of_another_home_and_person_who_does_not_live_there_are_refused(operator: RoleClient) -> None:
    with pytest.raises(services.WrongPlace):
        ticket_for(operator.actor, room=RoomFactory())
    with pytest.raises(services.WrongPlace):
        ticket_for(operator.actor, reported_by=PersonFactory(seen_by=operator.actor))


def test_who_asked_is_read_with_a_trace_and_by_who_knows_them_alone(operator: RoleClient) -> None:
    home = home_for(operator.actor, beds=1)
    bed = BedFactory(room=RoomFactory(dwelling=home))
    tenant = PersonFactory(surname="Inquilinata")
    follow(tenant, Organisation.objects.get(pk=operator.actor.organisation_id), Capacity.TENANCY)
    OccupancyFactory(bed=bed, person=tenant, starts_on=date(2026, 1, 1))
    ticket = ticket_for(operator.actor, home=home, reported_by=tenant)

    answer = operator.get(f"/manutenzioni/{ticket.public_id}/")

    assert tenant.display_name in answer.text
    event = AuditEvent.objects.filter(verb="ticket_read").latest("pk")
    assert event.subjects.filter(person=tenant.public_id).exists()
    form = operator.get("/manutenzioni/nuova/", {"casa": home.public_id})
    assert tenant.display_name in form.text


def test_costs_are_exact_cents_by_payer_and_a_wrong_one_is_struck_out(
    operator: RoleClient, today: date
) -> None:
    ticket = ticket_for(operator.actor)
    page = f"/manutenzioni/{ticket.public_id}/"
    for label, cents, payer in (
        ("Uscita", "85,10", "body"),
        ("Pezzo", "14,90", "body"),
        ("Vetro", "33,33", "owner"),
    ):
        sent = {"label": label, "cents": cents, "payer": payer, "spent_on": today.isoformat()}
        assert operator.post(f"{page}costo/", sent).status_code == 302

    assert {one.payer.value: one.cents for one in paid_by(ticket)} == {"body": 10_000, "owner": 3_333}
    wrong = ticket.costs.get(label="Pezzo")
    operator.post(f"/manutenzioni/costi/{wrong.public_id}/togli/", {"version": "1", "reason": "doppio"})
    assert {one.payer.value: one.cents for one in paid_by(ticket)} == {"body": 8_510, "owner": 3_333}
    assert "tolto: doppio" in operator.get(page).text
    until = today + timedelta(days=1)
    assert upkeep_paid_by_body([ticket.dwelling_id], today, until) == {ticket.dwelling_id: 8_510}


def test_cost_of_nothing_or_of_tomorrow_is_refused(operator: RoleClient, today: date) -> None:
    ticket = ticket_for(operator.actor)
    for cents, day in ((0, today), (100, today + timedelta(days=1))):
        with pytest.raises(WrongCost):
            services.add_cost(
                actor=operator.actor,
                ticket=ticket,
                label="x",
                cents=cents,
                payer="body",
                spent_on=day,
                today=today,
            )


def test_list_filters_by_state_urgency_and_home_in_the_address(operator: RoleClient) -> None:
    urgent = ticket_for(operator.actor, urgency="urgent", title="Caldaia ferma")
    over = step(operator, ticket_for(operator.actor, title="Era finta"), "cancel", "era un errore")

    everything = operator.get("/manutenzioni/")
    assert "Caldaia ferma" in everything.text
    assert "Era finta" not in everything.text
    assert "Era finta" in operator.get("/manutenzioni/", {"stato": "cancelled"}).text
    narrowed = operator.get("/manutenzioni/", {"urgenza": "urgent", "casa": urgent.dwelling.public_id}).text
    assert "Caldaia ferma" in narrowed
    assert "Togli il filtro" in narrowed
    assert str(over.public_id) not in narrowed


def test_ticket_is_opened_from_a_phone_and_shows_on_the_page_of_the_home(operator: RoleClient) -> None:
    home = home_for(operator.actor)
    sent = {"category": "heating", "urgency": "emergency", "title": "Odore di gas"}

    answer = operator.post(f"/manutenzioni/nuova/?casa={home.public_id}", sent)

    ticket = Ticket.objects.get()
    assert answer.headers["Location"] == f"/manutenzioni/{ticket.public_id}/"
    assert "Odore di gas" in operator.get(f"/case/{home.public_id}/").text
    assert operator.get(f"/manutenzioni/nuova/?casa={DwellingFactory().public_id}").status_code == 404
    assert operator.get("/manutenzioni/nuova/?casa=qualsiasi").status_code == 404


def test_home_page_tells_nothing_of_repairs_to_others(operator: RoleClient, client_as: Any) -> None:
    ticket = ticket_for(operator.actor, title="Odore di gas")
    officer = client_as(roles.PREFECTURE_OFFICER.code)

    assert "Odore di gas" not in officer.get(f"/case/{ticket.dwelling.public_id}/").text


def test_another_body_neither_sees_nor_touches_a_ticket(operator: RoleClient, client_as: Any) -> None:
    ticket = ticket_for(operator.actor)
    other = client_as(roles.HOUSING_MANAGER.code)

    assert other.get(f"/manutenzioni/{ticket.public_id}/").status_code == 404
    with pytest.raises(NotAllowed):
        step(other, ticket, "cancel", "non mia")


def test_photos_are_found_by_who_looks_after_the_home(operator: RoleClient) -> None:
    ticket = ticket_for(operator.actor)

    subject, found = found_or_404(operator.actor, "segnalazione", ticket.public_id)

    assert found == ticket
    assert subject.may_add(operator.actor, found)


def test_what_happened_is_never_rewritten(operator: RoleClient) -> None:
    first = ticket_for(operator.actor).steps.get()
    first.words = "altro"

    with pytest.raises(WrittenStays):
        first.save()
    with pytest.raises(WrittenStays):
        TicketStep.objects.all().delete()
