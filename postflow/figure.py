"""A figure as one value: screen, presenter, deck, page and picture all draw this, so none can say something else."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from postflow.drawing import Drawing
from postflow.render import plotly
from postflow.table import Body


@dataclass(frozen=True)
class Caption:
    """What a picture must carry wherever it goes."""

    counted: str
    """The bold lead: ``920 seizures.``"""
    left_out: str
    """What the filters and the picture leave out, with numbers; never empty."""
    filters: str
    """The scope as one sentence."""
    period: str
    """First to last month behind the picture."""
    sources: str
    """Titles of the sources behind the rows."""
    version: str
    """Pool and build: ``Data to 2026-04 · build 7c1d525``."""
    mark: str
    """The strictest handling mark of any row, or ``SYNTHETIC`` in the exercise pool."""
    silent: str = ""
    """What the picture does not show."""

    def lines(self) -> list[str]:
        """The caption as plain sentences, in order."""
        words = [
            f"{self.counted} {self.left_out}".strip(),
            self.silent,
            f"Filters: {self.filters}. Period: {self.period}.",
        ]
        return [line for line in [*words, f"Source: {self.sources} · {self.version}"] if line]

    def text(self) -> str:
        """The caption as one paragraph, with its mark."""
        return " ".join([*self.lines(), f"[{self.mark}]"])


@dataclass(frozen=True)
class Figure:
    """One finding: a sentence, a picture or a table, its rows and its caption."""

    key: str
    headline: str
    """The finding, a sentence worked out from the rows."""
    measure: str
    """What is counted, where, when."""
    caption: Caption
    rows: pd.DataFrame
    """What is drawn, in the order of the table twin; also the CSV."""
    drawing: Drawing | None = None
    """None where the body is the figure."""
    body: Body = ()
    """Tables in place of or above a picture."""
    alt: str = ""
    """The picture in words, with its main numbers."""
    events: list[tuple[int, str]] = field(default_factory=list)
    """Numbered notes under the picture."""
    columns: dict[str, str] = field(default_factory=dict)
    """Column → what it means, for the table twin and the CSV's header."""
    height: int = 320
    stage_height: int = 430
    span: float = 1.0
    """Share of the page's width."""
    keeps_shape: bool = False
    """The height follows the width (maps)."""
    hint: str = ""
    """What a reader can do with it on screen, said after the measure there and nowhere else."""
    is_context: bool = False
    """The scope sentence does not filter it, and the figure says so."""
    why_not: str = ""
    """Why the files cannot answer; empty where the figure shows something."""

    def picture(self, mode: str, size: str = "screen", height: int | None = None) -> dict[str, object]:
        """The drawing as plotly draws it: in a mode (light, dark), a size (screen, present) and px.

        Raises:
            ValueError: the figure has no drawing.
        """
        if self.drawing is None:
            raise ValueError(f"{self.key} has no drawing")
        return plotly.figure(self.drawing, mode, size, height or self.height)


@dataclass(frozen=True)
class Tile:
    """One number with its comparison and its recent course."""

    what: str
    when: str
    number: str
    """As numbers are printed: ``667``, ``2 430 kg``."""
    than: str
    """The comparison, with its base; ``**bold**`` allowed."""
    unit: str = ""
    """Small words after the number: ``of 913``."""
    course: tuple[float | None, ...] = ()
    """Values in order of time, None where nobody reported."""
    tint: str = ""
    """A colour of the palette: ``mdma``, ``nz``."""
    is_unknown: bool = False
    """Draw a hatched field where the course would stand."""
