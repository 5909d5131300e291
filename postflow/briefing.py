"""A briefing as one value: page, PDF, document and command line all print this, so none can say something else.

The sentences are worded elsewhere, by rule, from the results; here they are only held.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from postflow.figure import Caption, Figure, Tile
from postflow.numbers import THIN, count, signed

NAN = float("nan")


@dataclass(frozen=True)
class Sentence:
    """One finding, worded by rule, never stronger than its interval."""

    text: str
    figure_key: str = ""
    """The figure that shows it."""
    link: str = ""


@dataclass(frozen=True)
class Change:
    """One line of the ranked changes."""

    name: str
    before: float | None
    """None: not reported."""
    after: float | None
    change: str
    """As written: ``+68 %``, ``×5.3``, ``within the interval``."""
    is_clear: bool = True
    """False where the intervals overlap: no direction is shown."""
    low: float = NAN
    """95 % interval of ``after`` less ``before``; NaN where none is known, and then no bar is drawn."""
    high: float = NAN

    @property
    def difference(self) -> str:
        """``+311 (+183 to +439)``; empty where one of the two was not reported."""
        if self.before is None or self.after is None:
            return ""
        step = signed(self.after - self.before)
        return f"{step} ({signed(self.low)} to {signed(self.high)})" if self.has_interval else step

    @property
    def has_interval(self) -> bool:
        """Both counts and both ends are known."""
        return None not in (self.before, self.after) and math.isfinite(self.low) and math.isfinite(self.high)


@dataclass(frozen=True)
class Missing:
    """What is not in the data."""

    number: str
    """``430``; empty for a gap, which is drawn hatched."""
    words: str


@dataclass(frozen=True)
class Briefing:
    """One page that says what changed."""

    title: str
    standfirst: str
    """The scope as a sentence."""
    tiles: tuple[Tile, ...]
    sentences: tuple[Sentence, ...]
    changes: tuple[Change, ...]
    changes_measure: str
    """What the changes compare: ``Seizures by departure, 2013 and 2016``."""
    periods: tuple[str, str]
    """The words over the two columns of the changes: ``2013``, ``2016``."""
    figures: tuple[Figure, ...]
    missing: tuple[Missing, ...]
    caption: Caption
    link: str = ""
    notes: tuple[str, ...] = field(default=())
    """How it was made."""

    def table(self) -> list[list[str]]:
        """The ranked changes as printed, heads first."""
        head = ["", *self.periods, f"difference (95{THIN}% interval)", "change"]
        return [head, *([c.name, *map(_told, (c.before, c.after)), c.difference, c.change] for c in self.changes)]

    def bars(self) -> list[tuple[float, float, float, float] | tuple[()]]:
        """Zero, difference, and both ends of its interval for each change, from 0 to 1 on one scale that holds all of them.

        Empty for a change without an interval.
        """
        known = [_ends(change) for change in self.changes if change.has_interval]
        least, most = min(map(min, known), default=0.0), max(map(max, known), default=0.0)
        wide = (most - least) or 1.0

        def place(end: float) -> float:
            return (end - least) / wide

        places: list[tuple[float, float, float, float] | tuple[()]] = []
        for change in self.changes:
            a, b, c, d = _ends(change)
            places.append((place(a), place(b), place(c), place(d)) if change.has_interval else ())
        return places


def _ends(change: Change) -> tuple[float, float, float, float]:
    return 0.0, (change.after or 0.0) - (change.before or 0.0), change.low, change.high


def _told(value: float | None) -> str:
    return "not reported" if value is None else count(value)
