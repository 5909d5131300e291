"""The simulations behind docs/calibration.md, one function per method; each line says what it promises."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from postflow.analysis import change_points as points
from postflow.analysis import displacement as moves
from postflow.analysis import emerging, mirror
from postflow.analysis import intervals as limits
from postflow.analysis import simulate as sim
from postflow.analysis.delay import nowcast
from postflow.analysis.seasonal import seasonality
from postflow.analysis.series import dispersion
from postflow.analysis.trend import trend

SEEDS = 20
QUICK, FULL = 100, 1000
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
        """Inside the bound, give or take what this many runs can tell."""
        if self.bound is None:
            return ""
        if not self.n:
            return "**outside**"
        low, high = proportion_confint(round(self.hits), self.n, alpha=0.01, method="wilson")
        return "ok" if high >= self.bound[0] and low <= self.bound[1] else "**outside**"


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
    """Mann-Kendall and the season."""
    rng, runs, found = np.random.default_rng(13), max(SEEDS, runs // 4), []
    for length in (24, 60, 120):
        for k in (None, 5):
            told = [trend(sim.months(y)) for y in sim.counts(rng, 10, (runs, length), k)]
            alarms = sum(result.direction in ("rose", "fell") for result in told)
            found.append(
                Check("trend, false alarm", f"{noise(k)}, {length} months, 10 a month", alarms, runs, (0.0, 0.05))
            )
    slope = sim.counts(rng, np.linspace(7, 13, 60), (runs, 60), 5)
    told = [trend(sim.months(y)) for y in slope]
    found.append(
        Check("trend, found", "NB k = 5, 7 → 13 a month over 60 months", sum(r.direction == "rose" for r in told), runs)
    )
    held = sum(r.low <= 12 * 6 / 59 <= r.high for r in told)
    found.append(Check("slope inside its interval", "NB k = 5, 7 → 13 a month over 60 months", held, runs, COVER))
    wave = 1 + 0.4 * np.sin(2 * np.pi * np.arange(60) / 12)
    seasonal = sum(
        trend(sim.months(y)).direction in ("rose", "fell") for y in sim.counts(rng, 10 * wave, (runs, 60), 5)
    )
    found.append(Check("trend, false alarm", "season of ± 40 %, NB k = 5, 60 months", seasonal, runs, (0.0, 0.05)))
    wander = sum(trend(sim.months(y)).direction in ("rose", "fell") for y in sim.remembered(rng, 20, (runs, 60), 0.4))
    found.append(Check("trend, false alarm, *known limit*", "level that wanders, autocorrelation 0.4", wander, runs))
    return [*found, *_seasons(rng, runs, wave)]


def _seasons(rng: np.random.Generator, runs: int, wave: np.ndarray) -> list[Check]:
    flat = sum(seasonality(sim.months(y)).can_say for y in sim.counts(rng, 10, (runs, 60), 5))
    there = sum(seasonality(sim.months(y)).can_say for y in sim.counts(rng, 10 * wave, (runs, 60), 5))
    return [
        Check("season, false alarm", "NB k = 5, 60 months, 10 a month", flat, runs, (0.0, 0.05)),
        Check("season, found", "± 40 %, NB k = 5, 60 months, 10 a month", there, runs),
    ]


def nowcasts(runs: int) -> list[Check]:
    """Late reports with lumps, at a steady level and after a rise."""
    seeds, found = max(SEEDS, runs // 10), []
    shapes = {
        "steady": np.full(48, 20.0), "small, 4 a month": np.full(48, 4.0), "rising by half": np.linspace(16, 24, 48),
        "doubled six months ago": np.repeat([15.0, 30.0], [42, 6]),
    }  # fmt: skip
    for name, mean in shapes.items():
        for batch in (200, 20):
            hits = n = 0
            ours = bare = 0.0
            for seed in range(seeds):
                rows, truth = sim.late_reports(np.random.default_rng(1400 + seed), mean, batch=batch)
                told = nowcast(rows, truth.index[-1], max_delay=14).rows
                final = told["seized_month"].map(truth)
                hits += int(((final >= told["low"]) & (final <= told["high"])).sum())
                n += len(told)
                ours, bare = (
                    ours + (told["estimate"] - final).abs().sum(),
                    bare + (told["reported"] - final).abs().sum(),
                )
            case = f"{name}, reports {'in lumps' if batch == 20 else 'spread'}"
            bound = COVER if "doubled" not in name else None
            found.append(
                Check("month inside its interval" + ("" if bound else ", *known limit*"), case, hits, n, bound)
            )
            found.append(Check("error beside the bare counts", case, ours, 1, None, f"{ours / bare:.0%} of it"))
    return found


def displacements(runs: int) -> list[Check]:
    """Target falls by half; the neighbours take none, half or all of it."""
    found = []
    for k in (None, 5):
        for moved in (0.0, 0.5, 1.0):
            rng, level = np.random.default_rng(15), np.array([[30.0, 20.0, 40.0], [15.0, 20.0 + 15.0 * moved, 40.0]])
            told = held = claimed = 0
            for _ in range(runs):
                result = _quotient(rng, level, k)
                told += result is not None
                held += result is not None and result[1] <= -moved <= result[2]
                claimed += result is not None and result[2] < 0
            case = f"{noise(k)}, half of 30 a month gone, {moved:.0%} of it next door"
            found.append(Check("quotient inside its interval", case, held, told, COVER))
            found.append(Check("a quotient is given", case, told, runs))
            bound = (0.0, 0.025) if moved == 0 else None
            found.append(Check("displacement claimed" + (" falsely" if bound else ""), case, claimed, runs, bound))
    rng, same = np.random.default_rng(16), np.array([[30.0, 20.0, 40.0], [30.0, 20.0, 40.0]])
    nothing = sum(_quotient(rng, same, 5) is not None for _ in range(runs))
    return [*found, Check("a quotient is given where nothing changed", "NB k = 5", nothing, runs, (0.0, 0.05))]


def _quotient(rng: np.random.Generator, level: np.ndarray, k: float | None) -> tuple[float, float, float] | None:
    values = np.concatenate([sim.counts(rng, side, (12, 3), k) for side in level])
    wide = pd.DataFrame(values, columns=["AA", "BB", "CC"], index=sim.months(np.zeros(24)).index)
    result = moves.displacement(wide, wide.index[12], "AA", ["BB"])
    return (result.estimate, result.low, result.high) if result.can_say else None


def emergences(runs: int) -> list[Check]:
    """Forty categories of all sizes, nothing new; then one that rises fivefold."""
    rng, found = np.random.default_rng(17), []
    mean = np.geomspace(0.02, 20, 40)
    for k in (None, 5, 1.5):
        false = true = 0
        for _ in range(runs):
            past, now = sim.counts(rng, mean, (36, 40), k), sim.counts(rng, mean, (40,), k)
            false += bool(_flagged(now, past).any())
            now[20] = sim.counts(rng, 5 * mean[20] + 5, (1,), k)[0]
            true += bool(_flagged(now, past)[20])
        found.append(
            Check(
                "any false alarm in the list", f"{noise(k)}, 40 categories, one month on 36", false, runs, (0.0, 0.06)
            )
        )
        found.append(Check("found", f"{noise(k)}, {mean[20]:.1f} → {5 * mean[20] + 5:.1f} a month", true, runs))
    return found


def _flagged(now: np.ndarray, past: np.ndarray) -> np.ndarray:
    table = emerging.forecast(now, past, 1)
    return emerging.stands_out(table)[0]


def mirrors(runs: int) -> list[Check]:
    """Who stops it, with and without lumps."""
    rng, found = np.random.default_rng(18), []
    for sent, received in ((5, 5), (40, 10), (200, 300)):
        truth, hits = (received - sent) / (received + sent), 0
        for _ in range(runs):
            e, i = rng.poisson(sent), rng.poisson(received)
            row = mirror.asymmetry(e, i)
            hits += math.isnan(row["low"]) or row["low"] <= truth <= row["high"]
        found.append(Check("asymmetry", f"Poisson, {sent} sent side, {received} received side", hits, runs, COVER))
    return [*found, _lumpy(rng, runs)]


def _lumpy(rng: np.random.Generator, runs: int) -> Check:
    hits = 0
    for _ in range(runs):
        e, i = sim.counts(rng, 10, (24,), 3), sim.counts(rng, 20, (24,), 3)
        row = mirror.asymmetry(e.sum(), i.sum(), (dispersion(sim.months(e)) + dispersion(sim.months(i))) / 2)
        hits += row["low"] <= 1 / 3 <= row["high"]
    return Check("asymmetry, scaled by dispersion", "NB k = 3, two years of 10 and 20 a month", hits, runs, COVER)
