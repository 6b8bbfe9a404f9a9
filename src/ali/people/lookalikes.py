"""The duplicate warning for a whole list: the same answer as `queries.possible_duplicates`, with the files read once."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date

from ali.accounts.actors import Actor
from ali.core.text import fold
from ali.people.models import Citizenship, Person
from ali.people.name_variants import are_variants, words_of


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What comparing needs of a file."""

    pk: int
    words: frozenset[str]
    birth_date: date | None
    is_reserved: bool
    citizenships: frozenset[str]


@dataclass(slots=True)
class Lookalikes:
    """Every file by year of birth, and which of them the actor sees."""

    seen: frozenset[int]
    by_year: dict[int | None, list[KnownFile]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[tuple[str, ...], list[KnownFile]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def known_to(cls, actor: Actor, day: date) -> "Lookalikes":
        """Read the files once: three statements."""
        seen = frozenset(Person.objects.visible_to(actor, day).values_list("pk", flat=True).order_by())
        held: dict[int, set[str]] = defaultdict(set)
        for person, state in Citizenship.objects.values_list("person_id", "state_id").order_by():
            held[person].add(state)
        made = cls(seen)
        rows = Person.objects.exclude(search_key="").values_list(
            "pk", "sort_key", "search_key", "birth_date", "is_reserved"
        )
        for pk, sort_key, search_key, born, is_reserved in rows.order_by("pk").iterator():
            known = KnownFile(pk, words_of(search_key), born, is_reserved, frozenset(held.get(pk, ())))
            made.by_year[born.year if born else None].append(known)
            if pk in seen:
                made.by_name[_whole_name(sort_key)].append(known)
        return made

    def same_name(self, *, surname: str, given_names: str) -> list[KnownFile]:
        """Return the files that the actor sees with exactly these names, in any order."""
        return self.by_name.get(_whole_name(surname, given_names), [])

    def alike(
        self, *, surname: str, given_names: str, birth_year: int | None, citizenships: Collection[str]
    ) -> tuple[list[int], bool]:
        """Return the files seen that may be of the same person, and whether there is one elsewhere (never reserved)."""
        given = words_of(surname, given_names)
        places = frozenset(code for code in citizenships if code)
        if not given or (birth_year is None and not places):
            return [], False
        found = [one for one in self._near(birth_year, places) if are_variants(given, one.words)]
        seen = [one.pk for one in found if one.pk in self.seen]
        elsewhere = any(not one.is_reserved for one in found if one.pk not in self.seen)
        return seen, elsewhere

    def _near(self, year: int | None, places: frozenset[str]) -> Iterator[KnownFile]:
        """Born within a year and not of another citizenship; or, of unknown birth, of the same citizenship."""
        if year is None:
            for files in self.by_year.values():
                yield from (one for one in files if one.citizenships & places)
            return
        for near in (year - 1, year, year + 1):
            for one in self.by_year.get(near, ()):
                if not places or not one.citizenships or one.citizenships & places:
                    yield one
        if places:
            yield from (one for one in self.by_year.get(None, ()) if one.citizenships & places)


def _whole_name(*names: str) -> tuple[str, ...]:
    return tuple(sorted(word for name in names for word in fold(name).split()))
