"""Deadlines as the board shows them: how many days are left and the page that each opens."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import NoReverseMatch, reverse

from ali.deadlines.models import Deadline


@dataclass(frozen=True)
class DueRow:
    """One line of the board."""

    deadline: Deadline
    days_left: int
    address: str


def _address(deadline: Deadline) -> str:
    if not deadline.url_name:
        return ""
    try:
        return reverse(deadline.url_name, args=[deadline.url_id] if deadline.url_id else [])
    except NoReverseMatch:
        return ""


def due_rows(deadlines: Iterable[Deadline], today: date) -> list[DueRow]:
    """Return the lines of the board."""
    return [DueRow(one, (one.due_on - today).days, _address(one)) for one in deadlines]
