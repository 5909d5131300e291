"""Bad files: a message with file, row, column, value and next step; exit code 1; the last good pool untouched."""

from __future__ import annotations

import gzip
import struct
import time
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pytest

from postflow import cli, pool, readers, sources
from postflow.errors import DeliveryError
from tests.test_pool import DEMO, HEAD

ROW = "A1;2020-01-15;Netherlands;Netherlands;New Zealand;Ecstasy;500;Gram;Mail;;;;fine\n"


@pytest.fixture(autouse=True)
def demo_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "declared" / "demo_customs"
    folder.mkdir(parents=True)
    text = (DEMO / "source.toml").read_text(encoding="utf-8")
    (folder / "source.toml").write_text(
        text.replace('path = "seizures.csv"\n', "").replace("rows = [14, 14]\n", ""), encoding="utf-8"
    )
    monkeypatch.setattr(sources, "FOLDER", folder.parent)


def said_of(path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What add says of a file that it refuses."""
    good = path.with_name("good.csv")
    good.write_text(HEAD + ROW, encoding="utf-8")
    assert cli.main(["add", "demo_customs", str(good)]) == 0
    before = pool.current()
    capsys.readouterr()
    assert cli.main(["add", "demo_customs", str(path)]) == 1
    captured = capsys.readouterr()
    assert pool.current() == before
    assert captured.out == ""
    assert "Traceback" not in captured.err
    assert path.name in captured.err
    return captured.err


REFUSED = {
    "missing column": (HEAD.replace("ZAAKNR;", "").encode() + ROW.partition(";")[2].encode(), "missing 'ZAAKNR'"),
    "unknown column": (HEAD.replace("\n", ";NIEUW\n").encode() + ROW.replace("\n", ";x\n").encode(), "unknown 'NIEUW'"),
    "misspelt column": (HEAD.replace("DATUM", "DATUMS").encode() + ROW.encode(), "is it 'DATUMS'?"),
    "column twice": (HEAD.replace("OPMERKING", "STOF").encode() + ROW.encode(), "twice"),
    "wrong delimiter": ((HEAD + ROW).replace(";", ",").encode(), "delimiter"),
    "empty file": (b"", "empty"),
    "header only": (HEAD.encode(), "no rows"),
    "ragged row": (HEAD.encode() + ROW.encode() + b"A2;2020-01-16;Netherlands\n", "row 3"),
    "open quote": (HEAD.encode() + b'A1;"never closed;x\n', "bad"),
    "truncated gzip": (gzip.compress((HEAD + ROW * 2000).encode())[:200], "cut short"),
    "not a zip": (b"PK\x03\x04 this is not a zip", "zip"),
    "a PDF": (b"%PDF-1.7 something", "not text"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_cannot_be_read_is_refused_with_words(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, words = REFUSED[case]
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    assert words in said_of(path, capsys)


def test_a_missing_file_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["add", "demo_customs", str(tmp_path / "nowhere.csv")]) == 1
    assert "nowhere.csv" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_found(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "good.csv"
    path.write_bytes((HEAD + ROW.replace("fine", "Zürich – één €")).encode(encoding))
    with duckdb.connect() as con:
        names = sources.load(sources.FOLDER / "demo_customs" / "source.toml").names()
        told = readers.read(con, path, readers.FileFormat("csv", delimiter=";"), names, tmp_path)
        assert told.rows == 1
        assert con.execute("select ignored_1 from delivered_file").fetchall() == [("Zürich – één €",)]


@pytest.mark.parametrize("packed", ["gz", "zip"])
def test_a_packed_file_is_read_as_its_content(packed: str, tmp_path: Path) -> None:
    path = tmp_path / f"good.csv.{packed}"
    if packed == "gz":
        path.write_bytes(gzip.compress((HEAD + ROW).encode()))
    else:
        with zipfile.ZipFile(path, "w") as made:
            made.writestr("inside.csv", HEAD + ROW)
    assert cli.main(["add", "demo_customs", str(path)]) == 0


def test_embedded_newlines_are_one_record(tmp_path: Path) -> None:
    path = tmp_path / "good.csv"
    path.write_text(
        HEAD + ROW.replace("fine", '"two\nlines; and a semicolon"') + ROW.replace("A1", "A2"), encoding="utf-8"
    )
    with duckdb.connect() as con:
        names = sources.load(sources.FOLDER / "demo_customs" / "source.toml").names()
        assert readers.read(con, path, readers.FileFormat("csv", delimiter=";"), names, tmp_path).rows == 2
        assert con.execute("select row_number, record_id from delivered_file order by 1").fetchall() == [
            (2, "A1"),
            (3, "A2"),
        ]


HELD = {
    "a negative quantity": (";500;", ";-4;", "quantity", "'-4'"),
    "not a number": (";500;", ";NaN;", "quantity", "'NaN'"),
    "infinite": (";500;", ";inf;", "quantity", "'inf'"),
    "huge": (";500;", ";1e15;", "quantity", "'1e15'"),
    "the other decimal mark": (";500;", ";1.234,5;", "quantity", "'1.234,5'"),
    "no such day": ("2020-01-15", "2020-02-30", "seized_on", "'2020-02-30'"),
    "a date to come": ("2020-01-15", "2999-01-01", "seized_on", "'2999-01-01'"),
    "an unknown country": (";Netherlands;Netherlands;", ";Atlantis;Netherlands;", "seizure_country", "'Atlantis'"),
    "no country": (";Netherlands;Netherlands;", ";;Netherlands;", "seizure_country", "''"),
}


@pytest.mark.parametrize("case", HELD)
def test_a_row_that_cannot_be_counted_is_held_with_row_field_value_and_rule(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    was, now, field, value = HELD[case]
    path = tmp_path / "mixed.csv"
    path.write_text(HEAD + ROW + ROW.replace("A1", "A2").replace(was, now), encoding="utf-8")
    assert cli.main(["add", "demo_customs", str(path)]) == 0
    said = capsys.readouterr().err
    assert "2 rows in = 1 accepted + 1 in quarantine" in said
    assert f"row 3, {field} {value}: rule" in said


KEPT = {
    "a quantity of zero": (";500;", ";0;", "zero_quantity"),
    "no quantity": (";500;", ";;", "no_quantity"),
    "an unknown drug": (";Ecstasy;", ";Xyzzy;", "unlisted_drug"),
    "an unknown unit": (";Gram;", ";Heaps;", "unlisted_unit"),
    "an unknown departure": (";Netherlands;Netherlands;", ";Netherlands;Atlantis;", "unlisted_departure_country"),
}


@pytest.mark.parametrize("case", KEPT)
def test_a_row_that_can_be_counted_is_kept_as_reported_and_flagged(case: str, tmp_path: Path) -> None:
    was, now, flag = KEPT[case]
    path = tmp_path / "kept.csv"
    path.write_text(HEAD + ROW.replace(was, now), encoding="utf-8")
    assert cli.main(["add", "demo_customs", str(path)]) == 0
    current = pool.current()
    assert current
    with pool.connect(current.path) as con:
        flags, kg, drug = con.execute("select flags, quantity_kg, drug from seizure").fetchall()[0]
    assert flag in flags
    assert kg is None or flag in ("unlisted_drug", "unlisted_departure_country")
    assert drug == ("other" if flag == "unlisted_drug" else "MDMA")


def test_cells_that_would_be_formulas_are_never_live_in_an_export(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "formula.csv"
    path.write_text(HEAD + ROW.replace(";Mail;;;;", ";Mail;;=cmd()|' /C calc'!A0;;"), encoding="utf-8")
    assert cli.main(["add", "demo_customs", str(path)]) == 0
    capsys.readouterr()
    assert cli.main(["query", "records/seizures", "--format", "csv"]) == 0
    out = capsys.readouterr().out
    assert "'=cmd()" in out
    assert ",=cmd()" not in out


def test_control_characters_are_shown_not_obeyed(tmp_path: Path) -> None:
    path = tmp_path / "control.csv"
    path.write_text(HEAD + ROW.replace("fine", "bell\x07 escape\x1b[31m"), encoding="utf-8")
    with duckdb.connect() as con:
        names = sources.load(sources.FOLDER / "demo_customs" / "source.toml").names()
        readers.read(con, path, readers.FileFormat("csv", delimiter=";"), names, tmp_path)
        assert con.execute("select ignored_1 from delivered_file").fetchall() == [("bell\ufffd escape\ufffd[31m",)]


# ---------- spreadsheets ----------


def workbook(path: Path) -> Path:
    made = openpyxl.Workbook()
    made.active.append(["when", "how much", "what"])
    made.active.append([__import__("datetime").date(2020, 1, 15), 1234.0, "=cmd()"])
    made.active.append([None, 0.1, "<b>bold</b>"])
    made.save(path)
    return path


def test_a_workbook_is_read_as_a_person_would_have_typed_it(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        names = {"when": "when_text", "how much": "much", "what": "what_text"}
        told = readers.read(con, workbook(tmp_path / "book.xlsx"), readers.FileFormat("xlsx"), names, tmp_path)
        assert told.rows == 2
        rows = con.execute("select when_text, much, what_text from delivered_file order by row_number").fetchall()
    assert rows[0][:2] == ("2020-01-15", "1234")
    assert rows[1][1:] == ("0.1", "<b>bold</b>")


def test_a_workbook_that_is_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_text("<html><table><tr><td>not a workbook", encoding="utf-8")
    with duckdb.connect() as con, pytest.raises(DeliveryError, match="not a xlsx workbook"):
        readers.read(con, path, readers.FileFormat("xlsx"), {"a": "b"}, tmp_path)


def test_a_zip_bomb_is_refused_unread_and_at_once(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made,
        made.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member,
    ):
        for _ in range(300):
            member.write(bytes(1_000_000))
    started = time.monotonic()
    with duckdb.connect() as con, pytest.raises(DeliveryError, match="refused unread"):
        readers.read(con, path, readers.FileFormat("xlsx"), {"a": "b"}, tmp_path)
    assert time.monotonic() - started < 5


def test_a_bomb_that_lies_in_its_directory_costs_a_message(tmp_path: Path) -> None:
    path = workbook(tmp_path / "book.xlsx")
    lying = tmp_path / "lying.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(lying, "w", zipfile.ZIP_DEFLATED) as made:
        for item in old.infolist():
            if item.filename != "xl/worksheets/sheet1.xml":
                made.writestr(item, old.read(item))
        row = b"<row>" + b"<c t='inlineStr'><is><t>x</t></is></c>" * 2000 + b"</row>"
        made.writestr("xl/worksheets/sheet1.xml", b"<worksheet><sheetData>" + row * 1200 + b"</sheetData></worksheet>")
    content = bytearray(lying.read_bytes())
    at = content.rfind(b"PK\x01\x02", 0, content.rfind(b"sheet1.xml"))
    content[at + 24 : at + 28] = struct.pack("<I", 1000)
    lying.write_bytes(content)
    with duckdb.connect() as con, pytest.raises(DeliveryError, match="damaged"):
        readers.read(con, lying, readers.FileFormat("xlsx"), {"when": "a", "how much": "b", "what": "c"}, tmp_path)
