"""The codice fiscale: checked, read and computed. Definitive (16 characters) or provisional (11 digits)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from codicefiscale import codicefiscale
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.it import codicefiscale as checked

from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.text import compact

DEFINITIVE, PROVISIONAL = "definitive", "provisional"
SOURCE = (
    "DM Finanze 23 dicembre 1976; DPR 605/1973; codice numerico: Agenzia delle entrate, cifra di controllo"
)
VALID_FROM = "1977-01-01"
# Letters that stand for a digit when two people would have the same code (omocodia).
_DIGIT_OF = {letter: str(digit) for digit, letter in enumerate("LMNPQRSTUV")}
_DIGIT_PLACES = (6, 7, 9, 10, 12, 13, 14)
_MONTHS = "ABCDEHLMPRST"
_PLACE_CODE = re.compile(r"[A-Z]\d{3}")


@dataclass(frozen=True)
class CodeReading:
    """What a codice fiscale says. `problem` is a sentence when it is impossible."""

    code: str
    kind: str | None
    problem: str | Promise = ""
    sex: str = ""
    birth_date: date | None = None
    birth_place_code: str = ""

    @property
    def is_valid(self) -> bool:
        return self.kind is not None


def read_code(text: str, *, today: date) -> CodeReading:
    """Read a codice fiscale as people write it, with spaces or in lower case."""
    code = compact(text)
    if len(code) == 11:
        return _read_provisional(code)
    if len(code) != 16:
        return CodeReading(
            code, None, _("Un codice fiscale ha 16 caratteri, o 11 cifre se è provvisorio: controlla.")
        )
    return _read_definitive(code, today)


def provisional_check_digit(first_ten: str) -> str:
    """Odd places are summed, even ones doubled and their digits summed; what is missing to the next ten."""
    doubled = (int(digit) * 2 for digit in first_ten[1::2])
    total = sum(int(digit) for digit in first_ten[::2]) + sum(
        number // 10 + number % 10 for number in doubled
    )
    return str((10 - total % 10) % 10)


def _read_provisional(code: str) -> CodeReading:
    if not (code.isascii() and code.isdigit()):
        return CodeReading(code, None, _("Il codice fiscale provvisorio ha solo cifre: controlla."))
    if code[:7] == "0000000" or provisional_check_digit(code[:10]) != code[10]:
        return CodeReading(code, None, _("L'ultima cifra non corrisponde alle altre: controlla il codice."))
    return CodeReading(code, PROVISIONAL)


def _read_definitive(code: str, today: date) -> CodeReading:
    try:
        checked.validate(code)
    except InvalidChecksum:
        return CodeReading(code, None, _("L'ultima lettera non corrisponde alle altre: controlla il codice."))
    except ValidationError:
        return CodeReading(code, None, _("Lettere e cifre non sono al loro posto: controlla il codice."))
    plain = "".join(_DIGIT_OF.get(c, c) if at in _DIGIT_PLACES else c for at, c in enumerate(code))
    born = _birth_date(plain, today)
    if born is None:
        return CodeReading(code, None, _("Il codice contiene una data di nascita che non esiste."))
    return CodeReading(
        code,
        DEFINITIVE,
        sex="F" if int(plain[9:11]) > 40 else "M",
        birth_date=born,
        birth_place_code=plain[11:15],
    )


def _birth_date(plain: str, today: date) -> date | None:
    """The code has two digits of the year: the latest year not after `today`."""
    year, month, day = int(plain[6:8]), _MONTHS.index(plain[8]) + 1, int(plain[9:11])
    day -= 40 if day > 40 else 0
    for century in (today.year // 100, today.year // 100 - 1):
        try:
            born = date(century * 100 + year, month, day)
        except ValueError:
            continue
        if born <= today:
            return born
    return None


def compute_code(*, surname: str, name: str, sex: str, birth_date: date, birth_place_code: str) -> str:
    """Return the code that these data yield; the office may have given another one (omocodia, other spelling)."""
    place = compact(birth_place_code)
    if not compact(surname) or not compact(name):
        raise Refusal(_("Servono cognome e nome per calcolare il codice fiscale."))
    if sex not in ("F", "M"):
        raise Refusal(_("Il sesso è F o M."))
    if not _PLACE_CODE.fullmatch(place):
        raise Refusal(_("Il luogo di nascita è una lettera e tre cifre (Zxxx per gli Stati esteri)."))
    first_fifteen = (
        codicefiscale.encode_lastname(surname)
        + codicefiscale.encode_firstname(name)
        + codicefiscale.encode_birthdate(birth_date.strftime("%d/%m/%Y"), "F" if sex == "F" else "M")
        + place
    )
    return str(first_fifteen + codicefiscale.encode_cin(first_fifteen))


def questions_about(
    reading: CodeReading,
    *,
    sex: str = "",
    birth_date: date | None = None,
    birth_date_is_exact: bool = True,
    birth_place_code: str = "",
    surname: str = "",
    given_names: str = "",
) -> Iterator[str | Promise]:
    """Yield a question for each thing on which the code and the person disagree: never a reason to refuse the code."""
    if reading.kind != DEFINITIVE:
        return
    if sex and sex != reading.sex:
        # Documents of trans people differ: ask, do not reject.
        yield _("Il codice fiscale indica un sesso diverso da quello scritto: quale vuole usare la persona?")
    if birth_date and birth_date_is_exact and birth_date != reading.birth_date:
        yield _("Il codice fiscale indica un'altra data di nascita: quale è giusta?")
    if birth_place_code and compact(birth_place_code) != reading.birth_place_code:
        yield _("Il codice fiscale indica un altro luogo di nascita: quale è giusto?")
    if surname and given_names and not _letters_agree(reading.code, surname, given_names):
        yield _(
            "Le prime lettere del codice fiscale non vengono da questo cognome e nome: sono scritti bene?"
        )


def _letters_agree(code: str, surname: str, given_names: str) -> bool:
    """Offices swap surname and name: both orders agree."""
    return code[:6] in {
        codicefiscale.encode_lastname(first) + codicefiscale.encode_firstname(second)
        for first, second in ((surname, given_names), (given_names, surname))
    }


def calculate_fiscal_code(given: Mapping[str, Any]) -> dict[str, Any]:
    """Answer `ali calc codice-fiscale`: check `code`, or compute it from the person's data."""
    about = {"rule": "codice-fiscale", "source": SOURCE, "validity": {"from": VALID_FROM, "to": None}}
    if "code" in given:
        reading = read_code(str(given["code"]), today=clock.today())
        read = {"valid": reading.is_valid, "kind": reading.kind}
        if reading.problem:
            read["problem"] = str(reading.problem)
        return read | about
    missing = [
        key for key in ("surname", "name", "sex", "birth_date", "birth_place_code") if not given.get(key)
    ]
    if missing:
        raise Refusal(_("Mancano: %(fields)s. Oppure dai solo «code».") % {"fields": ", ".join(missing)})
    try:
        born = date.fromisoformat(str(given["birth_date"]))
    except ValueError as error:
        raise Refusal(_("«birth_date» è una data come 1980-01-31.")) from error
    code = compute_code(
        surname=str(given["surname"]),
        name=str(given["name"]),
        sex=str(given["sex"]).upper(),
        birth_date=born,
        birth_place_code=str(given["birth_place_code"]),
    )
    return {"code": code} | about
