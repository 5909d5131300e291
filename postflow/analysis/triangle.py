"""The found × reported triangle of one contributor, and the share reported at each age by the chain ladder."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from postflow.analysis.dates import Day, month
from postflow.analysis.series import months_of

MAX_DELAY = 24
"""Months after which a report is no longer waited for."""
DRAWS = 1000


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
    rows: pd.DataFrame, as_of: Day | None = None, *, max_delay: int = MAX_DELAY, reported: pd.Series | None = None
) -> Triangle:
    """Found × reported, as it was known at the end of ``as_of``.

    Args:
        rows: seized_month (date), reported_month (date; NaT = not told), seizures (count), of one contributor.
        as_of: last whole month of reporting; None = the latest in the rows.
        max_delay: the last column; later reports are added to it.
        reported: month → count or NaN; months with NaN are gaps and leave the triangle.
    """
    found, told = months_of(rows["seized_month"]), months_of(rows["reported_month"])
    end = told.max() if as_of is None else month(as_of)
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


def known_at(of: Triangle, as_of: pd.Timestamp) -> Triangle:
    """The triangle as it was known at the end of an earlier month; seizures without a date of report are in neither."""
    cells = of.counts[of.counts.index <= as_of]
    waited = np.array([(as_of.year - at.year) * 12 + as_of.month - at.month for at in cells.index])
    unknown = np.arange(cells.shape[1])[None, :] > waited[:, None]
    return Triangle(cells.mask(unknown) if len(cells) else cells, as_of, 0)


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
