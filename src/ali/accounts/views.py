from typing import Any

from allauth.account.views import LoginView
from allauth.account.views import logout as allauth_logout
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from ali.accounts.access import public, signed_in
from ali.accounts.actors import StaffRequest
from ali.accounts.middleware import GRANT_IN_SESSION
from ali.accounts.models import User
from ali.accounts.queries import demo_accounts
from ali.core.once import repeatable
from ali.core.pages import page

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class SignIn(LoginView):  # type: ignore[misc]  # allauth has no types
    """allauth's sign-in; in the demo with one button per role."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        accounts = demo_accounts() if settings.IS_DEMO else []
        return {**super().get_context_data(**kwargs), "demo_accounts": accounts}


sign_in = public(repeatable(SignIn.as_view()))


@public
@repeatable
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as an invented user, without a password. Only in a demo, only for users that are marked as invented."""
    if not settings.IS_DEMO or settings.IS_PRODUCTION:
        raise Http404
    wanted = request.POST.get("account", "")
    accounts = {one.public_id for one in demo_accounts()}
    if wanted not in accounts:
        raise Http404
    user = get_object_or_404(User, public_id=wanted, is_invented=True, is_active=True)
    login(request, user, backend=BACKEND)
    return HttpResponseRedirect(reverse("desk:home"))


@public
@repeatable
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out and ask the browser to forget what it kept."""
    response: HttpResponse = allauth_logout(request)
    if request.method == "POST":
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@signed_in
@repeatable
@require_POST
def switch_role(request: StaffRequest) -> HttpResponse:
    """Act in another of one's own memberships."""
    wanted = request.POST.get("grant", "")
    if wanted in {grant.key for grant in request.actor.other_grants}:
        request.session[GRANT_IN_SESSION] = wanted
    return HttpResponseRedirect(reverse("desk:home"))


@public
def no_role(request: HttpRequest) -> HttpResponse:
    """Say that the account has no valid membership and whom to ask."""
    return page(request, "accounts/no_role.html")
