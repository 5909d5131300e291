"""Late reports: how long they usually take, and what the unfinished months will probably come to.

Chain-ladder factors on the found × reported triangle; the unseen part is drawn from a gamma-Poisson forecast (negative
binomial) whose prior is the level of the six months before, so that a month with nothing reported yet is not forecast as zero. The
share reported at each age carries both its bootstrap error and the scatter from month to month.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from postflow.analysis.result import Result, Table
from postflow.analysis.series import dispersion, months_of

METHOD = "chain ladder with a negative-binomial forecast of what is still to come"
MAX_DELAY = 24
"""Months after which a report is no longer waited for."""
MIN_MONTHS = 12
MIN_SEIZURES = 60
MISSING_SHARE = 0.2
DRAWS = 1000
MAX_SHAPE = 8.0
"""The prior never counts for more than this many seizures, so that a change of level shows through."""


@dataclass(frozen=True)
class Triangle:
    """Counts by month found and months of delay; NaN where the month has not yet come."""

    counts: pd.DataFrame
    as_of: pd.Timestamp
    without_date: int
    """Seizures without a date of report: in no cell."""

    @property
    def cumulative(self) -> np.ndarray:
        """Running sums along each row, NaN beyond what can be known."""
        return np.where(self.counts.isna(), np.nan, np.nancumsum(self.counts.to_numpy(dtype=float), axis=1))


@dataclass(frozen=True)
class Pattern:
    """Share reported by each age in months: as estimated, and in bootstrap draws (draw × age)."""

    share: np.ndarray
    draws: np.ndarray
    precision: np.ndarray
    """Beta precision of one month's own share around it, by age; infinite where months differ by chance only."""


def triangle(
    rows: pd.DataFrame, as_of: object = None, *, max_delay: int = MAX_DELAY, reported: pd.Series | None = None
) -> Triangle:
    """Found × reported, as it was known at the end of ``as_of``.

    Args:
        rows: seized_month (date), reported_month (date; NaT = not told), seizures (count), of one contributor.
        as_of: last whole month of reporting; None = the latest in the rows.
        max_delay: the last column; later reports are added to it.
        reported: month → count or NaN; months with NaN are gaps and leave the triangle.
    """
    found, told = months_of(rows["seized_month"]), months_of(rows["reported_month"])
    end = told.max() if as_of is None else pd.Timestamp(as_of).to_period("M").to_timestamp()  # type: ignore[arg-type]
    without = int(rows.loc[told.isna() & (found <= end), "seizures"].sum()) if len(rows) else 0
    kept = found.notna() & told.notna() & (told <= end) & (found <= end)
    if not kept.any():
        return Triangle(pd.DataFrame(), end, without)
    age = (
        ((told.dt.year - found.dt.year) * 12 + told.dt.month - found.dt.month)
        .where(kept, 0)
        .clip(0, max_delay)
        .astype(int)
    )
    index = pd.date_range(found[kept].min(), end, freq="MS", name="seized_month")
    cells = rows.loc[kept, "seizures"].astype(float).groupby([found[kept], age[kept]]).sum().unstack()
    cells = cells.reindex(index=index, columns=range(max_delay + 1)).fillna(0.0)
    waited = np.array([(end.year - at.year) * 12 + end.month - at.month for at in index])
    cells = cells.mask(np.arange(max_delay + 1)[None, :] > waited[:, None])
    if reported is not None:
        cells = cells[reported.reindex(index).notna().to_numpy()]
    return Triangle(cells, end, without)


def pattern(of: Triangle, draws: int = DRAWS, seed: int = 0) -> Pattern:
    """Chain-ladder shares reported by age, with a bootstrap over months found."""
    sums = of.cumulative
    weights = (
        np.random.default_rng(seed).multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=draws).astype(float)
    )
    both = ~np.isnan(sums[:, 1:])
    ahead, behind = np.where(both, sums[:, 1:], 0.0), np.where(both, sums[:, :-1], 0.0)
    share, shares = (_shares(w @ ahead, w @ behind) for w in (np.ones((1, len(sums))), weights))
    return Pattern(share[0], shares, _precision(sums, share[0]))


def _shares(ahead: np.ndarray, behind: np.ndarray) -> np.ndarray:
    """Share reported by age from sums at the next age and at this one."""
    factors = np.where(behind > 0, ahead / np.where(behind > 0, behind, 1.0), 1.0)
    still = np.cumprod(np.maximum(factors, 1.0)[:, ::-1], axis=1)[:, ::-1]
    return np.column_stack([1 / still, np.ones(len(still))])


def _precision(sums: np.ndarray, share: np.ndarray) -> np.ndarray:
    """How much single months' shares scatter beyond chance (beta-binomial, by moments over finished months)."""
    done = sums[~np.isnan(sums[:, -1])]
    totals = done[:, -1:]
    spread = totals * share * (1 - share)
    usable = (spread > 0) & (totals > 1)
    excess = np.where(usable, (done - totals * share) ** 2 - spread, 0.0).sum(axis=0)
    room = np.where(usable, spread * (totals - 1), 0.0).sum(axis=0)
    rho = np.clip(np.divide(excess, room, out=np.zeros_like(excess), where=room > 0), 0.0, 0.9)
    return np.divide(1 - rho, rho, out=np.full_like(rho, np.inf), where=rho > 1e-6)


def _problem(of: Triangle) -> str:
    """Why this triangle cannot be used; empty where it can."""
    if of.counts.empty:
        return "No seizure has both a date of finding and a date of report, so the delay is not known."
    total = float(np.nansum(of.counts.to_numpy()))
    if of.without_date > MISSING_SHARE * (total + of.without_date):
        return f"{of.without_date:,} of {total + of.without_date:,.0f} seizures have no date of report, too many to know the delay."
    if len(of.counts) < MIN_MONTHS:
        return f"Only {len(of.counts)} months of finding; the delay needs {MIN_MONTHS}."
    return (
        f"Only {total:,.0f} seizures with both dates; the delay needs {MIN_SEIZURES}." if total < MIN_SEIZURES else ""
    )


def usual_delay(of: Triangle, share: float = 0.95) -> Result:
    """Months until this share of a month's seizures is reported, with a bootstrap interval."""
    method = f"chain ladder, months until {share:.0%} is reported"
    problem = _problem(of)
    if problem:
        return Result.cannot(method, problem)
    known = pattern(of)
    estimate = int((known.share < share).sum())
    low, high = np.percentile((known.draws < share).sum(axis=1), [2.5, 97.5])
    return Result(
        method=method, estimate=estimate, low=float(low), high=float(high), n=int(np.nansum(of.counts.to_numpy())), unit="months",
        warnings=_caveats(of), sentence=f"{share:.0%} of seizures are reported within {estimate} months of being found.",
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Nowcast(Table):
    """``estimate`` is the sum over the unfinished months; rows has each of them."""

    usual: Result = field(default_factory=lambda: Result.cannot(METHOD, ""))


def nowcast(
    rows: pd.DataFrame,
    as_of: object = None,
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
    problem = _problem(of)
    if problem:
        return Nowcast.cannot(METHOD, problem)
    known = pattern(of, seed=seed)
    table, draws = _forecast(of, known, np.random.default_rng(seed + 1))
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
        method=METHOD, estimate=float(np.mean(whole)), low=float(low), high=float(high), n=int(seen), unit="seizures", rows=table,
        usual=usual_delay(of), warnings=(*_caveats(of), "A forecast: it holds only while delays stay as they were."),
        sentence=f"The last {len(table)} months stand at {seen:,.0f} and will probably come to {np.mean(whole):,.0f} ({low:,.0f} to {high:,.0f}).",
    )  # fmt: skip


def _forecast(of: Triangle, known: Pattern, rng: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
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


def _caveats(of: Triangle) -> tuple[str, ...]:
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
