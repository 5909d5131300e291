"""Plotly's axes, worked out without a browser: where a value stands in pixels. Drawings resolve range and ticks themselves."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

Spec = dict[str, object]


def merged(under: Spec, over: Spec) -> Spec:
    """One nested mapping over another."""
    out = dict(under)
    for key, value in over.items():
        below = out.get(key)
        out[key] = merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return out


def values(data: object) -> list:
    """A setting or a trace's array as a list."""
    if data is None:
        return []
    return list(data) if isinstance(data, Iterable) and not isinstance(data, (str, bytes)) else [data]


@dataclass(frozen=True)
class Axis:
    """One axis with the range that its drawing gave it: ``at`` gives pixels."""

    spec: Spec
    kind: str
    """linear or log."""
    start: float
    """Pixel of the low end."""
    end: float
    low: float
    high: float
    """Ends of the range; powers of ten where the axis is a log one."""

    def number(self, value: float) -> float:
        """A data value on the axis's own scale."""
        if self.kind != "log":
            return float(value)
        return math.log10(value) if value > 0 else math.nan

    def pixel(self, number: float) -> float:
        """Pixel of a number on the axis's own scale."""
        return self.start + (number - self.low) / ((self.high - self.low) or 1) * (self.end - self.start)

    def at(self, value: float) -> float:
        """Pixel of a data value."""
        return self.pixel(self.number(value))

    def ticks(self) -> list[tuple[float, str]]:
        """Pixel and words of each tick inside the range."""
        pairs = zip(values(self.spec.get("tickvals")), values(self.spec.get("ticktext")), strict=True)
        found = [(self.number(value), str(words)) for value, words in pairs]
        low, high = sorted((self.low, self.high))
        slack = (high - low) * 1e-6
        return [(self.pixel(number), words) for number, words in found if low - slack <= number <= high + slack]


def build(spec: Spec, span: tuple[float, float]) -> Axis:
    """An axis from its settings, template included, and the pixels of its low and high end."""
    low, high = (float(end) for end in values(spec.get("range")) or (0.0, 1.0))
    return Axis(spec, "log" if spec.get("type") == "log" else "linear", *span, low, high)
