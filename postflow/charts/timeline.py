"""Rows in order of time: which periods there are, which nobody reported, and one value a period and category."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from math import gcd

import pandas as pd

UNKNOWN = "ZZ"
NOT_STATED = (UNKNOWN, "unknown")
STATED = ("departure", "destination", "channel", "side")
"""What a row may leave unsaid."""
OTHERS = "(others)"
"""The category that holds what is too small for a line of its own."""
MOST_LINES = 6
LONGEST = 3000
"""Periods that are filled in at most, so that a wrong date cannot draw ten thousand of them."""


@dataclass(frozen=True)
class Period:
    """One period of the axis."""

    start: pd.Timestamp
    label: str
    months_reported: int
    """Months that at least one service reported."""
    months: int


@dataclass(frozen=True)
class Timeline:
    """All periods without holes, and the rows that stand on them."""

    periods: tuple[Period, ...]
    rows: pd.DataFrame
    """The rows with a period, with ``place`` (number of the period) and ``category`` (text, never null)."""
    silent: dict[str, frozenset[int]]
    """Category → periods for which a missing row is no zero, because nobody could have told of it."""

    def __len__(self) -> int:
        return len(self.periods)

    @property
    def labels(self) -> list[str]:
        """Labels as given, in order."""
        return [period.label for period in self.periods]

    @property
    def gaps(self) -> list[int]:
        """Periods that nobody reported, and of which there is no row."""
        found = set(self.rows.place)
        return [n for n, period in enumerate(self.periods) if not period.months_reported and n not in found]

    @property
    def open(self) -> list[int]:
        """The last period that was told, if it is unfinished."""
        gaps = set(self.gaps)
        last = [n for n in range(len(self)) if n not in gaps][-1:]
        return [n for n in last if 0 < self.periods[n].months_reported < self.periods[n].months]

    def words(self, number: int) -> str:
        """The label with what there is to know of it: ``October 2016``, ``2026 so far, 4 of 12 months``."""
        period = self.periods[number]
        if not 0 < period.months_reported < period.months:
            return f"{period.start:%B %Y}" if period.label == f"{period.start:%Y-%m}" else period.label
        so_far = " so far" if number in self.open else ""
        return f"{period.label}{so_far}, {period.months_reported} of {period.months} months"

    def values(self, category: str, column: str = "seizures") -> list[float | None]:
        """One value a period: nothing where nobody reported, zero where somebody did and there is no row."""
        mine = self.rows[self.rows.category == category].groupby("place")[column].sum()
        gaps = set(self.gaps) | self.silent.get(category, frozenset())
        return [None if n in gaps and n not in mine.index else float(mine.get(n, 0.0)) for n in range(len(self))]

    def categories(self) -> list[str]:
        """Most seizures first, what is not stated and the others last."""
        order = self.rows.groupby("category").seizures.sum()
        return sorted((str(c) for c in order.index), key=lambda c: (c == OTHERS, -float(order[c]), c))


def timeline(rows: pd.DataFrame, told: pd.DataFrame, category: str = "category", dimension: str = "drug") -> Timeline:
    """Lay rows out in time.

    Args:
        rows: period, period_start (null where only the year is known: left out here, told by the caption), the
            category's column, seizures, and what else a chart wants.
        told: ``charts/reporters_by_period``: period, period_start, reporter_country_code, months_reported,
            months_in_period. Periods that neither names but that lie between two others are gaps.
        category: which column is the category.
        dimension: what the categories are, which decides where a missing row is a zero.
    """
    rows = rows.dropna(subset=["period_start"])
    rows = rows.assign(
        start=pd.to_datetime(rows.period_start).dt.as_unit("ns"),
        category=rows[category].map(lambda value: UNKNOWN if pd.isna(value) or not str(value) else str(value)),
        seizures=pd.to_numeric(rows.seizures).fillna(0).astype(float),
    )
    told = told.assign(start=pd.to_datetime(told.period_start).dt.as_unit("ns")).dropna(subset=["start"])
    periods = _periods(rows, told)
    place = {period.start: n for n, period in enumerate(periods)}
    rows = rows.assign(place=rows.start.map(place).astype(int))
    told = told.assign(place=told.start.map(place).astype(int))
    return Timeline(tuple(periods), rows, _silent(rows, told, dimension, len(periods)))


def _silent(rows: pd.DataFrame, told: pd.DataFrame, dimension: str, number: int) -> dict[str, frozenset[int]]:
    """Where a missing row is not a zero.

    A service counts only the periods that it reported; a source only those between its first and its last row; a
    departure, destination, channel or side only those of which at least one row states it.
    """
    everything = frozenset(range(number))
    if dimension == "reporter":
        by = told[told.months_reported > 0].groupby("reporter_country_code").place
        heard = {str(code): frozenset(places) for code, places in by}
        own = set(rows.category)
        heard[OTHERS] = frozenset().union(*(places for code, places in heard.items() if code not in own))
        return {c: everything - heard.get(c, frozenset()) for c in own}
    if dimension == "source":
        ends = rows.groupby("category").place.agg(["min", "max"])
        return {str(c): everything - frozenset(range(e["min"], e["max"] + 1)) for c, e in ends.iterrows()}
    if dimension in STATED:
        counted = rows[rows.seizures > 0]
        stated = set(counted[~counted.category.isin(NOT_STATED)].place)
        unstated = frozenset(set(counted.place) - stated)
        return {str(c): unstated for c in rows.category.unique() if c not in NOT_STATED}
    return {}


def _periods(rows: pd.DataFrame, told: pd.DataFrame) -> list[Period]:
    known: dict[pd.Timestamp, Period] = {}
    for start in list(told.start.drop_duplicates()):
        mine = told[told.start == start]
        reported, months = int(mine.months_reported.max()), int(mine.months_in_period.max())
        known[start] = Period(start, str(mine.period.iloc[0]), reported, months)
    for start, label in zip(rows.start, rows.period, strict=True):
        if start not in known:
            known[start] = Period(start, str(label), 1, 1)
    return [known.get(start) or Period(start, _label(start, known), 0, 1) for start in _filled(sorted(known))]


def _label(start: pd.Timestamp, known: dict[pd.Timestamp, Period]) -> str:
    """The label of a missing period, as its neighbours of the same month are called: FY2018 after FY2017."""
    for other, period in known.items():
        found = re.search(r"\d{4}", period.label)
        if found and other.month == start.month:
            year = int(found[0]) + start.year - other.year
            return f"{period.label[: found.start()]}{year}{period.label[found.end() :]}"
    return f"{start:%Y-%m}"


def _filled(starts: list[pd.Timestamp]) -> list[pd.Timestamp]:
    """The starts with the ones that are missing between them, if all stand on one grid of months."""
    if len(starts) < 3:
        return starts
    months = [start.year * 12 + start.month for start in starts]
    step = reduce(gcd, (b - a for a, b in itertools.pairwise(months)))
    if not step or (months[-1] - months[0]) // step > LONGEST:
        return starts
    grid = [starts[0] + pd.DateOffset(months=n) for n in range(0, months[-1] - months[0] + 1, step)]
    return grid if set(starts) <= set(grid) else starts


def folded(rows: pd.DataFrame, category: str, keep: Callable[[str], bool], most: int = MOST_LINES) -> pd.DataFrame:
    """The rows with all but the ``most`` largest categories called ``OTHERS``; ``keep`` names some that always stay."""
    order = rows.groupby(category, dropna=False).seizures.sum().sort_values(ascending=False, kind="stable")
    if len(order) <= most:
        return rows
    first = sorted(order.index, key=lambda name: not keep(str(name)))[:most]
    return rows.assign(**{category: rows[category].where(rows[category].isin(first), OTHERS)})
