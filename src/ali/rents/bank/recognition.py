"""Whose payment a bank movement may be: points with their reasons, from who pays, how much and what is written.

It only orders what a person looks at: nothing is posted until a person confirms.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from rapidfuzz import fuzz, process

from ali.core.text import fold
from ali.imports.findings import marked as _

ENOUGH, SURE, MARGIN = 40, 75, 15
MONTH_NAMES = (
    ("gennaio", "gen"),
    ("febbraio", "feb"),
    ("marzo", "mar"),
    ("aprile", "apr"),
    ("maggio", "mag"),
    ("giugno", "giu"),
    ("luglio", "lug"),
    ("agosto", "ago"),
    ("settembre", "set", "sett"),
    ("ottobre", "ott"),
    ("novembre", "nov"),
    ("dicembre", "dic"),
)
_NUMBERED = re.compile(r"\b(0?[1-9]|1[0-2])\s*[/.\-]\s*(?:20)?(\d{2})\b")


@dataclass(frozen=True, slots=True)
class Paid:
    """A bank movement as recognition reads it."""

    cents: int
    payer_name: str
    payer_iban: str
    cause: str


@dataclass
class Payee:
    """An account that a payment may be for. `months`: what is open, by month, the oldest first."""

    account: int
    name: str
    home: str = ""
    monthly_cents: int = 0
    ibans: frozenset[str] = frozenset()
    payer_names: frozenset[str] = frozenset()
    months: Mapping[date, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Guess:
    """How likely an account is, from 0 to 100, and why (Italian sentences, translated where they are read)."""

    account: int
    points: int
    reasons: tuple[str, ...]
    is_sure: bool = False


def months_in(text: str) -> set[tuple[int | None, int]]:
    """Return the months that a text names, as (year or None, month)."""
    words = fold(text).split()
    found: set[tuple[int | None, int]] = set()
    for place, word in enumerate(words):
        for number, names in enumerate(MONTH_NAMES, start=1):
            if word in names:
                after = words[place + 1] if place + 1 < len(words) else ""
                year = int(after) if re.fullmatch(r"20\d\d", after) else None
                found.add((year, number))
    found |= {(2000 + int(year), int(month)) for month, year in _NUMBERED.findall(text)}
    return found


def _who(paid: Paid, payee: Payee) -> tuple[int, str] | None:
    """Points for who pays: the best single reason."""
    if paid.payer_iban and paid.payer_iban in payee.ibans:
        return 50, _("stesso IBAN di un pagamento già confermato")
    payer, name, cause = fold(paid.payer_name), fold(payee.name), f" {fold(paid.cause)} "
    if payer and payer in payee.payer_names:
        return 40, _("ha già pagato per questo conto")
    likeness = fuzz.token_sort_ratio(payer, name) if payer and name else 0
    if likeness >= 92:
        return 40, _("chi paga ha lo stesso nome")
    if name and len(name.split()) > 1 and all(f" {word} " in cause for word in name.split()):
        return 40, _("il nome è nella causale")
    if likeness >= 80:
        return 25, _("chi paga ha un nome simile")
    return None


def _how_much(paid: Paid, payee: Payee) -> tuple[int, str] | None:
    owed = list(payee.months.values())
    sums = [sum(owed[: count + 1]) for count in range(len(owed))]
    if paid.cents in sums:
        return 30, _("importo uguale a quanto è dovuto")
    if paid.cents in owed:
        return 28, _("importo uguale a un mese dovuto")
    if paid.cents == payee.monthly_cents:
        return 25, _("importo uguale alla quota mensile")
    if owed and paid.cents < sums[-1]:
        return 5, _("importo minore del dovuto: pagamento parziale")
    return None


def _what_for(paid: Paid, payee: Payee) -> Iterator[tuple[int, str]]:
    named = months_in(paid.cause)
    if any((month.year, month.month) in named or (None, month.month) in named for month in payee.months):
        yield 10, _("la causale nomina un mese dovuto")
    street = [word for word in fold(payee.home).split() if len(word) > 3]
    cause = f" {fold(paid.cause)} "
    if street and all(f" {word} " in cause for word in street[:3]):
        yield 10, _("la causale nomina la casa")
    if re.search(r"\b(affitto|canone|pigione|rent|loyer)\b", fold(paid.cause)):
        yield 5, _("la causale parla di affitto")


def guess(paid: Paid, payee: Payee) -> Guess:
    """Return the points of one account. Amount and words alone never make a proposal: somebody must be recognised."""
    who = _who(paid, payee)
    found = [one for one in (who, _how_much(paid, payee), *_what_for(paid, payee)) if one]
    points = min(100, sum(points for points, _why in found)) if who else 0
    return Guess(payee.account, points, tuple(why for _points, why in found))


def best(paid: Paid, payees: Iterable[Payee]) -> Guess | None:
    """Return the most likely account; `is_sure` when it stands clear of the second. None below `ENOUGH`."""
    guesses = sorted((guess(paid, one) for one in payees), key=lambda one: (-one.points, one.account))
    if not guesses or guesses[0].points < ENOUGH:
        return None
    second = guesses[1].points if len(guesses) > 1 else 0
    first = guesses[0]
    is_sure = first.points >= SURE and first.points - second >= MARGIN
    return Guess(first.account, first.points, first.reasons, is_sure)


class Index:
    """Finds in many accounts the few that a payment may be for: by IBAN, by name of who pays, by names in the text."""

    def __init__(self, payees: Sequence[Payee]) -> None:
        self.payees = payees
        self.names = [fold(one.name) for one in payees]
        self.by_iban: dict[str, set[int]] = defaultdict(set)
        self.by_payer: dict[str, set[int]] = defaultdict(set)
        self.by_word: dict[str, set[int]] = defaultdict(set)
        for place, payee in enumerate(payees):
            for iban in payee.ibans:
                self.by_iban[iban].add(place)
            for name in payee.payer_names:
                self.by_payer[name].add(place)
            for word in self.names[place].split():
                self.by_word[word].add(place)

    def candidates(self, paid: Paid) -> list[Payee]:
        """Return the accounts worth looking at."""
        payer = fold(paid.payer_name)
        places = set(self.by_iban.get(paid.payer_iban, ())) if paid.payer_iban else set()
        places |= self.by_payer.get(payer, set())
        if payer:
            likely = process.extract(
                payer, self.names, scorer=fuzz.token_sort_ratio, score_cutoff=80, limit=8
            )
            places |= {place for _name, _score, place in likely}
        for word in set(fold(paid.cause).split()):
            places |= self.by_word.get(word, set())
        return [self.payees[place] for place in sorted(places)]
