"""Words: folding of names and addresses, so that accents, case and order hide nobody from a search; days in a sentence."""

import re

from anyascii import anyascii
from django.utils.translation import get_language

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


def in_english() -> bool:
    """Say whether the reader has chosen English."""
    return (get_language() or "").startswith("en")


def in_text(day: str) -> str:
    """Return a day already in words as it stands in a sentence: Italian months have no capital letter, English ones do."""
    return day.lower() if get_language() == "it" else day
