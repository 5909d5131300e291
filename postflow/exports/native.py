"""A picture read back as data for an editable chart: its panels, series and categories; None where only a picture will do.

What a slide program can draw itself (lines, columns, bars, stacks, dumbbells) becomes a chart that a colleague can edit;
maps, flows and matrices stay pictures.
"""

from __future__ import annotations

import math
import re
from datetime import date

import pandas as pd
import plotly.graph_objects as go

from postflow.exports.axes import Spec, is_date, merged, values
from postflow.exports.panels import Chart, Gap, Panel, Series

PICTURES = ("map", "sankey", "matrix", "picture")
MOST_PANELS = 6
MOST_POINTS = 6_000


def read(fig: go.Figure, hint: str = "") -> Chart | None:
    """The figure as editable panels.

    Args:
        fig: the picture.
        hint: what the figure says it is: line, bar, stacked, dumbbell, map, sankey, matrix; empty to tell by its traces.
    """
    raw = fig.to_plotly_json()
    traces: list[Spec] = [dict(t) for t in raw["data"]]
    if hint in PICTURES or not traces or any(t.get("type", "scatter") not in ("scatter", "bar") for t in traces):
        return None
    template = (raw["layout"].get("template") or {}).get("layout") or {}
    layout = merged(template, {k: v for k, v in raw["layout"].items() if k != "template"})
    pairs = list(dict.fromkeys((str(t.get("xaxis") or "x"), str(t.get("yaxis") or "y")) for t in traces))
    if len(pairs) > MOST_PANELS:
        return None
    panels, known = [], {_colour(t, k): _plain(t["name"]) for t in traces if t.get("name") for k in ("line", "bar")}
    for pair in pairs:
        mine = [t for t in traces if (str(t.get("xaxis") or "x"), str(t.get("yaxis") or "y")) == pair]
        panel = _Reader(mine, layout, template, pair, known).panel()
        if panel is None:
            return None
        panels.append(panel)
    return Chart(tuple(sorted(panels, key=lambda panel: (panel.box[1], panel.box[0]))))


def _plain(text: object) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^<>]+>", " ", str(text or ""))).strip()


def _is_hatch(trace: Spec) -> bool:
    """Backdrop: a hatched shape or column that says nobody reported, without hover words."""
    marker: Spec = trace.get("marker") or {}  # type: ignore[assignment]
    look = trace.get("fillpattern") or marker.get("pattern") or {}
    return bool(look.get("shape")) and trace.get("hoverinfo") == "skip" and not marker.get("color")  # type: ignore[attr-defined]


def _colour(trace: Spec, kind: str) -> str:
    look: Spec = (trace.get("line") if kind == "line" else trace.get("marker")) or {}  # type: ignore[assignment]
    colour = look.get("color")
    listed = values(colour)
    return str(listed[0]) if listed and listed[0] is not None else "#16202A"


class _Reader:
    def __init__(
        self, traces: list[Spec], layout: Spec, template: Spec, pair: tuple[str, str], known: dict[str, str]
    ) -> None:
        self.traces, self.layout, self.known = traces, layout, known
        self.names = pair
        self.x, self.y = (
            merged(template.get(f"{n[0]}axis") or {}, layout.get(f"{n[0]}axis{n[1:]}") or {}) for n in pair
        )  # type: ignore[arg-type]

    def _labels(self, axis: Spec) -> dict[int, str]:
        """What stands at positions 0, 1, 2 … where the chart counts places instead of naming them.

        ``layout.meta["categories"]`` says it in full; else the ticks, the bars' own words, or years over their months.
        """
        marks, texts = values(axis.get("tickvals")), [_plain(text) for text in values(axis.get("ticktext"))]
        if (
            not marks
            or len(marks) != len(texts)
            or not all(isinstance(m, (int, float)) for m in marks)
            or all(str(m) == t for m, t in zip(marks, texts, strict=True))
        ):
            return {}
        meta = self.layout.get("meta")
        if isinstance(meta, dict) and meta.get("categories"):
            return {n: _plain(text) for n, text in enumerate(meta["categories"])}
        found = {int(m): text for m, text in zip(marks, texts, strict=True) if float(m).is_integer()}
        for trace in self.traces:
            own = values(trace.get("customdata"))
            spots = values(trace.get("y" if trace.get("orientation") == "h" else "x"))
            if (
                trace.get("type") == "bar"
                and not _is_hatch(trace)
                and len(own) == len(spots)
                and all(isinstance(word, str) and re.fullmatch(r"(FY ?)?\d{4}(-Q?\d\d?)?", word) for word in own)
            ):
                found = {int(spot): word for spot, word in zip(spots, own, strict=True)} | found
        return self._calendar(marks, texts) or found

    def _calendar(self, marks: list, texts: list[str]) -> dict[int, str]:
        """Years by place, or months where each tick is a year in the middle of its months."""
        if not all(re.fullmatch(r"\d{4}", text) for text in texts):
            return {}
        if (
            len(marks) > 1
            and all(marks[n + 1] - marks[n] == int(texts[n + 1]) - int(texts[n]) for n in range(len(marks) - 1))
            and float(marks[0]).is_integer()
        ):
            return {n: str(int(texts[0]) + n - int(marks[0])) for n in range(int(marks[0]), int(marks[-1]) + 1)}
        for at in range(1, len(marks) - 1):
            years = int(texts[at + 1]) - int(texts[at - 1])
            start = marks[at] - 5.5
            if years == 2 and float(start).is_integer() and marks[at + 1] - marks[at - 1] > 12:
                first, last = (int(v) for v in (values(self.x.get("range")) or [0, marks[-1]]))
                months = [
                    (n, pd.Timestamp(int(texts[at]), 1, 1) + pd.DateOffset(months=int(n - start)))
                    for n in range(max(0, first), last + 1)
                ]
                return {n: f"{month:%Y-%m}" for n, month in months}
        return {}

    def panel(self) -> Panel | None:
        """The panel, or None where it is a picture."""
        shown = [t for t in self.traces if not _is_hatch(t)]
        fills = [t for t in shown if t.get("fill") == "toself" and t.get("hoverinfo") != "skip"]
        bars = [t for t in shown if t.get("type") == "bar"]
        lines = [
            t
            for t in shown
            if t.get("type", "scatter") == "scatter"
            and t.get("fill") in (None, "none")
            and "lines" in str(t.get("mode") or "lines")
        ]
        dots = [
            t
            for t in shown
            if t.get("type", "scatter") == "scatter" and "markers" in str(t.get("mode")) and t not in lines
        ]
        if (
            fills
            or any(t.get("base") is not None for t in bars)
            or sum(len(values(t.get("x"))) for t in shown) > MOST_POINTS
        ):
            return None
        if bars and not lines:
            return self._bars(bars)
        if lines:
            return self._lines(lines)
        return self._dumbbell(dots) if len(dots) == 2 else None

    # ---------- kinds ----------

    def _lines(self, traces: list[Spec]) -> Panel | None:
        found: dict[str, dict] = {}
        for trace in traces:
            slot = found.setdefault(_plain(trace.get("name")) or "Value", {"colour": _colour(trace, "line"), "at": {}})
            extra = values(trace.get("customdata"))
            for n, (x, y) in enumerate(zip(values(trace.get("x")), values(trace.get("y")), strict=False)):
                slot["at"][self._spot(x)] = (y, *_bounds(extra[n] if n < len(extra) else None))
        order = self._filled({spot for slot in found.values() for spot in slot["at"]}, axis=self.x)
        nothing = (None, None, None)
        series = tuple(
            Series(
                name,
                *(tuple(_number(slot["at"].get(spot, nothing)[k]) for spot in order) for k in (0,)),
                slot["colour"],
                tuple(_number(slot["at"].get(spot, nothing)[1]) for spot in order),
                tuple(_number(slot["at"].get(spot, nothing)[2]) for spot in order),
            )
            for name, slot in found.items()
        )
        return self._made("line", order, series) if order else None

    def _bars(self, traces: list[Spec]) -> Panel | None:
        flat = traces[0].get("orientation") == "h"
        along, up = ("y", "x") if flat else ("x", "y")
        found: dict[tuple[str, str], dict] = {}
        for n, trace in enumerate(traces):
            colour = _colour(trace, "bar")
            hatched = bool(((trace.get("marker") or {}).get("pattern") or {}).get("shape"))  # type: ignore[attr-defined]
            name = self._name(trace, colour, n) + (", hatched" if hatched else "")
            slot = found.setdefault((name, colour + "h" * hatched), {"colour": colour, "hatched": hatched, "at": {}})
            for spot, size in zip(values(trace.get(along)), values(trace.get(up)), strict=False):
                slot["at"][self._spot(spot)] = size
        order = self._filled(
            {spot for slot in found.values() for spot in slot["at"]},
            [self._spot(v) for t in traces for v in values(t.get(along))],
            self.y if flat else self.x,
        )
        series = tuple(
            Series(
                name, tuple(_number(slot["at"].get(spot)) for spot in order), slot["colour"], hatched=slot["hatched"]
            )
            for (name, _), slot in found.items()
        )
        stacked = self.layout.get("barmode") in ("stack", "relative") and len(series) > 1
        if self.layout.get("barmode") == "overlay" and len(series) > 1:
            series = series[-1:]  # the whole behind the part is a backdrop
        return self._made("bar" if flat else "column", order, series, stacked) if order else None

    def _dumbbell(self, traces: list[Spec]) -> Panel | None:
        spots, labels = values(traces[0].get("y")), self._labels(self.y)
        names = [labels.get(v, str(v)) for v in spots]
        heads = [
            _plain(a.get("text"))
            for a in self._notes()
            if spots and a.get("y") == spots[0] and a.get("xref", "x") != "paper"
        ]  # type: ignore[union-attr]
        tint = _colour(traces[1], "dot")
        series = tuple(
            Series(
                heads[n] if len(heads) == 2 else ("Before", "After")[n],
                tuple(_number(v) for v in values(t.get("x"))),
                tint,
                hollow=n == 0,
            )
            for n, t in enumerate(traces)
        )
        return self._made("dumbbell", names, series, is_log=self.x.get("type") == "log") if names else None

    # ---------- parts ----------

    def _made(
        self, kind: str, order: list, series: tuple[Series, ...], stacked: bool = False, is_log: bool = False
    ) -> Panel:
        value_axis = self.x if kind in ("bar", "dumbbell") else self.y
        span = values(value_axis.get("range"))
        dom_x, dom_y = values(self.x.get("domain")) or [0, 1], values(self.y.get("domain")) or [0, 1]
        marks = tuple(v for v in values(value_axis.get("tickvals")) if isinstance(v, (int, float)))
        labels = {} if kind == "dumbbell" else self._labels(self.y if kind == "bar" else self.x)
        shown = (
            [labels.get(spot, "") for spot in order]
            if labels and all(isinstance(spot, int) for spot in order)
            else order
        )
        if shown and all(re.fullmatch(r"\d{4}-\d{2}", str(word)) for word in shown):
            shown = [pd.Timestamp(f"{word}-01").date() for word in shown]
        years = all(re.search(r"\d{4}$", str(t)) for t in values(self.x.get("ticktext")))
        return Panel(
            kind,
            tuple(shown),
            series,
            self._title(),
            (dom_x[0], 1 - dom_y[1], dom_x[1], 1 - dom_y[0]),
            float(max(span))
            if len(span) == 2
            and not is_log
            and None not in span
            and kind != "dumbbell"
            and not isinstance(span[0], str)
            else None,
            marks,
            stacked,
            is_log,
            self._gaps(order),
            years,
        )

    def _name(self, trace: Spec, colour: str, number: int) -> str:
        """The trace's name, or the bold word of its hover text, or what the same colour is called elsewhere."""
        said = re.search(r"<b>([^<%]+)</b>|,\s*([^<%]+)<br>", str(trace.get("hovertemplate") or ""))
        return (
            _plain(trace.get("name"))
            or _plain(trace.get("meta") if isinstance(trace.get("meta"), str) else "")
            or (_plain(said[1] or said[2]) if said else "")
            or self.known.get(colour, "")
            or f"Series {number + 1}"
        )

    def _notes(self) -> list[Spec]:
        return list(self.layout.get("annotations") or ())  # type: ignore[call-overload]

    def _title(self) -> str:
        """The bold label over the panel, which stands at its upper edge."""
        top = (values(self.y.get("domain")) or [0, 1])[1]
        for note in self._notes():
            over = (
                note.get("yref") == "paper"
                and note.get("xref") == "paper"
                and abs(float(note.get("y") or 0) - top) < 0.02
            )  # type: ignore[arg-type]
            own = (
                note.get("xref") == self.names[0]
                and note.get("yref", "y") == self.names[1]
                and note.get("xanchor") == "left"
                and note.get("yanchor") == "bottom"
            )
            if (over or own) and str(note.get("text")).startswith("<b>") and len(_plain(note.get("text"))) > 2:
                return _plain(note.get("text"))
        return ""

    def _gaps(self, order: list) -> tuple[Gap, ...]:
        out = []
        for trace in self.traces:
            if not _is_hatch(trace) or trace.get("orientation") == "h" or trace.get("base") is not None:
                continue
            spots = [self._spot(v, whole=False) for v in values(trace.get("x"))]
            if not spots or not order:
                continue
            first, last = _position(order, min(spots)), _position(order, max(spots))
            if trace.get("type") == "bar":
                half = float((values(trace.get("width")) or [1])[0]) / 2
                first, last = first - half, last + half
            elif all(isinstance(spot, (int, float)) for spot in spots):
                pass  # places: the shape's own edges
            else:
                first, last = first - 0.5, last - 0.5
            out.append(Gap(first, last, self._words_in(min(spots), max(spots))))
        return tuple(gap for gap in out if gap.last > gap.first)

    def _words_in(self, first: object, last: object) -> str:
        for note in self._notes():
            yref = str(note.get("yref") or "y").split(" ")[0]
            if yref != self.names[1] or note.get("xref") == "paper":
                continue
            try:
                spot = self._spot(note.get("x"), whole=False)
                if first <= spot <= last and len(_plain(note.get("text"))) > 3:  # type: ignore[operator]
                    return _plain(note.get("text"))
            except (TypeError, ValueError):
                continue
        return ""

    def _spot(self, value: object, whole: bool = True) -> object:
        """A category: a date (its month's first day where ``whole``), a number or a word."""
        if is_date(value):
            stamp = pd.Timestamp(value)  # type: ignore[arg-type]
            return stamp.date().replace(day=1) if whole else stamp.date()
        return int(value) if isinstance(value, float) and value.is_integer() else value

    def _filled(self, spots: set, order: list | None = None, axis: Spec | None = None) -> list:
        """Categories in order, with the months or years between them, so that a gap keeps its width."""
        if spots and all(isinstance(s, date) for s in spots):
            span = [self._spot(v) for v in values(self.x.get("range")) if is_date(v)]
            last = (
                max(spots)
                if len(span) < 2
                else max(max(spots), (pd.Timestamp(span[1]) - pd.DateOffset(months=1)).date())
            )
            months = pd.date_range(min([*spots, *span[:1]]), last, freq="MS")
            yearly = {s.month for s in spots} == {min(spots).month} and len(spots) > 1
            return [m.date() for m in months if not yearly or m.month == min(spots).month]
        if spots and all(isinstance(s, int) for s in spots):
            span = [v for v in values((axis or {}).get("range")) if isinstance(v, (int, float))]
            if len(span) == 2 and self._labels(axis or {}):
                return list(range(math.ceil(min(span)), math.floor(max(span)) + 1))
            listed = [self._spot(v) for v in values(self.x.get("tickvals"))]
            whole = range(min(spots), max(spots) + 1)
            return list(whole) if len(whole) <= 60 else sorted(spots | {v for v in listed if isinstance(v, int)})
        return list(dict.fromkeys(order or [])) or sorted(spots, key=str)


def _position(order: list, spot: object) -> float:
    """Where a value stands among the categories, from 0; between two months by its day."""
    if isinstance(spot, date) and isinstance(order[0], date):
        step = max(1, round((order[1] - order[0]).days / 30.44)) if len(order) > 1 else 1
        return ((spot.year - order[0].year) * 12 + spot.month - order[0].month + (spot.day - 1) / 31) / step
    if isinstance(spot, (int, float)) and isinstance(order[0], int):
        return float(spot - order[0])
    return float(order.index(spot)) if spot in order else 0.0


def _bounds(told: object) -> tuple[object, object]:
    """Low and high end of an interval, from a pair or from words such as ``79 (63–98)``."""
    if isinstance(told, (list, tuple)) and len(told) >= 2:
        return told[0], told[1]
    match = re.search(r"\(([\d.,\s\u202f]+)–([\d.,\s\u202f]+)\)", str(told or ""))
    return tuple(float(re.sub(r"[,\s\u202f]", "", part)) for part in match.groups()) if match else (None, None)  # type: ignore[return-value]


def _number(value: object) -> float | None:
    if value is None:
        return None
    number = float(value)  # type: ignore[arg-type]
    return None if math.isnan(number) else number
