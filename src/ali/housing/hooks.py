"""News that travels upwards by registration: the free day of a bed that a proposal counts on has moved."""

from collections.abc import Callable, Collection
from datetime import date

DateMoved = Callable[[Collection[int], date], None]
_listeners: list[DateMoved] = []


def when_date_slips(listener: DateMoved) -> None:
    """Let an app hear of held beds (their ids) whose free day moved, to later, to unknown or back; called in the
    transaction of the change, whatever changed it: who leaves, or when the home is ready."""
    _listeners.append(listener)


def tell_moved(bed_ids: Collection[int], today: date) -> None:
    """Tell the listeners."""
    for listener in _listeners:
        listener(bed_ids, today)
