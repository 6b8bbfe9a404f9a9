"""Names as each country gives them: who takes which name from whom, and how offices misspell it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from ali.demo import tables
from ali.demo.shapes import NameSpec

# Where a wife is usually registered under her husband's family name.
TAKES_HUSBANDS_NAME = frozenset({"UKR", "TUR", "ALB", "GEO", "LKA", "NGA", "CMR", "IRN"})

# Spellings that one office uses and the next does not.
SPELLINGS = (
    ("Mohammad", "Muhammad"),
    ("Mohamed", "Mohammed"),
    ("Mamadou", "Mamadu"),
    ("Oleksandr", "Aleksandr"),
    ("Andrii", "Andrey"),
    ("Serhii", "Sergiy"),
    ("Volodymyr", "Vladimir"),
    ("Hanna", "Anna"),
    ("iia", "ia"),
    ("skyi", "skiy"),
    ("enko", "encko"),
    ("Abdel", "Abd El "),
    ("Al-", "El "),
    ("El ", "Al "),
    ("ullah", "ollah"),
    ("Hossain", "Hussain"),
    ("Hosse", "Husse"),
    ("Ahmed", "Ahmad"),
    ("Ahmad", "Ahmed"),
    ("Yusuf", "Yousuf"),
    ("Youssef", "Yusef"),
    ("Traoré", "Traore"),
    ("Ouédraogo", "Wedraogo"),
    ("Oua", "Wa"),
    ("Jallow", "Diallo"),
    ("Ceesay", "Sisay"),
    ("Bah", "Baa"),
    ("Dj", "J"),
    ("Kh", "K"),
    ("Sh", "Ch"),
    ("Ch", "Sh"),
    ("ou", "u"),
    ("oo", "u"),
    ("ee", "i"),
    ("aa", "a"),
    ("dh", "d"),
    ("ie", "iye"),
    ("ya", "ia"),
    ("iy", "iyy"),
    ("é", "e"),
    ("í", "i"),
    ("á", "a"),
    ("ş", "s"),
    ("ü", "u"),
    ("q", "k"),
    ("ss", "s"),
    ("mm", "m"),
    ("ck", "k"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """What a person receives at birth: the names of the father and of his father, and of the two families."""

    father: str
    grandfather: str
    family: str
    mothers_family: str

    def of_children(self, father_given: str, mothers_family: str) -> "Line":
        return Line(father_given, self.father, self.family, mothers_family)


def _part(chance: Random, iso3: str, part: str, but: str = "") -> str:
    """One of the names of that part, rather not `but`: «Mina Mina» exists, and reads like a mistake."""
    pool = tables.names()[iso3, part]
    drawn = chance.choice(pool)
    return chance.choice(pool) if drawn == but else drawn


def _families(iso3: str) -> str:
    """Countries with patronymics only have no list of family names."""
    return "family" if (iso3, "family") in tables.names() else "male"


def invent_line(chance: Random, iso3: str) -> Line:
    families = _families(iso3)
    father, family = _part(chance, iso3, "male"), _part(chance, iso3, families)
    return Line(
        father=father,
        grandfather=_part(chance, iso3, "male", but=father),
        family=family,
        mothers_family=_part(chance, iso3, families, but=family),
    )


def invent_given(chance: Random, iso3: str, sex: str, taken: frozenset[str] = frozenset()) -> str:
    """A given name that nobody else at home has."""
    pool = tables.names()[iso3, "male" if sex == "M" else "female"]
    given = chance.choice(pool)
    for _ in range(8):
        if given not in taken:
            break
        given = chance.choice(pool)
    return given


def compose(chance: Random, *, iso3: str, sex: str, given: str, line: Line) -> NameSpec:
    """The main name, as it stands in the person's papers."""
    convention = tables.countries()[iso3].convention
    if convention in _CUSTOMS:
        return _CUSTOMS[convention](chance, sex, given, line)
    return NameSpec(given, _PLAIN_FAMILIES.get(convention, "{0.family}").format(line))


# What stands where Italian papers have the surname; conventions that depend on more have a function below.
_PLAIN_FAMILIES = {
    "two_surnames": "{0.family} {0.mothers_family}",
    "congolese": "{0.family} {0.mothers_family}",
    "patronymic": "{0.father}",
    "three_part": "{0.father} {0.grandfather}",
}


def _afghan(chance: Random, sex: str, given: str, line: Line) -> NameSpec:
    return NameSpec("", given) if chance.random() < 0.22 else NameSpec(given, line.family)


def _pakistani(chance: Random, sex: str, given: str, line: Line) -> NameSpec:
    has_own = sex == "F" and chance.random() < 0.6
    return NameSpec(given, _part(chance, "PAK", "family_female") if has_own else line.family)


def _slavic(chance: Random, sex: str, given: str, line: Line) -> NameSpec:
    return NameSpec(given, feminine(line.family) if sex == "F" else line.family)


def _bangladeshi(chance: Random, sex: str, given: str, line: Line) -> NameSpec:
    if sex == "F":
        return NameSpec(given, _part(chance, "BGD", "family_female"))
    if chance.random() < 0.05:
        return NameSpec("", given)
    return NameSpec(f"Md {given}" if chance.random() < 0.4 else given, line.family)


def _punjabi(chance: Random, sex: str, given: str, line: Line) -> NameSpec:
    if line.family == "Singh":
        return NameSpec(given, "Kaur" if sex == "F" else "Singh")
    return NameSpec(given, _part(chance, "IND", "family_female") if sex == "F" else line.family)


_CUSTOMS: dict[str, Callable[[Random, str, str, Line], NameSpec]] = {
    "afghan": _afghan,
    "bangladeshi": _bangladeshi,
    "pakistani": _pakistani,
    "punjabi": _punjabi,
    "slavic": _slavic,
}


def feminine(family: str) -> str:
    """Ukrainian surnames that decline: Petrovskyi gives Petrovska, Ivanov gives Ivanova, Tkachenko stays."""
    for ending, hers in (("skyi", "ska"), ("tskyi", "tska"), ("nyi", "na"), ("ov", "ova"), ("ev", "eva")):
        if family.endswith(ending):
            return family.removesuffix(ending) + hers
    return family


def wifes_line(iso3: str, hers: Line, husband: Line) -> Line:
    return replace(hers, family=husband.family) if iso3 in TAKES_HUSBANDS_NAME else hers


def invent_aliases(chance: Random, name: NameSpec) -> tuple[NameSpec, ...]:
    """Other ways the same person is written down: about one in four has some."""
    luck = chance.random()
    if luck < 0.18:
        return tuple(
            dict.fromkeys(alias for _ in range(chance.choice((1, 1, 2))) for alias in _respell(chance, name))
        )
    if luck < 0.22 and name.given:
        return (NameSpec(name.family, name.given, "swapped"),)
    if luck < 0.26 and " " in name.full:
        first, *_, last = name.full.split()
        return (NameSpec(first, last, "shortened"),) if f"{first} {last}" != name.full else ()
    return ()


def _respell(chance: Random, name: NameSpec) -> Iterator[NameSpec]:
    usable = [pair for pair in SPELLINGS if pair[0] in name.full]
    if not usable:
        return
    was, becomes = chance.choice(usable)
    given, family = name.given.replace(was, becomes, 1), name.family.replace(was, becomes, 1)
    yield NameSpec(given, family if was not in name.given else name.family, "transliteration")
