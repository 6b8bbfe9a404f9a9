"""News that travels upwards: the apps above register here in their `AppConfig.ready`, people calls them."""

from collections.abc import Callable, Collection
from datetime import date

from ali.people.models import Person

# Given person ids and the day: write again what falls due for them (permits, exits, jobs).
ClockWriter = Callable[[Collection[int], date], None]
# Given a person who has just become reserved (True) or open again (False), and the day.
ReserveListener = Callable[[Person, bool, date], None]

_clock_writers: list[ClockWriter] = []
_reserve_listeners: list[ReserveListener] = []


def provide_clock(writer: ClockWriter) -> None:
    """Let an app write its deadlines of a person whenever dates, or who follows the person, change."""
    if writer not in _clock_writers:
        _clock_writers.append(writer)


def restart_clocks(person_ids: Collection[int], *, today: date) -> None:
    """Let every app write again the deadlines of these persons."""
    for writer in _clock_writers:
        writer(person_ids, today)


def when_reserved(listener: ReserveListener) -> None:
    """Let an app take a reserved person out of its counts."""
    if listener not in _reserve_listeners:
        _reserve_listeners.append(listener)


def tell_reserved(person: Person, is_reserved: bool, *, today: date) -> None:
    for listener in _reserve_listeners:
        listener(person, is_reserved, today)
