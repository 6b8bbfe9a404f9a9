"""Journeys: a person's story in a real browser against a real server on 127.0.0.1.

def test_officer_puts_a_household_forward(page_as, axe, screenshot):
    page = page_as(officer)                    # a user, already signed in; page_as() is nobody
    page.goto("/uscite/")                      # addresses are relative to the server
    axe(page)
    screenshot(page, "exit-list-desktop")
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys import browser as chrome

if TYPE_CHECKING:
    from ali.accounts.actors import Actor
    from ali.accounts.models import User

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.journey)


class PageAs(Protocol):
    """Opens a page as somebody (None: nobody), on a desktop or a phone. A role is a new user of a new organisation."""

    def __call__(self, who: "str | User | Actor | None" = None, *, width: str = "desktop") -> Page: ...


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread; our own database calls beside it are safe, Django cannot know.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with chrome.chromium() as started:
        yield started


@pytest.fixture
def watch() -> Iterator[chrome.Watch]:
    """What pages may not do; the test fails at its end if one did."""
    watch = chrome.Watch()
    yield watch
    complaints = watch.complaints()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page_as(browser: Browser, watch: chrome.Watch, live_server: Any) -> Iterator[PageAs]:
    opened: list[BrowserContext] = []

    def open_page(who: "str | User | Actor | None" = None, *, width: str = "desktop") -> Page:
        context = chrome.open_context(browser, watch, width=width, base_url=live_server.url)
        opened.append(context)
        if who is not None:
            context.add_cookies([session_cookie(user_of(who), live_server.url)])
        return context.new_page()

    yield open_page
    for context in opened:
        context.close()


def user_of(who: "str | User | Actor") -> "User":
    from ali.accounts.models import User  # Django is ready only now
    from tests.factories.organisations import actor_for_role

    if isinstance(who, User):
        return who
    actor = actor_for_role(who) if isinstance(who, str) else who
    return User.objects.get(pk=actor.user_id)


def session_cookie(user: "User", address: str) -> Any:
    """Sign in beside the browser; the sign-in page has journeys of its own."""
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": value,
        "url": address,
        "httpOnly": True,
        "sameSite": "Lax",
    }


@pytest.fixture
def page(page_as: PageAs) -> Page:
    """Nobody's page, on a desktop."""
    return page_as()


@pytest.fixture
def axe() -> Callable[..., None]:
    return chrome.assert_accessible


@pytest.fixture
def screenshot() -> Callable[[Page, str], Path]:
    return chrome.save_screenshot
