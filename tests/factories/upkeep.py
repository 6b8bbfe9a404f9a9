from datetime import date
from typing import Any

from ali.accounts.actors import Actor
from ali.core import clock
from ali.upkeep.models import Ticket
from ali.upkeep.services import TicketFacts, open_ticket
from tests.housing.url_examples import home_for


def ticket_for(actor: Actor, day: date | None = None, **facts: Any) -> Ticket:
    """A ticket that the actor opened in a home of its body; `home` when it is there already."""
    home = facts.pop("home", None) or home_for(actor)
    said = {"category": "plumbing", "urgency": "normal", "title": "Perde il rubinetto", **facts}
    return open_ticket(
        actor=actor, home=home, facts=TicketFacts(**said), now=clock.now(), today=day or clock.today()
    )
