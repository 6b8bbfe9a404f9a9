"""XLSX: one visible sheet, its cells as a person sees them."""

import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from ali.imports.files.archives import check_archive
from ali.imports.files.limits import Limits
from ali.imports.files.rows import Cell, SourceTable, UnreadableFile
from ali.imports.files.tables import table_of
from ali.imports.findings import Finding, note
from ali.imports.findings import marked as _

if TYPE_CHECKING:
    from openpyxl.cell.read_only import ReadOnlyCell
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet


def read_xlsx(content: bytes, *, limits: Limits, sheet: str, digest: str) -> SourceTable:
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to load

    notes = check_archive(content, limits)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except Exception as problem:  # openpyxl raises whatever the broken part raised
        raise UnreadableFile(
            _("Il file Excel è rovinato e non si apre: aprilo, salvalo di nuovo come .xlsx e riprova.")
        ) from problem
    try:
        chosen, found = _chosen_sheet(book.worksheets, sheet)
        notes += found
        table = table_of(_sheet_records(chosen), encoding="xlsx", limits=limits, digest=digest, notes=notes)
        return SourceTable(
            columns=table.columns,
            rows=table.rows,
            encoding="xlsx",
            header_row=table.header_row,
            notes=table.notes,
            above=table.above,
            digest=digest,
            sheet=str(chosen.title),
        )
    finally:
        book.close()


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
