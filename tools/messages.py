"""Translation catalogues without GNU gettext: extract, merge, compile and check, with polib alone.

    tools/messages.py update    extracts every marked string, keeps the translations, compiles
    tools/messages.py check     fails when a string is missing, empty, fuzzy, broken or not compiled

Italian is the source language. Entries carry file names without line numbers, so that two people rarely conflict.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "ali"
LANGUAGES = ("en",)
METADATA = {
    "Project-Id-Version": "ali",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
# Function name -> which arguments are context, singular and plural.
MARKERS = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
    "marked": (None, 0, None),
}
STRING = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
IN_TEMPLATE = re.compile(
    rf"\b(_|gettext|ngettext|pgettext|npgettext)\(\s*{STRING}(?:\s*,\s*{STRING})?(?:\s*,\s*{STRING})?"
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@dataclass(frozen=True, order=True)
class Message:
    """What a translator sees: the same singular in another context is another message."""

    singular: str
    context: str = ""
    plural: str = ""


Found = dict[Message, set[str]]


def extract() -> Found:
    """Every marked string of the package, with the files that hold it."""
    found: Found = defaultdict(set)
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"), *SOURCE.rglob("*.txt")]):
        if "migrations" in path.parts or "vendor" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        messages = from_python(text, path) if path.suffix == ".py" else from_template(text)
        for message in messages:
            found[message].add(path.relative_to(ROOT).as_posix())
    return found


def from_python(text: str, path: Path) -> Iterator[Message]:
    tree = ast.parse(text, filename=str(path))
    renamed = renamed_markers(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        name = renamed.get(name, name)
        if name in MARKERS:
            texts = [part.value if isinstance(part, ast.Constant) else None for part in node.args]
            message = pick(name, texts)
            if message:
                yield message


def renamed_markers(tree: ast.AST) -> dict[str, str]:
    """Our own names for markers: `from … import gettext_lazy as _lazy` gives {"_lazy": "gettext_lazy"}."""
    return {
        alias.asname: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname and alias.name in MARKERS
    }


def from_template(text: str) -> Iterator[Message]:
    """Django turns a template into text that looks like function calls; read those."""
    for call in IN_TEMPLATE.finditer(templatize(text)):
        texts = [ast.literal_eval(part) if part else None for part in call.groups()[1:]]
        message = pick(call.group(1), texts)
        if message:
            yield message


def pick(name: str, texts: list[object]) -> Message | None:
    """The message of one call, or None when its text is not written there."""

    def at(index: int | None) -> str:
        value = texts[index] if index is not None and index < len(texts) else ""
        return value if isinstance(value, str) else ""

    context, singular, plural = MARKERS[name]
    return Message(at(singular), at(context), at(plural)) if at(singular) else None


def catalogue_path(language: str) -> Path:
    return SOURCE / "locale" / language / "LC_MESSAGES" / "django.po"


def key(entry: polib.POEntry) -> Message:
    return Message(entry.msgid, entry.msgctxt or "", entry.msgid_plural or "")


def update(language: str) -> None:
    """Rewrite one catalogue: new strings empty, vanished strings gone, the rest kept."""
    path = catalogue_path(language)
    known = {key(entry): entry for entry in polib.pofile(str(path))} if path.exists() else {}
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = dict(METADATA, Language=language)
    for message, files in sorted(extract().items()):
        old = known.get(message)
        catalogue.append(
            polib.POEntry(
                msgid=message.singular,
                msgctxt=message.context or None,
                msgid_plural=message.plural,
                msgstr=old.msgstr if old else "",
                msgstr_plural=plurals(message, old),
                occurrences=[(name, "") for name in sorted(files)],
                flags=format_flags(message),
                tcomment=old.tcomment if old else "",
            )
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    catalogue.save_as_mofile(str(path.with_suffix(".mo")))
    left = len([entry for entry in catalogue if not entry.translated()])
    print(f"{language}: {len(catalogue)} testi, {left} da tradurre")


def plurals(message: Message, old: polib.POEntry | None) -> dict[int, str]:
    if not message.plural:
        return {}
    return dict(old.msgstr_plural) if old and old.msgstr_plural else {0: "", 1: ""}


def format_flags(message: Message) -> list[str]:
    return ["python-format"] if re.search(r"%\(\w+\)[sd]|%[sd]", message.singular) else []


def problems(language: str) -> Iterator[str]:
    """Each thing a translator or a committer has left to do, as one line."""
    path, wanted = catalogue_path(language), extract()
    if not path.exists():
        if wanted:
            yield f"{path.relative_to(ROOT)} non c'è"
        return
    catalogue = polib.pofile(str(path))
    entries = {key(entry): entry for entry in catalogue}
    for message in sorted(wanted.keys() - entries.keys()):
        yield f"manca nel catalogo: «{message.singular}» ({', '.join(sorted(wanted[message]))})"
    for message in sorted(entries.keys() - wanted.keys()):
        yield f"non è più nel codice: «{message.singular}»"
    for entry in catalogue:
        yield from entry_problems(entry)
    yield from compiled_problems(path, catalogue)


def entry_problems(entry: polib.POEntry) -> Iterator[str]:
    if "fuzzy" in entry.flags:
        yield f"traduzione incerta (fuzzy): «{entry.msgid}»"
    elif not entry.translated():
        yield f"senza traduzione: «{entry.msgid}»"
    elif not entry.msgid_plural and sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(
        PLACEHOLDER.findall(entry.msgstr)
    ):
        yield f"segnaposto diversi: «{entry.msgid}» → «{entry.msgstr}»"


def compiled_problems(path: Path, catalogue: polib.POFile) -> Iterator[str]:
    compiled = path.with_suffix(".mo")
    if not compiled.exists():
        yield f"{compiled.relative_to(ROOT)} non c'è"
    elif says(polib.mofile(str(compiled))) != says([entry for entry in catalogue if entry.translated()]):
        yield f"{compiled.relative_to(ROOT)} non corrisponde al catalogo"


def says(entries: list[polib.POEntry]) -> dict[Message, object]:
    return {key(entry): entry.msgstr_plural or entry.msgstr for entry in entries}


def main(action: str) -> int:
    settings.configure(USE_I18N=False)
    if action == "update":
        for language in LANGUAGES:
            update(language)
        return 0
    found = [f"{language}: {line}" for language in LANGUAGES for line in problems(language)]
    for line in found[:40]:
        print(line)
    if found:
        print(f"{len(found)} testi da sistemare. Rimedio: make messages, tradurre, make messages.")
    return 1 if found else 0


if __name__ == "__main__":
    if sys.argv[1:] not in (["update"], ["check"]):
        sys.exit("Uso: tools/messages.py update|check")
    sys.exit(main(sys.argv[1]))
