"""The suite's own promises: no network, a clock that stops, undefined variables that fail, tests that can."""

import ast
import re
import socket
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.template import Context, Engine, Origin, Template
from django.utils import timezone

from tests.conftest import NetworkUsed
from tests.rules.repository import ROOT, files, name, text
from tests.template_variables import UndefinedVariable

TESTS = [
    path for path in files(".py") if path.is_relative_to(ROOT / "tests") and path.name.startswith("test_")
]
CHECKS = re.compile(r"assert|check|django_assert|expect$|raises$|fail$|axe$")


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

        assert visitor.getpeername() == server.getsockname()


def test_clock_stops_on_the_day(clock: Callable[[str], date]) -> None:
    clock("2026-03-29")

    assert timezone.localdate() == date(2026, 3, 29)


def test_today_is_a_monday(today: date) -> None:
    assert today.weekday() == 0
    assert timezone.localdate() == today


def render(template: str) -> str:
    engine = Engine(string_if_invalid=UndefinedVariable())
    return Template("{{ missing }}", origin=Origin(template), engine=engine).render(Context({}))


def test_undefined_variable_in_our_template_fails() -> None:
    with pytest.raises(pytest.fail.Exception, match="missing"):
        render("/somewhere/src/ali/templates/page.html")


def test_undefined_variable_in_a_library_is_let_be() -> None:
    assert render("/somewhere/site-packages/allauth/page.html") == ""


def can_fail(test: ast.FunctionDef) -> bool:
    """Whether a test asserts, expects an exception, or calls something whose name says that it checks."""
    called = [node.func for node in ast.walk(test) if isinstance(node, ast.Call)]
    names = {one.attr if isinstance(one, ast.Attribute) else getattr(one, "id", "") for one in called}
    return any(isinstance(node, ast.Assert) for node in ast.walk(test)) or any(
        CHECKS.match(name) for name in names
    )


@pytest.mark.parametrize("path", TESTS, ids=name)
def test_every_test_can_fail(path: Path) -> None:
    found = [node for node in ast.walk(ast.parse(text(path))) if isinstance(node, ast.FunctionDef)]

    assert [one.name for one in found if one.name.startswith("test_") and not can_fail(one)] == []


def test_test_that_proves_nothing_is_noticed() -> None:
    (empty,) = ast.parse("def test_nothing():\n    str(1)").body

    assert isinstance(empty, ast.FunctionDef)
    assert not can_fail(empty)
