"""The main menu of each role: the pages it opens, in the order of a working day. Pages of one area share one entry and a second row."""

from collections.abc import Iterator
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


@dataclass(frozen=True)
class Area:
    """Pages that one thinks of together: one entry of the menu, which opens the first that the role may open."""

    label: str | Promise
    icon: str
    items: tuple[Item, ...]


def _item(name: str, label: str | Promise, icon: str, *permissions: P) -> Item:
    return Item(name, label, icon, frozenset(permissions))


ABITARE = Area(
    _("Abitare"),
    "ali-home",
    (
        _item("housing:home_list", _("Case"), "ali-home", P.SEE_HOMES),
        _item("scouting:lead_list", _("Ricerca di case"), "it-search", P.SEE_LEADS),
        _item("agreements:agreement_list", _("Accordi e garanzie"), "it-file", P.SEE_AGREEMENTS),
        _item("renovation:works_list", _("Lavori"), "it-settings", P.SEE_WORKS),
        _item("tenancies:tenancy_list", _("Affitti"), "it-key", P.SEE_TENANCIES),
        _item("rents:account_list", _("Canoni"), "ali-euro", P.SEE_RENTS),
        _item("upkeep:ticket_list", _("Manutenzioni"), "it-tool", P.SEE_UPKEEP),
        _item("allocation:committee_list", _("Comitato"), "ali-people", P.SIT_IN_COMMITTEE),
        _item("portfolio:indicators", _("Patrimonio"), "it-chart-line", P.SEE_PORTFOLIO),
    ),
)

MENU: tuple[Item | Area, ...] = (
    _item("desk:home", _("Oggi"), "it-calendar"),
    _item("desk:exit_list", _("Chi esce"), "ali-door", P.SET_SOLUTIONS),
    _item("allocation:round_list", _("Abbinamenti"), "it-exchange-circle", P.RUN_ROUNDS),
    _item("allocation:proposal_list", _("Proposte"), "it-check-circle", P.SEE_PROPOSALS),
    ABITARE,
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
    """Return the menu of the request's actor, the present page marked; an area with several pages has `pages`."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # StaffRequest
    here = _present(request.resolver_match.view_name if request.resolver_match else "")
    return [entry for one in MENU for entry in _entries(one, actor, here)]


def _entries(one: Item | Area, actor: Actor, here: Item | None) -> Iterator[dict[str, Any]]:
    if isinstance(one, Item):
        if one.opens_for(actor):
            yield _entry(one, here)
        return
    pages = [_entry(item, here) for item in one.items if item.opens_for(actor)]
    if len(pages) < 2:
        yield from pages
        return
    yield {
        **pages[0],
        "label": one.label,
        "icon": one.icon,
        "current": any(page["current"] for page in pages),
        "pages": pages,
    }


def _entry(item: Item, here: Item | None) -> dict[str, Any]:
    return {"label": item.label, "url": reverse(item.name), "icon": item.icon, "current": item == here}


def _items() -> Iterator[Item]:
    for one in MENU:
        yield from one.items if isinstance(one, Area) else (one,)


def _present(view_name: str) -> Item | None:
    """Return the page of the menu that a view belongs to: itself, or that of the same noun, or the first of its app.

    The desk's own pages are as many things as it shows: only themselves.
    """
    app, _colon, name = view_name.partition(":")
    noun = name.split("_", maxsplit=1)[0]
    same_app = [item for item in _items() if item.name.startswith(f"{app}:")]
    for item in same_app:
        if item.name == view_name:
            return item
    if app == "desk":
        return None
    return next((item for item in same_app if item.name.split(":")[1].startswith(f"{noun}_")), None) or next(
        iter(same_app), None
    )
