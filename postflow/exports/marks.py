"""Plotly's scatter and bar traces as SVG: lines, bands, markers, words, fills, hatches."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise

from postflow.exports import words
from postflow.exports.axes import Axis, Spec, values


@dataclass
class Defs:
    """Patterns and clips that the marks refer to."""

    parts: list[str] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)

    def add(self, make: str) -> str:
        """Store a definition whose id is written ``@ID``; the same one twice is stored once."""
        if make not in self.known:
            self.known[make] = f"d{len(self.known)}"
            self.parts.append(make.replace("@ID", self.known[make]))
        return f"url(#{self.known[make]})"


def at(value: object, number: int, default: object = None) -> object:
    """A setting that may be one value or one a point."""
    if isinstance(value, (list, tuple)):
        return value[number] if number < len(value) else default
    return default if value is None else value


def hatch(defs: Defs, pattern: Spec, colour: str) -> str:
    """A fill with plotly's ``/`` pattern."""
    size, solidity = float(pattern.get("size") or 8), float(pattern.get("solidity") or 0.3)  # type: ignore[arg-type]
    front, back = str(pattern.get("fgcolor") or colour), str(pattern.get("bgcolor") or "none")
    turn = {"\\": -45, "-": 90, "|": 0}.get(str(pattern.get("shape")), 45)
    return defs.add(
        f'<pattern id="@ID" width="{size:g}" height="{size:g}" patternUnits="userSpaceOnUse" patternTransform="rotate({turn})">'
        f'<rect width="{size:g}" height="{size:g}" fill="{escape(back)}"/>'
        f'<path d="M{size / 2:g},0V{size:g}" stroke="{escape(front)}" stroke-width="{max(0.6, size * solidity):.2f}"/></pattern>'
    )


def dashes(kind: object, width: float) -> str:
    """Plotly's dash as SVG's."""
    named = {"dot": (1, 1), "dash": (3, 3), "longdash": (5, 5), "dashdot": (3, 1, 1, 1)}
    if not kind or kind == "solid":
        return ""
    if kind in named:
        return f' stroke-dasharray="{",".join(f"{part * max(width, 1):g}" for part in named[str(kind)])}"'
    return f' stroke-dasharray="{escape(str(kind).replace("px", ""))}"'


def path(points: list[tuple[float, float] | None], closed: bool = False) -> str:
    """SVG path data; None breaks the line."""
    out, pen = [], "M"
    for point in points:
        if point is None or math.isnan(point[0]) or math.isnan(point[1]):
            pen = "M"
            continue
        out.append(f"{pen}{point[0]:.1f},{point[1]:.1f}")
        pen = "L"
    return "".join(out) + ("Z" if closed and out else "")


def scatter(trace: Spec, x: Axis, y: Axis, defs: Defs, font: Spec) -> str:
    """One scatter trace on its axes."""
    xs, ys = values(trace.get("x")), values(trace.get("y"))
    points = [None if a is None or b is None else (x.at(a), y.at(b)) for a, b in zip(xs, ys, strict=False)]
    return placed(trace, points, defs, font)


def placed(trace: Spec, points: list[tuple[float, float] | None], defs: Defs, font: Spec) -> str:
    """A trace whose points are already in pixels."""
    mode = str(trace.get("mode") or ("lines" if len(points) >= 20 else "lines+markers"))
    line = trace.get("line") or {}
    colour = str(line.get("color") or trace.get("_colour") or "#16202A")  # type: ignore[attr-defined]
    width = line.get("width")  # type: ignore[attr-defined]
    width = 2.0 if width is None else float(width)
    out = [_filled(trace, points, defs, colour)]
    if "lines" in mode and width > 0:
        out.append(
            f'<path d="{path(points)}" fill="none" stroke="{escape(colour)}" stroke-width="{width:g}" stroke-linejoin="round"{dashes(line.get("dash"), width)}/>'
        )  # type: ignore[attr-defined]
    if "markers" in mode:
        out.append(_dots(trace, points))
    if "text" in mode:
        out.append(_words(trace, points, font))
    return f'<g opacity="{trace.get("opacity", 1) or 1}">{"".join(out)}</g>'


def _filled(trace: Spec, points: list, defs: Defs, colour: str) -> str:
    if trace.get("fill") != "toself":
        return ""
    pattern = trace.get("fillpattern")
    fill = (
        hatch(defs, pattern, colour)
        if isinstance(pattern, dict) and pattern.get("shape")
        else str(trace.get("fillcolor") or colour)
    )
    return f'<path d="{path(points, closed=True)}" fill="{escape(fill)}"/>'


def _dots(trace: Spec, points: list) -> str:
    marker: Spec = trace.get("marker") or {}  # type: ignore[assignment]
    edge: Spec = marker.get("line") or {}  # type: ignore[assignment]
    out = []
    for number, point in enumerate(points):
        if point is None or math.isnan(point[0] + point[1]):
            continue
        size = float(at(marker.get("size"), number, 6))  # type: ignore[arg-type]
        fill = at(marker.get("color"), number, trace.get("_colour") or "#16202A")
        look = (
            f'fill="{escape(str(fill))}" stroke="{escape(str(at(edge.get("color"), number, "none")))}"'
            f' stroke-width="{at(edge.get("width"), number, 0)}" opacity="{marker.get("opacity", 1)}"'
        )
        out.append(f'<circle cx="{point[0]:.1f}" cy="{point[1]:.1f}" r="{size / 2:g}" {look}/>')
    return "".join(out)


def _words(trace: Spec, points: list, font: Spec) -> str:
    own: Spec = trace.get("textfont") or {}  # type: ignore[assignment]
    marker: Spec = trace.get("marker") or {}  # type: ignore[assignment]
    out = []
    for number, point in enumerate(points):
        text = at(trace.get("text"), number)
        if point is None or not text:
            continue
        size = float(at(own.get("size"), number, font["size"]))  # type: ignore[arg-type]
        block = words.parse(text, size, str(at(own.get("color"), number, font["color"])), own.get("weight"))
        where = str(at(trace.get("textposition"), number, "middle center"))
        gap = float(at(marker.get("size"), number, 6)) / 2 + 3 if "markers" in str(trace.get("mode")) else 0.0  # type: ignore[arg-type]
        vertical, across = where.split(" ") if " " in where else ("middle", where)
        top = {"top": point[1] - block.height - gap, "bottom": point[1] + gap}.get(
            vertical, point[1] - block.height / 2
        )
        anchor = {"left": "right", "right": "left"}.get(across, "center")  # left of the point = ends at it
        out.append(words.draw(block, point[0] + {"left": -gap, "right": gap}.get(across, 0), top, anchor, anchor))
    return "".join(out)


@dataclass
class Bars:
    """All bar traces of one panel: they share its slots and its stacks."""

    mode: str
    gap: float
    traces: list[Spec]
    x: Axis
    y: Axis

    def __post_init__(self) -> None:
        flat = bool(self.traces) and self.traces[0].get("orientation") == "h"
        self.flat = flat
        self.along, self.up = (self.y, self.x) if flat else (self.x, self.y)
        spots = sorted(
            {self.along.number(v) for t in self.traces for v in values(t.get("y" if flat else "x")) if v is not None}
        )
        steps = [b - a for a, b in pairwise(spots) if b > a]
        self.slot = min(steps, default=1.0) * (1 - self.gap)
        self.high: dict[float, float] = {}

    def draw(self, defs: Defs) -> str:
        """All bars, in the order of the traces."""
        return "".join(self._trace(trace, defs) for trace in self.traces)

    def _trace(self, trace: Spec, defs: Defs) -> str:
        spots, sizes = values(trace.get("y" if self.flat else "x")), values(trace.get("x" if self.flat else "y"))
        out = []
        for n, (spot, size) in enumerate(zip(spots, sizes, strict=False)):
            if spot is None or size is None:
                continue
            place, thick = self.along.number(spot), self.slot
            if (own := at(trace.get("width"), n)) is not None:
                thick = float(own)  # type: ignore[arg-type]
            base, top = self._stack(trace, n, self.along.number(spot), float(size))
            out.append(self._bar(trace, n, place, thick, base, top, defs))
        return f'<g opacity="{trace.get("opacity", 1) or 1}">{"".join(out)}</g>'

    def _stack(self, trace: Spec, n: int, place: float, size: float) -> tuple[float, float]:
        given = at(trace.get("base"), n)
        if given is not None or self.mode != "stack":
            base = float(given or 0)  # type: ignore[arg-type]
            return base, base + size
        base = self.high.get(place, 0.0)
        self.high[place] = base + size
        return base, base + size

    def _bar(self, trace: Spec, n: int, place: float, thick: float, base: float, top: float, defs: Defs) -> str:
        marker: Spec = trace.get("marker") or {}  # type: ignore[assignment]
        edge: Spec = marker.get("line") or {}  # type: ignore[assignment]
        colour = str(at(marker.get("color"), n, trace.get("_colour") or "#16202A"))
        pattern: Spec = {key: at(value, n) for key, value in (marker.get("pattern") or {}).items()}  # type: ignore[attr-defined]
        fill = hatch(defs, pattern, colour) if pattern.get("shape") else colour
        a, b = sorted((self.along.pixel(place - thick / 2), self.along.pixel(place + thick / 2)))
        c, d = sorted((self.up.at(base) if self.up.kind != "log" else self.up.start, self.up.at(top)))
        left, high, wide, tall = (c, a, d - c, b - a) if self.flat else (a, c, b - a, d - c)
        return (
            f'<rect x="{left:.1f}" y="{high:.1f}" width="{max(wide, 0):.1f}" height="{max(tall, 0):.1f}" fill="{escape(fill)}"'
            f' stroke="{escape(str(at(edge.get("color"), n, "none")))}" stroke-width="{at(edge.get("width"), n, 0)}"/>'
        )
