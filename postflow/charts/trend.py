"""Counts above, kilograms below, one time axis; gaps, unfinished periods, flags, references, direct labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd
import plotly.graph_objects as go

from postflow.charts.columns import runs
from postflow.numbers import THIN, clean, count, interval, ticks, weight
from postflow.style import CHART_TEXT, DESTINATION, DRUG, Palette
from postflow.template import figure

MOST_LINES = 6
SIDE_TINTS = {"export": "export", "transit": "transit", "import": "import", "domestic": "domestic", "unknown": "void"}
GREYS = ("ink", "transit", "import", "ink3", "domestic", "void")
"""Departures, channels and services have no hue of their own: they are told apart by lightness, dash and label."""
DASHES = ("solid", "solid", "solid", "6px,3px", "2px,3px", "8px,3px,2px,3px")
HEAVY = 0.5
"""One record above this share of its period's kilograms is hatched."""


@dataclass(frozen=True)
class Flag:
    """An event, numbered; its words stand under the chart."""

    when: pd.Timestamp
    number: int


@dataclass(frozen=True)
class Reference:
    """A published figure beside the pool, drawn only over the span where it holds."""

    category: str
    value: float
    words: str
    start: pd.Timestamp
    end: pd.Timestamp


@dataclass(frozen=True)
class TrendSpec:
    """How to read the rows."""

    dimension: str
    """drug, departure, destination, channel, side, reporter or source: decides the colours."""
    count_label: str
    weight_label: str
    names: Mapping[str, str] = field(default_factory=dict)
    """category → label."""
    references: tuple[Reference, ...] = ()
    flags: tuple[Flag, ...] = ()
    shows_kg: bool = True


def tints(categories: list[str], dimension: str) -> dict[str, tuple[str, str, str]]:
    """Category → (line colour, text colour, dash); hues only for drugs and main destinations."""
    fixed = {"drug": DRUG, "destination": DESTINATION}.get(dimension, {})
    found, grey = {}, 0
    for category in categories:
        if category in fixed:
            found[category] = (fixed[category], fixed[category] + "_text", "solid")
        elif dimension == "side":
            found[category] = (SIDE_TINTS.get(category, "ink3"), "ink", "solid")
        else:
            found[category] = (GREYS[grey % len(GREYS)], "ink" if grey == 0 else "ink2", DASHES[grey % len(DASHES)])
            grey += 1
    return found


def trend(rows: pd.DataFrame, told: pd.DataFrame, spec: TrendSpec, mode: str, size: str = "screen", height: int = 460) -> go.Figure:
    """Draw the two panels.

    Args:
        rows: ``charts/seizures_by_period_and_category``: period, period_start, category, seizures, quantity_kg,
            quantity_kg_low, quantity_kg_high (kg), largest_kg (the heaviest records).
        told: ``charts/reporters_by_period``: period, period_start, months_reported, months_in_period. A period that no
            reporter reported is a gap: no line crosses it.
        spec: colours, labels, references, flags.
    """
    return _Trend(rows, told, spec, mode, size, height).draw()


class _Trend:
    def __init__(self, rows: pd.DataFrame, told: pd.DataFrame, spec: TrendSpec, mode: str, size: str, height: int) -> None:
        self.spec, self.colour, self.text, self.large = spec, Palette(mode), CHART_TEXT[size], size == "present"
        rows = rows.dropna(subset=["period_start"])
        self.rows = _folded(rows)
        axis = told.groupby(["period_start", "period"]).agg(months=("months_reported", "max"), of=("months_in_period", "first")).reset_index()
        self.labels = [str(label) for label in axis.period]
        self.starts = [pd.Timestamp(start) for start in axis.period_start]
        self.place = {start: number for number, start in enumerate(self.starts)}
        self.gaps = [number for number, months in enumerate(axis.months) if months == 0]
        self.short = [number for number, (months, of) in enumerate(zip(axis.months, axis.of, strict=True)) if 0 < months < of]
        order = self.rows.groupby("category").seizures.sum().sort_values(ascending=False)
        self.categories = sorted((str(c) for c in order.index), key=lambda c: (c == "", -int(order[c])))
        self.tint = tints([c for c in self.categories if c], spec.dimension) | ({"": ("void", "ink3", "2px,3px")} if "" in self.categories else {})
        self.shows_kg = spec.shows_kg and bool(self.rows.quantity_kg.fillna(0).gt(0).any())
        self.upper = ([0.43, 1.0] if self.large else [0.40, 1.0]) if self.shows_kg else [0.0, 1.0]
        self.series = {c: self._series(c) for c in self.categories}
        peak = max((interval(v)[1] for values in self.series.values() for v in values if v is not None), default=1.0)
        self.top = max([peak, *(ref.value for ref in spec.references)]) * 1.04
        self.left = 62 if self.large else 50
        above, below = (2 * self.text + 22 if spec.flags else self.text + 14), 2 * self.text + (self.text if self.short else 0)
        self.plot_px = max(80, height - above - below)
        room = max((len(self._name(c)) for c in self.categories), default=4) + 6
        right = min(round(room * self.text * 0.56) + 14, 220)
        self.fig = figure(mode, size, height, margin={"l": self.left, "r": right, "t": above, "b": below}, barmode="stack", bargap=0, hovermode="x unified")

    def draw(self) -> go.Figure:
        self._backdrop()
        self._lines()
        self._references()
        self._end_labels()
        if self.shows_kg:
            self._weights()
        self._flags()
        self._axes()
        return self.fig

    # ---------- rows ----------

    def _name(self, category: str) -> str:
        return "others" if not category else clean(self.spec.names.get(category, category))

    def _series(self, category: str) -> list[float | None]:
        """One value a period: a reported period without rows is zero, an unreported one is nothing."""
        mine = self.rows[self.rows.category == category].groupby("period_start").seizures.sum()
        return [None if number in self.gaps and start not in mine.index else float(mine.get(start, 0)) for number, start in enumerate(self.starts)]

    # ---------- pieces ----------

    def _words(self, text: str, tint: str = "ink", small: int = 0, **where: object) -> None:
        self.fig.add_annotation(text=text, font={"color": self.colour[tint], "size": self.text - small}, **where)

    def _panels(self) -> list[tuple[str, float]]:
        return [("y", self.top), ("y2", self.most)] if self.shows_kg else [("y", self.top)]

    @property
    def most(self) -> float:
        return float(self.rows.groupby("period_start").quantity_kg.sum().max()) * 1.06 or 1.0

    def _backdrop(self) -> None:
        pattern = {"shape": "/", "fgcolor": self.colour["void"], "bgcolor": self.colour["paper"], "size": 9, "solidity": 0.16}
        for first, last in runs(self.gaps):
            a, b = first - 0.5, last + 0.5
            for number, (axis, ceiling) in enumerate(self._panels()):
                self.fig.add_trace(go.Scatter(x=[a, b, b, a], y=[0, 0, ceiling, ceiling], yaxis=axis, fill="toself", fillpattern=pattern, mode="lines", line={"width": 0}, hoverinfo="skip"))
                wide = (b - a) / max(1, len(self.starts)) > 0.12
                if wide:
                    self._words(("<b>Not reported</b>", "a gap, not a fall to zero")[number], x=(a + b) / 2, y=0.82 if axis == "y" else 0.5, yref=f"{axis} domain", align="center", bgcolor=self.colour["paper"], borderpad=4)
        for number in self.short:
            if self.shows_kg:
                self.fig.add_shape(type="rect", x0=number - 0.5, x1=number + 0.5, y0=0, y1=1, yref="y2 domain", line={"width": 0}, fillcolor=self.colour.fade("void", 0.35), layer="below")

    def _lines(self) -> None:
        """A band and a line for each unbroken run of reported periods; a run of one is a dot."""
        self.ends: list[tuple[float, int, str, str]] = []
        for category in reversed(self.categories):
            values, (tint, text_tint, dash) = self.series[category], self.tint[category]
            known = [number for number, value in enumerate(values) if value is not None]
            for first, last in runs(known):
                self._run(category, list(range(first, last + 1)), [float(values[n] or 0) for n in range(first, last + 1)], tint, dash)
            if known:
                self.ends.append((float(values[known[-1]] or 0), known[-1], f"<b>{self._name(category)}</b> {count(values[known[-1]] or 0)}", text_tint))
                self.fig.add_trace(go.Scatter(x=[known[-1]], y=[values[known[-1]]], mode="markers", marker={"size": 9 if self.large else 7, "color": self.colour[tint], "line": {"width": 1.5, "color": self.colour["paper"]}}, hoverinfo="skip", cliponaxis=False))

    def _run(self, category: str, xs: list[int], ys: list[float], tint: str, dash: str) -> None:
        bounds = [interval(y) for y in ys]
        if len(xs) == 1:
            self.fig.add_shape(type="line", x0=xs[0], x1=xs[0], y0=bounds[0][0], y1=bounds[0][1], line={"color": self.colour.fade(tint, 0.4), "width": 6})
        elif len(self.categories) <= 4:
            self.fig.add_trace(go.Scatter(x=[*xs, *reversed(xs)], y=[b[1] for b in bounds] + [b[0] for b in reversed(bounds)], fill="toself", fillcolor=self.colour.fade(tint, 0.16), mode="lines", line={"width": 0}, hoverinfo="skip"))
        told = [f"{count(y)} ({count(low)}–{count(high)})" for y, (low, high) in zip(ys, bounds, strict=True)]
        self.fig.add_trace(
            go.Scatter(
                x=xs, y=ys, mode="lines" if len(xs) > 1 else "markers", name=self._name(category), meta=category, customdata=told,
                line={"color": self.colour[tint], "width": 3.4 if self.large else 2.4, "dash": dash}, marker={"size": 8, "color": self.colour[tint]},
                hovertemplate=f"<b>{self._name(category)}</b> %{{customdata}}<extra></extra>",
            )
        )  # fmt: skip

    def _references(self) -> None:
        for ref in self.spec.references:
            inside = [number for number, start in enumerate(self.starts) if ref.start <= start <= ref.end]
            if not inside:
                continue
            tint = self.tint.get(ref.category, ("ink3", "ink3", ""))[1]
            a, b = inside[0] - 0.5, inside[-1] + 0.5
            self.fig.add_shape(type="line", x0=a, x1=b, y0=ref.value, y1=ref.value, line={"color": self.colour[tint], "width": 1.2, "dash": "5px,4px"})
            left = a / max(1, len(self.starts)) > 0.3
            self._words(clean(ref.words), tint, 2, x=a if left else b, y=ref.value, xanchor="right" if left else "left", yanchor="middle", xshift=-8 if left else 8, align="right" if left else "left", bgcolor=self.colour.fade("paper", 0.85), borderpad=2)

    def _end_labels(self) -> None:
        """Names at the ends of the lines, pushed apart upwards."""
        step = (self.text + 6) / (self.plot_px * (self.upper[1] - self.upper[0])) * self.top
        floor = float("-inf")
        for value, where, label, tint in sorted(self.ends):
            floor = max(value, floor + step)
            self._words(label, tint, x=max(where, len(self.starts) - 1) if where > len(self.starts) * 0.8 else where, y=floor, xanchor="left", yanchor="middle", xshift=10, bgcolor=self.colour.fade("paper", 0.85), borderpad=0)

    def _weights(self) -> None:
        for category in self.categories:
            mine = self.rows[(self.rows.category == category) & self.rows.quantity_kg.notna()]
            by = {start: group for start, group in mine.groupby("period_start")}
            xs, light, heavy, told = [], [], [], []
            for start, group in by.items():
                kg = float(group.quantity_kg.sum())
                top = max((float(value) for listed in group.largest_kg for value in listed), default=0.0)
                top = top if kg and top / kg > HEAVY and top > 0.25 * self.most else 0.0
                xs.append(self.place[pd.Timestamp(start)])
                light.append(kg - top)
                heavy.append(top)
                low, high = float(group.quantity_kg_low.sum()), float(group.quantity_kg_high.sum())
                told.append(weight(kg) + (f" ({weight(low)}–{weight(high)})" if high - low > 0.005 * kg else "") + (f", heaviest record {weight(top)}" if top else ""))
            tint = self.colour[self.tint[category][0]]
            self.fig.add_trace(go.Bar(x=xs, y=light, yaxis="y2", width=0.8, marker={"color": tint, "line": {"width": 0}}, name=f"{self._name(category)}, kg", meta=category, customdata=told, hovertemplate=f"{self._name(category)} %{{customdata}}<extra></extra>"))  # fmt: skip
            if any(heavy):
                pattern = {"shape": "/", "fgcolor": tint, "bgcolor": self.colour["paper"], "size": 5, "solidity": 0.4, "fillmode": "replace"}
                self.fig.add_trace(go.Bar(x=xs, y=heavy, yaxis="y2", width=0.8, marker={"color": tint, "line": {"width": 1, "color": tint}, "pattern": pattern}, meta=category, hoverinfo="skip"))

    def _flags(self) -> None:
        for flag in self.spec.flags:
            x = self._at(flag.when)
            if x is None:
                continue
            self.fig.add_shape(type="line", x0=x, x1=x, xref="x", yref="paper", y0=0, y1=1 + (self.text + 8) / self.plot_px, line={"color": self.colour["ink2"], "width": 1, "dash": "2px,3px"})
            self._words(f"<b>{flag.number}</b>", "paper", 3, x=x, y=1.0, yref="paper", yanchor="bottom", yshift=self.text + 8, bgcolor=self.colour["ink"], borderpad=3, width=self.text - 4, align="center")

    def _at(self, when: pd.Timestamp) -> float | None:
        """Where a date stands among the periods; nothing where it falls outside."""
        before = [number for number, start in enumerate(self.starts) if start <= when]
        if not before or (before[-1] == len(self.starts) - 1 and (when - self.starts[-1]).days > 366):
            return None
        return before[-1] - 0.5

    def _axes(self) -> None:
        for label, domain in ((self.spec.count_label, self.upper), (self.spec.weight_label, [0.0, 0.27])):
            if domain is self.upper or self.shows_kg:
                self._words(f"<b>{clean(label)}</b>", "ink", 1, x=0, xref="paper", y=domain[1], yref="paper", xanchor="left", yanchor="bottom", xshift=-self.left, yshift=4, bgcolor=self.colour["paper"], borderpad=1)
        at, words = self._ticks()
        self.fig.update_xaxes(range=[-0.55, max(0.55, len(self.starts) - 0.45)], anchor="y2" if self.shows_kg else "y", ticks="", ticklabelstandoff=4, tickvals=at, ticktext=words, tickangle=0)
        self.fig.add_shape(type="line", x0=0, x1=1, xref="paper", y0=0, y1=0, yref="y", line={"color": self.colour["ink2"], "width": 1})
        marks = ticks(self.top)
        self.fig.update_layout(yaxis={"domain": self.upper, "range": [0, self.top], "tickvals": marks, "ticktext": [f"{v:,.10g}".replace(",", THIN) for v in marks]})
        if self.shows_kg:
            heavy = ticks(self.most, 2)
            plain = {"gridcolor": self.colour["grid"], "showline": False, "zeroline": False, "fixedrange": True, "ticklabelstandoff": 6, "tickfont": {"color": self.colour["ink2"], "size": self.text - 1}}
            self.fig.update_layout(yaxis2=plain | {"domain": [0.0, 0.27], "range": [0, self.most], "tickvals": heavy, "ticktext": [f"{v:,.10g}".replace(",", THIN) for v in heavy], "anchor": "x"})

    def _ticks(self) -> tuple[list[float], list[str]]:
        """Years under the middle of their months; else as many period labels as fit."""
        if self.labels and len(self.labels[0]) == 7 and self.labels[0][4] == "-" and len(self.labels) > 14:
            years: dict[str, list[int]] = {}
            for number, label in enumerate(self.labels):
                years.setdefault(label[:4], []).append(number)
            step = max(1, -(-len(years) // 12))
            shown = list(years.items())[::step]
            return [(n[0] + n[-1]) / 2 for _, n in shown], [year for year, _ in shown]
        step = max(1, -(-len(self.labels) // 12))
        so_far = {number: "<br>so far" for number in self.short}
        return [float(n) for n in range(0, len(self.labels), step)], [clean(self.labels[n]) + so_far.get(n, "") for n in range(0, len(self.labels), step)]


def _folded(rows: pd.DataFrame) -> pd.DataFrame:
    """More categories than lines: the smallest become one, with an empty name."""
    order = rows.groupby("category").seizures.sum().sort_values(ascending=False)
    if len(order) <= MOST_LINES + 1:
        return rows
    kept = set(order.index[:MOST_LINES])
    return rows.assign(category=rows.category.where(rows.category.isin(kept), ""))
