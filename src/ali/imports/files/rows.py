"""What a file becomes: rows of cells under one header, or one sentence."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ali.imports.findings import Finding, Level

Cell = str | date


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
    above: tuple[str, ...] = ()  # what is written over the header: a caption, a period

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
