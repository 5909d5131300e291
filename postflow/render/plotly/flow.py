"""A Sankey drawn from filled shapes: fixed order, hatched unknowns, ghost nodes, labels that dodge.

``go.Sankey`` can do none of these.
"""

from __future__ import annotations

from postflow.drawing import Drawing, Flow, Node
from postflow.numbers import clean, count, plural, weight
from postflow.render.plotly import parts
from postflow.render.plotly.parts import Plot, Spec, note, scatter, stroke

BAR = 0.013
"""Width of a node, in plot units like all of these."""
GAP = 0.035
GHOST = 0.024
"""Height of a node without links."""
HAIR = 0.004
"""Height of the thinnest node."""
THIN = 0.0025
"""Height of the thinnest link."""
MOST_AIR = 0.5
"""Share of the height that the spaces between nodes may take."""


def draw(drawing: Drawing, mode: str, size: str, height: int) -> Spec:
    """Columns of nodes from left to right, in the order given; a node without links is a ghost: looked for, no row."""
    assert drawing.flow is not None
    return _Ribbons(drawing.flow, Plot(mode, size, height)).figure()


def dodge(wanted: list[float], need: list[float]) -> list[float]:
    """Push label centres apart, downwards from the top, then back up if they ran out of the frame."""
    at = list(wanted)
    for i in range(1, len(at)):
        at[i] = min(at[i], at[i - 1] - (need[i - 1] + need[i]) / 2)
    if at and at[-1] - need[-1] / 2 < 0:
        at[-1] = need[-1] / 2
        for i in range(len(at) - 2, -1, -1):
            at[i] = max(at[i], at[i + 1] + (need[i] + need[i + 1]) / 2)
    return at


def ribbon(
    x0: float, x1: float, y0: float, y1: float, thick: float, steps: int = 24
) -> tuple[list[float], list[float]]:
    """Outline of a band that leaves at ``y0`` (its top) and arrives at ``y1``, easing at both ends."""
    ts = [i / steps for i in range(steps + 1)]
    xs = [x0 + (x1 - x0) * t for t in ts]
    upper = [y0 + (y1 - y0) * t * t * (3 - 2 * t) for t in ts]
    return xs + xs[::-1], upper + [y - thick for y in upper][::-1]


class _Ribbons:
    def __init__(self, flow: Flow, plot: Plot) -> None:
        nodes, self.links, self.heads, self.lead = flow.nodes, flow.links, flow.heads, flow.lead
        self.nodes, self.plot = nodes, plot
        self.colour, self.text, self.height = plot.colour, plot.text, plot.height
        self.columns = [
            [n for n in nodes if n.column == c] for c in range(max((n.column for n in nodes), default=0) + 1)
        ]
        spots = flow.spots_large if plot.large else flow.spots
        self.xs = list(spots) or [c / max(1, len(self.columns) - 1) for c in range(len(self.columns))]
        out = {n.key: sum(k.value for k in self.links if k.source == n.key) for n in nodes}
        into = {n.key: sum(k.value for k in self.links if k.target == n.key) for n in nodes}
        self.value = {key: max(out[key], into[key]) for key in out}
        self._place()
        margin = {"l": self._room(self.columns[0]), "r": self._room(self.columns[-1]), "t": 30, "b": 6}
        plot.layout["margin"] = margin

    def figure(self) -> Spec:
        self._bands()
        for c, nodes in enumerate(self.columns):
            for n in nodes:
                self._box(n)
            self._labels(c, nodes)
            left = c == 0
            where = {"x": self.xs[c] + (BAR if left else 0), "y": 1, "yanchor": "bottom", "yshift": 8}
            anchor = {"xanchor": "right" if left else "left"}
            self.plot.notes.append(note(self.heads[c], self.text - 2, self.colour["ink3"], **where, **anchor))
        self.plot.layout["xaxis"] = {"visible": False, "range": [0, 1 + BAR]}
        self.plot.layout["yaxis"] = {"visible": False, "range": [-0.01, 1.01]}
        return self.plot.figure()

    def _number(self, value: float) -> str:
        return weight(value) if self.lead == "quantity_kg" else count(value)

    def _amount(self, value: float) -> str:
        return self._number(value) + ("" if self.lead == "quantity_kg" else f" seizure{plural(value)}")

    def _room(self, nodes: list[Node]) -> int:
        names = (f"{n.label} {self._number(self.value[n.key])}{'' if self.value[n.key] else ', no row'}" for n in nodes)
        return parts.room(names, self.text, 330, 24)

    def _place(self) -> None:
        """One scale for all columns; the second column is centred, the others hang from the top."""
        full = max((sum(self.value[n.key] for n in nodes) for nodes in self.columns), default=0) or 1
        most = max((len(nodes) for nodes in self.columns), default=1)
        self.gap = min(GAP, MOST_AIR / max(1, most - 1))
        self.scale = self._fitting(full)
        self.tall = {n.key: max(self.value[n.key] * self.scale, self._least(n)) for n in self.nodes}
        self.top: dict[str, float] = {}
        for c, nodes in enumerate(self.columns):
            y = 1 - (1 - self._used(nodes, self.scale)) / 2 if c == 1 else 1.0
            for n in nodes:
                self.top[n.key] = y
                y -= self.tall[n.key] + self.gap

    def _least(self, n: Node) -> float:
        return HAIR if self.value[n.key] else GHOST

    def _used(self, nodes: list[Node], scale: float) -> float:
        """Height of a column at this scale."""
        return self.gap * (len(nodes) - 1) + sum(max(self.value[n.key] * scale, self._least(n)) for n in nodes)

    def _fitting(self, full: float) -> float:
        """The largest scale at which every column fits; thin nodes are drawn taller than their value."""
        low, high = 0.02 / full, 1 / full
        for _ in range(40):
            middle = (low + high) / 2
            fits = max((self._used(nodes, middle) for nodes in self.columns), default=0.0) <= 1
            low, high = (middle, high) if fits else (low, middle)
        return low

    def _hatch(self, name: str, alpha: float, px: int, solidity: float, ground: float) -> Spec:
        back = self.colour.fade(name, ground) if ground else self.colour["paper"]
        front = self.colour.fade(name, alpha)
        return {"shape": "/", "fgcolor": front, "bgcolor": back, "size": px, "solidity": solidity}

    def _bands(self) -> None:
        at = {n.key: n for n in self.nodes}
        out, into = dict.fromkeys(self.top, 0.0), dict.fromkeys(self.top, 0.0)
        for k in sorted(self.links, key=lambda k: (-self.top[k.target], -self.top[k.source])):
            a, b, thick = at[k.source], at[k.target], k.value * self.scale
            ends = (self.xs[a.column] + BAR, self.xs[b.column])
            x, y = ribbon(*ends, self.top[a.key] - out[a.key], self.top[b.key] - into[b.key], max(thick, THIN))
            out[a.key] += thick
            into[b.key] += thick
            fill = {"fillcolor": self.colour.fade(k.colour, 0.42)}
            if k.hatched:
                fill = {"fillpattern": self._hatch(k.colour, 0.5, 10, 0.16, 0.08)}
            words = f"<b>{clean(a.label)} → {clean(b.label)}</b><br>{self._amount(k.value)}"
            hover = {"hoveron": "fills", "hoverinfo": "text", "text": words, "name": "", "meta": [k.source, k.target]}
            look = {"fill": "toself", "mode": "lines", "line": {"width": 0}} | hover | fill
            self.plot.data.append(scatter(x=x, y=y, **look))

    def _box(self, n: Node) -> None:
        x, top, low = self.xs[n.column], self.top[n.key], self.top[n.key] - self.tall[n.key]
        ghost = not self.value[n.key]
        edge = {"width": 1.0, "color": self.colour["ink3"]} if n.colour == "domestic" else {"width": 0}
        look: Spec = {"line": edge, "fillcolor": self.colour[n.colour]}
        if ghost or n.hatched:
            edge = {"width": 1.2, "color": self.colour[n.colour], "dash": "2px,2px" if ghost else "solid"}
            look = {"line": edge, "fillpattern": self._hatch(n.colour, 1, 5, 0.35, 0)}
        xs, ys = [x, x + BAR, x + BAR, x, x], [top, top, low, low, top]
        self.plot.data.append(scatter(x=xs, y=ys, mode="lines", fill="toself", hoverinfo="skip", **look))

    def _labels(self, c: int, nodes: list[Node]) -> None:
        left, between = c == 0, 0 < c < len(self.columns) - 1
        middle = [self.top[n.key] - self.tall[n.key] / 2 for n in nodes]
        need = [(self.text + 5) * (1 + 2 * bool(n.note)) / (self.height - 36) for n in nodes]
        edge, way = (self.xs[c], -1) if left else (self.xs[c] + BAR, 1)
        for n, mid, at in zip(nodes, middle, dodge(middle, need), strict=True):
            if abs(at - mid) > 0.012:  # a leader when the label had to move
                ends = {"x0": 2 * way, "x1": 10 * way, "xsizemode": "pixel", "xanchor": edge, "y0": mid, "y1": at}
                self.plot.shapes.append(stroke(self.colour["ink3"], 1, **ends))
            side = "right" if left else "left"
            where = {"x": edge, "y": at, "xshift": 12 * way, "xanchor": side, "yanchor": "middle", "align": side}
            back = {"bgcolor": self.colour.fade("paper", 0.78)} if between else {}
            self.plot.notes.append(
                note(self._words(n, left), self.text, self.colour["ink"], **where, **back, borderpad=1)
            )

    def _words(self, n: Node, left: bool) -> str:
        number = f"<b>{self._number(self.value[n.key]) if self.value[n.key] else '0'}</b>"
        label = clean(n.label)
        words = f"{label}  {number}" if left else f"{number}  {label}{'' if self.value[n.key] else ', no row'}"
        small = f"color:{self.colour['ink2']};font-size:{max(12, self.text - 2)}px"
        return words + (f"<br><span style='{small}'>{_two_lines(n.note)}</span>" if n.note else "")


def _two_lines(words: str) -> str:
    """Words on two lines of about the same length."""
    cut = words.rfind(" ", 0, len(words) // 2 + 1)
    return clean(words) if cut < 0 else f"{clean(words[:cut])}<br>{clean(words[cut + 1 :])}"
