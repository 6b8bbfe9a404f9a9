"""Fail the test when one of our templates prints a variable that nobody gave it."""

import sys
from typing import Any

import pytest

OURS = "/ali/"


class UndefinedVariable(str):
    """Django formats this string with the missing variable's name; the template is found on the call stack."""

    __slots__ = ()

    def __new__(cls) -> "UndefinedVariable":
        return super().__new__(cls, "%s")

    def __mod__(self, variable: object) -> str:
        template = _template_being_rendered()
        if template and OURS in template:
            pytest.fail(f"Variabile non definita «{variable}» in {template}", pytrace=False)
        return ""


def _template_being_rendered() -> str:
    """The file of the innermost template that is printing."""
    frame: Any = sys._getframe(2)
    while frame is not None:
        node = frame.f_locals.get("self")
        if frame.f_code.co_name in {"render", "render_annotated"} and hasattr(node, "origin"):
            return str(getattr(node.origin, "name", ""))
        frame = frame.f_back
    return ""
