"""Deadlines as the board shows them: how many days are left, whose, and the page that each opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import NoReverseMatch, reverse

from ali.accounts.actors import Actor
from ali.deadlines.models import Deadline
from ali.people.models import Person


@dataclass(frozen=True)
class DueRow:
    """One line of the board."""

    deadline: Deadline
    days_left: int
    address: str
    person: Person | None


def _address(deadline: Deadline) -> str:
    if not deadline.url_name:
        return ""
    try:
        return reverse(deadline.url_name, args=[deadline.url_id] if deadline.url_id else [])
    except NoReverseMatch:
        return ""


def due_rows(actor: Actor, deadlines: Sequence[Deadline], today: date) -> list[DueRow]:
    """Return the lines of the board. A deadline of a person whom the actor no longer sees is left out. One query."""
    wanted = [one.person for one in deadlines if one.person]
    persons = {
        person.public_id: person
        for person in Person.objects.visible_to(actor, today).filter(public_id__in=wanted)
    }
    return [
        DueRow(one, (one.due_on - today).days, _address(one), persons.get(one.person) if one.person else None)
        for one in deadlines
        if one.person is None or one.person in persons
    ]
