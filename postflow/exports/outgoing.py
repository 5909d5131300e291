"""What has passed the gate: values that formats read, and that nothing but the gate can make."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from postflow import wording
from postflow.briefing import Briefing
from postflow.drawing import Drawing
from postflow.errors import ExportError
from postflow.figure import Caption
from postflow.numbers import count
from postflow.render import plotly
from postflow.table import Body, plain
from postflow.template import watermark

SEAL = object()
"""Held by the gate."""


@dataclass(frozen=True)
class Source:
    """A source behind what leaves."""

    title: str
    publisher: str
    licence: str
    may_redistribute: bool
    mark: str
    citation: str
    is_synthetic: bool


@dataclass(frozen=True)
class Leaving:
    """One figure, fit to leave."""

    key: str
    headline: str
    measure: str
    caption: Caption
    rows: pd.DataFrame
    columns: dict[str, str]
    alt: str
    events: tuple[tuple[int, str], ...]
    link: str
    note: str
    is_synthetic: bool
    keeps_shape: bool
    height: int
    stage_height: int
    drawing: Drawing | None = None
    body: Body = ()
    """The tables that the page shows."""

    @property
    def has_picture(self) -> bool:
        """Whether there is something to draw."""
        return self.drawing is not None

    def picture(self, mode: str = "light", size: str = "present", height: int | None = None) -> dict[str, object]:
        """The picture as plotly draws it, labelled where it is synthetic.

        Raises:
            ExportError: the figure has no picture.
        """
        if self.drawing is None:
            raise ExportError("There is no picture to export.", field=self.key, next_step="Export its table instead.")
        drawn = plotly.figure(
            self.drawing, mode, size, height or (self.stage_height if size == "present" else self.height)
        )
        return watermark(drawn, mode) if self.is_synthetic else drawn

    def caption_lines(self) -> list[str]:
        """The caption as plain sentences, in order."""
        return self.caption.lines()

    def tables(self, most_rows: int = 500) -> Body:
        """What the page shows as tables; where it shows none, the rows that the figure explains."""
        told = tuple(table for table in self.body if table.style != "key" and (table.rows or table.note))
        if told or not len(self.rows):
            return told
        heads, *lines = self.table(most_rows) or [[]]
        return plain(heads, lines) if heads else ()

    def table(self, most_rows: int, most_columns: int = 7) -> list[list[str]]:
        """The rows as words, headings first: the columns that the figure explains; what does not fit is counted in a last row."""
        told = [name for name in self.rows.columns if name in self.columns]
        shown = (self.rows[told] if len(told) > 1 else self.rows).iloc[:most_rows, :most_columns]
        body = [
            [_word(value, str(name)) for name, value in zip(shown.columns, row, strict=True)]
            for row in shown.itertuples(index=False)
        ]
        over = len(self.rows) - len(shown)
        more = [[f"… and {over} more rows", *[""] * (len(shown.columns) - 1)]] if over else []
        return (
            [[self.columns.get(str(name), str(name)) for name in shown.columns], *body, *more]
            if len(shown.columns)
            else []
        )


@dataclass(frozen=True)
class Outgoing:
    """What every format takes. Made by ``gate`` alone."""

    format: str
    title: str
    figures: tuple[Leaving, ...]
    mark: str
    mark_words: str
    is_synthetic: bool
    filters: str
    version: str
    made_on: date
    sources: tuple[Source, ...]
    about: tuple[tuple[str, str], ...]
    """Label and text of everything that must stand beside the rows, disarmed."""
    limits: tuple[str, ...]
    briefing: Briefing | None = None
    seal: object = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.seal is not SEAL:
            raise ExportError("Only the gate lets figures out.", next_step="Call exports.gate.")

    @property
    def caption(self) -> list[str]:
        """Lines that any file must carry: its mark, the label, and each figure's caption."""
        label = ["SYNTHETIC: invented rows, exercise pool. No figure is a real seizure."] if self.is_synthetic else []
        lines = [line for item in self.figures for line in item.caption_lines()]
        return [*label, *dict.fromkeys(lines), f"Handling: {self.mark}. {self.mark_words}"]


def _word(value: object, column: str = "") -> str:
    """A cell as slides and pages print it: countries and channels by name, numbers as they are read, a dash for nothing."""
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value) or value is pd.NA:
        return "–"
    if isinstance(value, int) and not isinstance(value, bool) and "year" not in column:
        return count(value)
    if isinstance(value, float):
        return (
            count(value)
            if value.is_integer() and "_kg" not in column
            else f"{value:,.3g}".replace(",", "\u202f")
            if abs(value) < 100
            else count(value)
        )
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if column.endswith("country_code"):
        return wording.country(str(value))
    return wording.CHANNELS.get(str(value), str(value)) if column in ("channel", "category") else str(value)
