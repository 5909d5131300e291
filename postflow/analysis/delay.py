"""Late reports: how long they usually take, and what the unfinished months will probably come to.

Chain-ladder factors on the found × reported triangle; the unseen part is drawn from a gamma-Poisson forecast (negative
binomial) whose prior is the level of the six months before, so that a month with nothing reported yet is not forecast
as zero. The
share reported at each age carries both its bootstrap error and the scatter from month to month.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from postflow.analysis.dates import Day
from postflow.analysis.result import Result, Table
from postflow.analysis.series import dispersion, months_of
from postflow.analysis.triangle import MAX_DELAY, Pattern, Triangle, pattern, triangle

METHOD = "chain ladder with a negative-binomial forecast of what is still to come"
MIN_MONTHS = 12
MIN_SEIZURES = 60
MISSING_SHARE = 0.2
MAX_SHAPE = 8.0
"""The prior never counts for more than this many seizures, so that a change of level shows through."""


def problem(of: Triangle) -> str:
    """Why this triangle cannot be used; empty where it can."""
    if of.counts.empty:
        return "No seizure has both a date of finding and a date of report, so the delay is not known."
    total = float(np.nansum(of.counts.to_numpy()))
    if of.without_date > MISSING_SHARE * (total + of.without_date):
        return (
            f"{of.without_date:,} of {total + of.without_date:,.0f} seizures have no date of report, too many to "
            "know the delay."
        )
    filled = int((of.counts.sum(axis=1) > 0).sum())
    if filled < MIN_MONTHS:
        return f"Only {filled} months with seizures; the delay needs {MIN_MONTHS}."
    return (
        f"Only {total:,.0f} seizures with both dates; the delay needs {MIN_SEIZURES}." if total < MIN_SEIZURES else ""
    )


def usual_delay(of: Triangle, share: float = 0.95) -> Result:
    """Months until this share of a month's seizures is reported, with a bootstrap interval."""
    method = f"chain ladder, months until {share:.0%} is reported"
    why = problem(of)
    if why:
        return Result.cannot(method, why)
    known = pattern(of)
    estimate = int((known.share < share).sum())
    low, high = np.percentile((known.draws < share).sum(axis=1), [2.5, 97.5])
    return Result(
        method=method,
        estimate=estimate,
        low=float(low),
        high=float(high),
        n=int(np.nansum(of.counts.to_numpy())),
        unit="months",
        warnings=caveats(of),
        sentence=f"{share:.0%} of seizures are reported within {estimate} months of being found.",
    )


@dataclass(frozen=True, kw_only=True)
class Nowcast(Table):
    """``estimate`` is the sum over the unfinished months; rows has each of them."""

    usual: Result = field(default_factory=lambda: Result.cannot(METHOD, ""))


def nowcast(
    rows: pd.DataFrame,
    as_of: Day | None = None,
    *,
    max_delay: int = MAX_DELAY,
    reported: pd.Series | None = None,
    seed: int = 0,
) -> Nowcast:
    """What the unfinished months will come to.

    Args: as :func:`triangle`; ``seed`` of the draws, fixed so that the same rows give the same caption.

    Returns:
        rows — seized_month, reported (so far), share_reported (0 to 1), estimate, low, high.
    """
    of = triangle(rows, as_of, max_delay=max_delay, reported=reported)
    why = problem(of)
    if why:
        return Nowcast.cannot(METHOD, why)
    known = pattern(of, seed=seed)
    table, draws = forecast(of, known, np.random.default_rng(seed + 1))
    if table.empty:
        return Nowcast(
            method=METHOD,
            estimate=0.0,
            low=0.0,
            high=0.0,
            rows=table,
            usual=usual_delay(of),
            sentence="Every month is finished.",
        )
    whole = draws.sum(axis=0)
    low, high = np.percentile(whole, [2.5, 97.5])
    seen = float(table["reported"].sum())
    return Nowcast(
        method=METHOD,
        estimate=float(np.mean(whole)),
        low=float(low),
        high=float(high),
        n=int(seen),
        unit="seizures",
        rows=table,
        usual=usual_delay(of),
        warnings=(*caveats(of), "A forecast: it holds only while delays stay as they were."),
        sentence=f"The last {len(table)} months stand at {seen:,.0f} and will probably come to {np.mean(whole):,.0f} "
        f"({low:,.0f} to {high:,.0f}).",
    )


def forecast(of: Triangle, known: Pattern, rng: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    """One row and one line of draws per unfinished month, oldest first, each month's prior made of the six before."""
    sums, ages = of.cumulative, (~of.counts.isna()).sum(axis=1).to_numpy() - 1
    seen = sums[np.arange(len(sums)), ages]
    open_months = np.flatnonzero(known.share[ages] < 0.99)
    closed = pd.Series(np.delete(seen / known.share[ages], open_months))
    phi = dispersion(closed)
    expected = (seen / known.share[ages]).copy()
    rows, lines = [], []
    for at in open_months:
        level = max(float(expected[max(0, at - 6) : at].mean()) if at else float(closed.mean()), 0.1)
        shape = min(MAX_SHAPE, level / (phi - 1)) if phi > 1 else MAX_SHAPE
        unseen = _unseen(seen[at], known, int(ages[at]), max(shape, 0.3), level, rng)
        expected[at] = seen[at] + unseen.mean()
        low, high = np.percentile(seen[at] + unseen, [2.5, 97.5])
        rows.append((of.counts.index[at], int(seen[at]), known.share[ages[at]], expected[at], low, high))
        lines.append(seen[at] + unseen)
    names = ["seized_month", "reported", "share_reported", "estimate", "low", "high"]
    return pd.DataFrame(rows, columns=names), np.array(lines)


def _unseen(seen: float, known: Pattern, age: int, shape: float, level: float, rng: np.random.Generator) -> np.ndarray:
    """Draws of what is still to come for one month."""
    share = np.clip(known.draws[:, age], 1e-3, 1 - 1e-6)
    precision = known.precision[age]
    if np.isfinite(precision):
        share = np.clip(rng.beta(share * precision, (1 - share) * precision), 1e-3, 1 - 1e-6)
    rate = rng.gamma(shape + seen, 1 / (shape / level + share))
    return rng.poisson(rate * (1 - share))


def caveats(of: Triangle) -> tuple[str, ...]:
    """What must stand beside a number from this triangle."""
    notes = [f"{of.without_date:,} seizures have no date of report and are left out."] if of.without_date else []
    if len(of.counts) <= of.counts.shape[1]:
        notes.append("No month is old enough to show the longest delays.")
    return tuple(notes)


def unfinished(of: Triangle, share: float = 0.95) -> list[pd.Timestamp]:
    """The months inside the usual delay: shade them, dash them, leave them out of every fit."""
    usual = usual_delay(of, share)
    if not usual.can_say:
        return []
    since = of.as_of - pd.DateOffset(months=int(usual.estimate) - 1) if usual.estimate >= 1 else None
    return [] if since is None else [at for at in of.counts.index if at >= since]


def final_counts(rows: pd.DataFrame) -> pd.Series:
    """Month found → seizures, all reports counted."""
    return rows["seizures"].astype(float).groupby(months_of(rows["seized_month"])).sum()
