"""Tables laid out on slides and pages: how wide each column and how high each row is, and what goes on the next sheet.

A row is never parted and no word is cut: what does not fit on a sheet stands on the next one, under its headings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from postflow.exports import fonts
from postflow.table import Body, Cell, Table

SIZES = (19.0, 16.0, 13.4)
"""Px of the type, largest first: 14, 12 and 10 pt. The largest is taken with which all stands on one sheet."""
LINE = 1.25
PAD = 16.0
"""Px left and right of a cell's words, together."""
AIR = 8.0
"""Px over and under a cell's words, together."""
OTHER_FACE = 1.12
GAP = 14.0
"""Px between two tables on a sheet."""


@dataclass(frozen=True)
class Part:
    """A table, or a part of one, on a sheet."""

    table: Table
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    """Of the headings, where there are any, and of each row."""
    size: float
    """Px of the type."""

    @property
    def height(self) -> float:
        """Px of all rows."""
        return sum(self.heights)


def shown(table: Table) -> Table:
    """A table without its bars: their numbers stand beside them."""
    kept = [n for n, column in enumerate(table.columns) if column.kind != "bar"]
    columns = tuple(table.columns[n] for n in kept)
    rows = tuple(tuple(row[n] for n in kept) for row in table.rows)
    return replace(table, columns=columns, rows=rows)


def sheets(body: Body, wide: float, tall: float) -> list[list[Part]]:
    """The tables of a figure on as few sheets as hold them.

    Args:
        body: what the figure shows as tables.
        wide: px of a sheet.
        tall: px of a sheet.
    """
    kept = [shown(table) for table in body if table.style != "key" and (table.rows or table.note)]
    made: list[list[Part]] = []
    for size in SIZES:
        made = _filled([_laid(table, wide, size) for table in kept], tall)
        if len(made) == 1:
            return made
    return made


def _laid(table: Table, wide: float, size: float) -> Part:
    if table.note:
        end = (Cell(table.note), *(Cell() for _ in table.columns[1:]))
        table = replace(table, rows=(*table.rows, end), note="")
    heads = [[Cell(column.label) for column in table.columns]] if table.is_headed else []
    rows = [*heads, *table.rows]
    widths = _widths(rows, wide, size)
    heights = tuple(_height(row, widths, size) for row in rows)
    return Part(table, widths, heights, size)


def _widths(rows: Iterable[Iterable[Cell]], wide: float, size: float) -> tuple[float, ...]:
    """Each column as wide as its longest words where there is room; else the longest give way, down to a word."""
    columns = list(zip(*rows, strict=True))
    whole = [max(_wide(cell.words, size) + PAD for cell in column) for column in columns]
    if sum(whole) <= wide:
        return tuple(whole)
    least = [
        max(_wide(word, size) + PAD for cell in column for word in (cell.words.split() or [""])) for column in columns
    ]
    room = max(0.0, wide - sum(least))
    wish = [max(0.0, a - b) for a, b in zip(whole, least, strict=True)]
    # The square root keeps a column of a few words on one line beside one of many sentences.
    share = [value**0.5 for value in wish]
    return tuple(low + room * part / (sum(share) or 1) for low, part in zip(least, share, strict=True))


def _wide(text: str, size: float) -> float:
    """Px of words in bold, with room for a program that has none of our faces and sets them in Arial."""
    return fonts.width(text, size, True) * OTHER_FACE


def _height(row: Iterable[Cell], widths: tuple[float, ...], size: float) -> float:
    lines = max(lines_of(cell.words, width - PAD, size) for cell, width in zip(row, widths, strict=True))
    return lines * size * LINE + AIR


def lines_of(words: str, wide: float, size: float) -> int:
    """How many lines words take, broken between words."""
    lines, used = 1, 0.0
    for word in words.split():
        need = _wide(f"{word} ", size)
        if used and used + need > wide + 1:
            lines, used = lines + 1, 0.0
        used += need
    return lines


def _filled(parts: list[Part], tall: float) -> list[list[Part]]:
    made: list[list[Part]] = [[]]
    left = tall
    for part in parts:
        rest: Part | None = part
        while rest is not None:
            head, rest = _cut(rest, left)
            if head is not None:
                made[-1].append(head)
                left -= head.height + GAP
            if rest is not None:
                made.append([])
                left = tall
    return [sheet for sheet in made if sheet]


def _cut(part: Part, room: float) -> tuple[Part | None, Part | None]:
    """What fits into the room, and the rest; a sheet that holds nothing else takes one row at least."""
    heads = int(part.table.is_headed)
    used, fit = sum(part.heights[:heads]), 0
    for height in part.heights[heads:]:
        if used + height > room:
            break
        used, fit = used + height, fit + 1
    rows = part.table.rows
    if fit == len(rows):
        return part, None
    if not fit and room < part.heights[heads] + sum(part.heights[:heads]) and room < 200:
        return None, part
    fit = max(1, fit)
    top, rest = replace(part.table, rows=rows[:fit]), replace(part.table, rows=rows[fit:])
    first = replace(part, table=top, heights=part.heights[: heads + fit])
    return first, replace(part, table=rest, heights=(*part.heights[:heads], *part.heights[heads + fit :]))
