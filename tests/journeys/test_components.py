"""The design system in a real browser, at the two widths."""

import pytest

from tests.journeys.browser import assert_no_sideways_scroll


@pytest.fixture(autouse=True)
def demo(settings) -> None:
    settings.IS_DEMO = True


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_every_component_is_accessible(page_as, axe, screenshot, width: str) -> None:
    page = page_as(width=width)
    page.goto("/_components/")
    page.wait_for_load_state("networkidle")

    screenshot(page, f"components-{width}")
    axe(page)
    assert_no_sideways_scroll(page)


def test_every_component_fits_the_narrowest_screen_and_right_to_left(page_as) -> None:
    page = page_as()
    page.goto("/_components/")
    page.set_viewport_size({"width": 320, "height": 700})
    assert_no_sideways_scroll(page)

    page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert_no_sideways_scroll(page)


def test_a_confirmation_asks_for_a_reason_and_folds_again(page_as) -> None:
    page = page_as()
    page.goto("/_components/")
    opener = page.locator("summary", has_text="Rifiuta").first
    opener.click()

    reason = page.locator("details[data-ali-confirm][open] textarea").first
    assert reason.input_value() == ""
    assert reason.evaluate("box => box === document.activeElement")
    page.locator("details[data-ali-confirm][open] [data-ali-close]").first.click()
    assert opener.is_visible()


def test_the_phone_menu_opens_and_closes_with_escape(page_as) -> None:
    page = page_as(width="phone")
    page.goto("/_components/")
    entry = page.get_by_role("navigation", name="Menu principale").get_by_role("link", name="Case")
    assert not entry.is_visible()

    page.get_by_role("button", name="Menu").click()
    assert entry.is_visible()
    entry.press("Escape")
    assert not entry.is_visible()


def test_points_of_the_map_are_reached_by_keyboard(page_as) -> None:
    page = page_as()
    page.goto("/_components/")
    point = page.get_by_role("button", name="Via Esempio 1, Padova")
    point.focus()
    point.press("Enter")

    assert page.locator(".leaflet-popup-content").inner_text().startswith("Via Esempio 1, Padova")


def test_an_error_answered_to_htmx_becomes_a_sentence(page_as, watch) -> None:
    page = page_as()
    page.goto("/_components/")
    page.evaluate("htmx.ajax('GET', '/non-esiste/', {target: '.ali-stats', swap: 'outerHTML'})")

    page.locator("#messages .alert-danger").wait_for()
    assert "ricarica la pagina" in page.locator("#messages").inner_text()
    assert page.locator(".ali-stats").is_visible()
    watch.errors.clear()  # the browser writes the 404 down, and so does htmx


def test_a_whole_page_answered_to_htmx_is_opened_as_a_page(page_as) -> None:
    page = page_as()
    page.goto("/_components/")
    page.evaluate("htmx.ajax('GET', '/', {target: '.ali-stats', swap: 'outerHTML'})")

    page.wait_for_url("**/accesso/entra/**")
    assert page.locator(".ali-stats").count() == 0
    assert page.get_by_label("Password").is_visible()


def test_what_is_folded_is_printed(page_as) -> None:
    page = page_as()
    page.goto("/_components/")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".ali-fold:not([open])").count() == 0

    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator(".ali-fold:not([open])").count() > 0


def test_legal_notes_are_for_everybody(page_as, axe) -> None:
    page = page_as(width="phone")
    page.goto("/note-legali/")

    axe(page)
    assert_no_sideways_scroll(page)
    assert page.locator("h1").inner_text() == "Note legali"
