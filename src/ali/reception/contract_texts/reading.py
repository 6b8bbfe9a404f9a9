"""One row of ANAC's open data into one reading: what the text says, how sure we are, from which words."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from ali.imports.files import SourceTable, UnreadableFile, read_table
from ali.imports.findings import Finding, error, note, warning
from ali.imports.findings import marked as _
from ali.imports.parsing import Cell, parse_date
from ali.reception.contract_texts.beds import read_places
from ali.reception.contract_texts.managers import Manager, bare_name, find_manager, without_persons
from ali.reception.contract_texts.municipalities import (
    Gazetteer,
    Mention,
    Municipality,
    find_municipalities,
    normal,
)
from ali.reception.contract_texts.periods import read_period
from ali.reception.contract_texts.subjects import read_subject
from ali.reception.contract_texts.text import Words

REQUIRED_COLUMNS: Final = ("cig", "oggetto_gara", "oggetto_lotto", "sigla_provincia")
# Below this a person confirms the field.
SURE_ENOUGH: Final = 0.7


@dataclass(slots=True)
class ContractReading:
    """What one contract says. Empty where the text is silent: nothing is taken from elsewhere."""

    row: int
    cig: str
    status: str = "ok"
    is_reception: bool = False
    kind: str | None = None
    places: int | None = None
    municipalities: tuple[Mention, ...] = ()
    manager: str | None = None
    start: date | None = None
    end: date | None = None
    confidence: float = 0.0
    field_confidence: dict[str, float] = field(default_factory=dict)
    evidence: dict[str, str] = field(default_factory=dict)
    messages: list[Finding] = field(default_factory=list)
    # What else the row holds, for the importer: the subject fit to be kept, the buyer, and hints that are not facts.
    subject: str = ""
    province: str = ""
    buyer: str = ""
    published_on: date | None = None
    listed_place: Municipality | None = None
    implied_start: date | None = None
    implied_end: date | None = None
    manager_is_masked: bool = False

    def as_json(self) -> dict[str, object]:
        """The row as `ali import anac --json` prints it."""
        return {
            "row": self.row,
            "cig": self.cig,
            "status": self.status,
            "is_reception": self.is_reception,
            "kind": self.kind,
            "places": self.places,
            "municipalities": [mention.municipality.name for mention in self.municipalities],
            "manager": self.manager,
            "start": self.start.isoformat() if self.start else None,
            "end": self.end.isoformat() if self.end else None,
            "confidence": round(self.confidence, 2),
            "messages": [str(message) for message in self.messages],
        }


@dataclass(frozen=True, slots=True)
class ContractReader:
    """Reads rows against a list of municipalities; build it once per file."""

    gazetteer: Gazetteer
    place_names: frozenset[str]

    @classmethod
    def with_municipalities(cls, municipalities: Iterable[Municipality]) -> "ContractReader":
        """A reader that knows these municipalities."""
        listed = list(municipalities)
        names = {normal(one.name) for one in listed} | {"REGGIO EMILIA", "REGGIO CALABRIA"}
        return cls(Gazetteer(listed), frozenset(names))

    def read(self, cells: Mapping[str, Cell], *, row: int) -> ContractReading:
        """The reading of one row; never raises, never drops."""
        reading = ContractReading(row=row, cig=_text(cells, "cig").upper())
        reading.province = _text(cells, "sigla_provincia").upper()
        reading.buyer = _text(cells, "amministrazione")
        reading.published_on = _published_on(cells)
        reading.listed_place = self.gazetteer.by_istat(_text(cells, "luogo_istat"))
        tender, lot = Words.of(_text(cells, "oggetto_gara")), Words.of(_text(cells, "oggetto_lotto"))
        if problem := _broken(reading.cig, tender, lot):
            reading.status, reading.messages = "error", [problem]
            return reading
        self._fill(reading, tender, lot, cpv=_text(cells, "cod_cpv"))
        return reading

    def _fill(self, reading: ContractReading, tender: Words, lot: Words, *, cpv: str) -> None:
        _fill_subject(reading, tender, lot, cpv)
        _fill_period(reading, tender, lot)
        manager = find_manager(tender, lot, place_names=self.place_names)
        if reading.is_reception:
            _fill_places(reading, tender, lot)
            _fill_manager(reading, manager)
            self._fill_municipalities(reading, tender, lot, manager)
            self._compare_provinces(reading)
        _cover_persons(reading, tender, lot, manager)
        _conclude(reading)

    def _fill_municipalities(
        self, reading: ContractReading, tender: Words, lot: Words, manager: Manager
    ) -> None:
        avoided = [span for span in (manager.span, manager.seat) if span]
        found: dict[str, Mention] = {}
        for words in (tender, lot):
            if words.is_published:
                spans = avoided if (words is lot and words is not tender) == manager.is_in_lot else ()
                for mention in find_municipalities(
                    words, province=reading.province, gazetteer=self.gazetteer, off_limits=spans
                ):
                    found.setdefault(mention.municipality.istat, mention)
        if not found and manager.seat:
            found = self._seat(reading, lot if manager.is_in_lot else tender, manager.seat)
        reading.municipalities = tuple(found.values())
        for mention in found.values():
            reading.messages += mention.findings
        if found:
            reading.field_confidence["municipalities"] = min(mention.confidence for mention in found.values())
            reading.evidence["municipalities"] = "; ".join(mention.evidence for mention in found.values())

    def _seat(self, reading: ContractReading, words: Words, seat: tuple[int, int]) -> dict[str, Mention]:
        """The manager's seat stands for the place only when the row's own place agrees."""
        for mention in find_municipalities(
            Words(words.raw[seat[0] : seat[1]], words.folded[seat[0] : seat[1]]),
            province=reading.province,
            gazetteer=self.gazetteer,
        ):
            name = mention.municipality.name
            if mention.municipality == reading.listed_place:
                sentence = warning(
                    _("%(name)s è la sede del gestore: controlla che sia anche il luogo dell'accoglienza."),
                    "municipalities",
                    name=name,
                )
                return {
                    mention.municipality.istat: Mention(
                        mention.municipality, 0.6, mention.evidence, (sentence,)
                    )
                }
        return {}

    def _compare_provinces(self, reading: ContractReading) -> None:
        """A province that contradicts the text, or the buyer, is for a person to settle."""
        for mention in reading.municipalities:
            one = mention.municipality
            if reading.province and one.province != reading.province:
                reading.messages.append(
                    warning(
                        _("La riga dice provincia %(told)s ma %(name)s è in provincia di %(real)s."),
                        "municipalities",
                        told=reading.province,
                        name=one.name,
                        real=one.province,
                    )
                )
                reading.field_confidence["municipalities"] = min(
                    reading.field_confidence["municipalities"], 0.6
                )
        buyer = re.search(
            r"\b(?:PREFETTURA|COMUNE|PROVINCIA)(?:\s*-?\s*U\.?T\.?G\.?-?)?\s+(?:DI\s+)?([A-Z' ]+?)(?:\s*-|$)",
            Words.of(reading.buyer).folded,
        )
        home = self.gazetteer.named(normal(buyer[1]), reading.province) if buyer else None
        if home and reading.province and home.province != reading.province:
            reading.messages.append(
                warning(
                    _("La riga dice provincia %(told)s ma l'amministrazione è di %(name)s (%(real)s)."),
                    "province",
                    told=reading.province,
                    name=home.name,
                    real=home.province,
                )
            )
            reading.field_confidence["province"] = 0.6


def _text(cells: Mapping[str, Cell], column: str) -> str:
    value = cells.get(column, "")
    return " ".join((value.isoformat() if isinstance(value, date) else value).split())


def _published_on(cells: Mapping[str, Cell]) -> date | None:
    read = parse_date(cells.get("data_pubblicazione", ""))
    return read.value.on if read.value else None


def _broken(cig: str, tender: Words, lot: Words) -> Finding | None:
    if not re.fullmatch(r"[0-9A-Z]{10}", cig):
        return error(_("Il CIG «%(cig)s» non è valido: deve avere 10 lettere e cifre."), "cig", cig=cig)
    if not tender.is_published and not lot.is_published:
        return error(_("Non c'è un oggetto da leggere."), "subject")
    return None


def _fill_subject(reading: ContractReading, tender: Words, lot: Words, cpv: str) -> None:
    subject = read_subject(tender, lot, cpv=cpv)
    reading.is_reception, reading.kind = subject.is_reception, subject.kind
    reading.field_confidence["is_reception"] = subject.confidence
    reading.evidence["is_reception"] = subject.evidence
    if subject.kind:
        reading.field_confidence["kind"] = subject.kind_confidence
        reading.evidence["kind"] = subject.kind_evidence
    reading.messages += subject.findings
    if not lot.is_published and lot.raw:
        reading.messages.append(note(_("L'oggetto del lotto non è stato pubblicato dalla fonte."), "subject"))
    if "\ufffd" in tender.raw + lot.raw:
        reading.messages.append(note(_("Il testo ha dei caratteri rotti alla fonte (�)."), "subject"))


def _fill_period(reading: ContractReading, tender: Words, lot: Words) -> None:
    period = read_period(tender, lot)
    reading.start, reading.end = period.start, period.end
    reading.implied_start, reading.implied_end = period.implied_start, period.implied_end
    reading.messages += period.findings
    if period.evidence:
        reading.evidence["period"] = period.evidence
    if period.start or period.end:
        reading.field_confidence["period"] = period.confidence


def _fill_places(reading: ContractReading, tender: Words, lot: Words) -> None:
    places = read_places(tender, lot)
    reading.places = places.count
    reading.messages += places.findings
    if places.evidence:
        reading.evidence["places"] = places.evidence
        reading.field_confidence["places"] = places.confidence


def _fill_manager(reading: ContractReading, manager: Manager) -> None:
    if not manager.name:
        return
    reading.manager, reading.manager_is_masked = manager.name, manager.is_masked
    reading.evidence["manager"] = manager.evidence
    reading.field_confidence["manager"] = manager.confidence
    reading.messages += manager.findings
    if manager.confidence <= SURE_ENOUGH and not manager.is_masked:
        reading.messages.append(
            warning(_("«%(name)s» sembra il nome del gestore: controlla."), "manager", name=manager.name)
        )


def _cover_persons(reading: ContractReading, tender: Words, lot: Words, manager: Manager) -> None:
    """Nothing that is kept or shown holds a person's name."""
    parts: list[str] = []
    findings: list[Finding] = []
    for words in (tender, lot):
        if words.is_published and not (words is lot and lot.folded == tender.folded):
            text, found = without_persons(words, manager)
            parts.append(text)
            findings += found
    reading.subject = " — ".join(parts)
    reading.evidence = {
        name: without_persons(Words.of(said), manager)[0] for name, said in reading.evidence.items()
    }
    if findings and not manager.is_masked:
        reading.messages.append(findings[0])


def _conclude(reading: ContractReading) -> None:
    """The status, and what a person must add before the contract can be used."""
    _set_status(reading)
    if not reading.is_reception:
        return
    if not _says_who_or_where(reading):
        reading.messages.append(
            warning(_("Il testo non dice né il gestore né il Comune: vanno aggiunti a mano."), "manager")
            if reading.places
            else warning(_("Il testo non dice gestore, posti né Comune: vanno aggiunti a mano."), "manager")
        )


def _says_who_or_where(reading: ContractReading) -> bool:
    """Whether the contract can be tied to a body or to a place; without either it is a number in a list."""
    return bool(reading.manager or reading.municipalities)


def _set_status(reading: ContractReading) -> None:
    """Clear and of use, or a person's to complete: what is unclear comes before what is merely silent."""
    sure = reading.field_confidence
    if not reading.is_reception:
        reading.confidence = sure["is_reception"]
        reading.status = "skipped" if reading.confidence >= SURE_ENOUGH else "doubtful"
        return
    reading.confidence = min(sure.values())
    if not _says_who_or_where(reading):
        reading.confidence = min(reading.confidence, SURE_ENOUGH)
    reading.status = "doubtful" if reading.confidence <= SURE_ENOUGH else "ok"


def read_contracts(
    source: str | Path | SourceTable, municipalities: Iterable[Municipality]
) -> list[ContractReading]:
    """One reading per row of the file, none dropped; raises `UnreadableFile`."""
    table = source if isinstance(source, SourceTable) else read_table(source)
    missing = [column for column in REQUIRED_COLUMNS if column not in table.columns]
    if missing:
        raise UnreadableFile(
            _("Il file non è quello dei contratti ANAC: mancano le colonne %(columns)s."),
            columns=", ".join(missing),
        )
    reader = ContractReader.with_municipalities(municipalities)
    readings = [reader.read(cells, row=number) for number, cells in table.records()]
    _trust_known_managers(readings)
    _flag_repeated(readings)
    return readings


def _trust_known_managers(readings: Sequence[ContractReading]) -> None:
    """A name that another row of the file gives with its legal form is no longer a guess."""
    known = [
        bare_name(reading.manager)
        for reading in readings
        if reading.manager and reading.field_confidence["manager"] >= 0.9
    ]
    for reading in readings:
        if (
            not reading.manager
            or reading.manager_is_masked
            or reading.field_confidence["manager"] > SURE_ENOUGH
        ):
            continue
        name = bare_name(reading.manager)
        if len(name) > 5 and any(name in other for other in known):
            reading.field_confidence["manager"] = 0.85
            reading.messages = [message for message in reading.messages if message.field != "manager"]
            _set_status(reading)


def _flag_repeated(readings: Sequence[ContractReading]) -> None:
    first: dict[str, int] = {}
    for reading in readings:
        if reading.status == "error":
            continue
        if reading.cig in first:
            reading.status = "doubtful"
            reading.messages.append(
                warning(
                    _("Il CIG %(cig)s c'è già alla riga %(row)s."),
                    "cig",
                    cig=reading.cig,
                    row=first[reading.cig],
                )
            )
        else:
            first[reading.cig] = reading.row


def report(readings: Sequence[ContractReading]) -> dict[str, object]:
    """What `ali import anac FILE --dry-run --json` prints. Places and amounts are never added up."""
    statuses = Counter(reading.status for reading in readings)
    totals: dict[str, object] = {"rows": len(readings)}
    totals |= {status: statuses.get(status, 0) for status in ("ok", "doubtful", "skipped", "error")}
    totals["to_complete"] = sum(one.is_reception and not _says_who_or_where(one) for one in readings)
    totals["reception"] = sum(reading.is_reception for reading in readings)
    totals["kinds"] = dict(sorted(Counter(reading.kind for reading in readings if reading.kind).items()))
    for name in ("manager", "places", "municipalities", "start", "end"):
        totals[f"with_{name}"] = sum(bool(getattr(reading, name)) for reading in readings)
    return {"rows": [reading.as_json() for reading in readings], "totals": totals}
