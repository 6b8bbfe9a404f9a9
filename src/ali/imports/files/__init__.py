"""From an office file (CSV or XLSX, untrusted) to rows of text and dates, or one clear sentence.

No cell is interpreted: leading zeros stay, `NA` stays `NA`, and row numbers are those the sender sees.
"""

from ali.imports.files.limits import DEFAULT_LIMITS, Limits
from ali.imports.files.reading import Opener, check_before_reading, read_table
from ali.imports.files.rows import Cell, SourceRow, SourceTable, UnreadableFile

__all__ = [
    "DEFAULT_LIMITS",
    "Cell",
    "Limits",
    "Opener",
    "SourceRow",
    "SourceTable",
    "UnreadableFile",
    "check_before_reading",
    "read_table",
]
