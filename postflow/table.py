"""A table as a value: columns, and rows as a reader sees them. A cell that shows nothing says why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column."""

    label: str
    kind: str = "text"
    """text, number, share (a number in smaller type), bar, or sign."""
    meaning: str = ""
    """What it holds, in words."""


@dataclass(frozen=True)
class Cell:
    """One cell: words that are printed everywhere, and how they look."""

    text: str = ""
    small: str = ""
    """A second line."""
    hidden: str = ""
    """Why nothing stands here: not reported, too few to show. Hatched."""
    parts: tuple[tuple[str, float], ...] = ()
    """A bar's pieces: a colour of the palette, and the share of the longest bar."""
    depth: float | None = None
    """How dark the ground is, from 0 to 1; None = not shaded."""
    is_bold: bool = False

    @property
    def words(self) -> str:
        """All that is said in the cell, on one line."""
        return " · ".join(dict.fromkeys(part for part in (self.text, self.hidden, self.small) if part))


@dataclass(frozen=True)
class Table:
    """Rows under their columns."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    style: str = "plain"
    """plain, ranked, ledger, grid, ladder, answers, sentences, records or key: how the screen sets it."""
    key: tuple[tuple[str, str], ...] = ()
    """Colour and word: what the pieces of the bars are."""
    note: str = ""
    """A sentence below it."""
    sums: tuple[int, ...] = ()
    """Rows that are ruled off as sums."""

    @property
    def is_headed(self) -> bool:
        """Whether the columns have names."""
        return any(column.label for column in self.columns)

    def lines(self) -> list[list[str]]:
        """The table as words, headings first; bars are left out, because their number stands beside them."""
        kept = [n for n, column in enumerate(self.columns) if column.kind != "bar"]
        head = [[self.columns[n].label for n in kept]] if self.is_headed else []
        return head + [[row[n].words for n in kept] for row in self.rows]


Body = tuple[Table, ...]
"""The tables of a figure, in reading order."""


def plain(heads: Sequence[str], lines: Iterable[Sequence[object]], numeric: Iterable[int] = ()) -> Body:
    """A plain table; ``numeric`` columns stand right.

    Args:
        heads: names of the columns.
        lines: rows of values, printed as they are.
        numeric: numbers of the columns that hold numbers.
    """
    right = set(numeric)
    columns = tuple(Column(head, "number" if n in right else "text") for n, head in enumerate(heads))
    return (Table(columns, tuple(tuple(Cell(str(value)) for value in line) for line in lines)),)
