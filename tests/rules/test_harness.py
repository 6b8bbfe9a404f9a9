"""The suite's own promises: no network, a clock that stops, undefined variables that fail."""

import socket
from collections.abc import Callable
from datetime import date

import pytest
from django.template import Context, Engine, Origin, Template
from django.utils import timezone

from tests.conftest import NetworkUsed
from tests.template_variables import UndefinedVariable


def test_another_machine_cannot_be_reached() -> None:
    with socket.socket() as attempt, pytest.raises(NetworkUsed):
        attempt.connect(("192.0.2.1", 80))


def test_names_are_not_looked_up() -> None:
    with pytest.raises(NetworkUsed):
        socket.getaddrinfo("example.org", 443)


def test_this_machine_is_reached() -> None:
    with socket.socket() as server, socket.socket() as visitor:
        server.bind(("127.0.0.1", 0))
        server.listen()

        visitor.connect(server.getsockname())


def test_clock_stops_on_the_day(clock: Callable[[str], date]) -> None:
    clock("2026-03-29")

    assert timezone.localdate() == date(2026, 3, 29)


def test_today_is_a_monday(today: date) -> None:
    assert today.weekday() == 0
    assert timezone.localdate() == today


def render(name: str) -> str:
    engine = Engine(string_if_invalid=UndefinedVariable())
    return Template("{{ missing }}", origin=Origin(name), engine=engine).render(Context({}))


def test_undefined_variable_in_our_template_fails() -> None:
    with pytest.raises(pytest.fail.Exception, match="missing"):
        render("/somewhere/src/ali/templates/page.html")


def test_undefined_variable_in_a_library_is_let_be() -> None:
    assert render("/somewhere/site-packages/allauth/page.html") == ""
