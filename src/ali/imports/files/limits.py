"""How much we agree to read, checked by size before a byte is read."""

from dataclasses import dataclass
from typing import Final

from ali.imports.files.rows import UnreadableFile
from ali.imports.findings import marked as _

MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How much we agree to read."""

    bytes: int = 20 * MEGABYTE
    rows: int = 50_000
    columns: int = 300
    cell_characters: int = 32_767  # Excel's own limit
    unpacked_bytes: int = 50 * MEGABYTE
    unpacked_entries: int = 200
    unpacked_ratio: int = 100


DEFAULT_LIMITS: Final = Limits()


def check_size(size: int, limits: Limits) -> None:
    if size > limits.bytes:
        raise UnreadableFile(
            _(
                "Il file pesa %(size)s MB e il limite è %(limit)s MB: dividilo in più file "
                "oppure togli i fogli e le immagini che non servono."
            ),
            size=in_megabytes(size),
            limit=in_megabytes(limits.bytes),
        )
    if size == 0:
        raise UnreadableFile(_("Il file è vuoto: controlla di aver scelto quello giusto."))


def in_megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f}".removesuffix(".0").replace(".", ",")
