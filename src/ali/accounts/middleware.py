"""Gives each request its actor, and lets a view answer only by its access rule."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from ali.accounts.access import roles_that_open
from ali.accounts.actors import actor_for
from ali.accounts.models import User
from ali.core.decisions import NotAllowed

GRANT_IN_SESSION = "acting_as"
SEEN_IN_SESSION = "seen_at"
NOTE_EVERY = 300  # seconds: one write of the session in five minutes, not one a request
OPEN_WITH_OLD_PASSWORD = {"account_change_password", "account_logout"}
log = logging.getLogger(__name__)


def _leave_when_idle(request: HttpRequest) -> None:
    """Sign out a session nobody used for `SESSION_IDLE_SECONDS`; note at times that it is used."""
    if not request.user.is_authenticated:
        return
    now = int(time.time())
    seen = request.session.get(SEEN_IN_SESSION, now - NOTE_EVERY)
    if now - seen > settings.SESSION_IDLE_SECONDS:
        logout(request)
    elif now - seen >= NOTE_EVERY or seen > now:
        request.session[SEEN_IN_SESSION] = now


def _may_be_opened_first(request: HttpRequest) -> bool:
    """Whether the address is open to somebody who still has a one-time password."""
    match = request.resolver_match
    return match is not None and match.url_name in OPEN_WITH_OLD_PASSWORD


class ActorAndAccess:
    """Private by default."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _leave_when_idle(request)
        user = request.user
        actor = actor_for(user, request.session.get(GRANT_IN_SESSION, "")) if isinstance(user, User) else None
        request.actor = actor  # type: ignore[attr-defined]  # StaffRequest
        return self.answer(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Refuse what the view's rule does not open; a view without a rule does not exist."""
        roles = roles_that_open(view)
        if roles is None:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
        if request.user.must_change_password and not _may_be_opened_first(request):
            return HttpResponseRedirect(reverse("account_change_password"))
        if not roles:
            log.error("view without an access rule: %s", getattr(view, "__name__", view))
            raise Http404
        actor = request.actor  # type: ignore[attr-defined]  # set above
        if actor is None:
            return HttpResponseRedirect(reverse("accounts:no_role"))
        if actor.role_code not in roles:
            raise PermissionDenied(_("Questa pagina non fa parte del tuo ruolo."))
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Show the reason of a refused permission."""
        if isinstance(error, NotAllowed):
            raise PermissionDenied(str(error)) from error
        return None
