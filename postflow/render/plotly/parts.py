"""What several charts share: hatches, runs, shades, axes of places, labels that neither collide nor overflow."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from postflow.drawing import Axis
from postflow.numbers import clean, short
from postflow.style import CHART_TEXT, Palette
from postflow.template import plain

Spec = dict[str, Any]


class Plot:
    """A plotly figure on its way to a plain dict: traces, shapes and notes are gathered, then written once."""

    def __init__(self, mode: str, size: str, height: int, **layout: object) -> None:
        self.colour, self.text, self.large = Palette(mode), CHART_TEXT[size], size == "present"
        self.mode, self.size, self.height = mode, size, height
        self.data: list[Spec] = []
        self.shapes: list[Spec] = []
        self.notes: list[Spec] = []
        self.template = plain(mode, size)
        self.layout: Spec = {"template": self.template, "height": height, **layout}

    def figure(self) -> Spec:
        """The finished figure."""
        return {"data": self.data, "layout": {**self.layout, "shapes": self.shapes, "annotations": self.notes}}


def scatter(**settings: object) -> Spec:
    """A scatter trace."""
    return {"type": "scatter", **settings}


def bar(**settings: object) -> Spec:
    """A bar trace."""
    return {"type": "bar", **settings}


LETTER = 0.56
"""Mean width of a letter of Plex Sans, in em; digits and bold letters are a little wider."""


def hatch(colour: Palette, name: str = "void", size: int = 8) -> Spec:
    """The pattern of what nobody told us."""
    look = {"shape": "/", "fgcolor": colour[name], "bgcolor": colour["paper"], "size": size}
    return look | {"solidity": 0.18, "fillmode": "replace"}


def hatched_bar(colour: Palette, size: int = 8) -> Spec:
    """The marker of a bar that stands for what nobody told us."""
    return {"pattern": hatch(colour, size=size), "line": {"width": 0}}


def plain_bar(colour: object) -> Spec:
    """The marker of a bar without an outline."""
    return {"color": colour, "line": {"width": 0}}


def runs(places: Iterable[int]) -> list[tuple[int, int]]:
    """First and last of each run of neighbouring places, which come in order."""
    found: list[tuple[int, int]] = []
    for place in places:
        if found and place == found[-1][1] + 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found


def width(text: str, px: float) -> float:
    """About how wide a text is drawn, in px."""
    return len(text) * px * LETTER


def room(texts: Iterable[object], px: float, most: float = 1e9, pad: int = 14) -> int:
    """Margin for the widest of some labels, in px."""
    return round(min(max((width(str(text), px) for text in texts), default=0.0), most)) + pad


def spread(wanted: Sequence[float], step: float, low: float, high: float) -> list[float]:
    """Label places in the order given, none nearer than ``step`` to the next and all within the frame if they fit.

    They are pushed upwards first; what runs out at the top is pushed back down, and may end below ``low``.
    """
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    at = list(wanted)
    floor = low - step
    for n in order:
        at[n] = floor = max(at[n], floor + step)
    ceiling = max(high, low) + step
    for n in reversed(order):
        at[n] = ceiling = min(at[n], ceiling - step)
    return at


def note(text: str, px: float, tint: str, /, **where: object) -> Spec:
    """An annotation; the text is already escaped."""
    return {"text": text, "font": {"size": max(12, px), "color": tint}} | where


def stroke(tint: str, thick: float, dash: str = "solid", /, **where: object) -> Spec:
    """A straight line as a layout shape."""
    return {"type": "line", "line": {"color": tint, "width": thick, "dash": dash}} | where


def every(number: int, most: int) -> range:
    """Which of so many places carry a label."""
    return range(0, number, max(1, -(-number // max(1, most))))


def names_down(names: Sequence[object], colour: Palette, px: float, most: int = 34) -> Spec:
    """An axis of row names at the left of places 0, 1, 2 … from the top."""
    words = [clean(short(name, most)) for name in names]
    return {
        "range": [max(len(words), 1) - 0.5, -0.5],
        "tickvals": list(range(len(words))),
        "ticktext": words,
        "showgrid": False,
        "ticks": "",
        "tickfont": {"color": colour["ink"], "size": px},
    }


def value_axis(axis: Axis) -> Spec:
    """An axis of amounts as the drawing has it; a log one in powers of ten, as plotly counts."""
    span = [math.log10(end) for end in (axis.low, axis.high)] if axis.is_log else [axis.low, axis.high]
    kind = {"type": "log"} if axis.is_log else {}
    return {"tickvals": axis.marks, "ticktext": axis.words, "range": span, **kind}


def at_right(text: str, px: float, tint: str, /, **where: object) -> Spec:
    """Words at the right edge of a line."""
    return note(text, px, tint, x=1, xref="paper", xanchor="left", xshift=10, **where)
