"""A drawing as a value: what is shown, without colours of a mode, pixels or a program. Renderers print it.

Places are numbered 0, 1, 2 … along the axis of names or periods; None stands where nobody told, and is never a zero.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

Value = float | None
Values = tuple[Value, ...]

GRAINS = {  # of a coverage chart: best grain held -> (words, fill, text colour)
    "route": ("single seizures with a route", "export", "paper"),
    "seizure": ("single seizures, no route", "transit", "paper"),
    "month": ("monthly totals", "import", "paper"),
    "annual": ("annual total, kg", "domestic", "ink"),
    "published": ("published figure only", "", "ink2"),
    "other": ("other drugs only", "", "ink3"),
    "none": ("nothing", "", "ink3"),
}


@dataclass(frozen=True)
class Axis:
    """The axis of amounts, resolved: every renderer draws this range and these ticks."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...] = ()
    """Value and words."""
    is_log: bool = False
    is_shown: bool = True

    @property
    def marks(self) -> list[float]:
        """The values of the ticks."""
        return [mark for mark, _ in self.ticks]

    @property
    def words(self) -> list[str]:
        """The words of the ticks."""
        return [words for _, words in self.ticks]


@dataclass(frozen=True)
class Places:
    """What stands along the other axis: names, or periods in order of time without holes."""

    names: tuple[str, ...]
    words: tuple[str, ...] = ()
    """In full: ``2016 so far, 4 of 12 months``; the names where empty."""
    starts: tuple[date, ...] = ()
    """First days, where the places are periods."""
    months: tuple[int, ...] = ()
    """Months of each period."""

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class Series:
    """Values of one name, one a place."""

    name: str
    kind: str
    """line, step, column, bar, dot, or hollow (a dot that is read as before, or as the sending side)."""
    tint: str
    """A colour of the palette by name."""
    values: Values
    low: Values = ()
    high: Values = ()
    inner_low: Values = ()
    inner_high: Values = ()
    """The inner half, where quantiles are drawn."""
    heavy: Values = ()
    """The part of each value that one record holds; hatched."""
    base: Values = ()
    """Where each bar starts, where that is not zero."""
    is_clear: tuple[bool, ...] = ()
    """Whether each interval leaves the level out; hollow where it does not. All are where empty."""
    words: tuple[str, ...] = ()
    """What is said of each value, where it is pointed at."""
    tints: tuple[str, ...] = ()
    """A colour a value, where they differ."""
    text: str = ""
    """Colour of the name; the series' own where empty."""
    key: str = ""
    """The category as the rows have it."""
    width: float = 2.4
    dash: str = "solid"
    end: str = ""
    """What stands at the end of a line: ``value`` (name and newest value, with a dot), ``name``, or nothing."""
    has_band: bool = True
    """The interval is drawn as a band; where it is not, only values that stand alone show theirs."""

    def told(self) -> list[int]:
        """Places with a value."""
        return [n for n, value in enumerate(self.values) if value is not None]


@dataclass(frozen=True)
class Gap:
    """Places that nobody reported, first to last."""

    first: int
    last: int
    words: str = "Not reported"


@dataclass(frozen=True)
class Shade:
    """Places that are read apart: ``open`` (reports still to come), ``about`` (where a change may lie)."""

    first: float
    last: float
    kind: str
    words: str = ""


@dataclass(frozen=True)
class Level:
    """A line of reference across the values; from first to last place, or over all where None."""

    value: float
    words: str = ""
    first: int | None = None
    last: int | None = None
    text: str = "ink3"
    """Colour of line and words."""


@dataclass(frozen=True)
class Flag:
    """An event: its number and where it stands among the places; its words stand under the picture."""

    number: int
    at: float


@dataclass(frozen=True)
class Panel:
    """Values against places on one pair of axes."""

    label: str
    """What is measured, in which unit."""
    places: Places
    axis: Axis
    series: tuple[Series, ...]
    is_flat: bool = False
    """Places stand below each other and values lie along."""
    is_stacked: bool = False
    gaps: tuple[Gap, ...] = ()
    opens: tuple[int, ...] = ()
    """Unfinished places."""
    cuts: tuple[int, ...] = ()
    """Places that no line crosses into: a series begins anew there, or is unfinished."""
    shades: tuple[Shade, ...] = ()
    levels: tuple[Level, ...] = ()
    totals: Values = ()
    """Sums of the stack at each place."""
    totals_low: Values = ()
    totals_high: Values = ()
    notes: tuple[str, ...] = ()
    """What stands at the right edge of each line of a flat panel."""
    directions: tuple[str, str] = ("", "")
    """What the two ends of the axis mean."""


@dataclass(frozen=True)
class Cell:
    """One cell of a matrix."""

    row: str
    column: str
    value: Value
    """None: hatched; why stands in ``words``."""
    sign: str
    """What is printed in it."""
    words: str
    kind: str = ""
    """Of a coverage chart: the best grain."""


@dataclass(frozen=True)
class Grid:
    """A matrix: codes down and along, their names, and a cell for each pair."""

    rows: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, str], ...]
    cells: tuple[Cell, ...]
    heads: tuple[tuple[int, str], ...] = ()
    """Before which row a heading stands."""
    facts: tuple[tuple[str, int], ...] = ()
    """A number at the right of a row."""
    facts_label: str = ""


@dataclass(frozen=True)
class Node:
    """A box of a flow; its place in the tuple is its place in its column, from the top."""

    key: str
    column: int
    label: str
    colour: str
    hatched: bool = False
    note: str = ""


@dataclass(frozen=True)
class Link:
    """A ribbon between two nodes."""

    source: str
    target: str
    value: float
    colour: str
    hatched: bool = False


@dataclass(frozen=True)
class Flow:
    """Columns of nodes from left to right; a node without links is a ghost: looked for, no row."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    heads: tuple[str, ...]
    lead: str = "seizures"
    """``seizures`` or ``quantity_kg``: how amounts are printed."""
    spots: tuple[float, ...] = ()
    """Where the columns stand, from 0 to 1; evenly where empty."""
    spots_large: tuple[float, ...] = ()
    """On the stage."""


@dataclass(frozen=True)
class Lane:
    """From one place to another; without a value it is a published case, dotted and in no sum."""

    source: str
    target: str
    value: Value
    seizures: Value = None


@dataclass(frozen=True)
class World:
    """A map: counted lanes, heaviest first, published lanes, and the destinations that are looked for."""

    lanes: tuple[Lane, ...]
    published: tuple[Lane, ...]
    destinations: tuple[str, ...]
    places: tuple[tuple[str, str, float, float], ...]
    """Code, name, latitude, longitude."""
    lead: str = "seizures"


@dataclass(frozen=True)
class Drawing:
    """One picture. Its kind says how it is laid out; what it shows is in the parts, and nowhere else."""

    kind: str
    """time, columns, ranges, pairs, multiples, shares, steps, matrix, coverage, flow or map."""
    panels: tuple[Panel, ...] = ()
    """In reading order."""
    flags: tuple[Flag, ...] = ()
    grid: Grid | None = None
    flow: Flow | None = None
    world: World | None = None

    @property
    def can_be_edited(self) -> bool:
        """Whether a slide program can draw it itself; maps, flows and matrices stay pictures there."""
        return bool(self.panels) and any(panel.series for panel in self.panels)

    def renamed(self, name: Callable[[str], str]) -> Drawing:
        """The drawing with every name that becomes a cell of a slide's data passed through a function."""
        return replace(self, panels=tuple(_renamed(panel, name) for panel in self.panels))


def _renamed(panel: Panel, name: Callable[[str], str]) -> Panel:
    places = replace(panel.places, names=tuple(map(name, panel.places.names)))
    series = tuple(replace(one, name=name(one.name)) for one in panel.series)
    return replace(panel, label=name(panel.label), places=places, series=series)
