"""The period of a contract: the dates that the text states, or the months; a year alone is only a hint."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from ali.imports.findings import Finding, warning
from ali.imports.findings import marked as _
from ali.imports.parsing import MONTHS
from ali.reception.contract_texts.text import Words


@dataclass(frozen=True, slots=True)
class Period:
    """When a contract starts and ends, as stated; `implied_*` is what a bare year suggests."""

    start: date | None = None
    end: date | None = None
    confidence: float = 1.0
    evidence: str = ""
    findings: tuple[Finding, ...] = ()
    implied_start: date | None = None
    implied_end: date | None = None


_MONTH: Final = "(?:" + "|".join(sorted((name.upper() for name in MONTHS), key=len, reverse=True)) + r")\b\.?"
_S: Final = r"\s*[/.]\s*"
_D: Final = r"(\d{1,2})"
_Y: Final = r"(\d{4}|\d{2,3})"
_TO: Final = r"\s*(?:-|_|\bAL\b|\bFINO AL\b|\bSINO AL\b|\bA\b|\bE FINO AL\b)+\s*"
_NOT_LAW: Final = r"(?<![\d/.,])"
_NUMERIC: Final = (
    # day.month.year - day.month.year, then with the first year, or year and month, left out
    (re.compile(rf"{_NOT_LAW}{_D}{_S}{_D}{_S}{_Y}{_TO}{_D}{_S}{_D}{_S}{_Y}(?!\d)"), "dmy-dmy"),
    (re.compile(rf"{_NOT_LAW}{_D}{_S}{_D}{_TO}{_D}{_S}{_D}{_S}{_Y}(?!\d)"), "dm-dmy"),
    (re.compile(rf"{_NOT_LAW}{_D}{_TO}{_D}{_S}{_D}{_S}{_Y}(?!\d)"), "d-dmy"),
    (re.compile(rf"{_NOT_LAW}{_D}-{_D}-(\d{{4}}){_TO}{_D}-{_D}-(\d{{4}})(?!\d)"), "dmy-dmy"),
    (re.compile(rf"{_NOT_LAW}{_D} {_D} (\d{{4}}){_TO}{_D} {_D} (\d{{4}})(?!\d)"), "dmy-dmy"),
)
_DAY: Final = r"(\d{1,2})\s*[°º^]?"
_YEAR: Final = r"\d{4}|'?\d{2}(?![\d/.])"
_IN_WORDS: Final = re.compile(
    rf"{_NOT_LAW}{_DAY}\s+({_MONTH})\s*({_YEAR})?{_TO}{_DAY}\s+({_MONTH})\s*({_YEAR})"
)
_MONTHS_ONLY: Final = re.compile(
    rf"(?<!\d )(?<!\d)\b({_MONTH})\s*(\d{{4}})?\s*(?:(?:-|/|_|\bA\b|\bE\b|\bFINO A\b)\s*(?:{_MONTH}\s*[-/_]\s*)*({_MONTH})\s*)?(\d{{4}})"
)
_FROM: Final = re.compile(
    rf"\b(?:DAL|DALL|DECORRENZA|A DECORRERE DAL|A PARTIRE DAL)\b'?\s*{_D}(?:{_S}|-){_D}(?:{_S}|-)(\d{{4}}|\d{{2}})(?!\d)"
)
_UNTIL: Final = re.compile(
    rf"\b(?:FINO AL|SINO AL|AL|SCADENZA|ENTRO IL|A TUTTO IL)\s*:?\s*{_D}(?:{_S}|-){_D}(?:{_S}|-)(\d{{4}}|\d{{2}})(?!\d)"
)
_WORD_FROM: Final = re.compile(
    rf"\b(?:DAL|DALL|A DECORRERE DAL|A PARTIRE DAL)\b'?\s*{_DAY}\s+({_MONTH})\s*({_YEAR})"
)
_WORD_UNTIL: Final = re.compile(rf"\b(?:FINO AL|SINO AL|A TUTTO IL|AL)\s*{_DAY}\s+({_MONTH})\s*({_YEAR})")
_YEARS: Final = re.compile(
    r"(?:\b(?:ANN[OI]|ANNUALITA|BIENNIO|TRIENNIO|QUADRIENNIO|PERIODO)\b'?:?\s*)?"
    r"(?<![\d/.\-])(20[12]\d)(?:\s*[-/]\s*(20[12]\d|\d{2}))?(?:\s*/\s*(\d{2}))?(?!\d|[/.]\d|-\d)"
)


def read_period(tender: Words, lot: Words) -> Period:
    """The period in the tender, confirmed or corrected by the lot."""
    said = [words for words in (tender, lot) if words.is_published]
    stated = [period for words in said for period in _stated(words)]
    if not stated:
        stated = [period for words in said for period in _by_month(words)]
    if stated:
        return _agreed(stated)
    return next((period for words in said if (period := _by_year(words))), Period())


def _agreed(stated: list[Period]) -> Period:
    """One period: the only one, the one said twice, or the first with a question."""
    spans = [(period.start, period.end) for period in stated]
    if len(set(spans)) == 1:
        return stated[0]
    repeated = [period for period, span in zip(stated, spans, strict=True) if spans.count(span) > 1]
    chosen = repeated[0] if repeated else stated[0]
    several = warning(
        _("Il testo dà più periodi: letto quello dalle parole «%(words)s»."), "start", words=chosen.evidence
    )
    return Period(
        chosen.start, chosen.end, min(chosen.confidence, 0.65), chosen.evidence, (*chosen.findings, several)
    )


def _stated(words: Words) -> Iterator[Period]:
    taken: list[tuple[int, int]] = []
    for pattern, shape in _NUMERIC:
        for match in pattern.finditer(words.folded):
            if not _overlaps(match.span(), taken) and (period := _numeric(words, match, shape)):
                taken.append(match.span())
                yield period
    for match in _IN_WORDS.finditer(words.folded):
        if not _overlaps(match.span(), taken) and (period := _worded(words, match)):
            taken.append(match.span())
            yield period
    if not taken:
        yield from _one_sided(words)


def _overlaps(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in taken)


def _numeric(words: Words, match: "re.Match[str]", shape: str) -> Period | None:
    parts = [part for part in match.groups() if part is not None]
    year = parts[-1]
    if shape == "dmy-dmy":
        first, last = parts[:3], parts[3:]
    elif shape == "dm-dmy":
        first, last = [*parts[:2], year], parts[2:]
    else:
        first, last = [parts[0], parts[2], year], parts[1:]
    start, end = _day(*first), _day(*last)
    evidence = words.at(*match.span())
    if shape == "dm-dmy" and start and end and start > end:
        start = start.replace(year=start.year - 1)
    return _checked(start, end, evidence, 0.97)


def _worded(words: Words, match: "re.Match[str]") -> Period | None:
    day, month, year, last_day, last_month, last_year = match.groups()
    start = _day(day, str(_month(month)), year or last_year)
    end = _day(last_day, str(_month(last_month)), last_year)
    return _checked(start, end, words.at(*match.span()), 0.95)


def _one_sided(words: Words) -> Iterator[Period]:
    start = end = None
    evidence = []
    if match := _FROM.search(words.folded):
        start = _day(*match.groups())
        evidence.append(words.at(*match.span()))
    elif match := _WORD_FROM.search(words.folded):
        start = _day(match[1], str(_month(match[2])), match[3])
        evidence.append(words.at(*match.span()))
    if match := _UNTIL.search(words.folded):
        end = _day(*match.groups())
        evidence.append(words.at(*match.span()))
    elif match := _WORD_UNTIL.search(words.folded):
        end = _day(match[1], str(_month(match[2])), match[3])
        evidence.append(words.at(*match.span()))
    if start or end:
        yield Period(start, end, 0.9, " … ".join(evidence))


def _checked(start: date | None, end: date | None, evidence: str, confidence: float) -> Period | None:
    if start is None and end is None:
        return None
    if start is None or end is None:
        impossible = warning(
            _("In «%(words)s» una data è impossibile: non è stata letta."),
            "start" if start is None else "end",
            words=evidence,
        )
        return Period(start, end, 0.6, evidence, (impossible,))
    if end < start:
        backwards = warning(
            _("In «%(words)s» la fine è prima dell'inizio: controlla."), "end", words=evidence
        )
        return Period(start, end, 0.4, evidence, (backwards,))
    return Period(start, end, confidence, evidence)


def _by_month(words: Words) -> Iterator[Period]:
    """Months in words imply their first and last day: a little less than a stated date."""
    for match in _MONTHS_ONLY.finditer(words.folded):
        first, first_year, last, last_year = match.groups()
        year = int(last_year)
        if not 2010 <= year <= 2040:
            continue
        month, end_month = _month(first), _month(last or first)
        start_year = int(first_year) if first_year and last else year - (month > end_month)
        start = date(start_year, month, 1)
        end = date(year, end_month, monthrange(year, end_month)[1])
        evidence = words.at(*match.span())
        implied = warning(
            _("Le date vengono dai mesi («%(words)s»), non da giorni scritti."), "start", words=evidence
        )
        yield Period(start, end, 0.75, evidence, (implied,))


def _by_year(words: Words) -> Period | None:
    """A year or a span of years is not a date: nothing is stated, something is suggested."""
    for match in _YEARS.finditer(words.folded):
        before = words.folded[: match.start(1)]
        if re.search(r"(?:/|N\.? ?|\bDEL\s|LGS\.?\s|L\.\s|\bN\s|PROG\S*\s|GARA\s)$", before):
            continue
        ends = [year for year in match.groups()[1:] if year]
        first = int(match[1])
        last = int(ends[-1]) + (2000 if len(ends[-1]) == 2 else 0) if ends else first
        if last < first or last > first + 6:
            continue
        evidence = words.at(*match.span())
        years = warning(
            _("Il testo dice solo «%(words)s»: inizio e fine vanno confermati."), "start", words=evidence
        )
        return Period(None, None, 1.0, evidence, (years,), date(first, 1, 1), date(last, 12, 31))
    return None


def _month(word: str) -> int:
    return MONTHS[word.rstrip(".").lower()]


def _day(day: str, month: str, year: str) -> date | None:
    """The day, or none when the calendar has no such day."""
    year = year.lstrip("'")
    number = int(year) + 2000 if len(year) == 2 else int(year)
    try:
        found = date(number, int(month), int(day))
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2060 else None
