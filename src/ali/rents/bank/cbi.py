"""CBI «RH»: the fixed-width account report of Italian banks (records of 120 characters: 61 balance, 62 movement, 63 more)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ali.imports.files import Limits, SourceTable, UnreadableFile
from ali.imports.files.encodings import decoded
from ali.imports.findings import marked as _
from ali.rents.bank.lines import Line, compact_day, table_of

WIDTH = 120
STRUCTURED = ("YYY", "YY2", "ZZ1", "ZZ2", "ZZ3", "ID1", "RI1", "RI2", "KKK")


def is_cbi(content: bytes) -> bool:
    """Say whether these bytes begin as an RH flow does."""
    return content[:64].lstrip(b"\xef\xbb\xbf\r\n").startswith((b" RH", b"RH"))


def read_cbi(content: bytes, limits: Limits) -> SourceTable:
    """Return the movements of an RH flow; raises `UnreadableFile`."""
    text, encoding, _notes = decoded(content)
    records = [line.rstrip("\r\n") for line in text.splitlines() if line.strip()]
    if not any(_kind(record) == "EF" for record in records):
        raise UnreadableFile(
            _("Alla rendicontazione CBI manca il record di coda (EF): il file è incompleto.")
        )
    return table_of(_lines(records), content, limits, encoding=encoding)


def _kind(record: str) -> str:
    return record[1:3]


def _at(record: str, first: int, last: int) -> str:
    """The characters from `first` to `last`, counted from one as the standard does."""
    return record.ljust(WIDTH)[first - 1 : last].strip()


@dataclass
class _Movement:
    """A record 62 with what its records 63 add."""

    record: str
    currency: str
    parts: list[str] = field(default_factory=list)
    payer: str = ""
    iban: str = ""

    def add(self, record: str) -> None:
        """Add a record 63: free text, or structured data about who pays and why."""
        flag = _at(record, 14, 16)
        if flag == "YYY":
            self.payer = _at(record, 41, 80) or self.payer
        elif flag == "YY2":
            self.iban = _at(record, 67, 100) or self.iban
        elif flag in {"RI1", "RI2"}:
            self.parts.append(_at(record, 17, 120))
        elif flag not in STRUCTURED:
            self.parts.append(_at(record, 14, 120))

    def line(self) -> Line:
        sign = "-" if _at(self.record, 26, 26) == "D" else ""
        said = [_at(self.record, 87, 120), *self.parts]
        return Line(
            booked_on=compact_day(_at(self.record, 20, 25)),
            value_on=compact_day(_at(self.record, 14, 19)),
            amount=sign + _at(self.record, 27, 41).lstrip("0").replace(" ", ""),
            currency=self.currency,
            payer_name=self.payer,
            payer_iban=self.iban,
            cause=" ".join(part for part in said if part),
            reference=_at(self.record, 62, 77),
        )


def _lines(records: list[str]) -> Iterator[Line]:
    current: _Movement | None = None
    currency = "EUR"
    for record in records:
        kind = _kind(record)
        if kind == "63":
            if current is not None:
                current.add(record)
            continue
        if current is not None:
            yield current.line()
            current = None
        if kind == "61":
            currency = _at(record, 69, 71) or "EUR"
        elif kind == "62":
            current = _Movement(record, currency)
    if current is not None:
        yield current.line()
