"""A tap that drips, from the phone to who pays; a visit and a mediation; a committee that decides with its minutes."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ali.accounts import roles
from ali.upkeep.models import Ticket
from tests.factories.committees import make_meeting
from tests.factories.organisations import actor_for_role
from tests.factories.upkeep import mediation_for, tenant_in, ticket_for, visit_for
from tests.housing.url_examples import home_for
from tests.journeys.browser import assert_no_sideways_scroll
from tests.journeys.conftest import PageAs

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
Axe = Callable[[Page], None]
Screenshot = Callable[[Page, str], Path]


def test_operator_follows_a_repair_from_a_phone(
    page_as: PageAs, axe: Axe, screenshot: Screenshot, today: date
) -> None:
    operator = actor_for_role(roles.HOUSING_OPERATOR.code)
    home = home_for(operator)
    tenant_in(home)
    ticket_for(operator, home=home, urgency="urgent", title="La caldaia non parte")
    page = page_as(operator, width="phone")

    page.goto(f"/manutenzioni/nuova/?casa={home.public_id}")
    page.get_by_label("Che cosa", exact=False).first.select_option("plumbing")
    page.get_by_label("In breve").fill("Perde il rubinetto")
    axe(page)
    screenshot(page, "upkeep-ticket-new-phone")
    page.get_by_role("button", name="Apri la segnalazione").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Perde il rubinetto")
    page.get_by_text("Affida a qualcuno").click()
    page.get_by_label("oppure una ditta").fill("Idraulica Esempio")
    page.get_by_role("button", name="Affida").click()
    expect(page.locator("main")).to_contain_text("assegnata")
    page.get_by_text("Aggiungi un costo").click()
    page.get_by_label("Per che cosa").fill("Guarnizione")
    page.get_by_label("Quanto").fill("12,50")
    page.get_by_role("button", name="Scrivi il costo").click()
    expect(page.locator("main")).to_contain_text("12,50")
    axe(page)
    assert_no_sideways_scroll(page)
    screenshot(page, "upkeep-ticket-phone")
    assert Ticket.objects.count() == 2

    page.goto("/manutenzioni/")
    axe(page)
    assert_no_sideways_scroll(page)
    screenshot(page, "upkeep-list-phone")


def test_operator_sees_homes_visits_and_mediations(
    page_as: PageAs, axe: Axe, screenshot: Screenshot, today: date
) -> None:
    operator = actor_for_role(roles.HOUSING_OPERATOR.code)
    ticket = ticket_for(operator, urgency="emergency", title="Scintille da una presa")
    home = ticket.dwelling
    visit = visit_for(operator, home=home)
    mediation = mediation_for(operator, home=home, persons=[])
    page = page_as(operator)

    for address, name in (
        ("/manutenzioni/", "upkeep-list"),
        (f"/manutenzioni/{ticket.public_id}/", "upkeep-ticket"),
        (f"/manutenzioni/visite/{visit.public_id}/", "upkeep-visit"),
        (f"/manutenzioni/mediazioni/{mediation.public_id}/", "upkeep-mediation"),
        (f"/case/{home.public_id}/", "upkeep-home"),
    ):
        page.goto(address)
        screenshot(page, name)
        assert_no_sideways_scroll(page)
        axe(page)


def test_committee_votes_closes_and_signs(
    page_as: PageAs, axe: Axe, screenshot: Screenshot, today: date
) -> None:
    meeting = make_meeting()
    meeting.open()
    for member in meeting.members:
        meeting.vote(member, "A")
    page = page_as(meeting.chair)

    page.goto(f"/abbinamenti/comitato/sedute/{meeting.session.public_id}/")
    page.get_by_label("nucleo A").check()
    page.get_by_label("Perché").first.fill("Esce per primo e lavora vicino")
    axe(page)
    screenshot(page, "committee-vote")
    page.get_by_role("button", name="Scrivi il mio voto").click()
    page.get_by_text("Chiudi la seduta").first.click()
    page.get_by_role("button", name="Chiudi la seduta").click()
    expect(page.locator("main")).to_contain_text("Il comitato ha deciso")
    page.get_by_text("Firma il verbale").first.click()
    page.get_by_role("button", name="Firma il verbale").click()
    expect(page.locator("main")).to_contain_text("verbale firmato")
    screenshot(page, "committee-signed")
    page.goto(f"/abbinamenti/comitato/sedute/{meeting.session.public_id}/verbale/")
    expect(page.locator("main")).to_contain_text("Esce per primo e lavora vicino")
    axe(page)
    screenshot(page, "committee-minutes")

    phone = page_as(meeting.members[1], width="phone")
    phone.goto(f"/abbinamenti/comitato/sedute/{meeting.session.public_id}/")
    assert_no_sideways_scroll(phone)
    axe(phone)
    screenshot(phone, "committee-session-phone")
