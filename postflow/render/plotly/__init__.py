"""Drawings as plotly's own JSON: plain dicts, for screen, stage, web page, and our SVG printer."""

from __future__ import annotations

from postflow.drawing import Drawing
from postflow.render.plotly import cells, columns, flat, flow, flowmap, time
from postflow.render.plotly.parts import Spec

PRINTERS = {
    "time": time.draw,
    "columns": columns.draw,
    "multiples": columns.multiples,
    "ranges": flat.ranges,
    "pairs": flat.pairs,
    "shares": flat.shares,
    "steps": flat.steps,
    "matrix": cells.matrix,
    "coverage": cells.coverage,
    "flow": flow.draw,
    "map": flowmap.draw,
}
"""Kind of drawing → what lays it out."""


def figure(drawing: Drawing, mode: str, size: str = "screen", height: int = 340) -> Spec:
    """The picture as plotly draws it.

    Args:
        drawing: what is shown.
        mode: light or dark.
        size: screen or present.
        height: px.

    Returns:
        ``data`` and ``layout``, plain values throughout.
    """
    return PRINTERS[drawing.kind](drawing, mode, size, height)
