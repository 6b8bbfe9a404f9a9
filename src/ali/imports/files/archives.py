"""An Excel file is an archive: bombs and tricks are refused before any part is unpacked by the spreadsheet library."""

import io
import zipfile
from collections.abc import Sequence

from ali.imports.files.limits import MEGABYTE, Limits, in_megabytes
from ali.imports.files.rows import UnreadableFile
from ali.imports.findings import Finding, note
from ali.imports.findings import marked as _


def check_archive(content: bytes, limits: Limits) -> list[Finding]:
    """Refuse bombs and tricks before any part is unpacked by the spreadsheet library."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as problem:
        raise UnreadableFile(
            _("Il file Excel è incompleto o rovinato: scaricalo o salvalo di nuovo e riprova.")
        ) from problem
    with archive:
        _check_archive_size(entries, limits)
        names = {entry.filename for entry in entries}
        if "xl/workbook.xml" not in names:
            raise UnreadableFile(_not_a_workbook(names))
        for entry in entries:
            if entry.filename.endswith((".xml", ".rels")):
                _refuse_entities(archive, entry)
    if any(name.endswith("vbaProject.bin") for name in names):
        return [note(_("Il file contiene delle macro: non sono state eseguite né conservate."))]
    return []


def _check_archive_size(entries: Sequence[zipfile.ZipInfo], limits: Limits) -> None:
    total = sum(entry.file_size for entry in entries)
    swollen = any(
        entry.file_size > MEGABYTE and entry.file_size > limits.unpacked_ratio * max(entry.compress_size, 1)
        for entry in entries
    )
    if len(entries) > limits.unpacked_entries or total > limits.unpacked_bytes or swollen:
        raise UnreadableFile(
            _(
                "Il file Excel, una volta aperto, è smisurato (%(entries)s parti, %(size)s MB): non è stato letto. "
                "Copia i soli dati in un foglio nuovo e salvalo come .xlsx o CSV."
            ),
            entries=len(entries),
            size=in_megabytes(total),
        )
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UnreadableFile(
            _("Il file è protetto da una password: aprilo, togli la password e salvalo di nuovo.")
        )


def _not_a_workbook(names: set[str]) -> str:
    if "content.xml" in names:
        return _(
            "Il file è di LibreOffice (.ods): aprilo e salvalo con nome come "
            "«Excel 2007-365 (.xlsx)» oppure come CSV."
        )
    if any(name.startswith("word/") for name in names):
        return _("Il file è un documento Word: serve una tabella in formato XLSX o CSV.")
    if "xl/workbook.bin" in names:
        return _(
            "Il file è in formato binario di Excel (.xlsb): salvalo con nome come .xlsx oppure come CSV."
        )
    return _("Il file è un archivio compresso: estrai la tabella e carica quella, in formato XLSX o CSV.")


def _refuse_entities(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """No office file declares a document type: whoever does is trying something."""
    try:
        with archive.open(entry) as part:
            head = part.read(4096)
    except Exception as problem:
        raise UnreadableFile(
            _("Il file Excel è incompleto o rovinato: scaricalo o salvalo di nuovo e riprova.")
        ) from problem
    plain = head.replace(b"\x00", b"").upper()
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise UnreadableFile(
            _("Il file Excel contiene istruzioni che una tabella non ha: per sicurezza non è stato letto.")
        )
