"""A housing manager writes an agreement from the draft to its end; the Comune's officer answers for the fund."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ali.accounts import roles
from ali.agreements.models import Agreement, Fund
from ali.agreements.services import call_fund, load_schemes
from ali.core import clock
from ali.housing.states import DwellingState
from ali.organisations.models import Organisation
from tests.factories.agreements import CommitmentFactory, FundFactory, OwnerFactory
from tests.factories.housing import BuildingFactory, DwellingFactory
from tests.factories.organisations import OrganisationFactory, actor_for_role
from tests.journeys.browser import assert_no_sideways_scroll
from tests.journeys.conftest import PageAs

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_agreement_is_written_signed_started_and_ended(
    page_as: PageAs, axe: Callable[..., None], width: str
) -> None:
    agency = OrganisationFactory(housing_agency=True, name="Agenzia di prova")
    manager = actor_for_role(roles.HOUSING_MANAGER.code, organisation=agency)
    home = DwellingFactory(
        building=BuildingFactory(address="Via Lunga 4"), manager=agency, state=DwellingState.VISITED, beds=0
    )
    OwnerFactory(kept_by=agency, name="Ada Proprietaria")
    today = clock.today()
    page = page_as(manager, width=width)

    page.goto("/accordi/")
    axe(page)
    page.get_by_role("link", name="Nuovo accordo").first.click()
    axe(page)
    page.get_by_role("link", name=str(home)).click()
    page.wait_for_load_state("networkidle")
    page.get_by_label("Tipo di contratto").select_option("C32")
    expect(page.locator("#terms")).to_contain_text("almeno tre anni", timeout=20_000)
    page.get_by_label("Proprietario che firma").select_option(label="Ada Proprietaria")
    page.get_by_label("Decorre dal").fill(today.isoformat())
    page.get_by_label("Scade il").fill((today + timedelta(days=400)).isoformat())
    page.get_by_label("Canone al mese").fill("450")
    axe(page)
    page.get_by_role("button", name="Salva").click()

    expect(page.get_by_text("dura almeno 36 mesi")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Modifica").first.click()
    page.get_by_label("Scade il").fill(today.replace(year=today.year + 4).isoformat())
    page.get_by_role("button", name="Salva").click()
    page.locator("summary", has_text="Registra la firma").click()
    page.get_by_label("Firmato da tutti il").fill(today.isoformat())
    page.get_by_role("button", name="Registra la firma").click()
    page.locator("summary", has_text="Mettilo in corso").click()
    page.get_by_role("button", name="Mettilo in corso").click()
    expect(page.get_by_text("in corso").first).to_be_visible()
    axe(page)
    page.get_by_role("link", name=re.compile("Segna fatto.*Registrare il contratto")).click()
    page.get_by_label("Estremi della ricevuta").fill("RLI 123")
    axe(page)
    page.get_by_role("button", name="Salva").click()

    agreement = Agreement.objects.get()
    home.refresh_from_db()
    assert home.state == DwellingState.AGREED
    assert agreement.clocks.get(code="registration").reference == "RLI 123"
    page.get_by_role("link", name=re.compile("Restituisci.*Via Lunga")).click()
    page.get_by_label("Motivo").fill("Il proprietario vende")
    axe(page)
    page.get_by_role("button", name="Salva").click()
    home.refresh_from_db()
    assert home.state == DwellingState.GIVEN_BACK
    assert_no_sideways_scroll(page)


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_officer_answers_a_call_on_the_fund(
    page_as: PageAs, axe: Callable[..., None], screenshot: Callable[[Page, str], Path], width: str
) -> None:
    officer = actor_for_role(roles.MUNICIPAL_OFFICER.code)
    fund = FundFactory(body=Organisation.objects.get(pk=officer.body), name="Fondo per la casa")
    load_schemes()
    manager = actor_for_role(roles.HOUSING_MANAGER.code)
    home = DwellingFactory(manager_id=manager.body)
    commitment = CommitmentFactory(fund=fund, dwelling=home, tenancy=home.public_id)
    call_fund(
        actor=manager,
        tenancy=home.public_id,
        dwelling_id=home.pk,
        arrears_cents=120_000,
        cause="job_lost",
        reason="contratto non rinnovato",
        today=clock.today(),
    )
    page = page_as(officer, width=width)

    page.goto("/accordi/garanzie/")
    expect(page.get_by_text("Padova per abitarci")).to_be_visible()
    axe(page)
    page.goto("/accordi/fondi/")
    axe(page)
    page.get_by_role("link", name="Fondo per la casa").click()
    axe(page)
    screenshot(page, f"fondo-{width}")
    page.get_by_role("link", name="Rispondi").click()
    page.get_by_label("Il fondo paga").fill("1.000")
    page.get_by_label("Motivo").fill("documentata")
    axe(page)
    page.get_by_role("button", name="Salva").click()
    expect(page.get_by_text("pagata dal fondo")).to_be_visible()

    commitment.refresh_from_db()
    assert commitment.called_cents == 100_000
    assert Fund.objects.get().cash_cents == 1_900_000
