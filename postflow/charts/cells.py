"""Matrices: departure against destination, and who reported what in which year."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from postflow.drawing import GRAINS, Cell, Drawing, Grid
from postflow.errors import NothingToDraw
from postflow.numbers import THIN, count, plural


def matrix(
    rows: Sequence[str],
    columns: Sequence[str],
    values: Mapping[tuple[str, str], int],
    silent: Collection[str],
    names: Mapping[str, str],
) -> Drawing:
    """Counts in cells; a click on a cell gives its row and column back.

    Args:
        rows: departure codes, in the order to draw.
        columns: destination codes, in the order to draw.
        values: (row, column) → seizures; absent is a counted zero.
        silent: columns that no row reaches, hatched.
        names: code → label.
    """
    cells = [
        _counted(row, column, None if column in silent else values.get((row, column), 0), names)
        for column in columns
        for row in rows
    ]
    named = (tuple((code, names.get(code, code)) for code in codes) for codes in (rows, columns))
    return Drawing("matrix", grid=Grid(*named, tuple(cells)))


def _counted(row: str, column: str, value: int | None, names: Mapping[str, str]) -> Cell:
    ends = f"{names.get(row, row)} → {names.get(column, column)}"
    if value is None:
        return Cell(row, column, None, "", f"{ends}: no counted row")
    sign = count(value) if value else "·"
    return Cell(row, column, float(value), sign, f"{ends}: {count(value)} seizure{plural(value)}")


def coverage(
    cells: pd.DataFrame,
    groups: Mapping[str, list[str]],
    named: Mapping[str, int],
    names: Mapping[str, str],
    named_words: str,
) -> Drawing:
    """Reporter × year, the best grain that the pool holds; a year without a row is hatched: nothing is in the pool.

    Args:
        cells: ``data_room/coverage``: reporter_country_code, year, grain, rows.
        groups: heading → reporters (codes) below it, in order.
        named: how often each reporter is named as departure.
        names: code → label.
        named_words: over the bars at the right.

    Raises:
        NothingToDraw: no reporter has a year.
    """
    if cells.empty:
        raise NothingToDraw("The pool holds no row of these services.")
    years = [str(year) for year in range(int(cells.year.min()), int(cells.year.max()) + 1)]
    ends = zip(cells.reporter_country_code, cells.year, cells.grain, cells["rows"], strict=True)
    held = {(str(code), str(year)): (str(grain), int(n)) for code, year, grain, n in ends}
    codes, heads = [], []
    for head, members in groups.items():
        heads.append((len(codes), head))
        codes += members
    found = [_held(code, year, *held.get((code, year), ("none", 0)), names) for code in codes for year in years]
    facts = tuple((code, n) for code, n in named.items() if code in codes)
    rows = tuple((code, names.get(code, code)) for code in codes)
    grid = Grid(rows, tuple((year, year) for year in years), tuple(found), tuple(heads), facts, named_words)
    return Drawing("coverage", grid=grid)


def _held(code: str, year: str, grain: str, n: int, names: Mapping[str, str]) -> Cell:
    sign = {
        "route": count(n),
        "seizure": count(n),
        "month": f"{n}{THIN}m",
        "annual": "kg",
        "published": "○",
        "other": f"({count(n)})",
        "none": "",
    }[grain]
    words = f"{names.get(code, code)}, {year}: {GRAINS[grain][0]}" + ("" if grain == "none" else f": {count(n)} rows")
    return Cell(code, year, None if grain == "none" else float(n), sign, words, grain)
