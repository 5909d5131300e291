"""Sensitivity: the trend if detection effort had changed. Relative, not volume."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from postflow.analysis.breaks import segments
from postflow.analysis.dates import spell_month
from postflow.analysis.intervals import change_between
from postflow.analysis.result import Table, number

METHOD = "counts divided by a stated path of detection effort"
LABEL = "Relative, not volume"
MIN_MONTHS = 24


@dataclass(frozen=True)
class Scenario:
    """Effort at the end of the series as a multiple of that at its start, on a straight line or at one step."""

    key: str
    label: str
    effort: float
    step_at: pd.Timestamp | None = None


SCENARIOS = (
    Scenario("unchanged", "effort unchanged", 1.0),
    Scenario("half_more", "effort grew by half", 1.5),
    Scenario("doubled", "effort doubled", 2.0),
    Scenario("fell_third", "effort fell by a third", 2 / 3),
)


def sensitivity(
    series: pd.Series,
    scenarios: Sequence[Scenario] = SCENARIOS,
    events: pd.DataFrame | None = None,
    reporters: Iterable[str] | None = None,
) -> Table:
    """The last twelve months against the first twelve under each scenario, and the effort that alone would explain it.

    Args:
        series: month → count, NaN where not reported; leave unfinished months out. The newest stretch without gap or
            break is used.
        scenarios: paths of effort; events: breaks; reporters: whose breaks count.

    Returns:
        ``estimate``, ``low``, ``high`` = the change of effort that alone would explain the counts; rows — scenario,
        label, effort, ratio, low, high, direction. Draw the lines of :func:`paths`.
    """
    stretches = segments(series, events, reporters)
    part = stretches[-1] if stretches else pd.Series(dtype=float)
    if len(part) < MIN_MONTHS:
        return Table.cannot(
            METHOD, f"{LABEL}: only {len(part)} months without gap or break; scenarios need {MIN_MONTHS}."
        )
    base = change_between(part, (part.index[-12], part.index[-1]), (part.index[0], part.index[11]))
    if not base.can_say or base.old == 0:
        return Table.cannot(METHOD, f"{LABEL}: no seizures in the first twelve months, so there is nothing to scale.")
    rows = pd.DataFrame([_row(scenario, part, base.estimate, base.low, base.high) for scenario in scenarios])
    return Table(
        method=METHOD,
        estimate=base.estimate,
        low=base.low,
        high=base.high,
        n=base.n,
        unit="times the effort",
        rows=rows,
        warnings=("Nobody measured the effort: the scenarios are stated, not estimated.", *base.warnings),
        sentence=f"{LABEL}. Detection effort {number(base.estimate)} times that of {spell_month(part.index[0])} would "
        "by itself "
        f"explain the counts ({number(base.low)} to {number(base.high)}).",
    )


def effort_path(scenario: Scenario, index: pd.DatetimeIndex) -> np.ndarray:
    """Effort per month, 1 in the first year."""
    if scenario.step_at is not None:
        return np.where(index >= scenario.step_at, scenario.effort, 1.0)
    months = np.arange(len(index))
    # Level in the first and last year, so that the yearly comparison holds the whole of the change.
    return 1 + (scenario.effort - 1) * np.clip((months - 11) / max(1, len(index) - 23), 0, 1)


def paths(series: pd.Series, scenarios: Sequence[Scenario] = SCENARIOS) -> pd.DataFrame:
    """Month × scenario: the adjusted count of one stretch without gaps, 100 = mean of the first twelve months."""
    lines = {scenario.key: series / effort_path(scenario, pd.DatetimeIndex(series.index)) for scenario in scenarios}
    table = pd.DataFrame(lines)
    first = table.iloc[:12].mean()
    return table / first.where(first > 0) * 100


def _row(scenario: Scenario, part: pd.Series, ratio: float, low: float, high: float) -> dict[str, Any]:
    effort = effort_path(scenario, pd.DatetimeIndex(part.index))
    by = float(effort[-12:].mean() / effort[:12].mean())
    scaled = [value / by for value in (ratio, low, high)]
    direction = "rose" if scaled[1] > 1 else "fell" if scaled[2] < 1 else "no clear change"
    return {
        "scenario": scenario.key,
        "label": scenario.label,
        "effort": scenario.effort,
        "ratio": scaled[0],
        "low": scaled[1],
        "high": scaled[2],
        "direction": direction,
    }
