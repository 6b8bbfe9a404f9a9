"""The exchange format: a folder of Parquet or CSV tables, read and written without changing a byte of meaning.

Everything wrong is said with the file and the row. Rows are counted as a person sees them: in a CSV file the header
is row 1, in a Parquet file or a table in memory the first record is row 1.
"""

import hashlib
import io
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NoReturn

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ali.matching.errors import InstanceProblem

Ints = NDArray[np.int64]
Kind = Literal["text", "integer", "empty text"]
Columns = Mapping[str, Mapping[str, Sequence[Any] | NDArray[Any]]]  # Any: plain values of people's tables

TABLES: dict[str, dict[str, Kind]] = {
    "households": {"household": "text", "persons": "integer", "group": "text"},
    "dwellings": {"dwelling": "text", "mode": "text", "beds": "integer"},
    "arcs": {"household": "text", "dwelling": "text", "weight": "integer"},
    "openings": {"opening": "text", "posts": "integer"},
    "job_arcs": {
        "household": "text",
        "person": "integer",
        "opening": "text",
        "weight": "integer",
        "income_eur": "integer",
    },
    "commutes": {"dwelling": "text", "opening": "text", "minutes": "integer"},
    "quotas": {"quota": "text", "limit_persons": "integer", "dwelling": "text"},
    "pins": {"household": "text", "dwelling": "text", "kind": "text"},
}
NEEDED = ("households", "dwellings", "arcs")
INTEGERS = {
    "persons", "income_eur", "waiting_days", "priority", "beds", "rent_eur", "weight", "needs_income_eur", "posts",
    "person", "minutes", "limit_persons", "price",
}  # fmt: skip


class Source:
    """One table with the name a person knows it by."""

    def __init__(self, name: str, table: pa.Table, suffix: str = "") -> None:
        self.label = name + suffix
        self._given = table  # its texts may be coded: a number for each row and the texts once
        self._first_row = 2 if suffix == ".csv" else 1

    def __len__(self) -> int:
        return int(self._given.num_rows)

    @cached_property
    def table(self) -> pa.Table:
        """The table with plain texts."""
        return plain(self._given)

    def fail(self, index: int | np.integer[Any], text: str) -> NoReturn:
        """Refuse the record at `index`, naming file and row."""
        raise InstanceProblem(f"{self.label}, riga {int(index) + self._first_row}: {text}")

    def fail_whole(self, text: str) -> NoReturn:
        """Refuse the file as such."""
        raise InstanceProblem(f"{self.label}: {text}")

    def row(self, index: int | np.integer[Any]) -> int:
        """The number a person would give to the record at `index`."""
        return int(index) + self._first_row

    def text(self, column: str, *, may_be_empty: bool = False) -> pa.StringArray:
        """A column of texts, each present unless said otherwise."""
        values = self._column(column)
        try:
            values = values.cast(pa.string())
        except pa.ArrowException:
            self.fail_whole(f"la colonna «{column}» deve contenere testi.")
        if not may_be_empty:
            empty = np.asarray(pc.or_kleene(values.is_null(), pc.equal(values, "")).fill_null(True), bool)
            if empty.any():
                self.fail(np.argmax(empty), f"manca il valore di «{column}».")
        return values

    def positions(self, column: str, ids: pa.StringArray) -> Ints:
        """Where each text of a column is among `ids`, -1 if it is not; each present."""
        values = self._column(column)
        if not pa.types.is_dictionary(values.type) or values.null_count:
            found = pc.index_in(self.text(column), value_set=ids)
            return np.asarray(found.fill_null(-1), np.int64)
        texts = values.dictionary.cast(pa.string())
        if pc.index(texts, "").as_py() >= 0:
            self.text(column)
        at: Ints = np.asarray(pc.index_in(texts, value_set=ids).fill_null(-1), np.int64)
        return at[np.asarray(values.indices, np.int64)]

    def numbers(self, column: str) -> Ints:
        """A number for each different text of a column, in order of the texts; 0 for all if there is no such column."""
        if column not in self._given.column_names:
            return np.zeros(len(self), np.int64)
        texts = self.text(column, may_be_empty=True).fill_null("")
        known = pc.unique(texts)
        rank = np.empty(len(known), np.int64)
        rank[np.asarray(pc.sort_indices(known), np.int64)] = np.arange(len(known))
        numbers: Ints = rank[np.asarray(pc.index_in(texts, value_set=known), np.int64)]
        return numbers

    def integers(self, column: str, *, default: int | None = None) -> Ints:
        """A column of whole numbers without gaps."""
        if default is not None and column not in self._given.column_names:
            return np.full(len(self), default, np.int64)
        values = self._column(column)
        if pa.types.is_string(values.type):
            values = self._parsed(column, values)
        if len(values) and not pa.types.is_integer(values.type):
            self.fail_whole(f"la colonna «{column}» deve contenere numeri interi.")
        if values.null_count:
            missing = np.asarray(values.is_null(), bool)
            self.fail(np.argmax(missing), f"manca il numero di «{column}».")
        if not len(values):
            return np.zeros(0, np.int64)
        try:
            return np.asarray(values.cast(pa.int64()), np.int64)
        except pa.ArrowException:
            self.fail_whole(f"la colonna «{column}» contiene numeri troppo grandi.")

    def _column(self, column: str) -> Any:  # Any: pyarrow has no types
        if column not in self._given.column_names:
            self.fail_whole(f"manca la colonna «{column}».")
        values = self._given[column]
        return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values

    def _parsed(self, column: str, values: Any) -> Any:  # Any: pyarrow has no types
        wrong = ~np.asarray(_whole(values), bool)
        if wrong.any():
            at = int(np.argmax(wrong))
            self.fail(at, f"«{values[at].as_py()}» in «{column}» non è un numero intero.")
        return values.cast(pa.int64())


def file_of(folder: Path, name: str) -> Path | None:
    """The file that holds a table, Parquet first."""
    files = (folder / f"{name}.parquet", folder / f"{name}.csv")
    return next((path for path in files if path.is_file()), None)


def read_source(path: Path) -> Source:
    """One file as a table, with every text column as plain texts."""
    if path.stat().st_size == 0:
        raise InstanceProblem(f"{path.name}: il file è vuoto (0 byte).")
    try:
        table = _read_csv(path) if path.suffix == ".csv" else _read_parquet(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = str(error).splitlines()[0][:200]
        raise InstanceProblem(f"{path.name}: il file non si legge come tabella ({reason}).") from error
    return Source(path.stem, table, path.suffix)


def _read_parquet(path: Path) -> pa.Table:
    """The table with its texts coded: millions of rows repeat a few thousand names."""
    texts = [field.name for field in pq.read_schema(path) if pa.types.is_string(field.type)]
    return pq.read_table(path, read_dictionary=texts).unify_dictionaries()


def _read_csv(path: Path) -> pa.Table:
    header = pcsv.open_csv(path).schema.names
    every_text = pcsv.ConvertOptions(
        column_types={name: pa.string() for name in header}, strings_can_be_null=True, null_values=[""]
    )
    return with_numbers(pcsv.read_csv(path, convert_options=every_text))


def with_numbers(table: pa.Table) -> pa.Table:
    """The same table with its integer columns as integers, where all their texts are; the others wait to be refused."""
    for at, name in enumerate(table.column_names):
        if name in INTEGERS and pc.all(_whole(table[name])).as_py():
            table = table.set_column(at, name, table[name].cast(pa.int64()))
    return table


def _whole(values: Any) -> Any:  # Any: pyarrow has no types
    return pc.match_substring_regex(values, r"^-?[0-9]{1,18}$").fill_null(True)


def plain(table: pa.Table) -> pa.Table:
    """The same table with dictionary columns as plain texts."""
    fields = [
        pa.field(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type) for f in table.schema
    ]
    return table.cast(pa.schema(fields))


def read_folder(folder: Path) -> dict[str, Source]:
    """The tables of an instance folder."""
    if not folder.is_dir():
        raise InstanceProblem(f"{folder}: la cartella dell'istanza non esiste.")
    found = {name: path for name in TABLES if (path := file_of(folder, name))}
    for name in NEEDED:
        if name not in found:
            raise InstanceProblem(f"{name}.parquet: manca il file (va bene anche {name}.csv) in {folder}.")
    return {name: read_source(path) for name, path in found.items()}


def from_columns(columns: Columns) -> dict[str, Source]:
    """Tables in memory from plain columns; integer columns become 64-bit, texts stay texts."""
    sources = {}
    for name, content in columns.items():
        if name not in TABLES:
            raise InstanceProblem(f"{name}: tabella sconosciuta; le tabelle sono {', '.join(TABLES)}.")
        arrays = {}
        for column, values in content.items():
            kind = pa.int64() if column in INTEGERS else pa.string()
            try:
                arrays[column] = pa.array(values, kind)
            except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
                raise InstanceProblem(
                    f"{name}: la colonna «{column}» ha valori del tipo sbagliato."
                ) from error
        if len({len(array) for array in arrays.values()}) > 1:
            raise InstanceProblem(f"{name}: le colonne hanno lunghezze diverse.")
        sources[name] = Source(name, pa.table(arrays))
    for name in NEEDED:
        if name not in sources:
            raise InstanceProblem(f"{name}: manca la tabella.")
    return sources


def parquet_bytes(table: pa.Table) -> bytes:
    """The table as the bytes of a Parquet file, always the same for the same table."""
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", store_schema=False)
    return buffer.getvalue()


def digest(files: Mapping[str, bytes]) -> str:
    """What `LC_ALL=C sha256sum * | sha256sum` prints in a folder with these files."""
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def digest_of_folder(folder: Path) -> str:
    """The digest of the instance tables in a folder."""
    paths = [path for name in TABLES if (path := file_of(folder, name))]
    return digest({path.name: path.read_bytes() for path in paths})
