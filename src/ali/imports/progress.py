"""How far a long import is, and whether somebody asked to stop it: kept outside the transaction that applies it."""

import time
from dataclasses import dataclass
from uuid import UUID

from django.core.cache import cache

KEPT_SECONDS = 3600
SILENT_SECONDS = 90


class ImportStopped(Exception):
    """Somebody asked to stop while the import was being applied."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many rows are done of how many, and whether the worker still gives signs of life."""

    done: int
    total: int
    is_alive: bool

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0


class Ticker:
    """Called with the number of rows done: writes it down now and then, and raises when asked to stop."""

    def __init__(self, run: UUID, total: int) -> None:
        self.run, self.total, self.last = run, total, 0.0
        cache.delete(_stop(run))
        self._write(0)

    def __call__(self, done: int) -> None:
        now = time.monotonic()
        if now - self.last < 0.5:
            return
        self.last = now
        if cache.get(_stop(self.run)):
            raise ImportStopped
        self._write(done)

    def _write(self, done: int) -> None:
        cache.set(_key(self.run), (done, self.total, time.time()), KEPT_SECONDS)


def progress_of(run: UUID) -> Progress:
    """Return how far a run is."""
    done, total, at = cache.get(_key(run)) or (0, 0, 0.0)
    return Progress(done, total, is_alive=time.time() - at < SILENT_SECONDS)


def ask_to_stop(run: UUID) -> None:
    """Ask the worker to stop at the next row."""
    cache.set(_stop(run), True, KEPT_SECONDS)


def _key(run: UUID) -> str:
    return f"imports:progress:{run}"


def _stop(run: UUID) -> str:
    return f"imports:stop:{run}"
