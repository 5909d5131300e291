"""The data of an editable chart: panels, series, gaps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True)
class Series:
    """Values of one name, a value a category."""

    name: str
    values: tuple[float | None, ...]
    colour: str
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    hollow: bool = False
    hatched: bool = False


@dataclass(frozen=True)
class Gap:
    """Categories that nobody reported, from–to by position, with the words in them."""

    first: float
    last: float
    words: str


@dataclass(frozen=True)
class Panel:
    """One chart of a picture."""

    kind: str
    """line, column, bar or dumbbell."""
    categories: tuple[str | date, ...]
    series: tuple[Series, ...]
    title: str
    box: tuple[float, float, float, float]
    """Left, top, right, bottom as shares of the picture's plot area."""
    top: float | None
    """Upper end of the value axis."""
    ticks: tuple[float, ...]
    is_stacked: bool = False
    is_log: bool = False
    gaps: tuple[Gap, ...] = ()
    years: bool = False
    """Dates are labelled by year."""


@dataclass(frozen=True)
class Chart:
    """All panels of a picture, from the top left."""

    panels: tuple[Panel, ...]

    def renamed(self, name: Callable[[str], str]) -> Chart:
        """The chart with every category, series and title passed through a function."""
        panels = tuple(
            replace(
                panel,
                title=name(panel.title),
                categories=tuple(name(c) if isinstance(c, str) else c for c in panel.categories),
                series=tuple(replace(s, name=name(s.name)) for s in panel.series),
            )
            for panel in self.panels
        )
        return replace(self, panels=panels)
