"""Minimal XLSX and ODS files whose bytes depend on the rows alone: no clock, no library version, no random ids."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

XLSX_MOST_ROWS = 1_048_576
"""Rows of one sheet, the header included (Excel specifications and limits)."""

_STAMP = (1980, 1, 1, 0, 0, 0)
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

Cell = str | None
Kinds = Sequence[str]
"""Per column ``text``, ``number`` or ``date``; a cell that is not of its column's kind is written as text."""


def write_xlsx(path: Path, sheet: str, header: Sequence[str], kinds: Kinds, rows: Iterable[Sequence[Cell]]) -> None:
    """One sheet, strings inline, dates as day numbers with a date format."""
    parts = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET}.styles+xml"/>'
        "</Types>",
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name={quoteattr(sheet)} sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts>'
        '<fills count="1"><fill/></fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/>'
        '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
    }
    with zipfile.ZipFile(path, "w") as book:
        for name, text in parts.items():
            book.writestr(_entry(name), text)
        with book.open(_entry("xl/worksheets/sheet1.xml"), "w") as part:
            part.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            for line in _xlsx_lines(header, kinds, rows):
                part.write(line.encode())
            part.write(b"</sheetData></worksheet>")


def write_ods(path: Path, sheet: str, header: Sequence[str], kinds: Kinds, rows: Iterable[Sequence[Cell]]) -> None:
    """One table of an OpenDocument spreadsheet."""
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    space = "urn:oasis:names:tc:opendocument:xmlns"
    with zipfile.ZipFile(path, "w") as book:
        # The format asks for the type first and not compressed.
        book.writestr(_entry("mimetype", zipfile.ZIP_STORED), kind)
        book.writestr(
            _entry("META-INF/manifest.xml"),
            f'{_HEAD}<manifest:manifest xmlns:manifest="{space}:manifest:1.0" manifest:version="1.2">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
            "</manifest:manifest>",
        )
        with book.open(_entry("content.xml"), "w") as part:
            part.write(
                f'{_HEAD}<office:document-content xmlns:office="{space}:office:1.0" xmlns:text="{space}:text:1.0" '
                f'xmlns:table="{space}:table:1.0" office:version="1.2"><office:body><office:spreadsheet>'
                f"<table:table table:name={quoteattr(sheet)}>".encode()
            )
            for row in _all(header, kinds, rows):
                cells = "".join(_ods_cell(kind, cell) for kind, cell in row)
                part.write(f"<table:table-row>{cells}</table:table-row>\n".encode())
            part.write(b"</table:table></office:spreadsheet></office:body></office:document-content>")


def _entry(name: str, compression: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _STAMP)
    entry.compress_type = compression
    entry.create_system = 3
    return entry


def _all(header: Sequence[str], kinds: Kinds, rows: Iterable[Sequence[Cell]]) -> Iterator[list[tuple[str, Cell]]]:
    yield [("text", name) for name in header]
    for row in rows:
        yield list(zip(kinds, row, strict=True))


def _xlsx_lines(header: Sequence[str], kinds: Kinds, rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    letters = [_letters(place) for place in range(len(header))]
    for number, row in enumerate(_all(header, kinds, rows), start=1):
        cells = "".join(
            _xlsx_cell(f"{letter}{number}", kind, cell) for letter, (kind, cell) in zip(letters, row, strict=True)
        )
        yield f'<row r="{number}">{cells}</row>\n'


def _letters(place: int) -> str:
    return (chr(64 + place // 26) if place >= 26 else "") + chr(65 + place % 26)


def _xlsx_cell(place: str, kind: str, cell: Cell) -> str:
    if cell is None:
        return ""
    if kind == "number" and _NUMBER.fullmatch(cell):
        return f'<c r="{place}"><v>{cell}</v></c>'
    if kind == "date" and (day := _day(cell)):
        return f'<c r="{place}" s="1"><v>{(day - date(1899, 12, 30)).days}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'


def _ods_cell(kind: str, cell: Cell) -> str:
    if cell is None:
        return "<table:table-cell/>"
    shown = f"<text:p>{escape(cell)}</text:p>"
    if kind == "number" and _NUMBER.fullmatch(cell):
        return f'<table:table-cell office:value-type="float" office:value="{cell}">{shown}</table:table-cell>'
    if kind == "date" and _day(cell):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell}">{shown}</table:table-cell>'
    return f'<table:table-cell office:value-type="string">{shown}</table:table-cell>'


def _day(cell: str) -> date | None:
    try:
        return date.fromisoformat(cell) if len(cell) == 10 else None
    except ValueError:
        return None
