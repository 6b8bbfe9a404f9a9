"""News that travels upwards by registration: what a fund answered to a call."""

from collections.abc import Callable
from datetime import date
from typing import Any

Listener = Callable[[Any, date], None]  # Any: a FundCall, whose module imports this one's neighbours
_listeners: list[Listener] = []


def when_call_is_decided(listener: Listener) -> None:
    """Let an app hear that a fund paid or refused a call (`FundCall`), in the transaction in which it happened."""
    _listeners.append(listener)


def tell_decided(call: Any, today: date) -> None:  # Any: a FundCall
    """Tell the listeners."""
    for listener in _listeners:
        listener(call, today)
