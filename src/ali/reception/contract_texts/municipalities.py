"""Which municipalities a contract names: as places of the service, not as the seat of who buys or runs it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz import fuzz, process

from ali.imports.findings import Finding, warning
from ali.imports.findings import marked as _
from ali.reception.contract_texts.text import Words


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality of the list that the caller passes in."""

    name: str
    istat: str
    province: str
    region: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A municipality found in a text, how sure we are, and from which words."""

    municipality: Municipality
    confidence: float
    evidence: str
    findings: tuple[Finding, ...] = ()


def normal(name: str) -> str:
    """Upper case, no accents, one space between words: `SANT'ANGELO` and `Sant Angelo` are the same."""
    folded = Words.of(name).folded
    return " ".join(re.sub(r"[^A-Z0-9\ufffd]+", " ", folded).split())


# What the law calls them and what everybody writes.
_ALSO: Final = {
    "REGGIO NELL EMILIA": ("REGGIO EMILIA", "REGGIO E"),
    "REGGIO DI CALABRIA": ("REGGIO CALABRIA",),
    "LONATO DEL GARDA": ("LONATO",),
    "DARFO BOARIO TERME": ("DARFO",),
    "MONTEGROTTO TERME": ("MONTEGROTTO",),
    "ABANO TERME": ("ABANO",),
    "BASSANO DEL GRAPPA": ("BASSANO",),
    "ROMANO D EZZELINO": (),
}
# Names that are also ordinary words: only after «Comune di», or with their province.
_ORDINARY: Final = frozenset(
    """
    AFFI ALA ALBA ALBERA ALTO ASSO ATTIMIS BASE BORGO BOSCO BRENTA CAMPO CAPO CARRARE CASA CASALE CASTELLO
    CAVALLINO CENTO CERRO CINTO COMUN CONCA CONTRADA CORTE CORTI CURA DOMUS DUE ENTE ESTATE FARA FONTE FORMA
    FRONT GALLO GARDA GESTO GIOIA ISOLA LAGO LARDIRAGO LIMITE LODE LONGI LORO LUCE MADONNA MAGGIORA MARANO
    MASSIMENO MELE MINERVA MINORI MONTE MONTI MOSO NE NO NUOVE NUOVO OGGIONA ORA ORIO PACE PALAZZO PARELLA PIANO
    PIEVE PINO PONTE PORTE POSTA POZZO PRATO PRIMO RE RETI RIO RIVA ROSA ROVERE SALA SALE SALI SAN SAURO SCALA
    SERRA SOLE SOLO SORA STRADA STRADELLA STRUTTURA TERME TERRA TERZO TORRE TORRI TRE UNITA URBE VALLE VARI VIA
    VICO VILLA VITA VO ZERO ZONE
    """.split()  # noqa: SIM905
)
_SIGLA: Final = r"(?:\s*\(\s*([A-Z]{2})\s*\)|\s+([A-Z]{2})(?=\s*(?:$|[-,;.)])))"
_BUYER: Final = re.compile(
    r"(?:PREFETTURA|PREFETTURE|U\.?T\.?G\.?|UFFICIO TERRITORIALE DEL GOVERNO|PROVINCIA|PROVINCE|PROVINCIALE|QUESTURA|"
    r"TRIBUNALE|COMMISSION\w+|SEZ\w*\.?|SEZIONE|ULSS|ASL|AUSL|HOTEL|ALBERGO|COMITATO|DIOCESI|CARITAS|ARCIDIOCESI|CAMERA|"
    r"CITTA METROPOLITANA|AMBITO|VIA|VIALE|PIAZZA|PIAZZALE|CORSO|LARGO|STRADA|OSPEDALE|REGIONE|FONDAZIONE|UNIVERSITA|"
    r"METROPOLITAN\w|SANTO|SANTA|PARROCCHIA|LAGO|VALLE|FERMO|AEROPORTO|STAZIONE)"
    r"(?:\s*-?\s*U\.?T\.?G\.?)?(?:\s+(?:DI|DEL|DELLA|DELL|D|TERRITORIALE|PROVINCIALE|INTERNAZIONALE|E))*[\s'\-]*$"
)
_SEVERAL_BUYERS: Final = re.compile(
    r"\b(?:PROVINCE|PREFETTURE|COMMISSIONI) DI (?:[A-Z' ]+?(?:,| E\b))+\s*$|\bPROVINCIA DI [A-Z']+ E\s*$"
)
# «LECCO UNA PROVINCIA ACCOGLIENTE», «PESARO ACCOGLIE»: the name of a project, not a place of it.
_SLOGAN: Final = re.compile(
    r"\s+(?:\w+\s+){0,2}?(?:ACCOGLI(?:E|ENTE)|SOLIDALE|INCLUSIV[AO]|SENZA FRONTIERE)\b"
)
_COMUNE: Final = re.compile(
    r"\b(?:COMUN[EI]|CITTA'?|MUNICIPIO|TERRITORIO COMUNALE)\s+(?:DI\s+|D'|DEL\s+|DELLA\s+|-\s*)?"
)
_PROJECT: Final = re.compile(r"\b(?:SPRAR|SAI|SIPROIMI)\s+(?:(?:DEL |DI )?COMUNE (?:DI )?|DI )?")
_AT: Final = re.compile(
    r"\b(?:A|AD|IN|PRESSO|SIT[OAIE] (?:IN|A|NEL)|UBICAT[OAIE] (?:IN|A)|LOC\.?|LOCALITA'?|FRAZ\.?|C/O)\s+$"
)
_LIST_BREAK: Final = re.compile(r"\s*(?:,|;|/|\bED?\b|-|\(\w{2}\)|\bE DI\b|\bDI\b)+\s*")
_LONGEST: Final = 6


@dataclass(slots=True)
class Gazetteer:
    """The municipalities by every spelling that texts use."""

    listed: Iterable[Municipality]
    _by_name: dict[str, list[Municipality]] = field(default_factory=lambda: defaultdict(list))
    _regions: dict[str, str] = field(default_factory=dict)
    _by_istat: dict[str, Municipality] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for municipality in self.listed:
            name = normal(municipality.name)
            self._regions[municipality.province] = municipality.region
            self._by_istat[municipality.istat] = municipality
            names = {name, *(normal(part) for part in municipality.name.split("/")), *_ALSO.get(name, ())}
            if re.match(r"SAN(?:T[OAE]?)? ", name):
                names.add(re.sub(r"^SAN(?:T[OAE]?)? ", "S ", name))
            for spelling in names:
                self._by_name[spelling].append(municipality)

    def by_istat(self, code: str) -> Municipality | None:
        """The municipality with this ISTAT code."""
        return self._by_istat.get(code)

    def named(self, name: str, province: str) -> Municipality | None:
        """The municipality with exactly this name: of this province, of its region, or the only one in Italy."""
        found = self._by_name.get(name, []) if name in self._by_name else []
        for pool in (
            [one for one in found if one.province == province],
            [one for one in found if self.is_near(one, province)],
            found,
        ):
            if len(pool) == 1:
                return pool[0]
        return None

    def is_near(self, municipality: Municipality, province: str) -> bool:
        """Whether it is in the same region as the province."""
        region = self._regions.get(province, "")
        return bool(region) and municipality.region == region

    def like(self, text: str, province: str) -> tuple[Municipality, float] | None:
        """The municipality whose name looks like this one: abbreviated, broken or misspelt."""
        names = [
            name for name, ones in self._by_name.items() if any(one.province == province for one in ones)
        ]
        pattern = _pattern_of(text)
        matching = [name for name in names if re.fullmatch(pattern, name)] if pattern else []
        if len({self.named(name, province) for name in matching}) == 1:
            one = self.named(matching[0], province)
            return (one, 90.0) if one else None
        best = process.extractOne(text, names, scorer=fuzz.ratio, score_cutoff=86)
        if best and (one := self.named(best[0], province)):
            return one, float(best[1])
        if "\ufffd" in text and pattern:
            anywhere = [name for name in self._by_name if re.fullmatch(pattern, name)]
            one = self.named(anywhere[0], province) if len(anywhere) == 1 else None
            return (one, 88.0) if one else None
        return None


def _pattern_of(text: str) -> str:
    """`S MARTINO V ZZE` as a pattern: single letters open a word, broken characters are any letter."""
    words = text.split()
    if not any(len(word) == 1 for word in words) and "\ufffd" not in text:
        return ""
    parts: list[str] = []
    place = 0
    while place < len(words):
        word = re.escape(words[place]).replace("\ufffd", "[A-Z ]{1,2}")
        if len(words[place]) == 1 and place + 1 < len(words) and len(words[place + 1]) <= 4:
            parts.append(f"{word}[A-Z]*{re.escape(words[place + 1])}")  # V.ZZE is one word: Venezze
            place += 1
        elif len(words[place]) == 1:
            parts.append(f"{word}[A-Z]*")
        else:
            parts.append(word)
        place += 1
    return r" (?:(?:DI|DEL|DELLA|IN|D|SUL|NELL) )?".join(parts)


def find_municipalities(
    words: Words, *, province: str, gazetteer: Gazetteer, off_limits: Iterable[tuple[int, int]] = ()
) -> list[Mention]:
    """Every municipality that the text gives as a place, once, in the order of the text."""
    found: dict[str, tuple[int, Mention]] = {}
    avoided = list(off_limits)
    for start, mention in _all_mentions(words, province, gazetteer, avoided):
        key = mention.municipality.istat
        if key not in found or found[key][1].confidence < mention.confidence:
            found[key] = (min(start, found[key][0]) if key in found else start, mention)
    return [mention for _start, mention in sorted(found.values(), key=lambda pair: pair[0])]


def _all_mentions(
    words: Words, province: str, gazetteer: Gazetteer, avoided: list[tuple[int, int]]
) -> Iterator[tuple[int, Mention]]:
    for match in _COMUNE.finditer(words.folded):
        yield from _listed_after(words, match.end(), province, gazetteer, is_comune=True)
    for match in _PROJECT.finditer(words.folded):
        yield from _listed_after(words, match.end(), province, gazetteer, is_comune=False)
    yield from _bare(words, province, gazetteer, avoided)


_WORD: Final = re.compile(r"[A-Z0-9\ufffd]+(?:\.[A-Z\ufffd]+)*'?")


def _tokens(text: str, start: int) -> list[tuple[int, int, str]]:
    return [(match.start(), match.end(), match[0]) for match in _WORD.finditer(text, start)]


def _listed_after(
    words: Words, start: int, province: str, gazetteer: Gazetteer, *, is_comune: bool
) -> Iterator[tuple[int, Mention]]:
    """The names after «Comuni di»: one, or several joined by commas, dashes and *e*."""
    place = start
    first = True
    while place < len(words.folded):
        read = _name_at(words, place, province, gazetteer, fuzzy=is_comune and first)
        if read is None:
            return
        mention, end = read
        if not is_comune:
            if _SLOGAN.match(words.folded, end):
                return
            name = normal(mention.evidence)
            if mention.municipality.province != province or name in _ORDINARY or len(name) < 4:
                return
            mention = Mention(
                mention.municipality, min(mention.confidence, 0.85), mention.evidence, mention.findings
            )
        yield place, mention
        joint = _LIST_BREAK.match(words.folded, end)
        if joint is None or joint.end() == end:
            return
        place, first = joint.end(), False


def _name_at(
    words: Words, start: int, province: str, gazetteer: Gazetteer, *, fuzzy: bool
) -> tuple[Mention, int] | None:
    """The longest municipality that begins at this place."""
    ahead = _tokens(words.folded, start)[:_LONGEST]
    if not ahead or words.folded[start : ahead[0][0]].strip(" '-"):
        return None
    for count in range(len(ahead), 0, -1):
        end = ahead[count - 1][1]
        span = words.folded[start:end]
        if re.search(r" - |[,;()]", span):
            continue
        sigla = _sigla_after(words.folded, end)
        if one := gazetteer.named(normal(span), sigla or province):
            return Mention(
                one, 0.95 if one.province == (sigla or province) else 0.8, words.at(start, end)
            ), end
    if fuzzy:
        return _near_name_at(words, start, ahead, province, gazetteer)
    return None


def _near_name_at(
    words: Words, start: int, ahead: list[tuple[int, int, str]], province: str, gazetteer: Gazetteer
) -> tuple[Mention, int] | None:
    best: tuple[float, Mention, int] | None = None
    for count in range(min(4, len(ahead)), 0, -1):
        end = ahead[count - 1][1]
        if re.search(r" - |[,;()]|\bE\b", words.folded[start:end]):
            continue
        if (near := gazetteer.like(normal(words.folded[start:end]), province)) and (
            best is None or near[1] > best[0]
        ):
            one, score = near
            evidence = words.at(start, end)
            finding = warning(
                _("«%(words)s» è stato letto come %(name)s: controlla."),
                "municipalities",
                words=evidence,
                name=one.name,
            )
            best = (score, Mention(one, 0.75, evidence, (finding,)), end)
    return (best[1], best[2]) if best else None


def _sigla_after(text: str, end: int) -> str:
    match = re.compile(_SIGLA).match(text, end)
    return (match[1] or match[2]) if match else ""


def _bare(
    words: Words, province: str, gazetteer: Gazetteer, avoided: list[tuple[int, int]]
) -> Iterator[tuple[int, Mention]]:
    """Names without «Comune di»: of this province, or of the region, away from buyers, streets and managers."""
    tokens = _tokens(words.folded, 0)
    position = 0
    while position < len(tokens):
        read = _bare_at(words, tokens, position, province, gazetteer)
        if read is None:
            position += 1
            continue
        mention, count = read
        start, end = tokens[position][0], tokens[position + count - 1][1]
        before = words.folded[:start]
        if _SEVERAL_BUYERS.search(before) or _SLOGAN.match(words.folded, end):
            position += count
            continue
        if not _BUYER.search(before) and not any(start < last and first < end for first, last in avoided):
            confidence = max(mention.confidence, 0.85) if _AT.search(before) else mention.confidence
            yield start, Mention(mention.municipality, confidence, mention.evidence)
        position += count


def _bare_at(
    words: Words, tokens: list[tuple[int, int, str]], position: int, province: str, gazetteer: Gazetteer
) -> tuple[Mention, int] | None:
    start = tokens[position][0]
    for count in range(min(_LONGEST, len(tokens) - position), 0, -1):
        end = tokens[position + count - 1][1]
        span = words.folded[start:end]
        if re.search(r" - |[,;()/]", span):
            continue
        name = normal(span)
        if len(name) < 4 and not _sigla_after(words.folded, end):
            continue
        sigla = _sigla_after(words.folded, end)
        one = gazetteer.named(name, sigla or province)
        if one is None:
            continue
        if sigla == one.province:
            return Mention(one, 0.9, words.at(start, end)), count
        if name in _ORDINARY:
            return None
        if one.province == province:
            return Mention(one, 0.75, words.at(start, end)), count
        if gazetteer.is_near(one, province):
            return Mention(one, 0.6, words.at(start, end)), count
        if not province and _AT.search(words.folded[:start]):
            return Mention(one, 0.6, words.at(start, end)), count
    return None
