"""Counts above, kilograms below, one time axis; gaps, unfinished periods, flags, references, direct labels."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go

from postflow.charts.timeline import MOST_LINES, OTHERS, folded, timeline
from postflow.charts.trend_panels import Drawing
from postflow.charts.trend_spec import Flag, Reference, TrendSpec, hues, tints
from postflow.numbers import spell

__all__ = ["Flag", "Reference", "TrendSpec", "tints", "trend"]


def trend(
    rows: pd.DataFrame, told: pd.DataFrame, spec: TrendSpec, mode: str, size: str = "screen", height: int = 460
) -> go.Figure:
    """Draw the two panels; the lower one is left out where no row has kilograms.

    A line never crosses a period that nobody reported. A single reported period between two gaps is a dot with its
    interval, and so is the unfinished one at the end, because a line down to it would look like a fall. More than six
    categories: the six largest and the others, faint; the caller names them in the caption.

    Args:
        rows: ``charts/seizures_by_period_and_category``: period, period_start, category, seizures, quantity_kg,
            quantity_kg_low, quantity_kg_high (kg), largest_kg (the heaviest records, kg).
        told: ``charts/reporters_by_period``: period, period_start, reporter_country_code, months_reported,
            months_in_period.
        spec: colours, labels, references, flags.
        mode: light or dark.
        size: screen or present.
        height: px.
    """
    fixed = hues(spec.dimension)
    number = rows.category.nunique(dropna=False)
    if number > MOST_LINES:
        spec = replace(spec, names={**spec.names, OTHERS: f"{spell(number - MOST_LINES)} others"})
    kept = folded(rows, "category", fixed.__contains__)
    line = timeline(kept, told, dimension=spec.dimension)
    return Drawing(line, spec, tints(line.categories(), spec.dimension, mode), mode, size, height).draw()
