"""Folding of names and addresses, so that accents, scripts, case and order do not hide anybody from a search."""

import re

from anyascii import anyascii

_NOT_WORD = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """Return `text` in plain lower-case ASCII words separated by single spaces."""
    return _NOT_WORD.sub(" ", anyascii(text).lower()).strip()


def search_key(*texts: str) -> str:
    """Return every folded word of `texts`, once, each preceded by a space: ` ahmed  ali ` finds by `contains`."""
    words = dict.fromkeys(word for text in texts for word in fold(text).split())
    return "".join(f" {word}" for word in words)


def compact(text: str) -> str:
    """Return only the letters and digits of `text`, upper case: the comparable form of an identifier."""
    return fold(text).replace(" ", "").upper()
