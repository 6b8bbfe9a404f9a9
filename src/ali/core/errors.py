"""Error pages in plain Italian, without details that belong in the log."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", {"reason": str(exception or "")}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that it broke, with a page that asks nothing of the request or of the database."""
    return HttpResponse(render_to_string("500.html"), status=500)


def forged_or_stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403.html", {"reason": "", "stale": True}, status=403)
