"""Gives each request its actor, and lets a view answer only by its access rule."""

import logging
from collections.abc import Callable
from typing import Any

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
log = logging.getLogger(__name__)


class ActorAndAccess:
    """Private by default."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
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
