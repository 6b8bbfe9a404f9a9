"""Who may write of a person's way: those who have the person in their care."""

from datetime import date

from ali.accounts.actors import Actor
from ali.core.decisions import Decision
from ali.people.models import Person
from ali.people.permissions import may_edit_person


def may_edit_pathway(actor: Actor, person: Person, day: date) -> Decision:
    """The same bodies that may edit the person's file."""
    return may_edit_person(actor, person)
