"""Are two names spellings of one? Order, accents, doubled letters and the commonest transliterations are ignored."""

import re
from collections.abc import Collection
from functools import lru_cache

from rapidfuzz.fuzz import ratio

from ali.core.text import fold

# Folded spelling habits of French, English and Arabic offices for the same sound.
_SAME_SOUND = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ou|oo|w", "u"),
        (r"kh|q|ck|c(?=[aou])|ch", "k"),
        (r"dj|gi(?=[aou])", "j"),
        (r"gh", "g"),
        (r"ph|v", "f"),
        (r"sh|sch|s(?=ch)", "s"),
        (r"th|dh", "t"),
        (r"z", "s"),
        (r"y|ie|ee|e", "i"),
        (r"o", "u"),
        (r"h", ""),
        (r"(.)\1+", r"\1"),
    )
]
CLOSE = 80.0
# Words that thousands share: they tell nobody from anybody.
_PARTICLES = frozenset(
    {"abd", "al", "ben", "bin", "bint", "da", "de", "del", "di", "el", "la", "md", "mst", "ul"}
)


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """Return how a folded word sounds, roughly."""
    for pattern, replacement in _SAME_SOUND:
        word = pattern.sub(replacement, word)
    return word


def words_of(*texts: str) -> frozenset[str]:
    """Return the folded words of names, without initials and, when something is left, without particles."""
    words = frozenset(word for text in texts for word in fold(text).split() if len(word) > 1)
    return words - _PARTICLES or words


def are_variants(given: Collection[str], known: Collection[str]) -> bool:
    """Say whether two sets of folded words may name one person; never when either is empty."""
    if not given or not known:
        return False
    if min(len(given), len(known)) == 1:
        # A person with one name only: compared with those who have one name only.
        return len(given) == len(known) == 1 and bool(_in_common(given, known))
    # Half a centre is called Mohamed, and brothers share two words of three: every word of the shorter name counts,
    # less one when there are four or more.
    shorter = min(len(given), len(known))
    return _in_common(given, known) >= (shorter if shorter < 4 else shorter - 1)


def _in_common(given: Collection[str], known: Collection[str]) -> int:
    """How many words of one side have a close word, each its own, on the other."""
    left = {sound(word): word for word in known}
    found = 0
    for word in sorted(given):
        heard = sound(word)
        best = max(left, key=lambda other: ratio(heard, other), default=None)
        if best is not None and ratio(heard, best) >= CLOSE:
            del left[best]
            found += 1
    return found
