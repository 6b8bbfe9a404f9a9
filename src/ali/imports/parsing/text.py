"""What every parser shares, and plain text."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final, Generic, TypeVar

from anyascii import anyascii

from ali.imports.findings import Finding, error, warning
from ali.imports.findings import marked as _

T = TypeVar("T")
Cell = str | date


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """The value read from a cell, or none, and what there is to say about it."""

    value: T | None = None
    findings: tuple[Finding, ...] = ()

    def about(self, field: str) -> "Parsed[T]":
        """The same, with every finding pinned to a field."""
        return Parsed(self.value, tuple(finding.about(field) for finding in self.findings))


_BLANKS: Final = frozenset(
    {
        "",
        "-",
        "--",
        "---",
        "/",
        "//",
        "///",
        ".",
        "..",
        "...",
        "?",
        "??",
        "_",
        "*",
        "n.d.",
        "n.d",
        "n/d",
        "n. d.",
    }
    | {"n.n.", "n.p.", "n.c.", "non disponibile", "non noto", "non nota", "non conosciuto", "non conosciuta"}
    | {
        "sconosciuto",
        "sconosciuta",
        "non dichiarato",
        "non dichiarata",
        "non pervenuto",
        "nessuno",
        "nessuna",
    }
)
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})
_KEPT: Final = frozenset("\u200c\u200d")  # joiners that some scripts need


def is_blank(value: Cell) -> bool:
    """Whether a cell says nothing. `NA` says something: Napoli, or Namibia."""
    return isinstance(value, str) and " ".join(value.split()).casefold() in _BLANKS


def folded(text: str) -> str:
    """Lower case, ASCII, single spaces, no punctuation: what comparisons use."""
    return " ".join(re.sub(r"[^0-9a-z]+", " ", anyascii(text).casefold().replace("'", " ")).split())


def parse_text(value: Cell, *, longest: int = 500) -> Parsed[str]:
    """Plain text on one line, without invisible characters and without HTML."""
    if is_blank(value):
        return Parsed()
    raw = value.isoformat() if isinstance(value, date) else value
    text = unicodedata.normalize("NFC", raw)
    visible = "".join(
        " " if character in "\t\r\n\u2028\u2029" else character
        for character in text
        if character in "\t\r\n\u2028\u2029"
        or character in _KEPT
        or unicodedata.category(character) not in _INVISIBLE
    )
    clean = " ".join(visible.split())
    findings: list[Finding] = []
    if len(visible) != len(text):
        findings.append(warning(_("Ci sono caratteri invisibili: sono stati tolti.")))
    if _looks_like_html(clean):
        return Parsed(None, (error(_("Ci sono dei codici HTML (per esempio <b>): scrivi il solo testo.")),))
    if len(clean) > longest:
        return Parsed(
            None,
            (
                error(
                    _("Il testo è troppo lungo: %(size)s caratteri, al massimo %(limit)s."),
                    size=len(clean),
                    limit=longest,
                ),
            ),
        )
    if mended := mended_accents(clean):
        return Parsed(
            None,
            (
                error(
                    _(
                        "Gli accenti sono rovinati («%(text)s», forse «%(mended)s»): correggi il testo nel file."
                    ),
                    text=clean,
                    mended=mended,
                ),
            ),
        )
    if "\ufffd" in clean:
        findings.append(warning(_("Un carattere si è rotto nel file di origine (�): correggilo se puoi.")))
    return Parsed(clean or None, tuple(findings))


def mended_accents(text: str) -> str:
    """What a text was before its UTF-8 was read as Windows-1252 («NiccolÃ²» for «Niccolò»); empty when it is sound."""
    if not _SPOILT.search(text):
        return ""
    try:
        return text.encode("cp1252").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return ""


# The first byte of a UTF-8 letter read as Windows-1252, before a sign that no name has there.
_SPOILT: Final = re.compile(
    "[\u00c2-\u00c5\u00d0\u00d1\u00d8-\u00db\u00e0\u00e2][\u0080-\u00bf\u0152-\u2122]"
)


def _looks_like_html(text: str) -> bool:
    return (
        re.search(r"<\s*[/!]?\s*[a-zA-Z]|&(#\d+|#x[0-9a-f]+|lt|gt|amp|quot|nbsp);", text, re.IGNORECASE)
        is not None
    )
