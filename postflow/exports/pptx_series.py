"""How lines, columns, bars and points look in an editable chart: our colours, names at the ends, intervals, labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pptx.chart.chart import Chart as PptxChart
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_LABEL_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE, MSO_PATTERN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.oxml.xmlchemy import BaseOxmlElement
from pptx.util import Pt

from postflow.drawing import Panel, Series, Values
from postflow.exports import fonts
from postflow.exports.ink import LIGHT, solid
from postflow.style import Palette

TEXT = 14.0
"""Chart text in pt: 19 px of the stage."""
MOST_BARS = 24
"""More bars than these carry no numbers."""
STAGE_PX = 1200
"""Width of a picture on a slide."""
FLOOR = 0.7
"""Where a zero stands on a log axis of counts; its number says 0."""
TOTAL = "Total"
DASHES = {"dot": MSO_LINE.ROUND_DOT, "dash": MSO_LINE.DASH}


@dataclass(frozen=True)
class Row:
    """One series of the chart's own data."""

    name: str
    values: Values
    look: str
    """line, level, column, heavy, bar, less, blank or total."""
    tint: str
    of: Series | None = None
    low: Values = ()
    high: Values = ()


def rgb(name: str) -> RGBColor:
    """A colour by its name in style.py, or a CSS colour."""
    code = Palette("light")[name] if name in LIGHT or "|" in name else name
    return RGBColor.from_string(solid(code))


def floored(panel: Panel, value: float) -> float:
    """Where a value stands: on a log axis a zero has no place of its own, and an end beyond the axis is cut at it."""
    at = max(value, FLOOR) if panel.axis.is_log and value <= 0 else value
    return min(max(at, panel.axis.low), panel.axis.high)


def rows(panel: Panel) -> list[Row]:
    """What the chart of a panel with categories holds, in the drawing's order."""
    found = [row for one in panel.series for row in _rows(one)]
    for level in panel.levels:
        first, last = level.first or 0, len(panel.places) - 1 if level.last is None else level.last
        values = tuple(level.value if first <= n <= last else None for n in range(len(panel.places)))
        found.append(Row(level.words or "Level", values, "level", level.text))
    if panel.is_stacked and any(value is not None for value in panel.totals):
        found.append(Row(TOTAL, panel.totals, "total", "ink", None, panel.totals_low, panel.totals_high))
    return found


def _rows(one: Series) -> list[Row]:
    if one.kind in ("line", "step"):
        return [Row(one.name, one.values, "line", one.tint, one, one.low, one.high)]
    if one.base:
        return _steps(one)
    if any(one.heavy):
        pairs = list(zip(one.values, one.heavy, strict=True))
        light = tuple(None if v is None else v - (top or 0.0) for v, top in pairs)
        heavy = Row(f"{one.name}, heaviest record", tuple(top or None for top in one.heavy), "heavy", one.tint)
        return [Row(one.name, light, "column", one.tint, one), heavy]
    return [Row(one.name, one.values, "bar" if one.kind == "bar" else "column", one.tint, one)]


def _steps(one: Series) -> list[Row]:
    """A waterfall: what lies under each step is not drawn, a fall is hollow."""
    pairs = list(zip(one.values, one.base, strict=True))
    under = tuple(None if v is None or b is None else min(b, b + v) for v, b in pairs)
    more = tuple(v if v is not None and v > 0 else None for v in one.values)
    less = tuple(-v if v is not None and v < 0 else None for v in one.values)
    blank, more_row = Row("Before the step", under, "blank", "paper"), Row("More", more, "bar", one.tint)
    return [blank, more_row, Row("Less", less, "less", one.tint)]


def drawn(chart: PptxChart, panel: Panel) -> None:
    """Give each series of a chart with categories its look."""
    held = rows(panel)
    made = list(chart.plots[0].series)
    if not panel.is_flat and any(row.look == "column" for row in held):
        _columns(chart, panel, held, made)
    elif panel.is_flat:
        _bars(chart, held, made)
    else:
        _lines(panel, held, made)
    _blanks(chart)


# ---------- lines ----------


def _lines(panel: Panel, held: Sequence[Row], made: Sequence[object]) -> None:
    """Lines with a dot and the name at the newest value, intervals pale behind them; none leads into a new series."""
    moved = _dodged(panel)
    for row, series in zip(held, made, strict=True):
        line = series.format.line  # type: ignore[attr-defined]
        series.smooth = False  # type: ignore[attr-defined]
        series.marker.style = XL_MARKER_STYLE.NONE  # type: ignore[attr-defined]
        thick = Pt(1.25) if row.look == "level" else Pt(1.1 * (row.of.width if row.of else 2.4))
        line.color.rgb, line.width = rgb(row.tint), thick
        if row.look == "level" or (row.of and row.of.dash != "solid"):
            line.dash_style = MSO_LINE.DASH if row.of is None else DASHES.get(row.of.dash, MSO_LINE.DASH)
        _apart(panel, row, series)
        known = [n for n, value in enumerate(row.values) if value is not None]
        if known and row.of is not None and row.of.end:
            _end(series, known[-1], row, moved.get(row.name, 0.0))
        elif known and row.look == "level" and row.name != "Level":
            _said(series, known[0], XL_LABEL_POSITION.ABOVE, row)
        if row.of is not None and any(value is not None for value in row.high):
            _interval(series, row, 5, 22_000, "y")


def _apart(panel: Panel, row: Row, series: object) -> None:
    """No line leads to a place where the series begins anew, and a value that stands alone is a dot."""
    known = {n for n, value in enumerate(row.values) if value is not None}
    cuts = set(panel.cuts) if row.of is not None else set()
    for n in sorted(known):
        joined = (n - 1 in known and n not in cuts, n + 1 in known and n + 1 not in cuts)
        if n in cuts and n - 1 in known:
            series.points[n].format.line.fill.background()  # type: ignore[attr-defined]
        if not any(joined) and row.look == "line":
            _dotted(series.points[n], row)  # type: ignore[attr-defined]


def _dotted(point: object, row: Row) -> None:
    marker = point.marker  # type: ignore[attr-defined]
    marker.style, marker.size = XL_MARKER_STYLE.CIRCLE, 8
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = rgb(row.tint)
    marker.format.line.color.rgb = rgb("paper")


def _dodged(panel: Panel) -> dict[str, float]:
    """How far each name at a line's end moves up, as a share of the chart's height, so that none covers another."""
    ends = sorted((one.values[one.told()[-1]] or 0.0, one.name) for one in panel.series if one.end and one.told())
    low, span = panel.axis.low, (panel.axis.high - panel.axis.low) or 1.0
    out, floor = {}, float("-inf")
    for value, name in ends:
        at = (value - low) / span
        spot = max(at, floor + 0.12)
        out[name], floor = spot - at, spot
    return out


def _end(series: object, last: int, row: Row, up: float) -> None:
    """A dot and the name at the newest value."""
    _dotted(series.points[last], row)  # type: ignore[attr-defined]
    label = series.points[last].data_label  # type: ignore[attr-defined]
    _look(label, TEXT, (row.of.text if row.of else "") or row.tint, bold=True)
    label.position = XL_LABEL_POSITION.RIGHT
    _show(label._dLbl, value=bool(row.of and row.of.end == "value"), name=True)
    _number(label._dLbl, [value for value in row.values if value is not None])
    for body in label._dLbl.iter(qn("a:bodyPr")):
        body.set("wrap", "none")
    if up:
        moved = f'<c:manualLayout><c:x val="0"/><c:y val="{-up * 0.7:.4f}"/></c:manualLayout>'
        label._dLbl.find(qn("c:idx")).addnext(parse_xml(f"<c:layout {nsdecls('c')}>{moved}</c:layout>"))


def _said(series: object, at: int, position: XL_LABEL_POSITION, row: Row) -> None:
    """The words of a reference at its start."""
    label = series.points[at].data_label  # type: ignore[attr-defined]
    _look(label, 11, row.tint)
    label.position = XL_LABEL_POSITION.RIGHT if at == 0 else position
    _show(label._dLbl, value=False, name=True)
    for body in label._dLbl.iter(qn("a:bodyPr")):
        body.set("wrap", "none")


def _look(label: object, size: float, tint: str, bold: bool = False) -> None:
    font = label.font  # type: ignore[attr-defined]
    font.bold, font.size, font.color.rgb = bold, Pt(size), rgb(tint)


def _number(label: BaseOxmlElement, values: list[float]) -> None:
    """The number as it is read; without this, PowerPoint writes every digit it has."""
    form = parse_xml(f'<c:numFmt {nsdecls("c")} formatCode="{number_format(values)}" sourceLinked="0"/>')
    after = [qn(f"c:{tag}") for tag in ("spPr", "txPr", "dLblPos", "showLegendKey")]
    next(child for child in label if child.tag in after).addprevious(form)


def number_format(values: list[float]) -> str:
    """Counts whole, small shares and indices with one decimal: never more digits than a reader takes in."""
    whole = all(float(value).is_integer() for value in values) or max(values, default=0) >= 100
    return "#,##0;−#,##0" if whole else "0.0;−0.0"


def _show(label: BaseOxmlElement, value: bool, name: bool, category: bool = False) -> None:
    for tag, on in (
        ("showLegendKey", False),
        ("showVal", value),
        ("showCatName", category),
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


def _interval(series: object, row: Row, points: float, alpha: int, way: str) -> None:
    """The interval as error bars: they are part of the chart and move with it."""

    def listed(ends: Values, sign: int) -> str:
        away = [
            None if v is None or end is None else max(0.0, sign * (end - v))
            for v, end in zip(row.values, ends, strict=True)
        ]
        held = "".join(f'<c:pt idx="{n}"><c:v>{v:.7g}</c:v></c:pt>' for n, v in enumerate(away) if v is not None)
        return f'<c:numLit><c:formatCode>General</c:formatCode><c:ptCount val="{len(away)}"/>{held}</c:numLit>'

    cap = (
        '<a:ln w="{}" cap="flat"><a:solidFill><a:srgbClr val="{}"><a:alpha val="{}"/></a:srgbClr></a:solidFill></a:ln>'
    )
    stroke = cap.format(int(Pt(points)), str(rgb(row.tint)), alpha)
    bars = parse_xml(
        f'<c:errBars {nsdecls("c", "a")}><c:errDir val="{way}"/><c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="1"/><c:plus>{listed(row.high, 1)}</c:plus><c:minus>{listed(row.low, -1)}</c:minus>'
        f"<c:spPr>{stroke}</c:spPr></c:errBars>"
    )
    element = series._element  # type: ignore[attr-defined]
    before = next(child for tag in ("c:cat", "c:xVal") if (child := element.find(qn(tag))) is not None)
    before.addprevious(bars)


def _blanks(chart: PptxChart) -> None:
    """A gap stays a gap."""
    whole = chart._chartSpace.chart
    for tag in ("c:dispBlanksAs", "c:plotVisOnly"):
        for old in whole.findall(qn(tag)):
            whole.remove(old)
    after = whole.find(qn("c:legend"))
    after = whole.plotArea if after is None else after
    after.addnext(parse_xml(f'<c:dispBlanksAs {nsdecls("c")} val="gap"/>'))
    after.addnext(parse_xml(f'<c:plotVisOnly {nsdecls("c")} val="1"/>'))


# ---------- columns and bars ----------


def _filled(series: object, row: Row) -> None:
    fill = series.format.fill  # type: ignore[attr-defined]
    series.invert_if_negative = False  # type: ignore[attr-defined]
    if row.look == "blank":
        fill.background()
    elif row.look == "heavy":
        fill.patterned()
        fill.pattern, fill.fore_color.rgb = MSO_PATTERN.WIDE_UPWARD_DIAGONAL, rgb(row.tint)
        fill.back_color.rgb = rgb("paper")
    else:
        fill.solid()
        fill.fore_color.rgb = rgb("paper" if row.look == "less" else row.tint)
    if row.look in ("less", "heavy"):
        line = series.format.line  # type: ignore[attr-defined]
        line.color.rgb, line.width = rgb(row.tint), Pt(1.25)


def _columns(chart: PptxChart, panel: Panel, held: Sequence[Row], made: Sequence[object]) -> None:
    plot = chart.plots[0]
    plot.gap_width, plot.overlap, plot.vary_by_categories = 12 if len(panel.places) > 20 else 40, 100, False
    for row, series in zip(held, made, strict=True):
        if row.look != "total":
            _filled(series, row)
    single = [row for row in held if row.look == "column"]
    if not panel.totals and len(single) == 1 and (size := _label_size(panel, single[0].values)):
        _labels(made[held.index(single[0])], single[0].values, size)
    if held[-1].look == "total":
        _totals(chart, panel, held[-1])


def _totals(chart: PptxChart, panel: Panel, row: Row) -> None:
    """The sums as an unseen line over the columns: it carries the intervals and the numbers."""
    bars = chart._chartSpace.chart.plotArea.find(qn("c:barChart"))
    element = bars.findall(qn("c:ser"))[-1]
    bars.remove(element)
    for tag in ("c:invertIfNegative", "c:spPr", "c:dLbls"):
        for old in element.findall(qn(tag)):
            element.remove(old)
    unseen = '<c:spPr {}><a:ln w="19050"><a:noFill/></a:ln></c:spPr>'.format(nsdecls("c", "a"))
    element.find(qn("c:tx")).addnext(parse_xml(unseen))
    element.find(qn("c:spPr")).addnext(parse_xml(f'<c:marker {nsdecls("c")}><c:symbol val="none"/></c:marker>'))
    element.append(parse_xml(f'<c:smooth {nsdecls("c")} val="0"/>'))
    over = parse_xml(f'<c:lineChart {nsdecls("c")}><c:grouping val="standard"/><c:varyColors val="0"/></c:lineChart>')
    over.append(element)
    over.append(parse_xml(f'<c:marker {nsdecls("c")} val="1"/>'))
    for axis in bars.findall(qn("c:axId")):
        over.append(parse_xml(f'<c:axId {nsdecls("c")} val="{axis.get("val")}"/>'))
    bars.addnext(over)
    series = next(one for one in chart.series if one.name == TOTAL)
    if size := _label_size(panel, row.values):
        _labels(series, row.values, size)
    if any(value is not None for value in row.high):
        _interval(series, row, 1.4, 100_000, "y")


def _label_size(panel: Panel, values: Values) -> float:
    """Pt of the numbers at columns; 0 where they would run into each other."""
    if len(panel.places) > MOST_BARS:
        return 0
    known = [value for value in values if value is not None]
    wide = max((fonts.width(f"{value:,.0f}", 1, True) for value in known), default=1)
    room = STAGE_PX * 0.8 / max(1, len(panel.places))
    return next((size for size in (TEXT, 12, 10) if wide * size * 4 / 3 + 6 <= room), 0)


def _labels(series: object, values: Values, size: float) -> None:
    labels = series.data_labels  # type: ignore[attr-defined]
    labels.show_value, labels.number_format_is_linked = True, False
    labels.number_format = number_format([value for value in values if value is not None])
    _look(labels, size, "ink", bold=True)
    line = series._element.getparent().tag == qn("c:lineChart")  # type: ignore[attr-defined]
    labels.position = XL_LABEL_POSITION.ABOVE if line else XL_LABEL_POSITION.OUTSIDE_END
    if not line and series._element.getparent().find(qn("c:grouping")).get("val") == "stacked":  # type: ignore[attr-defined]
        labels.position = XL_LABEL_POSITION.INSIDE_END


def _bars(chart: PptxChart, held: Sequence[Row], made: Sequence[object]) -> None:
    """Bars below each other; their numbers stand at the right edge, as the drawing words them."""
    plot = chart.plots[0]
    plot.gap_width, plot.overlap, plot.vary_by_categories = 60, 100, False
    for row, series in zip(held, made, strict=True):
        _filled(series, row)
        for n, tint in enumerate(row.of.tints if row.of else ()):
            fill = series.points[n].format.fill  # type: ignore[attr-defined]
            fill.solid()
            fill.fore_color.rgb = rgb(tint)


# ---------- points ----------


@dataclass(frozen=True)
class Trace:
    """A series of a scatter chart: dots of one look, or the interval of one line.

    Each interval is a series of two points, because not every program draws error bars along a value axis, or the
    look of a single point.
    """

    name: str
    places: tuple[int, ...]
    xs: tuple[float, ...]
    tint: str
    thick: float = 0.0
    """Pt of the line; 0 = dots."""
    is_hollow: bool = False
    of: Series | None = None


def traces(panel: Panel) -> list[Trace]:
    """What the scatter chart of a flat panel holds: intervals first, so that the dots lie on them."""
    one = panel.series[0]
    found = [trace for series in panel.series for trace in (*_spans(panel, series, True), *_spans(panel, series))]
    if len(panel.series) == 2:
        names = panel.places.names
        pairs = zip(names, one.values, panel.series[1].values, strict=True)
        found += [
            Trace(f"{name}, joined", (n, n), (floored(panel, a or 0.0), floored(panel, b or 0.0)), one.tint, 2.5)
            for n, (name, a, b) in enumerate(pairs)
        ]
    return found + [trace for series in panel.series for trace in _dots(panel, series)]


def _spans(panel: Panel, one: Series, inner: bool = False) -> list[Trace]:
    low, high = (one.inner_low, one.inner_high) if inner else (one.low, one.high)
    words, thick = ("middle half", 8.0) if inner else ("interval", 1.75)
    ends = [(n, a, b) for n, (a, b) in enumerate(zip(low, high, strict=True)) if a is not None and b is not None]
    tints = one.tints or (one.tint,) * len(panel.places)
    return [
        Trace(f"{panel.places.names[n]}, {words}", (n, n), (floored(panel, a), floored(panel, b)), tints[n], thick)
        for n, a, b in ends
    ]


def _dots(panel: Panel, one: Series) -> list[Trace]:
    """Points by colour, and by whether the interval leaves the level out."""
    found: dict[tuple[str, bool], list[int]] = {}
    for n in one.told():
        hollow = one.kind == "hollow" or (bool(one.is_clear) and not one.is_clear[n])
        found.setdefault((one.tints[n] if one.tints else one.tint, hollow), []).append(n)
    named = {False: one.name, True: one.name if one.kind == "hollow" else f"{one.name}, interval holds the level"}
    return [
        Trace(
            named[hollow],
            tuple(known),
            tuple(floored(panel, one.values[n] or 0.0) for n in known),
            tint,
            0.0,
            hollow,
            one,
        )
        for (tint, hollow), known in found.items()
    ]


def points(chart: PptxChart, panel: Panel) -> None:
    """Dots with their intervals, or pairs of dots joined."""
    for trace, series in zip(traces(panel), chart.plots[0].series, strict=True):
        series.smooth = False
        if trace.thick:
            series.marker.style = XL_MARKER_STYLE.NONE
            pale = trace.thick > 2
            series.format.line.color.rgb = rgb(f"{trace.tint}|paper|0.55" if pale else trace.tint)
            series.format.line.width = Pt(trace.thick)
            continue
        series.format.line.fill.background()
        marker = series.marker
        marker.style, marker.size = XL_MARKER_STYLE.CIRCLE, 12
        marker.format.fill.solid()
        marker.format.fill.fore_color.rgb = rgb(f"{trace.tint}|paper|0.7" if trace.is_hollow else trace.tint)
        marker.format.line.color.rgb, marker.format.line.width = rgb(trace.tint), Pt(2)
        if len(panel.series) == 2 and trace.of is not None:
            _sided(series, panel, trace.of, list(trace.places))


def _sided(series: object, panel: Panel, one: Series, known: list[int]) -> None:
    """The number of each dot on its outer side."""
    other = next(each for each in panel.series if each is not one)
    for point, n in enumerate(known):
        mine, beside = one.values[n] or 0.0, other.values[n] or 0.0
        is_right = mine > beside or (mine == beside and one.kind == "dot")
        label = series.points[point].data_label  # type: ignore[attr-defined]
        label.text_frame.text = one.words[n]
        run = label.text_frame.paragraphs[0].runs[0]
        run.font.size, run.font.bold, run.font.color.rgb = Pt(TEXT), one.kind == "dot", rgb("ink")
        label.position = XL_LABEL_POSITION.RIGHT if is_right else XL_LABEL_POSITION.LEFT
