"""Plotly's axes, worked out without a browser: where a value stands in pixels, and which ticks are written."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

Spec = dict[str, object]


def merged(under: Spec, over: Spec) -> Spec:
    """One nested mapping over another."""
    out = dict(under)
    for key, value in over.items():
        below = out.get(key)
        out[key] = merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return out


def values(data: object) -> list:
    """A trace's array as a list, plotly's packed form included."""
    if data is None:
        return []
    if isinstance(data, dict) and "bdata" in data:
        return np.frombuffer(base64.b64decode(data["bdata"]), dtype=data["dtype"]).tolist()
    if isinstance(data, (str, bytes)) or not isinstance(data, Iterable):
        return [data]
    return [
        None if part is None or part is pd.NaT or (isinstance(part, float) and math.isnan(part)) else part
        for part in (data.tolist() if hasattr(data, "tolist") else list(data))
    ]


def is_date(value: object) -> bool:
    """Whether plotly would read a value as a date."""
    if isinstance(value, str):
        return len(value) >= 7 and value[:4].isdigit() and value[4] == "-" and value[5:7].isdigit()
    return hasattr(value, "year")


def milliseconds(value: object) -> float:
    """A date as plotly counts it."""
    stamp = pd.Timestamp(value)  # type: ignore[arg-type]
    return (stamp.tz_localize(None) if stamp.tz else stamp).timestamp() * 1000


def round_ticks(low: float, high: float, wanted: int) -> list[float]:
    """Round values within a span."""
    span = (high - low) or 1.0
    raw = span / max(1, wanted)
    power = 10 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [n * step for n in range(first, math.floor(high / step + 1e-9) + 1)]


@dataclass
class Axis:
    """One axis: ``at`` gives pixels."""

    spec: Spec
    kind: str
    """linear, log, date or category."""
    start: float
    """Pixel of the low end."""
    end: float
    low: float = 0.0
    high: float = 1.0
    names: list[str] = field(default_factory=list)

    def number(self, value: object) -> float:
        """A data value on the axis's own scale."""
        if self.kind == "category":
            text = str(value)
            return (
                float(self.names.index(text))
                if text in self.names
                else float(value)
                if isinstance(value, (int, float))
                else math.nan
            )
        if self.kind == "date":
            return float(value) if isinstance(value, (int, float)) else milliseconds(value)
        found = float(value)  # type: ignore[arg-type]
        return (math.log10(found) if found > 0 else math.nan) if self.kind == "log" else found

    def pixel(self, number: float) -> float:
        """Pixel of a number on the axis's own scale."""
        return self.start + (number - self.low) / ((self.high - self.low) or 1) * (self.end - self.start)

    def at(self, value: object) -> float:
        """Pixel of a data value."""
        return self.pixel(self.number(value))

    def ticks(self) -> list[tuple[float, str]]:
        """Pixel and words of each tick inside the range."""
        listed = values(self.spec.get("tickvals"))
        if self.spec.get("tickvals") is not None:
            text = values(self.spec.get("ticktext")) or [
                f"{value:,.10g}".replace(",", "\u202f" if value >= 10_000 else "")
                if isinstance(value, (int, float))
                else str(value)
                for value in listed
            ]
            found = [(self.number(value), str(words)) for value, words in zip(listed, text, strict=False)]
        else:
            found = self._own_ticks()
        low, high = sorted((self.low, self.high))
        slack = (high - low) * 1e-6
        return [(self.pixel(number), words) for number, words in found if low - slack <= number <= high + slack]

    def _own_ticks(self) -> list[tuple[float, str]]:
        low, high = sorted((self.low, self.high))
        length = abs(self.end - self.start)
        if self.kind == "category":
            step = max(1, math.ceil(len(self.names) * 16 / max(length, 1)))
            return [(float(n), name) for n, name in enumerate(self.names) if n % step == 0]
        if self.kind == "date":
            return _date_ticks(low, high, max(2, int(length / 90)))
        if self.kind == "log":
            powers = range(math.floor(low), math.ceil(high) + 1)
            return [
                (math.log10(f * 10.0**p), f"{f * 10.0**p:,.10g}".replace(",", "\u202f")) for p in powers for f in (1, 3)
            ]
        marks = round_ticks(low, high, max(2, int(length / 70)))
        return [
            (value, f"{value:,.10g}".replace(",", "\u202f") if abs(value) >= 10_000 else f"{value:.10g}")
            for value in marks
        ]


def _date_ticks(low: float, high: float, wanted: int) -> list[tuple[float, str]]:
    first, last = (pd.Timestamp(edge, unit="ms") for edge in (low, high))
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next((n for n in (1, 3, 6, 12, 24, 60, 120, 240) if months / n <= wanted), 480)
    found = pd.date_range(first.normalize().replace(day=1), last, freq="MS")
    kept = [stamp for stamp in found if ((stamp.year * 12 + stamp.month - 1) % step) == 0]
    return [(milliseconds(stamp), f"{stamp:%Y}" if step >= 12 else f"{stamp:%b %Y}") for stamp in kept]


def build(letter: str, spec: Spec, used: list, span: tuple[float, float], has_bars: bool) -> Axis:
    """An axis from its settings and the values that stand on it.

    Args:
        letter: x or y.
        spec: the axis's settings, template included.
        used: every value of its traces, bars' bases and tops included.
        span: pixels of the low and the high end.
        has_bars: zero belongs to the range, half a bar stands at the ends.
    """
    known = [value for value in used if value is not None]
    kind = str(spec.get("type") or "")
    if kind not in ("linear", "log", "date", "category"):
        text = [value for value in known if isinstance(value, str)]
        kind = "date" if known and all(is_date(value) for value in known) else "category" if text else "linear"
    axis = Axis(spec, kind, *span)
    if kind == "category":
        axis.names = list(
            dict.fromkeys([*(str(v) for v in values(spec.get("categoryarray"))), *(str(value) for value in known)])
        )
    axis.low, axis.high = _range(axis, known, has_bars)
    return axis


def _range(axis: Axis, known: list, has_bars: bool) -> tuple[float, float]:
    given = values(axis.spec.get("range"))
    if len(given) == 2 and None not in given:
        return tuple(float(e) if isinstance(e, (int, float)) or axis.kind == "log" else axis.number(e) for e in given)  # type: ignore[return-value]
    if axis.kind == "category":
        low, high = -0.5, len(axis.names) - 0.5
    else:
        numbers = [number for number in (axis.number(value) for value in known) if not math.isnan(number)] or [0.0, 1.0]
        low, high = min(numbers), max(numbers)
        pad = ((high - low) or abs(high) or 1.0) * 0.055
        from_zero = axis.kind == "linear" and (has_bars or axis.spec.get("rangemode") == "tozero") and low >= 0
        low, high = (0.0 if from_zero else low - pad), high + pad
    return (high, low) if str(axis.spec.get("autorange")) == "reversed" else (low, high)
