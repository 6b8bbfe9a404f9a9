"""A page, or the part of it that htmx asked for: same address, same view, same permission."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page(
    request: HttpRequest, template: str, *, fragment: str = "", status: int = 200, **context: Any
) -> HttpResponse:
    """Render `template`; only its partial `fragment` when the request comes from htmx and is not a boosted visit."""
    htmx = getattr(request, "htmx", None)
    if fragment and htmx and not htmx.boosted and not htmx.history_restore_request:
        template = f"{template}#{fragment}"
    response = render(request, template, context, status=status)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


def version_of(request: HttpRequest, field: str = "version") -> int:
    """Return the version of the record that the form was opened on; 0, which no record has, when it is missing or wrong."""
    sent = request.POST.get(field, "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
