"""Change points in a monthly count: where the level stepped, and only where the noise allows it.

PELT (Killick and others 2012; ruptures' compiled version of the squared-error cost) on 2 sqrt(y + 3/8), which makes
Poisson noise one in size (Anscombe 1948). The penalty is multiplied by the dispersion found from differences of
neighbours: with a plain penalty an overdispersed series gives false alarms in 12 to 100 % of cases
(docs/calibration.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import ruptures as rpt

from postflow.analysis.breaks import segments
from postflow.analysis.dates import spell_month
from postflow.analysis.intervals import alpha_for, ratio_limits
from postflow.analysis.like_for_like import differing
from postflow.analysis.result import Table, number
from postflow.analysis.seasonal import SEASON_MONTHS, without_season
from postflow.analysis.series import dispersion, gaps

METHOD = "PELT on square roots, penalty scaled by dispersion"
MIN_MONTHS = 24
MIN_SEIZURES = 30
MIN_SIZE = 6
"""Months a level must last."""
PENALTY = 3.75
"""Times dispersion times log(months). Tuned by ``postflow.analysis.calibration``: false alarms stay under 2.5 %."""
MAX_MEMORY = 4.0
PLACE = 8.0
"""A month may be the change point if it costs less than this times the dispersion more than the best one (95 %)."""


def change_points(
    series: pd.Series,
    events: pd.DataFrame | None = None,
    reporters: Iterable[str] | None = None,
    reporting: pd.DataFrame | None = None,
) -> Table:
    """Where did the level of a monthly series step?

    Gaps and breaks are never bridged: each stretch between them is looked at alone, if it is long enough.

    Args:
        series: month → count, NaN where not reported; leave unfinished months out.
        events: breaks (:mod:`postflow.analysis.breaks`); reporters: whose breaks count.
        reporting: ``charts/reporters_by_period``, to mark the steps where reporters came or went.

    Returns:
        ``estimate`` = number of change points; rows — month (the first of the new level), month_low, month_high,
        before, after (seizures a month), ratio, ratio_low, ratio_high, reporters (words where they changed in the
        half-years on both sides, else empty). The step line comes from :func:`levels`.
    """
    stretches = segments(series, events, reporters)
    usable = [part for part in stretches if len(part) >= MIN_MONTHS and part.sum() >= MIN_SEIZURES]
    if not usable:
        return Table.cannot(METHOD, _why_not(series, stretches), n=int(np.nansum(series)) if len(series) else 0)
    rows = [row for part in usable for row in _points(part, reporting)]
    return Table(
        method=METHOD,
        estimate=len(rows),
        n=int(sum(part.sum() for part in usable)),
        unit="change points",
        rows=pd.DataFrame(rows, columns=COLUMNS),
        warnings=_warnings(series, stretches, usable),
        sentence=_words(rows, usable),
    )


COLUMNS = ["month", "month_low", "month_high", "before", "after", "ratio", "ratio_low", "ratio_high", "reporters"]


def levels(series: pd.Series, found: Table) -> pd.Series:
    """The step line: month → mean of its level; NaN where no change point could be looked for."""
    line = pd.Series(np.nan, index=series.index)
    if not found.can_say:
        return line
    starts = set(found.rows["month"])
    known = series.notna()
    group = ((~known) | series.index.isin(list(starts))).cumsum()
    line[known] = series[known].groupby(group[known]).transform("mean")
    return line


def positions(values: np.ndarray, penalty: float = PENALTY) -> tuple[list[int], np.ndarray, float]:
    """First index of each new level, the transformed values, and their dispersion."""
    roots = without_season(2 * np.sqrt(values + 3 / 8))
    scatter = max(1.0, float(np.mean(np.diff(roots) ** 2) / 2))
    search = rpt.KernelCPD(kernel="linear", min_size=MIN_SIZE).fit(roots.reshape(-1, 1))
    base = penalty * scatter * np.log(len(roots))
    starts = _starts(search, base)
    if starts:
        starts = _starts(search, base * _memory(roots, starts))
    return starts, roots, scatter


def _starts(search: rpt.KernelCPD, penalty: float) -> list[int]:
    return [int(at) for at in search.predict(pen=float(penalty))[:-1]]


def _memory(roots: np.ndarray, starts: list[int]) -> float:
    """How much more a mean wanders than the differences of neighbours tell, where months resemble the month before.

    Long-run variance over half the mean squared difference of a first-order process, from what is left beside the
    levels; the second term of ``rho`` makes good what fitting their means takes away. 1 where months do not resemble
    each other.
    """
    edges = [0, *starts, len(roots)]
    rest = np.concatenate([roots[a:b] - roots[a:b].mean() for a, b in pairwise(edges)])
    whole = float((rest**2).sum())
    if whole == 0:
        return 1.0
    rho = float((rest[1:] * rest[:-1]).sum()) / whole + (len(edges) - 1) / len(roots)
    return min(MAX_MEMORY, (1 + rho) / (1 - rho) ** 2) if 1 / np.sqrt(len(roots)) < rho < 1 else 1.0


def _points(part: pd.Series, reporting: pd.DataFrame | None) -> list[dict[str, Any]]:
    values = part.to_numpy(dtype=float)
    starts, roots, scatter = positions(values)
    edges = [0, *starts, len(values)]
    phi, alpha = dispersion(part), alpha_for(len(part))
    rows = []
    for before, at, after in zip(edges, edges[1:], edges[2:], strict=False):
        low, high = place(roots, before, at, after, scatter)
        old, new = values[before:at], values[at:after]
        limits = ratio_limits(new.sum() / phi, len(new), old.sum() / phi, len(old), alpha)
        ratio = new.mean() / old.mean() if old.sum() else np.inf
        months = part.index[at], part.index[low], part.index[high]
        words = "" if reporting is None else _reporters(part.index, low, high, reporting)
        rows.append(dict(zip(COLUMNS, (*months, old.mean(), new.mean(), ratio, *limits, words), strict=True)))
    return rows


def _reporters(index: pd.Index, low: int, high: int, reporting: pd.DataFrame) -> str:
    """Who reported in the half-year on one side of the step only."""
    last = min(len(index) - 1, high + MIN_SIZE - 1)
    return differing(reporting, (index[high], index[last]), (index[max(0, low - MIN_SIZE)], index[max(0, low - 1)]))


def place(roots: np.ndarray, before: int, at: int, after: int, scatter: float) -> tuple[int, int]:
    """First and last month that could as well be the change point between two levels."""
    places = np.arange(before + 2, after - 1)
    cost = np.array([_cost(roots[before:x]) + _cost(roots[x:after]) for x in places])
    near = places[cost <= cost[places == at][0] + PLACE * scatter]
    return int(near.min()), int(near.max())


def _cost(values: np.ndarray) -> float:
    return float(((values - values.mean()) ** 2).sum())


def _why_not(series: pd.Series, stretches: list[pd.Series]) -> str:
    if series.empty or not stretches:
        return "No month was reported, so no change point can be looked for."
    longest = max(stretches, key=len)
    if not any(part.sum() > 0 for part in stretches):
        return "All months are zero, so there is no change point to look for."
    if len(longest) < MIN_MONTHS:
        cut = " without a gap or break" if len(stretches) > 1 else ""
        return f"Only {len(longest)} months{cut}; change points need {MIN_MONTHS}."
    return (
        f"Only {max(part.sum() for part in stretches):,.0f} seizures in one stretch; change points need {MIN_SEIZURES}."
    )


def _warnings(series: pd.Series, stretches: list[pd.Series], usable: list[pd.Series]) -> tuple[str, ...]:
    notes = ["Levels were chosen after looking at the data; their ratio is told more surely than it is known."]
    if any(len(part) < SEASON_MONTHS for part in usable):
        notes.append("Under three years a season cannot be told from a change of level.")
    if gaps(series):
        notes.append(f"{gaps(series)} months were not reported; no step is looked for across them.")
    if len(usable) < len(stretches):
        short = sum(len(part) for part in stretches) - sum(len(part) for part in usable)
        notes.append(f"{short} months stand in stretches too short or too empty to look at.")
    return tuple(notes)


def _words(rows: list[dict[str, Any]], usable: list[pd.Series]) -> str:
    if not rows:
        months = sum(len(part) for part in usable)
        return (
            f"No change of level stands out of the noise in {months} months; small or brief changes would not be seen."
        )
    told = [
        f"about {spell_month(row['month'])} ({spell_month(row['month_low'])} to {spell_month(row['month_high'])}), "
        f"from {number(float(row['before']))} to {number(float(row['after']))} a month"
        + (", where other reporters came in or fell out" if row["reporters"] else "")
        for row in rows
    ]
    return f"The level changed {'; '.join(told)}."
