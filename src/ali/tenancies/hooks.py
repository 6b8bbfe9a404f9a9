"""News that travels upwards by registration: a tenancy begins, changes its shares, ends."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Any


class News(StrEnum):
    """What happened to a tenancy, in the transaction in which it happened."""

    MOVED_IN = "moved_in"
    SHARES_CHANGED = "shares_changed"
    EXTENDED = "extended"
    ENDED = "ended"
    DEPOSIT_RETURNED = "deposit_returned"


Listener = Callable[[News, Any, date], None]  # Any: a Tenancy, whose module imports this one's neighbours
_listeners: list[Listener] = []


def when_tenancy_changes(listener: Listener) -> None:
    """Let an app hear of tenancies: it is given the news, the tenancy and the day."""
    _listeners.append(listener)


def tell(news: News, tenancy: Any, today: date) -> None:  # Any: a Tenancy
    """Tell the listeners."""
    for listener in _listeners:
        listener(news, tenancy, today)
