"""Dumbbells, small multiples, share bars."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from postflow.charts.columns import hatch
from postflow.numbers import change, clean, count, share, ticks
from postflow.style import CHART_TEXT, Palette
from postflow.template import figure


def dumbbell(rows: pd.DataFrame, words: tuple[str, str], tint: str, mode: str, size: str = "screen", height: int = 300) -> go.Figure:
    """Two values a line: hollow = before or sending side, solid = after or receiving side, on a log axis from 1.

    Args:
        rows: name, before, after (counts); a zero stands at the axis' left end and says 0.
        words: over the first line.
    """
    colour, text = Palette(mode), CHART_TEXT[size]
    left = round(max((len(str(name)) for name in rows.name), default=6) * text * 0.56) + 18
    fig = figure(mode, size, height, margin={"l": left, "r": 70, "t": 40, "b": 26})
    top = max(10.0, float(rows[["before", "after"]].max().max() or 1))
    places = list(range(len(rows)))
    x = {column: [max(float(value), 0.7) for value in rows[column]] for column in ("before", "after")}
    for place, row in zip(places, rows.itertuples(), strict=True):
        fig.add_shape(type="line", x0=max(row.before, 0.7), x1=max(row.after, 0.7), y0=place, y1=place, line={"color": colour[tint], "width": 3}, opacity=0.45)
        ratio = change(row.after, row.before) if row.before else ("only after" if row.after else "–")
        fig.add_annotation(x=1, xref="paper", y=place, xanchor="right", xshift=66, text=f"<b>{ratio}</b>", font={"size": text - 1})
    sides = [("middle left", "middle right") if row.before <= row.after else ("middle right", "middle left") for row in rows.itertuples()]
    fig.add_trace(go.Scatter(x=x["before"], y=places, mode="markers+text", text=[count(v) for v in rows.before], textposition=[a for a, _ in sides], marker={"size": 12, "color": colour["paper"], "line": {"width": 2.4, "color": colour[tint]}}, textfont={"color": colour["ink2"], "size": text - 1}, hoverinfo="skip", cliponaxis=False, meta="before"))  # fmt: skip
    fig.add_trace(go.Scatter(x=x["after"], y=places, mode="markers+text", text=[f"<b>{count(v)}</b>" for v in rows.after], textposition=[b for _, b in sides], marker={"size": 13, "color": colour[tint], "line": {"width": 0}}, hoverinfo="skip", cliponaxis=False, meta="after"))  # fmt: skip
    if len(rows):
        first = rows.iloc[0]
        for value, word in ((first.before, words[0]), (first.after, words[1])):
            fig.add_annotation(x=math.log10(max(float(value), 0.7)), y=0, yanchor="bottom", yshift=11, text=clean(word), font={"size": text - 2, "color": colour["ink2"]}, align="center")
    marks = [v for v in (1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000) if v <= top * 1.3]
    fig.update_xaxes(type="log", showgrid=True, gridcolor=colour["grid"], tickvals=marks, ticktext=[count(v) for v in marks], showline=False, ticks="", range=[math.log10(0.5), math.log10(top * 1.6)])
    fig.update_yaxes(range=[len(rows) - 0.5, -0.7], tickvals=places, ticktext=[clean(name) for name in rows.name], showgrid=False, tickfont={"color": colour["ink"], "size": text})
    return fig


def small_multiples(rows: pd.DataFrame, panels: Sequence[str], labels: Sequence[str], silent: Mapping[str, Sequence[str]], tints: Mapping[str, str], mode: str, size: str = "screen", height: int = 220) -> go.Figure:  # fmt: skip
    """One panel a name with the same axes; periods that nobody reported are hatched.

    Args:
        rows: name, period, value.
        panels: names, at most six.
        labels: periods in order of time.
        silent: name → periods not reported.
        tints: name → colour.
    """
    colour, text = Palette(mode), CHART_TEXT[size]
    fig = make_subplots(rows=1, cols=max(1, len(panels)), shared_yaxes=True, horizontal_spacing=0.025)
    fig.update_layout(template=f"postflow_{mode}_{size}", height=height, margin={"l": 44, "r": 6, "t": 30, "b": 24}, bargap=0.25)
    top = float(rows.value.max() if len(rows) else 1) * 1.14 or 1.0
    place = {label: number for number, label in enumerate(labels)}
    for column, name in enumerate(panels, 1):
        mine = rows[rows.name == name].set_index("period").value
        gaps = [place[label] for label in silent.get(name, ()) if label in place]
        if gaps:
            fig.add_trace(go.Bar(x=gaps, y=[top] * len(gaps), width=1, marker={"pattern": hatch(colour, size=7), "line": {"width": 0}}, hoverinfo="skip"), row=1, col=column)
        fig.add_trace(go.Bar(x=[place[label] for label in mine.index if label in place], y=[float(v) for label, v in mine.items() if label in place], marker={"color": colour[tints.get(name, "ink2")], "line": {"width": 0}}, hovertemplate=f"<b>{clean(name)}</b><br>%{{y:,}}<extra></extra>", meta=name), row=1, col=column)  # fmt: skip
        fig.add_annotation(x=-0.5, y=top, yanchor="bottom", yshift=4, xanchor="left", text=f"<b>{clean(name)}</b>", font={"size": text}, row=1, col=column)
    ends = [0, len(labels) - 1] if len(labels) > 1 else [0]
    marks = ticks(top, 3)
    fig.update_xaxes(tickvals=ends, ticktext=[clean(labels[n]) for n in ends] if labels else [], range=[-0.6, max(0.6, len(labels) - 0.4)], ticks="")
    fig.update_yaxes(tickvals=marks, ticktext=[f"{v:,.10g}".replace(",", "\u202f") for v in marks], range=[0, top])
    return fig


def share_bars(rows: pd.DataFrame, whole: int, mode: str, size: str = "screen", height: int = 260) -> go.Figure:
    """How many of all records carry each mark; marks overlap, so the bars never stack.

    Args:
        rows: mark (words), rows (count), kind (``held`` or ``marked``).
        whole: all records.
    """
    colour, text = Palette(mode), CHART_TEXT[size]
    left = round(max((len(str(mark)) for mark in rows["mark"]), default=6) * text * 0.5) + 18
    fig = figure(mode, size, height, barmode="overlay", bargap=0.42, margin={"l": left, "r": 116, "t": 4, "b": 4})
    places, numbers = list(range(len(rows))), [int(n) for n in rows["rows"]]
    fig.add_trace(go.Bar(y=places, x=[whole] * len(rows), orientation="h", marker={"color": colour["panel"], "line": {"width": 0}}, hoverinfo="skip"))
    tint = [colour["warn"] if kind == "held" else colour["transit"] for kind in rows.kind]
    fig.add_trace(go.Bar(y=places, x=numbers, orientation="h", marker={"color": tint, "line": {"width": 0}}, customdata=[clean(m) for m in rows["mark"]], hovertemplate="%{customdata}<br>%{x:,}<extra></extra>", meta="rows"))
    for place, n in zip(places, numbers, strict=True):
        fig.add_annotation(x=1, xref="paper", y=place, xanchor="left", xshift=8, text=f"<b>{count(n)}</b>  {share(n, whole)}", font={"size": text})
    fig.update_xaxes(visible=False, range=[0, whole or 1])
    fig.update_yaxes(range=[len(rows) - 0.5, -0.5], tickvals=places, ticktext=[clean(m) for m in rows["mark"]], showgrid=False, tickfont={"color": colour["ink"], "size": text - 1})
    return fig
