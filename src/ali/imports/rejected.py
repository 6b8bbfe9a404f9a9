"""The rows that a sender must correct, as a table to send back: their own cells, and what is wrong with each."""

from datetime import date

from django.utils.translation import gettext as _

from ali.core import spreadsheets
from ali.imports.models import ImportRun, StagedRow, sentences
from ali.imports.states import RowStatus


def rejected_rows(run: ImportRun) -> bytes:
    """An XLSX of the rows that could not be read, in the layout of the file, so that it can be sent again as it is.

    It holds only what reading the file found: what planning compared with our records stays with us.
    """
    rows = run.rows.filter(read_status=RowStatus.ERROR).order_by("row")
    columns = [*run.columns, _("Riga"), _("Che cosa correggere")]
    return spreadsheets.workbook(
        _("Da correggere"), columns, (_as_sent(row, len(run.columns)) for row in rows)
    )


def _as_sent(row: StagedRow, width: int) -> list[object]:
    cells = [_cell(cell) for cell in row.cells[:width]]
    said = [one for one in row.messages if not one.get("planned") and one["level"] != "note"]
    wrong = [
        f"{message['column']}: {text}" if message.get("column") else text
        for message, text in zip(said, sentences(said), strict=True)
    ]
    return [*cells, *[""] * (width - len(cells)), row.row, " ".join(wrong)]


def _cell(cell: object) -> object:
    if isinstance(cell, dict) and "date" in cell:
        return date.fromisoformat(str(cell["date"]))
    return cell
