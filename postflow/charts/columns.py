"""Columns by period: periods that nobody reported are hatched, unfinished ones are worded."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from postflow.charts.timeline import Timeline, timeline
from postflow.charts.trend import axis_to, gaps_of, places_of
from postflow.drawing import Drawing, Panel, Series
from postflow.numbers import count, interval
from postflow.style import DRUG

HEADROOM = 1.12


def by_period(rows: pd.DataFrame, told: pd.DataFrame, names: Mapping[str, str] | None = None) -> Drawing:
    """Stacked columns per drug with the total and its exact 95 % interval on top.

    Args:
        rows: ``charts/seizures_by_period``: period, period_start, drug, seizures.
        told: ``charts/reporters_by_period``: period, period_start, reporter_country_code, months_reported,
            months_in_period.
        names: drug → label.
    """
    line = timeline(rows, told, category="drug")
    drugs = sorted(set(line.rows.category), key=lambda name: (name not in DRUG, name != "MDMA", name))
    totals = _totals(line)
    ends = [None if n is None else interval(n) for n in totals]
    top = max((end[1] for end in ends if end is not None), default=1.0) * HEADROOM
    axis = axis_to(top, whole=True)
    panel = Panel(
        "Seizures",
        places_of(line),
        axis,
        tuple(_column(line, drug, (names or {}).get(drug, drug)) for drug in drugs),
        is_stacked=True,
        gaps=gaps_of(line),
        opens=tuple(line.open),
        totals=tuple(totals),
        totals_low=tuple(end and end[0] for end in ends),
        totals_high=tuple(end and end[1] for end in ends),
    )
    return Drawing("columns", (panel,))


def _totals(line: Timeline) -> list[float | None]:
    """The count of each period; nothing where nobody reported."""
    by, gaps = line.rows.groupby("place").seizures.sum(), set(line.gaps)
    return [None if n in gaps else float(by.get(n, 0.0)) for n in range(len(line))]


def _column(line: Timeline, drug: str, name: str) -> Series:
    mine = line.rows[line.rows.category == drug].groupby("place").seizures.sum()
    values = tuple(float(mine[n]) if n in mine.index else None for n in range(len(line)))
    words = tuple("" if v is None else f"{count(v)} seizures" for v in values)
    tint = DRUG.get(drug, "import")
    text = f"{DRUG[drug]}_text" if drug in DRUG else "ink2"
    return Series(name, "column", tint, values, words=words, text=text, key=drug)
