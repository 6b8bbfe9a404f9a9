"""Reading what offices send: encodings, separators, sheets, and the tricks."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from ali.imports.files import Limits, SourceTable, UnreadableFile, read_table


def table(content: bytes, **options: object) -> SourceTable:
    return read_table(io.BytesIO(content), **options)


def workbook(*rows: list[object], **sheets: list[list[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    return saved(book)


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def archive(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return stream.getvalue()


TEXT = "Nome;Città;Tel\r\nZoé;Forlì;0049\r\nNino;Cantù;NA\r\n"


@pytest.mark.parametrize(
    ("encoding", "read_as"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("cp1252", "cp1252"),
        ("latin-1", "cp1252"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp850", "cp850"),
        ("mac_roman", "mac_roman"),
    ],
)
def test_csv_is_read_in_the_encodings_offices_use(encoding: str, read_as: str) -> None:
    result = table(TEXT.encode(encoding))

    assert result.encoding == read_as
    assert result.columns == ("Nome", "Città", "Tel")
    assert [row.cells for row in result.rows] == [("Zoé", "Forlì", "0049"), ("Nino", "Cantù", "NA")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_separator_is_found_even_with_other_separators_in_the_text(delimiter: str) -> None:
    lines = [["Ente", "Via", "Posti"], ['"Coop, Sole; Luna"', '"Via A, 3; int. 2"', "12"]]
    content = "\n".join(delimiter.join(line) for line in lines)

    result = table(content.encode())

    assert result.columns == ("Ente", "Via", "Posti")
    assert result.rows[0].cells == ("Coop, Sole; Luna", "Via A, 3; int. 2", "12")


def test_quoted_newlines_count_as_one_row() -> None:
    result = table(b'a,b\n"uno\ndue",x\ny,z\n')

    assert [(row.number, row.cells) for row in result.rows] == [(2, ("uno\ndue", "x")), (3, ("y", "z"))]


def test_blank_lines_keep_the_numbers_that_the_sender_sees() -> None:
    assert [row.number for row in table(b"a,b\n1,2\n\n3,4\n").rows] == [2, 4]


def test_excel_separator_line_is_understood() -> None:
    result = table(b"sep=;\r\na;b\r\n1;2\r\n")

    assert result.columns == ("a", "b")
    assert result.rows[0].number == 3


def test_titles_above_the_header_are_skipped_with_a_note() -> None:
    result = table(b"Elenco ospiti\n\nCognome;Nome;Nato il\nA;B;01/02/1990\n")

    assert result.columns == ("Cognome", "Nome", "Nato il")
    assert result.header_row == 3
    assert result.rows[0].number == 4
    assert "riga 3" in str(result.notes[0])


def test_rows_with_too_many_cells_lose_nothing() -> None:
    result = table(b"a;b\n1;2;3\n4;5\n")

    assert result.columns == ("a", "b", "(colonna 3)")
    assert [row.cells for row in result.rows] == [("1", "2", "3"), ("4", "5", "")]
    assert "La riga 2 ha 3 celle" in str(result.notes[0])


def test_repeated_and_missing_names_are_completed() -> None:
    result = table(b"nome;;nome\nx;y;z\n")

    assert result.columns == ("nome", "(colonna 2)", "nome (2)")


def test_broken_characters_of_the_source_are_counted() -> None:
    assert "1 caratteri" in str(table("a;b\nUNIT\ufffd;x\n".encode()).notes[0])


def test_unclosed_quote_names_the_row() -> None:
    with pytest.raises(UnreadableFile, match="Dalla riga 3"):
        table(b'a,b\n1,2\n3,"quattro\n5,6\n')


def test_null_bytes_are_refused_with_their_row() -> None:
    with pytest.raises(UnreadableFile, match="Alla riga 2 ci sono byte nulli"):
        table(b"a,b\nx\x00,2\nlonger text to read,3\n")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "vuoto"),
        (b"\n \n", "nessuna riga"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", r"\.xls\)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"%PDF-1.7 x", "PDF"),
        (b"<html><table>", "pagina web"),
        (b"PK\x03\x04garbage", "rovinato"),
        (archive(content_xml=b"<x/>"), "LibreOffice"),
        (archive(word__document_xml=b"<x/>"), "Word"),
        (archive(notes=b"hello"), "archivio"),
    ],
)
def test_other_formats_are_refused_with_advice(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence):
        table(content)


def test_a_file_too_big_is_refused_without_reading_it(tmp_path: Path) -> None:
    big = tmp_path / "big.csv"
    with big.open("wb") as stream:
        stream.truncate(200 * 1024 * 1024)

    class Upload(io.BytesIO):
        size = 200 * 1024 * 1024

        def read(self, *_: object) -> bytes:
            raise AssertionError("must not be read")

    for source in (big, Upload()):
        with pytest.raises(UnreadableFile, match="pesa 200 MB e il limite è 20 MB"):
            read_table(source)


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"«none\.csv» non esiste"):
        read_table(tmp_path / "none.csv")


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="più di 3 righe"):
        table(b"a,b\n" + b"1,2\n" * 4, limits=Limits(rows=3))


def test_xlsx_keeps_dates_zeros_and_text_as_they_are_seen() -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["Nome", "Nato", "CAP", "Prov", "Ora", "Num", "Vero"])
    sheet.append(
        ["Zoé", date(1990, 3, 14), 123, "NA", datetime.fromisoformat("2024-01-02 08:30"), 12.5, True]
    )
    sheet["C2"].number_format = "00000"

    result = table(saved(book))

    assert result.encoding == "xlsx"
    assert result.rows[0].cells == ("Zoé", date(1990, 3, 14), "00123", "NA", "2024-01-02 08:30", "12.5", "sì")


def test_formula_cells_are_refused_by_name() -> None:
    with pytest.raises(UnreadableFile, match="La cella B3 contiene una formula"):
        table(workbook(["a", "b"], ["1", "2"], ["3", "=1+1"]))


def test_error_cells_are_refused_by_name() -> None:
    book = Workbook()
    book.active.append(["a", "b"])
    book.active.append(["1", "#N/A"])
    book.active["B2"].data_type = "e"

    with pytest.raises(UnreadableFile, match="cella B2"):
        table(saved(book))


def test_hidden_sheets_are_left_alone_and_said() -> None:
    book = Workbook()
    book.active.title = "Nascosto"
    book.active.append(["x", "=1+1"])
    book.active.sheet_state = "hidden"
    book.create_sheet("Ospiti").append(["a", "b"])
    book.create_sheet("Altro").append(["c", "d"])
    book.active = 1

    result = table(saved(book))

    assert result.sheet == "Ospiti"
    assert ["Nascosto" in str(n) for n in result.notes] == [True, False, False]
    assert "«Altro»" in str(result.notes[1])


def test_a_sheet_can_be_chosen() -> None:
    content = workbook(["a", "b"], ["1", "2"], Due=[["c", "d"], ["3", "4"]])

    assert table(content, sheet="due").columns == ("c", "d")
    with pytest.raises(UnreadableFile, match="«Tre»"):
        table(content, sheet="Tre")


def test_empty_workbook_is_a_sentence() -> None:
    with pytest.raises(UnreadableFile, match="nessun foglio"):
        table(saved(Workbook()))


def _with_part(content: bytes, name: str, part: bytes) -> bytes:
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as target:
        target.writestr(name, part)
    return stream.getvalue()


def test_macros_are_ignored_with_a_note() -> None:
    result = table(_with_part(workbook(["a", "b"], ["1", "2"]), "xl/vbaProject.bin", b"macro"))

    assert "macro" in str(result.notes[0])
    assert result.rows[0].cells == ("1", "2")


def test_zip_bombs_are_refused() -> None:
    plain = workbook(["a", "b"])
    swollen = _with_part(plain, "xl/worksheets/bomb.xml", b"0" * (5 * 1024 * 1024))
    crowded = plain
    for number in range(200):
        crowded = _with_part(crowded, f"xl/media/{number}.bin", b"")

    for content in (swollen, crowded):
        with pytest.raises(UnreadableFile, match="smisurato"):
            table(content)
    with pytest.raises(UnreadableFile, match="smisurato"):
        table(plain, limits=Limits(unpacked_bytes=100))


def test_entities_are_refused() -> None:
    hostile = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'

    with pytest.raises(UnreadableFile, match="per sicurezza"):
        table(_with_part(workbook(["a", "b"]), "xl/extra.xml", hostile))


def test_a_workbook_cut_short_is_a_sentence() -> None:
    content = workbook(["a", "b"], ["1", "2"])

    with pytest.raises(UnreadableFile, match="rovinato"):
        table(content[: len(content) // 2])


def test_same_bytes_have_the_same_digest() -> None:
    assert table(b"a,b\n1,2\n").digest == table(b"a,b\n1,2\n").digest != table(b"a,b\n1,3\n").digest


cell = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=20)


@given(st.lists(st.tuples(cell, cell, cell), max_size=10))
def test_what_was_written_is_read(rows: list[tuple[str, str, str]]) -> None:
    import csv

    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerow(["uno", "due", "tre"])
    writer.writerows(rows)

    result = table(stream.getvalue().encode())

    assert [row.cells for row in result.rows] == [r for r in rows if any(c.strip() for c in r)]


@given(st.binary(max_size=400))
def test_any_bytes_give_a_table_or_a_sentence(content: bytes) -> None:
    try:
        table(content)
    except UnreadableFile as problem:
        sentence = str(problem)
    else:
        return
    assert sentence.endswith(".")
