from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from ali.accounts.access import public, signed_in
from ali.accounts.actors import StaffRequest
from ali.accounts.middleware import GRANT_IN_SESSION
from ali.core.pages import page


@signed_in
@require_POST
def switch_role(request: StaffRequest) -> HttpResponse:
    """Act in another of one's own memberships."""
    request.session[GRANT_IN_SESSION] = request.POST.get("grant", "")
    return HttpResponseRedirect(reverse("desk:home"))


@public
def no_role(request: HttpRequest) -> HttpResponse:
    """Say that the account has no valid membership and whom to ask."""
    return page(request, "accounts/no_role.html")
