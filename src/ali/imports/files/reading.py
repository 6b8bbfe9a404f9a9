"""Reading a file: by its size, then by its first bytes, then as what it is."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from ali.imports.files.delimited import read_csv
from ali.imports.files.formats import refuse_other_formats
from ali.imports.files.limits import DEFAULT_LIMITS, Limits, check_size
from ali.imports.files.rows import SourceTable, UnreadableFile
from ali.imports.files.workbooks import read_xlsx
from ali.imports.findings import marked as _

# Reads the bytes of a format of its own, within the limits.
Opener = Callable[[bytes, Limits], SourceTable]


def read_table(
    source: str | Path | BinaryIO,
    *,
    name: str = "",
    limits: Limits = DEFAULT_LIMITS,
    sheet: str = "",
    opens: Opener | None = None,
) -> SourceTable:
    """The rows of a CSV or XLSX file, or of the format that `opens` reads; raises `UnreadableFile`."""
    content, name = _content_of(source, name=name, limits=limits)
    if opens is not None:
        return opens(content, limits)
    refuse_other_formats(content)
    digest = hashlib.sha256(content).hexdigest()
    if content.startswith(b"PK\x03\x04"):
        return read_xlsx(content, limits=limits, sheet=sheet, digest=digest)
    return read_csv(content, limits=limits, digest=digest)


def check_before_reading(
    source: BinaryIO, *, size: int, limits: Limits = DEFAULT_LIMITS, opens: Opener | None = None
) -> None:
    """Refuse by size, and by the first bytes, what is not worth reading; raises `UnreadableFile`."""
    check_size(size, limits)
    source.seek(0)
    if opens is None:
        refuse_other_formats(source.read(4096))
    source.seek(0)


def _content_of(source: str | Path | BinaryIO, *, name: str, limits: Limits) -> tuple[bytes, str]:
    """The bytes, after a look at the size alone: a file that is too big is never read."""
    if isinstance(source, str | Path):
        path = Path(source)
        if not path.is_file():
            raise UnreadableFile(_("Il file «%(name)s» non esiste."), name=path.name)
        check_size(path.stat().st_size, limits)
        return path.read_bytes(), name or path.name
    declared = getattr(source, "size", None)
    check_size(declared if isinstance(declared, int) else _size_of(source), limits)
    source.seek(0)
    content = source.read(limits.bytes + 1)
    check_size(len(content), limits)
    return content, name or str(getattr(source, "name", "") or "")


def _size_of(stream: BinaryIO) -> int:
    stream.seek(0, os.SEEK_END)
    return stream.tell()
