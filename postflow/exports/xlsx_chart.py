"""What a picture shows, as cells with their intervals, and a chart of Excel's own beside them."""

from __future__ import annotations

from collections.abc import Callable

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.series import SeriesLabel
from openpyxl.worksheet.worksheet import Worksheet

from postflow.drawing import Drawing, Panel, Series, Values
from postflow.exports.pptx_series import rgb

Put = Callable[[Worksheet, int, int, str], object]
"""Writes text that no program takes for a formula."""
APART = 3
"""Empty rows between two panels."""
LEAST = 18
"""Rows that a chart takes."""


def add(sheet: Worksheet, drawing: Drawing, put: Put) -> None:
    """Every panel: its label, a row a place, a column a series with its interval beside it, and a chart.

    Args:
        sheet: an empty one.
        drawing: what is shown.
        put: writes text.
    """
    top = 1
    for panel in drawing.panels:
        put(sheet, top, 1, panel.label or "Value")
        columns = _columns(panel)
        for x, (head, values) in enumerate(columns, start=2):
            put(sheet, top + 1, x, head)
            for n, value in enumerate(values):
                if value is not None:
                    sheet.cell(top + 2 + n, x, value)
        for n, name in enumerate(panel.places.names):
            put(sheet, top + 2 + n, 1, name)
        _chart(sheet, panel, [head for head, _ in columns], top, len(columns))
        top += max(len(panel.places) + 2, LEAST) + APART
    sheet.column_dimensions["A"].width = 28


def _columns(panel: Panel) -> list[tuple[str, Values]]:
    found: list[tuple[str, Values]] = []
    for one in panel.series:
        parts = [("", one.values), ("low", one.low), ("high", one.high)]
        parts += [("middle half, low", one.inner_low), ("middle half, high", one.inner_high)]
        parts += [("heaviest record", one.heavy), ("starts at", one.base)]
        found += [(f"{one.name}, {what}" if what else one.name, values) for what, values in parts if values]
    totals = [("Total", panel.totals), ("Total, low", panel.totals_low), ("Total, high", panel.totals_high)]
    return found + [(head, values) for head, values in totals if panel.is_stacked and values]


def _chart(sheet: Worksheet, panel: Panel, heads: list[str], top: int, wide: int) -> None:
    if not len(panel.places) or not panel.series:
        return
    is_line = all(one.kind in ("line", "step") for one in panel.series)
    chart = LineChart() if is_line else BarChart()
    if not is_line:
        chart.type = "bar" if panel.is_flat else "col"
        chart.grouping, chart.overlap = ("stacked", 100) if panel.is_stacked else ("clustered", 0)
    last = top + 1 + len(panel.places)
    for one in panel.series:
        _add(chart, sheet, one, 2 + heads.index(one.name), (top + 2, last))
    chart.set_categories(Reference(sheet, min_col=1, min_row=top + 2, max_row=last))
    chart.title, chart.height, chart.width = panel.label or None, 8.5, 20
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = panel.axis.low, panel.axis.high
    if panel.axis.is_log:
        chart.y_axis.scaling.logBase = 10
    if panel.is_flat:
        chart.x_axis.scaling.orientation = "maxMin"
    chart.display_blanks = "gap"
    sheet.add_chart(chart, sheet.cell(top, wide + 3).coordinate)


def _add(chart: LineChart | BarChart, sheet: Worksheet, one: Series, column: int, rows: tuple[int, int]) -> None:
    from openpyxl.chart import Series as of

    made = of(Reference(sheet, min_col=column, min_row=rows[0], max_row=rows[1]))
    made.tx = SeriesLabel(v=one.name)
    look = made.graphicalProperties
    if isinstance(chart, LineChart):
        look.line.solidFill, made.smooth = str(rgb(one.tint)), False
    else:
        look.solidFill = str(rgb(one.tint))
    chart.series.append(made)
