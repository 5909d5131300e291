"""Inputs that are meant to break a reader, by name: each lays itself into a folder and says which command meets it."""

from __future__ import annotations

import gzip
import io
import json
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow

from bench import ROOT

DEMO = ROOT / "tests" / "data" / "sources" / "demo_customs"
HEAD = b"ZAAKNR;DATUM;LAND;VAN;NAAR;STOF;HOEVEELHEID;EENHEID;VERVOER;VERBORGEN;PLAATS;SOORT;OPMERKING\n"
ROW = b"A1;2020-01-15;Netherlands;Netherlands;New Zealand;Ecstasy;500;Gram;Mail;;;;fine\n"
TEXT = HEAD + ROW
IGNORED = 'ignored = ["OPMERKING"]'

Text = Callable[[str], str]


def declared(folder: Path, change: Text = str, name: str = "csv") -> Path:
    """The demo declaration, changed."""
    path = folder / "demo_customs" / "source.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = (DEMO / "source.toml").read_text(encoding="utf-8")
    text = text.replace('path = "seizures.csv"\n', "").replace("rows = [14, 14]\n", "")
    path.write_text(change(text.replace('format = "csv"', f'format = "{name}"')), encoding="utf-8")
    return path


def _file(name: str, write: Callable[[Path], object], change: Text = str) -> Callable[[Path], list[str]]:
    def lay(folder: Path) -> list[str]:
        path = folder / name
        write(path)
        form = name.rpartition(".")[2]
        own = declared(folder, change, form if form in ("xlsx", "ods", "parquet") else "csv")
        return ["check", str(own), str(path)]

    return lay


def _bytes(name: str, content: Callable[[], bytes], change: Text = str) -> Callable[[Path], list[str]]:
    return _file(name, lambda path: path.write_bytes(content()), change)


def _declaration(change: Text) -> Callable[[Path], list[str]]:
    return _bytes("good.csv", lambda: TEXT, change)


def _raw(content: Callable[[], bytes]) -> Callable[[Path], list[str]]:
    """A declaration of these bytes."""

    def lay(folder: Path) -> list[str]:
        declared(folder).write_bytes(content())
        (folder / "good.csv").write_bytes(TEXT)
        return ["check", str(folder / "demo_customs" / "source.toml"), str(folder / "good.csv")]

    return lay


def _set(old: str, new: str) -> Text:
    def change(text: str) -> str:
        assert old in text, f"the demo declaration no longer says {old}"
        return text.replace(old, new, 1)

    return change


def _listed(number: int) -> Text:
    names = [f"c{at}" for at in range(number)]
    return _set(IGNORED, f"ignored = {json.dumps(names)}")


def _zip(content: bytes = TEXT, method: int = zipfile.ZIP_DEFLATED, names: int = 1) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as made:
        for number in range(names):
            made.writestr(f"inside{number}.csv", content)
    return held.getvalue()


def _patched(content: bytes, local: int, central: int, value: int) -> bytes:
    """A zip with one number of both its headers changed."""
    changed, at = bytearray(content), content.rfind(b"PK\x01\x02")
    changed[local : local + 2] = changed[at + central : at + central + 2] = struct.pack("<H", value)
    return bytes(changed)


def _bomb(path: Path, size: int, pack: str = "gz", line: bytes = ROW) -> None:
    piece = line * max(1, 4_000_000 // len(line))
    if pack == "gz":
        path.write_bytes(gzip.compress(HEAD) + gzip.compress(piece) * (size // len(piece)))
        return
    inside = {"zip": "inside.csv", "xlsx": "xl/worksheets/sheet1.xml", "ods": "content.xml"}[pack]
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made,
        made.open(inside, "w", force_zip64=True) as member,
    ):
        for _ in range(size // len(piece)):
            member.write(piece)


def _far_cell(path: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(HEAD.decode().strip().split(";"))
    sheet["XFD1048576"] = "far away"
    made.save(path)


def _repeated(path: Path) -> None:
    made, sheet = OpenDocumentSpreadsheet(), Table(name="s")
    row = TableRow(numberrowsrepeated=1_048_576)
    row.addElement(TableCell(stringvalue="x", valuetype="string", numbercolumnsrepeated=16_384))
    sheet.addElement(row)
    made.spreadsheet.addElement(sheet)
    made.write(path)


def _wide_parquet(path: Path) -> None:
    pq.write_table(pa.table({f"c{number}": ["x"] for number in range(20_000)}), path)


def _entities(path: Path) -> None:
    grown = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("xl/workbook.xml", f'<!DOCTYPE x [<!ENTITY e0 "x">{grown}]><workbook>&e11;</workbook>')


def _pipe(path: Path) -> None:
    os.mkfifo(path)


WIDE = ";".join(f"column {number}" for number in range(100_000)).encode() + b"\n" + b";".join([b"1"] * 100_000) + b"\n"
DELIMITER = 'delimiter = ";"'


CASES: dict[str, Callable[[Path], list[str]]] = {
    "UTF-16 without a mark, low byte first": _bytes("x.csv", lambda: TEXT.decode().encode("utf-16-le")),
    "UTF-16 without a mark, high byte first": _bytes("x.csv", lambda: TEXT.decode().encode("utf-16-be")),
    "UTF-16 with half a character": _bytes("x.csv", lambda: TEXT.decode().encode("utf-16") + b"\x00\xd8\n\x00"),
    "NUL in cells": _bytes("x.csv", lambda: HEAD + ROW.replace(b"fine", b"fi\x00ne")),
    "nothing but NUL": _bytes("x.csv", lambda: bytes(30_000_000)),
    **{
        f"encoding {name}": _bytes("x.csv", lambda: TEXT, _set(DELIMITER, f'{DELIMITER}\nencoding = "{name}"'))
        for name in ("undefined", "idna", "punycode", "rot13", "base64", "unicode_escape", "mbcs", "utf-7", "")
    },
    "zip with a password": _bytes("x.zip", lambda: _patched(_zip(), 6, 8, 1)),
    "zip by Deflate64": _bytes("x.zip", lambda: _patched(_zip(), 8, 10, 9)),
    "zip by an unknown method": _bytes("x.zip", lambda: _patched(_zip(), 8, 10, 77)),
    "zip cut short": _bytes("x.zip", lambda: _zip()[:-30]),
    "zip damaged inside": _bytes("x.zip", lambda: _zip()[:60] + b"\xff" * 20 + _zip()[80:]),
    "zip of 20,000 files": _bytes("x.zip", lambda: _zip(b"x", zipfile.ZIP_STORED, 20_000)),
    "zip in a zip": _bytes("x.zip", lambda: _zip(_zip())),
    "gzip cut short": _bytes("x.csv.gz", lambda: gzip.compress(TEXT * 5_000)[:-40]),
    "gzip damaged inside": _bytes("x.csv.gz", lambda: gzip.compress(TEXT)[:30] + bytes(20) + gzip.compress(TEXT)[50:]),
    "gzip of 1.5 GB": _file("x.csv.gz", lambda path: _bomb(path, 1_500_000_000)),
    "gzip of 1.5 GB in one line": _file("x.csv.gz", lambda path: _bomb(path, 1_500_000_000, line=b"x" * 1_000)),
    "zip of 1.5 GB": _file("x.zip", lambda path: _bomb(path, 1_500_000_000, "zip")),
    "workbook of 1.5 GB": _file("x.xlsx", lambda path: _bomb(path, 1_500_000_000, "xlsx")),
    "open document of 1.5 GB": _file("x.ods", lambda path: _bomb(path, 1_500_000_000, "ods")),
    "workbook with a cell far away": _file("x.xlsx", _far_cell),
    "open document of cells repeated without end": _file("x.ods", _repeated),
    "workbook with entities": _file("x.xlsx", _entities),
    "100,000 columns": _bytes("x.csv", lambda: WIDE),
    "100,000 columns packed": _bytes("x.csv.gz", lambda: gzip.compress(WIDE)),
    "Parquet of 20,000 columns": _file("x.parquet", _wide_parquet),
    "a line of 60 MB": _bytes("x.csv", lambda: HEAD + b"x" * 60_000_000 + b"\n"),
    "a quote that is never closed": _bytes("x.csv", lambda: HEAD + b'A1;"' + ROW * 300_000),
    "nothing but quotes": _bytes("x.csv", lambda: HEAD + b'"' * 9_000_001),
    "nothing but delimiters": _bytes("x.csv", lambda: HEAD + b";" * 9_000_000),
    "nothing but line ends": _bytes("x.csv", lambda: HEAD + b"\r\n" * 9_000_000),
    "a million rows that are held": _bytes("x.csv", lambda: HEAD + ROW.replace(b"2020", b"9999") * 20_000),
    "a pipe": _file("x.csv", _pipe),
    "a device": lambda folder: ["check", str(declared(folder)), "/dev/zero"],
    "a folder": lambda folder: ["check", str(declared(folder)), str(folder)],
    "5,000 columns declared": _declaration(_listed(5_000)),
    "60,000 columns declared": _declaration(_listed(60_000)),
    "a delimiter of two signs": _declaration(_set(DELIMITER, 'delimiter = ";;"')),
    "no delimiter": _declaration(_set(DELIMITER, 'delimiter = ""')),
    "a line end as delimiter": _declaration(_set(DELIMITER, 'delimiter = "\\n"')),
    "a quote as delimiter": _declaration(_set(DELIMITER, "delimiter = '\"'")),
    **{
        f"the form of a date {form[:12]!r}": _declaration(_set("[coverage]", f'[dates]\nday = ["{form}"]\n[coverage]'))
        for form in ("", "%", "%%", "%Q", "%Y" * 10_000, "%-", "[" * 3_000)
    },
    "no form of a date": _declaration(_set("[coverage]", "[dates]\nday = []\n[coverage]")),
    "TOML that is not UTF-8": _raw(lambda: b'title = "\xff\xfe"\n'),
    "TOML in UTF-16": _raw(lambda: (DEMO / "source.toml").read_text(encoding="utf-8").encode("utf-16")),
    "TOML nested deeply": _raw(lambda: b"a = " + b"[" * 120_000),
    "TOML of tables in tables": _raw(lambda: b"a = " + b"{a = " * 24_000),
    "TOML of 60 MB": _raw(lambda: b"# " + b"x" * 60_000_000),
    "TOML key of 60,000 parts": _raw(lambda: b"a" + b".a" * 60_000 + b" = 1"),
    "TOML number of 100,000 digits": _raw(lambda: b"a = " + b"9" * 100_000),
    "TOML of NUL": _raw(lambda: bytes(5_000)),
    "an empty declaration": _raw(lambda: b""),
}
"""By name. Which of them are refused and which are read is for the measurement to say; none may end in a traceback."""
if not hasattr(os, "mkfifo"):
    del CASES["a pipe"]
