"""A whole guest list: its columns, its guests, and what only the whole file can tell."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO, Final

from ali.imports.columns import ColumnMapping, guess_mapping
from ali.imports.files import DEFAULT_LIMITS, Limits, SourceTable, read_table
from ali.imports.findings import Finding, ask, error, has_errors, warning
from ali.imports.findings import marked as _
from ali.imports.parsing import Countries, DayOrder, day_order
from ali.reception.guest_rows import GUEST_TARGETS, GuestRow, parse_guest_row


@dataclass(frozen=True, slots=True)
class GuestList:
    """What a file says: one guest per row, none dropped, and the findings about the file itself."""

    table: SourceTable
    mapping: ColumnMapping
    guests: tuple[GuestRow, ...]
    findings: tuple[Finding, ...]

    @property
    def may_apply(self) -> bool:
        """Whether nothing about the file itself stops it (single rows may still be in error)."""
        return not has_errors(self.findings)

    def as_json(self) -> dict[str, object]:
        """What `ali import guests FILE --dry-run --json` prints."""
        counted = Counter(guest.status for guest in self.guests)
        return {
            "rows": [guest.as_json(self.mapping) for guest in self.guests],
            "totals": {
                "rows": len(self.guests),
                **{status: counted.get(status, 0) for status in ("ok", "doubtful", "error")},
            },
            "columns": dict(self.mapping.columns),
            "ignored_columns": list(self.mapping.ignored),
            "messages": [finding.as_json() for finding in self.findings],
        }


def read_guests(
    source: str | Path | BinaryIO | SourceTable,
    *,
    countries: Countries,
    today: date,
    chosen: Mapping[str, str] | None = None,
    limits: Limits = DEFAULT_LIMITS,
    name: str = "",
) -> GuestList:
    """The guests of a file, under a remembered (`chosen`) or guessed mapping; raises `UnreadableFile`."""
    table = source if isinstance(source, SourceTable) else read_table(source, name=name, limits=limits)
    mapping = guess_mapping(table.columns, GUEST_TARGETS, chosen=chosen)
    guests = tuple(
        parse_guest_row(cells, mapping=mapping, countries=countries, today=today, row=number)
        for number, cells in table.records()
    )
    _ask_about_repeated(guests)
    findings = (*table.notes, *mapping.findings, *_about_columns(table, mapping))
    return GuestList(table, mapping, guests, findings)


_NAMES: Final = ("surname", "given_names", "full_name")


def _about_columns(table: SourceTable, mapping: ColumnMapping) -> list[Finding]:
    """No column of names; or a column that writes the month first, whose other dates would be read wrong."""
    findings = []
    if not any(name in mapping.columns for name in _NAMES):
        findings.append(
            error(_("Nel file non c'è una colonna con i nomi: indica quale li contiene."), "surname")
        )
    for field, column in mapping.columns.items():
        if "date" not in field and not field.endswith("_on"):
            continue
        place = table.columns.index(column)
        order = day_order(row.cells[place] for row in table.rows)
        if order is DayOrder.MONTH_FIRST:
            findings.append(
                error(
                    _(
                        "La colonna «%(column)s» scrive il mese prima del giorno: correggila, altrimenti altre date si leggono sbagliate."
                    ),
                    field,
                    column=column,
                )
            )
        elif order is DayOrder.MIXED:
            findings.append(
                warning(
                    _(
                        "Nella colonna «%(column)s» alcune date hanno giorno e mese scambiati: controlla anche le altre."
                    ),
                    field,
                    column=column,
                )
            )
    return findings


def _ask_about_repeated(guests: Sequence[GuestRow]) -> None:
    """The same person twice in one file: the second row asks."""
    first: dict[str, int] = {}
    for guest in guests:
        if guest.status == "error":
            continue
        if (key := guest.natural_key) in first:
            guest.messages.append(
                ask(_("Sembra la stessa persona della riga %(row)s."), "surname", row=first[key])
            )
        else:
            first[key] = guest.row
