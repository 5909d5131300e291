"""Editable charts for slides: each panel of a drawing as a chart of PowerPoint's own, in our colours.

The chart holds the values, their intervals and its axes. What no slide program can draw in a chart (hatched gaps, shades,
event marks, names beside a log axis) is laid over and under it at the place that the fixed plot area gives.
"""

from __future__ import annotations

from dataclasses import dataclass

from pptx.chart.chart import Chart as PptxChart
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.oxml.xmlchemy import BaseOxmlElement
from pptx.slide import Slide
from pptx.util import Emu, Pt

from postflow.drawing import Drawing, Panel
from postflow.exports import fonts, pptx_marks, pptx_series
from postflow.exports.pptx_series import MOST_BARS, TEXT, rgb

Box = tuple[float, float, float, float]
PX = 9525
EM = TEXT * 4 / 3
LOWER = 0.70
"""Where the kilograms begin, as a share of the height."""
XY = ("ranges", "pairs")
"""Kinds whose values lie along a value axis below each other: points in a scatter chart, names beside it."""


@dataclass(frozen=True)
class Place:
    """Where one panel stands: box with labels, and plot area, in px."""

    box: Box
    inner: Box
    is_last: bool
    """The lowest panel, which alone names the categories."""


def add(slide: Slide, drawing: Drawing, box: Box, alt: str) -> None:
    """Set all panels of a drawing into a box of px."""
    for n, (panel, place) in enumerate(zip(drawing.panels, places(drawing, box), strict=True)):
        words = alt if not n else f"{panel.label}: see the picture's first part"
        _panel(slide, drawing, panel, place, words)
    pptx_marks.flags(slide, drawing, places(drawing, box))


def places(drawing: Drawing, box: Box) -> list[Place]:
    """The boxes of the panels: below each other for time, beside each other for small multiples."""
    left, top, wide, tall = box
    if drawing.kind == "multiples":
        each = wide / len(drawing.panels)
        boxes = [(left + n * each, top, each - 12, tall) for n in range(len(drawing.panels))]
    elif len(drawing.panels) == 2:
        boxes = [(left, top, wide, tall * LOWER - 8), (left, top + tall * LOWER - 4, wide, tall * (1 - LOWER) + 4)]
    else:
        boxes = [box]
    need = [_sides(drawing, panel, wide / len(drawing.panels) * 2) for panel in drawing.panels]
    beside = (max(pair[0] for pair in need), max(pair[1] for pair in need))
    last = {len(boxes) - 1} if drawing.kind != "multiples" else set(range(len(boxes)))
    return [
        Place(one, _inner(drawing, panel, one, n in last, beside), n in last)
        for n, (panel, one) in enumerate(zip(drawing.panels, boxes, strict=True))
    ]


def _sides(drawing: Drawing, panel: Panel, wide: float) -> tuple[float, float]:
    """Px that the labels need left and right of the plot area."""
    if panel.is_flat:
        names = max((fonts.width(name, EM) for name in panel.places.names), default=0.0)
        notes = max((fonts.width(words, EM, True) for words in panel.notes), default=0.0)
        return min(names + 16, wide * 0.35), min(notes + 16, wide * 0.4)
    ends = max((fonts.width(one.name, EM, True) + 4.2 * EM for one in panel.series if one.end), default=0.0)
    marks = max((fonts.width(words, EM) for words in panel.axis.words), default=0.0)
    return max(3 * EM, marks + 12), min(ends + 4, wide * 0.25)


def _inner(drawing: Drawing, panel: Panel, box: Box, is_last: bool, beside: tuple[float, float]) -> Box:
    """The plot area in px: what the labels leave."""
    left, top, wide, tall = box
    head = 1.7 * EM + (1.6 * EM if drawing.flags and panel is drawing.panels[0] else 0)
    foot = 4 if panel.is_flat and not panel.axis.is_shown else 1.8 * EM if is_last else 4
    return left + beside[0], top + head, max(20, wide - beside[0] - beside[1]), max(20, tall - head - foot)


def _panel(slide: Slide, drawing: Drawing, panel: Panel, place: Place, alt: str) -> None:
    pptx_marks.behind(slide, drawing, panel, place.inner)
    data, kind = _data(drawing, panel)
    frame = slide.shapes.add_chart(kind, *(Emu(int(v * PX)) for v in place.box), data)
    frame.name = panel.label or "Chart"
    frame._element.nvGraphicFramePr.cNvPr.set("descr", alt)
    chart = frame.chart
    chart.has_legend = chart.has_title = False
    chart.font.size, chart.font.color.rgb = Pt(TEXT if len(panel.places) <= MOST_BARS else 10), rgb("ink2")
    if _has_key(drawing, panel):
        _key(chart)
    _layout(chart, place.inner, place.box)
    if drawing.kind in XY:
        pptx_series.points(chart, panel)
        _xy_axes(chart, panel)
    else:
        _axes(chart, panel, place.is_last, place.inner[2])
        pptx_series.drawn(chart, panel)
    pptx_marks.before(slide, drawing, panel, place)


def _data(drawing: Drawing, panel: Panel) -> tuple[CategoryChartData | XyChartData, XL_CHART_TYPE]:
    if drawing.kind in XY:
        points = XyChartData(number_format="General")
        held = pptx_series.traces(panel)
        longest = max((len(trace.xs) for trace in held), default=0)
        for trace in held:
            made = points.add_series(trace.name)
            # LibreOffice leaves series out that are shorter than the longest, so the last point is said again.
            for n in [min(n, len(trace.xs) - 1) for n in range(longest)]:
                made.add_data_point(trace.xs[n], len(panel.places) - 1 - trace.places[n])
        return points, XL_CHART_TYPE.XY_SCATTER_LINES
    data = CategoryChartData(number_format="General")
    data.categories = _categories(panel)
    for row in pptx_series.rows(panel):
        data.add_series(row.name, row.values)
    if panel.is_flat:
        return data, XL_CHART_TYPE.BAR_STACKED
    if any(one.kind == "column" for one in panel.series):
        return data, XL_CHART_TYPE.COLUMN_STACKED
    return data, XL_CHART_TYPE.LINE


def _categories(panel: Panel) -> list:
    """Months as dates, so that the program writes years; else the names, what is unfinished said."""
    starts, months = panel.places.starts, panel.places.months
    if len(starts) > 24 and set(months) == {1}:
        return list(starts)
    return [f"{name} so far" if n in panel.opens else name for n, name in enumerate(panel.places.names)] or ["–"]


def _has_key(drawing: Drawing, panel: Panel) -> bool:
    """Columns of several names need a legend; lines are labelled where they end, and kilograms take their colours."""
    return drawing.kind == "columns" and len(panel.series) > 1


def _key(chart: PptxChart) -> None:
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    chart.legend.font.size, chart.legend.font.color.rgb = Pt(TEXT), rgb("ink2")


def _layout(chart: PptxChart, inner: Box, box: Box) -> None:
    """Fix the plot area, so that what is laid over and under it stands where it should."""
    x, y, w, h = (inner[0] - box[0]) / box[2], (inner[1] - box[1]) / box[3], inner[2] / box[2], inner[3] / box[3]
    area = chart._chartSpace.chart.plotArea
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    area.insert(
        0,
        parse_xml(
            f'<c:layout {nsdecls("c")}><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/>'
            f'<c:yMode val="edge"/><c:x val="{x:.4f}"/><c:y val="{y:.4f}"/><c:w val="{w:.4f}"/><c:h val="{h:.4f}"/>'
            "</c:manualLayout></c:layout>"
        ),
    )


# ---------- axes ----------


def _ranged(axis: object, panel: Panel) -> None:
    """The drawing's own range and steps."""
    axis.minimum_scale, axis.maximum_scale = panel.axis.low, panel.axis.high  # type: ignore[attr-defined]
    if panel.axis.is_log:
        scaling = axis._element.find(qn("c:scaling"))  # type: ignore[attr-defined]
        scaling.insert(0, parse_xml(f'<c:logBase {nsdecls("c")} val="10"/>'))
    elif len(panel.axis.ticks) > 1:
        axis.major_unit = panel.axis.marks[1] - panel.axis.marks[0]  # type: ignore[attr-defined]
    axis.format.line.fill.background()  # type: ignore[attr-defined]
    axis.major_tick_mark = XL_TICK_MARK.NONE  # type: ignore[attr-defined]


def _axes(chart: PptxChart, panel: Panel, is_last: bool, wide: float) -> None:
    value, category = chart.value_axis, chart.category_axis
    _ranged(value, panel)
    category.major_tick_mark = XL_TICK_MARK.NONE
    value.has_major_gridlines = panel.axis.is_shown
    if value.has_major_gridlines:
        _grid(value)
    small = max(abs(panel.axis.low), abs(panel.axis.high)) < 3
    form = "#,##0.###;−#,##0.###;0" if small else "#,##0;−#,##0"
    value.tick_labels.number_format, value.tick_labels.number_format_is_linked = form, False
    category.format.line.color.rgb, category.format.line.width = rgb("ink2"), Pt(0.75)
    if panel.axis.low < 0:  # the names stand at the foot, not at zero
        category.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    if panel.is_flat:
        category.reverse_order = True
        category.format.line.fill.background()
        value.visible = panel.axis.is_shown
    if not is_last:
        category.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    _dates(category, panel)
    if not panel.is_flat:
        _level(category._element, panel, wide)


def _grid(axis: object) -> None:
    lines = axis.major_gridlines.format.line  # type: ignore[attr-defined]
    lines.color.rgb, lines.width = rgb("grid"), Pt(0.75)


def _xy_axes(chart: PptxChart, panel: Panel) -> None:
    """Values along, places down; names and ticks are laid beside, because the drawing words them itself."""
    along, down = chart.category_axis, chart.value_axis
    _ranged(along, panel)
    along.has_major_gridlines = not panel.axis.is_log
    if along.has_major_gridlines:
        _grid(along)
    along.tick_label_position = down.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    down.minimum_scale, down.maximum_scale, down.major_unit = -0.5, len(panel.places) - 0.5, 1
    down.has_major_gridlines, down.major_tick_mark = False, XL_TICK_MARK.NONE
    down.format.line.fill.background()


def _level(axis: BaseOxmlElement, panel: Panel, wide: float) -> None:
    """Names stay level; where they have no room only some are written."""
    body = axis.find(f"{qn('c:txPr')}/{qn('a:bodyPr')}")
    if body is None:
        axis.find(qn("c:crossAx")).addprevious(
            parse_xml(
                f'<c:txPr {nsdecls("c", "a")}><a:bodyPr rot="0" vert="horz"/><a:lstStyle/><a:p><a:pPr>'
                f'<a:defRPr sz="{int(TEXT * 100)}"/></a:pPr><a:endParaRPr lang="en-GB"/></a:p></c:txPr>'
            )
        )
    else:
        body.set("rot", "0")
    if axis.tag.endswith("catAx"):
        need = max((fonts.width(str(name), EM) for name in _categories(panel)), default=0) + 8 or 20
        number = max(1, len(panel.places))
        share = max(10 / TEXT, min(1.0, wide / (number * need)))
        for look in axis.iter(qn("a:defRPr")):
            look.set("sz", str(int(TEXT * share * 100)))
        need *= share
        skip = max(1, -(-int(number * need) // int(wide)))
        for old in axis.findall(qn("c:tickLblSkip")):
            axis.remove(old)
        axis.find(qn("c:noMultiLvlLbl")).addprevious(
            parse_xml(f'<c:tickLblSkip {nsdecls("c")} val="{skip if need < wide else 1}"/>')
        )


def _dates(category: object, panel: Panel) -> None:
    """A date axis writes a year once; a long list of words is thinned by the program."""
    axis = category._element  # type: ignore[attr-defined]
    if not axis.tag.endswith("dateAx"):
        return
    labels = category.tick_labels  # type: ignore[attr-defined]
    labels.number_format, labels.number_format_is_linked = "yyyy", False
    step = 1 if len(panel.places) <= 180 else 5
    for name, val in (("baseTimeUnit", "months"), ("majorUnit", str(step)), ("majorTimeUnit", "years")):
        for old in axis.findall(qn(f"c:{name}")):
            axis.remove(old)
        axis.append(parse_xml(f'<c:{name} {nsdecls("c")} val="{val}"/>'))
