"""From when a bed is free: after the last who sleeps there, and not before the home is ready."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class End:
    """How an occupancy ends. `on` None: nobody knows."""

    on: date | None
    is_sure: bool


@dataclass(frozen=True)
class Freedom:
    """From when a bed is free, and whether that day is sure. `on` None: nobody knows."""

    on: date | None
    is_sure: bool


def freedom(ends: Iterable[End], *, ready_on: date | None, is_ready_sure: bool) -> Freedom:
    """Return from when a bed is free, given how every stay in it ends and when the home is ready."""
    all_ends = list(ends)
    days = [end.on for end in all_ends if end.on is not None]
    if ready_on is None or len(days) < len(all_ends):
        return Freedom(None, is_sure=True)
    last = max([ready_on, *days])
    deciding = [end.is_sure for end in all_ends if end.on == last]
    if ready_on == last:
        deciding.append(is_ready_sure)
    return Freedom(last, is_sure=all(deciding))
