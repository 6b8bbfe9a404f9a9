"""Error pages in plain Italian, without details that belong in the log."""

import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

log = logging.getLogger(__name__)


def is_database_trouble(error: BaseException | None) -> bool:
    """Whether the database did not answer, as Django, the driver or its pool say it."""
    return isinstance(error, OperationalError | InterfaceError) or type(error).__name__ == "PoolTimeout"


def unavailable(error: BaseException) -> HttpResponse:
    """Answer 503 with a page that asks nothing of the database, and when to try again."""
    log.error("database unavailable: %s", type(error).__name__)
    response = HttpResponse(render_to_string("503.html"), status=503)
    response.headers["Retry-After"] = "10"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", {"reason": str(exception or "")}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that it broke, with a page that asks nothing of the request or of the database.

    An error of a middleware (the session, the actor) arrives only here: Django turns it into this page at once.
    """
    error = sys.exc_info()[1]
    if error is not None and is_database_trouble(error):
        return unavailable(error)
    return HttpResponse(render_to_string("500.html"), status=500)


def forged_or_stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403.html", {"reason": "", "stale": True}, status=403)
