"""A movement as a bank's file says it, before it is ours: one table for every format."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from ali.imports.files import Limits, SourceRow, SourceTable, UnreadableFile
from ali.imports.findings import marked as _

COLUMNS = ("Data", "Valuta", "Importo", "Divisa", "Ordinante", "IBAN", "Causale", "Riferimento")
FIELDS = ("booked_on", "value_on", "amount", "currency", "payer_name", "payer_iban", "cause", "reference")


@dataclass(frozen=True, slots=True)
class Line:
    """A movement of the account: `amount` is what the file writes, with its sign; a text that is no number stays as it is."""

    booked_on: str
    value_on: str
    amount: str
    currency: str
    payer_name: str
    payer_iban: str
    cause: str
    reference: str

    def cells(self) -> tuple[str, ...]:
        return tuple(getattr(self, name) for name in FIELDS)


def table_of(lines: Iterable[Line], content: bytes, limits: Limits, *, encoding: str) -> SourceTable:
    """Return the movements as the importer's table, within its limits."""
    rows: list[SourceRow] = []
    for number, line in enumerate(lines, start=1):
        if number > limits.rows:
            raise UnreadableFile(
                _("Il file ha più di %(limit)s righe: dividilo in più file."), limit=limits.rows
            )
        rows.append(SourceRow(number, line.cells()))
    if not rows:
        raise UnreadableFile(_("Nel file non c'è nessun movimento: controlla di aver scelto quello giusto."))
    return SourceTable(
        columns=COLUMNS, rows=tuple(rows), encoding=encoding, digest=hashlib.sha256(content).hexdigest()
    )


def read_amount(text: str) -> int | None:
    """Return the cents of «1.234,50», «1234.50», «-12,5», «+ 300», «1'200,00 €»; None when it is no amount."""
    bare = text.replace("\u2212", "-").replace("€", "").replace("EUR", "").replace("'", "")
    bare = "".join(bare.split())
    if "," in bare and "." in bare:
        decimal, thousand = (",", ".") if bare.rindex(",") > bare.rindex(".") else (".", ",")
        bare = bare.replace(thousand, "").replace(decimal, ".")
    elif "," in bare:
        bare = bare.replace(",", ".")
    elif bare.count(".") > 1 or (bare.count(".") == 1 and len(bare.rsplit(".", 1)[1]) == 3):
        bare = bare.replace(".", "")
    try:
        euros = Decimal(bare)
    except InvalidOperation:
        return None
    cents = euros * 100 if euros.is_finite() else Decimal("0.5")
    if cents != cents.to_integral_value() or abs(cents) > 10**13:
        return None
    return int(cents)


def compact_day(text: str) -> str:
    """Return «2026-03-05» for the «050326» of a CBI file; the text itself when it is no day."""
    if len(text) == 6 and text.isdigit():
        try:
            return date(2000 + int(text[4:6]), int(text[2:4]), int(text[:2])).isoformat()
        except ValueError:
            return text
    return text.strip()
