"""Dates in the ways Italian offices write them."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from ali.imports.findings import Finding, error, note, warning
from ali.imports.findings import marked as _
from ali.imports.parsing.text import Cell, Parsed, folded, is_blank


class Precision(StrEnum):
    """How much of a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    ESTIMATED = "estimated"


class DayOrder(StrEnum):
    """How a column writes its days and months."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    MIXED = "mixed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date and how much of it is known; the unknown part is 1."""

    on: date
    precision: Precision = Precision.DAY


MONTHS: Final[Mapping[str, int]] = {
    name: number
    for number, names in enumerate(
        (
            "gennaio genn gen january jan",
            "febbraio febbr feb february",
            "marzo mar march",
            "aprile apr april",
            "maggio magg mag may",
            "giugno giu june jun",
            "luglio lug july jul",
            "agosto ago august aug",
            "settembre sett set september sept sep",
            "ottobre ott october oct",
            "novembre nov november",
            "dicembre dic december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})")
_WORDS = re.compile(r"(\d{1,2})[°º^]?[\s/.\-]*([a-zA-Zàèéìòù]{3,})\.?[\s/.\-]*(\d{4}|\d{2})")
_EXCEL_EPOCH = date(1899, 12, 30)


def parse_date(
    value: Cell,
    *,
    earliest: date = date(1900, 1, 1),
    latest: date | None = None,
    pivot: int = 69,
) -> Parsed[PartialDate]:
    """A date in the ways Italian offices write it; a swapped day and month is an error with a proposal."""
    if is_blank(value):
        return Parsed()
    if isinstance(value, date):
        return _within(PartialDate(value), (), earliest=earliest, latest=latest)
    text = re.sub(
        r"[T ]\d{1,2}[:.]\d{2}([:.]\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$", "", " ".join(value.split())
    )
    read = _date_from(text, pivot=pivot)
    if read.value is None:
        return read
    return _within(read.value, read.findings, earliest=earliest, latest=latest)


def parse_birth_date(value: Cell, *, today: date) -> Parsed[PartialDate]:
    """A birth date: in the past, within a life; the first of January is kept as *estimated*."""
    read = parse_date(value, earliest=date(today.year - 120, 1, 1), latest=None, pivot=today.year % 100)
    born = read.value
    if born is None:
        return read
    if born.on > today:
        return Parsed(
            None, (*read.findings, error(_("La data di nascita %(date)s è nel futuro."), date=shown(born.on)))
        )
    if born.precision is Precision.DAY and (born.on.day, born.on.month) == (1, 1):
        estimated = PartialDate(born.on, Precision.ESTIMATED)
        return Parsed(
            estimated,
            (*read.findings, note(_("Nascita al 1° gennaio: è tenuta come data presunta."))),
        )
    return read


def shown(day: date) -> str:
    """A date as Italians write it."""
    return day.strftime("%d/%m/%Y")


def day_order(values: Iterable[Cell]) -> DayOrder:
    """How a whole column writes its dates: one swapped file is easier to see than one swapped cell."""
    seen: Counter[DayOrder] = Counter()
    for value in values:
        if isinstance(value, str) and (found := _DAY_FIRST.fullmatch(value.strip())):
            first, second = int(found[1]), int(found[2])
            if first > 12 >= second:
                seen[DayOrder.DAY_FIRST] += 1
            elif second > 12 >= first:
                seen[DayOrder.MONTH_FIRST] += 1
    if not seen:
        return DayOrder.UNKNOWN
    return next(iter(seen)) if len(seen) == 1 else DayOrder.MIXED


def _date_from(text: str, *, pivot: int) -> Parsed[PartialDate]:
    return (
        _whole_date(text, pivot=pivot)
        or _part_of_a_date(text)
        or Parsed(None, (error(_("«%(text)s» non è una data: scrivila come 31/12/1990."), text=text),))
    )


def _whole_date(text: str, *, pivot: int) -> Parsed[PartialDate] | None:
    if found := _YEAR_FIRST.fullmatch(text):
        return _checked(int(found[1]), int(found[2]), int(found[3]), text)
    if found := _DAY_FIRST.fullmatch(text):
        year, findings = _full_year(found[3], pivot)
        return _with(_checked(year, int(found[2]), int(found[1]), text), findings)
    if (found := _WORDS.fullmatch(text)) and (month := MONTHS.get(folded(found[2]))):
        year, findings = _full_year(found[3], pivot)
        return _with(_checked(year, month, int(found[1]), text), findings)
    if re.fullmatch(r"(19|20)\d{6}", text):
        return _checked(int(text[:4]), int(text[4:6]), int(text[6:]), text)
    if re.fullmatch(r"[1-6]\d{4}", text):
        day = _EXCEL_EPOCH + timedelta(days=int(text))
        read = warning(
            _("Il numero %(text)s è una data di Excel: letto %(date)s."), text=text, date=shown(day)
        )
        return Parsed(PartialDate(day), (read,))
    return None


def _part_of_a_date(text: str) -> Parsed[PartialDate] | None:
    if found := re.fullmatch(r"(?:00[/.\-]00[/.\-])?((?:19|20)\d{2})", text):
        return Parsed(PartialDate(date(int(found[1]), 1, 1), Precision.YEAR))
    if found := re.fullmatch(r"(?:00[/.\-])?(\d{1,2})[/.\-]((?:19|20)\d{2})", text):
        return _month_of(int(found[1]), int(found[2]), text)
    if (found := re.fullmatch(r"([a-zA-Z]{3,})\.?[\s/.\-]+((?:19|20)\d{2})", text)) and folded(
        found[1]
    ) in MONTHS:
        return _month_of(MONTHS[folded(found[1])], int(found[2]), text)
    return None


def _month_of(month: int, year: int, text: str) -> Parsed[PartialDate]:
    if not 1 <= month <= 12:
        return Parsed(
            None, (error(_("In «%(text)s» il mese %(month)s non esiste."), text=text, month=month),)
        )
    return Parsed(PartialDate(date(year, month, 1), Precision.MONTH))


def _full_year(digits: str, pivot: int) -> tuple[int, tuple[Finding, ...]]:
    if len(digits) == 4:
        return int(digits), ()
    year = int(digits) + (2000 if int(digits) <= pivot else 1900)
    return year, (warning(_("L'anno è scritto con due cifre: letto %(year)s."), year=year),)


def _checked(year: int, month: int, day: int, text: str) -> Parsed[PartialDate]:
    try:
        return Parsed(PartialDate(date(year, month, day)))
    except ValueError:
        pass
    if day == 0 and month == 0 and 1900 <= year <= 2100:
        return Parsed(PartialDate(date(year, 1, 1), Precision.YEAR))
    if day == 0 and 1 <= month <= 12 and year:
        return Parsed(PartialDate(date(year, month, 1), Precision.MONTH))
    if month > 12 and 1 <= day <= 12 and month <= 31:
        return Parsed(
            None,
            (
                error(
                    _(
                        "In «%(text)s» il mese %(month)s non esiste: giorno e mese sembrano scambiati (forse %(maybe)s)."
                    ),
                    text=text,
                    month=month,
                    maybe=f"{month:02}/{day:02}/{year}",
                ),
            ),
        )
    if not 1 <= month <= 12:
        return Parsed(
            None, (error(_("In «%(text)s» il mese %(month)s non esiste."), text=text, month=month),)
        )
    return Parsed(
        None, (error(_("In «%(text)s» il giorno %(day)s non esiste in quel mese."), text=text, day=day),)
    )


def _with(read: Parsed[PartialDate], findings: tuple[Finding, ...]) -> Parsed[PartialDate]:
    return Parsed(read.value, (*findings, *read.findings)) if read.value else read


def _within(
    value: PartialDate, findings: tuple[Finding, ...], *, earliest: date, latest: date | None
) -> Parsed[PartialDate]:
    if value.on < earliest:
        problem = error(
            _("La data %(date)s è troppo lontana: prima del %(limit)s."),
            date=shown(value.on),
            limit=shown(earliest),
        )
        return Parsed(None, (*findings, problem))
    if latest is not None and value.on > latest:
        problem = error(_("La data %(date)s è nel futuro."), date=shown(value.on))
        return Parsed(None, (*findings, problem))
    return Parsed(value, findings)
