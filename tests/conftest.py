"""What every test stands on: no network, a clock in the test's hands, markers that follow from what a test asks for."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.clients import ClientAs

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server", "client_as"}
MONDAY = date(2026, 3, 2)

# The same examples on every machine, however slow it is today. HYPOTHESIS_PROFILE=search looks for new ones.
settings.register_profile(
    "suite", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("search", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as `unit` what needs neither database nor browser: `make quick` runs those."""
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        heavy = {"django_db", "journey", "postgres", "bench"} & {mark.name for mark in item.iter_markers()}
        if not heavy and not asked & DATABASE_FIXTURES:
            item.add_marker(pytest.mark.unit)


def pytest_unconfigure() -> None:
    """Remove this process's data folder."""
    folder = os.environ.get("ALI_DATA_DIR")
    if folder and Path(folder).name == str(os.getpid()):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Connections leave this machine from no test: 127.0.0.1 and Unix sockets only."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _only_here(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", _only_local_names(socket.getaddrinfo))
        yield


class NetworkUsed(AssertionError):
    """A test tried to reach another machine."""


def _only_here(connect: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_here(address[0]):
            raise NetworkUsed(f"Nessuna rete nelle prove: {address[0]}")
        return connect(self, address)

    return guarded


def _only_local_names(resolve: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(host: Any, *rest: Any, **named: Any) -> Any:
        if host and not _is_here(host):
            raise NetworkUsed(f"Nessuna rete nelle prove: {host}")
        return resolve(host, *rest, **named)

    return guarded


def _is_here(host: str | bytes) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Between tests tables are emptied; on SQLite the triggers that guard posted movements would refuse, so they rest."""
    from django.db import connection

    operations_class = type(connection.ops)
    flush = operations_class.execute_sql_flush

    def flush_unguarded(operations: Any, statements: list[str]) -> None:
        with operations.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
        flush(operations, statements)
        with operations.connection.cursor() as cursor:
            for _name, sql in triggers:
                cursor.execute(sql)

    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "sqlite":
            patch.setattr(operations_class, "execute_sql_flush", flush_unguarded)
        yield


@pytest.fixture
def clock() -> Iterator[Callable[[date | str], date]]:
    """Stop the clock at noon in Rome of a day: `clock("2026-03-29")`. It runs again after the test."""
    stopped: list[time_machine.Traveller] = []

    def stop(day: date | str) -> date:
        wanted = date.fromisoformat(day) if isinstance(day, str) else day
        traveller = time_machine.travel(f"{wanted.isoformat()}T11:00:00+00:00", tick=False)
        traveller.start()
        stopped.append(traveller)
        return wanted

    yield stop
    for traveller in reversed(stopped):
        traveller.stop()


@pytest.fixture
def today(clock: Callable[[date | str], date]) -> date:
    """An ordinary Monday, with the clock stopped on it."""
    return clock(MONDAY)


@pytest.fixture
def client_as(db: None) -> "ClientAs":
    """Sign in with a role: `client_as("prefecture_officer")`. The client also has `.actor` and `.user`."""
    from tests.clients import client_as  # Django is ready only now

    return client_as
