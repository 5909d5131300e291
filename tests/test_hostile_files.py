"""Files that are no files, no text, no workbook, or meant to break their reader: a sentence each, and little memory."""

from __future__ import annotations

import gzip
import io
import os
import socket
import struct
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import pytest
from odf.opendocument import OpenDocumentSpreadsheet, OpenDocumentText
from odf.table import Table, TableCell, TableRow
from odf.text import P

from bench import hostile
from postflow import cli, pool, readers, reading, sources
from postflow.errors import DeliveryError, SourceError
from postflow.mapping import Delivery
from tests.test_bad_input import HEAD, ROW, demo_only
from tests.test_pool import DEMO

__all__ = ["demo_only"]
NAMES = {"a": "one", "b": "two"}


def said(path: Path, how: str = "csv", read: Callable[..., object] = readers.read, **more: str) -> str:
    """What is said of a file that is refused, which never names more than the file itself."""
    work = Path(tempfile.mkdtemp(dir=path.parent))
    with duckdb.connect() as con, pytest.raises(DeliveryError) as refused:
        read(con, path, readers.FileFormat(how, **more), NAMES, work)
    assert str(refused.value).isprintable()
    return refused.value.message


# ---------- no file ----------


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes in folders")
def test_a_pipe_a_device_a_socket_and_a_folder_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    with socket.socket(socket.AF_UNIX) as made:
        os.chdir(tmp_path)
        made.bind("s.csv")
    began = time.monotonic()
    for verb in ("add", "check"):
        for name, words in (("pipe.csv", "a pipe"), ("folder.csv", "a folder"), ("s.csv", "a pipe, a socket")):
            with pytest.raises(DeliveryError, match=f"This is {words}"):
                offer(tmp_path / name, verb == "add")
        with pytest.raises(DeliveryError, match="a device, not a file"):
            offer(Path("/dev/zero"), verb == "add")
    assert time.monotonic() - began < 5


def offer(path: Path, keep: bool) -> None:
    source = sources.load(sources.FOLDER / "demo_customs" / "source.toml")
    pool.add("real", [Delivery(source, path, path.name, source.provenance.obtained_on)], keep=keep)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes in folders")
@pytest.mark.parametrize("kind", ["pipe", "folder", "device"])
def test_a_declaration_that_is_no_file_is_refused_at_once(kind: str, tmp_path: Path) -> None:
    path = {"pipe": tmp_path / "source.toml", "folder": tmp_path / "source.toml", "device": Path("/dev/zero")}[kind]
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    with pytest.raises(SourceError, match="not a declaration"):
        sources.load(path)


def test_a_file_whose_name_is_no_text_is_read_and_refused_like_any_other(tmp_path: Path) -> None:
    good = Path(os.fsdecode(os.fsencode(tmp_path) + b"/g\xff[1]*.csv"))
    bad = Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xff.csv"))
    try:
        good.write_text("a,b\n1,2\n", encoding="utf-8")
        bad.write_text("a,c\n1,2\n", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes only names that are text")
    for number, read in enumerate((readers.read, reading.read)):
        (tmp_path / f"w{number}").mkdir()
        with duckdb.connect() as con:
            assert read(con, good, readers.FileFormat("csv"), NAMES, tmp_path / f"w{number}").rows == 1
            assert con.execute("select one, two from delivered_file").fetchall() == [("1", "2")]
    with duckdb.connect() as con, pytest.raises(DeliveryError) as refused:
        readers.read(con, bad, readers.FileFormat("csv"), NAMES, tmp_path)
    assert refused.value.file == r"b\udcff.csv"


# ---------- no text ----------

BINARY = {
    "a picture": b"\x89PNG\r\n\x1a\n",
    "a 7-zip archive": b"7z\xbc\xaf\x27\x1c",
    "a database": b"SQLite format 3\x00",
    "an old Office file, or one with a password": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
}


@pytest.mark.parametrize("kind", BINARY)
@pytest.mark.parametrize("packed", ["", "gz", "zip"])
def test_what_is_no_text_is_named_packed_or_not(kind: str, packed: str, tmp_path: Path) -> None:
    content = BINARY[kind] + bytes(100)
    path = tmp_path / "x.csv"
    if packed == "zip":
        with zipfile.ZipFile(path, "w") as made:
            made.writestr("inside.csv", content)
    else:
        path.write_bytes(gzip.compress(content) if packed else content)
    assert said(path) == f"The file is not text: it is {kind}."


def test_an_empty_zip_or_gzip_is_said_to_be_empty(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(b""))
    assert said(tmp_path / "a.gz") == "The packed file is empty."
    zipfile.ZipFile(tmp_path / "a.zip", "w").close()
    assert said(tmp_path / "a.zip") == "The zip holds 0 files; one is wanted."


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("zip with a password", "The zip cannot be unpacked: it has a password."),
        ("zip by Deflate64", "The zip cannot be unpacked: That compression method is not supported."),
        ("zip by an unknown method", "The zip cannot be unpacked: That compression method is not supported."),
    ],
)
def test_a_zip_that_is_locked_or_packed_in_another_way_is_named(name: str, words: str, tmp_path: Path) -> None:
    path = Path(hostile.CASES[name](tmp_path)[-1])
    assert said(path) == words


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-32"])
def test_wide_text_is_found_without_its_mark_and_its_nul_is_shown(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_bytes("a,b\nx\x00y,é\n".encode(encoding))
    with duckdb.connect() as con:
        readers.read(con, path, readers.FileFormat("csv"), NAMES, tmp_path)
        assert con.execute("select one, two from delivered_file").fetchall() == [("x\ufffdy", "é")]


def test_half_a_character_is_no_character(tmp_path: Path) -> None:
    path = tmp_path / "half.csv"
    path.write_bytes(b"\xff\xfe" + "a,b\n".encode("utf-16-le") + b"\x00\xd8" + ",1\n".encode("utf-16-le"))
    assert "not utf-16" in said(path)
    path.write_bytes(b"a,b\n\xed\xa0\x80,1\n")
    assert "not UTF-8: byte 4 (about row 2)" in said(path, encoding="utf-8")
    for encoding in ("unicode_escape", "x\x00y", "rot13", "nonsense"):
        path.with_name(f"{encoding[:1]}.csv").write_bytes(b"a,b\n\\ud800,1\n")
        assert "no such encoding" in said(path.with_name(f"{encoding[:1]}.csv"), encoding=encoding)


def test_a_long_line_is_refused_with_its_row_before_it_is_held(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    for end in ("\n", "\r\n", "\r"):
        path.write_text(f"a,b{end}1,2{end}" + "x" * 5_000_000 + f",1{end}", encoding="utf-8", newline="")
        with duckdb.connect() as con, pytest.raises(DeliveryError, match="A line is longer than 2,000,000") as refused:
            readers.read(con, path, readers.FileFormat("csv"), NAMES, tmp_path)
        assert refused.value.row == (3 if end != "\r" else 1)


def test_cp1252_with_a_byte_that_has_no_character_is_read_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes(b"a,b\n" + b"\xe9\x81,1\n" * 300_000)
    with duckdb.connect() as con:
        assert readers.read(con, path, readers.FileFormat("csv"), NAMES, tmp_path).rows == 300_000
        assert con.execute("select distinct one from delivered_file").fetchall() == [("é\ufffd",)]


# ---------- bombs ----------


def test_a_large_bomb_is_refused_by_what_has_been_read_of_it_not_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv.gz"
    with gzip.open(path, "wb", compresslevel=6) as packed:
        packed.write(b"a,b\n")
        for _ in range(130):
            packed.write(b"1,2\n" * 250_000)
    with path.open("ab") as more:
        more.write(gzip.compress(os.urandom(3_000_000), 0))
    began = time.monotonic()
    assert "unpacks to more than 10" in said(path)
    assert time.monotonic() - began < 10


def columns(number: int) -> str:
    return ",".join(f"column number {place}" for place in range(number))


def test_a_header_that_differs_in_every_column_is_told_at_once_and_in_short(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(columns(1_000) + "\n" + "1," * 999 + "1\n", encoding="utf-8")
    names = {f"colum number {place}": f"ignored_{place}" for place in range(5_000)}
    began = time.monotonic()
    with duckdb.connect() as con, pytest.raises(DeliveryError) as refused:
        readers.read(con, path, readers.FileFormat("csv", delimiter=","), names, tmp_path)
    assert time.monotonic() - began < 2
    assert "missing 'colum number 0' (is it 'column number 0'?)" in refused.value.message
    assert "and 5,988 more" in refused.value.message


def test_a_declaration_of_five_thousand_columns_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "demo_customs" / "source.toml"
    path.parent.mkdir()
    text = (DEMO / "source.toml").read_text(encoding="utf-8")
    listed = ", ".join(f'"c{place}"' for place in range(5_000))
    path.write_text(text.replace('ignored = ["OPMERKING"]', f"ignored = [{listed}]"), encoding="utf-8")
    began = time.monotonic()
    with pytest.raises(SourceError, match="columns; at most 1,000 are read"):
        sources.load(path)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("form", ["%Q", "%Y-%m-%d%", "%Y %e"])
def test_a_form_of_a_date_that_the_database_does_not_know_is_refused_where_it_is_declared(
    form: str, tmp_path: Path
) -> None:
    path = tmp_path / "demo_customs" / "source.toml"
    path.parent.mkdir()
    text = (DEMO / "source.toml").read_text(encoding="utf-8")
    path.write_text(text.replace("[coverage]", f'[dates]\nday = ["{form}"]\n[coverage]', 1), encoding="utf-8")
    with pytest.raises(SourceError, match="is no form of a date") as refused:
        sources.load(path)
    assert refused.value.field == "dates.day"
    assert form in str(refused.value)


# ---------- no workbook ----------


def book(path: Path) -> Path:
    made = openpyxl.Workbook()
    made.active.append(["a", "b"])
    made.active.append([1, 2])
    made.save(path)
    return path


def rezip(path: Path, change: Callable[[str, bytes], bytes | None], more: dict[str, bytes] | None = None) -> Path:
    """The zip with its parts changed or, where None comes back, left out."""
    parts = {}
    with zipfile.ZipFile(path) as old:
        for name in old.namelist():
            if (content := change(name, old.read(name))) is not None:
                parts[name] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in (parts | (more or {})).items():
            made.writestr(name, content)
    return path


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (99 + n, (b"&%c;" % (97 + (n and n + 1))) * 10) for n in range(9))
    + b"]><x>&k;</x>"
)
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.mark.parametrize("entities", [LAUGHS, OUTSIDE], ids=["billion laughs", "a file of this machine"])
@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml"]
)
def test_entities_in_a_workbook_are_refused_unread(entities: bytes, part: str, tmp_path: Path) -> None:
    path = rezip(book(tmp_path / "x.xlsx"), lambda name, old: None if name == part else old, {part: entities})
    assert said(path, "xlsx") == "The workbook declares entities, which no spreadsheet does."


def ods(path: Path) -> Path:
    made = OpenDocumentSpreadsheet()
    table = Table(name="Blad")
    for cells in (["a", "b"], ["1", "2"]):
        row = TableRow()
        for cell in cells:
            item = TableCell(valuetype="string")
            item.addElement(P(text=cell))
            row.addElement(item)
        table.addElement(row)
    made.spreadsheet.addElement(table)
    made.save(str(path))
    return path


def test_entities_in_an_open_document_are_refused_unread(tmp_path: Path) -> None:
    path = rezip(ods(tmp_path / "x.ods"), lambda name, old: LAUGHS if name == "content.xml" else old)
    assert said(path, "ods") == "The workbook declares entities, which no spreadsheet does."


def test_a_text_document_under_the_name_of_a_workbook_is_named(tmp_path: Path) -> None:
    docx = io.BytesIO()
    with zipfile.ZipFile(docx, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("word/document.xml", "<w/>")
    (tmp_path / "x.xlsx").write_bytes(docx.getvalue())
    assert said(tmp_path / "x.xlsx", "xlsx") == "The file is not a xlsx workbook: it is a text document (.docx)."
    (tmp_path / "x.csv").write_bytes(docx.getvalue())
    assert said(tmp_path / "x.csv") == "This is a text document, not a zip around a text file."
    OpenDocumentText().save(str(tmp_path / "x.ods"))
    assert said(tmp_path / "x.ods", "ods") == "The file is not an ods workbook: it is an OpenDocument text."
    book(tmp_path / "y.ods")
    assert said(tmp_path / "y.ods", "ods") == "The file is not an ods workbook: it is an Excel workbook (.xlsx)."


def test_a_workbook_with_a_password_is_said_to_be_locked(tmp_path: Path) -> None:
    path = tmp_path / "locked.xlsx"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000) + "EncryptedPackage".encode("utf-16-le") + bytes(99)
    )
    assert said(path, "xlsx") == "The workbook is locked with a password."
    content = bytearray(book(tmp_path / "zip.xlsx").read_bytes())
    for start, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := content.find(start, place + 1)) >= 0:
            content[place + at] |= 1
    (tmp_path / "zip.xlsx").write_bytes(content)
    assert said(tmp_path / "zip.xlsx", "xlsx") == "The workbook is locked with a password."


def test_a_workbook_whose_directory_lies_is_damaged(tmp_path: Path) -> None:
    path = book(tmp_path / "lying.xlsx")
    content = bytearray(path.read_bytes())
    at = content.rfind(b"PK\x01\x02", 0, content.rfind(b"sheet1.xml"))
    content[at + 24 : at + 28] = struct.pack("<I", 100)
    path.write_bytes(content)
    assert said(path, "xlsx").startswith("The workbook is damaged")


def test_a_cell_far_away_costs_a_message_and_no_memory(tmp_path: Path) -> None:
    far = b'<c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>'
    path = rezip(
        book(tmp_path / "far.xlsx"),
        lambda name, old: (
            old.replace(b"</sheetData>", b'<row r="1048576">' + far + b"</row></sheetData>")
            if "sheet1" in name
            else old
        ),
    )
    assert "more than 400 MB of memory" in said(path, "xlsx", reading.read)


def test_cells_repeated_without_end_cost_a_message(tmp_path: Path) -> None:
    path = rezip(
        ods(tmp_path / "x.ods"),
        lambda name, old: (
            old.replace(b"<table:table-row>", b'<table:table-row table:number-rows-repeated="900000">').replace(
                b"<table:table-cell ", b'<table:table-cell table:number-columns-repeated="16000" '
            )
            if name == "content.xml"
            else old
        ),
    )
    assert "Cell limit exceeded" in said(path, "ods", reading.read)


def test_a_workbook_without_places_of_cells_is_read_with_its_percentages(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    made = openpyxl.Workbook()
    made.active.append(["a", "b"])
    made.active.append([0.5, "x"])
    made.active["A2"].number_format = "0%"
    made.save(path)
    rezip(path, lambda name, old: __import__("re").sub(rb' r="[A-Z]*\d+"', b"", old) if "sheet1" in name else old)
    with duckdb.connect() as con:
        readers.read(con, path, readers.FileFormat("xlsx"), NAMES, tmp_path)
        assert con.execute("select one, two from delivered_file").fetchall() == [("50%", "x")]


def test_what_the_database_says_of_rows_while_they_are_mapped_is_a_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "good.csv"
    path.write_text(HEAD + ROW, encoding="utf-8")

    def fail(*_: object) -> None:
        duckdb.sql("select 'x'::integer").fetchall()

    monkeypatch.setattr("postflow.mapping.to_canonical", fail)
    assert cli.main(["add", "demo_customs", str(path)]) == 1
    told = capsys.readouterr().err
    assert "The rows cannot be read as source.toml says: Conversion Error" in told
    assert "good.csv" in told
