"""Intervals for counts and for the ratio of two counts, and the words "rose" and "fell" only where they allow it.

Exact central interval for a Poisson count (statsmodels ``confint_poisson``, "exact-c": 5 → 1.6 to 11.7). Score
interval for a ratio:
statsmodels ``confint_poisson_2indep`` finds it by a numeric search that fails on a zero count and takes one pair at a
time, so its equation is solved here in closed form (a test holds the two together).
Where monthly counts scatter more than Poisson, the counts are divided by the dispersion (quasi-Poisson, the
negative binomial's variance at a given mean), and Student's t stands for the normal because the dispersion is
estimated.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.rates import confint_poisson, confint_poisson_2indep

from postflow.analysis.breaks import comparable
from postflow.analysis.dates import Span, spell_month
from postflow.analysis.like_for_like import differing
from postflow.analysis.result import NOISE_ONLY, Change, Result, number
from postflow.analysis.series import dispersion, window

RATIO = "score interval for the ratio of two counts"

FEW = 10
"""Below this many seizures in all a ratio is told with a warning."""


def alpha_for(months: int, level: float = 0.95) -> float:
    """The alpha of the normal quantile that equals Student's t on the differences of ``months`` months.

    Squared differences of neighbours overlap, so n - 1 of them are worth about two thirds as many
    independent ones (von Neumann 1941).
    """
    if months <= 2:
        return 1 - level
    return float(2 * stats.norm.sf(stats.t.isf((1 - level) / 2, max(2.0, 2 * (months - 1) / 3))))


def count_limits(counts: np.ndarray, phi: float = 1.0, alpha: float = 0.05) -> tuple[np.ndarray, np.ndarray]:
    """Exact central interval of each count; widened by the dispersion ``phi``. Vectorised, for bands."""
    low, high = confint_poisson(np.asarray(counts, dtype=float) / phi, 1, method="exact-c", alpha=alpha)
    return np.asarray(low) * phi, np.asarray(high) * phi


def count(value: float, *, months: pd.Series | None = None, level: float = 0.95) -> Result:
    """The interval of one count.

    Args:
        value: the count; NaN = not reported.
        months: the monthly counts behind it, from which the dispersion is estimated; None = Poisson.
        level: of the interval.
    """
    if math.isnan(value) or value < 0:
        return Result.cannot("count", "Not reported, so there is no count.")
    phi, alpha = noise([months] if months is not None else [], level)
    low, high = count_limits(np.array([value]), phi, alpha)
    method = "exact Poisson interval" if phi == 1 else f"exact Poisson interval scaled by dispersion {phi:.1f}"
    sentence = f"{value:,.0f} seizures ({number(low[0])} to {number(high[0])})."
    return Result(
        estimate=value,
        low=float(low[0]),
        high=float(high[0]),
        level=level,
        method=method,
        n=int(value),
        unit="seizures",
        warnings=(NOISE_ONLY,),
        sentence=sentence,
    )


def band(series: pd.Series) -> pd.DataFrame:
    """The thin band of a monthly line: month → value, low, high; NaN where not reported."""
    known = series.dropna()
    low, high = count_limits(known.to_numpy()) if len(known) else (np.array([]), np.array([]))
    rows = pd.DataFrame({"value": known, "low": low, "high": high}, index=known.index)
    return rows.reindex(series.index)


def ratio_limits(new: float, new_exposure: float, old: float, old_exposure: float, alpha: float) -> tuple[float, float]:
    """Score interval of (new / exposure) / (old / exposure); the upper end is infinite where old is zero.

    Solves (new - old r)² = z² (new + old) r, the equation behind statsmodels' score interval.
    """
    z2, both, scale = stats.norm.isf(alpha / 2) ** 2, new + old, old_exposure / new_exposure
    if old == 0:
        return (new * new / (z2 * both) * scale, math.inf) if new > 0 else (0.0, math.inf)
    middle = 2 * new * old + z2 * both
    root = math.sqrt(max(0.0, middle**2 - 4 * (new * old) ** 2))
    return (middle - root) / (2 * old**2) * scale, (middle + root) / (2 * old**2) * scale


def change(
    new: float,
    old: float,
    *,
    new_months: float = 1,
    old_months: float = 1,
    phi: float = 1.0,
    alpha: float = 0.05,
    gap: str = "",
    reporters_differ: str = "",
    level: float = 0.95,
) -> Change:
    """How many times the old rate is the new one, and whether the interval allows a direction.

    Args:
        new: the newer count; old: the older one.
        new_months: months reported behind new; old_months: behind old. The ratio is per month.
        phi: dispersion; alpha: 1 - level, or what :func:`alpha_for` makes of it.
        gap: words for unreported months between the two, such as ``2014 and 2015 were not reported``.
        reporters_differ: words for reporters that are in one period only.
        level: of the interval.
    """
    method = RATIO + (f", scaled by dispersion {phi:.1f}" if phi > 1 else "")
    total = new + old
    if math.isnan(total) or new_months <= 0 or old_months <= 0:
        return Change.cannot(method, "One of the two periods was not reported, so they cannot be compared.")
    if total == 0:
        return Change.cannot(method, "No seizures in either period, so there is no change to measure.")
    low, high = ratio_limits(new / phi, new_months, old / phi, old_months, alpha)
    estimate = math.inf if old == 0 else (new / new_months) / (old / old_months)
    direction = _direction(low, high, gapped=bool(gap or reporters_differ))
    few = f"Only {total:,.0f} seizures in both periods." if total < FEW else ""
    bridge = (
        f"{gap}: the path between is not known, so this is a difference and not a measured rise or fall." if gap else ""
    )
    notes = (bridge, reporters_differ, few, NOISE_ONLY)
    return Change(
        estimate=estimate,
        low=low,
        high=high,
        level=level,
        method=method,
        n=int(total),
        unit="ratio",
        warnings=tuple(note for note in notes if note),
        direction=direction,
        new=float(new),
        old=float(old),
        sentence=_change_words(new, old, estimate, low, high, direction, gap, new_months != old_months),
    )


def change_between(
    series: pd.Series,
    new: Span,
    old: Span,
    *,
    events: pd.DataFrame | None = None,
    reporters: Iterable[str] | None = None,
    reporting: pd.DataFrame | None = None,
    level: float = 0.95,
) -> Change:
    """The change between two spans of a monthly series, gaps between them told and never bridged.

    Args:
        series: month → count, NaN where not reported (:func:`postflow.analysis.series.monthly`).
        new: first and last month of the newer span; old: of the older one.
        events: the event table of :mod:`postflow.analysis.breaks`; a break between the spans ends the comparison.
        reporters: whose breaks count; None = all.
        reporting: ``charts/reporters_by_period``; with other reporters behind the spans, nothing rose or fell.
        level: of the interval.
    """
    verdict = comparable(new, old, events, reporters)
    if not verdict.can_say:
        return replace(Change.cannot(RATIO, verdict.sentence), direction="not comparable")
    ahead, behind = window(series, *new), window(series, *old)
    if not ahead.notna().any() or not behind.notna().any():
        empty = new if not ahead.notna().any() else old
        why = f"{spell_month(empty[0])} to {spell_month(empty[1])} was not reported, so there is nothing to compare."
        return Change.cannot(RATIO, why)
    phi, alpha = noise([ahead, behind], level)
    return change(
        float(ahead.sum()),
        float(behind.sum()),
        new_months=int(ahead.notna().sum()),
        old_months=int(behind.notna().sum()),
        phi=phi,
        alpha=alpha,
        gap=_gap_between(series, behind, ahead),
        reporters_differ="" if reporting is None else differing(reporting, new, old),
        level=level,
    )


def difference_limits(new: float, old: float, phi: float = 1.0, alpha: float = 0.05) -> tuple[float, float]:
    """Interval of new - old (statsmodels, MOVER on score intervals), widened by the dispersion."""
    low, high = confint_poisson_2indep(new / phi, 1, old / phi, 1, method="mover", compare="diff", alpha=alpha)
    return float(low) * phi, float(high) * phi


def pooled_dispersion(parts: list[pd.Series]) -> float:
    """Dispersion over several stretches, without the steps between them."""
    joined = [value for part in parts for value in (*part.tolist(), float("nan"))]
    return dispersion(pd.Series(joined, dtype=float))


def noise(parts: list[pd.Series], level: float = 0.95) -> tuple[float, float]:
    """Dispersion, and the alpha that its uncertainty calls for; plain Poisson below six months."""
    months = sum(int(part.notna().sum()) for part in parts)
    if months < 6:
        return 1.0, 1 - level
    return pooled_dispersion(parts), alpha_for(months, level)


def _direction(low: float, high: float, *, gapped: bool) -> str:
    if low > 1:
        return "higher" if gapped else "rose"
    if high < 1:
        return "lower" if gapped else "fell"
    return "no clear change"


def _gap_between(series: pd.Series, behind: pd.Series, ahead: pd.Series) -> str:
    first, last = min(behind.index[0], ahead.index[0]), max(behind.index[-1], ahead.index[-1])
    missing = window(series, first, last).isna()
    if not missing.any():
        return ""
    at = missing[missing].index
    whole = [year for year in sorted(set(at.year)) if (at.year == year).sum() == 12]
    if whole and len(at) == 12 * len(whole):
        words = ", ".join(str(year) for year in whole[:-1]) + (" and " if len(whole) > 1 else "") + str(whole[-1])
        return f"{words} {'was' if len(whole) == 1 else 'were'} not reported"
    return f"{len(at)} months from {spell_month(at[0])} to {spell_month(at[-1])} were not reported"


def _change_words(
    new: float, old: float, estimate: float, low: float, high: float, direction: str, gap: str, per_month: bool
) -> str:
    rate = " per month reported" if per_month else ""
    if math.isinf(estimate):
        return (
            f"{new:,.0f} against none; at least {number(low)} times as many{rate}."
            if low > 1
            else (f"{new:,.0f} against none: too few to call a change.")
        )
    times = f"{number(estimate)} times ({number(low)} to {number(high)}){rate}"
    words = {"rose": "rose", "fell": "fell", "higher": "higher", "lower": "lower"}.get(direction, "no clear change")
    tail = f" {gap[0].upper()}{gap[1:]}." if gap else ""
    return f"{new:,.0f} against {old:,.0f}, {times}: {words}.{tail}"
