"""An administrator brings in a colleague, who signs in, chooses a password and is found in the log."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from ali.accounts.roles import ROLES
from ali.organisations.models import Organisation
from ali.rules.services import load_shipped_rules
from tests.factories.organisations import actor_for_role
from tests.journeys.browser import assert_no_sideways_scroll
from tests.journeys.conftest import PageAs

Axe = Callable[..., None]
Screenshot = Callable[[Page, str], Path]
NEW_PASSWORD = "quattro parole lunghe e mie"


@pytest.fixture(autouse=True)
def no_attempts_yet() -> None:
    cache.clear()


def look(page: Page, axe: Axe, screenshot: Screenshot, name: str) -> None:
    page.wait_for_load_state("load")
    axe(page)
    assert_no_sideways_scroll(page)
    screenshot(page, name)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_new_colleague_enters_and_the_log_tells(
    page_as: PageAs, axe: Axe, screenshot: Screenshot, width: str
) -> None:
    administrator = actor_for_role("administrator", full_name="Ada Amministratrice")
    body = Organisation.objects.get(pk=administrator.organisation_id)

    page = page_as(administrator, width=width)
    page.goto("/organizzazioni/utenti/")
    look(page, axe, screenshot, f"users-{width}")
    page.get_by_role("link", name="Nuovo utente").click()
    page.get_by_label("Nome e cognome").fill("Nora Nuova")
    page.get_by_label("E-mail di lavoro").fill("nora@esempio.it")
    page.get_by_label("Ruolo").select_option("data_protection_officer")
    look(page, axe, screenshot, f"user-add-{width}")
    page.get_by_role("button", name="Salva").click()
    password = page.locator("code").inner_text()
    look(page, axe, screenshot, f"user-password-{width}")
    page.get_by_role("link", name="Ho finito").click()
    look(page, axe, screenshot, f"user-{width}")

    colleague = page_as(width=width)
    colleague.goto("/")
    look(colleague, axe, screenshot, f"sign-in-{width}")
    colleague.get_by_label("E-mail").fill("nora@esempio.it")
    colleague.get_by_label("Password").fill("non è questa password")
    colleague.get_by_role("button", name="Entra", exact=True).click()
    expect(
        colleague.get_by_role("alert").or_(colleague.locator(".ali-error-summary, .ali-field__errors")).first
    ).to_be_visible()
    look(colleague, axe, screenshot, f"sign-in-refused-{width}")
    colleague.get_by_label("Password").fill(password)
    colleague.get_by_role("button", name="Entra", exact=True).click()
    expect(colleague.get_by_role("heading", level=1)).to_have_text("Cambia password")
    colleague.get_by_label("Password attuale").fill(password)
    colleague.get_by_label(re.compile(r"^Nuova password \*?$|^Nuova password$")).first.fill(NEW_PASSWORD)
    colleague.get_by_label(re.compile("di nuovo")).fill(NEW_PASSWORD)
    look(colleague, axe, screenshot, f"password-change-{width}")
    colleague.get_by_role("button", name="Cambia password").click()
    expect(colleague).to_have_url(re.compile(r"/$"))

    colleague.goto("/registro/")
    expect(colleague.locator("#results")).to_contain_text("ha aggiunto un utente")
    expect(colleague.locator("#results")).to_contain_text("ha cambiato la password")
    look(colleague, axe, screenshot, f"log-{width}")
    assert body.memberships.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_officer_sets_and_confirms_a_local_rule(
    page_as: PageAs, axe: Axe, screenshot: Screenshot, width: str
) -> None:
    load_shipped_rules()
    officer = actor_for_role("prefecture_officer", full_name="Olga Officiale")

    page = page_as(officer, width=width)
    page.goto("/regole/")
    look(page, axe, screenshot, f"rules-{width}")
    page.get_by_role("link", name=re.compile("consegna del permesso di soggiorno")).first.click()
    page.get_by_role("link", name="Imposta un valore locale").click()
    page.get_by_label(re.compile("Valore")).fill("30")
    page.get_by_label("Fonte").fill("Circolare n. 12 del 1 marzo 2026")
    look(page, axe, screenshot, f"rule-set-{width}")
    page.get_by_role("button", name="Imposta").click()
    page.get_by_text("Conferma", exact=True).first.click()
    page.get_by_role("button", name="Confermo").click()
    expect(page.locator("main")).to_contain_text("confermata da Olga Officiale")
    look(page, axe, screenshot, f"rule-{width}")

    page.goto("/organizzazioni/?who=all")
    look(page, axe, screenshot, f"organisations-{width}")
    page.get_by_role("link", name=officer.organisation_name).first.click()
    look(page, axe, screenshot, f"organisation-{width}")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_demo_offers_one_button_per_role(
    page_as: PageAs, axe: Axe, screenshot: Screenshot, width: str, settings: Any
) -> None:
    settings.IS_DEMO = True
    for role in ROLES:
        actor_for_role(role, is_invented=True)

    page = page_as(width=width)
    page.goto("/accesso/entra/")
    look(page, axe, screenshot, f"sign-in-demo-{width}")
    expect(page.locator("main form button[name=account]")).to_have_count(len(ROLES))
    page.get_by_role("button", name="Responsabile di progetto").click()

    expect(page).to_have_url(re.compile(r"/$"))
    expect(page.locator("header")).to_contain_text("Responsabile di progetto")
