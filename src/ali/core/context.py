"""What every template knows: the product, whether this is a demo, who acts, the navigation of the role."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest

Navigation = Callable[[HttpRequest], list[dict[str, Any]]]
_navigation: list[Navigation] = []
_offers_search: list[Callable[[HttpRequest], bool]] = []


def provide_navigation(build: Navigation, offers_search: Callable[[HttpRequest], bool]) -> None:
    """Let the app that knows the pages (desk) supply the main navigation, and say to whom the search is of use."""
    _navigation[:] = [build]
    _offers_search[:] = [offers_search]


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the variables of the base template."""
    is_known = bool(getattr(request, "actor", None))
    return {
        "demo": settings.IS_DEMO,
        "actor": getattr(request, "actor", None),
        "nav": _navigation[0](request) if _navigation and is_known else [],
        "offers_search": is_known and any(offers(request) for offers in _offers_search),
        "accessibility_url": settings.ACCESSIBILITY_URL,
    }
