"""A plotly figure as SVG without a browser: the trace kinds and layout that Postflow's charts use.

Bars, lines, bands, markers, words, hatches, shapes, annotations, several panels, world maps. Heatmaps, surfaces and
plotly's own Sankey are not drawn; Postflow has none.
"""

from __future__ import annotations

from html import escape

from postflow.errors import ExportError
from postflow.exports import axes, geo, marks, words
from postflow.exports.axes import Axis, Spec, merged, values

DRAWN = ("scatter", "scattergl", "bar", "scattergeo")


def render(fig: Spec, width: int, height: int | None = None) -> str:
    """The figure as a stand-alone SVG.

    Raises:
        ExportError: it has a kind of trace that this cannot draw.
    """
    scene = _Scene(fig, width, height)
    short = scene.missing_left()
    return (_Scene(fig, width, height, short) if short > 0 else scene).svg()


class _Scene:
    def __init__(self, fig: Spec, width: int, height: int | None, more_left: float = 0.0) -> None:
        raw = fig
        template = (raw["layout"].get("template") or {}).get("layout") or {}
        self.base: Spec = template
        self.layout: Spec = merged(template, {k: v for k, v in raw["layout"].items() if k != "template"})
        self.traces: list[Spec] = [dict(trace) for trace in raw["data"] if trace.get("visible", True) is True]
        if strange := {str(t.get("type", "scatter")) for t in self.traces} - set(DRAWN):
            raise ExportError(
                f"Without a browser no {', '.join(sorted(strange))} can be drawn.",
                next_step="Install Chrome or Chromium.",
            )
        self.width, self.height = width, int(height or self.layout.get("height") or 450)  # type: ignore[call-overload]
        margin = {"l": 80, "r": 80, "t": 100, "b": 80} | (self.layout.get("margin") or {})  # type: ignore[operator]
        self.x0, self.y0 = float(margin["l"]) + more_left, float(margin["t"])
        self.w, self.h = max(1.0, width - self.x0 - margin["r"]), max(1.0, self.height - self.y0 - margin["b"])
        self.font: Spec = {"size": 12, "color": "#16202A"} | (self.layout.get("font") or {})  # type: ignore[operator]
        self.defs = marks.Defs()
        colours = values(self.layout.get("colorway")) or ["#16202A"]
        for n, trace in enumerate(self.traces):
            trace["_colour"] = colours[n % len(colours)]
        self.axes: dict[str, Axis] = {}
        for trace in self.traces:
            if trace.get("type") != "scattergeo":
                for letter in "xy":
                    self.axis(str(trace.get(f"{letter}axis") or letter))

    # ---------- axes ----------

    def axis(self, name: str) -> Axis:
        """The axis ``x``, ``y2`` and so on, built at first use."""
        if name not in self.axes:
            letter = name[0]
            key = f"{letter}axis{name[1:]}"
            spec = merged(self.base.get(f"{letter}axis") or {}, self.layout.get(key) or {})  # type: ignore[arg-type]
            domain = values(spec.get("domain")) or [0, 1]
            span = (
                (self.x0 + domain[0] * self.w, self.x0 + domain[1] * self.w)
                if letter == "x"
                else (self.y0 + (1 - domain[0]) * self.h, self.y0 + (1 - domain[1]) * self.h)
            )
            self.axes[name] = axes.build(spec, span)
        return self.axes[name]

    def missing_left(self) -> float:
        """Pixels that the widest name beside the leftmost panel lacks."""
        room = [
            words.parse(text, *self.tick_font(axis)).width
            + float(axis.spec.get("ticklabelstandoff") or 0)
            + 7
            - self.x0  # type: ignore[arg-type]
            for name, axis in self.axes.items()
            if name[0] == "y" and axis.spec.get("visible") is not False and axis.spec.get("showticklabels") is not False
            for _, text in axis.ticks()
        ]
        return min(max(room, default=0.0), self.width * 0.25)

    # ---------- drawing ----------

    def svg(self) -> str:
        ground = self.layout.get("paper_bgcolor") or "#FFFFFF"
        below, above = self.shapes("below"), self.shapes("above")
        body = [*self.panels(), below, self.maps(), self.data(), above, self.ticks(), self.notes()]
        head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}">'
        ground_box = f'<rect width="{self.width}" height="{self.height}" fill="{escape(str(ground))}"/>'
        return f"{head}<defs>{''.join(self.defs.parts)}</defs>{ground_box}{''.join(body)}</svg>"

    def pairs(self) -> list[tuple[str, str]]:
        return list(
            dict.fromkeys(
                (str(t.get("xaxis") or "x"), str(t.get("yaxis") or "y"))
                for t in self.traces
                if t.get("type") != "scattergeo"
            )
        )

    def panels(self) -> list[str]:
        """Grid lines under everything."""
        out = []
        for x_name, y_name in self.pairs():
            x, y = self.axis(x_name), self.axis(y_name)
            for axis, flat in ((x, False), (y, True)):
                if axis.spec.get("visible") is False or axis.spec.get("showgrid") is False:
                    continue
                for at, _ in axis.ticks():
                    line = f"M{x.start:.1f},{at:.1f}H{x.end:.1f}" if flat else f"M{at:.1f},{y.start:.1f}V{y.end:.1f}"
                    out.append(
                        f'<path d="{line}" stroke="{escape(str(axis.spec.get("gridcolor") or "#E9E5DC"))}" stroke-width="{axis.spec.get("gridwidth") or 1}"/>'
                    )
        return out

    def data(self) -> str:
        out = []
        for x_name, y_name in self.pairs():
            x, y = self.axis(x_name), self.axis(y_name)
            mine = [
                t
                for t in self.traces
                if (str(t.get("xaxis") or "x"), str(t.get("yaxis") or "y")) == (x_name, y_name)
                and t.get("type") != "scattergeo"
            ]
            bars = [t for t in mine if t.get("type") == "bar"]
            gap = self.layout.get("bargap")
            parts = (
                [
                    marks.Bars(
                        str(self.layout.get("barmode") or "group"), 0.2 if gap is None else float(gap), bars, x, y
                    ).draw(self.defs)
                ]
                if bars
                else []
            )  # type: ignore[arg-type]
            parts += [
                marks.scatter(t, x, y, self.defs, self.font)
                for t in mine
                if t.get("type") != "bar" and t.get("cliponaxis") is not False
            ]
            left, top = min(x.start, x.end), min(y.start, y.end)
            clip = self.defs.add(
                f'<clipPath id="@ID"><rect x="{left - 8:.1f}" y="{top - 8:.1f}" width="{abs(x.end - x.start) + 16:.1f}" height="{abs(y.end - y.start) + 9:.1f}"/></clipPath>'
            )
            out.append(f'<g clip-path="{clip}">{"".join(parts)}</g>')
            out += [
                marks.scatter(t, x, y, self.defs, self.font)
                for t in mine
                if t.get("type") != "bar" and t.get("cliponaxis") is False
            ]
        return "".join(out)

    def maps(self) -> str:
        traces = [t for t in self.traces if t.get("type") == "scattergeo"]
        if not traces:
            return ""
        spec = merged(self.base.get("geo") or {}, self.layout.get("geo") or {})  # type: ignore[arg-type]
        world = geo.Map(spec, (self.x0, self.y0, self.w, self.h))
        clip = self.defs.add(
            f'<clipPath id="@ID"><rect x="{self.x0:.1f}" y="{self.y0:.1f}" width="{self.w:.1f}" height="{self.h:.1f}"/></clipPath>'
        )
        return (
            f'<g clip-path="{clip}">{world.land()}{"".join(world.trace(t, self.defs, self.font) for t in traces)}</g>'
        )

    def ticks(self) -> str:
        out = []
        for x_name, y_name in self.pairs():
            x, y = self.axis(x_name), self.axis(y_name)
            anchor = self.axis(str(x.spec["anchor"])) if str(x.spec.get("anchor") or "").startswith("y") else y
            out += [self.x_ticks(x, anchor), self.y_ticks(y, x)]
        return "".join(dict.fromkeys(out))

    def x_ticks(self, x: Axis, y: Axis) -> str:
        if x.spec.get("visible") is False:
            return ""
        top = x.spec.get("side") == "top"
        edge = min(y.start, y.end) if top else max(y.start, y.end)
        out = (
            [
                f'<path d="M{x.start:.1f},{edge:.1f}H{x.end:.1f}" stroke="{escape(str(x.spec.get("linecolor") or "#505C68"))}"/>'
            ]
            if x.spec.get("showline")
            else []
        )
        if x.spec.get("showticklabels") is False:
            return "".join(out)
        size, colour = self.tick_font(x)
        last = -1e9
        for at, text in x.ticks():
            block = words.parse(text, size, colour)
            if at - block.width / 2 < last and x.spec.get("tickvals") is None:
                continue
            last = at + block.width / 2 + 4
            away = float(x.spec.get("ticklabelstandoff") or 0) + (4 if x.spec.get("ticks") == "outside" else 2)  # type: ignore[arg-type]
            out.append(words.draw(block, at, edge - block.height - away if top else edge + away, "center", "center"))
        return "".join(out)

    def y_ticks(self, y: Axis, x: Axis) -> str:
        if y.spec.get("visible") is False or y.spec.get("showticklabels") is False:
            return ""
        size, colour = self.tick_font(y)
        away = float(y.spec.get("ticklabelstandoff") or 0) + 3  # type: ignore[arg-type]
        blocks = [(at, words.parse(text, size, colour)) for at, text in y.ticks()]
        edge = min(x.start, x.end) - away
        return "".join(words.draw(block, edge, at - block.height / 2, "right", "right") for at, block in blocks)

    def tick_font(self, axis: Axis) -> tuple[float, str]:
        own: Spec = axis.spec.get("tickfont") or {}  # type: ignore[assignment]
        return float(own.get("size") or self.font["size"]), str(own.get("color") or self.font["color"])  # type: ignore[arg-type]

    # ---------- shapes and annotations ----------

    def place(self, ref: str, value: object, letter: str, words_on_log: bool = False) -> float:
        """Pixel of a coordinate in ``paper``, ``y2 domain`` or an axis's own values."""
        if ref == "paper":
            return self.x0 + float(value) * self.w if letter == "x" else self.y0 + (1 - float(value)) * self.h  # type: ignore[arg-type]
        axis = self.axis(ref.split(" ")[0])
        if ref.endswith("domain"):
            return axis.start + float(value) * (axis.end - axis.start)  # type: ignore[arg-type]
        if axis.kind == "log" and words_on_log:
            return axis.pixel(float(value))  # type: ignore[arg-type]
        return axis.at(value)

    def shapes(self, layer: str) -> str:
        return "".join(
            self.shape(s)
            for s in self.layout.get("shapes") or ()
            if (s.get("layer") or "above").replace("between", "below") == layer
        )  # type: ignore[attr-defined]

    def shape(self, s: Spec) -> str:
        spots = {}
        for letter in "xy":
            ref = str(s.get(f"{letter}ref") or letter)
            pixel = s.get(f"{letter}sizemode") == "pixel"
            zero = self.place(ref, s.get(f"{letter}anchor"), letter) if pixel else 0.0
            for end in "01":
                value = s.get(letter + end)
                spots[letter + end] = (
                    zero + float(value) * (1 if letter == "x" else -1) if pixel else self.place(ref, value, letter)
                )  # type: ignore[arg-type]
        line: Spec = s.get("line") or {}  # type: ignore[assignment]
        width = 2.0 if line.get("width") is None else float(line["width"])  # type: ignore[arg-type]
        look = f'stroke="{escape(str(line.get("color") or "#16202A"))}" stroke-width="{width:g}" opacity="{s.get("opacity", 1)}"{marks.dashes(line.get("dash"), width)}'
        x0, x1, y0, y1 = spots["x0"], spots["x1"], spots["y0"], spots["y1"]
        if s.get("type") == "line":
            return f'<path d="M{x0:.1f},{y0:.1f}L{x1:.1f},{y1:.1f}" fill="none" {look}/>'
        box = f'x="{min(x0, x1):.1f}" y="{min(y0, y1):.1f}" width="{abs(x1 - x0):.1f}" height="{abs(y1 - y0):.1f}"'
        return f'<rect {box} fill="{escape(str(s.get("fillcolor") or "none"))}" {look if width else ""}/>'

    def notes(self) -> str:
        base = self.base.get("annotationdefaults") or {}
        return "".join(
            self.note(merged(base, note)) for note in self.layout.get("annotations") or () if note.get("visible", True)
        )  # type: ignore[arg-type, attr-defined]

    def note(self, a: Spec) -> str:
        font: Spec = self.font | (a.get("font") or {})  # type: ignore[operator]
        block = words.parse(a.get("text"), float(font["size"]), str(font["color"]), font.get("weight"))  # type: ignore[arg-type]
        pad = float(a.get("borderpad") or 0) + 1  # type: ignore[arg-type]
        wide, tall = max(block.width, float(a.get("width") or 0)) + 2 * pad, block.height + 2 * pad  # type: ignore[arg-type]
        x = self.place(str(a.get("xref") or "x"), a.get("x"), "x", True) + float(a.get("xshift") or 0)  # type: ignore[arg-type]
        y = self.place(str(a.get("yref") or "y"), a.get("y"), "y", True) - float(a.get("yshift") or 0)  # type: ignore[arg-type]
        left = x - wide * self.anchor(a, "x", {"left": 0.0, "center": 0.5, "right": 1.0})
        top = y - tall * self.anchor(a, "y", {"top": 0.0, "middle": 0.5, "bottom": 1.0})
        back = (
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{tall:.1f}" fill="{escape(str(a["bgcolor"]))}"/>'
            if a.get("bgcolor")
            else ""
        )
        align = str(a.get("align") or "center")
        spot = {"left": left + pad, "center": left + wide / 2, "right": left + wide - pad}[align]
        turn = (
            f' transform="rotate({a["textangle"]} {left + wide / 2:.1f} {top + tall / 2:.1f})"'
            if a.get("textangle")
            else ""
        )
        return f'<g opacity="{a.get("opacity", 1)}"{turn}>{back}{words.draw(block, spot, top + pad, align, align)}</g>'

    def anchor(self, a: Spec, letter: str, shares: dict[str, float]) -> float:
        given = str(a.get(f"{letter}anchor") or "auto")
        if given in shares:
            return shares[given]
        if a.get(f"{letter}ref") != "paper" or a.get("showarrow"):
            return 0.5
        at = float(a.get(letter) or 0)  # type: ignore[arg-type]
        third = 0.0 if at < 1 / 3 else 1.0 if at > 2 / 3 else 0.5
        return third if letter == "x" else 1 - third
