from django.http import HttpResponse

from ali.accounts.access import signed_in
from ali.accounts.actors import StaffRequest
from ali.core.pages import page


@signed_in
def home(request: StaffRequest) -> HttpResponse:
    """The day's work of the actor's role."""
    return page(request, "desk/home.html")
