"""Time: lines with bands, gaps, shades, references and flags above, stacked kilograms below, one axis of periods."""

from __future__ import annotations

from itertools import pairwise

from postflow.drawing import Drawing, Level, Panel, Places, Series
from postflow.numbers import clean, count, short
from postflow.render.plotly import parts
from postflow.render.plotly.parts import Plot, Spec, bar, hatch, hatched_bar, note, plain_bar, scatter, stroke

LOWER = (0.0, 0.27)
MOST_NAME = 24
MOST_TICKS = 12
USUAL_WIDTH = {"screen": 640, "present": 980}
"""Px of the plot area that axis labels are fitted to; a wider one only gives them more air."""


def draw(drawing: Drawing, mode: str, size: str, height: int) -> Spec:
    """The picture as plotly draws it."""
    return _Time(drawing, Plot(mode, size, height, barmode="stack", bargap=0, hovermode="x unified")).figure()


class _Time:
    def __init__(self, drawing: Drawing, plot: Plot) -> None:
        self.plot, self.flags, self.panels = plot, drawing.flags, drawing.panels
        self.top = drawing.panels[0]
        self.places: Places = self.top.places
        self.text, self.colour, self.large = plot.text, plot.colour, plot.large
        self.upper = (0.43 if self.large else 0.40, 1.0) if len(self.panels) > 1 else (0.0, 1.0)
        self.span = self.top.axis.high - self.top.axis.low
        self.ends: list[tuple[float, int, str, str]] = []

    def figure(self) -> Spec:
        self._margins()
        self._backdrop()
        self._lines()
        for level in self.top.levels:
            self._level(level)
        self._end_labels()
        for panel in self.panels[1:]:
            self._weights(panel)
        self._flag_signs()
        self._titles()
        self._axes()
        return self.plot.figure()

    def _name(self, one: Series) -> str:
        return clean(short(one.name, MOST_NAME))

    def _margins(self) -> None:
        words = [word for panel in self.panels for word in panel.axis.words]
        self.left = max(62 if self.large else 50, parts.room(words, self.text - 1, 120, 16))
        named = [one for one in self.top.series if one.end]
        names = [
            f"{self._name(one)} {count(max((v or 0 for v in one.values), default=0)) if one.end == 'value' else ''}"
            for one in named
        ]
        right = parts.room(names or [""], self.text, 320 if self.large else 215, 22)
        above = 2 * self.text + 22 if self.flags else self.text + 14
        below = 2 * self.text + (self.text if self.top.opens else 0)
        self.plot_px = max(80, self.plot.height - above - below)
        self.plot.layout["margin"] = {"l": self.left, "r": right, "t": above, "b": below}

    # ---------- behind the lines ----------

    def _backdrop(self) -> None:
        axes = list(zip(("y", "y2"), self.panels, strict=False))
        for axis, _ in axes:
            for n in self._year_starts():
                where = {"x0": n - 0.5, "x1": n - 0.5, "y0": 0, "y1": 1, "yref": f"{axis} domain", "layer": "below"}
                self.plot.shapes.append(stroke(self.colour["hair"], 1, **where))
        for n, gap in enumerate(self.top.gaps):
            for axis, panel in axes:
                self._hatched(gap.first, gap.last, axis, panel)
            if (gap.last + 1 - gap.first) / len(self.places) > 0.12:
                self._gap_words((gap.first + gap.last) / 2, [panel.gaps[n].words for panel in self.panels])
        self._stubs()
        self._shades()
        if not len(self.places):
            where = {"xref": "paper", "yref": "paper", "x": 0.5, "y": 0.5, "align": "center"}
            self.plot.notes.append(note("Nobody reported this scope", self.text, self.colour["ink2"], **where))

    def _stubs(self) -> None:
        """An unfinished period, hatched over the whole height of the lower panel."""
        for panel in self.panels[1:]:
            for number in panel.opens:  # behind its kilograms
                look = {"width": 1, "base": [0], "marker": hatched_bar(self.colour, 9), "hoverinfo": "skip"}
                self.plot.data.append(bar(x=[number], y=[panel.axis.high], yaxis="y2", **look))

    def _hatched(self, first: int, last: int, axis: str, panel: Panel) -> None:
        a, b, low, high = first - 0.5, last + 0.5, panel.axis.low, panel.axis.high
        look = {"fillpattern": hatch(self.colour, size=9) | {"solidity": 0.16}, "line": {"width": 0}}
        shape = {"x": [a, b, b, a], "y": [low, low, high, high], "yaxis": axis, "fill": "toself", "mode": "lines"}
        self.plot.data.append(scatter(**shape, **look, hoverinfo="skip"))

    def _gap_words(self, x: float, words: list[str]) -> None:
        """In the upper panel where no reference is worded."""
        used = [(level.value - self.top.axis.low) / self.span for level in self.top.levels]
        y = max((0.82, 0.55, 0.28), key=lambda place: min((abs(place - u) for u in used), default=1) > 0.14)
        look = {"x": x, "align": "center", "bgcolor": self.colour["paper"], "borderpad": 4}
        for n, text in enumerate(words):
            said, at = (f"<b>{clean(text)}</b>", y) if not n else (clean(text), 0.5)
            yref = f"y{n + 1 if n else ''} domain"
            self.plot.notes.append(note(said, self.text, self.colour["ink"], y=at, yref=yref, **look))

    def _shades(self) -> None:
        for shade in self.top.shades:
            ends = {"x0": shade.first, "x1": shade.last, "yref": "paper", "y0": 0, "y1": 1}
            fill = self.colour.fade("import", 0.18 if shade.kind == "about" else 0.12)
            look = {"type": "rect", "fillcolor": fill, "line": {"width": 0}, "layer": "below"}
            self.plot.shapes.append(look | ends)
            if shade.words:
                where = {"y": 1, "yref": "paper", "yanchor": "top", "align": "center"}
                x = (shade.first + shade.last) / 2
                self.plot.notes.append(note(clean(shade.words), self.text - 2, self.colour["ink2"], x=x, **where))

    # ---------- lines ----------

    def _lines(self) -> None:
        """A band and a line for each unbroken run of reported periods."""
        for one in reversed(self.top.series):
            known = one.told()
            for first, last in parts.runs(known):
                starts = sorted({first, *(n for n in self.top.cuts if first < n <= last)})
                for a, b in pairwise([*starts, last + 1]):
                    self._run(one, list(range(a, b)))
            if known and one.end:
                self._end(one, known[-1])

    def _run(self, one: Series, xs: list[int]) -> None:
        self._interval(one, xs)
        name, ys = self._name(one), [one.values[n] for n in xs]
        shape = {"shape": "hvh"} if one.kind == "step" else {}
        line = {"color": self.colour[one.tint], "width": one.width * (1.4 if self.large else 1), "dash": one.dash}
        alone = "lines+markers" if one.end == "value" else "markers"
        self.plot.data.append(
            scatter(
                x=xs,
                y=ys,
                mode="lines" if len(xs) > 1 else alone,
                name=name,
                meta=one.key,
                customdata=[one.words[n] for n in xs],
                line=line | shape,
                marker={"size": 8, "color": self.colour[one.tint]},
                hovertemplate=f"<b>{name}</b> %{{customdata}}<extra></extra>",
            )
        )

    def _interval(self, one: Series, xs: list[int]) -> None:
        bounds = [(one.low[n], one.high[n]) for n in xs] if one.low else []
        if not bounds or any(low is None or high is None for low, high in bounds):
            return
        if len(xs) == 1:
            ends = {"x0": xs[0], "x1": xs[0], "y0": bounds[0][0], "y1": bounds[0][1], "layer": "below"}
            self.plot.shapes.append(stroke(self.colour.fade(one.tint, 0.25), 9 if self.large else 7, **ends))
        elif one.has_band:
            ys = [high for _, high in bounds] + [low for low, _ in reversed(bounds)]
            look = {"fill": "toself", "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
            fill = self.colour.fade(one.tint, 0.16)
            self.plot.data.append(scatter(x=[*xs, *reversed(xs)], y=ys, fillcolor=fill, **look))

    def _end(self, one: Series, place: int) -> None:
        """A solid dot: the newest counted value."""
        value = float(one.values[place] or 0)
        label = f"<b>{self._name(one)}</b>"
        if one.end == "value":
            edge = {"width": 1.5, "color": self.colour["paper"]}
            marker = {"size": 12 if self.large else 9, "color": self.colour[one.tint], "line": edge}
            dot = {"mode": "markers", "marker": marker, "hoverinfo": "skip", "cliponaxis": False}
            self.plot.data.append(scatter(x=[place], y=[value], **dot))
            label += f" {count(value)}"
        self.ends.append((value, place, label, self.colour[one.text or one.tint]))

    def _end_labels(self) -> None:
        """Names at the ends of the lines, pushed apart; a hairline leads to a name that had to move."""
        step = (self.text + 5) / (self.plot_px * (self.upper[1] - self.upper[0])) * self.span
        late = [end for end in self.ends if end[1] >= 0.8 * len(self.places)]
        low, high = self.top.axis.low, self.top.axis.high
        for group in (late, [end for end in self.ends if end not in late]):
            edge = len(self.places) - 1 if group is late else None
            spots = parts.spread([end[0] for end in group], step, low, high)
            for (value, place, label, tint), at in zip(group, spots, strict=True):
                x = place if edge is None else edge
                if abs(at - value) > step / 3 and x == place:
                    pixels = {"xsizemode": "pixel", "xanchor": x, "x0": 5, "x1": 10, "y0": value, "y1": at}
                    self.plot.shapes.append(stroke(self.colour["ink3"], 1, **pixels))
                where = {"x": x, "y": at, "xanchor": "left", "yanchor": "middle", "xshift": 11}
                back = {"bgcolor": self.colour.fade("paper", 0.85), "borderpad": 0}
                self.plot.notes.append(note(label, self.text, tint, **where, **back))

    def _level(self, level: Level) -> None:
        if level.first is None or level.last is None:
            ends = {"x0": 0, "x1": 1, "xref": "paper", "y0": level.value, "y1": level.value, "layer": "below"}
            self.plot.shapes.append(stroke(self.colour[level.text], 1.2, "5px,4px", **ends))
            if level.words:
                where = {"x": 0.005, "xref": "paper", "y": level.value, "xanchor": "left", "yanchor": "bottom"}
                self.plot.notes.append(note(clean(level.words), self.text - 2, self.colour["ink2"], **where))
            return
        a, b = level.first - 0.5, level.last + 0.5
        ends = {"x0": a, "x1": b, "y0": level.value, "y1": level.value}
        self.plot.shapes.append(stroke(self.colour[level.text], 1.2, "5px,4px", **ends))
        side = ("right", -8, a) if a / len(self.places) > 0.3 else ("left", 8, b)
        where = {"x": side[2], "y": level.value, "xanchor": side[0], "xshift": side[1], "yanchor": "middle"}
        back = {"bgcolor": self.colour.fade("paper", 0.85), "borderpad": 2}
        words = clean(short(level.words, 48))
        self.plot.notes.append(note(words, self.text - 2, self.colour[level.text], **where, **back))

    # ---------- kilograms ----------

    def _weights(self, panel: Panel) -> None:
        for one in panel.series:
            self._bars(one)
        for n, (low, high) in enumerate(zip(panel.totals_low, panel.totals_high, strict=True)):
            if low is not None:
                ends = {"x0": n, "x1": n, "y0": low, "y1": high, "yref": "y2"}
                self.plot.shapes.append(stroke(self.colour["ink"], 1.4, **ends))

    def _bars(self, one: Series) -> None:
        """What one record holds is hatched on top of the rest."""
        xs, tint, name = one.told(), self.colour[one.tint], self._name(one)
        heavy = [float(one.heavy[n] or 0) if one.heavy else 0.0 for n in xs]
        common = {"x": xs, "yaxis": "y2", "width": 0.8, "meta": one.key}
        hover = {"hovertemplate": f"{name} %{{customdata}}<extra></extra>", "customdata": [one.words[n] for n in xs]}
        light = [float(one.values[n] or 0) - top for n, top in zip(xs, heavy, strict=True)]
        self.plot.data.append(bar(y=light, marker=plain_bar(tint), name=f"{name}, kg", **hover, **common))
        if any(heavy):
            look = {"shape": "/", "fgcolor": tint, "bgcolor": self.colour["paper"], "size": 5, "solidity": 0.4}
            marker = {"color": tint, "line": {"width": 1, "color": tint}, "pattern": look | {"fillmode": "replace"}}
            self.plot.data.append(bar(y=heavy, marker=marker, hoverinfo="skip", **common))

    # ---------- flags, titles, axes ----------

    def _flag_signs(self) -> None:
        top = 1 + (self.text + 8) / self.plot_px
        step = (self.text + 8) / USUAL_WIDTH[self.plot.size] * len(self.places)
        places = parts.spread([flag.at for flag in self.flags], step, -0.5, len(self.places) - 0.5)
        for flag, at in zip(self.flags, places, strict=True):
            ends = {"x0": flag.at, "x1": flag.at, "yref": "paper", "y0": 0, "y1": top}
            self.plot.shapes.append(stroke(self.colour["ink2"], 1, "2px,3px", **ends))
            where = {"x": at, "y": 1.0, "yref": "paper", "yanchor": "bottom", "yshift": self.text + 8}
            box = {"bgcolor": self.colour["ink"], "borderpad": 3, "width": self.text - 4, "align": "center"}
            self.plot.notes.append(note(f"<b>{flag.number}</b>", self.text - 3, self.colour["paper"], **where, **box))

    def _titles(self) -> None:
        for panel, y in zip(self.panels, (self.upper[1], LOWER[1]), strict=False):
            where = {"x": 0, "xref": "paper", "y": y, "yref": "paper", "xanchor": "left", "yanchor": "bottom"}
            shift = {"xshift": -self.left, "yshift": 4, "bgcolor": self.colour["paper"], "borderpad": 1}
            self.plot.notes.append(
                note(f"<b>{clean(panel.label)}</b>", self.text - 1, self.colour["ink"], **where, **shift)
            )

    def _axes(self) -> None:
        """The axis itself carries every period's words for the hover box; the ones that are read stand as notes."""
        last, two = len(self.places), len(self.panels) > 1
        self.plot.layout["xaxis"] = {
            "range": [-0.55, max(0.55, last - 0.45)],
            "anchor": "y2" if two else "y",
            "ticks": "",
            "showticklabels": False,
            "tickvals": list(range(last)),
            "ticktext": [clean(words) for words in self.places.words],
        }
        for x, words in self._tick_words():
            where = {"x": x, "y": 0, "yref": "paper", "yanchor": "top", "yshift": -5, "align": "center"}
            self.plot.notes.append(note(words, self.text - 1, self.colour["ink2"], **where))
        low = self.top.axis.low
        line = {"x0": 0, "x1": 1, "xref": "paper", "y0": low, "y1": low, "yref": "y"}
        self.plot.shapes.append(stroke(self.colour["ink2"], 1, **line))
        self.plot.layout["yaxis"] = {"domain": self.upper, **parts.value_axis(self.top.axis)}
        if two:
            look = self.plot.template["layout"]["yaxis"]
            lower = parts.value_axis(self.panels[1].axis)
            self.plot.layout["yaxis2"] = look | {"domain": LOWER, "anchor": "x", **lower}

    def _year_starts(self) -> list[int]:
        """Where a new year begins, on axes of months and quarters."""
        years = [start.year for start in self.places.starts]
        parted = [n for n in range(1, len(years)) if years[n] != years[n - 1]]
        return parted if len(parted) < len(years) / 2 and len(parted) <= 2 * MOST_TICKS else []

    def _tick_words(self) -> list[tuple[float, str]]:
        """Years under the middle of their months; else as many labels as fit, the newest among them."""
        names, starts, opens = self.places.names, self.places.starts, set(self.top.opens)
        if len(names) > 14 and all(a.startswith(f"{b:%Y}-") for a, b in zip(names, starts, strict=True)):
            years: dict[int, list[int]] = {}
            for n, start in enumerate(starts):
                years.setdefault(start.year, []).append(n)
            usual = max(len(at) for at in years.values())
            told = [(year, at) for year, at in years.items() if len(at) > usual / 4]
            shown = [told[len(told) - 1 - n] for n in reversed(parts.every(len(told), MOST_TICKS))]
            return [((at[0] + at[-1]) / 2, f"{y}{'<br>so far' if opens & set(at) else ''}") for y, at in shown]
        labels = [short(label, 16) for label in names]
        wide = parts.room(labels, self.text - 1, pad=12)
        step = -(-len(labels) // max(2, min(MOST_TICKS, USUAL_WIDTH[self.plot.size] // wide)))
        shown = range(len(labels) - 1, -1, -step) if labels else ()
        return [(float(n), clean(labels[n]) + ("<br>so far" if n in opens else "")) for n in reversed(shown)]
