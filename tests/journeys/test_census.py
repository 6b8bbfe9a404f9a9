"""An owner's offer becomes a visit, a feasible project, a home with its certificates; a Comune looks at the map."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ali.accounts import roles
from ali.organisations.models import Organisation
from ali.scouting.models import Campaign
from ali.scouting.states import LeadState
from tests.factories.organisations import actor_for_role
from tests.factories.scouting import LeadFactory
from tests.journeys.browser import assert_no_sideways_scroll
from tests.journeys.conftest import PageAs

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def _step(page: Page, label: str) -> None:
    page.locator("summary").filter(has_text=re.compile(rf"^\s*{label}\s*$")).click()
    page.get_by_role("button", name=label, exact=True).click()


def test_offer_becomes_a_certified_home(
    page_as: PageAs, axe: Callable[[Page], None], screenshot: Callable[[Page, str], Path], today: date
) -> None:
    manager = actor_for_role(roles.HOUSING_MANAGER.code)
    page = page_as(manager, width="phone")

    page.goto("/ricerca-case/offerta/")
    axe(page)
    page.get_by_label("Chi la offre").fill("Bruna Esempio")
    page.get_by_label("Telefono").fill("049 000000")
    page.get_by_label("Comune").select_option(label="Padova")
    page.get_by_role("main").get_by_label("Indirizzo").fill("Via dell'Esempio 12")
    page.get_by_label("Superficie (m²)").fill("72")
    page.get_by_label("Perché è vuota").select_option("fear")
    page.get_by_label("Entro il").fill("2026-03-09")
    screenshot(page, "census-offer-phone")
    page.get_by_role("button", name="Salva l’offerta").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Via dell'Esempio 12")
    axe(page)

    page.get_by_role("link", name="Scrivi il sopralluogo", exact=True).click()
    axe(page)
    page.locator("fieldset", has_text="Tetto, muri e solai").get_by_label("sì").check()
    page.locator("fieldset", has_text="umidità né infiltrazioni").get_by_label("in parte").check()
    page.get_by_label("Posti letto possibili").fill("3")
    assert_no_sideways_scroll(page)
    page.get_by_role("button", name="Salva il sopralluogo").click()
    expect(page.locator("main")).to_contain_text("4 punti su 5 (80%)")
    screenshot(page, "census-visit-phone")
    axe(page)

    page.get_by_role("link", name="Via dell'Esempio 12").first.click()
    _step(page, "È fattibile")
    _step(page, "Accordo raggiunto")
    expect(page.locator("main")).to_contain_text("accordo raggiunto")
    page.get_by_role("link", name="Diventa un alloggio").click()
    axe(page)
    page.get_by_label("Superficie utile").fill("66")
    page.get_by_label("Canone al mese").fill("420")
    page.get_by_role("button", name="Crea l’alloggio").click()
    expect(page.locator("main")).to_contain_text("Bruna Esempio")
    expect(page.locator("main")).to_contain_text("Mancano 5 certificati")

    for kind in ("ape", "wiring", "gas", "boiler", "habitable"):
        page.locator(f"a[href$='tipo={kind}']").click()
        page.locator("#id_issued_on").fill("2026-02-20")
        page.get_by_role("button", name="Salva").click()
        expect(page.locator("main")).to_contain_text("valido")
        page.get_by_role("link", name="Via dell'Esempio 12").first.click()
    expect(page.locator("main")).not_to_contain_text(re.compile(r"Manca(no)? \d+ certificat"))
    screenshot(page, "census-home-phone")
    assert_no_sideways_scroll(page)
    axe(page)


def test_manager_reads_census_owners_and_letters(
    page_as: PageAs, axe: Callable[[Page], None], screenshot: Callable[[Page, str], Path], today: date
) -> None:
    manager = actor_for_role(roles.HOUSING_MANAGER.code)
    body = Organisation.objects.get(pk=manager.organisation_id)
    states = (LeadState.REPORTED, LeadState.CONTACTED, LeadState.VISITED, LeadState.FEASIBLE)
    leads = [
        LeadFactory(
            kept_by=body,
            state=states[number % 4],
            why_empty=("fear", "heirs")[number % 2],
            latitude=45.40 + number % 7 / 200,
            longitude=11.88 + number % 5 / 200,
        )
        for number in range(24)
    ]
    campaign = Campaign.objects.create(
        kept_by=body, title="Primavera", subject="Casa a {comune}", text="Gentile {nome},\nci vediamo."
    )
    page = page_as(manager)

    page.goto("/ricerca-case/")
    expect(page.locator(".ali-map .ali-cluster").first).to_be_visible()
    page.get_by_label("Perché è vuota").select_option("heirs")
    expect(page).to_have_url(re.compile("perche=heirs"))
    expect(page.locator(".ali-map__status")).to_contain_text("Punti sulla mappa: 12")
    screenshot(page, "census-map")
    axe(page)

    page.goto("/ricerca-case/proprietari/")
    page.get_by_label("Nome, telefono o e-mail").fill(leads[3].owner.name)
    page.get_by_role("button", name="Cerca", exact=True).last.click()
    axe(page)
    page.get_by_role("link", name=leads[3].owner.name, exact=True).click()
    page.get_by_label("Com'è andata").select_option("call_back")
    page.get_by_label("Prossimo passo").fill("Richiamare")
    page.get_by_label("Entro il").fill("2026-03-20")
    page.get_by_role("button", name="Salva il contatto").click()
    expect(page.locator("main")).to_contain_text("richiamare")
    screenshot(page, "census-owner")
    axe(page)

    page.goto(f"/ricerca-case/campagne/{campaign.public_id}/")
    page.get_by_role("button", name="Scegli questi").click()
    expect(page.locator("main")).to_contain_text("24 proprietari")
    axe(page)
    page.get_by_role("link", name="Lettere da stampare").click()
    expect(page.locator("main")).to_contain_text(f"Gentile {leads[3].owner.name}")
    axe(page)


def test_comune_sees_what_is_empty_on_a_phone(
    page_as: PageAs, axe: Callable[[Page], None], screenshot: Callable[[Page, str], Path], today: date
) -> None:
    officer = actor_for_role(roles.MUNICIPAL_OFFICER.code)
    lead = LeadFactory(confiscated=True, what="Appartamento in condominio", confiscated_share=50)
    page = page_as(officer, width="phone")

    page.goto("/ricerca-case/")
    axe(page)
    page.goto(f"/ricerca-case/{lead.public_id}/")
    expect(page.locator("main")).to_contain_text("La quota confiscata è il 50%")
    screenshot(page, "census-comune-phone")
    assert_no_sideways_scroll(page)
    axe(page)
