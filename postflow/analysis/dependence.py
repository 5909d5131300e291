"""Months that depend on one another: a linear fit whose answers are averaged over how much they might.

Counts are taken as 2 sqrt(y + 3/8), on which Poisson noise has size one (Anscombe 1948). What is left beside the fitted
columns may be independent from month to month, or have a part that is remembered: covariance (1 - s) I + s r^|h| for
the shares and memories below. Each is weighed by its restricted likelihood and a prior that favours independence, and
every p and interval is the mixture of theirs. Where the months clearly depend on one another, an answer is given only
if it stands without the independent one; else it is declined.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import stats

SHARES = (0.5, 1.0)
"""Parts of the scatter that are remembered."""
MEMORIES = (0.4, 0.6, 0.75, 0.9)
"""Autocorrelation of that part from one month to the next."""
LEVEL = 0.05
STRICT = 0.01
"""The level where months clearly depend on one another; at 5 % wandering series pass in 8 %."""
PRIORS = ((96, 0.5, 2.0), (48, 0.75, 2.0), (0, 0.4, 1.5))
"""Months at least, prior of independence, odds of dependence from which it is clear. Under four years memory hardly
shows, so that independence is trusted less there; over eight years little power is lost by not trusting it."""


def roots(counts: np.ndarray) -> np.ndarray:
    """Counts on the scale where Poisson noise is one in size."""
    return 2 * np.sqrt(np.asarray(counts, dtype=float) + 3 / 8)


@lru_cache(maxsize=64)
def _whiteners(at: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Covariance × month × month that makes the scatter independent, and the logarithm of each determinant."""
    lag = np.abs(np.subtract.outer(at, at))
    same = np.eye(len(at))
    all_of = [same, *((1 - share) * same + share * memory**lag for share in SHARES for memory in MEMORIES)]
    roots_of = np.linalg.cholesky(np.array(all_of))
    return np.linalg.inv(roots_of), 2 * np.log(np.diagonal(roots_of, axis1=1, axis2=2)).sum(axis=1)


@lru_cache(maxsize=64)
def _designed(at: tuple[int, ...], columns: int, held: bytes) -> tuple[np.ndarray, ...]:
    design = np.frombuffer(held).reshape(len(at), columns)
    whiten, size = _whiteners(at)
    white = whiten @ design
    cross = np.swapaxes(white, 1, 2) @ white
    inverse = np.linalg.inv(cross)
    solve = inverse @ np.swapaxes(white, 1, 2) @ whiten
    # The rest of a fit as one matrix for each covariance: what is left is rest @ values, already whitened.
    rest = whiten - white @ solve
    return solve, rest, inverse, size + np.linalg.slogdet(cross)[1]


@dataclass(frozen=True)
class Fits:
    """The same design fitted to each series under each covariance; the first is independence."""

    beta: np.ndarray
    """Covariance × series × column."""
    inverse: np.ndarray
    """Covariance × column × column: times the variance, that of ``beta``."""
    rest: np.ndarray
    """Covariance × series: whitened squares left."""
    likelihood: np.ndarray
    """Covariance × series: logarithm of the restricted likelihood, up to a constant that the design does not share."""
    free: int
    months: int

    @property
    def weights(self) -> np.ndarray:
        """Covariance × series: what each counts for; sums to one."""
        _, prior, _ = _rule(self.months)
        return _weighed(self.likelihood, prior)

    @property
    def remembered(self) -> np.ndarray:
        """Covariance × series: the same without independence."""
        return _weighed(self.likelihood, 0.0)

    @property
    def odds(self) -> np.ndarray:
        """How many times likelier dependent months make each series than independent ones do."""
        gain = self.likelihood[1:] - self.likelihood[0]
        most = gain.max(axis=0)
        return np.exp(np.minimum(most, 700)) * np.exp(gain - most).mean(axis=0)

    @property
    def is_dependent(self) -> np.ndarray:
        """Whether the months of each series clearly depend on one another."""
        return self.odds >= _rule(self.months)[2]

    def spread(self, contrast: np.ndarray) -> np.ndarray:
        """Covariance × series: standard error of a contrast of the columns."""
        part = np.einsum("k,mkl,l->m", contrast, self.inverse, contrast)
        return np.sqrt(self.rest / self.free * part[:, None])

    def upper(self, contrast: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Chance of a contrast as high as found, were it zero; series."""
        with np.errstate(divide="ignore", invalid="ignore"):
            score = np.nan_to_num(self.beta @ contrast / self.spread(contrast))
        return (weights * stats.t.sf(score, self.free)).sum(axis=0)

    def estimate(self, contrast: np.ndarray) -> np.ndarray:
        """A contrast of the columns, mean over the covariances; series."""
        return (self.weights * (self.beta @ contrast)).sum(axis=0)

    def reach(self, contrast: np.ndarray, level: float = LEVEL) -> np.ndarray:
        """Half the width of a contrast's interval: beyond it lies ``level`` of the mixture; series."""
        spread, weights = self.spread(contrast), self.weights
        # The widest of the covariances bounds the mixture; bisection, because a mixture has no quantile in closed form.
        low, high = np.zeros(spread.shape[1]), spread.max(axis=0) * stats.t.isf(level / 2, self.free) * 1.01
        for _ in range(40):
            middle = (low + high) / 2
            with np.errstate(divide="ignore", invalid="ignore"):
                beyond = (weights * 2 * stats.t.sf(np.nan_to_num(middle / spread), self.free)).sum(axis=0)
            low, high = np.where(beyond > level, middle, low), np.where(beyond > level, high, middle)
        return high


@dataclass(frozen=True)
class Answer:
    """A contrast held against zero, by series."""

    p: np.ndarray
    """Two-sided; where months clearly depend on one another, without independence in the mixture."""
    sign: np.ndarray
    """1 or -1: the side to which the test's statistic lies."""
    is_clear: np.ndarray
    is_declined: np.ndarray
    """The contrast would be clear, but months depend on one another, and it does not stand out of what that makes."""


def _rule(months: int) -> tuple[int, float, float]:
    return next(rule for rule in PRIORS if months >= rule[0])


def _weighed(likelihood: np.ndarray, prior: float) -> np.ndarray:
    share = np.full(len(likelihood), (1 - prior) / (len(likelihood) - 1))
    share[0] = prior
    weights = np.exp(likelihood - likelihood.max(axis=0)) * share[:, None]
    return weights / weights.sum(axis=0)


def fit(values: np.ndarray, design: np.ndarray, at: np.ndarray | None = None) -> Fits:
    """Fit a design to one or more series under every covariance.

    Args:
        values: series × month, or one series, on the scale of :func:`roots`.
        design: month × column, of full rank, with fewer columns than months.
        at: which month each value is of, where some are missing; None = one after the other.
    """
    values = np.atleast_2d(values)
    months = np.arange(values.shape[1]) if at is None else np.asarray(at)
    held = np.ascontiguousarray(design, dtype=float)
    solve, left, inverse, size = _designed(tuple(int(n) for n in months), held.shape[1], held.tobytes())
    rest = np.maximum((np.matmul(values, np.swapaxes(left, 1, 2)) ** 2).sum(axis=2), 1e-12)
    free = held.shape[0] - held.shape[1]
    likelihood = -size[:, None] / 2 - free / 2 * np.log(rest)
    return Fits(np.matmul(values, np.swapaxes(solve, 1, 2)), inverse, rest, likelihood, free, held.shape[0])


def against_zero(fits: Fits, contrast: np.ndarray, level: float = LEVEL) -> Answer:
    """Is a contrast of the columns other than zero?

    Args:
        fits: of :func:`fit`. contrast: one weight for each column. level: two-sided; the strict one goes with it.
    """
    above, strict = fits.upper(contrast, fits.weights), fits.upper(contrast, fits.remembered)
    dependent = fits.is_dependent
    p, p_strict = (2 * np.minimum(tail, 1 - tail) for tail in (above, strict))
    beyond = p_strict < level * STRICT / LEVEL
    return Answer(
        p=np.where(dependent, p_strict, p),
        sign=np.where(np.where(dependent, strict, above) < 0.5, 1, -1),
        is_clear=np.where(dependent, beyond, p < level),
        is_declined=dependent & ~beyond & (p < level),
    )
