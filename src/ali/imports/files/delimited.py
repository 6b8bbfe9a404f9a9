"""CSV: the separator that fits, and one record per row whatever the line breaks."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from ali.imports.files.encodings import decoded
from ali.imports.files.limits import Limits
from ali.imports.files.rows import Cell, SourceTable, UnreadableFile
from ali.imports.files.tables import table_of
from ali.imports.findings import marked as _


def read_csv(content: bytes, *, limits: Limits, digest: str) -> SourceTable:
    text, encoding, notes = decoded(content)
    text, declared = _declared_delimiter(text)
    skipped = 1 if declared else 0
    delimiter = declared or _guessed_delimiter(text)
    records = _csv_records(text, delimiter, limits, first=1 + skipped)
    table = table_of(records, encoding=encoding, limits=limits, digest=digest, notes=notes)
    return SourceTable(
        columns=table.columns,
        rows=table.rows,
        encoding=encoding,
        header_row=table.header_row,
        notes=table.notes,
        above=table.above,
        digest=digest,
        delimiter=delimiter,
    )


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
