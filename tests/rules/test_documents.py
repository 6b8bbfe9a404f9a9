"""The documents a newcomer opens first: both languages tell the same, every link leads somewhere."""

import re
from pathlib import Path

import pytest

from tests.rules.repository import ROOT, files, name, text

LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)#\s]+)(?:#[^)]*)?\)")
MUST_EXIST = [
    "LICENSE",
    "README.md",
    "README.it.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "publiccode.yml",
]


def headings(path: Path) -> list[int]:
    page = re.sub(r"```.*?```", "", text(path), flags=re.DOTALL)
    return [len(marks) for marks in re.findall(r"^(#+) ", page, re.MULTILINE)]


def commands(path: Path) -> list[str]:
    blocks = re.findall(r"```\n(.*?)```", text(path), re.DOTALL)
    return [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]


@pytest.mark.parametrize("wanted", MUST_EXIST)
def test_repository_has(wanted: str) -> None:
    assert (ROOT / wanted).is_file()


def test_both_readmes_have_the_same_headings_and_commands() -> None:
    english, italian = ROOT / "README.md", ROOT / "README.it.md"

    assert headings(english) == headings(italian)
    assert commands(english) == commands(italian)


def test_every_command_of_the_readme_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text(ROOT / "Makefile"), re.MULTILINE))

    named = set(re.findall(r"`?\bmake ([a-z-]+)", text(ROOT / "README.md") + text(ROOT / "CONTRIBUTING.md")))

    assert named - targets == set()


@pytest.mark.parametrize("page", sorted(files(".md")), ids=name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    links = [
        link for link in LINK.findall(text(page)) if "://" not in link and not link.startswith("mailto:")
    ]

    broken = [link for link in links if not (page.parent / link).exists()]

    assert broken == []
