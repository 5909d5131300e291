"""Editable charts for slides: each panel of a picture as a chart of PowerPoint's own, in our colours."""

from __future__ import annotations

from lxml import etree
from pptx.chart.chart import Chart as PptxChart
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_PATTERN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.util import Emu, Pt

from postflow.exports import fonts, pptx_series
from postflow.exports.panels import Panel
from postflow.exports.pptx_series import MOST_BARS, TEXT, rgb

Box = tuple[float, float, float, float]
PX = 9525
TYPES = {"line": XL_CHART_TYPE.LINE, "dumbbell": XL_CHART_TYPE.LINE_MARKERS}


def add(slide: Slide, panel: Panel, box: Box, alt: str, is_last: bool, sides: tuple[float, float]) -> None:
    """Set one panel into a box of px.

    Args:
        slide: where.
        panel: the data.
        box: left, top, width, height of the panel with its labels.
        alt: the picture in words.
        is_last: the lowest panel, which alone names the categories.
        sides: px left and right of the plot area, the same for panels over each other.
    """
    inner = _inner(panel, box, is_last, sides)
    _gaps(slide, panel, inner)
    data = CategoryChartData(number_format="General")
    data.categories = (
        list(panel.categories) if not isinstance(panel.categories[0], int) else [str(c) for c in panel.categories]
    )
    for series in panel.series:
        data.add_series(series.name, series.values)
    frame = slide.shapes.add_chart(_type(panel), *(Emu(int(v * PX)) for v in box), data)
    frame.name = panel.title or "Chart"
    frame._element.nvGraphicFramePr.cNvPr.set("descr", alt)
    chart = frame.chart
    chart.has_legend = chart.has_title = False
    chart.font.size, chart.font.color.rgb = (
        Pt(TEXT if len(panel.categories) <= MOST_BARS or panel.kind != "bar" else 9),
        rgb("ink2"),
    )
    if _has_key(panel):
        _key(chart)
    _layout(chart, inner, box)
    _axes(chart, panel, is_last, inner[2])
    {"line": pptx_series.lines, "dumbbell": pptx_series.dumbbell}.get(panel.kind, pptx_series.bars)(chart, panel)
    if panel.title:
        _title(slide, panel.title, box)


def _type(panel: Panel) -> XL_CHART_TYPE:
    if panel.kind == "bar":
        return XL_CHART_TYPE.BAR_STACKED if panel.is_stacked else XL_CHART_TYPE.BAR_CLUSTERED
    if panel.kind == "column":
        return XL_CHART_TYPE.COLUMN_STACKED if panel.is_stacked else XL_CHART_TYPE.COLUMN_CLUSTERED
    return TYPES[panel.kind]


def _has_key(panel: Panel) -> bool:
    """Columns and bars of several names need a legend; lines and dumbbells are labelled where they end."""
    return (
        panel.kind in ("column", "bar")
        and not panel.title
        and len({series.name for series in panel.series if series.name}) > 1
    )


def _key(chart: PptxChart) -> None:
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    chart.legend.font.size, chart.legend.font.color.rgb = Pt(TEXT), rgb("ink2")


def sides(panel: Panel, wide: float) -> tuple[float, float]:
    """Px that the labels need left and right of the plot area."""
    em = TEXT * 4 / 3
    names = max((fonts.width(str(c), em) for c in panel.categories), default=0) if panel.kind == "bar" else 3 * em
    ends = (
        max((fonts.width(s.name, em, True) + 4.2 * em for s in panel.series), default=0)
        if panel.kind == "line"
        else 2.6 * em
        if panel.kind == "bar"
        else 4
    )
    return min(names + 12, wide * 0.35), min(ends, wide * 0.25)


def _inner(panel: Panel, box: Box, is_last: bool, beside: tuple[float, float]) -> Box:
    """The plot area in px: what the labels leave."""
    left, top, wide, tall = box
    em = TEXT * 4 / 3
    lead, tail = beside
    head = (1.7 * em if panel.title else 0.9 * em) + (1.4 * em if _has_key(panel) else 0)
    foot = 1.8 * em if is_last and panel.kind != "bar" else 4
    return left + lead, top + head, max(20, wide - lead - tail), max(20, tall - head - foot)


def _layout(chart: PptxChart, inner: Box, box: Box) -> None:
    """Fix the plot area, so that what is laid over and under it stands where it should."""
    x, y, w, h = (inner[0] - box[0]) / box[2], (inner[1] - box[1]) / box[3], inner[2] / box[2], inner[3] / box[3]
    area = chart._chartSpace.chart.plotArea
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    area.insert(
        0,
        parse_xml(
            f'<c:layout {nsdecls("c")}><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
            f'<c:x val="{x:.4f}"/><c:y val="{y:.4f}"/><c:w val="{w:.4f}"/><c:h val="{h:.4f}"/></c:manualLayout></c:layout>'
        ),
    )


def _axes(chart: PptxChart, panel: Panel, is_last: bool, wide: float) -> None:
    value, category = chart.value_axis, chart.category_axis
    value.format.line.fill.background()
    value.major_tick_mark = category.major_tick_mark = XL_TICK_MARK.NONE
    value.has_major_gridlines = panel.kind != "bar"
    if value.has_major_gridlines:
        value.major_gridlines.format.line.color.rgb, value.major_gridlines.format.line.width = rgb("grid"), Pt(0.75)
    value.tick_labels.number_format, value.tick_labels.number_format_is_linked = (
        "#,##0.###;−#,##0.###;0" if (panel.top or 9) < 3 else "#,##0",
        False,
    )
    if panel.top:
        value.minimum_scale, value.maximum_scale = 0, panel.top
    if len(panel.ticks) > 1 and not panel.is_log:
        value.major_unit = panel.ticks[1] - panel.ticks[0]
    if panel.is_log:
        value._element.find(qn("c:scaling")).insert(0, parse_xml(f'<c:logBase {nsdecls("c")} val="10"/>'))
    category.format.line.color.rgb, category.format.line.width = rgb("ink2"), Pt(0.75)
    if panel.kind == "bar":
        category.reverse_order = True
        value.visible = False
    if not is_last:
        category.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    _dates(category, panel)
    if panel.kind != "bar":
        _level(category._element, panel, wide)


def _level(axis: etree._Element, panel: Panel, wide: float) -> None:
    """Names stay level; where they have no room only some are written."""
    body = axis.find(f"{qn('c:txPr')}/{qn('a:bodyPr')}")
    if body is None:
        axis.find(qn("c:crossAx")).addprevious(
            parse_xml(
                f'<c:txPr {nsdecls("c", "a")}><a:bodyPr rot="0" vert="horz"/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{int(TEXT * 100)}"/></a:pPr><a:endParaRPr lang="en-GB"/></a:p></c:txPr>'
            )
        )
    else:
        body.set("rot", "0")
    if axis.tag.endswith("catAx"):
        need = max(fonts.width(str(c), TEXT * 4 / 3) for c in panel.categories) + 8 or 20
        number = len(panel.categories)
        share = max(0.55, min(1.0, wide / (number * need)))
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
    category.tick_labels.number_format, category.tick_labels.number_format_is_linked = (
        ("yyyy" if len(panel.categories) > 20 else "mmm yyyy"),
        False,
    )  # type: ignore[attr-defined]
    step = 1 if len(panel.categories) <= 180 else 5
    for name, val in (
        ("baseTimeUnit", "months"),
        ("majorUnit", str(step if len(panel.categories) > 20 else 3)),
        ("majorTimeUnit", "years" if len(panel.categories) > 20 else "months"),
    ):
        for old in axis.findall(qn(f"c:{name}")):
            axis.remove(old)
        axis.append(parse_xml(f'<c:{name} {nsdecls("c")} val="{val}"/>'))


def _gaps(slide: Slide, panel: Panel, inner: Box) -> None:
    """Hatch behind the chart where nobody reported."""
    from pptx.enum.shapes import MSO_SHAPE

    number = max(1, len(panel.categories))
    for gap in panel.gaps:
        first, last = max(-0.5, gap.first), min(number - 0.5, gap.last)
        left, right = inner[0] + (first + 0.5) / number * inner[2], inner[0] + (last + 0.5) / number * inner[2]
        box = slide.shapes.add_shape(
            MSO_SHAPE.RECTANGLE, *(Emu(int(v * PX)) for v in (left, inner[1], max(4, right - left), inner[3]))
        )
        box.name = f"Gap: {gap.words or 'not reported'}"
        box.fill.patterned()
        box.fill.pattern, box.fill.fore_color.rgb, box.fill.back_color.rgb = (
            MSO_PATTERN.WIDE_UPWARD_DIAGONAL,
            rgb("void"),
            rgb("paper"),
        )
        box.line.fill.background()
        unstyled(box)
        if gap.words and right - left > 70:
            _words(slide, gap.words, ((left + right) / 2, inner[1] + inner[3] / 2), right - left)


def unstyled(shape: object) -> None:
    """Take the theme's shadow off."""
    style = shape._element.find(qn("p:style"))  # type: ignore[attr-defined]
    if style is not None:
        shape._element.remove(style)  # type: ignore[attr-defined]


def _words(slide: Slide, text: str, middle: tuple[float, float], room: float) -> None:
    """A label on paper in the middle of a gap."""
    points = TEXT if room > 140 else 9.0
    size = points * 4 / 3
    if max(fonts.width(word, size) for word in text.split()) > room - 6:
        return
    lines = -(-fonts.width(text, size) // max(room - 24, 30))
    wide = min(fonts.width(text, size) + 20, room - 8)
    tall = lines * size * 1.3 + 6
    box = slide.shapes.add_textbox(
        *(Emu(int(v * PX)) for v in (middle[0] - wide / 2, middle[1] - tall / 2, wide, tall))
    )
    box.fill.solid()
    box.fill.fore_color.rgb = rgb("paper")
    _write(box, text, points, center=True)


def _title(slide: Slide, text: str, box: Box) -> None:
    made = slide.shapes.add_textbox(*(Emu(int(v * PX)) for v in (box[0], box[1], box[2], TEXT * 4 / 3 * 1.4)))
    _write(made, text, TEXT, bold=True)


def _write(box: object, text: str, size: float, bold: bool = False, center: bool = False) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

    frame = box.text_frame  # type: ignore[attr-defined]
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.CENTER if center else PP_ALIGN.LEFT
    run = paragraph.add_run()
    run.text, run.font.size, run.font.bold, run.font.color.rgb = text, Pt(size), bold, rgb("ink")
