"""A housing manager finds what is free, adds a home, records who sleeps there; an officer looks at the same homes."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ali.accounts import roles
from ali.housing.models import Bed, Dwelling
from ali.housing.services import refresh_dwelling
from ali.organisations.models import Organisation
from tests.factories.housing import BuildingFactory, DwellingFactory, OccupancyFactory
from tests.factories.organisations import actor_for_role
from tests.journeys.browser import assert_accessible, assert_no_sideways_scroll
from tests.journeys.conftest import PageAs

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
TOWNS = ("Padova", "Abano Terme", "Cadoneghe")
STREETS = ("Via dei Tigli", "Via del Mulino", "Piazza della Fontana", "Vicolo Chiuso", "Via Lunga di Sotto")
TRAITS = ("men", "women", "open_to_all", "whole", "market", "men")


def _stock(manager: Organisation, today: date, homes: int = 60) -> list[Dwelling]:
    """Homes of every kind, most of them full, as in life."""
    made = []
    for number in range(homes):
        town = TOWNS[number % 3]
        building = BuildingFactory(
            town=town,
            address=f"{STREETS[number % 5]} {number + 1}",
            latitude=(45.40, 45.36, 45.457)[number % 3] + (number % 7 - 3) / 300,
            longitude=(11.88, 11.793, 11.918)[number % 3] + (number % 5 - 2) / 300,
            confiscated=number == 7,
        )
        trait = TRAITS[number % 6]
        home = DwellingFactory(
            manager=manager, building=building, beds=2 + number % 4, works=number % 13 == 5, **{trait: True}
        )
        beds = list(Bed.objects.filter(room__dwelling=home).order_by("pk"))
        for place, bed in enumerate(beds if number % 4 else beds[1:]):
            ends = today + timedelta(days=10 * (number % 9) + place) if (number + place) % 3 == 0 else None
            OccupancyFactory(bed=bed, ends_on=ends, is_end_sure=number % 2 == 0)
        refresh_dwelling(home)
        made.append(home)
    return made


def test_manager_finds_adds_and_fills_homes(
    page_as: PageAs, axe: Callable[[Page], None], screenshot: Callable[[Page, str], Path], today: date
) -> None:
    actor = actor_for_role(roles.HOUSING_MANAGER.code)
    _stock(Organisation.objects.get(pk=actor.organisation_id), today)
    page = page_as(actor)

    page.goto("/case/")
    expect(page.locator(".ali-map .ali-cluster").first).to_be_visible()
    screenshot(page, "homes-list")
    page.get_by_label("Come si dà").select_option("women")
    expect(page.get_by_role("link", name="Togli il filtro: Come si dà")).to_be_visible()
    expect(page.locator(".ali-map__status")).to_contain_text("Punti sulla mappa: 10 ")
    screenshot(page, "homes-list-filtered")
    axe(page)
    page.get_by_role("link", name="Posti che si liberano").click()
    screenshot(page, "homes-free-beds")
    axe(page)

    page.goto("/case/nuova/")
    axe(page)
    page.get_by_label("Comune", exact=False).first.select_option(label="Padova")
    page.get_by_role("main").get_by_label("Indirizzo").fill("Via dell'Esempio 99")
    page.get_by_label("Superficie utile").fill("66")
    page.get_by_label("Come si dà").select_option("men")
    page.get_by_label("Superficie (m²)").nth(0).fill("14,2")
    page.get_by_label("Letti").nth(0).fill("3")
    page.get_by_label("Canone al mese").fill("240")
    screenshot(page, "homes-add")
    page.get_by_role("button", name="Aggiungi la casa").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Via dell'Esempio 99")
    expect(page.locator("main")).to_contain_text("I letti sono 3, la capienza è 2")
    screenshot(page, "homes-detail-new")
    axe(page)

    page.get_by_role("link", name="Letto 1").click()
    page.get_by_label("Fino al").fill("2026-05-15")
    page.get_by_role("button", name="Registra l’entrata").click()
    expect(page.get_by_role("cell", name="occupato")).to_be_visible()
    screenshot(page, "homes-bed")
    axe(page)


def test_officer_reads_homes_on_a_phone(
    page_as: PageAs, axe: Callable[[Page], None], screenshot: Callable[[Page, str], Path], today: date
) -> None:
    officer = actor_for_role(roles.PREFECTURE_OFFICER.code)
    agency = actor_for_role(roles.HOUSING_MANAGER.code).organisation_id
    homes = _stock(Organisation.objects.get(pk=agency), today, homes=30)
    page = page_as(officer, width="phone")

    for address, name in (
        ("/case/", "homes-list-phone"),
        ("/case/?view=map", "homes-map-phone"),
        ("/case/posti/?libere=60", "homes-free-beds-phone"),
        (f"/case/{homes[4].public_id}/", "homes-detail-phone"),
        (f"/case/{homes[7].public_id}/", "homes-detail-confiscated-phone"),
    ):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        screenshot(page, name)
        assert_no_sideways_scroll(page)
        axe(page)


def test_phone_shows_the_list_or_the_map(page_as: PageAs, today: date) -> None:
    actor = actor_for_role(roles.HOUSING_MANAGER.code)
    _stock(Organisation.objects.get(pk=actor.organisation_id), today, homes=12)
    page = page_as(actor, width="phone")

    page.goto("/case/?mode=men")
    expect(page.locator(".ali-map")).to_be_hidden()
    page.get_by_role("link", name="Mappa", exact=True).click()

    expect(page).to_have_url(re.compile(r"mode=men&view=map"))
    expect(page.locator(".ali-map")).to_be_visible()
    expect(page.get_by_role("table")).to_have_count(0)
    group = page.locator(".ali-map .ali-cluster").first
    expect(group).to_have_attribute("aria-label", re.compile("Punti vicini"))
    # Points of a map stand where the homes are; the same homes are in the list, one tap away (WCAG 2.5.8, equivalent).
    assert_accessible(page, without=("target-size",))
    before = page.locator(".ali-map .ali-cluster").count()
    group.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".ali-map path.ali-point").first).to_be_visible()
    assert before


def test_several_homes_far_apart_are_points_of_their_own(page_as: PageAs, today: date) -> None:
    actor = actor_for_role(roles.HOUSING_MANAGER.code)
    _stock(Organisation.objects.get(pk=actor.organisation_id), today, homes=3)

    page = page_as(actor)
    page.goto("/case/")

    expect(page.locator(".ali-map path.ali-point[role=button]")).to_have_count(3)
