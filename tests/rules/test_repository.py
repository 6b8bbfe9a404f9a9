"""The repository speaks of the product alone and stands on nothing outside itself."""

import re
from pathlib import Path

from tests.rules.repository import ROOT, files, name, text

HERE = Path(__file__).resolve()
OUTSIDE = re.compile(
    r"\.\./shared\b"  # neighbours of the clone
    r"|(?<![\w./-])/(?:work|root|home|mnt|Users)/\w"  # somebody's machine
    r"|\b(?:pypi\.org|pythonhosted\.org|registry\.npmjs\.org|npmjs\.com|yarnpkg\.com|proxy\.golang\.org)\b"  # index hosts
)
BANNED_MODULES = {"utils.py", "helpers.py", "common.py", "misc.py"}


def test_no_file_points_outside_the_repository() -> None:
    found = [
        f"{name(path)}: {match.group()}"
        for path in files()
        if path != HERE
        for match in OUTSIDE.finditer(text(path))
    ]

    assert found == []


def test_no_module_is_named_after_nothing() -> None:
    assert [name(path) for path in files(".py") if path.name in BANNED_MODULES] == []


def test_every_app_says_what_it_owns() -> None:
    silent = [
        name(path)
        for path in sorted((ROOT / "src" / "ali").glob("*/__init__.py"))
        if holds_something(path.parent) and not re.match(r'\s*(?:#.*\n)*"""\S', text(path))
    ]

    assert silent == []


def holds_something(app: Path) -> bool:
    return any(path.name != "__init__.py" for path in app.rglob("*.py"))
