"""Write data/reference/perturbation.csv: by how much a count of what is sensitive is moved, and for how many of the keys.

Run: ``python scripts/make_perturbation.py``; the result is committed. Method: cell-key perturbation (Fraser and Wooton
2005, Australian Bureau of Statistics; also Office for National Statistics, Census 2021), the table by maximum entropy
(Giessing 2016): of all distributions with mean 0 and the wanted variance that never give 1, 2 or less than zero, the one
that says least, ``exp(a·noise + b·noise²)``. Zeros are not moved. There are two draws, one after the other: the first is
fixed by the records of the cell, the second by those of the plain count around it, too (docs/adr/0017).
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from scipy import optimize

PATH = Path(__file__).resolve().parent.parent / "data" / "reference" / "perturbation.csv"

KEYS = 2**20
"""How many keys a cell can have; the macro ``cell_key`` gives one of them."""
DRAWS = {1: (2.25, 5), 2: (2.0, 4)}
"""Draw → variance and the most it adds. Below 2 a count of one or two has no noise that never makes one or two of it."""
NEVER_SHOWN = (1, 2)
"""Numbers that are never shown: they would speak of one person, rightly or not."""


def counts(draw: int) -> range:
    """The counts that a draw can meet; the last stands for all above, where nothing is in the way of the noise."""
    first = 1 if draw == 1 else max(NEVER_SHOWN) + 1
    return range(first, DRAWS[draw][1] + max(NEVER_SHOWN) + 2)


def reached(seizures: int, most: int) -> np.ndarray:
    """The noise that a count can get."""
    noise = np.arange(-most, most + 1)
    shown = seizures + noise
    return noise[(shown >= 0) & ~np.isin(shown, NEVER_SHOWN)]


def shares(noise: np.ndarray, variance: float) -> np.ndarray:
    """The part of the keys for each noise: mean 0, the wanted variance, as even as can be."""

    def weights(at: np.ndarray) -> np.ndarray:
        power = at[0] * noise + at[1] * noise**2
        even = np.exp(power - power.max())
        return even / even.sum()

    def missed(at: np.ndarray) -> np.ndarray:
        found = weights(at)
        return np.array([found @ noise, found @ noise**2 - variance])

    solved = optimize.root(missed, np.array([0.0, -1 / (2 * variance)]), tol=1e-13)
    if not solved.success:
        raise SystemExit(f"No distribution on {noise}: {solved.message}")
    return weights(solved.x)


def keys(noise: np.ndarray, variance: float) -> np.ndarray:
    """How many keys each noise has: whole numbers, all keys used, the mean exactly 0."""
    number = np.rint(shares(noise, variance) * KEYS).astype(int)
    middle = int(np.argmax(noise == (0 if 0 in noise else noise[noise > 0][0])))
    number[middle] += KEYS - number.sum()
    # One key moved from a noise to the next one shifts the sum by one.
    number[middle + 1] -= (shift := int(number @ noise))
    number[middle] += shift
    return number


def main() -> None:
    """Write the table."""
    lines = []
    for draw, (variance, most) in DRAWS.items():
        for seizures in counts(draw):
            noise = reached(seizures, most)
            ends = np.cumsum(keys(noise, variance))
            lines += [
                (draw, seizures, change, start, end)
                for change, start, end in zip(noise, [0, *ends[:-1]], ends, strict=True)
                if end > start
            ]
    with PATH.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(
            [("draw", "count_before", "noise", "key_from", "key_to"), *lines]
        )


if __name__ == "__main__":
    main()
