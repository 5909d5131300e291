"""Draws a trend: lines with their bands, references, names at the ends, and the kilograms below."""

from __future__ import annotations

import plotly.graph_objects as go

from postflow.charts import parts
from postflow.charts.parts import note, runs, stroke
from postflow.charts.timeline import OTHERS
from postflow.charts.trend_frame import Frame
from postflow.numbers import clean, count, interval, short
from postflow.template import figure

MOST_BANDS = 4


class Drawing(Frame):
    """One trend on its way to a figure."""

    def draw(self) -> go.Figure:
        """The figure."""
        fig = figure(self.mode, self.size, self.height, barmode="stack", bargap=0, hovermode="x unified")
        self._margins(fig)
        self._backdrop()
        self._lines()
        self._reference_lines()
        self._end_labels()
        if self.shows_kg:
            traces, shapes = self.weights.draw()
            self.traces += traces
            self.shapes += shapes
        self._flag_signs()
        self._titles()
        self._axes(fig)
        fig.add_traces(self.traces)
        fig.update_layout(shapes=self.shapes, annotations=self.notes, meta={"categories": self.line.labels})
        return fig

    def _lines(self) -> None:
        """A band and a line for each unbroken run of reported periods."""
        for category in reversed(self.categories):
            values = self.series[category]
            known = [n for n, value in enumerate(values) if value is not None]
            for first, last in runs(known):
                starts = sorted({first, *(n for n in self.fresh if first < n <= last)})
                for a, b in zip(starts, [*starts[1:], last + 1], strict=True):
                    self._run(category, list(range(a, b)), [float(values[n] or 0) for n in range(a, b)])
            if known:
                self._end(category, known[-1], float(values[known[-1]] or 0))

    def _run(self, category: str, xs: list[int], ys: list[float]) -> None:
        tint, bounds = self.tint[category], [interval(y) for y in ys]
        self._interval(category, xs, bounds)
        name = self._name(category)
        self.traces.append(
            go.Scatter(
                x=xs,
                y=ys,
                mode="lines" if len(xs) > 1 else "lines+markers",
                name=name,
                meta=category,
                customdata=[f"{count(y)} ({count(a)}–{count(b)})" for y, (a, b) in zip(ys, bounds, strict=True)],
                line={"color": tint.line, "width": tint.width * (1.4 if self.large else 1)},
                marker={"size": 8, "color": tint.line},
                hovertemplate=f"<b>{name}</b> %{{customdata}}<extra></extra>",
            )
        )

    def _interval(self, category: str, xs: list[int], bounds: list[tuple[float, float]]) -> None:
        if category == OTHERS:
            return
        pale = self._pale(category)
        if len(xs) == 1:
            ends = {"x0": xs[0], "x1": xs[0], "y0": bounds[0][0], "y1": bounds[0][1], "layer": "below"}
            self.shapes.append(stroke(pale, 9 if self.large else 7, **ends))
        elif len(self.categories) <= MOST_BANDS:
            ys = [high for _, high in bounds] + [low for low, _ in reversed(bounds)]
            look = {"fill": "toself", "fillcolor": pale, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
            self.traces.append(go.Scatter(x=[*xs, *reversed(xs)], y=ys, **look))

    def _pale(self, category: str) -> str:
        code = self.tint[category].line.lstrip("#")
        red, green, blue = (int(code[i : i + 2], 16) for i in (0, 2, 4))
        return f"rgba({red},{green},{blue},0.16)"

    def _end(self, category: str, place: int, value: float) -> None:
        """A solid dot: the newest counted value."""
        tint, edge = self.tint[category], {"width": 1.5, "color": self.colour["paper"]}
        marker = {"size": 12 if self.large else 9, "color": tint.line, "line": edge}
        dot = go.Scatter(x=[place], y=[value], mode="markers", marker=marker, hoverinfo="skip", cliponaxis=False)
        self.traces.append(dot)
        self.ends.append((value, place, f"<b>{self._name(category)}</b> {count(value)}", tint.text))

    def _end_labels(self) -> None:
        """Names at the ends of the lines, pushed apart; a hairline leads to a name that had to move."""
        step = (self.text + 5) / (self.plot_px * (self.upper[1] - self.upper[0])) * self.top
        late = [end for end in self.ends if end[1] >= 0.8 * len(self.line)]
        for group in (late, [end for end in self.ends if end not in late]):
            edge = len(self.line) - 1 if group is late else None
            for (value, place, label, tint), at in zip(
                group, parts.spread([end[0] for end in group], step, 0, self.top), strict=True
            ):
                x = place if edge is None else edge
                if abs(at - value) > step / 3 and x == place:
                    pixels = {"xsizemode": "pixel", "xanchor": x, "x0": 5, "x1": 10, "y0": value, "y1": at}
                    self.shapes.append(stroke(self.colour["ink3"], 1, **pixels))
                where = {"x": x, "y": at, "xanchor": "left", "yanchor": "middle", "xshift": 11}
                back = {"bgcolor": self.colour.fade("paper", 0.85), "borderpad": 0}
                self.notes.append(note(label, self.text, tint, **where, **back))

    def _reference_lines(self) -> None:
        for reference in self._references_shown():
            inside = [n for n, p in enumerate(self.line.periods) if reference.start <= p.start <= reference.end]
            tint = self.tint[reference.category].text if reference.category in self.tint else self.colour["ink3"]
            a, b = inside[0] - 0.5, inside[-1] + 0.5
            ends = {"x0": a, "x1": b, "y0": reference.value, "y1": reference.value}
            self.shapes.append(stroke(tint, 1.2, "5px,4px", **ends))
            left = a / len(self.line) > 0.3
            side = ("right", -8, a) if left else ("left", 8, b)
            where = {"x": side[2], "y": reference.value, "xanchor": side[0], "xshift": side[1], "yanchor": "middle"}
            back = {"bgcolor": self.colour.fade("paper", 0.85), "borderpad": 2}
            self.notes.append(note(clean(short(reference.words, 48)), self.text - 2, tint, **where, **back))
