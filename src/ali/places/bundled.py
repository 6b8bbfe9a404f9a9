"""The bundled tables as they are, without a database: for commands and importers that must work on a bare machine."""

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).parent / "data"
Rows = Sequence[dict[str, str]]


@cache
def bundled_municipalities() -> Rows:
    """Every municipality, retired ones too, with the region of its province under `region`."""
    regions = {row["code"]: row["region"] for row in _rows("province.csv")}
    return [{**row, "region": regions.get(row["province"], "")} for row in _rows("comuni.csv")]


@cache
def bundled_states() -> Rows:
    """Every state with its codes; 999 is stateless."""
    return _rows("stati.csv")


def _rows(file: str) -> Rows:
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
