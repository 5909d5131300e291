"""The frame of a trend: margins, gaps, flags, titles, axes. Places 0, 1, 2 … along x give every period its width."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from postflow.charts import parts
from postflow.charts.parts import Spec, hatch, hatched_bar, note, runs, stroke
from postflow.charts.timeline import OTHERS, UNKNOWN, Timeline
from postflow.charts.trend_spec import Reference, Tint, TrendSpec
from postflow.charts.trend_weights import Weights
from postflow.numbers import clean, count, interval, short, ticks
from postflow.style import CHART_TEXT, Palette

LOWER = (0.0, 0.27)
MOST_NAME = 22
MOST_FLAGS = 5
MOST_TICKS = 12
USUAL_WIDTH = {"screen": 640, "present": 980}
"""Px of the plot area that axis labels are fitted to; a wider one only gives them more air."""


class Frame:
    """What surrounds the lines and bars of a trend."""

    def __init__(
        self, line: Timeline, spec: TrendSpec, tint: dict[str, Tint], mode: str, size: str, height: int
    ) -> None:
        self.line, self.spec, self.tint, self.mode, self.size = line, spec, tint, mode, size
        self.colour, self.text, self.large = Palette(mode), CHART_TEXT[size], size == "present"
        self.gaps, self.open = set(line.gaps), set(line.open)
        cuts = {sum(period.start < when for period in line.periods) for when in spec.cuts}
        self.fresh = cuts | self.open
        """Periods that no line is drawn into; the unfinished one, because a line down to it would look like a fall."""
        self.categories = line.categories()
        self.series = {category: line.values(category) for category in self.categories}
        self.weights = Weights(line, self.categories, tint, self.colour, self._name)
        self.shows_kg = spec.shows_kg and self.weights.most > 0
        self.upper = (0.43 if self.large else 0.40, 1.0) if self.shows_kg else (0.0, 1.0)
        peak = max((interval(v)[1] for values in self.series.values() for v in values if v is not None), default=1.0)
        self.top = max([peak, *(reference.value for reference in self._references_shown())]) * 1.04
        self.flags = [(x, flag) for flag in spec.flags[:MOST_FLAGS] if (x := self._at(flag.when)) is not None]
        self.height = height
        self.traces: list[go.Scatter | go.Bar] = []
        self.shapes: list[Spec] = []
        self.notes: list[Spec] = []
        self.ends: list[tuple[float, int, str, str]] = []

    # ---------- measures ----------

    def _margins(self, fig: go.Figure) -> None:
        marks = [*ticks(self.top, whole=True), *(ticks(self.weights.most, 2) if self.shows_kg else ())]
        self.left = max(62 if self.large else 50, parts.room(map(parts.tick, marks), self.text - 1, 120, 16))
        names = [f"{self._name(c)} {count(max((v or 0 for v in self.series[c]), default=0))}" for c in self.categories]
        right = parts.room(names or [""], self.text, 320 if self.large else 215, 22)
        above = 2 * self.text + 22 if self.flags else self.text + 14
        below = 2 * self.text + (self.text if self.open else 0)
        self.plot_px = max(80, self.height - above - below)
        fig.update_layout(margin={"l": self.left, "r": right, "t": above, "b": below})
        self.top = self._clear(self.top, ticks(self.top, whole=True)[-1], self.upper[1] - self.upper[0])
        if self.shows_kg:
            self.weights.most = self._clear(self.weights.most, ticks(self.weights.most, 2)[-1], LOWER[1])

    def _clear(self, top: float, mark: float, share: float) -> float:
        """The upper end of an axis, so that its last mark stays clear of the panel's label."""
        air = top * (self.text - 4) / (self.plot_px * share)
        return max(top, mark + air)

    def _name(self, category: str) -> str:
        known = self.spec.names.get(category) or {OTHERS: "others", UNKNOWN: "not stated"}.get(category, category)
        return clean(short(known, MOST_NAME))

    def _panels(self) -> list[tuple[str, float]]:
        return [("y", self.top), ("y2", self.weights.most)] if self.shows_kg else [("y", self.top)]

    def _hatched(self, first: int, last: int, axis: str, ceiling: float) -> None:
        a, b = first - 0.5, last + 0.5
        self.traces.append(
            go.Scatter(
                x=[a, b, b, a],
                y=[0, 0, ceiling, ceiling],
                yaxis=axis,
                fill="toself",
                mode="lines",
                fillpattern=hatch(self.colour, size=9) | {"solidity": 0.16},
                line={"width": 0},
                hoverinfo="skip",
            )
        )

    def _backdrop(self) -> None:
        for axis, _ in self._panels():
            for n in self._year_starts():
                where = {"x0": n - 0.5, "x1": n - 0.5, "y0": 0, "y1": 1, "yref": f"{axis} domain", "layer": "below"}
                self.shapes.append(stroke(self.colour["hair"], 1, **where))
        for first, last in runs(sorted(self.gaps)):
            for axis, ceiling in self._panels():
                self._hatched(first, last, axis, ceiling)
            if (last + 1 - first) / len(self.line) > 0.12:
                self._gap_words((first + last) / 2)
        for number in self.open if self.shows_kg else ():
            look = {"width": 1, "base": [0], "marker": hatched_bar(self.colour, 9), "hoverinfo": "skip"}
            self.traces.append(go.Bar(x=[number], y=[self.weights.most], yaxis="y2", **look))  # behind its kilograms
        if not len(self.line):
            where = {"xref": "paper", "yref": "paper", "x": 0.5, "y": 0.5, "align": "center"}
            self.notes.append(note("Nobody reported this scope", self.text, self.colour["ink2"], **where))

    def _gap_words(self, x: float) -> None:
        """In the upper panel where no reference is worded."""
        used = [reference.value / self.top for reference in self._references_shown()]
        y = max((0.82, 0.55, 0.28), key=lambda place: min((abs(place - u) for u in used), default=1) > 0.14)
        look = {"x": x, "align": "center", "bgcolor": self.colour["paper"], "borderpad": 4}
        words = (("<b>Not reported</b>", y), ("a gap, not a fall to zero", 0.5))
        for (text, at), (axis, _) in zip(words, self._panels(), strict=False):
            self.notes.append(note(text, self.text, self.colour["ink"], y=at, yref=f"{axis} domain", **look))

    def _references_shown(self) -> list[Reference]:
        starts = [period.start for period in self.line.periods]
        return [r for r in self.spec.references if any(r.start <= start <= r.end for start in starts)]

    # ---------- flags, titles, axes ----------

    def _at(self, when: pd.Timestamp) -> float | None:
        """Where a date stands among the periods, within its period by day; nothing where it falls outside."""
        starts = [period.start for period in self.line.periods]
        number = sum(start <= pd.Timestamp(when) for start in starts) - 1
        if number < 0:
            return None
        end = starts[number] + pd.DateOffset(months=max(1, self.line.periods[number].months))
        share = (pd.Timestamp(when) - starts[number]) / (end - starts[number])
        return number - 0.5 + share if share < 1 else None

    def _flag_signs(self) -> None:
        top = 1 + (self.text + 8) / self.plot_px
        step = (self.text + 8) / USUAL_WIDTH[self.size] * len(self.line)
        places = parts.spread([x for x, _ in self.flags], step, -0.5, len(self.line) - 0.5)
        for (x, flag), at in zip(self.flags, places, strict=True):
            ends = {"x0": x, "x1": x, "yref": "paper", "y0": 0, "y1": top}
            self.shapes.append(stroke(self.colour["ink2"], 1, "2px,3px", **ends))
            where = {"x": at, "y": 1.0, "yref": "paper", "yanchor": "bottom", "yshift": self.text + 8}
            box = {"bgcolor": self.colour["ink"], "borderpad": 3, "width": self.text - 4, "align": "center"}
            self.notes.append(note(f"<b>{flag.number}</b>", self.text - 3, self.colour["paper"], **where, **box))

    def _titles(self) -> None:
        titles = [(self.spec.count_label, self.upper[1]), (self.spec.weight_label, LOWER[1])]
        for label, y in titles[: len(self._panels())]:
            where = {"x": 0, "xref": "paper", "y": y, "yref": "paper", "xanchor": "left", "yanchor": "bottom"}
            shift = {"xshift": -self.left, "yshift": 4, "bgcolor": self.colour["paper"], "borderpad": 1}
            self.notes.append(note(f"<b>{clean(label)}</b>", self.text - 1, self.colour["ink"], **where, **shift))

    def _axes(self, fig: go.Figure) -> None:
        """The axis itself carries every period's words for the hover box; the ones that are read stand as notes."""
        last = len(self.line)
        fig.update_xaxes(
            range=[-0.55, max(0.55, last - 0.45)],
            anchor="y2" if self.shows_kg else "y",
            ticks="",
            showticklabels=False,
            tickvals=list(range(last)),
            ticktext=[clean(self.line.words(n)) for n in range(last)],
        )
        for x, words in self._tick_words():
            where = {"x": x, "y": 0, "yref": "paper", "yanchor": "top", "yshift": -5, "align": "center"}
            self.notes.append(note(words, self.text - 1, self.colour["ink2"], **where))
        line = {"x0": 0, "x1": 1, "xref": "paper", "y0": 0, "y1": 0, "yref": "y"}
        self.shapes.append(stroke(self.colour["ink2"], 1, **line))
        upper = parts.value_axis(ticks(self.top, whole=True), 0, self.top)
        fig.update_layout(yaxis={"domain": self.upper, **upper})
        if self.shows_kg:
            look = fig.layout.template.layout.yaxis.to_plotly_json()
            lower = parts.value_axis(ticks(self.weights.most, 2), 0, self.weights.most)
            fig.update_layout(yaxis2=look | {"domain": LOWER, "anchor": "x", **lower})

    def _year_starts(self) -> list[int]:
        """Where a new year begins, on axes of months and quarters."""
        years = [period.start.year for period in self.line.periods]
        parted = [n for n in range(1, len(years)) if years[n] != years[n - 1]]
        return parted if len(parted) < len(years) / 2 and len(parted) <= 2 * MOST_TICKS else []

    def _tick_words(self) -> list[tuple[float, str]]:
        """Years under the middle of their months; else as many labels as fit, the newest among them."""
        periods = self.line.periods
        if len(periods) > 14 and all(p.label.startswith(f"{p.start:%Y}-") for p in periods):
            years: dict[int, list[int]] = {}
            for n, period in enumerate(periods):
                years.setdefault(period.start.year, []).append(n)
            usual = max(len(at) for at in years.values())
            told = [(year, at) for year, at in years.items() if len(at) > usual / 4]
            shown = [told[len(told) - 1 - n] for n in reversed(parts.every(len(told), MOST_TICKS))]
            return [((at[0] + at[-1]) / 2, f"{y}{'<br>so far' if self.open & set(at) else ''}") for y, at in shown]
        labels = [short(label, 16) for label in self.line.labels]
        wide = parts.room(labels, self.text - 1, pad=12)
        step = -(-len(labels) // max(2, min(MOST_TICKS, USUAL_WIDTH[self.size] // wide)))
        shown = range(len(labels) - 1, -1, -step) if labels else ()
        return [(float(n), clean(labels[n]) + ("<br>so far" if n in self.open else "")) for n in reversed(shown)]
