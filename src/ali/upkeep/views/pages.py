"""What the pages of tickets, visits and mediations share: the tabs, the home they are about."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from ali.accounts.actors import Actor, StaffRequest
from ali.housing.models import Dwelling
from ali.upkeep.forms import HomeChoiceForm
from ali.upkeep.queries import own_homes


def breadcrumb(section: str, label: str, last: str = "") -> list[dict[str, str]]:
    """Return the way back to a list, and where we are."""
    if not last:
        return [{"label": label, "url": ""}]
    return [{"label": label, "url": reverse(section)}, {"label": last, "url": ""}]


def home_or_404(actor: Actor, public_id: UUID | str) -> Dwelling:
    """Return a home that the actor's body keeps."""
    try:
        wanted = UUID(str(public_id))
    except ValueError as wrong:
        raise Http404 from wrong
    home: Dwelling = get_object_or_404(own_homes(actor), public_id=wanted)
    return home


def home_asked(request: StaffRequest) -> tuple[Dwelling | None, HomeChoiceForm]:
    """Return the home in the address, or the form that asks for it."""
    if not request.GET.get("casa"):
        return None, HomeChoiceForm(actor=request.actor)
    return home_or_404(request.actor, request.GET["casa"]), HomeChoiceForm(actor=request.actor)


def tabs(current: str) -> list[dict[str, Any]]:  # Any: values of a component
    """Return the three lists of this part of the product."""
    lists = [
        ("upkeep:ticket_list", _("Manutenzioni"), "it-tool"),
        ("upkeep:visit_list", _("Visite"), "ali-home"),
        ("upkeep:mediation_list", _("Mediazioni"), "ali-speech"),
    ]
    return [
        {"label": label, "href": reverse(name), "current": name == current, "icon": icon, "count": None}
        for name, label, icon in lists
    ]
