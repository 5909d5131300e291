"""What drove a change: from the older total to the newer one, a step for each category."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from postflow.charts.parts import names_down, note, plain_bar, room, stroke
from postflow.numbers import MINUS, clean, count, weight
from postflow.style import CHART_TEXT, Palette
from postflow.template import figure


def waterfall(
    rows: pd.DataFrame, ends: tuple[str, str], mode: str, size: str = "screen", height: int = 340, is_kg: bool = False
) -> go.Figure:
    """Draw the steps from top to bottom; more is ink, less is hollow, and both totals are slate.

    Args:
        rows: ``decomposition.contributions``: category (words), old, new, change, low, high (of the change; NaN where
            none is given), in the order to draw.
        ends: words of the older and the newer period.
        mode: light or dark.
        size: screen or present.
        height: px.
        is_kg: amounts are kilograms.
    """
    colour, text = Palette(mode), CHART_TEXT[size]
    said = weight if is_kg else count
    names = [ends[0], *rows["category"], ends[1]]
    old, new = float(rows["old"].sum()), float(rows["new"].sum())
    fig = figure(mode, size, height, bargap=0.34, margin={"l": room(names, text, 300), "r": 190, "t": 4, "b": 8})
    fig.add_trace(
        go.Bar(
            y=[0, len(rows) + 1],
            x=[old, new],
            orientation="h",
            marker=plain_bar(colour["import"]),
            hoverinfo="skip",
            meta="totals",
        )
    )
    at, shapes, notes = old, [], []
    for n, row in enumerate(rows.itertuples(), 1):
        step = float(row.change)
        look = {"color": colour["ink"] if step > 0 else colour["paper"], "line": {"width": 1.6, "color": colour["ink"]}}
        low, high = float(row.low), float(row.high)
        sign = "+" if step > 0 else MINUS if step < 0 else "±"
        clear = pd.isna(low) or low > 0 or high < 0
        words = f"<b>{sign}{said(abs(step))}</b>" + ("" if clear else "  within noise")
        hover = f"<b>{clean(row.category)}</b><br>{said(row.old)} → {said(row.new)}"
        fig.add_trace(
            go.Bar(
                y=[n],
                x=[abs(step)],
                base=[min(at, at + step)],
                orientation="h",
                marker=look,
                hoverinfo="text",
                hovertext=hover,
                meta=str(row.category),
            )
        )
        shapes.append(stroke(colour["ink3"], 1, "2px,3px", x0=at, x1=at, y0=n - 1, y1=n, layer="below"))
        at += step
        notes.append(
            note(words, text - 1, colour["ink" if clear else "ink2"], x=1, xref="paper", y=n, xanchor="left", xshift=10)
        )
    shapes.append(stroke(colour["ink3"], 1, "2px,3px", x0=at, x1=at, y0=len(rows), y1=len(rows) + 1, layer="below"))
    for n, value in ((0, old), (len(rows) + 1, new)):
        notes.append(
            note(f"<b>{said(value)}</b>", text, colour["ink"], x=1, xref="paper", y=n, xanchor="left", xshift=10)
        )
    names_down(fig, names, colour, text)
    fig.update_xaxes(visible=False, range=[0, max(old, new, _peak(rows, old)) * 1.02 or 1])
    fig.update_layout(shapes=shapes, annotations=notes)
    return fig


def _peak(rows: pd.DataFrame, old: float) -> float:
    return float((old + rows["change"].astype(float).cumsum()).max()) if len(rows) else old
