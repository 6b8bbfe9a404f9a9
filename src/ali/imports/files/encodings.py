"""From bytes to text: the encodings that offices use, found from the bytes alone."""

import codecs
import re
from typing import Final

from ali.imports.files.rows import UnreadableFile
from ali.imports.findings import Finding, warning
from ali.imports.findings import marked as _
from ali.imports.parsing.text import mended_accents

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decoded(content: bytes) -> tuple[str, str, list[Finding]]:
    """The text, the name of its encoding, and what is worth saying about it."""
    encoding = _encoding_of(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as problem:
        raise UnreadableFile(
            _(
                "I caratteri del file non si leggono (posizione %(position)s): "
                "salvalo di nuovo come «CSV UTF-8»."
            ),
            position=problem.start,
        ) from problem
    if "\x00" in text:
        raise UnreadableFile(
            _(
                "Alla riga %(row)s ci sono byte nulli: non è un file di testo, o è stato rovinato. "
                "Esporta di nuovo la tabella in formato XLSX o CSV."
            ),
            row=text.count("\n", 0, text.index("\x00")) + 1,
        )
    notes = []
    if broken := text.count("\ufffd"):
        notes.append(
            warning(
                _(
                    "Nel file ci sono %(count)s caratteri già rotti alla fonte (�): non si possono ricostruire."
                ),
                count=broken,
            )
        )
    if spoilt := _first_spoilt_word(text):
        notes.append(
            warning(
                _(
                    "Gli accenti del file sono stati rovinati prima («%(word)s» per «%(mended)s»): chiedi a chi "
                    "l'ha fatto di esportarlo di nuovo come «CSV UTF-8», oppure correggi quelle righe."
                ),
                word=spoilt[:40],
                mended=mended_accents(spoilt)[:40],
            )
        )
    return text, encoding.removesuffix("-sig"), notes


def _first_spoilt_word(text: str) -> str:
    return next((word for word in re.findall(r"[^\s;,|\"]+", text) if mended_accents(word)), "")


def _encoding_of(content: bytes) -> str:
    for bom, name in _BOMS:
        if content.startswith(bom):
            return name
    if wide := _utf16_without_bom(content):
        return wide
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _single_byte_encoding(content)
    return "utf-8"


def _utf16_without_bom(content: bytes) -> str:
    """UTF-16 without its mark shows as a zero in every other byte."""
    sample = content[:4000]
    if len(content) % 2 or len(sample) < 4:
        return ""
    half = len(sample) // 2
    if sample[1::2].count(0) > half * 0.7 and sample[0::2].count(0) < half * 0.1:
        return "utf-16-le"
    if sample[0::2].count(0) > half * 0.7 and sample[1::2].count(0) < half * 0.1:
        return "utf-16-be"
    return ""


# Accented letters of Italian and of the names we meet; what Windows writes in their place is telling.
_EXPECTED: Final = frozenset("àèéìíòóùúÀÈÉÌÒÙçÇñÑêëîïôöûüÜÖäÄâášžćčđ’‘“”«»–—…°ª€§·")


def _single_byte_encoding(content: bytes) -> str:
    """Windows-1252 unless another old code page makes clearly more sense."""
    from charset_normalizer import from_bytes  # noqa: PLC0415 - slow to load, rarely needed

    scores = {name: _plausibility(content, name) for name in ("cp1252", "latin-1", "cp850", "mac_roman")}
    best = max(scores.values())
    candidates = [name for name, score in scores.items() if score == best]
    if "cp1252" in candidates:
        return "cp1252"
    guess = from_bytes(content[:200_000], cp_isolation=candidates).best()
    if guess is not None and guess.encoding.replace("_", "-") in {
        name.replace("_", "-") for name in candidates
    }:
        return str(guess.encoding)
    return candidates[0]


def _plausibility(content: bytes, encoding: str) -> float:
    """The share of non-ASCII characters that an Italian office would type, -1 when it does not decode."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return -1.0
    odd = [character for character in text if ord(character) > 127]
    if not odd:
        return 1.0
    return sum(character in _EXPECTED for character in odd) / len(odd)
