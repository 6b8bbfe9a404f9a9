"""Writing many rows at once, and the moments that go with days."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TypeVar

from django.db import models
from django.utils import timezone

BATCH = 1000
Row = TypeVar("Row", bound=models.Model)


def write(rows: Sequence[Row]) -> Sequence[Row]:
    """Insert `rows` (all of one model) and return them with their keys."""
    if not rows:
        return rows
    return type(rows[0])._default_manager.bulk_create(rows, batch_size=BATCH)


def morning_of(day: date) -> datetime:
    """The moment at which something that happened on `day` is said to have been written."""
    return timezone.make_aware(datetime.combine(day, time(9, 30)))
