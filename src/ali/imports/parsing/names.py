"""People's names as written."""

from dataclasses import dataclass
from typing import Final

from ali.imports.findings import ask, error, warning
from ali.imports.findings import marked as _
from ali.imports.parsing.text import Cell, Parsed, folded, parse_text

_PLACEHOLDERS: Final = frozenset(
    {"fnu", "lnu", "xxx", "xx", "x", "nome", "cognome", "sconosciuto", "ignoto", "nn", "no name"}
)


def parse_name(value: Cell, *, longest: int = 150) -> Parsed[str]:
    """A person's name as written, cleaned; refuses HTML and spreadsheet formulas."""
    read = parse_text(value, longest=longest)
    if read.value is None:
        return read
    name = read.value
    if name[0] in "=+@" or "<" in name or ">" in name:
        return Parsed(
            None, (error(_("«%(name)s» non è un nome: riscrivilo con le sole lettere."), name=name),)
        )
    findings = list(read.findings)
    if not any(character.isalpha() for character in name):
        return Parsed(None, (error(_("«%(name)s» non è un nome: non ha lettere."), name=name),))
    if any(character.isdigit() for character in name):
        findings.append(warning(_("Nel nome «%(name)s» ci sono delle cifre: controllalo."), name=name))
    if folded(name) in _PLACEHOLDERS:
        findings.append(warning(_("«%(name)s» sembra un segnaposto e non un nome: controllalo."), name=name))
    return Parsed(name, tuple(findings))


@dataclass(frozen=True, slots=True)
class FullName:
    """Surname and given name; either may be missing."""

    surname: str
    given_name: str


def parse_full_name(value: Cell) -> Parsed[FullName]:
    """Both names from one cell: comma, or surname in capitals, or surname first with a question."""
    read = parse_name(value, longest=300)
    if read.value is None:
        return Parsed(None, read.findings)
    name = read.value
    if "," in name:
        surname, given = (part.strip() for part in name.split(",", 1))
        return Parsed(FullName(surname, given), read.findings)
    words = name.split()
    if len(words) == 1:
        return Parsed(FullName(words[0], ""), read.findings)
    capitals = [_is_capital(word) for word in words]
    if any(capitals) and not all(capitals):
        surname = " ".join(word for word, is_capital in zip(words, capitals, strict=True) if is_capital)
        given = " ".join(word for word, is_capital in zip(words, capitals, strict=True) if not is_capital)
        return Parsed(FullName(surname, given), read.findings)
    question = ask(
        _(
            "Cognome e nome sono nella stessa cella: letto cognome «%(surname)s» e nome «%(given)s». È giusto?"
        ),
        surname=words[0],
        given=" ".join(words[1:]),
    )
    return Parsed(FullName(words[0], " ".join(words[1:])), (*read.findings, question))


def _is_capital(word: str) -> bool:
    letters = [character for character in word if character.isalpha()]
    return len(letters) > 1 and all(character.isupper() for character in letters)
