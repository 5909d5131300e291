"""Monthly rows made into one series: zero where someone reported and nothing was found, NaN where nobody reported.

A frame of counts cannot tell the two apart; the reporters' frame can. Without it a month that is absent stays a gap.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from postflow.analysis.dates import Day, month

COUNT = "seizures"


def months_of(values: pd.Series) -> pd.Series:
    """Any dates as the first day of their month."""
    return pd.to_datetime(values, errors="coerce").dt.to_period("M").dt.to_timestamp()


def services(rows: pd.DataFrame) -> pd.Series:
    """Which service each row is of, by the name that tells it from the others of its frame.

    Args:
        rows: ``reporter``; or, where every country has one service, reporter_country_code or seizure_country_code.
    """
    names = ("reporter", "reporter_country_code", "seizure_country_code")
    return rows[next(name for name in names if name in rows)]


def monthly(
    rows: pd.DataFrame, reporters: pd.DataFrame | None = None, *, measure: str = COUNT, category: str | None = None
) -> pd.Series:
    """One value per month from the first to the last, NaN where not reported.

    Args:
        rows: ``charts/seizures_by_period_and_category`` by month — period_start (date; undated rows are left out),
            category,
            seizures (count), quantity_kg; optionally is_reported or months_reported.
        reporters: ``charts/reporters_by_period`` by month — period_start, reporter_country_code, months_reported.
            A month counts as reported when at least one reporter reported it.
        measure: the column to add up.
        category: only rows of this category; the months known to be reported stay those of all rows.
    """
    if rows.empty and (reporters is None or reporters.empty):
        return pd.Series(dtype=float, name=measure, index=pd.DatetimeIndex([], name="month"))
    reported = _reported(rows, reporters)
    kept = rows if category is None else rows[rows["category"] == category]
    sums = _sums(kept, measure)
    index = pd.DatetimeIndex(sorted(set(reported.index) | set(sums.index)))
    if index.empty:
        return pd.Series(dtype=float, name=measure, index=pd.DatetimeIndex([], name="month"))
    index = pd.date_range(index.min(), index.max(), freq="MS", name="month")
    series = sums.reindex(index)
    known = reported.reindex(index, fill_value=False).to_numpy(dtype=bool)
    series[known & series.isna().to_numpy()] = 0.0
    series[~known] = np.nan
    return series.rename(measure)


def _sums(rows: pd.DataFrame, measure: str) -> pd.Series:
    if rows.empty:
        return pd.Series(dtype=float)
    values = pd.to_numeric(rows[measure], errors="coerce").astype(float)
    return values.groupby(months_of(rows["period_start"]).to_numpy()).sum(min_count=1)


def _reported(rows: pd.DataFrame, reporters: pd.DataFrame | None) -> pd.Series:
    """Month → did anyone report it."""
    # Where it is known who reported, a row that somebody else told of a silent month is no proof of a report.
    if reporters is not None and not reporters.empty:
        flags = _flags(reporters, pd.to_numeric(reporters["months_reported"]) > 0)
    elif not rows.empty:
        flags = _flags(rows, _row_flags(rows))
    else:
        return pd.Series(dtype=bool)
    return flags.groupby(level=0).max() if len(flags) else flags


def _row_flags(rows: pd.DataFrame) -> pd.Series:
    """A row is proof of a report unless it says otherwise or holds no count."""
    if "is_reported" in rows:
        return rows["is_reported"].fillna(False).astype(bool)
    if "months_reported" in rows:
        return pd.to_numeric(rows["months_reported"]).fillna(0) > 0
    return rows[COUNT].notna() if COUNT in rows else pd.Series(True, index=rows.index)


def _flags(rows: pd.DataFrame, flags: pd.Series) -> pd.Series:
    flags = pd.Series(flags.to_numpy(dtype=bool), index=months_of(rows["period_start"]).to_numpy())
    return flags[flags.index.notna()]


def by_category(rows: pd.DataFrame, reporters: pd.DataFrame | None = None, *, measure: str = COUNT) -> pd.DataFrame:
    """Month × category, zero where reported and nothing found, NaN where nobody reported."""
    whole = monthly(rows, reporters, measure=measure)
    if rows.empty:
        return pd.DataFrame(index=whole.index)
    dated = rows.assign(month=months_of(rows["period_start"]), category=rows["category"].fillna("unknown"))
    dated[measure] = pd.to_numeric(dated[measure], errors="coerce").astype(float)
    wide = dated.pivot_table(index="month", columns="category", values=measure, aggfunc="sum").reindex(whole.index)
    wide = wide.fillna(0.0)
    wide[whole.isna().to_numpy()] = np.nan
    return wide


def runs(series: pd.Series) -> list[pd.Series]:
    """The stretches without a gap, in order of time."""
    if series.empty:
        return []
    known = series.notna().to_numpy()
    number = np.cumsum(np.diff(np.concatenate([[False], known]).astype(int)) == 1)
    return [part for _, part in series[known].groupby(number[known])]


def gaps(series: pd.Series) -> int:
    """Months inside the series that nobody reported."""
    return int(series.isna().sum())


def window(series: pd.Series, first: Day, last: Day) -> pd.Series:
    """The months from first to last, both included; a month outside the series is a gap."""
    return series.reindex(pd.date_range(month(first), month(last), freq="MS", name="month"))


def dispersion(series: pd.Series) -> float:
    """Variance over mean of monthly counts, from the differences of neighbours; 1 = Poisson, never below 1.

    Differences, because a trend or a season would pass for noise in the plain variance. Differences across a gap
    are left out.
    """
    values = series.to_numpy(dtype=float)
    if len(values) < 2:
        return 1.0
    step, pair = np.diff(values), values[1:] + values[:-1]
    kept = ~np.isnan(step)
    total = pair[kept].sum()
    return max(1.0, float((step[kept] ** 2).sum() / total)) if total > 0 else 1.0
