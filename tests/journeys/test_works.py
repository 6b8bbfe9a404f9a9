"""A housing manager takes works from the first programme to a late site, compares quotes and options, reads the portfolio."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ali.accounts import roles
from ali.portfolio.queries import known_of
from ali.portfolio.services import make_options
from ali.renovation.models import Works
from ali.renovation.services import CostFacts, FundingFacts, QuoteFacts, add_cost, add_funding, add_quote
from ali.renovation.states import Phase
from tests.factories.organisations import actor_for_role
from tests.factories.renovation import home_to_renew, make_works
from tests.journeys.browser import assert_no_sideways_scroll
from tests.journeys.conftest import PageAs

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def _on_site(actor, today: date) -> Works:
    works = make_works(actor, phase=Phase.SITE, days={"site": 30, "permits": 5}, name="Bagno e impianti")
    for category, cents in (("bathroom", 650_000), ("electrical", 420_000), ("windows", 780_000)):
        add_cost(actor=actor, works=works, facts=CostFacts(category, cents))
    add_quote(
        actor=actor, works=works, facts=QuoteFacts("Impresa Uno", today, {"bathroom": 600_000}), today=today
    )
    lines = {"bathroom": 640_000, "electrical": 415_000, "windows": 790_000}
    add_quote(actor=actor, works=works, facts=QuoteFacts("Impresa Due", today, lines), today=today)
    facts = FundingFacts("foundation", 900_000, "Fondazione", spend_by=today + timedelta(days=90))
    add_funding(actor=actor, works=works, facts=facts, today=today)
    make_options(
        actor=actor, building=works.building, works=works, known=known_of(works.building, actor, today)
    )
    return works


def test_from_the_first_programme_to_the_options(
    page_as: PageAs, axe: Callable[[Page], None], screenshot: Callable[[Page, str], Path], today: date
) -> None:
    actor = actor_for_role(roles.HOUSING_MANAGER.code)
    works, home = _on_site(actor, today), home_to_renew(actor)
    page = page_as(actor)

    page.goto(f"/case/{home.public_id}/")
    page.get_by_role("link", name="Apri i lavori").click()
    page.get_by_label("Nome dei lavori").fill("Tetto e facciata")
    axe(page)
    page.get_by_role("button", name="Apri i lavori").click()
    screenshot(page, "works-programme")
    axe(page)
    page.get_by_role("button", name="Scrivi il programma").click()
    expect(page.locator(".ali-plot__svg")).to_be_visible()

    addresses = {
        "works-list": "/cantieri/?quali=tutti",
        "works-detail": f"/cantieri/{works.public_id}/",
        "works-costs": f"/cantieri/{works.public_id}/costi/",
        "works-funding": f"/cantieri/{works.public_id}/finanziamenti/",
        "works-site": f"/cantieri/{works.public_id}/cantiere-scuola/",
        "options": f"/patrimonio/immobili/{works.building.public_id}/",
        "portfolio": "/patrimonio/",
        "portfolio-rows": "/patrimonio/indicatori/posti/",
    }
    for name, address in addresses.items():
        page.goto(address)
        screenshot(page, name)
        axe(page)
    page.goto(addresses["options"])
    page.get_by_role("link", name="Comodato in cambio di lavori").click()
    screenshot(page, "appraisal")
    axe(page)

    phone = page_as(actor, width="phone")
    for name, address in {**addresses, "appraisal": page.url}.items():
        phone.goto(address)
        assert_no_sideways_scroll(phone)
        screenshot(phone, f"{name}-phone")
        axe(phone)


def test_slipped_site_moves_the_home(page_as: PageAs, today: date) -> None:
    actor = actor_for_role(roles.HOUSING_MANAGER.code)
    works = _on_site(actor, today)
    page = page_as(actor)
    before = works.dwellings.get().available_on

    page.goto(f"/cantieri/{works.public_id}/fasi/site/")
    later = (today + timedelta(days=60)).isoformat()
    page.get_by_label("Fine prevista").fill(later)
    page.get_by_role("button", name="Salva").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Bagno e impianti")
    moved = works.dwellings.get().available_on
    assert before
    assert moved
    assert moved > before
