"""PNG and SVG of one figure, with headline, caption and mark inside the picture. Chrome draws the chart where there is one."""

from __future__ import annotations

import io
import math
import re
from html import escape

from postflow.errors import ExportError
from postflow.exports import chrome, handling_label, svg, typeset
from postflow.exports.ink import palette
from postflow.exports.outgoing import Leaving, Outgoing
from postflow.table import Table

ENGINES = ("auto", "chrome", "own")
SMALLEST, LARGEST = 320, 4000
MARGIN = 40
LEAST_CHART = 160
"""Px: a chart is never made lower than this, whatever its words take."""


def chart_svg(
    item: Leaving, width: int, height: int | None = None, mode: str = "light", size: str = "screen", engine: str = "own"
) -> str:
    """The chart alone as SVG.

    Raises:
        ExportError: it cannot be drawn without a browser and there is none.
    """
    tall = height or (item.stage_height if size == "present" else item.height)
    fig = item.picture(mode, size, tall)
    if engine == "chrome" or (engine == "auto" and chrome.is_there()):
        try:
            return chrome.draw(fig, "svg", width, tall).decode("utf-8")
        except ExportError:
            if engine == "chrome":
                raise
    return svg.render(fig, width, tall)


def chart_png(
    item: Leaving, width: int, height: int, mode: str = "light", size: str = "present", scale: float = 2.0
) -> bytes:
    """The chart alone as PNG, without a browser."""
    data = {"svg": chart_svg(item, width, height, mode, size), "width": width}
    return typeset.compile("chart", data, "png", 72 * scale)[0]


def png(
    out: Outgoing,
    width: int = 1200,
    height: int | None = None,
    mode: str = "light",
    scale: float = 2.0,
    engine: str = "auto",
) -> bytes:
    """One figure as PNG; the caption also stands in the file's description.

    Args:
        out: one figure, let out by the gate.
        width: of the picture in px, before ``scale``.
        height: of the picture in px; what the figure needs if None, or if it needs more.
        mode: light or dark.
        scale: pixels a px.
        engine: auto, chrome or own.

    Raises:
        ExportError: more than one figure, an impossible size, or nothing can draw it.
    """
    from PIL import Image, PngImagePlugin

    page = typeset.compile("picture", _data(out, width, height, mode, engine), "png", 72 * scale)[0]
    info = PngImagePlugin.PngInfo()
    info.add_itxt("Title", out.figures[0].headline)
    info.add_itxt("Description", "\n".join(out.caption))
    held = io.BytesIO()
    Image.open(io.BytesIO(page)).save(held, "PNG", pnginfo=info)
    return held.getvalue()


def vector(
    out: Outgoing, width: int = 1200, height: int | None = None, mode: str = "light", engine: str = "auto"
) -> bytes:
    """One figure as SVG: letters are outlines, so it looks the same everywhere; title and description hold the words."""
    page = typeset.compile("picture", _data(out, width, height, mode, engine), "svg")[0].decode("utf-8")
    words = f"<title>{escape(out.figures[0].headline)}</title><desc>{escape(chr(10).join(out.caption))}</desc>"
    cut = page.index(">") + 1
    return (page[:cut] + words + page[cut:]).encode("utf-8")


def _data(out: Outgoing, width: int, height: int | None, mode: str, engine: str) -> dict:
    if len(out.figures) != 1:
        raise ExportError(
            "A picture holds one figure.", value=str(len(out.figures)), next_step="Export the deck as PDF or PPTX."
        )
    if not SMALLEST <= width <= LARGEST or (height is not None and not 120 <= height <= LARGEST):
        raise ExportError(f"Pictures are {SMALLEST} to {LARGEST} px wide.", field="width", value=str(width))
    item = out.figures[0]

    def page(drawn: str) -> dict:
        more = {"width": width, "colours": palette(mode), "synthetic": out.is_synthetic}
        return {**figure_data(item, drawn), **handling_label.data(out), **more}

    if not item.has_picture:
        return page("")
    inside = width - 2 * MARGIN
    if height is not None:
        height = max(LEAST_CHART, height - _words_height(page(_blank(inside, LEAST_CHART))) + LEAST_CHART)
    return page(chart_svg(item, inside, height, mode, "screen", engine))


def _words_height(page: dict) -> int:
    """Height in px of a picture: set once with an empty chart, to learn what its words take."""
    made = typeset.compile("picture", page, "svg")[0].decode("utf-8")
    return math.ceil(float(re.search(r'viewBox="0 0 [\d.]+ ([\d.]+)"', made)[1]))  # type: ignore[index]


def _blank(width: int, height: int) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"></svg>'


def figure_data(item: Leaving, drawn: str, most_rows: int = 12) -> dict:
    """What the templates need of a figure; a table of its rows where there is no picture."""
    return {
        "headline": item.headline,
        "measure": item.measure,
        "svg": drawn,
        "alt": item.alt,
        "counted": item.caption.counted,
        "left_out": item.caption.left_out,
        "lines": item.caption_lines()[1:],
        "mark": item.caption.mark,
        "link": item.link,
        "events": [[n, text] for n, text in item.events],
        "strip": item.caption.filters,
        "tables": [] if drawn else [_lines(table, most_rows) for table in item.tables(most_rows)],
    }


def _lines(table: Table, most: int) -> list[list[str]]:
    """A table's words, a line of headings first; what does not fit is counted in a last row."""
    rows = table.lines() if table.is_headed else [[""] * len(table.columns), *table.lines()]
    over = len(rows) - 1 - most
    return rows if over <= 0 else [*rows[: most + 1], [f"… and {over} more rows", *[""] * (len(rows[0]) - 1)]]
