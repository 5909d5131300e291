"""Who reported what: reporter × year, shaded by the best grain that the pool holds."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from postflow.charts.parts import Spec, hatched_bar, note, plain_bar
from postflow.numbers import THIN, clean, count, short
from postflow.style import CHART_TEXT, Palette
from postflow.template import figure

GRAINS = {  # best grain held -> (words, fill, text colour)
    "route": ("single seizures with a route", "export", "paper"),
    "seizure": ("single seizures, no route", "transit", "paper"),
    "month": ("monthly totals", "import", "paper"),
    "annual": ("annual total, kg", "domestic", "ink"),
    "published": ("published figure only", "", "ink2"),
    "other": ("other drugs only", "", "ink3"),
    "none": ("nothing", "", "ink3"),
}
FEW_YEARS = 20
AT_THE_RIGHT = 3.6
"""Room for the facts at the right, in years."""


def coverage(
    cells: pd.DataFrame,
    groups: Mapping[str, list[str]],
    named: Mapping[str, int],
    names: Mapping[str, str],
    named_words: str,
    mode: str,
    size: str = "screen",
    height: int = 520,
) -> go.Figure:
    """Reporter × year; a year without a row is hatched: nothing is in the pool.

    Args:
        cells: ``data_room/coverage``: reporter_country_code, year, grain, rows.
        groups: heading → reporters (codes) below it, in order.
        named: how often each reporter is named as departure.
        names: code → label.
        named_words: over the bars at the right.
        mode: light or dark.
        size: screen or present.
        height: px.
    """
    colour, text = Palette(mode), CHART_TEXT[size]
    years = list(range(int(cells.year.min()), int(cells.year.max()) + 1)) if len(cells) else []
    rows_at, heads, bottom = _places(groups)
    left = round(9.2 * text)
    margin = {"l": left, "r": round(3 * text), "t": round(1.9 * text), "b": 2}
    fig = figure(mode, size, height, barmode="overlay", margin=margin)
    ends = zip(cells.reporter_country_code, cells.year, cells.grain, cells["rows"], strict=True)
    held = {(code, int(year)): (grain, int(n)) for code, year, grain, n in ends}
    notes: list[Spec] = []
    for grain in GRAINS:
        mine = [(code, year) for code in rows_at for year in years if held.get((code, year), ("none", 0))[0] == grain]
        if mine:
            numbers = [held.get(cell, ("none", 0))[1] for cell in mine]
            fig.add_trace(_state(grain, mine, numbers, rows_at, names, colour))
            notes += _signs(grain, mine, numbers, rows_at, colour, text)
    right = (years[-1] if years else 0) + 0.75
    shapes, words = _named({c: n for c, n in named.items() if c in rows_at}, rows_at, right, colour, text)
    notes += words
    if words and heads:
        where = {"x": right, "y": heads[0][0], "xanchor": "left"}
        notes.append(note(f"<b>{clean(named_words)}</b>", text - 2, colour["ink2"], **where))
    edge = {"x": 0, "xref": "paper", "xanchor": "left", "xshift": -left}
    notes += [note(f"<b>{clean(head)}</b>", text - 2, colour["ink2"], y=at, **edge) for at, head in heads]
    fig.update_layout(annotations=notes, shapes=shapes)
    _axes(fig, years, rows_at, names, bottom, size, colour)
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


def _state(
    grain: str,
    mine: list[tuple[str, int]],
    numbers: list[int],
    rows_at: dict[str, float],
    names: Mapping[str, str],
    colour: Palette,
) -> go.Bar:
    """All cells of one grain as one trace."""
    words, fill, _ = GRAINS[grain]
    told = [
        f"<b>{clean(names.get(code, code))}, {year}</b><br>{words}{'' if grain == 'none' else f': {count(n)} rows'}"
        for (code, year), n in zip(mine, numbers, strict=True)
    ]
    marker = hatched_bar(colour, 7) if grain == "none" else plain_bar(colour[fill or "panel"])
    return go.Bar(
        y=[rows_at[code] for code, _ in mine],
        x=[0.94] * len(mine),
        base=[year - 0.47 for _, year in mine],
        width=0.86,
        orientation="h",
        marker=marker,
        hoverinfo="text",
        hovertext=told,
        meta=grain,
    )


def _signs(
    grain: str,
    mine: list[tuple[str, int]],
    numbers: list[int],
    rows_at: dict[str, float],
    colour: Palette,
    text: int,
) -> list[Spec]:
    notes = []
    for (code, year), n in zip(mine, numbers, strict=True):
        sign = {
            "route": f"<b>{count(n)}</b>",
            "seizure": count(n),
            "month": f"{n}{THIN}m",
            "annual": "kg",
            "published": "○",
            "other": f"({count(n)})",
            "none": "",
        }[grain]
        if sign:
            px = text - 3 if len(sign.removeprefix("<b>").removesuffix("</b>")) > 5 else text - 2
            where = {"x": year, "y": rows_at[code], "align": "center"}
            notes.append(note(sign, px, colour[GRAINS[grain][2]], **where))
    return notes


def _named(
    named: Mapping[str, int], rows_at: dict[str, float], right: float, colour: Palette, text: int
) -> tuple[list[Spec], list[Spec]]:
    """A bar and a number at the right of each reporter that rows name."""
    most = max(named.values(), default=0)
    shapes, notes = [], []
    for code, n in named.items() if most else ():
        end, y = right + max(0.03, 2.0 * n / most), rows_at[code]
        box = {"x0": right, "x1": end, "y0": y - 0.25, "y1": y + 0.25, "line": {"width": 0}}
        shapes.append({"type": "rect", "fillcolor": colour["ink2"], **box})
        where = {"x": end, "y": y, "xanchor": "left", "xshift": 5}
        notes.append(note(f"<b>{count(n)}</b>", text - 1, colour["ink"], **where))
    return shapes, notes


def _axes(
    fig: go.Figure,
    years: list[int],
    rows_at: dict[str, float],
    names: Mapping[str, str],
    bottom: float,
    size: str,
    colour: Palette,
) -> None:
    text = CHART_TEXT[size]
    labels = [str(year) if size == "screen" and len(years) < FEW_YEARS else f"’{year % 100:02d}" for year in years]
    span = [years[0] - 0.5, years[-1] + AT_THE_RIGHT] if years else [0, 1]
    look = {"tickangle": 0, "side": "top", "showline": False, "ticks": "", "tickfont": {"size": text - 1}}
    fig.update_xaxes(range=span, tickvals=years, ticktext=labels, **look)
    font = {"color": colour["ink"], "size": text - 1 if size == "screen" else text - 3}
    words = [clean(short(names.get(code, code), 20)) for code in rows_at]
    span = [max(bottom, 1) - 0.2, -0.55]
    fig.update_yaxes(range=span, tickvals=list(rows_at.values()), ticktext=words, showgrid=False, tickfont=font)
