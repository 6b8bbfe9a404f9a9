"""The main job: who leaves, which home, and three signatures that nobody can give for another."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ali.accounts.actors import Actor
from ali.allocation.models import Placement, Proposal
from ali.housing.models import Dwelling
from ali.organisations.models import Organisation
from ali.people.models import Person
from ali.reception.models import Exit
from ali.reception.states import Solution
from tests.factories.housing import DwellingFactory
from tests.factories.organisations import OrganisationFactory, actor_for_role
from tests.factories.reception import CentreFactory, ExitFactory
from tests.factories.work import JobFactory
from tests.journeys.conftest import PageAs

pytestmark = pytest.mark.django_db(transaction=True)
Axe = Callable[[Page], None]
Shot = Callable[[Page, str], Path]


class Cast:
    """Three bodies, one person who leaves in thirty days with a job, one bed."""

    def __init__(self) -> None:
        self.officer = actor_for_role("prefecture_officer")
        self.cooperative = OrganisationFactory(name="Cooperativa Esempio Ponte")
        self.operator = actor_for_role("centre_operator", organisation=self.cooperative)
        self.agency = OrganisationFactory(name="Agenzia Esempio Casa", housing_agency=True)
        self.manager = actor_for_role("housing_manager", organisation=self.agency)
        prefecture = Organisation.objects.get(pk=self.officer.organisation_id)
        leaving = ExitFactory(
            centre=CentreFactory(manager=self.cooperative), prefecture=prefecture, communicated=True
        )
        self.person: Person = leaving.person
        JobFactory(person=self.person, net_monthly_cents=130_000)
        self.home: Dwelling = DwellingFactory(manager=self.agency, men=True, beds=1)

    def proposal(self) -> Proposal:
        return Proposal.objects.get(household=self.person.household)


@pytest.fixture
def cast(transactional_db: Any) -> Cast:
    return Cast()


def _put_forward(page: Page, cast: Cast, axe: Axe, screenshot: Shot) -> None:
    page.goto("/uscite/")
    axe(page)
    screenshot(page, "three-1-exit-list")
    page.get_by_role("link", name=cast.person.display_name).click()
    axe(page)
    screenshot(page, "three-2-person")
    page.get_by_role("link", name="Dove potrebbe vivere").click()
    axe(page)
    screenshot(page, "three-3-homes")
    page.get_by_role("link", name="Avvia la proposta").first.click()
    axe(page)
    expect(page.get_by_label(re.compile("^Perché questo nucleo"))).to_have_value("")
    page.get_by_label(re.compile("^Perché questo nucleo")).fill("Lavora vicino, esce per primo")
    screenshot(page, "three-4-put-forward")
    page.get_by_role("button", name="Firma e proponi").click()
    expect(page.get_by_text("attende l'ente della casa").first).to_be_visible()


def _accept_for_home(page: Page, cast: Cast, axe: Axe, screenshot: Shot) -> None:
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name=re.compile("Esempio")).first.click()
    axe(page)
    screenshot(page, "three-5-home-answers")
    page.get_by_role("button", name="Accettiamo il nucleo").click()
    expect(page.get_by_text("ora decide il nucleo").first).to_be_visible()


def _accept_for_household(page: Page, cast: Cast, axe: Axe, screenshot: Shot) -> None:
    page.goto(f"/abbinamenti/proposte/{cast.proposal().public_id}/")
    axe(page)
    screenshot(page, "three-6-household-answers-phone")
    expect(page.get_by_text("Apri il foglio della proposta")).to_be_visible()
    page.get_by_role("link", name="Il foglio per il nucleo").click()
    axe(page)
    screenshot(page, "three-7-paper")
    page.goto(f"/abbinamenti/proposte/{cast.proposal().public_id}/")
    page.get_by_label(re.compile("^Lingua in cui")).first.select_option(index=1)
    page.get_by_label(re.compile("foglio firmato")).check()
    page.get_by_role("button", name="Il nucleo accetta").click()
    expect(page.get_by_text("assegnata").first).to_be_visible()
    screenshot(page, "three-8-placed-phone")


def test_three_bodies_take_somebody_from_reception_to_a_home(
    page_as: PageAs, cast: Cast, axe: Axe, screenshot: Shot
) -> None:
    officer, manager, operator = (
        page_as(cast.officer),
        page_as(cast.manager),
        page_as(cast.operator, width="phone"),
    )

    _put_forward(officer, cast, axe, screenshot)
    assert not Placement.objects.exists()
    _accept_for_home(manager, cast, axe, screenshot)
    assert not Placement.objects.exists()
    _accept_for_household(operator, cast, axe, screenshot)

    assert Placement.objects.get().dwelling == cast.home
    assert Exit.objects.get(person=cast.person).solution == Solution.NETWORK_HOME
    officer.goto(f"/persona/{cast.person.public_id}/")
    expect(officer.get_by_text("Casa assegnata dal").first).to_be_visible()
    axe(officer)
    screenshot(officer, "three-9-person-with-home")


@pytest.mark.parametrize("wrong", ["officer", "operator"])
def test_nobody_gives_the_signature_of_the_home(
    page_as: PageAs, cast: Cast, axe: Axe, screenshot: Shot, wrong: str
) -> None:
    _put_forward(page_as(cast.officer), cast, axe, screenshot)
    intruder: Actor = getattr(cast, wrong)
    page = page_as(intruder)

    page.goto(f"/abbinamenti/proposte/{cast.proposal().public_id}/")

    expect(page.get_by_role("button", name="Accettiamo il nucleo")).to_have_count(0)
    expect(page.get_by_role("button", name="Il nucleo accetta")).to_have_count(0)


def test_amounts_stay_with_the_case_worker(page_as: PageAs, cast: Cast) -> None:
    operator, officer = page_as(cast.operator), page_as(cast.officer)

    operator.goto(f"/persona/{cast.person.public_id}/")
    officer.goto(f"/persona/{cast.person.public_id}/")

    expect(operator.get_by_text("1.300").first).to_be_visible()
    assert "1.300" not in officer.content()
