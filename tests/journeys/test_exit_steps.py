"""An exit, step by step and by role: communicated, corrected, decreed, notified, done with a solution, declared."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ali.accounts.actors import Actor
from ali.organisations.models import Organisation
from ali.reception.models import Exit
from ali.reception.states import ExitState, Solution
from tests.factories.organisations import OrganisationFactory, actor_for_role
from tests.factories.reception import CentreFactory, ExitFactory
from tests.journeys.browser import assert_no_sideways_scroll
from tests.journeys.conftest import PageAs

pytestmark = pytest.mark.django_db(transaction=True)
Axe = Callable[[Page], None]
Shot = Callable[[Page, str], Path]


class Cast:
    """An officer, the operator of a centre, and somebody whose exit is expected."""

    def __init__(self) -> None:
        self.officer: Actor = actor_for_role("prefecture_officer")
        cooperative = OrganisationFactory(name="Cooperativa Esempio Ponte")
        self.operator: Actor = actor_for_role("centre_operator", organisation=cooperative)
        self.leaving: Exit = ExitFactory(
            centre=CentreFactory(manager=cooperative),
            prefecture=Organisation.objects.get(pk=self.officer.organisation_id),
        )

    @property
    def address(self) -> str:
        return f"/accoglienza/uscite/{self.leaving.public_id}/"

    def reached(self, state: ExitState) -> None:
        self.leaving.refresh_from_db()
        assert self.leaving.state == state


@pytest.fixture
def cast(transactional_db: Any) -> Cast:
    return Cast()


def fill(page: Page, step: str, **typed: str) -> None:
    """Open one step by its address, type, send."""
    form = page.locator(f"form[action$='/{step}/']")
    fold = page.locator("details").filter(has=form)
    if fold.get_attribute("open") is None:
        fold.locator("summary").first.click()
    for name, value in typed.items():
        field = form.locator(f"[name={name}]")
        field.select_option(value) if name == "reason" and step == "avvenuta" else field.fill(value)
    with page.expect_navigation():
        form.get_by_role("button").click()


def look(page: Page, axe: Axe, screenshot: Shot, name: str) -> None:
    axe(page)
    assert_no_sideways_scroll(page)
    screenshot(page, name)


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_exit_goes_from_the_office_to_the_centre(
    page_as: PageAs, cast: Cast, axe: Axe, screenshot: Shot, today: date, width: str
) -> None:
    officer, operator = page_as(cast.officer, width=width), page_as(cast.operator, width=width)
    day, right = (today + timedelta(days=20)).isoformat(), (today + timedelta(days=25)).isoformat()

    officer.goto(cast.address)
    look(officer, axe, screenshot, f"exit-1-expected-{width}")
    fill(officer, "comunica", leaves_on=day)
    cast.reached(ExitState.COMMUNICATED)
    fill(officer, "correggi", leaves_on=right, reason="letto male il fascicolo")
    look(officer, axe, screenshot, f"exit-2-communicated-{width}")
    fill(officer, "decreto", number="12/2026", protocol="4567")
    cast.reached(ExitState.DECREED)
    assert str(cast.leaving.leaves_on) == right

    operator.goto(cast.address)
    expect(operator.get_by_role("button", name="Registra la notifica")).to_have_count(0)
    expect(operator.get_by_text("il centro propone, l'ufficio decide").first).to_be_visible()

    fill(officer, "notifica", notified_on=today.isoformat())
    cast.reached(ExitState.NOTIFIED)
    look(officer, axe, screenshot, f"exit-3-notified-{width}")

    operator.goto(cast.address)
    operator.locator(".ali-solution").get_by_role("link").first.click()
    operator.get_by_role("button", name=re.compile("parenti o amici")).click()
    expect(operator.locator(".ali-solution--open")).to_have_count(0)
    expect(operator.locator(".ali-solution")).to_contain_text("parenti o amici")
    operator.goto(cast.address)
    look(operator, axe, screenshot, f"exit-4-with-solution-{width}")
    fill(operator, "avvenuta", done_on=today.isoformat(), reason="U05")
    cast.reached(ExitState.DONE)
    assert cast.leaving.solution == Solution.RELATIVES

    fill(operator, "comunicazioni", residence_declared_on=today.isoformat())
    expect(operator.get_by_text("Residenza dichiarata al Comune").first).to_be_visible()
    look(operator, axe, screenshot, f"exit-5-done-{width}")


def test_phone_list_is_brief_and_opens_the_rest(
    page_as: PageAs, cast: Cast, axe: Axe, screenshot: Shot, today: date
) -> None:
    Exit.objects.filter(pk=cast.leaving.pk).update(
        state=ExitState.COMMUNICATED, leaves_on=today + timedelta(days=9), next_step="Chiamare la scuola"
    )
    page = page_as(cast.operator, width="phone")

    page.goto("/uscite/")
    row = page.get_by_role("row").filter(has_text=cast.leaving.person.surname.upper())
    expect(row.get_by_text("9 giorni")).to_be_visible()
    expect(row.get_by_text("Chiamare la scuola")).to_be_visible()
    expect(row.locator(".ali-solution")).to_be_hidden()
    box = row.bounding_box()
    assert box
    assert box["height"] < 150
    look(page, axe, screenshot, "exit-list-brief-phone")
    row.locator("summary", has_text="Altro").click()
    expect(row.locator(".ali-solution")).to_be_visible()
    look(page, axe, screenshot, "exit-list-open-phone")
