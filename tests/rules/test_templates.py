"""Templates obey the content security policy and leave escaping to Django."""

import re

import pytest

from tests.rules.repository import ROOT, files, name, text

PAGES = [path for path in files(".html") if path.is_relative_to(ROOT / "src")]
RULES = {
    "inline style": re.compile(r"<style\b|[\s\"']style\s*=", re.IGNORECASE),
    "inline script": re.compile(
        r"<script\b(?![^>]*\bsrc\s*=)[^>]*>|[\s\"']on[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE
    ),
    "unescaped text": re.compile(r"\|\s*safe\b|\bautoescape\s+off\b|\|\s*safeseq\b"),
    "another host": re.compile(r"(?:src|href|action|srcset)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE),
}
MARKED_SAFE = re.compile(r"\bmark_safe\b|\b(?:SafeString|SafeText)\(")


@pytest.mark.parametrize("rule", RULES)
def test_no_template_holds(rule: str) -> None:
    found = [
        f"{name(path)}: {match.group().strip()}"
        for path in PAGES
        for match in RULES[rule].finditer(uncommented(text(path)))
    ]

    assert found == []


def test_no_code_marks_text_as_safe() -> None:
    found = [
        name(path)
        for path in files(".py")
        if path.is_relative_to(ROOT / "src") and MARKED_SAFE.search(text(path))
    ]

    assert found == []


def uncommented(page: str) -> str:
    return re.sub(r"\{#.*?#\}|\{%\s*comment\b.*?endcomment\s*%\}|<!--.*?-->", "", page, flags=re.DOTALL)
