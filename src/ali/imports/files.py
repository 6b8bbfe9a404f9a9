"""From an office file (CSV or XLSX, untrusted) to rows of text and dates, or one clear sentence.

No cell is interpreted: leading zeros stay, `NA` stays `NA`, and row numbers are those the sender sees.
"""

import codecs
import csv
import hashlib
import io
import os
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from ali.imports.findings import Finding, Level, note, warning
from ali.imports.findings import marked as _

if TYPE_CHECKING:
    from openpyxl.cell.read_only import ReadOnlyCell
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

Cell = str | date
MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How much we agree to read."""

    bytes: int = 20 * MEGABYTE
    rows: int = 50_000
    columns: int = 300
    cell_characters: int = 32_767  # Excel's own limit
    unpacked_bytes: int = 50 * MEGABYTE
    unpacked_entries: int = 200
    unpacked_ratio: int = 100


DEFAULT_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row as the sender sees it: its number in the file and one cell per column."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class SourceTable:
    """The rows of a file under one header."""

    columns: tuple[str, ...]
    rows: tuple[SourceRow, ...]
    encoding: str
    header_row: int = 1
    notes: tuple[Finding, ...] = ()
    digest: str = ""
    sheet: str = ""
    delimiter: str = ""

    def records(self) -> Iterator[tuple[int, dict[str, Cell]]]:
        """Each row number with its cells by column name."""
        for row in self.rows:
            yield row.number, dict(zip(self.columns, row.cells, strict=True))


class UnreadableFile(Exception):
    """The file cannot be read; the sentence says where and what to do."""

    def __init__(self, template: str, **params: object) -> None:
        self.finding = Finding(Level.ERROR, template, params)
        super().__init__(str(self.finding))

    @property
    def translated(self) -> str:
        """The sentence in the reader's language."""
        return self.finding.translated


def read_table(
    source: str | Path | BinaryIO,
    *,
    name: str = "",
    limits: Limits = DEFAULT_LIMITS,
    sheet: str = "",
) -> SourceTable:
    """The rows of a CSV or XLSX file; raises `UnreadableFile`."""
    content, name = _content_of(source, name=name, limits=limits)
    _refuse_other_formats(content)
    digest = hashlib.sha256(content).hexdigest()
    if content.startswith(b"PK\x03\x04"):
        return _read_xlsx(content, limits=limits, sheet=sheet, digest=digest)
    return _read_csv(content, limits=limits, digest=digest)


def check_before_reading(source: BinaryIO, *, size: int, limits: Limits = DEFAULT_LIMITS) -> None:
    """Refuse by size, and by the first bytes, what is not worth reading; raises `UnreadableFile`."""
    _check_size(size, limits)
    source.seek(0)
    _refuse_other_formats(source.read(4096))
    source.seek(0)


# --- bytes ---------------------------------------------------------------------------------------------


def _content_of(source: str | Path | BinaryIO, *, name: str, limits: Limits) -> tuple[bytes, str]:
    """The bytes, after a look at the size alone: a file that is too big is never read."""
    if isinstance(source, str | Path):
        path = Path(source)
        if not path.is_file():
            raise UnreadableFile(_("Il file «%(name)s» non esiste."), name=path.name)
        _check_size(path.stat().st_size, limits)
        return path.read_bytes(), name or path.name
    declared = getattr(source, "size", None)
    _check_size(declared if isinstance(declared, int) else _size_of(source), limits)
    source.seek(0)
    content = source.read(limits.bytes + 1)
    _check_size(len(content), limits)
    return content, name or str(getattr(source, "name", "") or "")


def _size_of(stream: BinaryIO) -> int:
    stream.seek(0, os.SEEK_END)
    return stream.tell()


def _check_size(size: int, limits: Limits) -> None:
    if size > limits.bytes:
        raise UnreadableFile(
            _(
                "Il file pesa %(size)s MB e il limite è %(limit)s MB: dividilo in più file "
                "oppure togli i fogli e le immagini che non servono."
            ),
            size=_in_megabytes(size),
            limit=_in_megabytes(limits.bytes),
        )
    if size == 0:
        raise UnreadableFile(_("Il file è vuoto: controlla di aver scelto quello giusto."))


def _in_megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f}".removesuffix(".0").replace(".", ",")


_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _refuse_other_formats(content: bytes) -> None:
    """Name the formats people send by mistake, with the way out."""
    head = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if content.startswith(_OLD_OFFICE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise UnreadableFile(
                _("Il file è protetto da una password: aprilo, togli la password e salvalo di nuovo.")
            )
        raise UnreadableFile(
            _(
                "Il file è nel vecchio formato di Excel (.xls): aprilo e salvalo con nome "
                "come «Cartella di lavoro di Excel (.xlsx)» oppure come CSV."
            )
        )
    if head.startswith(b"%pdf"):
        raise UnreadableFile(_("Il file è un PDF: serve la tabella da cui è nato, in formato XLSX o CSV."))
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<meta")):
        raise UnreadableFile(
            _(
                "Il file è una pagina web salvata con un altro nome: aprilo in Excel e salvalo come .xlsx o CSV."
            )
        )
    if head.startswith(b"{\\rtf"):
        raise UnreadableFile(_("Il file è un documento di testo: serve una tabella in formato XLSX o CSV."))


# --- CSV -----------------------------------------------------------------------------------------------


def _read_csv(content: bytes, *, limits: Limits, digest: str) -> SourceTable:
    text, encoding, notes = _decoded(content)
    text, declared = _declared_delimiter(text)
    skipped = 1 if declared else 0
    delimiter = declared or _guessed_delimiter(text)
    records = _csv_records(text, delimiter, limits, first=1 + skipped)
    table = _table(records, encoding=encoding, limits=limits, digest=digest, notes=notes)
    return SourceTable(
        columns=table.columns,
        rows=table.rows,
        encoding=encoding,
        header_row=table.header_row,
        notes=table.notes,
        digest=digest,
        delimiter=delimiter,
    )


_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def _decoded(content: bytes) -> tuple[str, str, list[Finding]]:
    """The text, the name of its encoding, and what is worth saying about it."""
    encoding = _encoding_of(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as problem:
        raise UnreadableFile(
            _(
                "I caratteri del file non si leggono (posizione %(position)s): "
                "salvalo di nuovo come «CSV UTF-8»."
            ),
            position=problem.start,
        ) from problem
    if "\x00" in text:
        raise UnreadableFile(
            _(
                "Alla riga %(row)s ci sono byte nulli: non è un file di testo, o è stato rovinato. "
                "Esporta di nuovo la tabella in formato XLSX o CSV."
            ),
            row=text.count("\n", 0, text.index("\x00")) + 1,
        )
    notes = []
    if broken := text.count("\ufffd"):
        notes.append(
            warning(
                _(
                    "Nel file ci sono %(count)s caratteri già rotti alla fonte (�): non si possono ricostruire."
                ),
                count=broken,
            )
        )
    return text, encoding.removesuffix("-sig"), notes


def _encoding_of(content: bytes) -> str:
    for bom, name in _BOMS:
        if content.startswith(bom):
            return name
    if wide := _utf16_without_bom(content):
        return wide
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _single_byte_encoding(content)
    return "utf-8"


def _utf16_without_bom(content: bytes) -> str:
    """UTF-16 without its mark shows as a zero in every other byte."""
    sample = content[:4000]
    if len(content) % 2 or len(sample) < 4:
        return ""
    half = len(sample) // 2
    if sample[1::2].count(0) > half * 0.7 and sample[0::2].count(0) < half * 0.1:
        return "utf-16-le"
    if sample[0::2].count(0) > half * 0.7 and sample[1::2].count(0) < half * 0.1:
        return "utf-16-be"
    return ""


# Accented letters of Italian and of the names we meet; what Windows writes in their place is telling.
_EXPECTED: Final = frozenset("àèéìíòóùúÀÈÉÌÒÙçÇñÑêëîïôöûüÜÖäÄâášžćčđ’‘“”«»–—…°ª€§·")


def _single_byte_encoding(content: bytes) -> str:
    """Windows-1252 unless another old code page makes clearly more sense."""
    from charset_normalizer import from_bytes  # noqa: PLC0415 - slow to load, rarely needed

    scores = {name: _plausibility(content, name) for name in ("cp1252", "latin-1", "cp850", "mac_roman")}
    best = max(scores.values())
    candidates = [name for name, score in scores.items() if score == best]
    if "cp1252" in candidates:
        return "cp1252"
    guess = from_bytes(content[:200_000], cp_isolation=candidates).best()
    if guess is not None and guess.encoding.replace("_", "-") in {
        name.replace("_", "-") for name in candidates
    }:
        return str(guess.encoding)
    return candidates[0]


def _plausibility(content: bytes, encoding: str) -> float:
    """The share of non-ASCII characters that an Italian office would type, -1 when it does not decode."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return -1.0
    odd = [character for character in text if ord(character) > 127]
    if not odd:
        return 1.0
    return sum(character in _EXPECTED for character in odd) / len(odd)


def _declared_delimiter(text: str) -> tuple[str, str]:
    """Excel's own first line `sep=;`, when there is one."""
    if found := re.match(r"sep=(.)\r?\n", text, re.IGNORECASE):
        return text[found.end() :], found.group(1)
    return text, ""


def _guessed_delimiter(text: str) -> str:
    """The separator that cuts the first records into the same number of cells, more than one."""
    best, best_score = ",", 0.0
    for delimiter in (";", ",", "\t", "|"):
        score = _agreement(text, delimiter)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _agreement(text: str, delimiter: str) -> float:
    widths: Counter[int] = Counter()
    try:
        for seen, record in enumerate(
            csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=delimiter)
        ):
            if seen >= 60:
                break
            if record:
                widths[len(record)] += 1
    except csv.Error:
        return 0.0
    if not widths:
        return 0.0
    width, count = max(widths.items(), key=lambda pair: (pair[1] * (pair[0] > 1), pair[0]))
    return 0.0 if width < 2 else count / widths.total() * 10 + min(width, 30) / 10


def _csv_records(
    text: str, delimiter: str, limits: Limits, *, first: int
) -> Iterator[tuple[int, list[Cell]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = first - 1
    line = 0
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            raise UnreadableFile(
                _(
                    "Dalla riga %(row)s in poi il file non si legge: forse mancano le virgolette "
                    "che chiudono un testo, o un testo è troppo lungo. Correggi la riga e riprova."
                ),
                row=line + 1,
            ) from problem
        line = reader.line_num
        number += 1
        yield number, list(record)


# --- XLSX ----------------------------------------------------------------------------------------------


def _read_xlsx(content: bytes, *, limits: Limits, sheet: str, digest: str) -> SourceTable:
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to load

    notes = _safe_archive(content, limits)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except Exception as problem:  # openpyxl raises whatever the broken part raised
        raise UnreadableFile(
            _("Il file Excel è rovinato e non si apre: aprilo, salvalo di nuovo come .xlsx e riprova.")
        ) from problem
    try:
        chosen, found = _chosen_sheet(book.worksheets, sheet)
        notes += found
        table = _table(_sheet_records(chosen), encoding="xlsx", limits=limits, digest=digest, notes=notes)
        return SourceTable(
            columns=table.columns,
            rows=table.rows,
            encoding="xlsx",
            header_row=table.header_row,
            notes=table.notes,
            digest=digest,
            sheet=str(chosen.title),
        )
    finally:
        book.close()


def _safe_archive(content: bytes, limits: Limits) -> list[Finding]:
    """Refuse bombs and tricks before any part is unpacked by the spreadsheet library."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as problem:
        raise UnreadableFile(
            _("Il file Excel è incompleto o rovinato: scaricalo o salvalo di nuovo e riprova.")
        ) from problem
    with archive:
        _check_archive_size(entries, limits)
        names = {entry.filename for entry in entries}
        if "xl/workbook.xml" not in names:
            raise UnreadableFile(_not_a_workbook(names))
        for entry in entries:
            if entry.filename.endswith((".xml", ".rels")):
                _refuse_entities(archive, entry)
    if any(name.endswith("vbaProject.bin") for name in names):
        return [note(_("Il file contiene delle macro: non sono state eseguite né conservate."))]
    return []


def _check_archive_size(entries: Sequence[zipfile.ZipInfo], limits: Limits) -> None:
    total = sum(entry.file_size for entry in entries)
    swollen = any(
        entry.file_size > MEGABYTE and entry.file_size > limits.unpacked_ratio * max(entry.compress_size, 1)
        for entry in entries
    )
    if len(entries) > limits.unpacked_entries or total > limits.unpacked_bytes or swollen:
        raise UnreadableFile(
            _(
                "Il file Excel, una volta aperto, è smisurato (%(entries)s parti, %(size)s MB): non è stato letto. "
                "Copia i soli dati in un foglio nuovo e salvalo come .xlsx o CSV."
            ),
            entries=len(entries),
            size=_in_megabytes(total),
        )
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UnreadableFile(
            _("Il file è protetto da una password: aprilo, togli la password e salvalo di nuovo.")
        )


def _not_a_workbook(names: set[str]) -> str:
    if "content.xml" in names:
        return _(
            "Il file è di LibreOffice (.ods): aprilo e salvalo con nome come "
            "«Excel 2007-365 (.xlsx)» oppure come CSV."
        )
    if any(name.startswith("word/") for name in names):
        return _("Il file è un documento Word: serve una tabella in formato XLSX o CSV.")
    if "xl/workbook.bin" in names:
        return _(
            "Il file è in formato binario di Excel (.xlsb): salvalo con nome come .xlsx oppure come CSV."
        )
    return _("Il file è un archivio compresso: estrai la tabella e carica quella, in formato XLSX o CSV.")


def _refuse_entities(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """No office file declares a document type: whoever does is trying something."""
    try:
        with archive.open(entry) as part:
            head = part.read(4096)
    except Exception as problem:
        raise UnreadableFile(
            _("Il file Excel è incompleto o rovinato: scaricalo o salvalo di nuovo e riprova.")
        ) from problem
    plain = head.replace(b"\x00", b"").upper()
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise UnreadableFile(
            _("Il file Excel contiene istruzioni che una tabella non ha: per sicurezza non è stato letto.")
        )


def _chosen_sheet(sheets: "Sequence[Any]", wanted: str) -> "tuple[ReadOnlyWorksheet, list[Finding]]":
    """The sheet asked for, or the first one that is visible and holds something."""
    notes: list[Finding] = []
    hidden = [sheet.title for sheet in sheets if sheet.sheet_state != "visible"]
    visible = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    if hidden:
        notes.append(
            note(_("Ci sono fogli nascosti, che non sono stati letti: %(sheets)s."), sheets=", ".join(hidden))
        )
    if wanted:
        for sheet in visible:
            if sheet.title.casefold() == wanted.casefold():
                return sheet, notes
        raise UnreadableFile(
            _("Nel file non c'è il foglio «%(wanted)s»; ci sono: %(sheets)s."),
            wanted=wanted,
            sheets=", ".join(sheet.title for sheet in visible),
        )
    filled = [sheet for sheet in visible if _has_content(sheet)]
    if not filled:
        raise UnreadableFile(_("Nel file Excel non c'è nessun foglio visibile con dei dati."))
    if len(filled) > 1:
        notes.append(
            note(
                _("Il file ha più fogli: è stato letto «%(read)s», non %(others)s."),
                read=filled[0].title,
                others=", ".join(f"«{sheet.title}»" for sheet in filled[1:]),
            )
        )
    return filled[0], notes


def _has_content(sheet: Any) -> bool:  # Any: openpyxl types its sheets loosely
    try:
        for seen, row in enumerate(sheet.iter_rows(values_only=True)):
            if any(value not in (None, "") for value in row):
                return True
            if seen > 1000:
                return False
    except Exception as problem:
        raise UnreadableFile(
            _("Il foglio «%(sheet)s» è rovinato: copia i dati in un foglio nuovo e riprova."),
            sheet=sheet.title,
        ) from problem
    return False


_ONE_FORMULA: Final = _(
    "La cella %(cell)s contiene una formula: copia le celle e usa «Incolla speciale, solo valori», poi salva e riprova."
)
_FORMULAS: Final = _(
    "La cella %(cell)s contiene una formula (in tutto %(count)s): copia le celle e usa "
    "«Incolla speciale, solo valori», poi salva e riprova."
)


def _sheet_records(sheet: Any) -> Iterator[tuple[int, list[Cell]]]:
    sheet.reset_dimensions()  # the size that the file declares is often wrong
    formulas: list[str] = []
    rows = sheet.iter_rows()
    number = 0
    while True:
        try:
            row = next(rows)
        except StopIteration:
            break
        except Exception as problem:
            raise UnreadableFile(
                _("La riga %(row)s del foglio è rovinata: copia i dati in un foglio nuovo e riprova."),
                row=number + 1,
            ) from problem
        number += 1
        cells = [_xlsx_cell(cell, formulas) for cell in row]
        yield number, _without_trailing_blanks(cells)
    if formulas:
        raise UnreadableFile(
            _ONE_FORMULA if len(formulas) == 1 else _FORMULAS, cell=formulas[0], count=len(formulas)
        )


def _without_trailing_blanks(cells: list[Cell]) -> list[Cell]:
    while cells and cells[-1] == "":
        cells.pop()
    return cells


def _xlsx_cell(cell: "ReadOnlyCell | Any", formulas: list[str]) -> Cell:  # Any: empty cells have no type
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        formulas.append(cell.coordinate)
        return ""
    if cell.data_type == "e":
        raise UnreadableFile(
            _("La cella %(cell)s contiene l'errore %(value)s: correggila in Excel e riprova."),
            cell=cell.coordinate,
            value=value,
        )
    return _plain(value, str(cell.number_format or ""))


def _plain(value: object, number_format: str) -> Cell:
    """The cell as a person sees it: dates as dates, numbers as digits with the zeros of their format."""
    if isinstance(value, bool):
        return "sì" if value else "no"
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value
    if isinstance(value, int | float):
        digits = str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)
        return digits.zfill(len(number_format)) if re.fullmatch(r"0{2,}", number_format) else digits
    return str(value)


# --- rows ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Draft:
    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)
    width: int = 0


def _table(
    records: Iterable[tuple[int, list[Cell]]],
    *,
    encoding: str,
    limits: Limits,
    digest: str,
    notes: list[Finding],
) -> SourceTable:
    draft = _collected(records, limits)
    if not draft.rows:
        raise UnreadableFile(_("Nel file non c'è nessuna riga: controlla di aver scelto quello giusto."))
    position = _header_position([cells for _number, cells in draft.rows])
    header_row, header = draft.rows[position]
    if position:
        notes.append(
            note(_("L'intestazione è alla riga %(row)s: le righe sopra sono state saltate."), row=header_row)
        )
    body = draft.rows[position + 1 :]
    columns = _columns(header, body, notes)
    rows = tuple(SourceRow(number, _fitted(cells, len(columns))) for number, cells in body)
    if not rows:
        notes.append(warning(_("Sotto l'intestazione non c'è nessuna riga.")))
    return SourceTable(
        columns=columns,
        rows=rows,
        encoding=encoding,
        header_row=header_row,
        notes=tuple(notes),
        digest=digest,
    )


def _collected(records: Iterable[tuple[int, list[Cell]]], limits: Limits) -> _Draft:
    """The rows with something in them, within the limits."""
    draft = _Draft()
    for number, cells in records:
        if not any(_filled(cell) for cell in cells):
            continue
        if len(draft.rows) > limits.rows:
            raise UnreadableFile(
                _("Il file ha più di %(limit)s righe: dividilo in più file."), limit=limits.rows
            )
        if len(cells) > limits.columns:
            raise UnreadableFile(
                _(
                    "La riga %(row)s ha più di %(limit)s colonne: controlla il separatore e togli le colonne inutili."
                ),
                row=number,
                limit=limits.columns,
            )
        for place, cell in enumerate(cells, start=1):
            if isinstance(cell, str) and len(cell) > limits.cell_characters:
                raise UnreadableFile(
                    _("Il testo alla riga %(row)s, colonna %(column)s, è troppo lungo (%(size)s caratteri)."),
                    row=number,
                    column=place,
                    size=len(cell),
                )
        draft.rows.append((number, cells))
        draft.width = max(draft.width, len(cells))
    return draft


def _filled(cell: Cell) -> bool:
    return not isinstance(cell, str) or cell.strip() != ""


def _header_position(rows: Sequence[Sequence[Cell]]) -> int:
    """The first row that is about as wide as the table: offices write titles above it."""
    counts = [sum(_filled(cell) for cell in cells) for cells in rows[:20]]
    widest = max(counts)
    for position, count in enumerate(counts):
        if count >= max(2, widest * 0.6) or count == widest:
            return position
    return 0


def _columns(
    header: Sequence[Cell], body: Sequence[tuple[int, list[Cell]]], notes: list[Finding]
) -> tuple[str, ...]:
    """One name per column; repeated and missing names are completed, so that nothing is lost."""
    names = [" ".join(str(cell).split()) for cell in header]
    while names and not names[-1]:
        names.pop()
    for number, cells in body:
        extra = [place for place, cell in enumerate(cells) if place >= len(names) and _filled(cell)]
        if extra:
            notes.append(
                warning(
                    _(
                        "La riga %(row)s ha %(cells)s celle e l'intestazione ne ha %(columns)s: "
                        "forse un separatore dentro un testo senza virgolette."
                    ),
                    row=number,
                    cells=extra[-1] + 1,
                    columns=len(names),
                )
            )
            names += [""] * (extra[-1] + 1 - len(names))
    return _named(names, notes)


def _named(names: Sequence[str], notes: list[Finding]) -> tuple[str, ...]:
    seen: Counter[str] = Counter()
    columns = []
    for place, name in enumerate(names, start=1):
        label = name or f"(colonna {place})"
        seen[label.casefold()] += 1
        if (times := seen[label.casefold()]) > 1:
            notes.append(
                warning(_("Due colonne si chiamano «%(name)s»: la seconda è tenuta a parte."), name=label)
            )
            label = f"{label} ({times})"
        columns.append(label)
    return tuple(columns)


def _fitted(cells: Sequence[Cell], width: int) -> tuple[Cell, ...]:
    return (*cells[:width], *[""] * (width - len(cells)))
