"""Matrices of cells drawn as bars, because a bar can be hatched, exported and clicked; a heatmap cell cannot."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from postflow.charts import parts
from postflow.charts.coverage import GRAINS, coverage
from postflow.charts.parts import Spec, hatched_bar, mix, note, plain_bar
from postflow.numbers import clean, count, plural, short
from postflow.style import CHART_TEXT, Palette
from postflow.template import figure
from postflow.vision import contrast

__all__ = ["GRAINS", "coverage", "heatmap", "matrix"]

WIDE = 0.94
LONG_HEAD = 9
MOST_ROWS, MOST_COLUMNS = 30, 14


@dataclass(frozen=True)
class _Grid:
    rows: Sequence[str]
    columns: Sequence[str]
    values: Mapping[tuple[str, str], int | None]
    """(row, column) → count; None is hatched; absent is a counted zero."""
    names: Mapping[str, str]
    why: str
    """What a hatched cell means, in its hover box."""

    def name(self, code: str) -> str:
        return self.names.get(code, code)

    def head(self, code: str) -> str:
        """A column's name, on two lines where it is long; each line is escaped by itself."""
        words = short(self.name(code), 22)
        cut = words.find(" ") if len(words) > LONG_HEAD else -1
        return clean(words) if cut < 0 else f"{clean(words[:cut])}<br>{clean(words[cut + 1 :])}"


def matrix(
    rows: Sequence[str],
    columns: Sequence[str],
    values: Mapping[tuple[str, str], int],
    silent: Collection[str],
    names: Mapping[str, str],
    mode: str,
    size: str = "screen",
    height: int = 380,
) -> go.Figure:
    """Counts in cells, darker = more (square root); a click on a cell returns ``[row, column]`` as its customdata.

    Args:
        rows: departure codes, in the order to draw.
        columns: destination codes, in the order to draw.
        values: (row, column) → seizures; absent is a counted zero.
        silent: columns that no row reaches, hatched.
        names: code → label.
        mode: light or dark.
        size: screen or present.
        height: px.
    """
    unknown = {(row, column): None for row in rows for column in silent}
    return _draw(_Grid(rows, columns, {**values, **unknown}, names, "no counted row"), mode, size, height)


def heatmap(
    rows: pd.DataFrame,
    names: Mapping[str, str],
    mode: str,
    size: str = "screen",
    height: int = 380,
    hidden: Collection[tuple[str, str]] = (),
) -> go.Figure:
    """Counts of one category against another, most seizures at the top and at the left; clickable like ``matrix``.

    Args:
        rows: row, column (categories), seizures; several rows of one cell are added up.
        names: category → label.
        mode: light or dark.
        size: screen or present.
        height: px.
        hidden: cells that may not be told, hatched.
    """
    values = rows.groupby(["row", "column"]).seizures.sum()
    down, along = (_ordered(rows, side)[:most] for side, most in (("row", MOST_ROWS), ("column", MOST_COLUMNS)))
    told: dict[tuple[str, str], int | None] = {(str(a), str(b)): int(n) for (a, b), n in values.items()}
    return _draw(_Grid(down, along, told | dict.fromkeys(hidden), names, "too few to be told"), mode, size, height)


def _ordered(rows: pd.DataFrame, side: str) -> list[str]:
    sums = rows.groupby(side).seizures.sum()
    return sorted((str(code) for code in sums.index), key=lambda code: (-float(sums[code]), code))


def _draw(grid: _Grid, mode: str, size: str, height: int) -> go.Figure:
    colour, text = Palette(mode), CHART_TEXT[size]
    labels = [short(grid.name(row), 28) for row in grid.rows]
    lines = 1 + any("<br>" in grid.head(column) for column in grid.columns)
    margin = {"l": parts.room(labels, text, pad=16), "r": 2, "t": lines * (text + 3) + 10, "b": 2}
    fig = figure(mode, size, height, barmode="overlay", bargap=0.06, margin=margin)
    shown = [grid.values.get((row, column), 0) or 0 for row in grid.rows for column in grid.columns]
    most = max([*shown, 1])
    notes: list[Spec] = []  # all at once: Plotly copies the list at every single addition
    for j, column in enumerate(grid.columns):
        traces, words = _column(grid, j, column, most, colour, text)
        fig.add_traces(traces)
        notes += words
        head = {"x": j + 0.5, "y": 1, "yref": "paper", "yanchor": "bottom", "yshift": 5, "align": "center"}
        notes.append(note(grid.head(column), text - 1, colour["ink2"], **head))
    fig.update_layout(annotations=notes)
    fig.update_xaxes(visible=False, range=[0, max(1, len(grid.columns))])
    parts.names_down(fig, labels, colour, text)
    return fig


def _column(grid: _Grid, j: int, column: str, most: int, colour: Palette, text: int) -> tuple[list[go.Bar], list[Spec]]:
    told = [(n, row, grid.values.get((row, column), 0)) for n, row in enumerate(grid.rows)]
    known = [(n, row, value) for n, row, value in told if value is not None]
    traces, notes = [], []
    if silent := [(n, row) for n, row, value in told if value is None]:
        words = [f"<b>{clean(grid.name(row))} → {clean(grid.name(column))}</b><br>{grid.why}" for _, row in silent]
        traces.append(_bar([n for n, _ in silent], j, hatched_bar(colour), words))
    if known:
        shades = [_shade(value, most, colour) for _, _, value in known]
        words = [
            f"<b>{clean(grid.name(row))} → {clean(grid.name(column))}</b><br>{count(v)} seizure{plural(v)}"
            for _, row, v in known
        ]
        bar = _bar([n for n, _, _ in known], j, plain_bar(shades), words)
        traces.append(bar.update(customdata=[[row, column] for _, row, _ in known]))
        for (n, _, value), shade in zip(known, shades, strict=True):
            ink = max(colour["paper"], colour["ink"], key=lambda tint, shade=shade: contrast(tint, shade))
            look = {"x": j + 0.5, "y": n, "align": "center"}
            notes.append(
                note(f"<b>{count(value)}</b>" if value else "·", text, ink if value else colour["ink3"], **look)
            )
    return traces, notes


def _bar(places: list[int], j: int, marker: Spec, words: list[str]) -> go.Bar:
    look = {"orientation": "h", "hoverinfo": "text", "hovertext": words, "marker": marker}
    return go.Bar(y=places, x=[WIDE] * len(places), base=[j + (1 - WIDE) / 2] * len(places), **look)


def _shade(value: int, most: int, colour: Palette) -> str:
    return mix(colour["panel"], colour["ink"], 0.06 + 0.86 * math.sqrt(value / most)) if value > 0 else colour["panel"]
