"""The one place that asks what time it is. Views and tasks call it; services receive the day as an argument."""

from datetime import date, datetime

from django.utils import timezone


def today() -> date:
    """Return the day in Europe/Rome."""
    return timezone.localdate()


def now() -> datetime:
    """Return the moment, aware, in UTC."""
    return timezone.now()
