import io
import zipfile

import pikepdf
import pytest
from PIL import Image

from ali.documents.checking import MAX_BYTES, MAX_SIDE, UnacceptableFile, clean_file
from tests.factories.documents import picture


def clean(raw: bytes):
    return clean_file(io.BytesIO(raw), size=len(raw))


def bundle(**entries: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return stream.getvalue()


def test_photo_loses_position_and_camera() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Macchina Riconoscibile"
    exif[0x8825] = {1: "N", 2: (45.0, 24.0, 0.0)}

    kept = clean(picture(exif=exif))

    assert b"Macchina" not in kept.content
    assert not Image.open(io.BytesIO(kept.content)).getexif()
    assert kept.media_type == "image/jpeg"


def test_photo_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees

    kept = clean(picture(size=(400, 200), exif=exif))

    assert Image.open(io.BytesIO(kept.content)).size == (200, 400)


def test_big_photo_is_made_smaller() -> None:
    kept = clean(picture(size=(4000, 1000)))

    assert Image.open(io.BytesIO(kept.content)).size == (MAX_SIDE, 600)


def test_pdf_loses_its_scripts_and_attachments() -> None:
    paper = pikepdf.new()
    paper.add_blank_page()
    paper.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('ciao')")
    paper.attachments["nascosto.txt"] = b"segreto"
    stream = io.BytesIO()
    paper.save(stream)

    kept = pikepdf.open(io.BytesIO(clean(stream.getvalue()).content))

    assert "/OpenAction" not in kept.Root
    assert not kept.attachments
    assert len(kept.pages) == 1


def test_word_file_is_kept_as_it_is() -> None:
    raw = bundle(word__document_dot_xml=b"<document/>")

    assert clean(raw).content == raw


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "vuoto"),
        (b"<html><script>alert(1)</script></html>", "non si può aprire"),
        (b"%PDF-1.7 rotto", "rovinato"),
        (b"PK\x03\x04rotto", "rovinato"),
        (bundle(carta_dot_txt=b"ciao"), "archivi compressi"),
        (bundle(word__document_dot_xml=b"<document/>", word__vbaProject_dot_bin=b"x"), "macro"),
        (bundle(word__document_dot_xml=b"0" * 40_000_000), "si espande troppo"),
        (picture()[:300], "non si può aprire"),
    ],
)
def test_other_files_are_refused_with_a_sentence(raw: bytes, says: str) -> None:
    with pytest.raises(UnacceptableFile, match=says):
        clean(raw)


def test_file_too_big_is_refused_before_it_is_read() -> None:
    with pytest.raises(UnacceptableFile, match="il massimo è 12 MB"):
        clean_file(io.BytesIO(b"x"), size=MAX_BYTES + 1)
