"""Follow-up: from seizure to verdict by cohort of seizure, and the days between; small numbers hidden."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from postflow.analysis.result import NAN, Table
from postflow.disclosure import SMALL

METHOD = "share of each year's seizures that reached each step"
DAYS_METHOD = "median days between steps, interval from order statistics"
STEPS = ("seized", "case_opened", "suspect", "prosecuted", "verdict")
REACHED_AT = {"case_opened_on": "case_opened", "prosecuted_on": "prosecuted", "verdict_on": "verdict"}
PAIRS = (("seized_on", "case_opened_on"), ("case_opened_on", "prosecuted_on"), ("prosecuted_on", "verdict_on"))


def funnel(rows: pd.DataFrame, *, k: int = SMALL) -> Table:
    """Seizure → case opened → suspect → prosecuted → verdict, by year of seizure.

    A count from 1 to k - 1 is hidden, and so is one less than k below the last step shown, because
    the difference is a small group too. No total over the years is made: it would give a hidden count away.

    Args:
        rows: one per seizure — seized_on, case_opened_on, suspects, prosecuted_on, verdict_on.
        k: smallest count shown.

    Returns:
        rows — cohort (year), step, seizures (NA = hidden), share (of the cohort), low, high, is_hidden.
    """
    if rows.empty or not pd.to_datetime(rows["seized_on"], errors="coerce").notna().any():
        return Table.cannot(METHOD, "No dated seizures here, so there is no follow-up to count.")
    reached = _reached(rows)
    counts = reached.groupby("cohort")[list(STEPS)].sum()
    if not counts[list(STEPS[1:])].to_numpy().any():
        return Table.cannot(METHOD, "Nobody told of any follow-up; that is not the same as none.", n=len(rows))
    large = counts[counts["seized"] >= k]
    if large.empty:
        return Table.cannot(METHOD, f"Every year has fewer than {k} seizures, so none is shown.")
    table = pd.DataFrame([row for cohort, line in large.iterrows() for row in _line(int(cohort), line, k)])
    return _told(table, counts, large, k)


def _told(table: pd.DataFrame, counts: pd.DataFrame, large: pd.DataFrame, k: int) -> Table:
    notes = [
        f"Counts of 1 to {k - 1}, and what would give them away, are hidden.",
        "Later years have had less time to reach a verdict.",
    ]
    if len(large) < len(counts):
        notes.append(f"{len(counts) - len(large)} years with fewer than {k} seizures are left out.")
    newest = table[table["step"] == "case_opened"].iloc[-1]
    share = "too few to show" if newest["is_hidden"] else f"{newest['share']:.0%}"
    return Table(
        method=METHOD,
        n=int(large["seized"].sum()),
        unit="seizures",
        rows=table,
        warnings=tuple(notes),
        estimate=NAN if newest["is_hidden"] else float(newest["share"]),
        low=float(newest["low"]),
        high=float(newest["high"]),
        sentence=f"Of the seizures of {newest['cohort']}, a case was opened for {share}.",
    )


def _reached(rows: pd.DataFrame) -> pd.DataFrame:
    seized = pd.to_datetime(rows["seized_on"], errors="coerce")
    suspects = pd.to_numeric(rows["suspects"], errors="coerce").fillna(0) > 0
    steps = pd.DataFrame(
        {
            "cohort": seized.dt.year,
            "seized": seized.notna(),
            "case_opened": rows["case_opened_on"].notna(),
            "suspect": suspects,
            "prosecuted": rows["prosecuted_on"].notna(),
            "verdict": rows["verdict_on"].notna(),
        }
    )
    # A later step implies the earlier ones, told or not: a verdict without a date of opening was a case.
    for earlier, later in zip(STEPS[-2:0:-1], STEPS[:1:-1], strict=True):
        steps[earlier] |= steps[later]
    return steps[steps["seized"]]


def _line(cohort: int, counts: pd.Series, k: int) -> list[dict[str, Any]]:
    values = [int(counts[step]) for step in STEPS]
    hidden, shown = [], values[0]
    for value in values:
        # Those who stopped since the last step shown are a small group as well.
        hidden.append(0 < value < k or 0 < shown - value < k)
        shown = shown if hidden[-1] else value
    return [
        _cell(cohort, step, value, values[0], is_hidden)
        for step, value, is_hidden in zip(STEPS, values, hidden, strict=True)
    ]


def _cell(cohort: int, step: str, value: int, whole: int, is_hidden: bool) -> dict[str, Any]:
    low, high = stats.binomtest(value, whole).proportion_ci(method="exact")
    shown = {"seizures": value, "share": value / whole, "low": float(low), "high": float(high)}
    blank = {"seizures": pd.NA, "share": NAN, "low": NAN, "high": NAN}
    return {"cohort": cohort, "step": step, **(blank if is_hidden else shown), "is_hidden": is_hidden}


def days_between(rows: pd.DataFrame, *, k: int = SMALL) -> Table:
    """Median days from one step to the next by year of seizure, among those that got there.

    A year is hidden where fewer than k got there; where :func:`funnel` hides either step only how many have both dates
    is, because that would give it away.

    Args: as :func:`funnel`.

    Returns:
        rows — cohort, from, to, reached (NA = hidden), median_days, low, high, is_hidden.
    """
    seized = pd.to_datetime(rows["seized_on"], errors="coerce") if not rows.empty else pd.Series(dtype="datetime64[ns]")
    found, wrong, hidden = [], 0, _hidden_steps(rows, k)
    for start, end in PAIRS:
        if rows.empty:
            break
        days = (pd.to_datetime(rows[end], errors="coerce") - pd.to_datetime(rows[start], errors="coerce")).dt.days
        wrong += int((days < 0).sum())
        for cohort, part in days[days >= 0].groupby(seized.dt.year):
            line = {"cohort": int(cohort), "from": start, "to": end, **_median(part.to_numpy(dtype=float), k)}
            if {(int(cohort), REACHED_AT.get(name)) for name in (start, end)} & hidden:
                line["reached"] = pd.NA
            found.append(line)
    table = pd.DataFrame(found)
    if table.empty or table["is_hidden"].all():
        why = (
            "No pair of steps has both dates."
            if table.empty
            else f"Every pair of steps has fewer than {k} dates, so none is shown."
        )
        return Table.cannot(DAYS_METHOD, why, n=len(rows))
    notes = [
        "Among those that got there: the slow ones of late years are still under way, so their medians are too short."
    ]
    if wrong:
        number = "Some" if wrong < k else f"{wrong}"
        notes.append(f"{number} pairs of dates run backwards and are left out.")
    first = table[~table["is_hidden"]].sort_values(["to", "cohort"]).iloc[-1]
    shown = int(table.loc[~table["is_hidden"], "reached"].sum())
    return Table(
        method=DAYS_METHOD,
        estimate=float(first["median_days"]),
        low=float(first["low"]),
        high=float(first["high"]),
        n=shown,
        unit="days",
        rows=table.sort_values(["cohort", "from"], ignore_index=True),
        warnings=tuple(notes),
        sentence=f"{first['cohort']}: {first['median_days']:.0f} days at the median from {first['from'][:-3]} to "
        f"{first['to'][:-3]}.",
    )


def _hidden_steps(rows: pd.DataFrame, k: int) -> set[tuple[int, str | None]]:
    told = funnel(rows, k=k).rows
    return set() if told.empty else {(int(row.cohort), row.step) for row in told[told["is_hidden"]].itertuples()}


def _median(days: np.ndarray, k: int) -> dict[str, Any]:
    if len(days) < k:
        return {"reached": pd.NA, "median_days": NAN, "low": NAN, "high": NAN, "is_hidden": True}
    ordered, n = np.sort(days), len(days)
    at = int(stats.binom.ppf(0.025, n, 0.5))
    # Below six values no pair of order statistics reaches 95 %.
    low, high = (ordered[max(0, at - 1)], ordered[min(n - 1, n - at)]) if n >= 6 else (NAN, NAN)
    return {
        "reached": n,
        "median_days": float(np.median(ordered)),
        "low": float(low),
        "high": float(high),
        "is_hidden": False,
    }
