"""The sentences that ship with the product, for who reads English. Law is quoted in Italian everywhere else."""

import json
from functools import cache
from pathlib import Path

from ali.core.text import in_english

SHIPPED = Path(__file__).parent / "data" / "rules.json"


def in_reader_language(sentence: str) -> str:
    """Return a rule's sentence in English for who reads English, when it is one of ours; else as it was written."""
    return _english().get(sentence, sentence) if in_english() else sentence


@cache
def _english() -> dict[str, str]:
    rows = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return {row["sentence"]: row["sentence_en"] for row in rows if row.get("sentence_en")}
