"""Every verb that the code writes into the log has its Italian words."""

import ast
from pathlib import Path

import pytest

from ali.audit.verbs import VERBS, in_words

SOURCE = Path(__file__).resolve().parents[2] / "src" / "ali"
RECORDERS = {"record", "record_read"}


def verbs_in(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or len(node.args) < 2:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        verb = node.args[1]
        if name in RECORDERS and isinstance(verb, ast.Constant) and isinstance(verb.value, str):
            found.add(verb.value)
    return found


def test_every_verb_has_words() -> None:
    missing = {
        verb: path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        for verb in verbs_in(path)
        if verb not in VERBS
    }

    assert missing == {}, "aggiungi le parole in src/ali/audit/verbs.py"


@pytest.mark.parametrize("verb", VERBS)
def test_words_are_not_the_verb_itself(verb: str) -> None:
    assert in_words(verb) != verb


def test_unknown_verb_is_still_readable() -> None:
    assert in_words("something_new") == "something new"
