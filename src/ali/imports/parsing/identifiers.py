"""Codes that name a person: codice fiscale, CUI, Vestanet, SGA, permit, telephone."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength, ValidationError
from stdnum.it import codicefiscale as stdnum_cf

from ali.imports.findings import Finding, ask, error, warning
from ali.imports.findings import marked as _
from ali.imports.parsing.dates import shown
from ali.imports.parsing.text import Cell, Parsed, is_blank, parse_text


@dataclass(frozen=True, slots=True)
class FiscalCode:
    """A codice fiscale that passes its check, and what it says when it is the definitive one."""

    code: str
    kind: str  # definitive | provisional
    sex: str = ""
    birth_date: date | None = None
    birth_place: str = ""


_OMOCODIA: Final = {letter: str(number) for number, letter in enumerate("LMNPQRSTUV")}
_SCIENTIFIC = re.compile(r"\d([.,]\d+)?[eE]\+\d+")


def parse_fiscal_code(
    value: Cell,
    *,
    sex: str = "",
    birth_date: date | None = None,
    birth_place: str = "",
) -> Parsed[FiscalCode]:
    """A codice fiscale, definitive or provisional; what disagrees with the rest of the row is asked."""
    if is_blank(value):
        return Parsed()
    text = re.sub(r"[\s\-.:*']", "", str(value)).upper()
    if _SCIENTIFIC.fullmatch(str(value).strip()):
        return Parsed(None, (_spoiled_by_excel(str(value).strip()),))
    if re.fullmatch(r"\d{8,10}", text) and _valid(text.zfill(11)):
        return Parsed(
            _decoded(text.zfill(11)),
            (
                ask(
                    _("Al codice fiscale «%(code)s» mancano gli zeri iniziali: è %(full)s?"),
                    code=text,
                    full=text.zfill(11),
                ),
            ),
        )
    try:
        code = stdnum_cf.validate(text)
    except ValidationError as problem:
        return Parsed(None, (_fiscal_code_problem(text, problem),))
    read = _decoded(code)
    return Parsed(read, tuple(_disagreements(read, sex=sex, birth_date=birth_date, birth_place=birth_place)))


def _valid(code: str) -> bool:
    return bool(stdnum_cf.is_valid(code))


def _fiscal_code_problem(text: str, problem: ValidationError) -> Finding:
    if isinstance(problem, InvalidLength):
        return error(
            _(
                "Il codice fiscale «%(code)s» ha %(size)s caratteri: devono essere 16, o 11 cifre se è provvisorio."
            ),
            code=text,
            size=len(text),
        )
    if isinstance(problem, InvalidChecksum):
        return error(
            _("Il codice fiscale «%(code)s» è impossibile: l'ultimo carattere non corrisponde agli altri."),
            code=text,
        )
    if isinstance(problem, InvalidFormat):
        return error(
            _("Il codice fiscale «%(code)s» è impossibile: lettere e cifre non sono al loro posto."),
            code=text,
        )
    return error(
        _("Il codice fiscale «%(code)s» è impossibile: contiene una data che non esiste."), code=text
    )


def _decoded(code: str) -> FiscalCode:
    if len(code) == 11:
        return FiscalCode(code, "provisional")
    plain = "".join(
        _OMOCODIA.get(c, c) if place in (6, 7, 9, 10, 12, 13, 14) else c for place, c in enumerate(code)
    )
    day = int(plain[9:11])
    return FiscalCode(
        code,
        "definitive",
        sex="F" if day > 40 else "M",
        birth_date=stdnum_cf.get_birth_date(code, 1930),
        birth_place=plain[11:15],
    )


def _disagreements(
    read: FiscalCode, *, sex: str, birth_date: date | None, birth_place: str
) -> Iterable[Finding]:
    """Questions, never refusals: the code may carry an old mistake that the office knows."""
    if read.kind == "provisional":
        return
    if sex in {"M", "F"} and sex != read.sex:
        yield ask(
            _("Il sesso è %(sex)s ma il codice fiscale dice %(other)s: quale è giusto?"),
            "sex",
            sex=sex,
            other=read.sex,
        )
    told = read.birth_date
    if (
        birth_date
        and told
        and (birth_date.year % 100, birth_date.month, birth_date.day)
        != (
            told.year % 100,
            told.month,
            told.day,
        )
    ):
        yield ask(
            _("La data di nascita è %(date)s ma il codice fiscale dice %(other)s: quale è giusta?"),
            "birth_date",
            date=shown(birth_date),
            other=f"{told:%d/%m}/{told.year % 100:02}",
        )
    if birth_place and birth_place.upper() != read.birth_place:
        yield ask(
            _("Il luogo di nascita (%(place)s) non è quello del codice fiscale (%(other)s): quale è giusto?"),
            "birth_country",
            place=birth_place.upper(),
            other=read.birth_place,
        )


def _spoiled_by_excel(text: str) -> Finding:
    return error(
        _("«%(text)s» è un numero rovinato da Excel: imposta la colonna come testo e riscrivi il codice."),
        text=text,
    )


def parse_identifier(value: Cell, *, pattern: str = "", example: str = "") -> Parsed[str]:
    """An opaque code (CUI, Vestanet, SGA, permit): capitals, no inner spaces; an odd shape is only a warning."""
    read = parse_text(value, longest=60)
    if read.value is None:
        return read
    if _SCIENTIFIC.fullmatch(read.value):
        return Parsed(None, (_spoiled_by_excel(read.value),))
    code = re.sub(r"\s+", "", read.value).upper()
    if code[0] in "=+@":
        return Parsed(None, (error(_("«%(code)s» non è un codice."), code=code),))
    if pattern and not re.fullmatch(pattern, code):
        odd = warning(
            _("«%(code)s» non ha la forma solita (per esempio %(example)s): controlla."),
            code=code,
            example=example,
        )
        return Parsed(code, (*read.findings, odd))
    return Parsed(code, read.findings)


def parse_cui(value: Cell) -> Parsed[str]:
    """The CUI given with the fingerprints: seven letters and digits, as far as we know."""
    return parse_identifier(value, pattern=r"[0-9A-Z]{7}", example="05ABC1D")


def parse_vestanet(value: Cell) -> Parsed[str]:
    """The number of the asylum case: letters of the questura and digits."""
    return parse_identifier(value, pattern=r"[A-Z]{2}[\-/]?\d{4,10}", example="PD0001234")


def parse_phone(value: Cell) -> Parsed[str]:
    """A telephone number: digits and the international sign."""
    if is_blank(value):
        return Parsed()
    text = str(value).strip()
    if _SCIENTIFIC.fullmatch(text):
        return Parsed(None, (_spoiled_by_excel(text),))
    digits = re.sub(r"[\s().\-/]", "", text)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if not re.fullmatch(r"\+?\d{6,15}", digits):
        return Parsed(
            None, (warning(_("«%(text)s» non sembra un numero di telefono: non è stato tenuto."), text=text),)
        )
    return Parsed(digits)
