"""What a home's page shows from here: whose it is, where it came from, what the market would ask for it."""

from datetime import date
from typing import Any

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.housing.models import Bed, Dwelling
from ali.housing.permissions import may_describe_home
from ali.scouting.models import Lead
from ali.scouting.queries import market_rent, owners_of


def home_panel(
    actor: Actor, home: Dwelling, today: date
) -> dict[str, Any] | None:  # Any: values of a template
    """Return the values of the panel. Owners only for the body that keeps them."""
    may_owners = actor.may(Permission.SEE_OWNERS) and home.manager_id == actor.organisation_id
    beds = Bed.objects.in_use().filter(room__dwelling=home).count()
    market = market_rent(home, beds)
    if not may_owners and market is None:
        return None
    return {
        "home": home,
        "may_owners": may_owners,
        "may_edit": bool(may_describe_home(actor, home)) and may_owners,
        "owners": owners_of(home, home.manager_id, today) if may_owners else [],
        "lead": Lead.objects.visible_to(actor, today).filter(dwelling=home).first() if may_owners else None,
        "market": market,
    }
