"""A Sankey drawn from filled shapes: fixed order, hatched unknowns, ghost nodes, labels that dodge. go.Sankey can do none of these."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from postflow.numbers import clean, count, spell, weight
from postflow.template import figure
from postflow.style import CHART_TEXT, DESTINATION, Palette

BAR, GAP, GHOST, HAIR = 0.013, 0.035, 0.024, 0.004  # node width; space between nodes; height of an empty node and of the thinnest, in plot units


@dataclass(frozen=True)
class Node:
    key: str
    column: int
    label: str
    colour: str
    hatched: bool = False
    note: str = ""


@dataclass(frozen=True)
class Link:
    source: str
    target: str
    value: float
    colour: str
    hatched: bool = False


def sankey(nodes: list[Node], links: list[Link], heads: list[str], mode: str, size: str = "screen", height: int = 440, xs: list[float] | None = None, lead: str = "seizures") -> go.Figure:
    """Columns of nodes from left to right, in the order given. A node without links is drawn as a ghost: looked for, no row."""
    return _Sankey(nodes, links, heads, mode, size, height, xs, lead).draw()


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


def ribbon(x0: float, x1: float, y0: float, y1: float, thick: float, steps: int = 24) -> tuple[list[float], list[float]]:
    """Outline of a band that leaves at ``y0`` (its top) and arrives at ``y1``, easing at both ends."""
    ts = [i / steps for i in range(steps + 1)]
    xs = [x0 + (x1 - x0) * t for t in ts]
    upper = [y0 + (y1 - y0) * t * t * (3 - 2 * t) for t in ts]
    return xs + xs[::-1], upper + [y - thick for y in upper][::-1]


class _Sankey:
    def __init__(self, nodes: list[Node], links: list[Link], heads: list[str], mode: str, size: str, height: int, xs: list[float] | None, lead: str) -> None:
        self.lead = lead
        self.nodes, self.links, self.heads = nodes, links, heads
        self.colour, self.text, self.height = Palette(mode), CHART_TEXT[size], height
        self.columns = [[n for n in nodes if n.column == c] for c in range(max(n.column for n in nodes) + 1)]
        self.xs = xs or [c / (len(self.columns) - 1) for c in range(len(self.columns))]
        self.value = {n.key: max(sum(k.value for k in links if k.source == n.key), sum(k.value for k in links if k.target == n.key)) for n in nodes}
        self.place()
        self.fig = figure(mode, size, height, margin={"l": self.room(self.columns[0]), "r": self.room(self.columns[-1]), "t": 30, "b": 6})

    def draw(self) -> go.Figure:
        self.bands()
        for c, nodes in enumerate(self.columns):
            self.boxes(nodes)
            self.labels(c, nodes)
            first = c == 0
            self.fig.add_annotation(x=self.xs[c] + (BAR if first else 0), y=1, yanchor="bottom", yshift=8, xanchor="right" if first else "left", text=self.heads[c], font={"size": self.text - 2, "color": self.colour["ink3"]})
        self.fig.update_xaxes(visible=False, range=[0, 1 + BAR])
        self.fig.update_yaxes(visible=False, range=[-0.01, 1.01])
        return self.fig

    def amount(self, value: float) -> str:
        return weight(value) if self.lead == "quantity_kg" else f"{count(value)} seizures"

    def number(self, value: float) -> str:
        return weight(value) if self.lead == "quantity_kg" else count(value)

    def room(self, nodes: list[Node]) -> int:
        return round(max(len(n.label) + 7 for n in nodes) * self.text * 0.51) + 20

    def place(self) -> None:
        """One scale for all columns; the second column is centred, the others hang from the top."""
        full = max(sum(self.value[n.key] for n in nodes) for nodes in self.columns) or 1
        lost = max(GAP * (len(nodes) - 1) + GHOST * sum(not self.value[n.key] for n in nodes) for nodes in self.columns)
        self.scale = (1 - lost) / full
        self.tall = {n.key: max(self.value[n.key] * self.scale, HAIR) if self.value[n.key] else GHOST for n in self.nodes}
        self.top: dict[str, float] = {}
        for c, nodes in enumerate(self.columns):
            y = 1 - (1 - sum(self.tall[n.key] for n in nodes) - GAP * (len(nodes) - 1)) / 2 if c == 1 else 1.0
            for n in nodes:
                self.top[n.key] = y
                y -= self.tall[n.key] + GAP

    def hatch(self, name: str, alpha: float, size: int, solidity: float, ground: float) -> dict:
        return {"shape": "/", "fgcolor": self.colour.fade(name, alpha), "bgcolor": self.colour.fade(name, ground) if ground else self.colour["paper"], "size": size, "solidity": solidity}

    def bands(self) -> None:
        at = {n.key: n for n in self.nodes}
        out, into = dict.fromkeys(self.top, 0.0), dict.fromkeys(self.top, 0.0)
        for k in sorted(self.links, key=lambda k: (-self.top[k.target], -self.top[k.source])):
            a, b, thick = at[k.source], at[k.target], k.value * self.scale
            x, y = ribbon(self.xs[a.column] + BAR, self.xs[b.column], self.top[a.key] - out[a.key], self.top[b.key] - into[b.key], max(thick, 0.0025))
            out[a.key] += thick
            into[b.key] += thick
            fill = {"fillpattern": self.hatch(k.colour, 0.5, 10, 0.16, 0.08)} if k.hatched else {"fillcolor": self.colour.fade(k.colour, 0.42)}
            self.fig.add_trace(go.Scatter(x=x, y=y, fill="toself", mode="lines", line={"width": 0}, hoveron="fills", hoverinfo="text", text=f"<b>{a.label} → {b.label}</b><br>{self.amount(k.value)}", name="", **fill))

    def boxes(self, nodes: list[Node]) -> None:
        for n in nodes:
            x, top, low = self.xs[n.column], self.top[n.key], self.top[n.key] - self.tall[n.key]
            ghost = not self.value[n.key]
            look = {"line": {"width": 0}, "fillcolor": self.colour[n.colour]}
            if ghost or n.hatched:
                look = {"line": {"width": 1.2, "color": self.colour[n.colour], "dash": "2px,2px" if ghost else "solid"}, "fillpattern": self.hatch(n.colour, 1, 5, 0.35, 0)}
            self.fig.add_trace(go.Scatter(x=[x, x + BAR, x + BAR, x, x], y=[top, top, low, low, top], mode="lines", fill="toself", hoverinfo="skip", **look))

    def labels(self, c: int, nodes: list[Node]) -> None:
        left, between = c == 0, 0 < c < len(self.columns) - 1
        middle = [self.top[n.key] - self.tall[n.key] / 2 for n in nodes]
        need = [(self.text + 5) * (1 + bool(n.note)) / (self.height - 36) for n in nodes]
        edge, way = (self.xs[c], -1) if left else (self.xs[c] + BAR, 1)
        for n, mid, at in zip(nodes, middle, dodge(middle, need), strict=True):
            if abs(at - mid) > 0.012:  # a leader when the label had to move
                self.fig.add_shape(type="line", x0=2 * way, x1=10 * way, xsizemode="pixel", xanchor=edge, y0=mid, y1=at, line={"width": 1, "color": self.colour["ink3"]})
            number = f"<b>{self.number(self.value[n.key])}</b>"
            words = f"{n.label}  {number}" if left else f"{number}  {n.label}" + ("" if self.value[n.key] else ", no row")
            if n.note:
                words += f"<br><span style='color:{self.colour['ink2']};font-size:{self.text - 2}px'>{n.note}</span>"
            self.fig.add_annotation(x=edge, y=at, xshift=12 * way, xanchor="right" if left else "left", yanchor="middle", align="right" if left else "left", text=words, font={"size": self.text},
                                    bgcolor=self.colour.fade("paper", 0.78) if between else None, borderpad=1)  # fmt: skip


SIDES = {  # key → (words, colour, hatched)
    "import_inferred": ("Receiving side, inferred", "import", True),
    "import": ("Receiving side, stated", "import", False),
    "transit": ("In transit", "transit", False),
    "export": ("Sending side", "export", False),
    "domestic": ("Domestic", "domestic", False),
    "unknown": ("Not known", "unknown", True),
}
SENDERS_SHOWN, RECEIVERS_SHOWN = 5, 6


def interceptions(rows: pd.DataFrame, names: Mapping[str, str], lead: str, ghosts: Sequence[str], mode: str, size: str = "screen", height: int = 440) -> go.Figure:
    """Departure → who stopped it → destination as recorded → as read.

    Args:
        rows: ``charts/interceptions``: departure_country_code, interception_side, destination_basis,
            destination_recorded_code, destination_country_code, seizures, quantity_kg.
        names: code → label.
        lead: ``seizures`` or ``quantity_kg``: what the widths are.
        ghosts: destinations that no row reaches, drawn empty.
    """
    rows = rows.assign(value=rows[lead].fillna(0).astype(float))
    rows = rows[rows.value > 0]
    rows = rows.assign(
        left=_top(rows, "departure_country_code", SENDERS_SHOWN),
        side=rows.interception_side.where(~((rows.interception_side == "import") & (rows.destination_basis == "inferred")), "import_inferred"),
        recorded=_top(rows, "destination_recorded_code", RECEIVERS_SHOWN),
    )
    nodes, labels = [], dict(names) | {"": "Others"}
    for code in _order(rows, "left"):
        more = rows[rows.left == code].departure_country_code.nunique()
        nodes.append(Node(f"l:{code}", 0, clean(labels[code] if code else f"{spell(more).capitalize()} others"), "unknown" if code == "ZZ" else "ink2", hatched=code == "ZZ"))
    nodes += [Node(f"s:{side}", 1, SIDES[side][0], SIDES[side][1], hatched=SIDES[side][2]) for side in SIDES if side in set(rows.side)]
    for code in _order(rows, "recorded", first="ZZ"):
        nodes.append(Node(f"r:{code}", 2, clean("Elsewhere" if not code else labels[code]), "unknown" if code == "ZZ" else DESTINATION.get(code, "ink2"), hatched=code == "ZZ"))
    nodes += [Node(f"r:{code}", 2, clean(labels[code]), DESTINATION.get(code, "ink2")) for code in ghosts if f"r:{code}" not in {node.key for node in nodes}]
    links = _links(rows, "left", "l:", "side", "s:", by_target=True) + _links(rows, "side", "s:", "recorded", "r:", by_target=False)
    heads, xs = ["Departure", "Who stopped it", "Recorded as"], [0.0, 0.42, 0.84]
    inferred = rows[rows.destination_basis == "inferred"]
    if len(inferred):
        heads, xs = [*heads, "Read from the place as" if inferred.destination_country_code.nunique() > 1 else "Read as"], [0.0, 0.36, 0.76, 1.0]
        for code, value in inferred.groupby("destination_country_code").value.sum().sort_values(ascending=False).head(4).items():
            tint = DESTINATION.get(str(code), "ink2")
            note = "read from the<br>place of seizure" if inferred.destination_country_code.nunique() == 1 else ""
            nodes.append(Node(f"i:{code}", 3, clean(labels[str(code)]), tint, hatched=True, note=note))
            links.append(Link("r:ZZ", f"i:{code}", float(value), tint, hatched=True))
    if not nodes:
        return figure(mode, size, height)
    return sankey(nodes, links, heads, mode, size, height, xs, lead)


def _top(rows: pd.DataFrame, column: str, shown: int) -> pd.Series:
    """The largest codes by name, the rest as an empty code; what is not stated always keeps its name."""
    most = rows.groupby(column).value.sum().sort_values(ascending=False)
    kept = set(most.index) if len(most) <= shown + 1 else {*most.index[:shown], "ZZ", *(set(DESTINATION) & set(most.index))}
    return rows[column].where(rows[column].isin(kept), "")


def _order(rows: pd.DataFrame, column: str, first: str | None = None) -> list[str]:
    sizes = rows.groupby(column).value.sum().sort_values(ascending=False)
    codes = [str(code) for code in sizes.index]
    last = [code for code in ("", "ZZ") if code in codes and code != first]
    return [code for code in codes if code == first] + [code for code in codes if code not in last and code != first] + last


def _links(rows: pd.DataFrame, source: str, a: str, target: str, b: str, by_target: bool) -> list[Link]:
    found = []
    for (left, right), value in rows.groupby([source, target]).value.sum().items():
        side = right if by_target else left
        found.append(Link(f"{a}{left}", f"{b}{right}", float(value), SIDES[side][1], hatched=SIDES[side][2] and not (by_target and side == "import_inferred")))
    return found
