"""A result folder back as a result, checked against the instance it answers."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ali.matching.errors import InstanceProblem
from ali.matching.instance import Instance
from ali.matching.result import Prices, Result, read_homes
from ali.matching.tables import Ints, Source, file_of, read_source


def read_result(instance: Instance, folder: Path) -> Result:
    """The result in a folder; the instance actually solved, if the folder holds one, is the one it speaks of."""
    changed = (folder / "instance").is_dir()
    if changed:
        instance = Instance.read(folder / "instance")
    certificate = read_certificate(folder)
    if certificate.get("input_sha256") != instance.sha256:
        raise InstanceProblem(f"{folder}: il risultato è di un'altra istanza (impronta diversa).")
    homes = read_homes(folder, instance)
    prices = _read_prices(instance, folder, int(certificate["price_scale"]))
    return Result(instance, homes, prices, certificate, changed)


def read_certificate(folder: Path) -> dict[str, Any]:  # Any: what JSON can hold
    """The certificate of a result folder."""
    path = folder / "certificate.json"
    if not path.is_file():
        raise InstanceProblem(f"{folder}: manca certificate.json, non è la cartella di un risultato.")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InstanceProblem(f"{path}: non si legge come JSON.") from error
    if not isinstance(content, dict) or not isinstance(content.get("price_scale"), int):
        raise InstanceProblem(f"{path}: manca «price_scale», non è il certificato di un risultato.")
    return content


def _read_prices(instance: Instance, folder: Path, scale: int) -> Prices:
    household = _priced(folder, "household", instance.households)
    quota = _priced(folder, "quota", instance.quotas)
    source = _source(folder, "dwelling_prices")
    if source is None or not len(source):
        return Prices(scale, household, quota)
    uses = None
    if "use" in source.table.column_names:
        uses = tuple(source.text("use", may_be_empty=True).to_pylist())
    at = _positions(source, "dwelling", instance.dwellings)
    return Prices(scale, household, quota, at, source.integers("price"), uses)


def _priced(folder: Path, name: str, ids: pa.StringArray) -> Ints:
    """The prices of a table, on the positions of `ids`: what has no row is worth nothing."""
    out = np.zeros(len(ids), np.int64)
    source = _source(folder, f"{name}_prices")
    if source is not None and len(source):
        out[_positions(source, name, ids)] = source.integers("price")
    return out


def _positions(source: Source, column: str, ids: pa.StringArray) -> Ints:
    values = source.text(column)
    at = np.asarray(pc.index_in(values, value_set=ids).fill_null(-1), np.int64)
    if (at < 0).any():
        row = int(np.argmax(at < 0))
        source.fail(row, f"«{values[row]}» non è nell'istanza.")
    return at


def _source(folder: Path, name: str) -> Source | None:
    path = file_of(folder, name)
    return read_source(path) if path else None
