"""Small numbers: which cells of a sensitive table may be shown. Every page, file and query asks here.

A cell of 1 to 4 could point at a person or a method, so it is hidden, and so are as many more as keep it from being
worked out. What is sensitive and what is a plain count stands in docs/method.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

SMALL = 5
"""The smallest number shown of anything sensitive; zero is shown, because nobody stands behind it."""
WORD = "hidden"
"""How a hidden cell is printed: not ``<5``, because what is hidden to protect another cell may be larger."""
MOST_SOLVED = 400
"""Above so many hidden cells only single subtractions are ruled out, not chains of them."""


def is_small(number: float, k: int = SMALL) -> bool:
    """Above zero and below the threshold."""
    return bool(0 < number < k)


def words(hidden: int, k: int = SMALL) -> str:
    """What a caption says of the hidden cells; empty where there are none."""
    if not hidden:
        return ""
    cells = "1 cell is" if hidden == 1 else f"{hidden} cells are"
    return f"{cells} hidden: those of 1 to {k - 1}, and those that would give them away."


@dataclass(frozen=True)
class Shown:
    """A table of which only what may be shown is left."""

    rows: pd.DataFrame
    """As given, the value of hidden cells empty (``Int64``)."""
    hidden: int
    """How many cells are hidden."""
    k: int = SMALL

    @property
    def words(self) -> str:
        """What a caption says of it."""
        return words(self.hidden, self.k)


def suppress(rows: pd.DataFrame, by: Sequence[str], value: str = "seizures", k: int = SMALL) -> Shown:
    """Hide the small cells, and more until none can be had back from the others and from the totals.

    Every total over some of ``by`` is taken to be known where it is not small itself, and so is the whole. In each of
    them at least two cells are hidden or none, and what is hidden comes to ``k`` or more together; up to
    ``MOST_SOLVED`` hidden cells no sum or difference of totals gives one of them either. A whole below ``k`` is hidden
    cell by cell, zeros too. Tables of other filters are not looked at: two scopes can still be held side by side.

    Args:
        rows: one per cell of ``by``, a missing one being zero; ``value`` is a whole number.
        by: the columns that make a cell.
        value: the column to hide in.
        k: the smallest number shown.

    Returns:
        The rows in their order; a zero that had no row and must be hidden is added at the end.
    """
    keys = list(by)
    if rows.empty:
        return Shown(rows.assign(**{value: rows[value].astype("Int64")}), 0, k)
    whole = rows[keys].fillna("") if len(keys) == 1 else _grid(rows, keys)
    numbers = _looked_up(rows, whole, keys, value)
    hide = _hidden(numbers, _margins(whole, keys), k)
    mask = pd.Series(hide, index=pd.MultiIndex.from_frame(whole))
    shown = rows.assign(**{value: rows[value].astype("Int64")})
    own = pd.MultiIndex.from_frame(rows[keys].fillna(""))
    shown.loc[mask.reindex(own).to_numpy(dtype=bool), value] = pd.NA
    added = whole[hide & ~pd.MultiIndex.from_frame(whole).isin(own)]
    if len(added):
        blank = added.assign(**{value: pd.array([pd.NA] * len(added), dtype="Int64")})
        shown = pd.concat([shown, blank], ignore_index=True)
    return Shown(shown, int(hide.sum()), k)


def _grid(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    levels = [pd.unique(rows[key].fillna("")) for key in keys]
    return pd.MultiIndex.from_product(levels, names=keys).to_frame(index=False)


def _looked_up(rows: pd.DataFrame, whole: pd.DataFrame, keys: list[str], value: str) -> np.ndarray:
    index = pd.MultiIndex.from_frame(rows[keys].fillna(""))
    if index.has_duplicates:
        raise ValueError(f"more than one row a cell of {keys}")  # a fault of the caller, never of the data
    found = pd.Series(rows[value].to_numpy(dtype=float), index=index)
    return found.reindex(pd.MultiIndex.from_frame(whole)).fillna(0).to_numpy()


def _margins(whole: pd.DataFrame, keys: list[str]) -> np.ndarray:
    """One line per total, one column per cell; true where the cell is in the total."""
    lines = [np.ones(len(whole), dtype=bool)]
    for size in range(1, len(keys)):
        for some in combinations(keys, size):
            number = whole.groupby(list(some), sort=False).ngroup().to_numpy()
            lines += [number == one for one in range(number.max() + 1)]
    return np.array([line for line in lines if line.sum() > 1] or [lines[0]])


def _hidden(numbers: np.ndarray, margins: np.ndarray, k: int) -> np.ndarray:
    hide = (numbers > 0) & (numbers < k)
    if 0 < numbers.sum() < k:
        return np.ones(len(numbers), dtype=bool)
    known = margins[(margins @ numbers) >= k]
    # The smallest first, because least is lost with it; zeros last, because they hide nobody.
    order = np.lexsort((numbers, numbers == 0))
    while (line := _given_away(numbers, hide, known, k)) is not None:
        more = next((at for at in order if line[at] and not hide[at]), None)
        if more is None:
            break
        hide[more] = True
    return hide


def _given_away(numbers: np.ndarray, hide: np.ndarray, known: np.ndarray, k: int) -> np.ndarray | None:
    """The cells of which one more must be hidden; None where no hidden cell can be worked out."""
    inside = known & hide
    count, total = inside.sum(axis=1), inside @ numbers
    weak = np.flatnonzero((count > 0) & ((count < 2) | (total < k)) & (count < known.sum(axis=1)))
    if len(weak):
        return known[weak[0]]
    if not hide.any() or hide.sum() > MOST_SOLVED:
        return None
    solved = _determined(known[:, hide].astype(float))
    for at in np.flatnonzero(hide)[solved]:
        through = known[:, at]
        near = known[through].any(axis=0)
        if (near & ~hide).any():
            return near
    return None


def _determined(totals: np.ndarray) -> np.ndarray:
    """Which unknowns have one value only, given these sums of them: those on which no null vector has a part."""
    if not len(totals):
        return np.zeros(totals.shape[1], dtype=bool)
    _, sizes, turned = np.linalg.svd(totals)
    rank = int((sizes > 1e-9).sum())
    return np.all(np.abs(turned[rank:]) < 1e-9, axis=0)
