"""The words of the papers of a tenancy: Italian, and a courtesy translation that nobody has reviewed until it says who did."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ali.allocation.paper import PaperLanguage

TEXTS = Path(__file__).parent / "paper_texts"
BASE = "it"


@cache
def languages() -> Mapping[str, PaperLanguage]:
    """Return every language of the papers by code, Italian among them."""
    found = {}
    for path in sorted(TEXTS.glob("*.json")):
        read = json.loads(path.read_text(encoding="utf-8"))
        found[path.stem] = PaperLanguage(
            code=path.stem,
            iso=read["language"],
            name=read["name"],
            direction=read["direction"],
            reviewed_by=read["reviewed_by"],
            texts=read["texts"],
        )
    return found


def translations() -> list[PaperLanguage]:
    """Return the languages beside Italian, as they call themselves."""
    return [one for code, one in languages().items() if code != BASE]
