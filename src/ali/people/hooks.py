"""News that travels upwards: the apps above register here in their `AppConfig.ready`, people calls them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from ali.accounts.actors import Actor
from ali.core.decisions import type_text
from ali.people.models import Person

# Given person ids and the day: write again what falls due for them (permits, exits, jobs).
ClockWriter = Callable[[Collection[int], date], None]
# Given a person who has just become reserved (True) or open again (False), and the day.
ReserveListener = Callable[[Person, bool, date], None]


@dataclass(frozen=True)
class NextStep:
    """What an app above offers right after a file is opened, as «ammetti in un centro»."""

    code: str
    label: type_text
    is_for: Callable[[Actor], bool]
    address: Callable[[Person], str]


_clock_writers: list[ClockWriter] = []
_reserve_listeners: list[ReserveListener] = []
_next_steps: dict[str, NextStep] = {}


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


def offer_next_step(step: NextStep) -> None:
    """Let an app offer a step beside «apri la scheda»; the same code again replaces it."""
    _next_steps[step.code] = step


def next_steps(actor: Actor) -> list[NextStep]:
    """Return the steps offered to `actor`."""
    return [step for step in _next_steps.values() if step.is_for(actor)]
