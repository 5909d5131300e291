"""Made-up series with a known truth, to hold the methods to account. Never shown as data."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

START = "2019-01-01"


def counts(
    rng: np.random.Generator, mean: np.ndarray | float, size: tuple[int, ...], k: float | None = None
) -> np.ndarray:
    """Counts around a mean: Poisson, or negative binomial with size ``k`` (variance mean + mean² / k)."""
    level = np.broadcast_to(np.asarray(mean, dtype=float), size)
    return rng.poisson(level if k is None else level * rng.gamma(k, 1 / k, size)).astype(float)


def months(values: np.ndarray | Sequence[float], start: str = START) -> pd.Series:
    """Values as a monthly series."""
    return pd.Series(
        np.asarray(values, dtype=float), index=pd.date_range(start, periods=len(values), freq="MS", name="month")
    )


def clustered(
    rng: np.random.Generator, mean: float, size: tuple[int, ...], share: float = 0.3, each: float = 8
) -> np.ndarray:
    """Single parcels, and series of linked parcels from one sender that are found together."""
    series = rng.poisson(mean * share / each, size)
    linked = rng.negative_binomial(np.maximum(series, 1) * 2, 2 / (2 + each)) * (series > 0)
    return (rng.poisson(mean * (1 - share), size) + linked).astype(float)


def _course(rng: np.random.Generator, size: tuple[int, int], rho: float) -> np.ndarray:
    """Standard normal series of first-order autocorrelation ``rho``."""
    course = rng.normal(size=size)
    for at in range(1, size[1]):
        course[:, at] = rho * course[:, at - 1] + np.sqrt(1 - rho**2) * course[:, at]
    return course


def remembered(
    rng: np.random.Generator,
    mean: np.ndarray | float,
    size: tuple[int, int],
    rho: float,
    spread: float = 0.4,
    k: float | None = None,
) -> np.ndarray:
    """Counts whose level wanders and comes back: ``rho`` is the first-order autocorrelation of the log-normal level.

    The counts themselves depend on one another less, the smaller they are.
    """
    level = np.asarray(mean, dtype=float) * np.exp(spread * _course(rng, size, rho) - spread**2 / 2)
    return counts(rng, level, size, k)


def dependent(
    rng: np.random.Generator, mean: np.ndarray | float, size: tuple[int, int], rho: float, k: float | None = None
) -> np.ndarray:
    """Poisson or negative binomial counts that themselves have about the autocorrelation ``rho`` (normal copula)."""
    chance = stats.norm.cdf(_course(rng, size, rho))
    level = np.broadcast_to(np.asarray(mean, dtype=float), size)
    law = stats.poisson(level) if k is None else stats.nbinom(k, k / (k + level))
    return law.ppf(chance).astype(float)


def late_reports(
    rng: np.random.Generator,
    mean: np.ndarray,
    *,
    k: float | None = 10,
    typical: float = 2.5,
    batch: float = 30,
    max_delay: int = 14,
) -> tuple[pd.DataFrame, pd.Series]:
    """Found × reported rows up to the last month found, and the truth.

    Args:
        rng: of the run.
        mean: seizures a month. k: of the monthly totals.
        typical: mean delay in months. batch: Dirichlet size of one month's own delay pattern; small = reports come in
            lumps.
        max_delay: no report comes later.

    Returns:
        rows — seized_month, reported_month, seizures, including reports still to come; the truth by month.
    """
    totals = counts(rng, mean, (len(mean),), k)
    shares = np.exp(-np.arange(max_delay + 1) / typical)
    shares /= shares.sum()
    index = pd.date_range(START, periods=len(mean), freq="MS")
    rows = []
    for at, total in enumerate(totals):
        parts = rng.multinomial(int(total), rng.dirichlet(shares * batch))
        rows += [
            (index[at], index[at] + pd.DateOffset(months=age), int(part)) for age, part in enumerate(parts) if part
        ]
    table = pd.DataFrame(rows, columns=["seized_month", "reported_month", "seizures"])
    return table, pd.Series(totals, index=index)
