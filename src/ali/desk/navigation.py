"""The main menu of each role: the pages it opens, in the order of a working day."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission as P


@dataclass(frozen=True)
class Item:
    """A page of the menu, for roles that hold one of `permissions`; empty for everybody."""

    name: str
    label: str | Promise
    icon: str
    permissions: frozenset[P] = frozenset()

    def opens_for(self, actor: Actor) -> bool:
        return not self.permissions or any(actor.may(permission) for permission in self.permissions)


def _item(name: str, label: str | Promise, icon: str, *permissions: P) -> Item:
    return Item(name, label, icon, frozenset(permissions))


MENU = (
    _item("desk:home", _("Oggi"), "it-calendar"),
    _item("desk:exit_list", _("Chi esce"), "ali-door", P.SET_SOLUTIONS),
    _item("allocation:round_list", _("Abbinamenti"), "it-exchange-circle", P.RUN_ROUNDS),
    _item("allocation:proposal_list", _("Proposte"), "it-check-circle", P.SEE_PROPOSALS),
    _item("housing:home_list", _("Case"), "ali-home", P.SEE_HOMES),
    _item("tenancies:tenancy_list", _("Affitti"), "it-key", P.SEE_TENANCIES),
    _item("rents:account_list", _("Canoni"), "ali-euro", P.SEE_RENTS),
    _item("upkeep:ticket_list", _("Manutenzioni"), "it-tool", P.SEE_UPKEEP),
    _item("reception:centre_list", _("Centri"), "ali-bed", P.SEE_CENTRES),
    _item("desk:deadline_list", _("Scadenze"), "it-clock", P.SEE_DEADLINES),
    _item("imports:run_list", _("Importa"), "it-upload", P.IMPORT),
    _item("organisations:user_list", _("Utenti"), "it-user", P.MANAGE_USERS),
    _item("log:event_list", _("Registro"), "it-lock", P.SEE_AUDIT),
    _item("organisations:organisation_list", _("Rete"), "ali-people"),
    _item("rules:rule_list", _("Regole"), "it-file"),
)

# What a search finds: people and homes.
SEARCHED = frozenset({P.SEE_PEOPLE, P.SEE_HOMES})


def offers_search(request: HttpRequest) -> bool:
    """Say whether the request's actor has anything to search."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # StaffRequest
    return any(actor.may(permission) for permission in SEARCHED)


def navigation_for(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the menu of the request's actor, the present page marked."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # StaffRequest
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [
        {"label": item.label, "url": reverse(item.name), "icon": item.icon, "current": item.name == here}
        for item in MENU
        if item.opens_for(actor)
    ]
