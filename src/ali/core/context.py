"""What every template knows: the product, whether this is a demo, who acts, the navigation of the role."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest

Navigation = Callable[[HttpRequest], list[dict[str, Any]]]
_navigation: list[Navigation] = []


def provide_navigation(build: Navigation) -> None:
    """Let the app that knows the pages (desk) supply the main navigation."""
    _navigation[:] = [build]


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the variables of the base template."""
    return {
        "demo": settings.IS_DEMO,
        "actor": getattr(request, "actor", None),
        "nav": _navigation[0](request) if _navigation and getattr(request, "actor", None) else [],
        "accessibility_url": settings.ACCESSIBILITY_URL,
    }
