"""Each form that is sent carries a key of its own: the server takes it once, and takes none without."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest

View = TypeVar("View", bound=Callable[..., Any])
KEY_FIELD = "idempotency_key"
WELL_FORMED = re.compile(r"[0-9A-Za-z-]{16,64}")


def repeatable(view: View) -> View:
    """Answer each time a form that stores nothing, or the same when sent again: a search, a sign-in, a choice of language.

    The key is asked all the same, and is not kept: reloading a page of results shows the results.
    """
    view.is_repeatable = True  # type: ignore[attr-defined]  # read by the middleware
    return view


def is_repeatable(view: Callable[..., Any]) -> bool:
    return getattr(view, "is_repeatable", False)


def key_in(request: HttpRequest) -> str:
    """The key of the form that was sent; empty when it has none, or one that no page of ours wrote."""
    key = request.POST.get(KEY_FIELD, "")
    return key if WELL_FORMED.fullmatch(key) else ""
