"""The words of a contract, folded for searching without losing where they stood."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

UNPUBLISHED: Final = "OGGETTO NON PUBBLICABILE"
_SIGNS: Final = {"’": "'", "‘": "'", "`": "'", "´": "'", "–": "-", "—": "-", "“": '"', "”": '"', "\xa0": " "}


@dataclass(frozen=True, slots=True)
class Words:
    """A text as written and its upper-case, accent-free twin of the same length."""

    raw: str
    folded: str

    @classmethod
    def of(cls, text: str) -> "Words":
        """The words of a cell: one line, one space, one kind of apostrophe."""
        raw = " ".join(unicodedata.normalize("NFC", text).split())
        raw = re.sub(r"(?<=\b[A-Za-z])\?(?=[A-Za-zÀ-ù])|(?<=[a-zA-Z]{2}LL)\?(?=[A-Za-z])", "'", raw)
        return cls(raw, "".join(_folded(character) for character in raw))

    def at(self, start: int, end: int) -> str:
        """The words as written between two places."""
        return self.raw[start:end].strip(" -,;:.")

    @property
    def is_published(self) -> bool:
        """Whether the source let the text be read at all."""
        return bool(self.folded) and not self.folded.startswith(UNPUBLISHED)


def _folded(character: str) -> str:
    character = _SIGNS.get(character, character)
    base = unicodedata.normalize("NFD", character)[0].upper()
    return base if len(base) == 1 else character


@dataclass(frozen=True, slots=True)
class Found:
    """Something read in the text: how sure we are, from which words, and what to say about it."""

    confidence: float
    evidence: str
