"""Who runs the reception, when the text says it; names of single persons are masked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from rapidfuzz import fuzz, process

from ali.imports.findings import Finding, warning
from ali.imports.findings import marked as _
from ali.reception.contract_texts.given_names import GIVEN_NAMES
from ali.reception.contract_texts.text import Words
from ali.reception.contract_texts.vocabulary import FUNCTION_WORDS, PROCUREMENT


@dataclass(frozen=True, slots=True)
class Manager:
    """The body that runs the service, as the text writes it."""

    name: str = ""
    confidence: float = 1.0
    evidence: str = ""
    span: tuple[int, int] | None = None
    seat: tuple[int, int] | None = None
    is_masked: bool = False
    is_in_lot: bool = False
    hidden: str = ""  # the person's name, only to cover it elsewhere in the row: never kept
    findings: tuple[Finding, ...] = ()


_FORM: Final = (
    r"(?:\bSOC(?:IETA'?|\.)?\s*COOP\w*\.?(?:\s*SOC(?:IALE|\.)?)?|\bCOOP(?:ERATIVA|ER|E)?\b\.?(?:\s*SOC(?:IALE\b|\.)?)?|"
    r"\bASSOCIAZIONE\b|\bASS[.\-]\s|\bFONDAZIONE\b|\bCONSORZIO\b|\bONLUS\b|\bS\.?R\.?L\.?\b|\bS\.?C\.?S\.?\b|\bSCRL\b|\bSARL\b|"
    r"\bA\.?\s?R\.?L\.?|\bS\.?P\.?A\.?\b(?!\w)|\bS\.?N\.?C\.?\b(?!\w)|\bS\.?A\.?S\.?\b(?!\w)|\bPARROCCHIA\b|\bSUORE\b|\bCARITAS\b|\bMISERICORDIA\b|\bCROCE ROSSA\b|\bC\.R\.I\.|\bR\.?T\.?I\.?\b(?=\s)|\bR\.T\.\s|"
    r"\bA\.?T\.?I\.\s|\bAPS\b|\bODV\b|\bARCI\b|\bACLI\b|\bIMPRESA SOCIALE\b|\bISTITUTO\b|\bCONGREGAZIONE\b|\bCEIS\b|\bHOTEL\b(?=\s[A-Z])|\bALBERGO\b(?=\s[A-Z])|\bDITTA\b|\bCOMUNITA'? (?:SERVIZI|L'|PAPA))"
)
_ENDS: Final = re.compile(
    r"\s*(?:\bP\.?\s?I(?:VA)?\.?\s*(?:N\.?\s*)?\d|\bC\.?F\.?\b|\(|\)|\bCON SEDE\b|\bANN[OI]\s+\d|\bPER\b|\bFINO A\b|\bPRESSO\b|\bTOTALE\b|\bPERIODO\b|\bDAL\b|\bDALL'|"
    r"\bPROROGA\b|\bACCOGLIENZA\b|\bN\.\s?\d|\d{2}[/.]\d|\b\d+ POSTI\b|\bPOSTI\b|\bCIG\b|\bCENTRI\b|\bEX ART\b|\bIN FAVORE\b|\bA FAVORE\b|\bSTRUTTUR|\bVIA\b|\bIN QUALITA|;|, (?=[A-Z]{4,} |(?:DEL|DELLA|PER|IN|A)\b)|\"|$)"
)
# «CENTRO … PER L'ASSISTENZA A … ODV»: the form at the end closes the name, whatever words it holds.
_CLOSED_BY_FORM: Final = re.compile(
    r"(?!(?:ODV|APS|ONLUS)\b)[^,;:()\d]{3,90}?\b(?:ODV|APS|ONLUS)\b(?=\s*(?:,|$))"
)
_EXPLICIT: Final = (
    # the words that introduce a manager, and how sure they make us
    (re.compile(r"\bGESTIT[AOEI]\s+(?:DA(?:LLA|LL'|L)?|DELLA)\s+"), 0.97),
    (re.compile(r"\bALLOGGIAMENTO TEMPORANEO A\s+"), 0.97),
    (re.compile(r"\bCONTRATTO\s+(?:UA|CC|MSNA|CAS)\s+(?:\d+\s*-\s*\d+\s+)?(?=[A-Z])"), 0.9),
    (re.compile(r"\bENTI GESTORI\.?\s*\((?=[A-Z])"), 0.95),
    (re.compile(r"\bENTE GESTORE:?\s+(?=[A-Z])(?!DEL|PER|DI |E )"), 0.85),
    (
        re.compile(
            r"(?<!CON LA )(?<!DELLA )\bPREFETTURA(?:\s*-?\s*U\.?T\.?G\.?)?\s+DI\s+[A-Z]+\b\s*-?\s*(?=[A-Z])(?!PER\b|NEL|DAL|AL\b|A\b|E\b|ED\b|FINO|IN\b|UTG|UFFICIO|SERVIZIO|ANNO|PROROGA|CIG|GARA|PERIODO|LOTTO)"
        ),
        0.95,
    ),
    (re.compile(r"\bORGANISMO\s+(?=[A-Z])(?!DI\b|DEL|PER\b|E\b)"), 0.85),
    (re.compile(r"\bANNO\s+20\d\d\s*-\s*(?=[A-Z])(?!PREFETTURA|PROROGA|CONVENZIONE)"), 0.93),
    (re.compile(r"\bCOMUNITA'?\s+S\.? \w+ DEL(?:LA|L')?\s*(?=CEIS|COOP|ASS|FOND)"), 0.7),
)
_SEPARATOR: Final = re.compile(r"\s+-+\s*|\s*-+\s+|(?<=\d)-(?=[A-Z]{3})")
_WORD: Final = re.compile(r"[A-Z0-9][A-Z0-9.'&/\-,]*")
_SEAT: Final = re.compile(r"\s+(?:-\s*)?DI\s+(?P<name>[A-Z' ]+?)(?:\s+(?P<sigla>[A-Z]{2}))?$")


def find_manager(tender: Words, lot: Words, *, place_names: frozenset[str]) -> Manager:
    """The manager in the tender, else in the lot; a person's name comes back masked."""
    for words in (tender, lot):
        if words.is_published:
            for found in _candidates(words, place_names):
                return replace(_masked(found, words), is_in_lot=words is lot and words is not tender)
    return Manager()


def _candidates(words: Words, place_names: frozenset[str]) -> Iterator[Manager]:
    for pattern, confidence in _EXPLICIT:
        for match in pattern.finditer(words.folded):
            if found := _until_end(words, match.end(), confidence, place_names):
                yield found
    yield from _by_form(words, place_names)
    yield from _left_over(words, place_names)


def _until_end(words: Words, start: int, confidence: float, place_names: frozenset[str]) -> Manager | None:
    """From here to the end of the segment, or to the words that cannot be part of a name."""
    limit = len(words.folded)
    for separator in _SEPARATOR.finditer(words.folded, start):
        follows = words.folded[separator.end() :]
        is_abbreviation = words.folded[start : separator.start()].endswith("ASS")
        if not follows.startswith("COMITATO") and not is_abbreviation:
            limit = separator.start()
            break
    end = limit
    if closed := _CLOSED_BY_FORM.match(words.folded, start, limit):
        return _named(words, start, closed.end(), confidence, place_names)
    for ending in _ENDS.finditer(words.folded, start, limit):
        if ending.start() > start and _has_own_name(words.folded[start : ending.start()]):
            end = ending.start()
            break
    return _named(words, start, min(end, limit), confidence, place_names)


def _named(
    words: Words,
    start: int,
    end: int,
    confidence: float,
    place_names: frozenset[str],
    *,
    is_guess: bool = False,
) -> Manager | None:
    text = words.folded[start:end].rstrip(" -,;:")
    end = start + len(text)
    tokens = [token for token in _WORD.findall(text) if any(letter.isalpha() for letter in token)]
    if not tokens or (all(_is_common(token) for token in tokens) and not re.search(_FORM, text)):
        return None
    end, seat = _without_seat(words, start, end, place_names, is_guess=is_guess)
    if end <= start or normal_words(words.folded[start:end]) in place_names:
        return None
    name = words.at(start, end)
    if _ABBREVIATED.search(words.folded[start:end]):
        name += "."
    return Manager(name, confidence, name, (start, end), seat)


_ABBREVIATED: Final = re.compile(r"(?:\.\s?\w{1,2}|\bSOC|\bCOOP)\.$")


def _without_seat(
    words: Words, start: int, end: int, place_names: frozenset[str], *, is_guess: bool
) -> tuple[int, tuple[int, int] | None]:
    """`ECOFFICINA DI BATTAGLIA TERME PD`: the seat is not part of the name (but «Comitato di Padova» is)."""
    text = words.folded[start:end]
    match = _SEAT.search(text)
    if (
        match
        and normal_words(match["name"]) in place_names
        and "COMITATO" not in text
        and not re.search(r"CROCE ROSSA|MISERICORDIA", text)
    ):
        return start + match.start(), (start + match.start("name"), end)
    tail = text.split()
    for count in (3, 2, 1) if is_guess else ():
        place = " ".join(tail[-count:])
        if len(tail) > count and place in place_names and tail[-count - 1] not in {"DI", "DEL"}:
            return start + len(text[: text.rindex(place)].rstrip(" -")), None
    return end, None


def normal_words(text: str) -> str:
    """Upper case words with single spaces and no signs."""
    return " ".join(re.sub(r"[^A-Z0-9]+", " ", text).split())


def _by_form(words: Words, place_names: frozenset[str]) -> Iterator[Manager]:
    """A name around a legal form: «COOP. SOCIALE …», «… S.R.L.»."""
    for match in re.finditer(_FORM, words.folded):
        start = _start_of_name(words, match.start())
        found = _until_end(words, start, 0.9, place_names)
        if found and found.span and found.span[1] >= match.start() and _has_own_name(found.name):
            yield found


def bare_name(name: str) -> str:
    """The letters of a name without its legal forms: how two spellings of one body meet."""
    bare = re.sub(_FORM, " ", Words.of(name).folded)
    return re.sub(r"[^A-Z0-9]", "", re.sub(r"\bSOCIALE?\b", " ", bare))


def _has_own_name(name: str) -> bool:
    bare = re.sub(_FORM, " ", Words.of(name).folded)
    bare = re.sub(r"\bSOCIALE?\b|\bA R\.?L\.?|\bDI\b|\bA\b|\bE\b", " ", bare)
    return any(len(token.strip(".'")) > 1 and not _is_common(token) for token in _WORD.findall(bare)) or bool(
        re.search(r"CROCE ROSSA|SUORE \w+|CARITAS|MISERICORDIA DI", Words.of(name).folded)
    )


def _start_of_name(words: Words, form: int) -> int:
    """Walk back from a legal form over words that are nobody's vocabulary."""
    lower = 0
    for separator in _SEPARATOR.finditer(words.folded, 0, form):
        lower = separator.end()
    for sign in '().;:"':
        lower = max(
            lower,
            words.folded.rfind(sign + " ", lower, form) + 2
            if sign in ".;:"
            else words.folded.rfind(sign, lower, form) + 1,
        )
    opening = list(_WORD.finditer(words.folded, lower, form))
    if 0 < len(opening) <= 5 and not _is_common(opening[0][0]) and opening[0][0].isalpha():
        return opening[0].start()
    start = form
    for token in reversed(list(_WORD.finditer(words.folded, lower, form))):
        own = not _is_common(token[0]) and any(letter.isalpha() for letter in token[0])
        if not own and token[0] not in {
            "IL",
            "LA",
            "LO",
            "LE",
            "I",
            "L",
            "UN",
            "DI",
            "DEL",
            "E",
            "CON",
            "CITTA'",
            "CASA",
            "PER",
        }:
            break
        start = token.start()
    committee = re.search(
        r"COMITATO(?: (?:PROVINCIALE|REGIONALE|LOCALE))?(?: DI \w+)?\s*(?:DELLA\s+)?$",
        words.folded[lower:start],
    )
    if committee:
        return lower + committee.start()
    while (
        (first := _WORD.match(words.folded, start))
        and first[0] in {"DI", "DEL", "E", "CON", "PER", "I"}
        and start < form
    ):
        start = first.end() + (words.folded[first.end() : first.end() + 1] == " ")
    return start


def _left_over(words: Words, place_names: frozenset[str]) -> Iterator[Manager]:
    """What remains once the vocabulary of contracts is taken away: a proper name, with less confidence."""
    cleaned = re.sub(r"'[^']{8,}'|\"[^\"]+\"", lambda match: " " * len(match[0]), words.folded)
    run: list[re.Match[str]] = []
    for token in [*_WORD.finditer(cleaned), None]:
        is_next = bool(
            token and run and not re.search(r"\s-|-\s|[(),;:]|\.\s", cleaned[run[-1].end() : token.start()])
        )
        own = token is not None and _is_own(token[0])
        if token and own and (not run or is_next):
            run.append(token)
            continue
        if found := _from_run(words, run, place_names):
            yield found
        run = [token] if token and own else []


def _from_run(words: Words, run: "list[re.Match[str]]", place_names: frozenset[str]) -> Manager | None:
    run = list(run)
    while run and run[-1][0].strip("'.") in FUNCTION_WORDS:
        run.pop()
    while run and run[0][0].strip("'.") in FUNCTION_WORDS - {"IL", "LA", "LO", "LE", "L"}:
        run.pop(0)
    own_words = [token[0] for token in run if len(token[0]) > 3 and not _is_common(token[0])]
    if (
        not own_words
        or own_words == ["CITTA'"]
        or run[0][0] in {"VIA", "VIALE", "PIAZZA", "CORSO", "LOC", "LOC."}
    ):
        return None
    start, end = run[0].start(), run[-1].end()
    before = words.folded[:start].rstrip()
    ends_the_list = re.search(r"\b(?:COLLETTIV[EI]|ABITATIVE)$", before) and end == len(words.folded)
    if len(run) == 1 and before and not before.endswith("-") and not ends_the_list:
        return None
    if re.search(
        r"\b(?:PROGETTO|PROGRAMMA|TITOLO|DENOMINATO|APPARTAMENTO|VIA|PIAZZA|LOC\.?|LOCALITA|MIS\.|COMUN[EI](?: D\w+)?|PROVINCIA DI|VALLE|MONTANA DI|HUB|BASE|GEOGRAFICO)$",
        before,
    ):
        return None
    if re.search(r"\b(?:A|AD|IN|PRESSO)$", before) and re.match(_PLACE_LIKE, run[0][0]):
        return None
    own = " ".join(token[0] for token in run)
    if normal_words(own) in place_names:
        return None
    return _named(words, start, end, 0.7, place_names, is_guess=True)


# «A SAN MARTINO» says where, not who.
_PLACE_LIKE: Final = r"(?:S\.|SAN|SANTA|SANTO|SANT'\w*|MONTE\w*|CASTEL\w*|BORGO|VILLA|TORRE|PONTE)$"


def _is_own(token: str) -> bool:
    """Whether a word may be part of a proper name."""
    if not any(letter.isalpha() for letter in token) or any(letter.isdigit() for letter in token):
        return False
    return not _is_common(token) or token.strip("'.") in FUNCTION_WORDS


def _is_common(token: str) -> bool:
    """Whether a word belongs to the language of contracts, misspellings included."""
    bare = token.strip("'.,-/&")
    if "." in bare and (
        bare.replace(".", "") in _ACRONYMS or all(_is_acronym(part) for part in bare.split("-"))
    ):
        return True
    opening = re.match(r"(?:PERL|DELL|ALL|NELL|SULL|DALL|L|D)(?=[A-Z]{3})", bare)
    if opening and bare[opening.end() :] in PROCUREMENT:
        return True
    parts = [part for part in re.split(r"['/,\-]", bare) if part]
    if all(part in PROCUREMENT or part in FUNCTION_WORDS or len(part) == 1 for part in parts):
        return True
    if len(bare) < 7 or "." in bare:
        return False
    return process.extractOne(bare, _LONG_WORDS, scorer=fuzz.ratio, score_cutoff=84) is not None


def _is_acronym(part: str) -> bool:
    return part.replace(".", "") in _ACRONYMS or part in PROCUREMENT


_ACRONYMS: Final = frozenset(
    """
    AS ATI DGR DL DLGS DM DPCM DPR FAMI GLGS INT INTLE LA LB LETT LR MSNA PI RTI SAI SMI SPRAR SSMM SSMMII UE
    UTG
    """.split()  # noqa: SIM905
)
_LONG_WORDS: Final = tuple(word for word in PROCUREMENT if len(word) > 6)


_NOT_A_PERSON: Final = re.compile(
    r"\b(?:SAN|SANTA|SANTO|S|PAPA|DON|SUOR|SUORE|MADRE|PADRE|CASA|CENTRO|VILLA|VIA|[IVX]{2,})\b|\d|'"
)


def _masked(found: Manager, words: Words) -> Manager:
    """A sole trader's name becomes initials: the contract is public, the person is not our business."""
    before = words.folded[: found.span[0]].rstrip() if found.span else ""
    person = (
        "" if re.search(r"\b(?:S\.|SAN|SANTA|SANTO|VIA|PAPA|DON)$", before) else personal_name_in(found.name)
    )
    if not person:
        return found
    initials = " ".join(f"{word[0]}." for word in person.split())
    name = found.name.replace(person, initials)
    sentence = warning(
        _("Il gestore sembra una persona (ditta individuale): il nome è coperto, resta «%(name)s»."),
        "manager",
        name=name,
    )
    return replace(
        found,
        name=name,
        evidence=name,
        confidence=min(found.confidence, 0.65),
        is_masked=True,
        hidden=person,
        findings=(sentence,),
    )


def personal_name_in(name: str) -> str:
    """The part of a manager's name that is a person's name, when there is one."""
    folded = Words.of(name).folded
    tail = re.search(
        r"(?:\bDITTA(?: INDIVIDUALE)?|\bIMPRESA INDIVIDUALE|\b(?:HOTEL|ALBERGO|AGRITURISMO|B&B|LOCANDA)\b.*?\bDI)\s+((?:[A-Z']{2,}\s*){2,4})$",
        folded,
    )
    if tail:
        return name[tail.start(1) : tail.end(1)].strip()
    if re.search(_FORM, folded) or _NOT_A_PERSON.search(folded):
        return ""
    tokens = folded.split()
    if 2 <= len(tokens) <= 4 and any(token in GIVEN_NAMES for token in (tokens[0], tokens[-1])):
        return name
    return ""


_TITLED: Final = re.compile(
    r"\b(?:SIG\.?(?:RA|NA)?|DOTT?\.?(?:SSA)?|AVV\.?|ARCH\.?|ING\.?|GEOM\.?|RAG\.?|PROF\.?(?:SSA)?)\s+(?P<person>[A-Z']{2,}(?:\s+[A-Z']{2,}){1,2})"
)
_FISCAL_CODE: Final = re.compile(r"\b(?P<person>[A-Z]{6}\d{2}[A-EHLMPR-T]\d{2}[A-Z]\d{3}[A-Z])\b")
_INITIALS: Final = re.compile(
    r"\b(?:MSNA|MINORE|MINORI|NEOMAGGIORENNE)\s+(?P<person>(?!RE\b|PD\b|VI\b|RO\b|BS\b)[A-Z]\.?\s?[A-Z]\.?)(?=\s+(?:C/O|PRESSO|DAL|NATO|-)|\s*$)"
)
HIDDEN: Final = "[nome coperto]"


def without_persons(words: Words, manager: Manager) -> tuple[str, tuple[Finding, ...]]:
    """The text fit to be kept: names of persons, their tax codes and minors' initials are covered."""
    text, covered = words.raw, False
    spans = [
        match.span("person")
        for pattern in (_TITLED, _FISCAL_CODE, _INITIALS)
        for match in pattern.finditer(words.folded)
    ]
    if manager.hidden:
        spans += [
            match.span() for match in re.finditer(re.escape(Words.of(manager.hidden).folded), words.folded)
        ]
    for start, end in sorted(set(spans), reverse=True):
        text, covered = text[:start] + HIDDEN + text[end:], True
    if not covered:
        return text, ()
    return text, (
        warning(_("Nel testo c'era il nome o la sigla di una persona: è stato coperto."), "subject"),
    )
