"""Loading the bundled tables of places: the same file twice changes nothing, a newer one changes only what differs."""

import csv
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import models

from ali.core.text import fold
from ali.core.transactions import atomic
from ali.places.models import Dataset, Language, Municipality, Province, State

DATA = Path(__file__).parent / "data"
BATCH = 500
Row = Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """A bundled file and the model it fills."""

    file: str
    model: type[models.Model]
    read: Callable[[Row], dict[str, Any]]  # Any: the model's field values
    source: str
    licence: str


@dataclass(frozen=True)
class Loaded:
    """What loading one table did."""

    code: str
    rows: int
    added: int = 0
    changed: int = 0
    retired: int = 0
    sha256: str = ""


def _province(row: Row) -> dict[str, Any]:
    return dict(row)


def _municipality(row: Row) -> dict[str, Any]:
    return {
        "istat": row["istat"],
        "name": row["name"],
        "folded": fold(row["name"]),
        "province_id": row["province"],
        "cadastral": row["cadastral"],
        "is_capital": row["is_capital"] == "1",
        "population": int(row["population"]) if row["population"] else None,
        "postcode": row["postcode"],
        "latitude": float(row["latitude"]) if row["latitude"] else None,
        "longitude": float(row["longitude"]) if row["longitude"] else None,
        "is_current": row["is_current"] == "1",
    }


def _state(row: Row) -> dict[str, Any]:
    return {**row, "folded": fold(row["name"])}


def _language(row: Row) -> dict[str, Any]:
    return {**row, "for_mediation": row["for_mediation"] == "1"}


ISTAT = "ISTAT, CC BY 4.0"
TABLES = [
    Table("province.csv", Province, _province, "ISTAT SITUAS, 14 agosto 2026", ISTAT),
    Table("comuni.csv", Municipality, _municipality, "ISTAT SITUAS, 14 agosto 2026; CAP gi_db_comuni", ISTAT),
    Table("stati.csv", State, _state, "ISTAT, stati esteri; codici catastali 2025", ISTAT),
    Table(
        "lingue.csv",
        Language,
        _language,
        "ISO 639-3 (SIL), nomi CLDR, elenco di mediazione del progetto",
        "SIL, Unicode",
    ),
]


def load_places() -> list[Loaded]:
    """Load provinces, municipalities, states and languages; record each file's version. Safe to repeat."""
    return [_load(table) for table in TABLES]


@atomic
def _load(table: Table) -> Loaded:
    content = (DATA / table.file).read_bytes()
    code, digest = table.file.removesuffix(".csv"), hashlib.sha256(content).hexdigest()
    wanted = [table.read(row) for row in csv.DictReader(content.decode("utf-8").splitlines())]
    if _is_loaded(table, code, digest, len(wanted)):
        return Loaded(code=code, rows=len(wanted), sha256=digest)
    done = _write(table.model, wanted)
    record_dataset(code, content, rows=len(wanted), source=table.source, licence=table.licence)
    return Loaded(code=code, rows=len(wanted), sha256=digest, **done)


def record_dataset(code: str, content: bytes, *, rows: int, source: str, licence: str) -> Dataset:
    """Record which version of a bundled file is loaded."""
    version = {
        "source": source,
        "licence": licence,
        "sha256": hashlib.sha256(content).hexdigest(),
        "rows": rows,
    }
    dataset, _created = Dataset.objects.update_or_create(code=code, defaults=version)
    return dataset


def _is_loaded(table: Table, code: str, digest: str, rows: int) -> bool:
    recorded = Dataset.objects.filter(code=code, sha256=digest, rows=rows).exists()
    return recorded and table.model._default_manager.count() >= rows


def _write(model: type[models.Model], wanted: list[dict[str, Any]]) -> dict[str, int]:
    """Insert the new, update the different, retire municipalities that the file no longer has; delete nothing."""
    key = model._meta.pk.name if model._meta.pk else "pk"
    fields = [name for name in wanted[0] if name != key]
    stored = {row[key]: row for row in model._default_manager.values(key, *fields)}
    new = [row for row in wanted if row[key] not in stored]
    different = [row for row in wanted if row[key] in stored and row != stored[row[key]]]
    model._default_manager.bulk_create([model(**row) for row in new], batch_size=BATCH)
    model._default_manager.bulk_update(
        [model(**row) for row in different], [name.removesuffix("_id") for name in fields], batch_size=BATCH
    )
    return {
        "added": len(new),
        "changed": len(different),
        "retired": _retire(model, stored.keys() - {row[key] for row in wanted}),
    }


def _retire(model: type[models.Model], gone: set[Any]) -> int:
    if model is not Municipality:
        return 0
    retired = 0
    for start in range(0, len(gone), BATCH):
        some = sorted(gone)[start : start + BATCH]
        retired += Municipality.objects.filter(istat__in=some, is_current=True).update(is_current=False)
    return retired
