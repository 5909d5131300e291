"""Dumbbells, small multiples, share bars."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from postflow.charts.trend import axis_to, runs
from postflow.drawing import Axis, Drawing, Gap, Panel, Places, Series
from postflow.errors import NothingToDraw
from postflow.numbers import change, count, share, tick, ticks

DECADE = 10
MOST_PANELS = 6


def dumbbell(rows: pd.DataFrame, words: tuple[str, str], tint: str) -> Drawing:
    """Two values a line: hollow = before or sending side, solid = after or receiving side.

    The axis is a log one where the values span a decade, so that equal distance is equal ratio; else it starts at 0.

    Args:
        rows: name, before, after (counts).
        words: what the two values are.
        tint: colour of both, by name.
    """
    pairs = [(_number(a), _number(b)) for a, b in zip(rows.before, rows.after, strict=True)]
    known = [value for pair in pairs for value in pair if value > 0]
    is_log = bool(known) and max(known) / min(known) >= DECADE
    top = max([*known, 1.0])
    ratios = tuple(change(b, a) if a else ("only after" if b else "–") for a, b in pairs)
    series = tuple(
        Series(
            words[side],
            ("hollow", "dot")[side],
            tint,
            tuple(pair[side] for pair in pairs),
            words=tuple(count(pair[side]) for pair in pairs),
            key=("before", "after")[side],
        )
        for side in (0, 1)
    )
    names = Places(tuple(str(name) for name in rows.name))
    axis = _log_axis(top) if is_log else _plain_axis(top)
    return Drawing("pairs", (Panel("Seizures", names, axis, series, is_flat=True, notes=ratios),))


def _number(value: float) -> float:
    return 0.0 if pd.isna(value) else max(0.0, float(value))


def _plain_axis(top: float) -> Axis:
    return Axis(-0.08 * top, top * 1.12, tuple((mark, tick(mark)) for mark in ticks(top, whole=True)))


def _log_axis(top: float) -> Axis:
    powers = range(math.ceil(math.log10(top)) + 1)
    marks = [factor * 10**power for power in powers for factor in ((1, 3) if len(powers) < 7 else (1,))]
    return Axis(0.5, max(top, 10) * 1.6, tuple((m, count(m)) for m in marks if m <= top * 1.3), is_log=True)


def small_multiples(
    rows: pd.DataFrame,
    panels: Sequence[str],
    labels: Sequence[str],
    silent: Mapping[str, Sequence[str]],
    tints: Mapping[str, str],
    why: str = "Not reported",
) -> Drawing:
    """One panel a name, all on the same axes; periods that nobody reported are hatched.

    Args:
        rows: name, period (label), value.
        panels: names in order; six are drawn at most.
        labels: periods in order of time.
        silent: name → periods not reported. A period that is neither silent nor in the rows is a counted zero.
        tints: name → colour; ink2 where not given.
        why: what a hatched period means.
    """
    axis = axis_to(float(pd.to_numeric(rows.value).max() if len(rows) else 0) * 1.14 or 1.0, 3)
    places = Places(tuple(str(label) for label in labels))
    made = []
    for name in list(panels)[:MOST_PANELS]:
        values = rows[rows.name == name].groupby("period").value.sum()
        gaps = [n for n, at in enumerate(labels) if at in set(silent.get(name, ())) and at not in values.index]
        found = tuple(None if n in gaps else float(values.get(label, 0)) for n, label in enumerate(labels))
        words = tuple("" if v is None else count(v) if v == round(v) else tick(v) for v in found)
        series = Series(name, "column", tints.get(name, "ink2"), found, words=words, key=name)
        spans = tuple(Gap(first, last, why) for first, last in runs(gaps))
        made.append(Panel(name, places, axis, (series,), gaps=spans))
    return Drawing("multiples", tuple(made))


def share_bars(rows: pd.DataFrame, whole: int) -> Drawing:
    """How many of all records carry each mark; marks overlap, so the bars never stack.

    Args:
        rows: mark (words), rows (count), kind (``held`` or ``marked``).
        whole: all records.

    Raises:
        NothingToDraw: no record carries a mark.
    """
    if rows.empty:
        raise NothingToDraw("No record of this scope carries a mark.")
    numbers = [int(n) for n in rows["rows"]]
    series = Series(
        "Seizures",
        "bar",
        "transit",
        tuple(map(float, numbers)),
        tints=tuple("warn" if kind == "held" else "transit" for kind in rows.kind),
        words=tuple(count(n) for n in numbers),
        key="rows",
    )
    names = Places(tuple(str(mark) for mark in rows["mark"]))
    axis = Axis(0.0, float(whole or 1), is_shown=False)
    notes = tuple(f"{count(n)}  {share(n, whole)}" for n in numbers)
    return Drawing("shares", (Panel("Seizures", names, axis, (series,), is_flat=True, notes=notes),))
