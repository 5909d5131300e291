"""Matrices of cells drawn as bars, because a bar can be hatched, exported and clicked; a heatmap cell cannot."""
from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from postflow.charts.columns import hatch
from postflow.numbers import clean, count
from postflow.template import figure
from postflow.style import CHART_TEXT, Palette
from postflow.vision import contrast

GRAINS = {  # best grain held -> (words, fill, text colour)
    "route": ("single seizures with a route", "export", "paper"),
    "seizure": ("single seizures, no route", "transit", "paper"),
    "month": ("monthly totals", "import", "paper"),
    "annual": ("annual total, kg", "domestic", "ink"),
    "published": ("published figure only", "", "ink2"),
    "other": ("other drugs only", "", "ink3"),
    "none": ("nothing", "", "ink3"),
}


def _mix(a: str, b: str, t: float) -> str:
    one, two = ([int(c.lstrip("#")[i : i + 2], 16) for i in (0, 2, 4)] for c in (a, b))
    return "#" + "".join(f"{round(p + (q - p) * t):02X}" for p, q in zip(one, two, strict=True))


def matrix(
    rows: list[str], columns: list[str], values: dict[tuple[str, str], int], silent: set[str], names: Mapping[str, str],
    mode: str, size: str = "screen", height: int = 380,
) -> go.Figure:  # fmt: skip
    """Counts in cells, darker = more (square root); a click on a cell returns its row and column.

    Args:
        rows, columns: codes, in the order to draw.
        values: (row, column) → count; absent is a counted zero.
        silent: columns that no row reaches, hatched.
        names: code → label.
    """
    colour, text = Palette(mode), CHART_TEXT[size]
    left = round(max((len(names[row]) for row in rows), default=6) * text * 0.56) + 16
    fig = figure(mode, size, height, barmode="overlay", bargap=0.06, margin={"l": left, "r": 2, "t": 44, "b": 2})
    notes: list[dict[str, object]] = []
    most = max(values.values(), default=1) or 1
    places = list(range(len(rows)))
    for j, column in enumerate(columns):
        base = [j + 0.03] * len(rows)
        if column in silent:
            fig.add_trace(go.Bar(y=places, x=[0.94] * len(rows), base=base, orientation="h", marker={"pattern": hatch(colour, size=8), "line": {"width": 0}}, hoverinfo="text", hovertext=[f"{clean(names[column])}: no counted row"] * len(rows)))  # fmt: skip
            continue
        n = [values.get((row, column), 0) for row in rows]
        shade = [_mix(colour["panel"], colour["ink"], 0.06 + 0.86 * math.sqrt(v / most)) if v else colour["panel"] for v in n]
        ink = [max(colour["paper"], colour["ink"], key=lambda c, s=s: contrast(c, s)) for s in shade]
        fig.add_trace(
            go.Bar(
                y=places, x=[0.94] * len(rows), base=base, orientation="h", marker={"color": shade, "line": {"width": 0}}, hoverinfo="text",
                customdata=[[row, column] for row in rows], hovertext=[f"<b>{clean(names[row])} → {clean(names[column])}</b><br>{count(v)} seizures" for row, v in zip(rows, n, strict=True)],
            )
        )  # fmt: skip
        for place, v, tint in zip(places, n, ink, strict=True):
            notes.append(dict(x=j + 0.5, y=place, text=f"<b>{count(v)}</b>" if v else "·", font={"color": tint if v else colour["ink3"], "size": text}, align="center"))
    fig.update_layout(annotations=notes)
    for j, column in enumerate(columns):
        words = clean(names[column])
        fig.add_annotation(x=j + 0.5, y=1, yref="paper", yanchor="bottom", yshift=5, text=words.replace(" ", "<br>", 1) if len(words) > 9 else words, align="center", font={"size": text - 1, "color": colour["ink2"]})
    fig.update_xaxes(visible=False, range=[0, len(columns)])
    fig.update_yaxes(range=[len(rows) - 0.5, -0.5], tickvals=places, ticktext=[clean(names[row]) for row in rows], showgrid=False, tickfont={"color": colour["ink"], "size": text}, ticks="")
    return fig


def coverage(
    cells: pd.DataFrame, groups: Mapping[str, list[str]], named: Mapping[str, int], names: Mapping[str, str], named_words: str,
    mode: str, size: str = "screen", height: int = 520,
) -> go.Figure:  # fmt: skip
    """Reporter × year, shaded by the best grain that the pool holds.

    Args:
        cells: ``data_room/coverage``: reporter_country_code, year, grain, rows.
        groups: heading → reporters (codes) below it, in order.
        named: how often each reporter is named as departure.
        names: code → label.
        named_words: over the bars at the right.
    """
    colour, text = Palette(mode), CHART_TEXT[size]
    years = list(range(int(cells.year.min()), int(cells.year.max()) + 1))
    rows_at, heads, y = _places(groups)
    left = round(9.2 * text)
    notes: list[dict[str, object]] = []  # all at once: Plotly copies the list at every single addition
    fig = figure(mode, size, height, barmode="overlay", margin={"l": left, "r": round(3 * text), "t": round(1.9 * text), "b": 2})
    held = {(r.reporter_country_code, int(r.year)): (r.grain, int(r.rows)) for r in cells.itertuples()}
    for grain, (words, fill, ink) in GRAINS.items():
        mine = [(code, year) for code in rows_at for year in years if held.get((code, year), ("none", 0))[0] == grain]
        if not mine:
            continue
        marker: dict[str, object] = {"color": colour[fill or "panel"], "line": {"width": 0}}
        if grain == "none":
            marker = {"pattern": hatch(colour, size=7), "line": {"width": 0}}
        counts = [held.get(cell, ("none", 0))[1] for cell in mine]
        told = [f"<b>{clean(names[code])}, {year}</b><br>{words}{'' if grain == 'none' else f': {count(n)} rows'}" for (code, year), n in zip(mine, counts, strict=True)]
        fig.add_trace(go.Bar(y=[rows_at[code] for code, _ in mine], x=[0.94] * len(mine), base=[year - 0.47 for _, year in mine], width=0.86, orientation="h", marker=marker, hoverinfo="text", hovertext=told))
        for (code, year), n in zip(mine, counts, strict=True):
            sign = {"route": f"<b>{count(n)}</b>", "seizure": count(n), "month": f"{n}\u202fm", "annual": "kg", "published": "○", "other": f"({count(n)})", "none": ""}[grain]
            notes.append(dict(x=year, y=rows_at[code], text=sign, font={"color": colour[ink], "size": text - 3 if len(sign) > 6 else text - 2}, align="center"))
    fig.update_layout(annotations=notes)
    _named(fig, named, rows_at, years[-1] + 0.75, named_words, heads[0][0], colour, text)
    for at, head in heads:
        fig.add_annotation(x=0, xref="paper", xanchor="left", xshift=-left, y=at, text=f"<b>{head}</b>", font={"size": text - 2, "color": colour["ink2"]})
    labels = [str(year) if size == "screen" and len(years) < 20 else f"’{year % 100:02d}" for year in years]
    fig.update_xaxes(range=[years[0] - 0.5, years[-1] + 3.6], tickvals=years, ticktext=labels, tickangle=0, side="top", showline=False, ticks="", tickfont={"size": text - 1})
    fig.update_yaxes(range=[y - 0.2, -0.55], tickvals=list(rows_at.values()), ticktext=[clean(names[code]) for code in rows_at], showgrid=False, tickfont={"color": colour["ink"], "size": text - 1 if size == "screen" else text - 3})
    return fig


def _places(groups: Mapping[str, list[str]]) -> tuple[dict[str, float], list[tuple[float, str]], float]:
    rows_at: dict[str, float] = {}
    heads, y = [], 0.0
    for head, members in groups.items():
        heads.append((y, head))
        y += 0.85
        for code in members:
            rows_at[code] = y
            y += 1
        y += 0.35
    return rows_at, heads, y


def _named(fig: go.Figure, named: Mapping[str, int], rows_at: dict[str, float], right: float, words: str, at: float, colour: Palette, text: int) -> None:
    most = max(named.values(), default=0)
    for code, n in named.items():
        if code not in rows_at or not most:
            continue
        length = max(0.03, 2.0 * n / most)
        fig.add_shape(type="rect", x0=right, x1=right + length, y0=rows_at[code] - 0.25, y1=rows_at[code] + 0.25, fillcolor=colour["ink2"], line={"width": 0})
        fig.add_annotation(x=right + length, y=rows_at[code], xanchor="left", xshift=5, text=f"<b>{count(n)}</b>", font={"size": text - 1})
    if most:
        fig.add_annotation(x=right, y=at, xanchor="left", text=f"<b>{words}</b>", font={"size": text - 2, "color": colour["ink2"]})
