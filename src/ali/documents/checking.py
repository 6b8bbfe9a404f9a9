"""What a file must be before it is kept: opened by its own decoder, cleaned of what it should not carry.

Pictures are drawn again (no position, no camera, upright, at most 2,400 points a side); PDFs lose scripts and attachments;
office files may hold no macros and must not unpack to more than they say (trust reference, B.5).
"""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from django.utils.translation import gettext as _

from ali.core.decisions import Refusal

if TYPE_CHECKING:
    from PIL import Image

MAX_BYTES = 12 * 1024 * 1024
MAX_SIDE = 2400
THUMBNAIL_SIDE = 320
MAX_POINTS = 60_000_000
MAX_UNPACKED = 50 * 1024 * 1024
MAX_RATIO = 100
MAX_ENTRIES = 500
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
EXTENSIONS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    DOCX: "docx",
    XLSX: "xlsx",
    ODT: "odt",
}


class UnacceptableFile(Refusal):
    """Not a file that can be kept."""


@dataclass(frozen=True)
class CleanFile:
    """What is kept: the cleaned bytes, what they are, their digest; a small picture when it is one."""

    content: bytes
    media_type: str
    sha256: str
    thumbnail: bytes = b""

    @property
    def extension(self) -> str:
        return EXTENSIONS[self.media_type]


def clean_file(stream: BinaryIO, *, size: int) -> CleanFile:
    """Return the cleaned file; raise `UnacceptableFile` with what to do."""
    if size > MAX_BYTES:
        raise UnacceptableFile(
            _("Il file pesa %(size)d MB, il massimo è %(limit)d MB: riducilo o dividilo.")
            % {"size": size // (1024 * 1024), "limit": MAX_BYTES // (1024 * 1024)}
        )
    raw = stream.read(MAX_BYTES + 1)
    if not raw:
        raise UnacceptableFile(_("Il file è vuoto."))
    if raw.startswith(b"%PDF-"):
        return _clean_pdf(raw)
    if raw.startswith(b"PK\x03\x04"):
        return _check_office_file(raw)
    return _clean_picture(raw)


def _kept(content: bytes, media_type: str, raw: bytes, thumbnail: bytes = b"") -> CleanFile:
    return CleanFile(content, media_type, hashlib.sha256(raw).hexdigest(), thumbnail)


def _clean_picture(raw: bytes) -> CleanFile:
    from PIL import Image, ImageOps  # noqa: PLC0415  slow, and few requests need it

    try:
        with Image.open(io.BytesIO(raw), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MAX_POINTS:
                raise UnacceptableFile(_("La foto è troppo grande: riducila sotto i 60 milioni di punti."))
            upright = ImageOps.exif_transpose(picture)
            is_drawing = picture.format == "PNG"
            upright.thumbnail((MAX_SIDE, MAX_SIDE))
            kept = _encoded(upright, "PNG" if is_drawing else "JPEG")
            upright.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
            return _kept(kept, "image/png" if is_drawing else "image/jpeg", raw, _encoded(upright, "JPEG"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as problem:
        raise UnacceptableFile(
            _("Questo file non si può aprire: sono ammessi PDF, foto JPEG, PNG o WEBP, DOCX, XLSX e ODT.")
        ) from problem


def _encoded(picture: "Image.Image", form: str) -> bytes:
    stream = io.BytesIO()
    if form == "JPEG":
        picture.convert("RGB").save(stream, "JPEG", quality=82, optimize=True)
    else:
        plain = picture if picture.mode in {"RGB", "RGBA", "L"} else picture.convert("RGBA")
        plain.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _clean_pdf(raw: bytes) -> CleanFile:
    import pikepdf  # noqa: PLC0415  slow, and few requests need it

    try:
        with pikepdf.open(io.BytesIO(raw)) as paper:
            for name in ("/OpenAction", "/AA"):
                if name in paper.Root:
                    del paper.Root[name]
            if "/Names" in paper.Root:
                for name in ("/JavaScript", "/EmbeddedFiles"):
                    if name in paper.Root.Names:
                        del paper.Root.Names[name]
            for sheet in paper.pages:
                if "/AA" in sheet:
                    del sheet["/AA"]
            stream = io.BytesIO()
            paper.save(stream, deterministic_id=True)
    except pikepdf.PasswordError as problem:
        raise UnacceptableFile(_("Il PDF è protetto da password: salvalo senza e riprova.")) from problem
    except pikepdf.PdfError as problem:
        raise UnacceptableFile(_("Il PDF è rovinato e non si apre: salvalo di nuovo e riprova.")) from problem
    return _kept(stream.getvalue(), "application/pdf", raw)


def _check_office_file(raw: bytes) -> CleanFile:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as bundle:
            entries = bundle.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            names = {entry.filename for entry in entries}
            media_type = _office_type(bundle, names)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as problem:
        raise UnacceptableFile(
            _("Il file è rovinato e non si apre: salvalo di nuovo e riprova.")
        ) from problem
    too_much = unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * len(raw) or len(entries) > MAX_ENTRIES
    if too_much:
        raise UnacceptableFile(_("Il file compresso si espande troppo: non è un documento normale."))
    if any("vbaproject" in name.lower() or name.lower().startswith("basic/") for name in names):
        raise UnacceptableFile(_("Il documento contiene macro: salvalo senza, o come PDF."))
    return _kept(raw, media_type, raw)


def _office_type(bundle: zipfile.ZipFile, names: set[str]) -> str:
    if "word/document.xml" in names:
        return DOCX
    if "xl/workbook.xml" in names:
        return XLSX
    if "mimetype" in names and bundle.getinfo("mimetype").file_size < 100:  # noqa: SIM102  two questions, in this order
        if bundle.read("mimetype").strip() == ODT.encode():
            return ODT
    raise UnacceptableFile(
        _("Gli archivi compressi non si conservano: sono ammessi PDF, foto, DOCX, XLSX e ODT, uno per volta.")
    )
