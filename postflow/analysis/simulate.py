"""Made-up series with a known truth, to hold the methods to account. Never shown as data."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

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


def remembered(
    rng: np.random.Generator, mean: float, size: tuple[int, int], rho: float, spread: float = 0.4
) -> np.ndarray:
    """Counts whose level wanders and comes back (log-normal, first-order autocorrelation ``rho``)."""
    noise = rng.normal(size=size)
    level = noise.copy()
    for at in range(1, size[1]):
        level[:, at] = rho * level[:, at - 1] + np.sqrt(1 - rho**2) * noise[:, at]
    return rng.poisson(mean * np.exp(spread * level - spread**2 / 2)).astype(float)


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
