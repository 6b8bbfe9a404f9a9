"""The formats that people send by mistake, each with the way out."""

from typing import Final

from ali.imports.files.rows import UnreadableFile
from ali.imports.findings import marked as _

_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refuse_other_formats(content: bytes) -> None:
    """Name the formats people send by mistake, with the way out."""
    head = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if content.startswith(_OLD_OFFICE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise UnreadableFile(
                _("Il file è protetto da una password: aprilo, togli la password e salvalo di nuovo.")
            )
        raise UnreadableFile(
            _(
                "Il file è nel vecchio formato di Excel (.xls): aprilo e salvalo con nome "
                "come «Cartella di lavoro di Excel (.xlsx)» oppure come CSV."
            )
        )
    if head.startswith(b"%pdf"):
        raise UnreadableFile(_("Il file è un PDF: serve la tabella da cui è nato, in formato XLSX o CSV."))
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<meta")):
        raise UnreadableFile(
            _(
                "Il file è una pagina web salvata con un altro nome: aprilo in Excel e salvalo come .xlsx o CSV."
            )
        )
    if head.startswith(b"{\\rtf"):
        raise UnreadableFile(_("Il file è un documento di testo: serve una tabella in formato XLSX o CSV."))
