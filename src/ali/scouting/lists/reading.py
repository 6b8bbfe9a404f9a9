"""What the readers of the lists share: a row in the making, and the totals."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ali.imports.findings import Finding, Level
from ali.imports.kinds import JSON, ReadRow
from ali.imports.models import message_of
from ali.imports.states import RowStatus


@dataclass(slots=True)
class Draft:
    """A row being read: its fields, what is odd, whether it is of no use here."""

    number: int
    fields: JSON = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    columns: Mapping[str, str] = field(default_factory=dict)
    is_skipped: bool = False

    def finish(self) -> ReadRow:
        """Return the row as it is staged and printed."""
        levels = {finding.level for finding in self.findings}
        status = RowStatus.OK
        if Level.ERROR in levels:
            status = RowStatus.ERROR
        elif self.is_skipped:
            status = RowStatus.SKIPPED
        elif Level.ASK in levels:
            status = RowStatus.DOUBTFUL
        messages = [message_of(one, self.columns.get(one.field, "")) for one in self.findings]
        fields = {name: value for name, value in self.fields.items() if value not in (None, "", [])}
        printed: dict[str, Any] = {  # Any: a JSON document
            "row": self.number,
            "status": status.value,
            "fields": fields,
            "messages": messages,
        }
        return ReadRow(self.number, status, fields, messages, printed)


def totals_of(rows: Sequence[ReadRow]) -> JSON:
    """Return how many rows there are of each status."""
    counted = Counter(row.status for row in rows)
    return {"rows": len(rows), **{status.value: counted.get(status, 0) for status in RowStatus}}
