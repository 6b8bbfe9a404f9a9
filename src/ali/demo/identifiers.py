"""Identifiers with the right shape and check digits. All are invented, and none repeats within one population."""

import string
from datetime import date
from random import Random

from anyascii import anyascii
from stdnum.it.codicefiscale import calc_check_digit

from ali.demo.chance import Serials

VOWELS = frozenset("AEIOU")
MONTHS = "ABCDEHLMPRST"
REVENUE_OFFICE = "028"
# Positions where a digit may become a letter when two people would have the same code, last first.
HOMOCODE_POSITIONS = (14, 13, 12, 10, 9, 7, 6)
HOMOCODE_LETTERS = dict(zip(string.digits, "LMNPQRSTUV", strict=True))
BASE36 = string.digits + string.ascii_uppercase


def _letters(name: str) -> tuple[str, str]:
    plain = [letter for letter in anyascii(name).upper() if letter in string.ascii_uppercase]
    return (
        "".join(letter for letter in plain if letter not in VOWELS),
        "".join(letter for letter in plain if letter in VOWELS),
    )


def _family_part(family: str) -> str:
    consonants, vowels = _letters(family)
    return f"{consonants}{vowels}XXX"[:3]


def _given_part(given: str) -> str:
    consonants, vowels = _letters(given)
    if len(consonants) > 3:
        return consonants[0] + consonants[2] + consonants[3]
    return f"{consonants}{vowels}XXX"[:3]


def codice_fiscale(*, family: str, given: str, sex: str, born_on: date, birthplace: str) -> str:
    """The code that these data yield (DM 12 March 1974)."""
    day = born_on.day + (40 if sex == "F" else 0)
    stem = f"{_family_part(family)}{_given_part(given)}{born_on:%y}{MONTHS[born_on.month - 1]}{day:02d}{birthplace}"
    return stem + calc_check_digit(stem)


def homocode(code: str, variant: int) -> str:
    """The same code with some digits turned into letters, as the revenue agency does for namesakes."""
    letters = list(code[:15])
    for bit, position in enumerate(HOMOCODE_POSITIONS):
        if variant >> bit & 1:
            letters[position] = HOMOCODE_LETTERS[letters[position]]
    stem = "".join(letters)
    return stem + calc_check_digit(stem)


def luhn(digits: str) -> str:
    """The eleventh digit of a provisional code: odd positions summed, even ones doubled and their digits summed."""
    total = sum(int(digit) for digit in digits[::2])
    total += sum(sum(divmod(2 * int(digit), 10)) for digit in digits[1::2])
    return str(-total % 10)


class Registry:
    """Gives out every identifier once."""

    def __init__(self, chance: Random) -> None:
        self._codes: set[str] = set()
        self._provisional = Serials(chance, 6)
        self._cui = Serials(chance, 9)
        self._vestanet = Serials(chance, 7)
        self._sga = Serials(chance, 8)
        self._permit = Serials(chance, 8)
        self._receipt = Serials(chance, 10)

    def codice_fiscale(self, *, family: str, given: str, sex: str, born_on: date, birthplace: str) -> str:
        first = code = codice_fiscale(
            family=family, given=given, sex=sex, born_on=born_on, birthplace=birthplace
        )
        for variant in range(1, 1 << len(HOMOCODE_POSITIONS)):
            if code not in self._codes:
                break
            code = homocode(first, variant)
        self._codes.add(code)
        return code

    def provisional(self) -> str:
        stem = f"9{self._provisional.draw()}{REVENUE_OFFICE}"
        return stem + luhn(stem)

    def cui(self) -> str:
        number, code = int(self._cui.draw()), ""
        for _ in range(6):
            number, rest = divmod(number, 36)
            code = BASE36[rest] + code
        return f"0{code}"

    def vestanet(self, office: str) -> str:
        return f"{office}{self._vestanet.draw()}"

    def sga(self) -> str:
        return f"SGA-{self._sga.draw()}"

    def permit(self) -> str:
        return f"I{self._permit.draw()}"

    def receipt(self) -> str:
        return f"06{self._receipt.draw()}"
