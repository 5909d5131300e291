"""Where the table of a file is: its sheet, the rows of its header and the rows below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from postflow import reshape
from postflow.draft import headers, marks
from postflow.glance import Glance, Sheet

DEEPEST = 40
"""Rows among which the header is looked for."""


@dataclass(frozen=True)
class Table:
    """A table as it lies in its file."""

    sheets: tuple[str, ...]
    """Names of the sheets that hold it; empty: the first that is shown, or no workbook."""
    header_row: int
    header_rows: int
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """The rows below the header that are as wide as it, of all the sheets."""
    first: Sheet
    is_whole: bool

    def cells(self, place: int) -> list[str]:
        """The cells of a column that are not blank, with single spaces."""
        return [cell for row in self.rows if (cell := marks.written(row[place]))]


def find(glance: Glance, sheet: str = "", header_row: int = 0, header_rows: int = 0) -> Table:
    """The table of the sheet whose header is understood best; sheets of the same header are read together.

    Args:
        sheet: a person's choice; empty: the best.
        header_row: a person's choice; 0: found.
        header_rows: a person's choice; 0: found.
    """
    chosen = [one for one in glance.sheets if one.name == sheet] or list(glance.sheets)
    found = [_of(one, header_row, header_rows) for one in chosen]
    best = max(found, key=_merit)
    alike = [one for one in found if one.head == best.head and one.header_row == best.header_row and one.rows]
    if len(alike) > 1:
        names = tuple(one.first.name for one in alike)
        rows = tuple(row for one in alike for row in one.rows)
        return Table(
            names,
            best.header_row,
            best.header_rows,
            best.head,
            rows,
            alike[0].first,
            all(one.is_whole for one in alike),
        )
    is_first = not best.first.name or best.first.name == glance.sheets[0].name
    names = () if is_first else (best.first.name,)
    return Table(names, best.header_row, best.header_rows, best.head, best.rows, best.first, best.is_whole)


def _merit(table: Table) -> tuple[int, int]:
    """Columns that are understood, and cells."""
    known = sum(bool(headers.field_of(name)[0] or headers.wide(name)) for name in table.head)
    return (known if table.rows else -1), len(table.rows) * len(table.head)


def _of(sheet: Sheet, header_row: int, header_rows: int) -> Table:
    rows = sheet.rows[: DEEPEST + 2]
    if not header_row:
        header_row, found = _header(rows)
        header_rows = header_rows or found
    header_rows = header_rows or 1
    above = [list(row) for row in sheet.rows[header_row - 1 : header_row - 1 + header_rows]]
    head = reshape.header_of(above or [[]])
    body = [
        (*row, *[""] * (len(head) - len(row)))[: len(head)]
        for row in sheet.rows[header_row - 1 + header_rows :]
        if len(_filled(row)) > 1 or (len(head) == 1 and _filled(row))
    ]
    return Table((), header_row, header_rows, tuple(head), tuple(body), sheet, sheet.is_whole)


def _filled(row: Sequence[str]) -> list[str]:
    return [cell for cell in row if cell.strip()]


def _is_words(row: Sequence[str]) -> bool:
    """Whether a row may be a header: words, and no number or day but a year or a month."""
    told = [marks.written(cell) for cell in _filled(row)]
    return bool(told) and not any(
        (marks.is_number(cell) and not headers.wide(cell)) or marks.date_kind(cell) == "day" for cell in told
    )


def _header(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """The number of the row where the header begins, and how many rows it takes."""
    width = max((len(_filled(row)) for row in rows), default=1)
    start = 2 if rows and re.fullmatch(r"(?i)\s*sep=.?", "".join(rows[0][:1])) and len(_filled(rows[0])) < 3 else 1
    for number in range(start, min(len(rows), DEEPEST) + 1):
        row = rows[number - 1]
        below = rows[number] if number < len(rows) else ()
        if len(_filled(row)) > 1 and _is_words(row) and _is_upper(row, below, width):
            return number, 2
        if _is_words(row) and len(_filled(row)) >= max(1, 0.6 * width) and (len(_filled(row)) > 1 or width == 1):
            return number, 1
    return start, 1


def _is_upper(row: Sequence[str], below: Sequence[str], width: int) -> bool:
    """Whether a row is the upper one of a header of two: it has gaps, and only with the row below its names are whole."""
    if not below or not _is_words(below):
        return False
    own, under = _filled(row), [marks.written(cell) for cell in _filled(below)]
    is_gappy = len(own) < width or len(set(own)) < len(own)
    is_full_below = len(under) >= width and len(set(under)) == len(under)
    joined = [name for name in reshape.header_of([list(row), list(below)]) if name]
    return (
        is_gappy
        and not is_full_below
        and len(joined) >= 0.9 * width
        and len(set(joined)) == len(joined)
        and any(reshape.HEADER_JOIN in name for name in joined)
        and not _is_data(below)
    )


def _is_data(row: Sequence[str]) -> bool:
    """Whether the words of a row are rather values than names: more drugs, countries and units than measures."""
    told = [headers.wide(cell) for cell in _filled(row)]
    return sum(bool(found and found.drug) for found in told) == 1 and not any(found and found.measure for found in told)
