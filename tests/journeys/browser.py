"""Debian's Chromium through Playwright, watched: no other host, no page error, no accessibility violation."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Route,
    sync_playwright,
)

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "var" / "screenshots"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # No name but our own resolves: also what the browser asks by itself stays here.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
]
PATIENCE_MS = 10_000


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser once; `tools/chromium.py` finds or installs it."""
    found = subprocess.run(
        [sys.executable, ROOT / "tools" / "chromium.py"], capture_output=True, text=True, check=False
    )
    if found.returncode:
        raise RuntimeError(found.stderr.strip())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found.stdout.strip(), args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Watch:
    """What a page did that no page of ours may do."""

    strangers: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext) -> None:
        context.route(lambda address: not is_here(address), self._refuse)
        context.on("request", self._note_request)
        context.on("console", self._note_console)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))

    def complaints(self) -> list[str]:
        """Sentences about everything seen so far, then forget it."""
        said = [f"richiesta a un altro host: {address}" for address in self.strangers]
        said += [f"errore nella pagina: {error}" for error in self.errors]
        self.strangers.clear()
        self.errors.clear()
        return said

    def _refuse(self, route: Route) -> None:
        route.abort()

    def _note_request(self, request: Request) -> None:
        if not is_here(request.url):
            self.strangers.append(request.url)

    def _note_console(self, message: ConsoleMessage) -> None:
        # A refused form answers 422 and the browser writes that down too: statuses are the test's own business.
        if message.type == "error" and "status of 4" not in message.text:
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")


def is_here(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in {"about", "data", "blob"} or parts.hostname in {"127.0.0.1", "localhost"}


def open_context(
    browser: Browser, watch: Watch, *, width: str, base_url: str | None = None
) -> BrowserContext:
    """A fresh visitor, Italian, on a desktop or a phone."""
    context = browser.new_context(
        base_url=base_url,
        viewport=WIDTHS[width],  # type: ignore[arg-type]  # a plain dict is what the library wants at run time
        has_touch=width == "phone",
        locale="it-IT",
        timezone_id="Europe/Rome",
        service_workers="block",
        accept_downloads=True,
    )
    context.set_default_timeout(PATIENCE_MS)
    watch.follow(context)
    return context


def assert_accessible(page: Page, *, without: tuple[str, ...] = ()) -> None:
    """Fail with one readable block for each axe violation."""
    # A click answers when the next page begins: measure it once its styles are there.
    page.wait_for_load_state("load")
    options: dict[str, Any] = {
        "runOnly": {"type": "tag", "values": TAGS},
        "rules": {rule: {"enabled": False} for rule in without},
    }
    found = Axe().run(page, options=options).response["violations"]
    assert not found, f"{len(found)} violazioni axe in {page.url}\n" + "\n".join(
        readable(one) for one in found
    )


def readable(violation: dict[str, Any]) -> str:
    places = [f"    {node['target']}: {node['html'][:160]}" for node in violation["nodes"][:5]]
    return "\n".join([f"  {violation['id']} ({violation['impact']}): {violation['help']}", *places])


def assert_no_sideways_scroll(page: Page) -> None:
    """A page fits its width: what is wider scrolls inside itself."""
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= seen, f"{page.url}: larga {wide} px in una finestra di {seen}"


def save_screenshot(page: Page, name: str) -> Path:
    """Keep a picture of the whole page in var/screenshots/ for somebody to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    try:
        page.screenshot(path=path, full_page=True)
    except Error as problem:
        raise AssertionError(f"la schermata {name} non si fa: {problem}") from problem
    _forget_empty_styles(page)
    return path


def _forget_empty_styles(page: Page) -> None:
    """A screenshot leaves `style=""` on fields; htmx would copy it at the next swap and break our own policy."""
    page.evaluate("document.querySelectorAll('[style=\"\"]').forEach((one) => one.removeAttribute('style'))")
