"""Dumbbells, small multiples, share bars."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from postflow.charts import parts
from postflow.charts.parts import Spec, hatched_bar, note, plain_bar, stroke
from postflow.numbers import change, clean, count, share, short, ticks
from postflow.style import CHART_TEXT, Palette
from postflow.template import figure

FLOOR = 0.7
"""Where a zero stands on a log axis of counts; its number says 0."""
DECADE = 10
MOST_PANELS = 6


def dumbbell(
    rows: pd.DataFrame, words: tuple[str, str], tint: str, mode: str, size: str = "screen", height: int = 300
) -> go.Figure:
    """Two values a line: hollow = before or sending side, solid = after or receiving side.

    The axis is a log one where the values span a decade, so that equal distance is equal ratio; else it starts at 0.

    Args:
        rows: name, before, after (counts).
        words: over the first line's two values.
        tint: colour of both, by name.
        mode: light or dark.
        size: screen or present.
        height: px.
    """
    colour, text = Palette(mode), CHART_TEXT[size]
    pairs = [(_number(a), _number(b)) for a, b in zip(rows.before, rows.after, strict=True)]
    known = [value for pair in pairs for value in pair if value > 0]
    is_log = bool(known) and max(known) / min(known) >= DECADE
    left = parts.room((short(name, 34) for name in rows.name), text, pad=18)
    ratios = [change(b, a) if a else ("only after" if b else "–") for a, b in pairs]
    right = max(70, parts.room(ratios, text, pad=16))
    fig = figure(mode, size, height, margin={"l": left, "r": right, "t": 40, "b": text + 12})
    at = [tuple(max(value, FLOOR) if is_log else value for value in pair) for pair in pairs]
    joined = {"opacity": 0.45}
    shapes = [stroke(colour[tint], 3, x0=a, x1=b, y0=n, y1=n) | joined for n, (a, b) in enumerate(at)]
    fig.add_traces(_dots(pairs, at, colour, tint, text))
    notes = _head_words(at[:1], words, is_log, colour, text)
    last = {"x": 1, "xref": "paper", "xanchor": "right", "xshift": right - 4}
    notes += [note(f"<b>{ratio}</b>", text - 1, colour["ink"], y=n, **last) for n, ratio in enumerate(ratios)]
    fig.update_layout(shapes=shapes, annotations=notes)
    _amounts(fig, max([*known, 1.0]), is_log, colour)
    parts.names_down(fig, list(rows.name), colour, text)
    fig.update_yaxes(range=[max(len(pairs), 1) - 0.5, -0.7])
    return fig


def _number(value: float) -> float:
    return 0.0 if pd.isna(value) else max(0.0, float(value))


def _dots(
    pairs: list[tuple[float, float]], at: list[tuple[float, ...]], colour: Palette, tint: str, text: int
) -> list[go.Scatter]:
    outward = [("middle left", "middle right") if a <= b else ("middle right", "middle left") for a, b in pairs]
    hollow = {"size": 12, "color": colour["paper"], "line": {"width": 2.4, "color": colour[tint]}}
    solid = {"size": 13, "color": colour[tint], "line": {"width": 0}}
    return [
        go.Scatter(
            x=[spot[side] for spot in at],
            y=list(range(len(at))),
            mode="markers+text",
            meta=("before", "after")[side],
            text=[f"<b>{count(pair[side])}</b>" if side else count(pair[side]) for pair in pairs],
            textposition=[where[side] for where in outward],
            marker=marker,
            hoverinfo="skip",
            cliponaxis=False,
            textfont={"color": colour["ink" if side else "ink2"], "size": text if side else text - 1},
        )
        for side, marker in enumerate((hollow, solid))
    ]


def _head_words(
    first: list[tuple[float, ...]], words: tuple[str, str], is_log: bool, colour: Palette, text: int
) -> list[Spec]:
    """The two words stand over the first line, each on its outer side so that they never meet."""
    notes = []
    for a, b in first:
        for value, word, anchor in zip((a, b), words, ("right", "left") if a <= b else ("left", "right"), strict=True):
            x = math.log10(value) if is_log else value
            shift = 8 if anchor == "right" else -8
            where = {"x": x, "y": 0, "yanchor": "bottom", "yshift": 11, "xanchor": anchor, "xshift": shift}
            notes.append(note(clean(short(word, 18)), text - 2, colour["ink2"], align="center", **where))
    return notes


def _amounts(fig: go.Figure, top: float, is_log: bool, colour: Palette) -> None:
    look: Spec = {"showgrid": True, "gridcolor": colour["grid"], "showline": False, "ticks": ""}
    if not is_log:
        fig.update_xaxes(**look, **parts.value_axis(ticks(top, whole=True), -0.08 * top, top * 1.12))
        return
    powers = range(math.ceil(math.log10(top)) + 1)
    marks = [factor * 10**power for power in powers for factor in ((1, 3) if len(powers) < 7 else (1,))]
    marks = [mark for mark in marks if mark <= top * 1.3]
    span = [math.log10(0.5), math.log10(max(top, 10) * 1.6)]
    fig.update_xaxes(type="log", tickvals=marks, ticktext=[count(mark) for mark in marks], range=span, **look)


def small_multiples(
    rows: pd.DataFrame,
    panels: Sequence[str],
    labels: Sequence[str],
    silent: Mapping[str, Sequence[str]],
    tints: Mapping[str, str],
    mode: str,
    size: str = "screen",
    height: int = 220,
) -> go.Figure:
    """One panel a name, all on the same axes; periods that nobody reported are hatched.

    Args:
        rows: name, period (label), value.
        panels: names in order; six are drawn at most.
        labels: periods in order of time.
        silent: name → periods not reported. A period that is neither silent nor in the rows is a counted zero.
        tints: name → colour; ink2 where not given.
        mode: light or dark.
        size: screen or present.
        height: px.
    """
    colour, text, shown = Palette(mode), CHART_TEXT[size], list(panels)[:MOST_PANELS]
    top = float(pd.to_numeric(rows.value).max() if len(rows) else 0) * 1.14 or 1.0
    marks = ticks(top, 3)
    left = max(44, parts.room(map(parts.tick, marks), text - 1, pad=16))
    fig = make_subplots(rows=1, cols=max(1, len(shown)), shared_yaxes=True, horizontal_spacing=0.025)
    margin = {"l": left, "r": 6, "t": text + 16, "b": text + 10}
    fig.update_layout(template=f"postflow_{mode}_{size}", height=height, margin=margin, bargap=0.25)
    place = {label: number for number, label in enumerate(labels)}
    notes: list[Spec] = []
    for column, name in enumerate(shown, 1):
        values = rows[rows.name == name].groupby("period").value.sum()
        gaps = [place[label] for label in silent.get(name, ()) if label in place and label not in values.index]
        found = {n: float(values.get(label, 0)) for label, n in place.items() if n not in gaps}
        if gaps:
            fig.add_bar(
                x=gaps, y=[top] * len(gaps), width=1, marker=hatched_bar(colour, 7), hoverinfo="skip", row=1, col=column
            )
        bar = _panel_bar(found, name, labels, colour[tints.get(name, "ink2")])
        fig.add_trace(bar, row=1, col=column)
        axes: Spec = {"xref": f"x{column if column > 1 else ''}", "yref": f"y{column if column > 1 else ''}"}
        notes += _panel_words(name, found, top, axes, colour, text)
    ends = [0, len(labels) - 1] if len(labels) > 1 else [0][: len(labels)]
    span = [-0.6, max(0.6, len(labels) - 0.4)]
    fig.update_xaxes(tickvals=ends, ticktext=[clean(short(labels[n], 10)) for n in ends], range=span, ticks="")
    fig.update_yaxes(**parts.value_axis(marks, 0, top))
    fig.update_layout(annotations=notes, meta={"categories": [str(label) for label in labels]})
    return fig


def _panel_bar(found: dict[int, float], name: str, labels: Sequence[str], tint: str) -> go.Bar:
    told = [f"{clean(labels[n])}<br>{count(v) if v == round(v) else parts.tick(v)}" for n, v in found.items()]
    return go.Bar(
        x=list(found),
        y=list(found.values()),
        marker=plain_bar(tint),
        meta=name,
        customdata=told,
        hovertemplate=f"<b>{clean(name)}</b> %{{customdata}}<extra></extra>",
    )


def _panel_words(name: str, found: dict[int, float], top: float, axes: Spec, colour: Palette, text: int) -> list[Spec]:
    head = {"x": -0.5, "y": top, "yanchor": "bottom", "yshift": 4, "xanchor": "left"}
    notes = [note(f"<b>{clean(short(name, 20))}</b>", text, colour["ink"], **head, **axes)]
    if len(found) > 5 or not all(value == round(value) for value in found.values()):
        return notes
    look = {"yanchor": "bottom", "align": "center"}
    return notes + [
        note(f"<b>{count(v)}</b>", text - 1, colour["ink"], x=n, y=v, **look, **axes) for n, v in found.items()
    ]


def share_bars(rows: pd.DataFrame, whole: int, mode: str, size: str = "screen", height: int = 260) -> go.Figure:
    """How many of all records carry each mark; marks overlap, so the bars never stack.

    Args:
        rows: mark (words), rows (count), kind (``held`` or ``marked``).
        whole: all records.
        mode: light or dark.
        size: screen or present.
        height: px.
    """
    colour, text = Palette(mode), CHART_TEXT[size]
    names, numbers = [short(mark, 40) for mark in rows["mark"]], [int(n) for n in rows["rows"]]
    words = [f"<b>{count(n)}</b>  {share(n, whole)}" for n in numbers]
    right = parts.room((word[7:] for word in words), text, pad=18)
    margin = {"l": parts.room(names, text - 1, pad=18), "r": max(96, right), "t": 4, "b": 4}
    fig = figure(mode, size, height, barmode="overlay", bargap=0.42, margin=margin)
    places = list(range(len(names)))
    ground = plain_bar(colour["panel"])
    fig.add_bar(y=places, x=[whole] * len(names), orientation="h", marker=ground, hoverinfo="skip")
    tint = [colour["warn" if kind == "held" else "transit"] for kind in rows.kind]
    told = [f"{clean(mark)}<br>{count(n)}" for mark, n in zip(rows["mark"], numbers, strict=True)]
    hover = {"customdata": told, "hovertemplate": "%{customdata}<extra></extra>"}
    fig.add_bar(y=places, x=numbers, orientation="h", marker=plain_bar(tint), meta="rows", **hover)
    where = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 8}
    fig.update_layout(annotations=[note(word, text, colour["ink"], y=n, **where) for n, word in enumerate(words)])
    fig.update_xaxes(visible=False, range=[0, whole or 1])
    parts.names_down(fig, names, colour, text - 1, 40)
    return fig
