"""Season: which months stand above the year's level, and only with three full years."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM, GLMResults

from postflow.analysis.result import Table, number
from postflow.analysis.series import runs

METHOD = "two yearly harmonics in a quasi-Poisson model with a level per year"
SEASON_MONTHS = 36
"""Below three years a season cannot be told from a change of level."""
MIN_SEIZURES = 60
DRAWS = 2000
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def waves(months: np.ndarray) -> np.ndarray:
    """The four columns of a yearly and a half-yearly wave at these months (0 = January)."""
    angle = 2 * np.pi * np.asarray(months) / 12
    return np.column_stack([np.sin(angle), np.cos(angle), np.sin(2 * angle), np.cos(2 * angle)])


def without_season(values: np.ndarray) -> np.ndarray:
    """The values less a yearly wave, where three years show one; else as they are.

    Half a strong wave lasts six months and would pass for a level or a trend. The wave is fitted to differences of
    neighbours, which a step leaves alone but for one month.

    Args:
        values: month, or series × month.
    """
    months = values.shape[-1]
    if months < SEASON_MONTHS:
        return values
    wave = waves(np.arange(months))
    steps, moves = np.diff(values, axis=-1), np.diff(wave, axis=0)
    fit = steps @ np.linalg.pinv(moves).T
    rest, free = ((steps - fit @ moves.T) ** 2).sum(axis=-1), months - 1 - 4
    with np.errstate(divide="ignore", invalid="ignore"):
        strength = ((steps**2).sum(axis=-1) - rest) / 4 / (rest / free)
    is_seen = np.nan_to_num(strength, nan=0.0) > stats.f.isf(0.05, 4, free)
    return np.where(is_seen[..., None], values - fit @ wave.T, values)


def seasonality(series: pd.Series) -> Table:
    """Does the count follow the calendar?

    Args:
        series: month → count, NaN where not reported. Only stretches of twelve months and more are used, three
            full years in all.

    Returns:
        ``estimate`` = highest month over lowest month, only where the test (F, 5 %) shows a season; rows — month (1
        to 12), name, index (1 = the year's level), low, high.
    """
    kept = [part.iloc[: len(part) // 12 * 12] for part in runs(series)]
    kept = [part for part in kept if len(part)]
    months = sum(len(part) for part in kept)
    total = float(sum(part.sum() for part in kept))
    if months < SEASON_MONTHS:
        return Table.cannot(
            METHOD, f"Only {months // 12} full years without a gap; a season needs three.", n=int(total)
        )
    if total < MIN_SEIZURES:
        return Table.cannot(METHOD, f"Only {total:,.0f} seizures; a season needs {MIN_SEIZURES}.", n=int(total))
    years = [part.iloc[at : at + 12] for part in kept for at in range(0, len(part), 12)]
    if all(year.nunique() == 1 for year in years):
        # Nothing is left to fit: the model would divide by a scatter of zero.
        why = "Every month of each year has the same count, so there is no season."
        return Table.cannot(METHOD, why, n=int(total))
    fit, plain = _fits(kept)
    strength = (plain.deviance - fit.deviance) / 4 / fit.scale
    p = float(stats.f.sf(strength, 4, fit.df_resid))
    return _told(fit, p, int(total))


def _fits(kept: list[pd.Series]) -> tuple[GLMResults, GLMResults]:
    """The model with and without the waves; each stretch of twelve months has its own level."""
    counts = np.concatenate([part.to_numpy(dtype=float) for part in kept])
    calendar = np.concatenate([pd.DatetimeIndex(part.index).month.to_numpy() - 1 for part in kept])
    level = pd.get_dummies(np.arange(len(counts)) // 12, dtype=float).to_numpy()
    # An empty year has no level to speak of and would send its coefficient to minus infinity.
    filled = level.T @ counts > 0
    used = level[:, filled].sum(axis=1) > 0
    poisson = families.Poisson()
    full = GLM(counts[used], np.column_stack([waves(calendar[used]), level[used][:, filled]]), family=poisson)
    plain = GLM(counts[used], level[used][:, filled], family=poisson)
    return full.fit(scale="X2"), plain.fit(scale="X2")


def _told(fit: GLMResults, p: float, total: int) -> Table:
    grid = waves(np.arange(12))
    draws = np.random.default_rng(0).multivariate_normal(fit.params[:4], fit.cov_params()[:4, :4], DRAWS) @ grid.T
    index = np.exp(draws)
    index /= index.mean(axis=1, keepdims=True)
    middle = np.exp(grid @ fit.params[:4])
    middle /= middle.mean()
    low, high = np.percentile(index, [2.5, 97.5], axis=0)
    rows = pd.DataFrame({"month": range(1, 13), "name": MONTHS, "index": middle, "low": low, "high": high})
    if p >= 0.05:
        why = f"No season stands out of the noise (p = {p:.2f}); the months shown are compatible with a flat year."
        return Table(method=METHOD, n=total, unit="ratio", rows=rows, can_say=False, sentence=why)
    ratios = index.max(axis=1) / index.min(axis=1)
    bounds = np.percentile(ratios, [2.5, 97.5])
    top, bottom = MONTHS[int(middle.argmax())], MONTHS[int(middle.argmin())]
    swing = float(middle.max() / middle.min())
    return Table(
        method=METHOD,
        estimate=swing,
        low=float(bounds[0]),
        high=float(bounds[1]),
        n=total,
        unit="ratio",
        rows=rows,
        warnings=("Months of finding, not of posting; staffing and checks have seasons too.",),
        sentence=f"Highest in {top}, lowest in {bottom}: {number(swing)} times apart ({number(bounds[0])} to "
        f"{number(bounds[1])}).",
    )
