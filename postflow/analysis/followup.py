"""Follow-up: from seizure to verdict by cohort of seizure, and the days between, from protected counts.

No single case comes here: the queries count, and move what they counted by a noise of known variance. Intervals are
widened by that noise.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from postflow.analysis.result import NAN, Table
from postflow.disclosure import LEAST, NOISE_VARIANCE

METHOD = "share of each year's seizures that reached each step"
DAYS_METHOD = "median days between steps from protected counts, interval from order statistics"
STEPS = ("seized", "case_opened", "suspect", "prosecuted", "verdict")
PAIRS = (("seized_on", "case_opened_on"), ("case_opened_on", "prosecuted_on"), ("prosecuted_on", "verdict_on"))
NORMAL_95 = 1.959964
"""Half the width of a normal 95 % interval in standard deviations."""


def funnel(rows: pd.DataFrame) -> Table:
    """Seizure → case opened → suspect → prosecuted → verdict, by year of seizure.

    Args:
        rows: ``charts/follow_up`` — cohort, step, seizures (empty where the year may not be split).

    Returns:
        rows — cohort (year of ``disclosure.LEAST`` seizures at least), step, seizures, share (of the cohort), low, high
        (95 %: of the binomial and of the noise together).
    """
    if rows.empty:
        return Table.cannot(METHOD, "No dated seizures here, so there is no follow-up to count.")
    counts = rows.pivot_table(index="cohort", columns="step", values="seizures", aggfunc="sum", min_count=1)
    counts = counts.reindex(columns=list(STEPS))
    large = counts[counts["seized"] >= LEAST]
    if large.empty:
        return Table.cannot(METHOD, f"Every year has fewer than {LEAST} seizures, so none is shown.")
    if not large[list(STEPS[1:])].fillna(0).to_numpy().any():
        return Table.cannot(
            METHOD, "Nobody told of any follow-up; that is not the same as none.", n=int(counts["seized"].sum())
        )
    table = pd.DataFrame([_cell(int(year), step, line) for year, line in large.iterrows() for step in STEPS])
    return _told(table, counts, large)


def _told(table: pd.DataFrame, counts: pd.DataFrame, large: pd.DataFrame) -> Table:
    notes = ["Later years have had less time to reach a verdict."]
    if len(large) < len(counts):
        left_out = len(counts) - len(large)
        years = "1 year" if left_out == 1 else f"{left_out} years"
        notes.append(f"Left out: {years} with fewer than {LEAST} seizures.")
    newest = table[table["step"] == "case_opened"].iloc[-1]
    return Table(
        method=METHOD,
        n=int(large["seized"].sum()),
        unit="seizures",
        rows=table,
        warnings=tuple(notes),
        estimate=float(newest["share"]),
        low=float(newest["low"]),
        high=float(newest["high"]),
        sentence=f"Of the seizures of {newest['cohort']}, a case was opened for {newest['share']:.0%}.",
    )


def _cell(cohort: int, step: str, counts: pd.Series) -> dict[str, Any]:
    number, whole = int(counts[step]), int(counts["seized"])
    share = number / whole
    low, high = stats.binomtest(number, whole).proportion_ci(method="exact")
    # Seized is a plain count; every other one is moved.
    noise = 0.0 if step == "seized" else NORMAL_95 * NOISE_VARIANCE**0.5 / whole
    return {
        "cohort": cohort,
        "step": step,
        "seizures": number,
        "share": share,
        "low": max(0.0, share - float(np.hypot(share - low, noise))),
        "high": min(1.0, share + float(np.hypot(high - share, noise))),
    }


def days_between(rows: pd.DataFrame) -> Table:
    """Median days from one step to the next by year of seizure, among those that got there.

    The counts by number of days are drawn to rise, and between two of them the days are taken to be spread evenly.

    Args:
        rows: ``charts/follow_up_days`` — cohort, from, to, at_most_days (empty = all), seizures (empty = may not be told).

    Returns:
        rows — cohort, from, to, reached (NA = fewer than ``disclosure.LEAST``), median_days, low, high, is_hidden.
    """
    found = [
        {"cohort": int(cohort), "from": start, "to": end, **_median(part)}
        for (start, end) in PAIRS
        for cohort, part in rows[(rows["from"] == start) & (rows["to"] == end)].groupby("cohort")
    ]
    table = pd.DataFrame(found)
    if table.empty or table["is_hidden"].all():
        why = f"No pair of steps has both dates for {LEAST} seizures of a year, so none is shown."
        return Table.cannot(DAYS_METHOD, why)
    notes = [
        "Among those that got there: the slow ones of late years are still under way, so their medians are too short.",
        "Dates that run backwards are left out.",
    ]
    first = table[~table["is_hidden"]].sort_values(["to", "cohort"]).iloc[-1]
    return Table(
        method=DAYS_METHOD,
        estimate=float(first["median_days"]),
        low=float(first["low"]),
        high=float(first["high"]),
        n=int(table.loc[~table["is_hidden"], "reached"].sum()),
        unit="days",
        rows=table.sort_values(["cohort", "from"], ignore_index=True),
        warnings=tuple(notes),
        sentence=f"{first['cohort']}: {first['median_days']:.0f} days at the median from {first['from'][:-3]} to "
        f"{first['to'][:-3]}.",
    )


def _median(part: pd.DataFrame) -> dict[str, Any]:
    whole = part.loc[part["at_most_days"].isna(), "seizures"].iloc[0]
    if pd.isna(whole) or whole < LEAST:
        return {"reached": pd.NA, "median_days": NAN, "low": NAN, "high": NAN, "is_hidden": True}
    told = part.dropna(subset=["at_most_days"]).sort_values("at_most_days")
    days = np.concatenate([[0.0], told["at_most_days"].to_numpy(dtype=float) + 1])
    reached = np.concatenate([[0.0], np.maximum.accumulate(told["seizures"].to_numpy(dtype=float))])
    half = float(whole) / 2
    chance = half - float(stats.binom.ppf(0.025, int(whole), 0.5))
    # The count up to the median and half of the whole are both moved.
    wide = float(np.hypot(chance, NORMAL_95 * (NOISE_VARIANCE * 1.25) ** 0.5))
    median, low, high = (_at(days, reached, half + step) for step in (0.0, -wide, wide))
    return {"reached": int(whole), "median_days": median, "low": low, "high": high, "is_hidden": False}


def _at(days: np.ndarray, reached: np.ndarray, rank: float) -> float:
    """The days within which so many got there; the last number of days where fewer are counted up to it."""
    place = int(np.searchsorted(reached, min(max(rank, 0.0), reached[-1])))
    if place == 0 or reached[place] == reached[place - 1]:
        return float(max(days[place] - 1, 0.0))
    part = (min(rank, reached[-1]) - reached[place - 1]) / (reached[place] - reached[place - 1])
    return float(max(days[place - 1] + part * (days[place] - days[place - 1]) - 0.5, 0.0))
