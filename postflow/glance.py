"""A first look at a file that nobody has described yet: what it is, and its first rows as text; nothing is read into them."""

from __future__ import annotations

import csv
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from postflow import limits, readers, reshape, unpacking
from postflow.errors import DeliveryError

MOST_ROWS = 5_000
MOST_CELLS = 250_000
LONGEST = 200
"""Signs of a cell."""
MOST_SHEETS = 40
LOOKED_AT = 200
"""Rows by which the delimiter is found."""


@dataclass(frozen=True)
class Sheet:
    """The beginning of a sheet; of a text file or of Parquet the only one, without a name."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    is_whole: bool
    """Whether these are all of its rows."""


@dataclass(frozen=True)
class Glance:
    """What a file seems to be."""

    file_name: str
    format: str
    encoding: str
    delimiter: str
    sheets: tuple[Sheet, ...]
    """Those that a person sees, in their order."""
    warnings: tuple[str, ...] = ()

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Glance:
        """The same from plain lists, as JSON has them."""
        sheets = tuple(
            Sheet(sheet["name"], tuple(tuple(row) for row in sheet["rows"]), sheet["is_whole"])
            for sheet in told["sheets"]
        )
        names = (told["file_name"], told["format"], told["encoding"], told["delimiter"])
        return cls(*names, sheets, tuple(told["warnings"]))


def format_of(path: Path) -> str:
    """What the first bytes say: csv, xlsx, xls, ods or parquet; what is none of these is read as text."""
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls"
    if not start.startswith(b"PK") or not zipfile.is_zipfile(path):
        return "csv"
    with zipfile.ZipFile(path) as packed:
        names = set(packed.namelist())
    if "xl/workbook.xml" in names:
        return "xlsx"
    return "ods" if "content.xml" in names else "csv"


def look(path: Path, work_dir: Path) -> Glance:
    """Format, encoding, delimiter, sheets and first rows of a file.

    Raises:
        DeliveryError: it is missing, empty, damaged or no table.
    """
    unpacking.look(path)
    kind = format_of(path)
    flat = readers.flatten(path, readers.FileFormat(kind, delimiter=",", sheet="*"), work_dir)
    sheets = list(flat.sheets)[:MOST_SHEETS]
    if kind == "csv":
        sheets = [replace(sheets[0], delimiter=_delimiter(sheets[0].path))]
    seen = tuple(_sheet(sheet, path.name) for sheet in sheets)
    if not any(len(sheet.rows) > 1 for sheet in seen):
        raise DeliveryError(
            "The file holds no table: a header and at least one row.",
            file=path.name,
            next_step="See whether it is the right file.",
        )
    is_text = kind == "csv"
    said = (*flat.warnings, *_odd_delimiter(seen, path.name)) if is_text else flat.warnings
    return Glance(
        path.name, kind, flat.encoding if is_text else "", sheets[0].delimiter if is_text else "", seen, tuple(said)
    )


def _sheet(sheet: reshape.Sheet, file_name: str) -> Sheet:
    rows: list[tuple[str, ...]] = []
    try:
        for record in islice(reshape.records(sheet.path, sheet.delimiter, sheet.quote), MOST_ROWS + 1):
            if len(record) > limits.current().columns:
                raise DeliveryError(
                    f"A row has {len(record):,} columns; at most {limits.current().columns:,} are read.",
                    file=file_name,
                    row=len(rows) + 1,
                    next_step="See whether this is the right file; columns in docs/limits.md is the limit.",
                )
            rows.append(tuple(cell[:LONGEST] for cell in record))
            if sum(map(len, rows[-1:])) * len(rows) > MOST_CELLS:
                break
    except csv.Error as error:
        if len(rows) < 2:
            raise DeliveryError(
                f"The text cannot be split into rows: {error}.",
                file=file_name,
                row=len(rows) + 1,
                next_step="Look for a quote that is never closed.",
            ) from None
    is_whole = len(rows) <= MOST_ROWS
    return Sheet(sheet.name, tuple(rows[:MOST_ROWS]), is_whole)


def _delimiter(path: Path) -> str:
    """The delimiter that splits most rows into equally many columns, more than one."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(islice(file, LOOKED_AT))
    return max(readers.DELIMITERS, key=lambda mark: _score(lines, mark))


def _score(lines: Sequence[str], mark: str) -> tuple[float, int]:
    """Share of the rows that have the commonest width above one; and that width."""
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=mark) if row]
    except csv.Error:
        return 0.0, 0
    common = Counter(width for width in widths if width > 1).most_common(1)
    if not common:
        return 0.0, 0
    # Two columns may come of commas in numbers or titles: a wider split counts for more.
    width, rows = common[0]
    return rows / len(widths) * min(width, 6), width


def _odd_delimiter(seen: Sequence[Sheet], name: str) -> list[str]:
    widest = max(len(row) for sheet in seen for row in sheet.rows)
    return [f"{name} has one single column: is it the right file?"] if widest < 2 else []
