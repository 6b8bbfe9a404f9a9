"""The reminder that a person sends by hand: a kind text in the language of who owes, and in Italian beside it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ali.core.money import show_euros
from ali.people.models import SpokenLanguage
from ali.rents.models import Account, Movement

ITALIAN = "ita"
TWO_LETTERS = {
    "ita": "it",
    "eng": "en",
    "fra": "fr",
    "spa": "es",
    "ara": "ar",
    "ukr": "uk",
    "urd": "ur",
    "ben": "bn",
}
RIGHT_TO_LEFT = frozenset({"ara", "urd"})


@dataclass(frozen=True)
class Reminder:
    """A text to copy into a message."""

    language: str
    text: str
    is_reviewed: bool

    @property
    def html_language(self) -> str:
        """The two-letter code that pages use."""
        return TWO_LETTERS[self.language]

    @property
    def direction(self) -> str:
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"


@cache
def _stored() -> Mapping[str, Any]:  # Any: values of a JSON document
    found: Mapping[str, Any] = json.loads(
        Path(__file__).with_name("reminder_texts.json").read_text(encoding="utf-8")
    )
    return found


def reminders_for(account: Account, charges: Sequence[Movement]) -> list[Reminder]:
    """Return the reminder in the best known language of the person that we have, then in Italian. One query."""
    cents = sum(one.left for one in charges)
    months = ", ".join(dict.fromkeys(f"{one.period:%m/%Y}" for one in charges))
    filled = {
        "name": account.person.given_names or account.person.display_name,
        "home": str(account.dwelling),
        "amount": show_euros(cents),
        "months": months,
        "body": str(account.landlord),
    }
    texts, is_reviewed = _stored()["texts"], bool(_stored()["reviewed_by"])
    spoken = SpokenLanguage.objects.filter(person=account.person_id, language__in=list(texts))
    best = max(spoken.order_by("pk"), key=lambda one: one.level, default=None)
    wanted = dict.fromkeys([best.language_id, ITALIAN] if best else [ITALIAN])
    return [Reminder(code, texts[code].format(**filled), is_reviewed or code == ITALIAN) for code in wanted]
