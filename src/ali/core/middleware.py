"""Three manners of the site: answer 503 when the database is away, keep pages out of caches, take each form once."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation

from ali.core import errors
from ali.core.models import SubmittedForm
from ali.core.once import is_repeatable, key_in

Answer = Callable[[HttpRequest], HttpResponse]
NEVER_REPEATED = {"GET", "HEAD", "OPTIONS", "TRACE"}


class DatabaseTrouble:
    """Turn «the database does not answer» in a view into 503 with Retry-After; `errors.broken` does the rest."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 503 for a database error raised by a view."""
        return errors.unavailable(error) if errors.is_database_trouble(error) else None


class ChosenLanguage:
    """Italian until somebody chooses another language in the footer: an office's browser may be in any language."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.answer(request)
        response.headers.setdefault("Content-Language", language)
        return response


class PrivatePages:
    """Nothing that a signed-in person reads stays in a cache; at sign-out the browser forgets."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
            response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)")
        return response


class OnceOnly:
    """Take a form once, by the key it carries: sent again it gets the first answer, without a key it is not taken.

    It acts after the access rule of the view has spoken. Every address reached by POST is a page's form: none is exempt.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            response = self.answer(request)
        except BaseException:
            self._forget(request)
            raise
        self._keep(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Answer in place of the view when the form has no key or was received before."""
        if request.method in NEVER_REPEATED:
            return None
        key = key_in(request)
        if not key:
            return render(request, "without_key.html", status=400)
        if is_repeatable(view) or not request.user.is_authenticated:
            return None
        digest = hashlib.sha256(request.path.encode()).hexdigest()
        try:
            with transaction.atomic():
                received = SubmittedForm.objects.create(key=key, user_id=request.user.pk, path_digest=digest)
        except IntegrityError:
            return self._first_answer(request, request.user.pk, key, digest)
        request.received_form = received  # type: ignore[attr-defined]  # read when the view has answered
        return None

    def _keep(self, request: HttpRequest, response: HttpResponse) -> None:
        """Keep the answer of a form that had its effect; forget one that was refused, so that it can be sent again."""
        received: SubmittedForm | None = getattr(request, "received_form", None)
        if received is None:
            return
        if response.status_code >= 400:
            self._forget(request)
            return
        received.status = response.status_code
        received.location = response.headers.get("Location", response.headers.get("HX-Redirect", ""))[:500]
        received.save(update_fields=["status", "location"])

    def _forget(self, request: HttpRequest) -> None:
        received: SubmittedForm | None = getattr(request, "received_form", None)
        if received is not None:
            received.delete()

    def _first_answer(self, request: HttpRequest, user_id: int, key: str, digest: str) -> HttpResponse:
        first = SubmittedForm.objects.filter(user_id=user_id, key=key, path_digest=digest).first()
        if first and first.location:
            return HttpResponseRedirect(first.location)
        return render(request, "already_sent.html", status=200 if first else 409)
