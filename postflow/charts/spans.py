"""A value with its interval on each line: ratios, shares, asymmetries, quantiles; on a plain or a log axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from postflow.charts.parts import names_down, note, room, stroke
from postflow.numbers import clean, tick
from postflow.style import CHART_TEXT, Palette
from postflow.template import figure


@dataclass(frozen=True)
class Axis:
    """What lies along the lines."""

    marks: Sequence[float]
    words: Sequence[str] = ()
    """Of the marks; the numbers themselves where empty."""
    is_log: bool = False
    level: float | None = None
    """An upright line of reference."""
    left_words: str = ""
    right_words: str = ""
    """Over the axis: what the two directions mean."""


def spans(
    rows: pd.DataFrame, axis: Axis, mode: str, size: str = "screen", height: int = 300, tint: str = "ink"
) -> go.Figure:
    """Draw one line a row: a thin bar for the interval, a thick one for the inner half where given, a dot, its words.

    Args:
        rows: name, value, low, high, words (at the right edge); optionally inner_low, inner_high, is_clear (solid dot
            where the interval is clear of the level, hollow where it is not), tint. A NaN value is hatched words only.
        axis: marks, scale, reference.
        mode: light or dark.
        size: screen or present.
        height: px.
        tint: colour of the palette where the row has none.
    """
    colour, text = Palette(mode), CHART_TEXT[size]
    left, right = room([str(name)[:34] for name in rows["name"]], text, 300), room(rows["words"], text, 330, 24)
    above = text + 14 if axis.left_words or axis.right_words else 8
    fig = figure(mode, size, height, margin={"l": left, "r": right, "t": above, "b": 28})
    low, high = axis.marks[0], axis.marks[-1]
    place = (lambda v: math.log10(min(max(v, low), high))) if axis.is_log else (lambda v: min(max(v, low), high))
    shapes, notes = [], []
    for n, row in enumerate(rows.to_dict("records")):
        notes.append(
            note(clean(row["words"]), text - 1, colour["ink"], x=1, xref="paper", y=n, xanchor="left", xshift=10)
        )
        if pd.isna(row["value"]):
            continue
        hue = colour[row.get("tint") or tint]
        for a, b, wide in (("low", "high", 1.8), ("inner_low", "inner_high", 9)):
            if pd.notna(row.get(a)) and pd.notna(row.get(b)):
                x0, x1 = float(row[a]), float(row[b])
                shapes.append(
                    stroke(hue, wide, x0=max(x0, low), x1=min(x1, high), y0=n, y1=n, opacity=0.45 if wide > 2 else 1)
                )
        fill = hue if row.get("is_clear", True) else colour["paper"]
        fig.add_trace(
            go.Scatter(
                x=[min(max(row["value"], low), high)],
                y=[n],
                mode="markers",
                cliponaxis=False,
                meta=str(row["name"]),
                marker={"size": 11, "color": fill, "line": {"width": 2, "color": hue}},
                hoverinfo="text",
                hovertext=f"<b>{clean(row['name'])}</b><br>{clean(row['words'])}",
            )
        )
    if axis.level is not None:
        shapes.append(
            stroke(
                colour["ink3"], 1.2, "5px,4px", x0=axis.level, x1=axis.level, yref="paper", y0=0, y1=1, layer="below"
            )
        )
    for x, words, side in ((0, axis.left_words, "left"), (1, axis.right_words, "right")):
        if words:
            notes.append(
                note(
                    clean(words),
                    text - 2,
                    colour["ink2"],
                    x=x,
                    xref="paper",
                    y=1,
                    yref="paper",
                    yanchor="bottom",
                    yshift=3,
                    xanchor=side,
                )
            )
    names_down(fig, list(rows["name"]), colour, text)
    pad = (place(high) - place(low)) * 0.02
    ticks = {"tickvals": list(axis.marks), "ticktext": list(axis.words) or [tick(mark) for mark in axis.marks]}
    fig.update_xaxes(
        type="log" if axis.is_log else "linear",
        range=[place(low) - pad, place(high) + pad],
        showgrid=True,
        gridcolor=colour["grid"],
        ticks="",
        **ticks,
    )
    fig.update_layout(shapes=shapes, annotations=notes)
    return fig
