"""Matrices of cells drawn as bars, because a bar can be hatched, exported and clicked; a heatmap cell cannot."""

from __future__ import annotations

import math

from postflow.drawing import GRAINS, Cell, Drawing, Grid
from postflow.numbers import clean, count, short
from postflow.render.plotly import parts
from postflow.render.plotly.parts import Plot, Spec, bar, hatched_bar, note, plain_bar
from postflow.style import Palette, mix
from postflow.vision import contrast

WIDE = 0.94
LONG_HEAD = 9
FEW_YEARS = 20
AT_THE_RIGHT = 3.6
"""Room for the facts at the right, in years."""


def _hover(cell: Cell) -> str:
    first, gap, rest = cell.words.partition(": ")
    return f"<b>{clean(first)}</b>{'<br>' if gap else ''}{clean(rest)}"


# ---------- departure against destination ----------


def matrix(drawing: Drawing, mode: str, size: str, height: int) -> Spec:
    """Darker = more (square root); customdata of a cell is its row and column."""
    grid = _grid(drawing)
    plot = Plot(mode, size, height, barmode="overlay", bargap=0.06)
    text = plot.text
    labels, heads = [short(name, 28) for _, name in grid.rows], [_head(name) for _, name in grid.columns]
    lines = 1 + any("<br>" in head for head in heads)
    margin = {"l": parts.room(labels, text, pad=16), "r": 2, "t": lines * (text + 3) + 10, "b": 2}
    plot.layout["margin"] = margin
    most = max([*(cell.value or 0 for cell in grid.cells), 1])
    place = {code: n for n, (code, _) in enumerate(grid.rows)}
    for j, (column, _) in enumerate(grid.columns):
        _column(plot, j, [(place[cell.row], cell) for cell in grid.cells if cell.column == column], most)
        where = {"x": j + 0.5, "y": 1, "yref": "paper", "yanchor": "bottom", "yshift": 5, "align": "center"}
        plot.notes.append(note(heads[j], text - 1, plot.colour["ink2"], **where))
    plot.layout["xaxis"] = {"visible": False, "range": [0, max(1, len(grid.columns))]}
    plot.layout["yaxis"] = parts.names_down(labels, plot.colour, text)
    return plot.figure()


def _grid(drawing: Drawing) -> Grid:
    assert drawing.grid is not None
    return drawing.grid


def _head(name: str) -> str:
    """A column's name, on two lines where it is long; each line is escaped by itself."""
    words = short(name, 22)
    cut = words.find(" ") if len(words) > LONG_HEAD else -1
    return clean(words) if cut < 0 else f"{clean(words[:cut])}<br>{clean(words[cut + 1 :])}"


def _column(plot: Plot, j: int, cells: list[tuple[int, Cell]], most: float) -> None:
    silent = [(n, cell) for n, cell in cells if cell.value is None]
    known = [(n, cell) for n, cell in cells if cell.value is not None]
    if silent:
        plot.data.append(_bar(silent, j, hatched_bar(plot.colour)))
    if known:
        shades = [_shade(float(cell.value or 0), most, plot.colour) for _, cell in known]
        codes = [[cell.row, cell.column] for _, cell in known]
        plot.data.append(_bar(known, j, plain_bar(shades)) | {"customdata": codes})
        for (n, cell), shade in zip(known, shades, strict=True):
            ink = max(plot.colour["paper"], plot.colour["ink"], key=lambda tint, shade=shade: contrast(tint, shade))
            words, tint = (f"<b>{cell.sign}</b>", ink) if cell.value else (cell.sign, plot.colour["ink3"])
            plot.notes.append(note(words, plot.text, tint, x=j + 0.5, y=n, align="center"))


def _bar(cells: list[tuple[int, Cell]], j: int, marker: Spec) -> Spec:
    look = {"hoverinfo": "text", "hovertext": [_hover(cell) for _, cell in cells], "marker": marker}
    places = {"y": [n for n, _ in cells], "x": [WIDE] * len(cells), "base": [j + (1 - WIDE) / 2] * len(cells)}
    return bar(orientation="h", **places, **look)


def _shade(value: float, most: float, colour: Palette) -> str:
    return mix(colour["panel"], colour["ink"], 0.06 + 0.86 * math.sqrt(value / most)) if value > 0 else colour["panel"]


# ---------- who reported what ----------


def coverage(drawing: Drawing, mode: str, size: str, height: int) -> Spec:
    """Reporter × year, shaded by the best grain; at the right how often each is named."""
    grid = _grid(drawing)
    plot = Plot(mode, size, height, barmode="overlay")
    text, colour = plot.text, plot.colour
    rows_at, heads, bottom = _places(grid)
    left = round(9.2 * text)
    plot.layout["margin"] = {"l": left, "r": round(3 * text), "t": round(1.9 * text), "b": 2}
    for grain in GRAINS:
        if mine := [cell for cell in grid.cells if cell.kind == grain]:
            plot.data.append(_state(plot, grain, mine, rows_at))
            _signs(plot, grain, mine, rows_at)
    years = [int(year) for year, _ in grid.columns]
    right = years[-1] + 0.75
    _facts(plot, grid, rows_at, right)
    if grid.facts and heads:
        where = {"x": right, "y": heads[0][0], "xanchor": "left"}
        plot.notes.append(note(f"<b>{clean(grid.facts_label)}</b>", text - 2, colour["ink2"], **where))
    edge = {"x": 0, "xref": "paper", "xanchor": "left", "xshift": -left}
    for at, head in heads:
        plot.notes.append(note(f"<b>{clean(head)}</b>", text - 2, colour["ink2"], y=at, **edge))
    _axes(plot, grid, years, rows_at, bottom)
    return plot.figure()


def _places(grid: Grid) -> tuple[dict[str, float], list[tuple[float, str]], float]:
    before = dict(grid.heads)
    rows_at: dict[str, float] = {}
    heads, y = [], 0.0
    for n, (code, _) in enumerate(grid.rows):
        if n in before:
            y += 0.35 if n else 0
            heads.append((y, before[n]))
            y += 0.85
        rows_at[code] = y
        y += 1
    return rows_at, heads, y + 0.35


def _state(plot: Plot, grain: str, mine: list[Cell], rows_at: dict[str, float]) -> Spec:
    """All cells of one grain as one trace."""
    fill = GRAINS[grain][1]
    return bar(
        y=[rows_at[cell.row] for cell in mine],
        x=[WIDE] * len(mine),
        base=[int(cell.column) - WIDE / 2 for cell in mine],
        width=0.86,
        orientation="h",
        marker=hatched_bar(plot.colour, 7) if grain == "none" else plain_bar(plot.colour[fill or "panel"]),
        hoverinfo="text",
        hovertext=[_hover(cell) for cell in mine],
        meta=grain,
    )


def _signs(plot: Plot, grain: str, mine: list[Cell], rows_at: dict[str, float]) -> None:
    for cell in mine:
        if cell.sign:
            px = plot.text - 3 if len(cell.sign) > 5 else plot.text - 2
            words = f"<b>{cell.sign}</b>" if grain == "route" else cell.sign
            where = {"x": int(cell.column), "y": rows_at[cell.row], "align": "center"}
            plot.notes.append(note(words, px, plot.colour[GRAINS[grain][2]], **where))


def _facts(plot: Plot, grid: Grid, rows_at: dict[str, float], right: float) -> None:
    """A bar and a number at the right of each reporter that rows name."""
    most = max((n for _, n in grid.facts), default=0)
    for code, n in grid.facts if most else ():
        end, y = right + max(0.03, 2.0 * n / most), rows_at[code]
        box = {"x0": right, "x1": end, "y0": y - 0.25, "y1": y + 0.25, "line": {"width": 0}}
        plot.shapes.append({"type": "rect", "fillcolor": plot.colour["ink2"], **box})
        where = {"x": end, "y": y, "xanchor": "left", "xshift": 5}
        plot.notes.append(note(f"<b>{count(n)}</b>", plot.text - 1, plot.colour["ink"], **where))


def _axes(plot: Plot, grid: Grid, years: list[int], rows_at: dict[str, float], bottom: float) -> None:
    small = plot.size == "screen"
    labels = [str(year) if small and len(years) < FEW_YEARS else f"’{year % 100:02d}" for year in years]
    look = {"tickangle": 0, "side": "top", "showline": False, "ticks": "", "tickfont": {"size": plot.text - 1}}
    span = [years[0] - 0.5, years[-1] + AT_THE_RIGHT]
    plot.layout["xaxis"] = {"range": span, "tickvals": years, "ticktext": labels, **look}
    font = {"color": plot.colour["ink"], "size": plot.text - 1 if small else plot.text - 3}
    words = [clean(short(name, 20)) for _, name in grid.rows]
    down = {"range": [max(bottom, 1) - 0.2, -0.55], "tickvals": list(rows_at.values()), "ticktext": words}
    plot.layout["yaxis"] = down | {"showgrid": False, "tickfont": font}
