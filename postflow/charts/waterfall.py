"""What drove a change: from the older total to the newer one, a step for each category."""

from __future__ import annotations

import pandas as pd

from postflow.drawing import Axis, Drawing, Panel, Places, Series
from postflow.errors import NothingToDraw
from postflow.numbers import MINUS, count, weight


def waterfall(rows: pd.DataFrame, ends: tuple[str, str], is_kg: bool = False) -> Drawing:
    """The steps from top to bottom; more is ink, less is hollow, and both totals are slate.

    Args:
        rows: ``decomposition.contributions``: category (words), old, new, change, low, high (of the change; NaN where
            none is given), in the order to draw.
        ends: words of the older and the newer period.
        is_kg: amounts are kilograms.

    Raises:
        NothingToDraw: no category changed.
    """
    if rows.empty:
        raise NothingToDraw("No category changed between the two periods.")
    said = weight if is_kg else count
    old, new = float(rows["old"].sum()), float(rows["new"].sum())
    steps = [float(change) for change in rows["change"]]
    at, bases = old, []
    for step in steps:
        bases.append(at)
        at += step
    peak = max([old, new, *(base + step for base, step in zip(bases, steps, strict=True))])
    clear = [pd.isna(low) or low > 0 or high < 0 for low, high in zip(rows["low"], rows["high"], strict=True)]
    blank = (None,) * len(rows)
    totals = Series("Total", "bar", "import", (old, *blank, new), key="totals")
    changes = Series(
        "Change",
        "bar",
        "ink",
        (None, *steps, None),
        (None, *(_known(low) for low in rows["low"]), None),
        (None, *(_known(high) for high in rows["high"]), None),
        base=(None, *bases, None),
        is_clear=(True, *clear, True),
        words=("", *(f"{said(a)} → {said(b)}" for a, b in zip(rows["old"], rows["new"], strict=True)), ""),
    )
    notes = [_step(step, said(abs(step)), sure) for step, sure in zip(steps, clear, strict=True)]
    names = Places((ends[0], *(str(name) for name in rows["category"]), ends[1]))
    axis = Axis(0.0, peak * 1.02 or 1.0, is_shown=False)
    label = "Kilograms" if is_kg else "Seizures"
    shown = (said(old), *notes, said(new))
    return Drawing("steps", (Panel(label, names, axis, (totals, changes), is_flat=True, notes=shown),))


def _known(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def _step(step: float, size: str, is_clear: bool) -> str:
    sign = "+" if step > 0 else MINUS if step < 0 else "±"
    return f"{sign}{size}" + ("" if is_clear else "  within noise")
