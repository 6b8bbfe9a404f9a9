"""One search over names, identifiers and addresses, in what the actor may see."""

from dataclasses import dataclass, field

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.core.text import compact, fold
from ali.housing.models import Dwelling
from ali.people.models import Person

LIMIT = 25


@dataclass(frozen=True)
class Found:
    """What a search found; `too_short` when the words were not enough to search with."""

    words: str
    persons: list[Person] = field(default_factory=list)
    dwellings: list[Dwelling] = field(default_factory=list)
    too_short: bool = False


def _persons(actor: Actor, words: str) -> list[Person]:
    visible = Person.objects.visible_to(actor).order_by("sort_key", "pk")
    if any(letter.isdigit() for letter in words) and len(compact(words)) >= 5:
        by_code = list(visible.identified_by(words, for_actor=actor)[:LIMIT])
        if by_code:
            return by_code
    return list(visible.named(words)[:LIMIT])


def _dwellings(actor: Actor, words: str) -> list[Dwelling]:
    found = Dwelling.objects.visible_to(actor).select_related("building__municipality")
    for word in fold(words).split():
        found = found.filter(building__folded__contains=word)
    return list(found.order_by("building__folded", "pk")[:LIMIT])


def search(actor: Actor, words: str) -> Found:
    """Return persons by name (any order, without accents) or by identifier, and homes by address."""
    if len(fold(words)) < 2:
        return Found(words, too_short=bool(words))
    return Found(
        words,
        persons=_persons(actor, words) if actor.may(Permission.SEE_PEOPLE) else [],
        dwellings=_dwellings(actor, words) if actor.may(Permission.SEE_HOMES) else [],
    )
