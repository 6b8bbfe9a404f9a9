"""The harness itself: what it promises to catch, it catches."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys import browser as chrome
from tests.journeys.conftest import PageAs

SOUND = '<html lang="it"><head><title>Prova</title></head><body><main><h1>Prova</h1>{}</main></body></html>'


@pytest.fixture
def watch() -> chrome.Watch:
    """Here the complaints are what we look at: nothing is asserted at the end."""
    return chrome.Watch()


@pytest.fixture
def bare_page(browser: Browser, watch: chrome.Watch) -> Iterator[Page]:
    context = chrome.open_context(browser, watch, width="phone")
    yield context.new_page()
    context.close()


def test_axe_accepts_a_sound_page(bare_page: Page) -> None:
    bare_page.set_content(SOUND.format("<p>Testo</p>"))

    chrome.assert_accessible(bare_page)


def test_axe_names_what_is_wrong_and_where(bare_page: Page) -> None:
    bare_page.set_content(SOUND.format('<img src="data:," class="mute">'))

    with pytest.raises(AssertionError, match=r"image-alt(.|\n)*mute"):
        chrome.assert_accessible(bare_page)


def test_request_to_another_host_is_seen_and_refused(bare_page: Page, watch: chrome.Watch) -> None:
    bare_page.set_content(SOUND.format('<img alt="" src="https://example.org/x.png">'))
    bare_page.wait_for_load_state("networkidle")

    assert "richiesta a un altro host: https://example.org/x.png" in watch.complaints()


def test_script_error_is_seen(bare_page: Page, watch: chrome.Watch) -> None:
    bare_page.set_content(SOUND.format("<script>nothing_by_this_name()</script>"))

    assert any("nothing_by_this_name" in line for line in watch.complaints())


def test_page_wider_than_the_phone_is_refused(bare_page: Page) -> None:
    bare_page.set_content(SOUND.format('<div style="width: 2000px">largo</div>'))

    with pytest.raises(AssertionError, match="larga"):
        chrome.assert_no_sideways_scroll(bare_page)


def test_screenshot_is_kept(bare_page: Page) -> None:
    bare_page.set_content(SOUND.format("<p>Testo</p>"))

    assert chrome.save_screenshot(bare_page, "harness").stat().st_size > 0


def test_a_role_comes_signed_in_and_with_a_known_browser(page_as: PageAs) -> None:
    page = page_as("prefecture_officer", width="phone")

    assert [cookie["name"] for cookie in page.context.cookies()] == ["sessionid"]
    assert page.viewport_size == chrome.WIDTHS["phone"]
