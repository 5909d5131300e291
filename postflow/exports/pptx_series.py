"""How lines, bars and dumbbells look in an editable chart: our colours, names at the ends, intervals, labels."""

from __future__ import annotations

from lxml import etree
from pptx.chart.chart import Chart as PptxChart
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_LABEL_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_PATTERN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from postflow.exports.ink import LIGHT, solid
from postflow.exports.panels import Panel, Series

TEXT = 14.0
"""Chart text in pt: 19 px of the stage."""
MOST_BARS = 24
"""More bars than these carry no numbers."""
STAGE_PX = 1200
"""Width of a picture on a slide."""


def rgb(name: str) -> RGBColor:
    """A colour by its name in style.py, or a CSS colour."""
    return RGBColor.from_string(solid(LIGHT.get(name, name)))


def lines(chart: PptxChart, panel: Panel) -> None:
    """Lines with a dot and the name at the newest value, intervals pale behind them."""
    moved = _dodged(panel)
    for series, made in zip(panel.series, chart.plots[0].series, strict=True):
        made.smooth = False
        made.format.line.color.rgb, made.format.line.width = rgb(series.colour), Pt(2.6)
        made.marker.style = XL_MARKER_STYLE.NONE
        known = [n for n, value in enumerate(series.values) if value is not None]
        if known:
            _end(made, known[-1], series, moved.get(series.name, 0.0))
        if any(value is not None for value in series.high):
            _interval(made, series)
    _blanks(chart)


def _dodged(panel: Panel) -> dict[str, float]:
    """How far each name at a line's end moves up, as a share of the chart's height, so that none covers another."""
    ends = sorted(
        (next(v for v in reversed(s.values) if v is not None), s.name)
        for s in panel.series
        if any(v is not None for v in s.values)
    )
    top = panel.top or max((value for value, _ in ends), default=1) or 1
    out, floor = {}, float("-inf")
    for value, name in ends:
        spot = max(value / top, floor + 0.12)
        out[name], floor = spot - value / top, spot
    return out


def _end(made: object, last: int, series: Series, up: float) -> None:
    """A dot and the name at the newest value."""
    point = made.points[last]  # type: ignore[attr-defined]
    point.marker.style, point.marker.size = XL_MARKER_STYLE.CIRCLE, 8
    point.marker.format.fill.solid()
    point.marker.format.fill.fore_color.rgb = rgb(series.colour)
    point.marker.format.line.color.rgb = rgb("paper")
    label = point.data_label
    label.font.bold, label.font.size, label.font.color.rgb = True, Pt(TEXT), rgb(series.colour)
    label.position = XL_LABEL_POSITION.RIGHT
    _show(label._dLbl, value=True, name=True)
    _number(label._dLbl, [value for value in series.values if value is not None])
    for body in label._dLbl.iter(qn("a:bodyPr")):
        body.set("wrap", "none")
    if up:
        label._dLbl.find(qn("c:idx")).addnext(
            parse_xml(
                f'<c:layout {nsdecls("c")}><c:manualLayout><c:x val="0"/><c:y val="{-up * 0.7:.4f}"/></c:manualLayout></c:layout>'
            )
        )


def _number(label: etree._Element, values: list[float]) -> None:
    """The number as it is read; without this, PowerPoint writes every digit it has."""
    form = parse_xml(f'<c:numFmt {nsdecls("c")} formatCode="{number_format(values)}" sourceLinked="0"/>')
    after = [qn(f"c:{tag}") for tag in ("spPr", "txPr", "dLblPos", "showLegendKey")]
    next(child for child in label if child.tag in after).addprevious(form)


def _show(label: etree._Element, value: bool, name: bool) -> None:
    for tag, on in (
        ("showLegendKey", False),
        ("showVal", value),
        ("showCatName", False),
        ("showSerName", name),
        ("showPercent", False),
        ("showBubbleSize", False),
    ):
        found = label.find(qn(f"c:{tag}"))
        if found is not None:
            found.set("val", str(int(on)))
    if name and label.find(qn("c:separator")) is None:
        after = label.find(qn("c:showBubbleSize"))
        after.addnext(parse_xml(f"<c:separator {nsdecls('c')}> </c:separator>"))


def _interval(made: object, series: Series) -> None:
    """The 95 % interval as broad pale error bars: they are part of the chart and move with it."""
    plus = [
        None if v is None or h is None else max(0.0, h - v) for v, h in zip(series.values, series.high, strict=True)
    ]
    minus = [
        None if v is None or low is None else max(0.0, v - low)
        for v, low in zip(series.values, series.low, strict=True)
    ]

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


def bars(chart: PptxChart, panel: Panel) -> None:
    """Columns or bars with their numbers, where there is room."""
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = (
        (12 if len(panel.categories) > 20 else 40),
        100 if panel.is_stacked or len(panel.series) == 1 else 0,
    )
    plot.vary_by_categories = False
    size = _label_size(panel)
    most = panel.top or max((v for s in panel.series for v in s.values if v), default=1)
    for series, made in zip(panel.series, plot.series, strict=True):
        fill = made.format.fill
        if series.hatched:
            fill.patterned()
            fill.pattern, fill.fore_color.rgb, fill.back_color.rgb = (
                MSO_PATTERN.WIDE_UPWARD_DIAGONAL,
                rgb(series.colour),
                rgb("paper"),
            )
        else:
            fill.solid()
            fill.fore_color.rgb = rgb(series.colour)
        made.invert_if_negative = False
        if size and not series.hatched:
            _bar_labels(made, panel, series, most, size)


def _label_size(panel: Panel) -> float:
    """Pt of the numbers at columns and bars; 0 where they would run into each other."""
    if len(panel.categories) > MOST_BARS:
        return 0
    if panel.kind != "column":
        return TEXT if len(panel.categories) <= 12 else 10
    beside = 1 if panel.is_stacked else len(panel.series)
    room = STAGE_PX * (panel.box[2] - panel.box[0]) / (len(panel.categories) * beside)
    values = [value for series in panel.series for value in series.values if value is not None]
    wide = max(
        (len(f"{value:,.1f}" if number_format(values) == "0.0" else f"{value:,.0f}") for value in values), default=1
    )
    return next((size for size in (TEXT, 12, 10) if wide * size * 0.62 * 4 / 3 + 6 <= room), 0)


def number_format(values: list[float]) -> str:
    """Counts whole, small shares and indices with one decimal: never more digits than a reader takes in."""
    return "#,##0" if all(float(value).is_integer() for value in values) or max(values, default=0) >= 100 else "0.0"


def _bar_labels(made: object, panel: Panel, series: Series, most: float, size: float) -> None:
    labels = made.data_labels  # type: ignore[attr-defined]
    known = [value for each in panel.series for value in each.values if value is not None]
    labels.show_value, labels.number_format, labels.number_format_is_linked = True, number_format(known), False
    labels.font.bold, labels.font.size = True, Pt(size)
    labels.font.color.rgb = rgb("ink")
    if not panel.is_stacked:
        labels.position = XL_LABEL_POSITION.OUTSIDE_END
        return
    labels.position = XL_LABEL_POSITION.CENTER
    labels.font.color.rgb = rgb("raise") if _is_dark(series.colour) else rgb("ink")
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


def _faded(colour: str) -> str:
    """A quarter of a colour on paper: hollow, and still seen where a program draws no rim."""
    code = solid(colour)
    return f"rgba({int(code[:2], 16)},{int(code[2:4], 16)},{int(code[4:], 16)},0.3)"


def dumbbell(chart: PptxChart, panel: Panel) -> None:
    """Two dots a category, joined: hollow before, solid after."""
    for series, made in zip(panel.series, chart.plots[0].series, strict=True):
        made.format.line.fill.background()
        made.smooth = False
        made.marker.style, made.marker.size = XL_MARKER_STYLE.CIRCLE, 13
        made.marker.format.fill.solid()
        made.marker.format.fill.fore_color.rgb = rgb(
            f"#{solid(_faded(series.colour))}" if series.hollow else series.colour
        )
        made.marker.format.line.color.rgb, made.marker.format.line.width = rgb(series.colour), Pt(2)
        labels = made.data_labels
        labels.show_value, labels.position = True, XL_LABEL_POSITION.RIGHT
        labels.font.bold, labels.font.size, labels.font.color.rgb = (
            not series.hollow,
            Pt(TEXT),
            rgb("ink2" if series.hollow else "ink"),
        )
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
    label.font.bold, label.font.size, label.font.color.rgb = True, Pt(TEXT), rgb("ink")
    label.position = XL_LABEL_POSITION.RIGHT
    _show(label._dLbl, value=True, name=True)
