"""Columns by period: periods that nobody reported are hatched, unfinished ones are worded."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from postflow.numbers import clean, count, interval, ticks
from postflow.style import CHART_TEXT, DRUG, Palette
from postflow.template import figure

HEADROOM = 1.12


def hatch(colour: Palette, name: str = "void", size: int = 8) -> dict[str, object]:
    """The pattern of what nobody told us."""
    return {"shape": "/", "fgcolor": colour[name], "bgcolor": colour["paper"], "size": size, "solidity": 0.18, "fillmode": "replace"}


def runs(places: list[int]) -> list[tuple[int, int]]:
    """First and last of each run of neighbouring places."""
    found: list[tuple[int, int]] = []
    for place in places:
        if found and place == found[-1][1] + 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found


def by_period(rows: pd.DataFrame, told: pd.DataFrame, mode: str, size: str = "screen", height: int = 320) -> go.Figure:
    """Stacked columns per drug with the total and its exact 95 % interval on top.

    Args:
        rows: ``charts/seizures_by_period``: period, period_start, drug, seizures.
        told: ``charts/reporters_by_period``: period, period_start, months_reported, months_in_period.
    """
    colour, text = Palette(mode), CHART_TEXT[size]
    fig = figure(mode, size, height, barmode="stack", bargap=0.28, margin={"l": 44, "r": 4, "t": 30, "b": 26})
    reported = told.groupby(["period_start", "period"]).agg(months=("months_reported", "max"), of=("months_in_period", "first")).reset_index()
    labels = [str(label) for label in reported.period]
    place = {label: number for number, label in enumerate(labels)}
    rows = rows[rows.period.isin(labels)]
    total = rows.groupby("period").seizures.sum().reindex(labels, fill_value=0)
    top = (interval(float(total.max()))[1] if len(total) else 1) * HEADROOM
    gaps = [place[row.period] for row in reported.itertuples() if row.months == 0]
    for first, last in runs(gaps):
        fig.add_trace(go.Bar(x=[(first + last) / 2], y=[top * 0.97], width=[last - first + 1], marker={"pattern": hatch(colour), "line": {"width": 0}}, hoverinfo="skip"))
        fig.add_annotation(x=(first + last) / 2, y=top * 0.5, text="not<br>reported", align="center", bgcolor=colour["paper"], borderpad=4, textangle=0 if last > first or len(labels) < 8 else -90)
    for drug in sorted(rows.drug.unique(), key=lambda name: (name not in DRUG, name != "MDMA", name)):
        mine = rows[rows.drug == drug].groupby("period").seizures.sum()
        tint = colour[DRUG.get(str(drug), "import")]
        fig.add_trace(go.Bar(x=[place[str(p)] for p in mine.index], y=[int(n) for n in mine], marker={"color": tint, "line": {"width": 0}}, name=clean(drug), customdata=[str(p) for p in mine.index], hovertemplate=f"<b>{clean(drug)}</b> %{{customdata}}<br>%{{y:,}} seizures<extra></extra>"))  # fmt: skip
    _totals(fig, reported, total, place, colour, text, len(labels))
    marks = ticks(top)
    step = max(1, -(-len(labels) // 9))
    shown = [label + (" so far" if row.months and row.months < row.of else "") for label, row in zip(labels, reported.itertuples(), strict=True)]
    fig.update_xaxes(tickvals=list(range(len(labels)))[::step], ticktext=[clean(word).replace(" so far", "<br>so far") for word in shown][::step], range=[-0.62, len(labels) - 0.38], ticks="", tickangle=0)
    fig.update_layout(margin_b=42 if any(" so far" in word for word in shown[::step]) else 26)
    fig.update_yaxes(tickvals=marks, ticktext=[count(value) for value in marks], range=[0, top])
    return fig


def _totals(fig: go.Figure, reported: pd.DataFrame, total: pd.Series, place: dict[str, int], colour: Palette, text: int, number: int) -> None:
    """The interval as an upright line, the count above it; a reported zero is written, a gap is not."""
    small = text + 4 if number <= 6 else text if number <= 12 else text - 2
    for row in reported.itertuples():
        if row.months == 0:
            continue
        n = float(total[row.period])
        low, high = interval(n)
        if n:
            fig.add_shape(type="line", x0=place[row.period], x1=place[row.period], y0=low, y1=high, line={"color": colour["ink"], "width": 1.4})
        if number <= 18:
            fig.add_annotation(x=place[row.period], y=high if n else 0, yanchor="bottom", yshift=2, text=f"<b>{count(n)}</b>", font={"size": small}, align="center")
