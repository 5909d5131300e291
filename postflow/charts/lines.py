"""Lines over time with their intervals: cut at gaps and breaks, steps where a level is meant, spans, flags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from postflow.charts.trend import at_date, runs
from postflow.drawing import Axis, Drawing, Flag, Gap, Level, Panel, Places, Series, Shade, Values
from postflow.errors import NothingToDraw
from postflow.numbers import tick, ticks
from postflow.style import DESTINATION, DRUG

HUED = (*DRUG.values(), *DESTINATION.values())


@dataclass(frozen=True)
class Line:
    """One series; a NaN is a gap and is never bridged."""

    name: str
    values: pd.Series
    """Start of the period → value."""
    tint: str = "ink"
    low: pd.Series | None = None
    high: pd.Series | None = None
    is_step: bool = False
    dash: str = "solid"
    width: float = 2.2
    is_named: bool = True
    """Its name stands at its end."""


@dataclass(frozen=True)
class Span:
    """Months that are read apart: ``open`` (reports still to come), ``about`` (where a change may lie)."""

    first: pd.Timestamp
    last: pd.Timestamp
    kind: str = "open"
    words: str = ""


@dataclass(frozen=True)
class Look:
    """How the lines are to be read."""

    label: str
    """Over the panel: what is measured, in which unit."""
    level: float | None = None
    """A dashed line of reference."""
    level_words: str = ""
    bottom: float = 0.0
    top: float | None = None
    spans: tuple[Span, ...] = ()
    flags: tuple[tuple[int, pd.Timestamp], ...] = ()
    """(number, date) of the events that are drawn."""
    cuts: tuple[pd.Timestamp, ...] = ()
    """First periods of new series: no line crosses into them."""
    marks: Sequence[float] = field(default_factory=tuple)


def lines(items: Sequence[Line], look: Look) -> Drawing:
    """The lines on one time axis that holds the periods of all of them.

    Raises:
        NothingToDraw: no line has a period.
    """
    index = pd.DatetimeIndex(sorted({at for item in items for at in item.values.index}))
    if not len(index):
        raise NothingToDraw("No period is in this scope.")
    places = _places(index)
    number = {at: n for n, at in enumerate(index)}
    silent = [n for at, n in number.items() if all(pd.isna(item.values.get(at, np.nan)) for item in items)]
    panel = Panel(
        look.label,
        places,
        _axis(items, look),
        tuple(_series(item, index) for item in items),
        gaps=tuple(Gap(first, last) for first, last in runs(silent)),
        cuts=tuple(number[at] for at in look.cuts if at in number),
        shades=tuple(
            Shade(_held(index, span.first) - 0.5, _held(index, span.last) + 0.5, span.kind, span.words)
            for span in look.spans
        ),
        levels=() if look.level is None else (Level(look.level, look.level_words),),
    )
    placed = [(flag, at_date(places, when)) for flag, when in look.flags]
    return Drawing("time", (panel,), tuple(Flag(flag, at) for flag, at in placed if at is not None))


def _places(index: pd.DatetimeIndex) -> Places:
    """Months by name, or years where all periods are whole years."""
    yearly = len(index) > 1 and len({at.month for at in index}) == 1
    names = tuple(f"{at:%Y}" if yearly and index[0].month == 1 else f"{at:%Y-%m}" for at in index)
    words = tuple(f"{at:%Y}" if yearly and index[0].month == 1 else f"{at:%B %Y}" for at in index)
    return Places(names, words, tuple(at.date() for at in index), (12 if yearly else 1,) * len(index))


def _axis(items: Sequence[Line], look: Look) -> Axis:
    every = [part.to_numpy(dtype=float) for item in items for part in (item.values, item.high) if part is not None]
    peak = float(np.nanmax(np.concatenate([*every, [look.level or 0.0, 1e-9]])))
    top = look.top if look.top is not None else peak * 1.08
    return Axis(look.bottom, top, tuple((mark, tick(mark)) for mark in look.marks or ticks(top, whole=False)))


def _series(item: Line, index: pd.DatetimeIndex) -> Series:
    values = _values(item.values, index)
    words = tuple("" if value is None else tick(float(f"{value:.3g}")) for value in values)
    return Series(
        item.name,
        "step" if item.is_step else "line",
        item.tint,
        values,
        () if item.low is None else _values(item.low, index),
        () if item.high is None else _values(item.high, index),
        words=words,
        text=f"{item.tint}_text" if item.tint in HUED else item.tint,
        key=item.name,
        width=item.width,
        dash=item.dash,
        end="name" if item.is_named else "",
    )


def _values(part: pd.Series, index: pd.DatetimeIndex) -> Values:
    return tuple(None if pd.isna(value) else float(value) for value in part.reindex(index))


def _held(index: pd.DatetimeIndex, when: pd.Timestamp) -> float:
    """Where a date stands among the periods, held inside them."""
    return float(np.clip(sum(at <= pd.Timestamp(when) for at in index) - 1, 0, len(index) - 1))
