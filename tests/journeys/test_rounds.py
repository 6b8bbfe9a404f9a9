"""Rounds, shortlists and the household's sheet in the browser; from a round to a home on a phone."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import Page, expect

from ali.allocation import services
from ali.allocation.models import Placement, Round
from ali.allocation.tasks import answer_what_if, solve_round
from ali.core import clock
from ali.people.models import SpokenLanguage
from tests.factories.allocation import CriteriaFactory, Scene, make_leaving, make_leaving_family, make_scene
from tests.factories.housing import DwellingFactory
from tests.journeys.browser import assert_no_sideways_scroll

pytestmark = pytest.mark.django_db(transaction=True)

PageAs = Callable[..., Page]
LANGUAGES = ["ar", "bn", "en", "es", "fr", "uk", "ur"]
# What the machine lacks, the page brings.
SERVED_FONTS = {"ar": b"NotoSansArabic", "bn": b"NotoSansBengali", "uk": b"NotoSans", "ur": b"NotoSansArabic"}


@pytest.fixture
def scene() -> Scene:
    made = make_scene(home={"beds": 1, "contact_name": "Anna Prova", "contact_phone": "049 000000"})
    SpokenLanguage.objects.create(person=made.person, language_id="ara", level="L1")
    make_leaving(officer=made.officer, carer=made.carer, earns=False)
    CriteriaFactory()
    return made


def solve(scene: Scene) -> Round:
    asked = services.open_round(actor=scene.officer, province="PD", window_days=90, today=clock.today())
    return services.run_round(actor=scene.officer, round_=asked, now=clock.now)


def test_a_round_ends_in_a_home_by_three_signatures_on_a_phone(
    page_as: PageAs, axe: Any, screenshot: Any, scene: Scene
) -> None:
    width = "phone"
    solved = solve(scene)

    def look(page: Page, name: str) -> None:
        axe(page)
        assert_no_sideways_scroll(page)
        screenshot(page, f"{name}-{width}")

    officer = page_as(scene.officer, width=width)
    officer.goto("/abbinamenti/")
    look(officer, "rounds")
    officer.goto(f"/abbinamenti/giro/{solved.public_id}/")
    expect(officer.get_by_text("Simulazione", exact=True)).to_be_visible()
    look(officer, "round")
    officer.get_by_role("link", name="Avvia la proposta").click()
    look(officer, "put-forward")
    officer.get_by_role("button", name="Firma e proponi").click()
    expect(officer.locator(".ali-error-summary, .ali-field__errors").first).to_be_visible()
    officer.get_by_label("Perché questo nucleo per questa casa").fill("lavora a due fermate da qui")
    officer.get_by_role("button", name="Firma e proponi").click()
    expect(officer.get_by_text("ora risponde l'ente che ha la casa")).to_be_visible()
    look(officer, "proposal-prefecture")
    address = officer.url

    landlord = page_as(scene.landlord, width=width)
    landlord.goto(address)
    look(landlord, "proposal-home")
    landlord.get_by_role("button", name="Accettiamo il nucleo").click()
    expect(landlord.get_by_text("ora decide il nucleo")).to_be_visible()

    carer = page_as(scene.carer, width=width)
    carer.goto(address)
    expect(carer.get_by_text("Apri il foglio della proposta")).to_be_visible()
    look(carer, "proposal-before-paper")
    carer.get_by_role("link", name="Il foglio per il nucleo").click()
    expect(carer.locator("[dir=rtl]").first).to_be_visible()
    look(carer, "paper")
    carer.goto(address)
    carer.get_by_label("Lingua in cui è stata spiegata").first.select_option("ara")
    carer.get_by_label("Il foglio firmato dal nucleo è agli atti").check()
    look(carer, "proposal-household")
    carer.get_by_role("button", name="Il nucleo accetta").click()
    expect(carer.get_by_text("la casa è assegnata")).to_be_visible()
    look(carer, "proposal-placed")

    assert Placement.objects.get().household == scene.household


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sheet_of_a_family_is_one_a4_page(page_as: PageAs, scene: Scene, tmp_path: Path, lang: str) -> None:
    family = make_leaving_family(officer=scene.officer, carer=scene.carer, children=4)
    home = make_scene(
        officer=scene.officer,
        landlord=scene.landlord,
        carer=scene.carer,
        home={
            "whole": True,
            "beds": 6,
            "contact_name": "Maria Antonietta Esempio",
            "contact_phone": "049 000000",
        },
    ).home
    proposal = scene.put_forward(household=family[0].household, dwelling=home)
    carer = page_as(scene.carer)
    carer.goto(f"/abbinamenti/proposte/{proposal.public_id}/foglio/?lang={lang}")

    carer.evaluate("document.fonts.ready.then(() => true)")
    printed = carer.pdf(path=tmp_path / "foglio.pdf", format="A4", prefer_css_page_size=True)

    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == 1
    used = b" ".join(re.findall(rb"/FontName\s*/([^\s/]+)", printed))
    assert b"TitilliumWeb" in used
    assert SERVED_FONTS.get(lang, b"") in used
    assert lang in SERVED_FONTS or b"Noto" not in used
    assert not re.search(rb"DejaVu|Liberation", used)


def test_round_shows_its_progress_and_can_be_cancelled(
    page_as: PageAs, axe: Any, screenshot: Any, scene: Scene
) -> None:
    officer = page_as(scene.officer)
    officer.goto("/abbinamenti/")
    officer.get_by_role("button", name="Avvia il giro").click()
    expect(officer.get_by_text("In coda")).to_be_visible()
    axe(officer)
    screenshot(officer, "round-waiting")

    officer.get_by_role("button", name="Annulla il lavoro").click()

    expect(officer.get_by_text("annullato").first).to_be_visible()
    assert Round.objects.get().state == "cancelled"


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_shortlist_and_homes_are_read_side_by_side(
    page_as: PageAs, axe: Any, screenshot: Any, scene: Scene, width: str
) -> None:
    for _number in range(3):
        make_leaving(officer=scene.officer, carer=scene.carer)
    officer = page_as(scene.officer, width=width)

    officer.goto(f"/abbinamenti/casa/{scene.home.public_id}/")
    expect(officer.get_by_text("Il più adatto")).to_be_visible()
    expect(officer.get_by_text("Riserva 2")).to_be_visible()
    axe(officer)
    assert_no_sideways_scroll(officer)
    screenshot(officer, f"shortlist-{width}")
    officer.goto(f"/abbinamenti/nucleo/{scene.household.public_id}/")
    axe(officer)
    assert_no_sideways_scroll(officer)
    screenshot(officer, f"household-homes-{width}")
    officer.goto("/abbinamenti/criteri/PD/")
    axe(officer)
    assert_no_sideways_scroll(officer)


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_two_households_of_a_round_exchange_their_homes(
    page_as: PageAs, axe: Any, screenshot: Any, scene: Scene, width: str
) -> None:
    make_leaving(officer=scene.officer, carer=scene.carer)
    make_leaving_family(officer=scene.officer, carer=scene.carer)
    DwellingFactory(beds=1, manager=scene.home.manager, building=scene.home.building)
    DwellingFactory(whole=True, beds=3, manager=scene.home.manager, building=scene.home.building)
    solved = solve(scene)
    entry = solved.entries.get(household=scene.household)
    before = entry.dwelling_id
    page = page_as(scene.officer, width=width)

    page.goto(f"/abbinamenti/giro/{solved.public_id}/")
    page.locator(f"a[href='/abbinamenti/giro/voce/{entry.public_id}/scambia/']").click()
    expect(page.get_by_role("heading", name="Con gli altri no")).to_be_visible()
    axe(page)
    assert_no_sideways_scroll(page)
    screenshot(page, f"exchange-{width}")
    page.locator("summary", has_text="Scambia le case").click()
    page.get_by_label(re.compile("^Perché")).fill("ciascuno lavora vicino alla casa dell'altro")
    page.get_by_role("button", name="Scambia le case").click()

    expect(page.get_by_text("Case scambiate")).to_be_visible()
    expect(page.get_by_text("scambiata, da avviare")).to_have_count(2)
    axe(page)
    entry.refresh_from_db()
    assert entry.dwelling_id != before


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_new_criteria_are_tried_compared_and_put_in_force(
    page_as: PageAs, axe: Any, screenshot: Any, scene: Scene, width: str
) -> None:
    solve(scene)
    page = page_as(scene.officer, width=width)

    page.goto("/abbinamenti/criteri/PD/")
    page.get_by_label("Titolo").fill("Prima chi aspetta")
    page.get_by_label("Attesa").fill("900")
    page.get_by_role("button", name="Prova questi criteri").click()
    tried = Round.objects.get(is_trial=True)
    solve_round.call(tried.pk, scene.officer.grant_key)
    page.goto(f"/abbinamenti/giro/{tried.public_id}/")
    expect(page.get_by_text("Qui non si decide niente")).to_be_visible()
    expect(page.get_by_role("link", name="Avvia la proposta")).to_have_count(0)
    page.get_by_role("link", name="Chi ci guadagna e chi ci perde").click()
    expect(page.get_by_role("heading", name="Avrebbero un'altra casa")).to_be_visible()
    axe(page)
    assert_no_sideways_scroll(page)
    screenshot(page, f"compare-{width}")
    page.locator("summary", has_text="Metti in vigore questi criteri").click()
    page.get_by_role("button", name="Metti in vigore questi criteri").click()

    expect(page.get_by_text("Criteri in vigore: valgono dal prossimo giro.")).to_be_visible()
    expect(page.get_by_text("Prima chi aspetta").first).to_be_visible()


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_officer_sees_how_solid_a_proposal_is_and_tries_a_change(
    page_as: PageAs, axe: Any, screenshot: Any, scene: Scene, width: str
) -> None:
    solved = solve(scene)
    page = page_as(scene.officer, width=width)
    page.goto(f"/abbinamenti/giro/{solved.public_id}/")
    expect(page.get_by_role("heading", name=re.compile("^Proposte "))).to_be_visible()
    page.get_by_text("E se…").first.click()
    page.get_by_label("Che cosa cambierebbe se").select_option("home_gone")
    page.get_by_label("Casa", exact=True).select_option(str(scene.home.public_id))
    axe(page)
    assert_no_sideways_scroll(page)
    screenshot(page, f"round-what-if-{width}")

    page.get_by_role("button", name="Prova").click()
    expect(page.get_by_text("Si prova il cambiamento").first).to_be_visible()
    for waiting in DBTaskResult.objects.filter(task_path=answer_what_if.module_path):
        waiting.claim("tests")
        waiting.set_successful(answer_what_if.func(*waiting.args_kwargs["args"]))

    page.reload()
    expect(page.get_by_text("Resterebbe senza casa 1 nucleo in più")).to_be_visible()
    axe(page)
    assert_no_sideways_scroll(page)
    screenshot(page, f"round-answer-{width}")
