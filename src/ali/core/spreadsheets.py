"""Tables for offices: XLSX whose cells are text, number or day, never a formula."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils.translation import gettext

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

_MIME_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """Return `text` so that no spreadsheet takes it for a formula, also after a copy to CSV."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _cell(sheet: "WriteOnlyWorksheet", value: object) -> "Cell":
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415  # brings numpy along

    if value is None or isinstance(value, bool | int | float):
        return WriteOnlyCell(sheet, value=value)
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value=datetime(value.year, value.month, value.day))  # noqa: DTZ001  # Excel's days have no zone
        cell.number_format = "dd/mm/yyyy"
        return cell
    cell = WriteOnlyCell(sheet, value=harmless(str(value)))
    cell.data_type = "s"
    return cell


def workbook(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], notes: Sequence[str] = ()
) -> bytes:
    """Return an XLSX file: a bold heading row, then `rows`, then `notes` on a sheet of their own."""
    from openpyxl import Workbook  # noqa: PLC0415  # brings numpy along
    from openpyxl.styles import Font  # noqa: PLC0415  # brings numpy along

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    heading = [_cell(sheet, column) for column in columns]
    for cell in heading:
        cell.font = Font(bold=True)
    sheet.append(heading)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    if notes:
        page = book.create_sheet(gettext("Note"))
        for note in notes:
            page.append([_cell(page, note)])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def download(content: bytes, name: str) -> HttpResponse:
    """Return a workbook as a file to save; `name` without ending and without personal data."""
    response = HttpResponse(content, content_type=_MIME_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response
