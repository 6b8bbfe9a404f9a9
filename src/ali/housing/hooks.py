"""News that travels upwards by registration: a bed that a proposal counts on will be free later than said."""

from collections.abc import Callable, Collection
from datetime import date

DateSlipped = Callable[[Collection[int], date], None]
_listeners: list[DateSlipped] = []


def when_date_slips(listener: DateSlipped) -> None:
    """Let an app hear of held beds (their ids) whose free day moved to later; called in the transaction of the change."""
    _listeners.append(listener)


def tell_slipped(bed_ids: Collection[int], today: date) -> None:
    """Tell the listeners."""
    for listener in _listeners:
        listener(bed_ids, today)
