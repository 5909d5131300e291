"""Columns by period: periods that nobody reported are hatched, unfinished ones are worded."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from postflow.charts import parts
from postflow.charts.parts import Spec, hatched_bar, note, plain_bar, runs, stroke
from postflow.charts.timeline import Timeline, timeline
from postflow.numbers import clean, count, interval, short, ticks
from postflow.style import CHART_TEXT, DRUG, NARROW, Palette
from postflow.template import figure

HEADROOM = 1.12
MOST_TOTALS = 18
MOST_TICKS = 9
STUB = 0.1
"""Height of the stub on an open column, as a share of the axis: it says open, and is never a forecast."""


def by_period(
    rows: pd.DataFrame,
    told: pd.DataFrame,
    mode: str,
    size: str = "screen",
    height: int = 320,
    names: Mapping[str, str] | None = None,
) -> go.Figure:
    """Stacked columns per drug with the total and its exact 95 % interval on top.

    Args:
        rows: ``charts/seizures_by_period``: period, period_start, drug, seizures.
        told: ``charts/reporters_by_period``: period, period_start, reporter_country_code, months_reported,
            months_in_period.
        mode: light or dark.
        size: screen or present.
        height: px.
        names: drug → label.
    """
    colour, text = Palette(mode), CHART_TEXT[size]
    line = timeline(rows, told, category="drug")
    drugs = sorted(set(line.rows.category), key=lambda name: (name not in DRUG, name != "MDMA", name))
    totals = _totals(line)
    top = max((interval(n)[1] for n in totals if n is not None), default=1.0) * HEADROOM
    traces = _silence(line, top, colour)
    traces += [_column(line, drug, (names or {}).get(drug, drug), colour) for drug in drugs]
    shapes, notes = _upright(line, totals, colour, text)
    notes += _gap_words(line, top, colour, text) + _key(drugs, names or {}, colour, text)
    marks = ticks(top, whole=True)
    left = max(44, parts.room(map(parts.tick, marks), text - 1, pad=16))
    deep = 2 * text + 14 if line.open else text + 14
    fig = figure(
        mode, size, height, barmode="stack", bargap=0.28, margin={"l": left, "r": 4, "t": text + 18, "b": deep}
    )
    fig.add_traces(traces)
    fig.update_layout(shapes=shapes, annotations=notes, meta={"categories": line.labels})
    _period_axis(fig, line)
    fig.update_yaxes(**parts.value_axis(marks, 0, top))
    return fig


def _totals(line: Timeline) -> list[float | None]:
    """The count of each period; nothing where nobody reported."""
    by, gaps = line.rows.groupby("place").seizures.sum(), set(line.gaps)
    return [None if n in gaps else float(by.get(n, 0.0)) for n in range(len(line))]


def _silence(line: Timeline, top: float, colour: Palette) -> list[go.Bar]:
    return [
        go.Bar(x=[(a + b) / 2], y=[top * 0.97], width=[b - a + 1], marker=hatched_bar(colour), hoverinfo="skip")
        for a, b in runs(line.gaps)
    ]


def _gap_words(line: Timeline, top: float, colour: Palette, text: int) -> list[Spec]:
    look = {"y": top * 0.5, "align": "center", "bgcolor": colour["paper"], "borderpad": 4}
    return [
        note("not<br>reported", text - 1, colour["ink"], x=(a + b) / 2, **look)
        | {"textangle": 0 if b > a or len(line) < 8 else -90}
        for a, b in runs(line.gaps)
        if (b + 1 - a) / len(line) > 0.04
    ]


def _column(line: Timeline, drug: str, name: str, colour: Palette) -> go.Bar:
    mine = line.rows[line.rows.category == drug].groupby("place").seizures.sum()
    label = clean(short(name))
    return go.Bar(
        x=[int(n) for n in mine.index],
        y=[float(n) for n in mine],
        name=label,
        meta=drug,
        marker=plain_bar(colour[DRUG.get(drug, "import")]),
        customdata=[f"{clean(line.words(int(n)))}<br>{count(v)} seizures" for n, v in mine.items()],
        hovertemplate=f"<b>{label}</b> %{{customdata}}<extra></extra>",
    )


def _key(drugs: list[str], names: Mapping[str, str], colour: Palette, text: int) -> list[Spec]:
    """Which colour is which drug, above the columns; nothing where there is one."""
    if len(drugs) < 2:
        return []
    made, right = [], 0.0
    for drug in drugs:
        words = f"■ {clean(short(names.get(drug, drug)))}"
        tint = colour[f"{DRUG[drug]}_text" if drug in DRUG else "ink2"]
        where = {
            "xref": "paper",
            "yref": "paper",
            "x": 0,
            "y": 1,
            "xanchor": "left",
            "yanchor": "bottom",
            "xshift": right,
            "yshift": 4,
        }
        made.append(note(words, text - 1, tint, **where))
        right += parts.room([words], text - 1, pad=18)
    return made


def _upright(line: Timeline, totals: list[float | None], colour: Palette, text: int) -> tuple[list[Spec], list[Spec]]:
    """The interval as an upright line, the count above it; a reported zero is written, a gap is not."""
    number = len(line)
    px = text + 4 if number <= 6 else text if number <= 12 else text - 2
    shapes, notes = [], []
    for place, n in enumerate(totals):
        if n is None:
            continue
        low, high = interval(n)
        if n:
            shapes.append(stroke(colour["ink"], 1.4, x0=place, x1=place, y0=low, y1=high))
        if number <= MOST_TOTALS:
            where = {"x": place, "y": high if n else 0, "yanchor": "bottom", "yshift": 2, "align": "center"}
            notes.append(note(f"<b>{count(n)}</b>", px, colour["ink"], **where))
    return shapes, notes


def _period_axis(fig: go.Figure, line: Timeline) -> None:
    words = [clean(short(label, 16)) + ("<br>so far" if n in line.open else "") for n, label in enumerate(line.labels)]
    shown = [len(words) - 1 - n for n in reversed(parts.every(len(words), MOST_TICKS))]
    span = [-0.62, max(0.62, len(words) - 0.38)]
    fig.update_xaxes(tickvals=shown, ticktext=[words[n] for n in shown], range=span, ticks="", tickangle=0)


def same_months(
    rows: pd.DataFrame, drug: str, words: tuple[str, str], mode: str, size: str = "screen", height: int = 320
) -> go.Figure:
    """One column a year: solid = the months that the open year has reached, pale = the rest of the finished years.

    Args:
        rows: period (label), so_far (seizures in those months), rest (seizures in the others, null where the year is
            open: a hatched stub of fixed height stands there); in order of time.
        drug: decides the colour.
        words: the two parts of the year: ``("October–April", "May–September")``.
        mode: light or dark.
        size: screen or present.
        height: px.
    """
    colour, text, tint = Palette(mode), CHART_TEXT[size], DRUG.get(drug, "transit")
    labels = [clean(short(label, 12)) for label in rows.period]
    so_far = [float(n) for n in pd.to_numeric(rows.so_far).fillna(0)]
    rest = [None if pd.isna(n) else float(n) for n in rows["rest"]]
    top = max([a + (b or 0) for a, b in zip(so_far, rest, strict=True)], default=1.0) * 1.04 or 1.0
    places, opens = list(range(len(labels))), [n for n, value in enumerate(rest) if value is None]
    top = max([top, *(so_far[n] + 2.4 * STUB * top for n in opens)])
    marks = ticks(top, whole=True)
    left = max(44, parts.room(map(parts.tick, marks), text - 1, pad=16))
    fig = figure(mode, size, height, barmode="stack", bargap=0.3, margin={"l": left, "r": 4, "t": 20, "b": text + 14})
    closed = [n for n in places if n not in opens]
    for at, ys, part, look in (
        (places, so_far, words[0], colour[tint]),
        (closed, [rest[n] for n in closed], words[1], colour.fade(tint, 0.28)),
    ):
        told = [f"{labels[n]}, {clean(part)}<br>{count(y)} seizures" for n, y in zip(at, ys, strict=True)]
        hover = {"customdata": told, "hovertemplate": "%{customdata}<extra></extra>"}
        fig.add_bar(x=at, y=ys, marker=plain_bar(look), name=clean(part), meta=part, **hover)
    bases = [so_far[n] for n in opens]
    look = hatched_bar(colour, 7) | {"line": {"width": 1, "color": colour["void"]}}
    if opens:
        fig.add_bar(x=opens, y=[STUB * top] * len(opens), base=bases, marker=look, hoverinfo="skip")
    fig.update_layout(annotations=_part_words(so_far, opens, top, colour, text), meta={"categories": labels})
    fig.update_xaxes(tickvals=places, ticktext=labels, ticks="", tickangle=0, range=[-0.6, max(0.6, len(labels) - 0.4)])
    fig.update_yaxes(**parts.value_axis(marks, 0, top))
    return fig


def _part_words(so_far: list[float], opens: list[int], top: float, colour: Palette, text: int) -> list[Spec]:
    notes = []
    for n, value in enumerate(so_far):
        inside = value > 0.08 * top
        look = {"x": n, "y": value, "yanchor": "top" if inside else "bottom", "yshift": -2 if inside else 2}
        made = note(f"<b>{count(value)}</b>", text - 1, colour["paper" if inside else "ink"], align="center", **look)
        made["font"] = {"size": max(12, text - 1), "color": colour["paper" if inside else "ink"], "family": NARROW}
        notes.append(made)
    look = {"yanchor": "bottom", "align": "center"}
    words = "rest not yet<br>published"
    return notes + [note(words, text - 2, colour["ink2"], x=n, y=so_far[n] + STUB * top, **look) for n in opens]
