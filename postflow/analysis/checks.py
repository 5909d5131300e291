"""The simulations behind docs/calibration.md for intervals, change points, trend and season."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from statsmodels.stats.proportion import proportion_confint

from postflow.analysis import change_points as points
from postflow.analysis import intervals as limits
from postflow.analysis import simulate as sim
from postflow.analysis.seasonal import seasonality
from postflow.analysis.trend import lines

SEEDS = 20
QUICK, FULL = 100, 500
COVER, ALARM = (0.93, 1.0), (0.0, 0.025)


@dataclass(frozen=True)
class Check:
    """One line of the report: a share of runs, and the bound it is held to."""

    what: str
    case: str
    hits: float
    n: int
    bound: tuple[float, float] | None = None
    """None = a known limit or a power, told and not promised."""
    told_as: str = ""

    @property
    def share(self) -> float:
        """Hits over runs."""
        return self.hits / self.n if self.n else math.nan

    @property
    def told(self) -> str:
        """The share, and how many runs it stands on."""
        return self.told_as or f"{self.share:.1%} of {self.n:,}"

    @property
    def bound_words(self) -> str:
        """The bound in words."""
        if self.bound is None:
            return "told"
        return f"at least {self.bound[0]:.0%}" if self.bound[1] >= 1 else f"at most {self.bound[1]:.1%}"

    @property
    def verdict(self) -> str:
        """``ok`` inside the bound; ``within noise`` past it by no more than this many runs can tell (99 %)."""
        if self.bound is None:
            return ""
        if not self.n:
            return "**outside**"
        if self.bound[0] <= self.share <= self.bound[1]:
            return "ok"
        low, high = proportion_confint(round(self.hits), self.n, alpha=0.01, method="wilson")
        return "within noise" if high >= self.bound[0] and low <= self.bound[1] else "**outside**"


def noise(k: float | None) -> str:
    """Words for the scatter."""
    return "Poisson" if k is None else f"NB k = {k:g}"


def intervals(runs: int) -> list[Check]:
    """Counts, and ratios of a year to the year before."""
    rng, found = np.random.default_rng(11), []
    for mean in (2, 10, 100):
        got = sim.counts(rng, mean, (runs * 5,))
        low, high = limits.count_limits(got)
        found.append(
            Check("count", f"Poisson, mean {mean}", int(((low <= mean) & (mean <= high)).sum()), len(got), COVER)
        )
    for k in (None, 5, 1.5):
        for mean in (1, 5, 20):
            for ratio in (1.0, 1.5):
                found.append(_ratio(rng, runs, mean, ratio, k))
    plain = sum(_holds(1.0, rng, 20, 1.0, 1.5, scaled=False) for _ in range(runs))
    found.append(Check("ratio of two years, dispersion ignored", "NB k = 1.5, 20 a month, ratio 1", plain, runs))
    return found


def _ratio(rng: np.random.Generator, runs: int, mean: float, ratio: float, k: float | None) -> Check:
    hits = sum(_holds(ratio, rng, mean, ratio, k) for _ in range(runs))
    return Check("ratio of two years", f"{noise(k)}, {mean} a month, ratio {ratio:g}", hits, runs, COVER)


def _holds(
    truth: float, rng: np.random.Generator, mean: float, ratio: float, k: float | None, *, scaled: bool = True
) -> bool:
    values = np.concatenate([sim.counts(rng, mean, (12,), k), sim.counts(rng, mean * ratio, (12,), k)])
    series = sim.months(values)
    if not scaled:
        found = limits.change(values[12:].sum(), values[:12].sum())
    else:
        found = limits.change_between(series, (series.index[12], series.index[23]), (series.index[0], series.index[11]))
    return not found.can_say or found.low <= truth <= found.high


def change_points(runs: int) -> list[Check]:
    """False alarms over noise, length and level; finds; where the interval of the month lies."""
    rng, found = np.random.default_rng(12), []
    for k in (None, 5, 1.5):
        for length in (24, 60, 120):
            alarms = sum(
                bool(points.positions(y)[0]) for mean in (3, 10, 40) for y in sim.counts(rng, mean, (runs, length), k)
            )
            found.append(
                Check("false alarm", f"{noise(k)}, {length} months, 3 / 10 / 40 a month", alarms, 3 * runs, ALARM)
            )
    linked = sum(bool(points.positions(y)[0]) for y in sim.clustered(rng, 15, (runs, 60)))
    found.append(Check("false alarm", "linked parcels (series of about 8), 60 months, 15 a month", linked, runs, ALARM))
    wave = 1 + 0.4 * np.sin(2 * np.pi * np.arange(60) / 12)
    for k in (None, 5):
        seasonal = sum(bool(points.positions(y)[0]) for y in sim.counts(rng, 40 * wave, (runs, 60), k))
        found.append(
            Check("false alarm", f"season of ± 40 %, {noise(k)}, 60 months, 40 a month", seasonal, runs, (0.0, 0.025))
        )
    for rho in (0.2, 0.4):
        wander = sum(bool(points.positions(y)[0]) for y in sim.remembered(rng, 20, (runs, 60), rho))
        found.append(
            Check("false alarm, *known limit*", f"level that wanders, autocorrelation {rho}, 60 months", wander, runs)
        )
    return [*found, *_found_steps(rng, runs)]


def _found_steps(rng: np.random.Generator, runs: int) -> list[Check]:
    found = []
    for k in (None, 5):
        for mean in (3, 10, 40):
            level = np.repeat([mean, 2 * mean], 30)
            near = held = told = 0
            for y in sim.counts(rng, level, (runs, 60), k):
                starts, roots, scatter = points.positions(y)
                near += any(abs(at - 30) <= 3 for at in starts)
                if len(starts) == 1:
                    first, last = points.place(roots, 0, starts[0], 60, scatter)
                    told, held = told + 1, held + (first <= 30 <= last)
            found.append(
                Check("found within 3 months", f"{noise(k)}, {mean} → {2 * mean} a month, 60 months", near, runs)
            )
            found.append(Check("month inside its span", f"{noise(k)}, {mean} → {2 * mean} a month", held, told, COVER))
    return found


def trends(runs: int) -> list[Check]:
    """The steady trend and the season."""
    rng, found = np.random.default_rng(13), []
    for length in (36, 60, 120):
        for k in (None, 5):
            alarms = lines(sim.counts(rng, 10, (runs, length), k)).answer.is_clear.sum()
            found.append(
                Check("trend, false alarm", f"{noise(k)}, {length} months, 10 a month", int(alarms), runs, (0.0, 0.05))
            )
    case, slope = "NB k = 5, 7 → 13 a month over 60 months", 6 / 59
    told = lines(sim.counts(rng, np.linspace(7, 13, 60), (runs, 60), 5))
    rose = told.answer.is_clear & (told.answer.sign > 0)
    found.append(Check("trend, found", case, int(rose.sum()), runs))
    found.append(Check("trend, declined", case, int(told.answer.is_declined.sum()), runs))
    held = int(((told.low <= slope) & (slope <= told.high)).sum())
    found.append(Check("slope inside its interval", case, held, runs, COVER))
    wave = 1 + 0.4 * np.sin(2 * np.pi * np.arange(60) / 12)
    seasonal = int(lines(sim.counts(rng, 10 * wave, (runs, 60), 5)).answer.is_clear.sum())
    found.append(Check("trend, false alarm", "season of ± 40 %, NB k = 5, 60 months", seasonal, runs, (0.0, 0.05)))
    return [*found, *_seasons(rng, runs, wave)]


def _seasons(rng: np.random.Generator, runs: int, wave: np.ndarray) -> list[Check]:
    flat = sum(seasonality(sim.months(y)).can_say for y in sim.counts(rng, 10, (runs, 60), 5))
    there = sum(seasonality(sim.months(y)).can_say for y in sim.counts(rng, 10 * wave, (runs, 60), 5))
    return [
        Check("season, false alarm", "NB k = 5, 60 months, 10 a month", flat, runs, (0.0, 0.05)),
        Check("season, found", "± 40 %, NB k = 5, 60 months, 10 a month", there, runs),
    ]
