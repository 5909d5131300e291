"""What every method returns: an answer with its interval, or a sentence that says why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Self

import pandas as pd

NAN = float("nan")
LEVEL = 0.95
NOISE_ONLY = "The interval is counting noise only, not reporting bias."


@dataclass(frozen=True, kw_only=True)
class Result:
    """One answer. Where ``can_say`` is false there is no number, and ``sentence`` says why."""

    method: str
    """How it was worked out, in words for a caption."""
    estimate: float = NAN
    low: float = NAN
    """Lower end of the interval; NaN where none is defined."""
    high: float = NAN
    level: float = LEVEL
    n: int = 0
    """How many seizures (or months, where ``unit`` says so) stand behind it."""
    unit: str = ""
    """What ``estimate`` counts: ratio, seizures, months, share, …"""
    warnings: tuple[str, ...] = ()
    """Caveats that must stand beside the number."""
    can_say: bool = True
    sentence: str = ""
    """The finding in words, or why nothing can be said."""

    @classmethod
    def cannot(cls, method: str, why: str, *, n: int = 0, warnings: tuple[str, ...] = ()) -> Self:
        """A result without a number."""
        return cls(method=method, n=n, can_say=False, sentence=why, warnings=warnings)

    @property
    def has_interval(self) -> bool:
        """Both ends are defined; the upper one may be infinite."""
        return not (math.isnan(self.low) or math.isnan(self.high))


@dataclass(frozen=True, kw_only=True)
class Table(Result):
    """An answer with one row per month, category, step …; the columns are in the function's docstring."""

    rows: pd.DataFrame = field(default_factory=pd.DataFrame, compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Change(Result):
    """The ratio of a new count to an old one (per month reported)."""

    direction: str = "not known"
    """``rose``, ``fell`` only where the interval excludes 1; ``no clear change`` where it holds 1; ``higher``,
    ``lower`` where it excludes 1 but unreported months lie between or other reporters stand behind, so that no
    rise or fall was watched; ``not comparable`` across a series break; ``not known`` where nothing can be said."""
    new: float = NAN
    old: float = NAN

    @property
    def percent(self) -> float:
        """The change in per cent; NaN where the old count is zero or nothing can be said."""
        return (self.estimate - 1) * 100 if math.isfinite(self.estimate) else NAN

    @property
    def is_arrow_allowed(self) -> bool:
        """An arrow or the word "rose" needs an interval without 1, no gap or break between, the same reporters."""
        return self.direction in ("rose", "fell")


def number(value: float) -> str:
    """A figure for a sentence: whole when large, two digits when small."""
    if math.isinf(value):
        return "no upper limit"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
