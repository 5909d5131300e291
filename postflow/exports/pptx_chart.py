"""Editable charts for slides: each panel of a picture as a chart of PowerPoint's own, in our colours."""

from __future__ import annotations

from lxml import etree
from pptx.chart.chart import Chart as PptxChart
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_PATTERN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.util import Emu, Pt

from postflow.exports import fonts
from postflow.exports.ink import LIGHT, solid
from postflow.exports.native import Panel, Series

PX = 9525
TEXT = 14.0
"""Chart text in pt: 19 px of the stage."""
MOST_BARS = 24
TYPES = {"line": XL_CHART_TYPE.LINE, "dumbbell": XL_CHART_TYPE.LINE_MARKERS}


def add(slide: Slide, panel: Panel, box: tuple[float, float, float, float], alt: str, is_last: bool) -> None:
    """Set one panel into a box of px.

    Args:
        slide: where.
        panel: the data.
        box: left, top, width, height of the panel with its labels.
        alt: the picture in words.
        is_last: the lowest panel, which alone names the categories.
    """
    inner = _inner(panel, box, is_last)
    _gaps(slide, panel, inner)
    data = CategoryChartData(number_format="General")
    data.categories = list(panel.categories) if not isinstance(panel.categories[0], int) else [str(c) for c in panel.categories]
    for series in panel.series:
        data.add_series(series.name, series.values)
    frame = slide.shapes.add_chart(_type(panel), *(Emu(int(v * PX)) for v in box), data)
    frame.name = panel.title or "Chart"
    frame._element.nvGraphicFramePr.cNvPr.set("descr", alt)
    chart = frame.chart
    chart.has_legend = chart.has_title = False
    chart.font.size, chart.font.color.rgb = Pt(TEXT if len(panel.categories) <= MOST_BARS or panel.kind != "bar" else 9), _rgb("ink2")
    _layout(chart, inner, box)
    _axes(chart, panel, is_last)
    {"line": _lines, "dumbbell": _dumbbell}.get(panel.kind, _bars)(chart, panel)
    if panel.title:
        _title(slide, panel.title, box)


def _type(panel: Panel) -> XL_CHART_TYPE:
    if panel.kind == "bar":
        return XL_CHART_TYPE.BAR_STACKED if panel.is_stacked else XL_CHART_TYPE.BAR_CLUSTERED
    if panel.kind == "column":
        return XL_CHART_TYPE.COLUMN_STACKED if panel.is_stacked else XL_CHART_TYPE.COLUMN_CLUSTERED
    return TYPES[panel.kind]


def _rgb(name: str) -> RGBColor:
    return RGBColor.from_string(solid(LIGHT.get(name, name)))


def _inner(panel: Panel, box: tuple[float, float, float, float], is_last: bool) -> tuple[float, float, float, float]:
    """The plot area in px: what the labels leave."""
    left, top, wide, tall = box
    em = TEXT * 4 / 3
    names = max((fonts.width(str(c), em) for c in panel.categories), default=0) if panel.kind == "bar" else 3 * em
    ends = max((fonts.width(s.name, em, True) + 3.2 * em for s in panel.series), default=0) if panel.kind == "line" else 2.6 * em if panel.kind == "bar" else 4
    lead, tail = min(names + 12, wide * 0.35), min(ends, wide * 0.25)
    head = 1.7 * em if panel.title else 0.9 * em
    foot = 1.8 * em if is_last and panel.kind != "bar" else 4
    return left + lead, top + head, max(20, wide - lead - tail), max(20, tall - head - foot)


def _layout(chart: PptxChart, inner: tuple[float, float, float, float], box: tuple[float, float, float, float]) -> None:
    """Fix the plot area, so that what is laid over and under it stands where it should."""
    x, y, w, h = (inner[0] - box[0]) / box[2], (inner[1] - box[1]) / box[3], inner[2] / box[2], inner[3] / box[3]
    area = chart._chartSpace.chart.plotArea
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    area.insert(0, parse_xml(
        f'<c:layout {nsdecls("c")}><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
        f'<c:x val="{x:.4f}"/><c:y val="{y:.4f}"/><c:w val="{w:.4f}"/><c:h val="{h:.4f}"/></c:manualLayout></c:layout>'
    ))  # fmt: skip


def _axes(chart: PptxChart, panel: Panel, is_last: bool) -> None:
    value, category = chart.value_axis, chart.category_axis
    value.format.line.fill.background()
    value.major_tick_mark = category.major_tick_mark = XL_TICK_MARK.NONE
    value.has_major_gridlines = panel.kind != "bar"
    if value.has_major_gridlines:
        value.major_gridlines.format.line.color.rgb, value.major_gridlines.format.line.width = _rgb("grid"), Pt(0.75)
    value.tick_labels.number_format, value.tick_labels.number_format_is_linked = "#,##0.###;−#,##0.###;0" if (panel.top or 9) < 3 else "#,##0", False
    if panel.top:
        value.minimum_scale, value.maximum_scale = 0, panel.top
    if len(panel.ticks) > 1 and not panel.is_log:
        value.major_unit = panel.ticks[1] - panel.ticks[0]
    if panel.is_log:
        value._element.find(qn("c:scaling")).insert(0, parse_xml(f'<c:logBase {nsdecls("c")} val="10"/>'))
    category.format.line.color.rgb, category.format.line.width = _rgb("ink2"), Pt(0.75)
    if panel.kind == "bar":
        category.reverse_order = True
        value.visible = False
    if not is_last:
        category.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    _dates(category, panel)


def _dates(category: object, panel: Panel) -> None:
    """A date axis writes a year once; a long list of words is thinned by the program."""
    axis = category._element  # type: ignore[attr-defined]
    if not axis.tag.endswith("dateAx"):
        return
    category.tick_labels.number_format, category.tick_labels.number_format_is_linked = ("yyyy" if len(panel.categories) > 20 else "mmm yyyy"), False  # type: ignore[attr-defined]
    step = 1 if len(panel.categories) <= 180 else 5
    for name, val in (("baseTimeUnit", "months"), ("majorUnit", str(step if len(panel.categories) > 20 else 3)), ("majorTimeUnit", "years" if len(panel.categories) > 20 else "months")):
        for old in axis.findall(qn(f"c:{name}")):
            axis.remove(old)
        axis.append(parse_xml(f'<c:{name} {nsdecls("c")} val="{val}"/>'))


def _lines(chart: PptxChart, panel: Panel) -> None:
    for series, made in zip(panel.series, chart.plots[0].series, strict=True):
        made.smooth = False
        made.format.line.color.rgb, made.format.line.width = _rgb(series.colour), Pt(2.6)
        made.marker.style = XL_MARKER_STYLE.NONE
        known = [n for n, value in enumerate(series.values) if value is not None]
        if known:
            _end(made, known[-1], series)
        if any(value is not None for value in series.high):
            _interval(made, series)
    _blanks(chart)


def _end(made: object, last: int, series: Series) -> None:
    """A dot and the name at the newest value."""
    point = made.points[last]  # type: ignore[attr-defined]
    point.marker.style, point.marker.size = XL_MARKER_STYLE.CIRCLE, 8
    point.marker.format.fill.solid()
    point.marker.format.fill.fore_color.rgb = _rgb(series.colour)
    point.marker.format.line.color.rgb = _rgb("paper")
    label = point.data_label
    label.font.bold, label.font.size, label.font.color.rgb = True, Pt(TEXT), _rgb(series.colour)
    label.position = XL_LABEL_POSITION.RIGHT
    _show(label._dLbl, value=True, name=True)


def _show(label: etree._Element, value: bool, name: bool) -> None:
    for tag, on in (("showLegendKey", False), ("showVal", value), ("showCatName", False), ("showSerName", name), ("showPercent", False), ("showBubbleSize", False)):
        found = label.find(qn(f"c:{tag}"))
        if found is not None:
            found.set("val", str(int(on)))
    if name and label.find(qn("c:separator")) is None:
        after = label.find(qn("c:showBubbleSize"))
        after.addnext(parse_xml(f'<c:separator {nsdecls("c")}> </c:separator>'))


def _interval(made: object, series: Series) -> None:
    """The 95 % interval as broad pale error bars: they are part of the chart and move with it."""
    plus = [None if v is None or h is None else max(0.0, h - v) for v, h in zip(series.values, series.high, strict=True)]
    minus = [None if v is None or low is None else max(0.0, v - low) for v, low in zip(series.values, series.low, strict=True)]

    def listed(numbers: list[float | None]) -> str:
        points = "".join(f'<c:pt idx="{n}"><c:v>{v:.4g}</c:v></c:pt>' for n, v in enumerate(numbers) if v is not None)
        return f'<c:numLit><c:formatCode>General</c:formatCode><c:ptCount val="{len(numbers)}"/>{points}</c:numLit>'

    bars = parse_xml(
        f'<c:errBars {nsdecls("c", "a")}><c:errDir val="y"/><c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="1"/>'
        f'<c:plus>{listed(plus)}</c:plus><c:minus>{listed(minus)}</c:minus><c:spPr><a:ln w="{int(Pt(5))}" cap="flat"><a:solidFill>'
        f'<a:srgbClr val="{solid(series.colour)}"><a:alpha val="22000"/></a:srgbClr></a:solidFill></a:ln></c:spPr></c:errBars>'
    )
    made._element.find(qn("c:cat")).addprevious(bars)  # type: ignore[attr-defined]


def _blanks(chart: PptxChart) -> None:
    """A gap stays a gap."""
    whole = chart._chartSpace.chart
    for old in whole.findall(qn("c:dispBlanksAs")):
        whole.remove(old)
    whole.find(qn("c:plotVisOnly")).addnext(parse_xml(f'<c:dispBlanksAs {nsdecls("c")} val="gap"/>'))


def _bars(chart: PptxChart, panel: Panel) -> None:
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = (12 if len(panel.categories) > 20 else 40), 100 if panel.is_stacked or len(panel.series) == 1 else 0
    plot.vary_by_categories = False
    words = len(panel.categories) <= MOST_BARS
    most = panel.top or max((v for s in panel.series for v in s.values if v), default=1)
    for series, made in zip(panel.series, plot.series, strict=True):
        fill = made.format.fill
        if series.hatched:
            fill.patterned()
            fill.pattern, fill.fore_color.rgb, fill.back_color.rgb = MSO_PATTERN.WIDE_UPWARD_DIAGONAL, _rgb(series.colour), _rgb("paper")
        else:
            fill.solid()
            fill.fore_color.rgb = _rgb(series.colour)
        made.invert_if_negative = False
        if words and not series.hatched:
            _bar_labels(made, panel, series, most)


def _bar_labels(made: object, panel: Panel, series: Series, most: float) -> None:
    labels = made.data_labels  # type: ignore[attr-defined]
    labels.show_value, labels.number_format, labels.number_format_is_linked = True, "#,##0.##", False
    labels.font.bold, labels.font.size = True, Pt(TEXT if len(panel.categories) <= 12 else 10)
    labels.font.color.rgb = _rgb("ink")
    if not panel.is_stacked:
        labels.position = XL_LABEL_POSITION.OUTSIDE_END
        return
    labels.position = XL_LABEL_POSITION.CENTER
    labels.font.color.rgb = _rgb("raise") if _is_dark(series.colour) else _rgb("ink")
    for n, value in enumerate(series.values):
        if value is not None and value < most * 0.07:  # no room for it
            made.points[n].data_label._get_or_add_dLbl()  # type: ignore[attr-defined]
            label = made.points[n].data_label._dLbl  # type: ignore[attr-defined]
            for child in list(label)[1:]:
                label.remove(child)
            label.append(parse_xml(f'<c:delete {nsdecls("c")} val="1"/>'))


def _is_dark(colour: str) -> bool:
    red, green, blue = (int(solid(colour)[n : n + 2], 16) for n in (0, 2, 4))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 150


def _dumbbell(chart: PptxChart, panel: Panel) -> None:
    """Two dots a category, joined: hollow before, solid after."""
    for series, made in zip(panel.series, chart.plots[0].series, strict=True):
        made.format.line.fill.background()
        made.smooth = False
        made.marker.style, made.marker.size = XL_MARKER_STYLE.CIRCLE, 13
        made.marker.format.fill.solid()
        made.marker.format.fill.fore_color.rgb = _rgb("paper") if series.hollow else _rgb(series.colour)
        made.marker.format.line.color.rgb, made.marker.format.line.width = _rgb(series.colour), Pt(2)
        labels = made.data_labels
        labels.show_value, labels.position = True, XL_LABEL_POSITION.RIGHT
        labels.font.bold, labels.font.size, labels.font.color.rgb = not series.hollow, Pt(TEXT), _rgb("ink2" if series.hollow else "ink")
        if made.points and len(panel.categories):
            _show_name_on_first(made, series)
    line = chart.plots[0]._element
    joined = parse_xml(
        f'<c:hiLowLines {nsdecls("c", "a")}><c:spPr><a:ln w="{int(Pt(2.5))}"><a:solidFill><a:srgbClr val="{solid(panel.series[-1].colour)}">'
        f'<a:alpha val="45000"/></a:srgbClr></a:solidFill></a:ln></c:spPr></c:hiLowLines>'
    )
    for tag in ("c:marker", "c:axId"):
        if (before := line.find(qn(tag))) is not None:
            before.addprevious(joined)
            break


def _show_name_on_first(made: object, series: Series) -> None:
    first = next((n for n, value in enumerate(series.values) if value is not None), None)
    if first is None:
        return
    label = made.points[first].data_label  # type: ignore[attr-defined]
    label.font.bold, label.font.size, label.font.color.rgb = True, Pt(TEXT), _rgb("ink")
    label.position = XL_LABEL_POSITION.RIGHT
    _show(label._dLbl, value=True, name=True)


def _gaps(slide: Slide, panel: Panel, inner: tuple[float, float, float, float]) -> None:
    """Hatch behind the chart where nobody reported."""
    from pptx.enum.shapes import MSO_SHAPE

    number = max(1, len(panel.categories))
    for gap in panel.gaps:
        first, last = max(-0.5, gap.first), min(number - 0.5, gap.last)
        left, right = inner[0] + (first + 0.5) / number * inner[2], inner[0] + (last + 0.5) / number * inner[2]
        box = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *(Emu(int(v * PX)) for v in (left, inner[1], max(4, right - left), inner[3])))
        box.name = f"Gap: {gap.words or 'not reported'}"
        box.fill.patterned()
        box.fill.pattern, box.fill.fore_color.rgb, box.fill.back_color.rgb = MSO_PATTERN.WIDE_UPWARD_DIAGONAL, _rgb("hair"), _rgb("paper")
        box.line.fill.background()
        box.shadow.inherit = False
        if gap.words and right - left > 70:
            _words(slide, gap.words, ((left + right) / 2, inner[1] + inner[3] / 2), right - left)


def _words(slide: Slide, text: str, middle: tuple[float, float], room: float) -> None:
    """A label on paper in the middle of a gap."""
    size = TEXT * 4 / 3
    lines = -(-fonts.width(text, size) // max(room - 24, 40))
    wide = min(fonts.width(text, size) + 20, room - 8)
    tall = lines * size * 1.3 + 6
    box = slide.shapes.add_textbox(*(Emu(int(v * PX)) for v in (middle[0] - wide / 2, middle[1] - tall / 2, wide, tall)))
    box.fill.solid()
    box.fill.fore_color.rgb = _rgb("paper")
    _write(box, text, TEXT, center=True)


def _title(slide: Slide, text: str, box: tuple[float, float, float, float]) -> None:
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
    run.text, run.font.size, run.font.bold, run.font.color.rgb = text, Pt(size), bold, _rgb("ink")
