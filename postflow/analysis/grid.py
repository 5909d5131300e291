"""False alarms over the declared grid of worlds in which nothing changes, for docs/calibration.md.

Every method is put to the same worlds: autocorrelation 0 to 0.8, seasons of 0 and ± 40 %, Poisson to lumpy, sparse to
dense. Autocorrelation is that of the counts (``simulate.dependent``), or that of a level which wanders by about
40 % and comes back (``simulate.remembered``); the second is the harder one, because noise hides what is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from statsmodels.stats.proportion import proportion_confint

from postflow.analysis import simulate as sim
from postflow.analysis.checks import Check, noise
from postflow.analysis.trend import lines

RHOS = (0.0, 0.2, 0.4, 0.6, 0.8)
SEASONS = (0.0, 0.4)
MEANS = (1, 5, 20, 80)
SCATTERS = (None, 5, 1.5)
LENGTHS = (36, 60, 120)
OF = {"counts": sim.dependent, "level": sim.remembered}
PROMISED = 0.05


@dataclass(frozen=True)
class World:
    """One cell of the grid."""

    rho: float
    of: str
    """What depends on the month before: ``counts`` or ``level``."""
    months: int
    season: float
    mean: float
    k: float | None

    def draw(self, rng: np.random.Generator, runs: int) -> np.ndarray:
        """Series × month."""
        start = rng.uniform(0, 2 * np.pi, (runs, 1))
        wave = 1 + self.season * np.sin(2 * np.pi * np.arange(self.months) / 12 + start)
        return OF[self.of](rng, self.mean * wave, (runs, self.months), self.rho, k=self.k)

    @property
    def words(self) -> str:
        """As a line of the report says it."""
        return (
            f"autocorrelation {self.rho:g} of the {self.of}, {self.months} months, {self.mean:g} a month, "
            f"{noise(self.k)}, season ± {self.season:.0%}"
        )


@dataclass(frozen=True)
class Verdicts:
    """What a method says of series in which nothing changes."""

    is_false: np.ndarray
    is_declined: np.ndarray


Method = Callable[[np.ndarray], Verdicts]


@dataclass
class _Tally:
    false: int = 0
    declined: int = 0
    n: int = 0
    cells: int = 0
    out: list[tuple[float, str]] = field(default_factory=list)


def worlds(lengths: tuple[int, ...] = LENGTHS) -> Iterator[World]:
    """Every cell of the grid."""
    for rho in RHOS:
        for of in OF if rho else ("counts",):
            for months in lengths:
                for season in SEASONS:
                    for mean in MEANS:
                        for k in SCATTERS:
                            yield World(rho, of, months, season, mean, k)


def held(name: str, method: Method, runs: int, seed: int, lengths: tuple[int, ...] = LENGTHS) -> list[Check]:
    """One method over the grid: a line for each autocorrelation, and one for the cells that pass their band.

    Args:
        name: of the method. method: series × month → verdicts. runs: series in each cell. seed: of the run.
        lengths: months of the series.
    """
    by: dict[tuple[float, str], _Tally] = {}
    for number, world in enumerate(worlds(lengths)):
        found = method(world.draw(np.random.default_rng([seed, number]), runs))
        tally = by.setdefault((world.rho, world.of if world.rho else "counts or level"), _Tally())
        false = int(found.is_false.sum())
        tally.false, tally.declined = tally.false + false, tally.declined + int(found.is_declined.sum())
        tally.n, tally.cells = tally.n + runs, tally.cells + 1
        if proportion_confint(false, runs, alpha=0.01, method="wilson")[0] > PROMISED:
            tally.out.append((false / runs, world.words))
    return [line for (rho, of), tally in by.items() for line in _lines(name, rho, of, tally)]


def _lines(name: str, rho: float, of: str, tally: _Tally) -> Iterator[Check]:
    case = f"autocorrelation {rho:g} of the {of}, {tally.cells} worlds"
    yield Check(f"{name}, false alarm", case, tally.false, tally.n, (0.0, PROMISED))
    yield Check(f"{name}, declined", case, tally.declined, tally.n)
    if tally.out:
        share, words = max(tally.out)
        told = f"{len(tally.out)} of {tally.cells}; most {share:.0%}: {words}"
        yield Check(f"{name}, worlds past their band, *known limit*", case, len(tally.out), tally.cells, None, told)


def trends(counts: np.ndarray) -> Verdicts:
    """The steady trend; a stretch of fewer than 30 seizures is declined."""
    answer = lines(counts).answer
    few = counts.sum(axis=1) < 30
    return Verdicts(answer.is_clear & ~few, answer.is_declined | few)


def checks(runs: int) -> list[Check]:
    """The section of the report."""
    return held("trend", trends, max(20, runs * 2 // 5), 31)
