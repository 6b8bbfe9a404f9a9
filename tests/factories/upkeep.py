from datetime import date
from typing import Any

from ali.accounts.actors import Actor
from ali.accounts.models import User
from ali.core import clock
from ali.housing.models import Bed, Dwelling
from ali.organisations.models import Organisation
from ali.people.models import Person
from ali.people.states import Capacity
from ali.upkeep.models import Mediation, Ticket, Visit
from ali.upkeep.services import Conflict, TicketFacts, VisitPlan, open_mediation, open_ticket, plan_visit
from tests.factories.housing import OccupancyFactory
from tests.factories.people import PersonFactory, follow
from tests.housing.url_examples import home_for


def ticket_for(actor: Actor, day: date | None = None, **facts: Any) -> Ticket:
    """A ticket that the actor opened in a home of its body; `home` when it is there already."""
    home = facts.pop("home", None) or home_for(actor)
    said = {"category": "plumbing", "urgency": "normal", "title": "Perde il rubinetto", **facts}
    return open_ticket(
        actor=actor, home=home, facts=TicketFacts(**said), now=clock.now(), today=day or clock.today()
    )


def tenant_in(home: Dwelling, **person: Any) -> Person:
    """Somebody who lives in a home, and whom the body that keeps it knows as its tenant."""
    made: Person = PersonFactory(**person)
    follow(made, Organisation.objects.get(pk=home.manager_id), Capacity.TENANCY)
    bed = Bed.objects.filter(room__dwelling=home, occupancies__isnull=True).order_by("pk")[0]
    OccupancyFactory(bed=bed, person=made, starts_on=date(2026, 1, 1))
    return made


def visit_for(actor: Actor, **plan: Any) -> Visit:
    """A visit that the actor has planned for today in a home of its body, about who lives there."""
    home = plan.pop("home", None) or home_for(actor)
    persons = plan.pop("persons", None)
    facts = {
        "visitor": User.objects.get(pk=actor.user_id),
        "planned_on": clock.today(),
        "persons": [tenant_in(home)] if persons is None else persons,
        **plan,
    }
    return plan_visit(actor=actor, home=home, plan=VisitPlan(**facts), today=clock.today())


def mediation_for(actor: Actor, **conflict: Any) -> Mediation:
    """A mediation that the actor opened in a home of its body, between two who live there."""
    home = conflict.pop("home", None) or home_for(actor)
    persons = conflict.pop("persons", None)
    facts = {
        "topic": "cleaning",
        "text": "Non si mettono d'accordo sui turni",
        "persons": [tenant_in(home), tenant_in(home)] if persons is None else persons,
        **conflict,
    }
    return open_mediation(
        actor=actor, home=home, conflict=Conflict(**facts), now=clock.now(), today=clock.today()
    )
