"""What the page of a home shows of the contract by which its body holds it."""

from datetime import date

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.agreements.board import end_warning_on
from ali.agreements.models import Agreement
from ali.housing.models import Dwelling
from ali.housing.panels import Panel, Values


def _agreement(actor: Actor, home: Dwelling, today: date) -> Values | None:
    if not actor.may(Permission.SEE_AGREEMENTS) or home.manager_id != actor.organisation_id:
        return None
    found = list(
        Agreement.objects.visible_to(actor)
        .open()
        .covering(home)
        .select_related("building__municipality")
        .order_by("-starts_on", "-pk")
    )
    lines = [(one, _ends_soon(one, today)) for one in found]
    return {"agreements": lines, "home": home, "may_add": actor.may(Permission.EDIT_AGREEMENTS)}


def _ends_soon(agreement: Agreement, today: date) -> bool:
    warned_on = end_warning_on(agreement, today) if agreement.is_binding else None
    return warned_on is not None and today >= warned_on


AGREEMENT_PANEL = Panel("agreements/_home_panel.html", _agreement)
