"""A value with its interval on each line: ratios, shares, asymmetries, quantiles; on a plain or a log axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from postflow import drawing
from postflow.drawing import Drawing, Level, Panel, Places, Series, Values
from postflow.errors import NothingToDraw
from postflow.numbers import tick

PAD = 0.02
"""Share of the axis that is left free at both ends."""


@dataclass(frozen=True)
class Axis:
    """What lies along the lines."""

    marks: Sequence[float]
    words: Sequence[str] = ()
    """Of the marks; the numbers themselves where empty."""
    is_log: bool = False
    level: float | None = None
    """An upright line of reference."""
    left_words: str = ""
    right_words: str = ""
    """Over the axis: what the two directions mean."""


def spans(rows: pd.DataFrame, axis: Axis, label: str = "", tint: str = "ink") -> Drawing:
    """One line a row: a thin bar for the interval, a thick one for the inner half where given, a dot, its words.

    Args:
        rows: name, value, low, high, words (at the right edge); optionally inner_low, inner_high, is_clear (solid dot
            where the interval is clear of the level, hollow where it is not), tint. A NaN value is words only.
        axis: marks, scale, reference.
        label: what the values are.
        tint: colour of the palette where the row has none.

    Raises:
        NothingToDraw: there is no row.
    """
    if rows.empty:
        raise NothingToDraw("No value is left to draw in this scope.")
    names = Places(tuple(str(name) for name in rows["name"]))
    series = Series(
        label or "Value",
        "dot",
        tint,
        _column(rows, "value"),
        _column(rows, "low"),
        _column(rows, "high"),
        _column(rows, "inner_low"),
        _column(rows, "inner_high"),
        is_clear=tuple(bool(clear) for clear in rows["is_clear"]) if "is_clear" in rows else (True,) * len(rows),
        words=tuple(str(words) for words in rows["words"]),
        tints=tuple(str(row) if isinstance(row, str) and row else tint for row in rows["tint"])
        if "tint" in rows
        else (),
    )
    panel = Panel(
        label,
        names,
        _resolved(axis),
        (series,),
        is_flat=True,
        levels=() if axis.level is None else (Level(axis.level),),
        notes=series.words,
        directions=(axis.left_words, axis.right_words),
    )
    return Drawing("ranges", (panel,))


def _column(rows: pd.DataFrame, name: str) -> Values:
    if name not in rows:
        return ()
    return tuple(None if pd.isna(value) else float(value) for value in rows[name])


def _resolved(axis: Axis) -> drawing.Axis:
    words = list(axis.words) or [tick(mark) for mark in axis.marks]
    low, high = float(axis.marks[0]), float(axis.marks[-1])
    if axis.is_log:
        pad = 10 ** (math.log10(high / low) * PAD)
        low, high = low / pad, high * pad
    else:
        low, high = low - (high - low) * PAD, high + (high - low) * PAD
    return drawing.Axis(low, high, tuple(zip(map(float, axis.marks), words, strict=True)), axis.is_log)
