"""Emerging: what is new or unusual this period, against what chance would bring, ranked, ten at most.

Each category's count is held against a negative-binomial forecast from the months before (level, its uncertainty, and
the scatter between
months), and the whole list against false discovery (Benjamini and Hochberg 1995).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.multitest import multipletests

from postflow.analysis.dates import Day, month, spell_month
from postflow.analysis.like_for_like import differing
from postflow.analysis.result import Table
from postflow.analysis.series import by_category, months_of

METHOD = "negative-binomial forecast by category, false discovery held at 5 % (Benjamini-Hochberg)"
FALSE_DISCOVERY = 0.05
BASELINE_MONTHS = 36
MIN_BASELINE = 12
MIN_COUNT = 3
TOP = 10
COLUMNS = ["category", "seizures", "expected", "upper", "times", "p", "q", "kind", "first_seen", "last_seen"]


def emerging(rows: pd.DataFrame, first: Day, last: Day, reporters: pd.DataFrame | None = None) -> Table:
    """What stands out from first to last month?

    Args:
        rows: ``charts/seizures_by_period_and_category`` by month — period_start, category (a corridor, channel,
            concealment, class
            of weight …), seizures.
        first, last: months of the period looked at.
        reporters: ``charts/reporters_by_period``; months that nobody reported are not counted as zeros.

    Returns:
        ``estimate`` = how many stand out; rows — category, seizures, expected, upper (95 %), times, p, q, kind (new:
        never seen before here; unusual), first_seen, last_seen (before this period; NaT for new).
    """
    if rows.empty:
        return Table.cannot(METHOD, "No seizures here, so nothing can stand out.")
    wide = by_category(rows, reporters)
    start, end = (month(at) for at in (first, last))
    known = wide[wide.notna().all(axis=1)]
    now, past = known[(known.index >= start) & (known.index <= end)], known[known.index < start].iloc[-BASELINE_MONTHS:]
    if now.empty:
        return Table.cannot(METHOD, f"{spell_month(start)} to {spell_month(end)} was not reported.")
    if len(past) < MIN_BASELINE:
        return Table.cannot(
            METHOD, f"Only {len(past)} reported months before {spell_month(start)}; unusual needs {MIN_BASELINE}."
        )
    spans = (now.index[0], now.index[-1]), (past.index[0], past.index[-1])
    differ = "" if reporters is None else differing(reporters, *spans)
    return _told(_tested(now, past, rows, start), now, past, differ)


def _tested(now: pd.DataFrame, past: pd.DataFrame, rows: pd.DataFrame, start: pd.Timestamp) -> pd.DataFrame:
    table = forecast(now.sum().to_numpy(), past.to_numpy(), len(now))
    table.insert(0, "category", list(now.columns))
    out, table["q"] = stands_out(table)
    seen = (
        rows[rows["seizures"] > 0]
        .assign(
            month=lambda part: months_of(part["period_start"]), category=lambda part: part["category"].fillna("unknown")
        )
        .dropna(subset="month")
    )
    before = seen[seen["month"] < start]
    table["first_seen"] = seen.groupby("category")["month"].min().reindex(table["category"]).to_numpy()
    table["last_seen"] = before.groupby("category")["month"].max().reindex(table["category"]).to_numpy()
    table["kind"] = np.where(table["last_seen"].isna(), "new", "unusual")
    return table[out].sort_values(["p", "category"], ignore_index=True)[COLUMNS]


def forecast(now: np.ndarray, past: np.ndarray, months: int) -> pd.DataFrame:
    """Expected count, upper bound and one-sided p by category.

    Args:
        now: counts of this period by category. past: month × category. months: in this period.
    """
    length, total = len(past), past.sum(axis=0)
    mean = (total + 0.5) * months / length
    scatter = _scatter(past)
    size = 1 / (scatter / months + scatter / length + 1 / (total + 0.5))
    law = stats.nbinom(size, size / (size + mean))
    p = law.sf(now - 1)
    times = np.divide(now, total * months / length, out=np.full(len(now), np.inf), where=total > 0)
    return pd.DataFrame(
        {
            "seizures": now.astype(int),
            "expected": total * months / length,
            "upper": law.ppf(0.95),
            "times": times,
            "p": p,
        }
    )


def stands_out(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Which rows of :func:`forecast` stand out, and their q."""
    q = np.asarray(multipletests(table["p"], method="fdr_bh")[1])
    return (q <= FALSE_DISCOVERY) & (table["seizures"].to_numpy() >= MIN_COUNT), q


def _scatter(past: np.ndarray) -> np.ndarray:
    """1/k of the negative binomial: the pool of all categories, or a category's own where that is larger."""
    step = np.diff(past, axis=0)
    excess = (step**2 - (past[1:] + past[:-1])).sum(axis=0)
    level = 2 * len(step) * np.maximum(past.mean(axis=0) ** 2 - past.mean(axis=0) / len(past), 0.0)
    pooled = max(0.0, float(excess.sum() / level.sum())) if level.sum() > 0 else 0.0
    own = np.divide(excess, level, out=np.zeros_like(level), where=level > 0.5)
    return np.maximum(pooled, (pooled + np.clip(own, 0.0, 10.0)) / 2)


def _told(out: pd.DataFrame, now: pd.DataFrame, past: pd.DataFrame, differ: str) -> Table:
    notes = ["First seen here: in this pool and this scope, not in the world.", "The season is not taken out."]
    if differ:
        notes.insert(0, f"{differ} New reporters bring their own corridors.")
    if len(out) > TOP:
        notes.append(f"{len(out)} stand out; the {TOP} least likely are shown.")
    span = f"against the {len(past)} reported months before"
    words = f"{len(out)} of {now.shape[1]} categories stand out {span}." if len(out) else f"Nothing stands out {span}."
    return Table(
        method=METHOD,
        estimate=len(out),
        n=int(now.sum().sum()),
        unit="categories",
        rows=out.head(TOP),
        warnings=tuple(notes),
        sentence=words,
    )
