"""Which of the two formats of banks a file is."""

from ali.imports.files import Limits, SourceTable, UnreadableFile
from ali.imports.findings import marked as _
from ali.rents.bank.camt import read_camt
from ali.rents.bank.cbi import is_cbi, read_cbi


def open_bank_file(content: bytes, limits: Limits) -> SourceTable:
    """Return the movements of a CAMT.053 or of a CBI RH flow; raises `UnreadableFile`."""
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return read_camt(content, limits)
    if is_cbi(content):
        return read_cbi(content, limits)
    raise UnreadableFile(
        _(
            "Il file non è un estratto conto CAMT.053 né una rendicontazione CBI (RH). "
            "Se è una tabella CSV o XLSX scegli «Movimenti della banca (CSV o XLSX)»."
        )
    )
