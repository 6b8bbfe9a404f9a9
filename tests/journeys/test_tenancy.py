"""From a signed proposal to the keys: draft, signatures in order, hand-over, the 48 hours, the papers."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ali.core import clock
from ali.organisations.models import Organisation
from ali.tenancies import services
from ali.tenancies.models import Tenancy
from tests.factories.organisations import actor_for_role
from tests.journeys.conftest import PageAs
from tests.tenancies.scenes import make_placed

pytestmark = pytest.mark.django_db(transaction=True)
Axe = Callable[[Page], None]
Shot = Callable[[Page, str], Path]


def test_a_signed_proposal_becomes_a_tenancy_with_keys(page_as: PageAs, axe: Axe, screenshot: Shot) -> None:
    home, _placement, person = make_placed()
    services.add_item(actor=home.landlord, dwelling=home.dwelling, label="Tavolo", quantity=1)
    body = Organisation.objects.get(pk=home.landlord.organisation_id)
    operator = actor_for_role("housing_operator", organisation=body)
    page = page_as(operator)
    today = clock.today()

    _prepare(page, axe, screenshot, today)
    _sign(page, axe, screenshot, person.display_name)
    _hand_over(page, axe, screenshot)
    _communicate(page)
    _keys(page, axe, screenshot)

    tenancy = Tenancy.objects.get()
    assert tenancy.state == "running"
    phone = page_as(operator, width="phone")
    phone.goto(f"/affitti/{tenancy.public_id}/")
    axe(phone)
    screenshot(phone, "tenancy-5-running-phone")
    phone.goto("/affitti/")
    axe(phone)
    screenshot(phone, "tenancy-6-list-phone")


def _prepare(page: Page, axe: Axe, screenshot: Shot, today: date) -> None:
    page.goto("/affitti/")
    axe(page)
    screenshot(page, "tenancy-0-list")
    page.get_by_role("link", name="Prepara l’affitto").click()
    axe(page)
    page.get_by_label("Decorrenza").fill(today.isoformat())
    page.get_by_label("Coinquilini incontrati il").fill(today.isoformat())
    page.get_by_label("Casa visitata il").fill(today.isoformat())
    screenshot(page, "tenancy-1-form")
    page.get_by_role("button", name="Prepara").click()
    expect(page.get_by_text("Controlla e manda alla firma")).to_be_visible()
    axe(page)
    screenshot(page, "tenancy-2-draft")


def _sign(page: Page, axe: Axe, screenshot: Shot, name: str) -> None:
    page.get_by_label("Chi firma per l'ente").fill("Ada Esempio")
    page.get_by_role("button", name="Manda alla firma").click()
    expect(page.get_by_text(f"1. {name}")).to_be_visible()
    axe(page)
    screenshot(page, "tenancy-3-signing")
    page.get_by_label("Letto e spiegato in una lingua che la persona capisce").check()
    page.get_by_role("button", name="Registra la firma").click()
    expect(page.get_by_text("2. Ada Esempio")).to_be_visible()
    page.get_by_role("button", name="Registra la firma").click()
    expect(page.get_by_role("link", name="Registra la consegna")).to_be_visible()


def _hand_over(page: Page, axe: Axe, screenshot: Shot) -> None:
    page.get_by_role("link", name="Registra la consegna").click()
    axe(page)
    page.get_by_label("Luce (POD): lettura").fill("1234,5")
    page.get_by_label("Luce (POD): codice").fill("IT001E12345678")
    page.get_by_label("Tavolo (1)").select_option("worn")
    screenshot(page, "tenancy-4-hand-over")
    page.get_by_role("button", name="Registra la consegna").click()
    expect(page.get_by_text("Comunica l'ospitalità: 48 ore")).to_be_visible()
    axe(page)
    screenshot(page, "tenancy-5-running")
    for paper in ("Comunicazione di ospitalità (48 ore)", "Contratto", "Verbale di consegna"):
        address = page.get_by_role("link", name=paper, exact=True).get_attribute("href")
        answer = page.request.get(address or "")
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.body()[:5] == b"%PDF-"


def _communicate(page: Page) -> None:
    page.locator("summary", has_text="Segna come fatta").click()
    page.get_by_role("button", name="Salva").first.click()
    expect(page.get_by_text("Adempimenti da fare")).to_be_visible()


def _keys(page: Page, axe: Axe, screenshot: Shot) -> None:
    page.get_by_role("link", name="Chiavi e inventario").click()
    page.get_by_label("Che cosa apre").fill("Portone")
    page.get_by_role("button", name="Aggiungi").first.click()
    expect(page.get_by_role("cell", name="Portone")).to_be_visible()
    axe(page)
    screenshot(page, "tenancy-7-keys")
    page.go_back()


def test_case_worker_sees_what_is_missing_to_enter(page_as: PageAs, axe: Axe, screenshot: Shot) -> None:
    carer = actor_for_role("centre_operator")
    home, placement, person = make_placed(carer=carer)
    page = page_as(carer)

    page.goto(f"/affitti/ingresso/{home.dwelling.public_id}/{person.household.public_id}/")
    axe(page)
    page.get_by_text("Aggiungi chi copre una parte").click()
    page.get_by_label("Quanto").last.fill("200")
    page.get_by_label("A che punto è").last.select_option("granted")
    page.get_by_role("button", name="Aggiungi").click()

    expect(page.get_by_text("Aiuti sicuri")).to_be_visible()
    axe(page)
    screenshot(page, "tenancy-8-entry")
    assert placement.household == person.household
