"""How many places a contract is for: only numbers that the text gives as places."""

import re
from dataclasses import dataclass
from typing import Final

from ali.imports.findings import Finding, warning
from ali.imports.findings import marked as _
from ali.reception.contract_texts.text import Words

_PEOPLE: Final = r"OSPITI|BENEFICIARI|MINORI|M\.?S\.?N\.?A|PERSONE|CITTADINI|MIGRANTI|RICHIEDENTI|PROFUGHI|UTENTI|STRANIERI|RIFUGIATI"
_NUMBER: Final = r"(?P<number>\d{1,2}\.\d{3}|\d{1,4})"
_BEFORE: Final = re.compile(
    rf"(?<![\d/.,\-_]){_NUMBER}(?:\s*\(\w+\))?\s+(?:ULTERIORI\s+|NUOVI\s+)?(?P<noun>POSTI|POSTO|{_PEOPLE})\b"
)
_AFTER: Final = re.compile(
    rf"\b(?P<noun>POSTI)(?:\s+LETTO)?\s*:?\s*(?:N[.R°º]*\s*)?{_NUMBER}(?![\d/.]|\s*(?:POSTI|CITTADINI|MIGRANTI))"
)
# A ceiling or a class of centre is not the number of places of this contract.
_CEILING: Final = re.compile(
    r"(?:\b(?:FINO|SINO|ENTRO|MASSIM[OAI]|MAX|NON SUPERIOR[EI]|INFERIOR[EI]|OLTRE|ALMENO|MINIM[OA])\b"
    r"(?:\s+(?:A|AD|AL|UN|DI|DA|N\.?|COMPLESSIV[OA]|TOTALE|MASSIM[OA]|PARI|NUMERO))*\s*"
    r"|\b(?:DA|TRA|FRA)\s+\d+\s+(?:FINO\s+)?(?:A|AD|E)\s+(?:N\.?\s*)?|\d\s*[-/]\s*|\bDA\s+)$"
)
_NOT_A_COUNT: Final = re.compile(
    r"\b(?:LOTT[OI]|ART|ARTICOLO|COMMA|CO|C|LETT|LETTERA|ID|PROG|PROT|NR PROT|CIG|CUP|LEGGE|L|DM|D\.M|D\.LGS|LGS|DGR|ANNO|ANNI|BIENNIO|TRIENNIO|PR|CAS|CAP|VIA|CIVICO|REP|DET|DETERMINA)\.?\s*(?:N\.?\s*)?$"
)


@dataclass(frozen=True, slots=True)
class Places:
    """The places of a contract, when the text says them."""

    count: int | None = None
    confidence: float = 1.0
    evidence: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Mention:
    count: int
    noun: str
    evidence: str
    is_total: bool
    is_more: bool


def read_places(tender: Words, lot: Words) -> Places:
    """The places said by the lot, else by the tender; several different numbers are left to a person."""
    ceilings: list[str] = []
    for words in (lot, tender):
        if words.is_published:
            mentions = _mentions(words, ceilings)
            if mentions:
                return _chosen(mentions)
    if ceilings:
        ceiling = warning(
            _("«%(words)s» è una capienza massima, non il numero dei posti."), "places", words=ceilings[0]
        )
        return Places(findings=(ceiling,))
    return Places()


def _mentions(words: Words, ceilings: list[str]) -> list[_Mention]:
    found: dict[int, _Mention] = {}
    for pattern in (_BEFORE, _AFTER):
        for match in pattern.finditer(words.folded):
            count = int(match["number"].replace(".", ""))
            before = words.folded[: match.start()]
            before = re.sub(r"\bN[.R°º]*\s*$", "", before)
            if not _is_count(count, match["noun"], before):
                continue
            if pattern is _BEFORE and _CEILING.search(before):
                ceilings.append(_context(words, match))
                continue
            place = match.start("number")
            found.setdefault(
                place,
                _Mention(
                    count,
                    match["noun"],
                    _context(words, match),
                    bool(re.search(r"(?:TOTALE|COMPLESSIV\w)\s*(?:DI|PER|POSTI)?\s*$", before))
                    or words.folded[match.end() :].lstrip().startswith("COMPLESSIV"),
                    "ULTERIORI" in match[0] or bool(re.search(r"AUMENTO A\s*$|AMPLIAMENTO\D{0,20}$", before)),
                ),
            )
    return [found[place] for place in sorted(found)]


def _is_count(count: int, noun: str, before: str) -> bool:
    if not 0 < count <= 5000 or _NOT_A_COUNT.search(before):
        return False
    return not (1990 <= count <= 2100 and not noun.startswith("POST"))


def _context(words: Words, match: "re.Match[str]") -> str:
    start = max(words.raw.rfind(" ", 0, max(match.start() - 14, 0)), 0)
    return words.at(start if match.start() > 14 else 0, match.end())


def _chosen(mentions: list[_Mention]) -> Places:
    for preferred in (
        [mention for mention in mentions if mention.is_total],
        [mention for mention in mentions if mention.is_more],
        [mention for mention in mentions if mention.noun.startswith("POST")],
        mentions,
    ):
        counts = {mention.count for mention in preferred}
        if len(counts) == 1:
            return _sure_of(preferred[0], mentions)
        if counts:
            numbers = ", ".join(str(count) for count in sorted(counts))
            several = warning(
                _("Il testo dà più numeri di posti (%(numbers)s): indica quello giusto."),
                "places",
                numbers=numbers,
            )
            return Places(None, 0.5, preferred[0].evidence, (several,))
    return Places()


def _sure_of(mention: _Mention, mentions: list[_Mention]) -> Places:
    if mention.count > 400:
        whole = warning(
            _("%(count)s è il fabbisogno di tutta la gara, non di un centro: controlla."),
            "places",
            count=mention.count,
        )
        return Places(mention.count, 0.6, mention.evidence, (whole,))
    if mention.is_more:
        grown = warning(_("I posti sono quelli di un ampliamento: controlla se sono il totale."), "places")
        return Places(mention.count, 0.75 if len(mentions) == 1 else 0.65, mention.evidence, (grown,))
    return Places(mention.count, 0.97 if mention.noun.startswith("POST") else 0.9, mention.evidence)
