"""Sheets of a workbook as CSVs of text.

A number cell is written in the source's decimal mark, as the person would have typed it who opened the file there. What only
the cell's type or format tells is looked up in the sheet's XML: a percentage (0.8 shown as 80%), and an error such as #N/A,
which is not an empty cell.

A workbook is a zip of XML: it is held to its directory before a reader of workbooks sees it, part by part and in pieces.
"""

from __future__ import annotations

import csv
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from xml.etree import ElementTree

from postflow import limits
from postflow.errors import DeliveryError, first_line
from postflow.limits import MEGABYTE

BUILT_IN_PERCENT = {"9", "10"}
"""Number formats 0% and 0.00% of ECMA-376, part 1, 18.8.30."""
MOST_DIGITS = 1e15
"""A spreadsheet holds fifteen digits: a longer number has lost its end, and is written in E notation, which says so."""
PIECE = 1 << 20
RATIO_FROM = 10 * MEGABYTE
"""Small workbooks may pack as well as they like; honest sheets pack about ten to one."""
OLE = b"\xd0\xcf\x11\xe0"
LOCKED = "EncryptedPackage".encode("utf-16-le")
"""The stream of an Office file with a password (MS-OFFCRYPTO, 2.3.4.4)."""
OTHERS = {
    "word/document.xml": "a text document (.docx)",
    "ppt/presentation.xml": "a set of slides (.pptx)",
    "xl/workbook.bin": "a binary workbook (.xlsb)",
}
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."

Place = tuple[int, int]
"""Row and column, from 0."""


@dataclass(frozen=True)
class Written:
    """What was written of a workbook."""

    read: tuple[str, ...]
    """Names of the sheets, each a CSV."""
    shown: tuple[str, ...]
    """Every sheet that a person sees."""


def csv_of(out: Path, place: int) -> Path:
    """Where the sheet of this place is written."""
    return out.with_name(f"{out.name}-{place}.csv")


def write(path: Path, declared: str, wanted: Sequence[str], out: Path, decimal_mark: str) -> Written:
    """Write sheets as CSVs.

    Args:
        declared: xlsx, xls or ods.
        wanted: names; none: the first sheet that is shown; ``*``: every sheet that is shown.
        out: how the paths of the CSVs begin.

    Raises:
        DeliveryError: it is no such workbook, is locked or damaged, unpacks to too much, or has no such sheet.
    """
    _look(path, declared)
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
        names = list(book.sheet_names)
        shown = [sheet.name for sheet in book.sheets_metadata if str(sheet.visible).endswith("Visible")]
        read = _chosen(names, shown, list(wanted))
        for place, name in enumerate(read):
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            _write(rows, _told(path, name, decimal_mark), csv_of(out, place), decimal_mark)
    except (CalamineError, ElementTree.ParseError, LookupError, ValueError, *DAMAGED) as error:
        said = error.args[0] if isinstance(error, _NoSheet) else first_line(error)
        raise DeliveryError(
            f"The workbook cannot be read: {said}.",
            file=path.name,
            next_step="Open it, save it again, or ask for a CSV.",
        ) from None
    return Written(tuple(read), tuple(shown))


class _NoSheet(LookupError):
    """The sheet that source.toml names is not there."""


# ---------- what it is ----------

DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError)
"""What Python's reader of zips raises for damaged, unknown and locked parts."""


def _look(path: Path, declared: str) -> None:
    with path.open("rb") as file:
        is_ole = file.read(4) == OLE
    if is_ole:
        _look_at_ole(path, declared)
    elif declared == "xls":
        raise _no_workbook(path, declared, "")
    else:
        _look_at_zip(path, declared)


def _no_workbook(path: Path, declared: str, what: str) -> DeliveryError:
    return DeliveryError(
        f"The file is not {'an' if declared in ('ods', 'xls') else 'a'} {declared} workbook"
        + (f": it is {what}." if what else "."),
        file=path.name,
        field="file.format",
        value=declared,
        next_step="Open it to see what it is, and save it as such.",
    )


def _look_at_ole(path: Path, declared: str) -> None:
    allowed = limits.current()
    with path.open("rb") as file:
        left = b""
        while piece := file.read(PIECE):
            if LOCKED in left + piece:
                raise DeliveryError(
                    "The workbook is locked with a password.",
                    file=path.name,
                    next_step="Ask for it without one, or open it and save it without.",
                )
            left = piece[-len(LOCKED) :]
    if declared != "xls":
        raise _no_workbook(path, declared, "an old Office file, such as .xls or .doc")
    if path.stat().st_size > allowed.workbook_mb * MEGABYTE:
        raise DeliveryError("The workbook is too large to be read.", file=path.name, next_step="Ask for a CSV.")


def _look_at_zip(path: Path, declared: str) -> None:
    """Refuse a zip that is no such workbook, or whose parts are not what its directory says."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
            _look_at_sizes(path, parts)
            if what := _other(packed, {item.filename for item in parts}, declared):
                raise _no_workbook(path, declared, what)
            for item in parts:
                _look_at_part(path, packed, item)
    except (*DAMAGED, ValueError) as error:
        if not zipfile.is_zipfile(path):
            raise _no_workbook(path, declared, "") from None
        is_locked = "password" in str(error)
        raise DeliveryError(
            "The workbook is locked with a password."
            if is_locked
            else f"The workbook is damaged: {first_line(error)}.",
            file=path.name,
            next_step="Ask for it without one." if is_locked else "Ask the contributor to send it again.",
        ) from None


def _look_at_sizes(path: Path, parts: Sequence[zipfile.ZipInfo]) -> None:
    allowed = limits.current()
    total, packed = sum(item.file_size for item in parts), sum(item.compress_size for item in parts) or 1
    is_bomb = total > RATIO_FROM and total > allowed.times_packed * min(packed, path.stat().st_size)
    if is_bomb or total > allowed.workbook_mb * MEGABYTE:
        raise DeliveryError(
            f"The workbook unpacks to {total:,} bytes from {packed:,}; it is refused unread.",
            file=path.name,
            next_step="Ask for a CSV, or for fewer rows a file.",
        )


def _other(packed: zipfile.ZipFile, names: set[str], declared: str) -> str:
    """What the zip is where it is no workbook of the kind declared; empty where it may be one."""
    if found := next((what for name, what in OTHERS.items() if name in names), ""):
        return found
    if declared != "ods":
        return "an OpenDocument file" if "content.xml" in names else ""
    if "xl/workbook.xml" in names:
        return "an Excel workbook (.xlsx)"
    kind = packed.read("mimetype")[:200].decode("ascii", "replace").strip() if "mimetype" in names else ""
    is_other = kind.startswith(OPEN_DOCUMENT) and "spreadsheet" not in kind
    return f"an OpenDocument {kind.removeprefix(OPEN_DOCUMENT)}" if is_other else ""


def _look_at_part(path: Path, packed: zipfile.ZipFile, item: zipfile.ZipInfo) -> None:
    """Unpack a part in pieces, which proves its size and checksum; a part that declares entities is refused."""
    is_xml = item.filename.lower().endswith((".xml", ".rels"))
    left = b""
    with packed.open(item) as part:
        while piece := part.read(PIECE):
            text = left + piece
            if is_xml and any(mark in text for mark in (b"<!DOCTYPE", b"<!ENTITY")):
                raise DeliveryError(
                    "The workbook declares entities, which no spreadsheet does.",
                    file=path.name,
                    field=item.filename,
                    next_step="Do not open it; ask the contributor what it is.",
                )
            left = piece[-16:]


# ---------- cells ----------


def _text(cell: object, decimal_mark: str) -> str:
    """A cell as a person would have typed it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        is_whole = cell.is_integer() and abs(cell) < MOST_DIGITS
        text = str(int(cell)) if is_whole else repr(cell) if abs(cell) < MOST_DIGITS else f"{cell:.14E}"
        return text.replace(".", decimal_mark)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell).replace("\x00", "\ufffd")


def _percent(value: str, decimal_mark: str) -> str:
    return f"{round(float(value) * 100, 10):.10f}".rstrip("0").rstrip(".").replace(".", decimal_mark) + "%"


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


def _place(reference: str) -> Place:
    """A1 reference to row and column, from 0."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(reference[len(letters) :]) - 1, column - 1


def _percent_styles(packed: zipfile.ZipFile) -> set[str]:
    """Numbers of the cell formats of an xlsx that show a percentage."""
    try:
        styles = ElementTree.fromstring(packed.read("xl/styles.xml"))
    except KeyError:
        return set()
    percent = set(BUILT_IN_PERCENT)
    for item in styles.iter():
        if _local(item.tag) == "numFmt" and "%" in re.sub(r'"[^"]*"', "", item.get("formatCode", "")):
            percent.add(item.get("numFmtId", ""))
    formats = next((item for item in styles if _local(item.tag) == "cellXfs"), [])
    return {str(place) for place, item in enumerate(formats) if item.get("numFmtId") in percent}


def _xlsx_members(packed: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → the member that holds it."""
    book = ElementTree.fromstring(packed.read("xl/workbook.xml"))
    links = ElementTree.fromstring(packed.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    found = {}
    for item in book.iter():
        if _local(item.tag) == "sheet":
            link = next((value for key, value in item.attrib.items() if _local(key) == "id"), None)
            target = targets.get(link, "")
            found[item.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _xlsx_told(packed: zipfile.ZipFile, member: str, decimal_mark: str) -> dict[Place, str]:
    """(row, column) → text of the cells of an xlsx sheet whose format or type calamine does not tell."""
    percent = _percent_styles(packed)
    raw = packed.read(member)
    if b't="e"' not in raw and not any(f's="{style}"'.encode() in raw for style in percent):
        return {}
    told: dict[Place, str] = {}
    row, column = -1, -1
    for event, item in ElementTree.iterparse(packed.open(member), events=("start", "end")):
        tag = _local(item.tag)
        if tag == "row" and event == "start":
            row, column = int(item.get("r") or row + 2) - 1, -1
        elif tag == "row":
            item.clear()
        elif tag == "c" and event == "end":
            row, column = _place(item.get("r") or "") if item.get("r") else (row, column + 1)
            if text := _xlsx_cell(item, percent, decimal_mark):
                told[row, column] = text
            item.clear()
    return told


def _xlsx_cell(item: ElementTree.Element, percent: set[str], decimal_mark: str) -> str:
    """The text of an error or a percentage; empty for any other cell."""
    value = next((part.text for part in item if _local(part.tag) == "v"), None)
    if value is not None and item.get("t") == "e":
        return value
    is_percent = value is not None and item.get("s") in percent and item.get("t", "n") == "n"
    return _percent(value or "", decimal_mark) if is_percent else ""


def _ods_told(packed: zipfile.ZipFile, sheet: str, decimal_mark: str) -> dict[Place, str]:
    """As ``_xlsx_told`` for a sheet of an ods."""
    raw = packed.read("content.xml")
    if b'"percentage"' not in raw and b'"error"' not in raw:
        return {}
    told, row, column, is_ours = {}, 0, 0, False
    for event, item in ElementTree.iterparse(packed.open("content.xml"), events=("start", "end")):
        tag = _local(item.tag)
        attributes = {_local(key): value for key, value in item.attrib.items()}
        if tag == "table" and event == "start":
            is_ours, row = attributes.get("name") == sheet, 0
        elif tag == "table-row" and event == "start":
            column = 0
        elif tag == "table-row":
            row += int(attributes.get("number-rows-repeated", 1))
            item.clear()
        elif tag in ("table-cell", "covered-table-cell") and event == "end":
            repeated = int(attributes.get("number-columns-repeated", 1))
            kinds = {value for key, value in item.attrib.items() if _local(key) == "value-type"}
            for place in range(repeated if is_ours and kinds & {"percentage", "error"} else 0):
                told[row, column + place] = (
                    "#ERROR" if "error" in kinds else _percent(attributes["value"], decimal_mark)
                )
            column += repeated
    return told


def _told(path: Path, sheet: str, decimal_mark: str) -> dict[Place, str]:
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as packed:
        if "content.xml" in packed.namelist():
            return _ods_told(packed, sheet, decimal_mark)
        if "xl/workbook.xml" not in packed.namelist():
            return {}
        return _xlsx_told(packed, _xlsx_members(packed)[sheet], decimal_mark)


def _chosen(names: list[str], shown: list[str], wanted: list[str]) -> list[str]:
    """The sheets to read."""
    if wanted == ["*"]:
        return shown or names
    if gone := [name for name in wanted if name not in names]:
        raise _NoSheet(f"There is no sheet {gone[0]!r}; there are: {', '.join(names)}")
    return wanted or (shown or names)[:1]


def _write(rows: Sequence[Sequence[object]], told: Mapping[Place, str], out: Path, decimal_mark: str) -> None:
    width = max((len(row) for row in rows), default=0)
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for number, row in enumerate(rows):
            cells = [told.get((number, place)) or _text(cell, decimal_mark) for place, cell in enumerate(row)]
            writer.writerow(cells + [""] * (width - len(row)))
