"""What the page of a home shows of its upkeep and of who lives there, to who looks after them."""

from datetime import date

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.housing.models import Dwelling
from ali.housing.panels import Panel, Values
from ali.upkeep.models import Ticket, Visit
from ali.upkeep.queries import mediations_under_way

SHOWN = 5


def _upkeep(actor: Actor, home: Dwelling, today: date) -> Values | None:
    if not actor.may(Permission.SEE_UPKEEP) or home.manager_id != actor.organisation_id:
        return None
    tickets = list(
        Ticket.objects.visible_to(actor)
        .filter(dwelling=home)
        .not_over()
        .select_related("assigned_to")
        .order_by("due_on", "pk")[: SHOWN + 1]
    )
    return {
        "tickets": tickets[:SHOWN],
        "has_more": len(tickets) > SHOWN,
        "today": today,
        "home": home,
        "may_add": actor.may(Permission.EDIT_UPKEEP),
    }


UPKEEP_PANEL = Panel("upkeep/_home_panel.html", _upkeep)


def _care(actor: Actor, home: Dwelling, today: date) -> Values | None:
    if not actor.may(Permission.SEE_VISITS) or home.manager_id != actor.organisation_id:
        return None
    visits = Visit.objects.visible_to(actor).filter(dwelling=home).select_related("visitor")
    return {
        "next_visit": visits.planned().order_by("planned_on", "pk").first(),
        "last_visit": visits.filter(done_on__isnull=False).order_by("-done_on", "-pk").first(),
        "mediations": mediations_under_way(actor, [home.pk]).get(home.pk, 0),
        "home": home,
        "may_add": actor.may(Permission.EDIT_VISITS),
    }


CARE_PANEL = Panel("upkeep/_home_care.html", _care)
