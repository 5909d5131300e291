"""Weights by year on a log axis: median, the middle half, and the middle nine tenths."""

from __future__ import annotations

import math

import pandas as pd
import plotly.graph_objects as go

from postflow.charts import parts
from postflow.charts.parts import Spec, hatched_bar, note, runs, stroke
from postflow.numbers import UNIT, clean, count, plural, tick, weight
from postflow.style import CHART_TEXT, Palette
from postflow.template import figure

FEWEST = 5
"""Fewer weights than these have no quartiles worth a box: a line from the lowest to the highest told, and a dot."""
QUANTILES = ["p5", "p25", "median", "p75", "p95"]
MOST_TICKS = 10
WIDTH = 0.5


def distribution(
    rows: pd.DataFrame, mode: str, size: str = "screen", height: int = 320, tint: str = "transit"
) -> go.Figure:
    """Boxes of one weight by year; a year between two others without a weight is hatched: nobody weighed, not 0 kg.

    Args:
        rows: one weight of ``charts/parcels``: seized_year, weighed (count), p5, p25, median, p75, p95 (kg).
        mode: light or dark.
        size: screen or present.
        height: px.
        tint: colour of the boxes, by name.
    """
    colour, text = Palette(mode), CHART_TEXT[size]
    told = rows.dropna(subset=["seized_year", *QUANTILES])
    told = told[(told[QUANTILES] > 0).all(axis=1)]
    fig = figure(mode, size, height, barmode="overlay", margin={"l": 72, "r": 8, "t": text + 14, "b": text + 14})
    if told.empty:
        where = {"xref": "paper", "yref": "paper", "x": 0.5, "y": 0.5, "align": "center"}
        fig.update_layout(annotations=[note("Nothing was weighed in this scope", text, colour["ink2"], **where)])
        return fig.update_xaxes(visible=False).update_yaxes(visible=False)
    years = list(range(int(told.seized_year.min()), int(told.seized_year.max()) + 1))
    place = {year: n for n, year in enumerate(years)}
    low, high = math.floor(math.log10(told.p5.min())), math.ceil(math.log10(told.p95.max()) + 1e-9)
    low = min(low, high - 1)
    gaps = [place[year] for year in years if year not in set(told.seized_year.astype(int))]
    for first, last in runs(gaps):
        at, whole = {"x": [(first + last) / 2], "width": [last - first + 1]}, 10.0**high - 10.0**low
        fig.add_bar(y=[whole], base=[10.0**low], marker=hatched_bar(colour), hoverinfo="skip", **at)
    _boxes(fig, told, place, colour, tint)
    shapes, notes = _marks(told, place, colour, text, tint)
    fig.update_layout(shapes=shapes, annotations=notes, meta={"categories": [str(year) for year in years]})
    marks = [10.0**power for power in range(low, high + 1)]
    span = [low, high]
    fig.update_yaxes(type="log", range=span, tickvals=marks, ticktext=[_round_weight(mark) for mark in marks])
    shown = [len(years) - 1 - n for n in reversed(parts.every(len(years), MOST_TICKS))]
    span = [-0.6, max(0.6, len(years) - 0.4)]
    fig.update_xaxes(tickvals=shown, ticktext=[str(years[n]) for n in shown], range=span, ticks="")
    return fig


def _round_weight(kg: float) -> str:
    """A power of ten: ``10 g``, ``1 kg``, ``0.1 g``."""
    value, unit = (kg, "kg") if kg >= 1 else (kg * 1000, "g")
    return f"{tick(value)}{UNIT}{unit}"


def _boxes(fig: go.Figure, told: pd.DataFrame, place: dict[int, int], colour: Palette, tint: str) -> None:
    """The middle half as a box; what is hovered says all five quantiles."""
    boxed = told[told.weighed >= FEWEST]
    xs = [place[int(year)] for year in boxed.seized_year]
    words = [
        f"<b>{clean(int(row.seized_year))}</b>, {count(row.weighed)} weight{plural(row.weighed)}"
        f"<br>median {weight(row.median)}<br>half of them {weight(row.p25)}–{weight(row.p75)}"
        f"<br>nine in ten {weight(row.p5)}–{weight(row.p95)}"
        for row in boxed.itertuples()
    ]
    fig.add_bar(
        x=xs,
        y=[float(b - a) for a, b in zip(boxed.p25, boxed.p75, strict=True)],
        base=[float(a) for a in boxed.p25],
        width=[WIDTH] * len(xs),
        marker={"color": colour.fade(tint, 0.42), "line": {"width": 0}},
        hoverinfo="text",
        hovertext=words,
        meta="half",
    )


def _marks(
    told: pd.DataFrame, place: dict[int, int], colour: Palette, text: int, tint: str
) -> tuple[list[Spec], list[Spec]]:
    """Upright line p5 to p95, a bar at the median, and over each year how many were weighed."""
    shapes, notes = [], []
    for row in told.to_dict("records"):
        x, few = place[int(row["seized_year"])], row["weighed"] < FEWEST
        half, median = WIDTH / 6 if few else WIDTH / 2, float(row["median"])
        upright = {"x0": x, "x1": x, "y0": float(row["p5"]), "y1": float(row["p95"]), "layer": "below"}
        shapes.append(stroke(colour[tint], 1.4, **upright))
        shapes.append(stroke(colour["ink"], 2.4, x0=x - half, x1=x + half, y0=median, y1=median))
        where = {"x": x, "y": 1, "yref": "paper", "yanchor": "bottom", "yshift": 2, "align": "center"}
        notes.append(note(count(row["weighed"]), text - 2, colour["ink2"], **where))
    return shapes, notes if len(place) <= 2 * MOST_TICKS else []
