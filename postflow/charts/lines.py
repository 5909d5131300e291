"""Lines over time with their intervals: cut at gaps and breaks, steps where a level is meant, spans, flags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from postflow.charts.parts import Spec, hatch, note, room, runs, spread, stroke
from postflow.numbers import clean, short, tick, ticks
from postflow.style import CHART_TEXT, Palette
from postflow.template import figure

MOST_TICKS = 12


@dataclass(frozen=True)
class Line:
    """One series; a NaN is a gap and is never bridged."""

    name: str
    values: pd.Series
    """Start of the period → value."""
    tint: str = "ink"
    low: pd.Series | None = None
    high: pd.Series | None = None
    is_step: bool = False
    dash: str = "solid"
    width: float = 2.2
    is_named: bool = True
    """Its name stands at its end."""


@dataclass(frozen=True)
class Span:
    """Months that are read apart: ``open`` (reports still to come), ``about`` (where a change may lie)."""

    first: pd.Timestamp
    last: pd.Timestamp
    kind: str = "open"
    words: str = ""


@dataclass(frozen=True)
class Look:
    """How the lines are to be read."""

    label: str
    """Over the panel: what is measured, in which unit."""
    level: float | None = None
    """A dashed line of reference."""
    level_words: str = ""
    bottom: float | None = 0.0
    top: float | None = None
    spans: tuple[Span, ...] = ()
    flags: tuple[tuple[int, pd.Timestamp], ...] = ()
    """(number, date) of the events that are drawn."""
    cuts: tuple[pd.Timestamp, ...] = ()
    """First periods of new series: no line crosses into them."""
    marks: Sequence[float] = field(default_factory=tuple)


def lines(items: Sequence[Line], look: Look, mode: str, size: str = "screen", height: int = 340) -> go.Figure:
    """Draw the lines; all share the periods of the first.

    Args:
        items: at least one line; periods are taken from all of them.
        look: labels, spans, flags, breaks.
        mode: light or dark.
        size: screen or present.
        height: px.
    """
    colour, text = Palette(mode), CHART_TEXT[size]
    index = pd.DatetimeIndex(sorted({at for item in items for at in item.values.index}))
    place = {at: n for n, at in enumerate(index)}
    bottom, top = _reach(items, look)
    names = [short(item.name, 24) for item in items if item.is_named]
    fig = figure(mode, size, height, hovermode="closest")
    above = text + 16 + (text + 10 if look.flags else 0)
    left = room([tick(mark) for mark in look.marks or ticks(top, whole=False)], text - 1, 120, 18)
    fig.update_layout(margin={"l": max(46, left), "r": room(names or [""], text, 230, 26), "t": above, "b": 30})
    shapes, notes = _backdrop(fig, items, look, index, place, colour, text, (bottom, top))
    for item in items:
        _line(fig, item, place, look, colour, index)
    step = (top - bottom) * (text + 6) / max(80, height - above - 30)
    notes += _names(items, place, colour, text, step, (bottom, top))
    shift = {"x": 0, "xref": "paper", "y": 1, "yref": "paper", "xanchor": "left", "yanchor": "bottom"}
    notes.append(note(f"<b>{clean(look.label)}</b>", text - 1, colour["ink"], xshift=-max(46, left), yshift=4, **shift))
    marks = list(look.marks) or ticks(top, whole=False)
    fig.update_yaxes(range=[bottom, top], tickvals=marks, ticktext=[tick(mark) for mark in marks])
    at, words = _tick_words(index)
    fig.update_xaxes(range=[-0.6, max(0.6, len(index) - 0.4)], tickvals=at, ticktext=words, ticks="", tickangle=0)
    fig.update_layout(shapes=shapes, annotations=notes)
    return fig


def _reach(items: Sequence[Line], look: Look) -> tuple[float, float]:
    every = [part.to_numpy(dtype=float) for item in items for part in (item.values, item.high) if part is not None]
    peak = float(np.nanmax(np.concatenate([*every, [look.level or 0.0, 1e-9]]))) if every else 1.0
    return look.bottom if look.bottom is not None else 0.0, look.top if look.top is not None else peak * 1.08


def _backdrop(
    fig: go.Figure,
    items: Sequence[Line],
    look: Look,
    index: pd.DatetimeIndex,
    place: dict[pd.Timestamp, int],
    colour: Palette,
    text: int,
    reach: tuple[float, float],
) -> tuple[list[Spec], list[Spec]]:
    """Gaps, spans, the reference and the flags, below the lines."""
    shapes: list[Spec] = []
    notes: list[Spec] = []
    silent = [place[at] for at in index if all(at not in i.values.index or pd.isna(i.values[at]) for i in items)]
    for first, last in runs(silent):
        _hatched(fig, first, last, colour, reach)
        if (last - first + 1) / len(index) > 0.1:
            where = {"x": (first + last) / 2, "y": sum(reach) / 2, "align": "center", "borderpad": 4}
            notes.append(note("Not reported", text, colour["ink"], bgcolor=colour["paper"], **where))
    for span in look.spans:
        ends = {
            "x0": _at(index, span.first) - 0.5,
            "x1": _at(index, span.last) + 0.5,
            "yref": "paper",
            "y0": 0,
            "y1": 1,
        }
        fill = colour.fade("import", 0.18 if span.kind == "about" else 0.12)
        shapes.append({"type": "rect", "fillcolor": fill, "line": {"width": 0}, "layer": "below", **ends})
        if span.words:
            where = {"x": (ends["x0"] + ends["x1"]) / 2, "y": 1, "yref": "paper", "yanchor": "top", "align": "center"}
            notes.append(note(clean(span.words), text - 2, colour["ink2"], **where))
    if look.level is not None:
        ends = {"x0": 0, "x1": 1, "xref": "paper", "y0": look.level, "y1": look.level}
        shapes.append(stroke(colour["ink3"], 1.2, "5px,4px", layer="below", **ends))
        if look.level_words:
            where = {"x": 0.005, "xref": "paper", "y": look.level, "xanchor": "left", "yanchor": "bottom"}
            notes.append(note(clean(look.level_words), text - 2, colour["ink2"], **where))
    for number, when in look.flags:
        x = _at(index, when)
        shapes.append(stroke(colour["ink2"], 1, "2px,3px", x0=x, x1=x, yref="paper", y0=0, y1=1.04))
        where = {"x": x, "y": 1.0, "yref": "paper", "yanchor": "bottom", "yshift": text + 6}
        box = {"bgcolor": colour["ink"], "borderpad": 3, "width": text - 4, "align": "center"}
        notes.append(note(f"<b>{number}</b>", text - 3, colour["paper"], **where, **box))
    return shapes, notes


def _hatched(fig: go.Figure, first: int, last: int, colour: Palette, reach: tuple[float, float]) -> None:
    a, b = first - 0.5, last + 0.5
    look = {"fill": "toself", "fillpattern": hatch(colour, size=9), "mode": "lines", "line": {"width": 0}}
    ys = [reach[0], reach[0], reach[1], reach[1]]
    fig.add_trace(go.Scatter(x=[a, b, b, a], y=ys, hoverinfo="skip", **look))


def _at(index: pd.DatetimeIndex, when: pd.Timestamp) -> float:
    """Where a date stands among the periods, held inside them."""
    return float(np.clip(int(index.searchsorted(pd.Timestamp(when), side="right")) - 1, 0, max(0, len(index) - 1)))


def _line(
    fig: go.Figure, item: Line, place: dict[pd.Timestamp, int], look: Look, colour: Palette, index: pd.DatetimeIndex
) -> None:
    values = item.values.reindex(index)
    known = [place[at] for at in index if pd.notna(values[at])]
    starts = {place[at] for at in look.cuts if at in place}
    for first, last in runs(known):
        edges = [first, *sorted(n for n in starts if first < n <= last), last + 1]
        for a, b in pairwise(edges):
            _stretch(fig, item, list(range(a, b)), values, colour, index)


def _stretch(
    fig: go.Figure, item: Line, xs: list[int], values: pd.Series, colour: Palette, index: pd.DatetimeIndex
) -> None:
    ys = [float(values.iloc[n]) for n in xs]
    if item.low is not None and item.high is not None:
        low, high = (side.reindex(index) for side in (item.low, item.high))
        ring = [float(high.iloc[n]) for n in xs] + [float(low.iloc[n]) for n in reversed(xs)]
        if len(xs) == 1:
            bar = {"x": xs * 2, "y": ring, "mode": "lines", "line": {"width": 7, "color": colour.fade(item.tint, 0.25)}}
        else:
            bar = {"x": [*xs, *reversed(xs)], "y": ring, "mode": "lines", "line": {"width": 0}, "fill": "toself"}
            bar["fillcolor"] = colour.fade(item.tint, 0.16)
        fig.add_trace(go.Scatter(**bar, hoverinfo="skip"))
    hover = [
        f"<b>{clean(item.name)}</b> {index[n]:%b %Y}: {tick(float(f'{y:.3g}'))}" for n, y in zip(xs, ys, strict=True)
    ]
    line = {
        "color": colour[item.tint],
        "width": item.width,
        "dash": item.dash,
        "shape": "hvh" if item.is_step else "linear",
    }
    mode = "lines" if len(xs) > 1 else "markers"
    marker = {"size": 8, "color": colour[item.tint]}
    drawn = {"hovertext": hover, "hoverinfo": "text", "name": clean(item.name), "meta": item.name}
    fig.add_trace(go.Scatter(x=xs, y=ys, mode=mode, line=line, marker=marker, **drawn))


def _names(
    items: Sequence[Line],
    place: dict[pd.Timestamp, int],
    colour: Palette,
    text: int,
    step: float,
    reach: tuple[float, float],
) -> list[Spec]:
    named = [item for item in items if item.is_named and item.values.notna().any()]
    ends = [float(item.values.dropna().iloc[-1]) for item in named]
    last = max(place.values(), default=0)
    notes = []
    for item, y in zip(named, spread(ends, step, *reach), strict=True):
        tint = f"{item.tint}_text" if item.tint in ("mdma", "ketamine", "us", "au", "nz") else item.tint
        where = {"x": last, "y": y, "xanchor": "left", "yanchor": "middle", "xshift": 10}
        notes.append(note(f"<b>{clean(short(item.name, 24))}</b>", text - 1, colour[tint], **where))
    return notes


def _tick_words(index: pd.DatetimeIndex) -> tuple[list[float], list[str]]:
    """Years under the middle of their periods, or the months where there is one year or two."""
    years: dict[int, list[int]] = {}
    for n, at in enumerate(index):
        years.setdefault(at.year, []).append(n)
    if len(years) <= 2 and len(index) > 2:
        shown = range(0, len(index), max(1, -(-len(index) // MOST_TICKS)))
        return [float(n) for n in shown], [
            f"{index[n]:%b %Y}" if n == 0 or index[n].month == 1 else f"{index[n]:%b}" for n in shown
        ]
    kept = list(years.items())[:: max(1, -(-len(years) // MOST_TICKS))]
    return [(at[0] + at[-1]) / 2 for _, at in kept], [str(year) for year, _ in kept]
