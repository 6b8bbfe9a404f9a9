"""A guest list as staged rows: no database is asked."""

from datetime import date
from functools import cache

from ali.imports.columns import ColumnMapping
from ali.imports.files import SourceTable
from ali.imports.kinds import Reading, ReadRow
from ali.imports.models import message_of
from ali.imports.parsing import Countries, Country
from ali.places.bundled import bundled_states
from ali.reception.guest_lists import read_guests
from ali.reception.guest_rows import GUEST_TARGETS, GuestRow


def read_guest_table(table: SourceTable, mapping: ColumnMapping, today: date) -> Reading:
    """Read every row of a guest list under these columns."""
    chosen = {target.field: mapping.columns.get(target.field, "") for target in GUEST_TARGETS}
    listed = read_guests(table, countries=known_countries(), today=today, chosen=chosen)
    rows = [_row(guest, mapping) for guest in listed.guests]
    printed = listed.as_json()
    totals = printed.pop("totals")
    del printed["rows"]
    totals["skipped"] = 0  # type: ignore[index]  # a JSON object
    findings = {(one.level, str(one)): one for one in (*listed.findings, *mapping.findings)}
    return Reading(rows, totals, list(findings.values()), printed)  # type: ignore[arg-type]  # a JSON object


def _row(guest: GuestRow, mapping: ColumnMapping) -> ReadRow:
    printed = guest.as_json(mapping)
    fields = {name: value for name, value in printed["fields"].items() if value}  # type: ignore[attr-defined]  # a JSON object
    messages = [message_of(one, mapping.columns.get(one.field, "")) for one in guest.messages]
    return ReadRow(guest.row, guest.status, fields, messages, printed)


@cache
def known_countries() -> Countries:
    """The states that a list may name; their code is the one our files keep."""
    return Countries(
        [
            Country(
                code=row["istat"],
                name_it=row["name"],
                name_en=row["name_en"],
                iso2=row["iso2"],
                iso3=row["iso3"],
                istat=row["istat"],
                cadastral=row["cadastral"],
            )
            for row in bundled_states()
        ]
    )
