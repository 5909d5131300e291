"""What is laid over and under an editable chart: gaps, shades, event marks, names, notes, labels."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pptx.enum.dml import MSO_PATTERN
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.slide import Slide
from pptx.util import Emu, Pt

from postflow.drawing import Axis, Drawing, Panel
from postflow.exports import fonts
from postflow.exports.ink import LIGHT, solid
from postflow.exports.pptx_series import TEXT, rgb

if TYPE_CHECKING:
    from postflow.exports.pptx_chart import Box, Place

PX = 9525
LEAST = 10.0
"""Pt: no type on a slide is smaller."""


def _emu(*px: float) -> tuple[Emu, ...]:
    return tuple(Emu(int(value * PX)) for value in px)


def unstyled(shape: object) -> None:
    """Take the theme's shadow off."""
    from pptx.oxml.ns import qn

    style = shape._element.find(qn("p:style"))  # type: ignore[attr-defined]
    if style is not None:
        shape._element.remove(style)  # type: ignore[attr-defined]


def across(panel: Panel, inner: Box, place: float) -> float:
    """Px of a place along the categories."""
    return inner[0] + (place + 0.5) / max(1, len(panel.places)) * inner[2]


def along(axis: Axis, inner: Box, value: float) -> float:
    """Px of a value along a flat panel's axis."""
    low, high, at = (math.log10(v) if axis.is_log else v for v in (axis.low, axis.high, max(value, 1e-12)))
    at = at if axis.is_log else value
    return inner[0] + (at - low) / ((high - low) or 1) * inner[2]


# ---------- behind ----------


def behind(slide: Slide, drawing: Drawing, panel: Panel, inner: Box) -> None:
    """Hatch where nobody reported, pale fields where months are read apart, hatch over unfinished places."""
    if panel.is_flat:
        return
    for shade in panel.shades:
        left, right = (across(panel, inner, at) for at in (shade.first, shade.last))
        _field(slide, f"Shade: {shade.words or shade.kind}", (left, inner[1], right - left, inner[3]), "")
        if shade.words:
            _label(slide, shade.words, (left, inner[1], right - left, 20), LEAST, "ink2")
    for gap in panel.gaps:
        left, right = across(panel, inner, gap.first - 0.5), across(panel, inner, gap.last + 0.5)
        _field(slide, f"Gap: {gap.words}", (left, inner[1], max(4, right - left), inner[3]), "void")
        if right - left > 70:
            _words(slide, gap.words, ((left + right) / 2, inner[1] + inner[3] / 2), right - left)
    if drawing.kind == "time" and panel.is_stacked:
        _unfinished(slide, panel, inner)


def _unfinished(slide: Slide, panel: Panel, inner: Box) -> None:
    for place in panel.opens:
        left, right = across(panel, inner, place - 0.5), across(panel, inner, place + 0.5)
        _field(slide, "Unfinished", (left, inner[1], max(4, right - left), inner[3]), "void")


def _field(slide: Slide, name: str, box: Box, hatched: str) -> None:
    made = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *_emu(*box))
    made.name = name
    if hatched:
        made.fill.patterned()
        made.fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
        made.fill.fore_color.rgb, made.fill.back_color.rgb = rgb(hatched), rgb("paper")
    else:
        made.fill.solid()
        made.fill.fore_color.rgb = rgb("panel")
    made.line.fill.background()
    unstyled(made)


# ---------- before ----------


def before(slide: Slide, drawing: Drawing, panel: Panel, place: Place) -> None:
    """The panel's label, and the names, ticks and notes of a flat one."""
    left, top, wide, _ = place.box
    if panel.label and not panel.is_flat:
        _label(slide, panel.label, (left, top, wide, TEXT * 1.9), TEXT, "ink", bold=True)
    if drawing.kind in ("ranges", "pairs"):
        _ticks(slide, panel, place.inner)
        _names(slide, panel, place)
    if panel.is_flat and panel.notes:
        _notes(slide, panel, place)
    if any(panel.directions):
        _directions(slide, panel, place.inner)
    if drawing.kind == "pairs":
        _heads(slide, panel, place.inner)


def _row(panel: Panel, inner: Box, n: int) -> tuple[float, float]:
    """Top and height of a line, in px."""
    tall = inner[3] / max(1, len(panel.places))
    return inner[1] + n * tall, tall


def _names(slide: Slide, panel: Panel, place: Place) -> None:
    for n, name in enumerate(panel.places.names):
        top, tall = _row(panel, place.inner, n)
        box = (place.box[0], top, place.inner[0] - place.box[0] - 8, tall)
        _label(slide, name, box, _size(tall), "ink", align=PP_ALIGN.RIGHT)


def _notes(slide: Slide, panel: Panel, place: Place) -> None:
    right = place.inner[0] + place.inner[2]
    for n, words in enumerate(panel.notes):
        top, tall = _row(panel, place.inner, n)
        _label(slide, words, (right + 10, top, place.box[0] + place.box[2] - right - 10, tall), _size(tall), "ink")


def _size(tall: float) -> float:
    return max(LEAST, min(TEXT, tall * 0.7 * 0.75))


def _ticks(slide: Slide, panel: Panel, inner: Box) -> None:
    for value, words in panel.axis.ticks:
        x = along(panel.axis, inner, value)
        _label(slide, words, (x - 50, inner[1] + inner[3] + 2, 100, 24), LEAST + 2, "ink2", align=PP_ALIGN.CENTER)
    for level in panel.levels:
        x = along(panel.axis, inner, level.value)
        _rule(slide, f"Level: {level.value:g}", (x, inner[1], x, inner[1] + inner[3]), "ink3")


def _directions(slide: Slide, panel: Panel, inner: Box) -> None:
    half = (inner[0], inner[1] - 24, inner[2] / 2, 22)
    for n, words in enumerate(panel.directions):
        if words:
            box = (half[0] + n * half[2], *half[1:])
            _label(slide, words, box, LEAST + 1, "ink2", align=PP_ALIGN.RIGHT if n else PP_ALIGN.LEFT)


def _heads(slide: Slide, panel: Panel, inner: Box) -> None:
    """What hollow and solid mean, over the chart."""
    words = " · ".join(f"{'○' if one.kind == 'hollow' else '●'} {one.name}" for one in panel.series)
    _label(slide, words, (inner[0], inner[1] - 26, inner[2], 24), LEAST + 2, "ink2")


def flags(slide: Slide, drawing: Drawing, places: list[Place]) -> None:
    """Numbered marks over the first panel, dotted lines through all of them."""
    if not drawing.flags:
        return
    panel, first, last = drawing.panels[0], places[0].inner, places[-1].inner
    edge = float("-inf")
    for flag in drawing.flags:
        x = across(panel, first, flag.at)
        edge = max(edge + 24, x - 11)
        _rule(slide, f"Event {flag.number} line", (x, first[1] - 4, x, last[1] + last[3]), "ink2")
        sign = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *_emu(edge, first[1] - 26, 22, 22))
        sign.name = f"Event {flag.number}"
        sign.fill.solid()
        sign.fill.fore_color.rgb = rgb("ink")
        sign.line.fill.background()
        unstyled(sign)
        write(sign, str(flag.number), 11, bold=True, align=PP_ALIGN.CENTER, tint="paper")


def _rule(slide: Slide, name: str, ends: Box, tint: str) -> None:
    from pptx.enum.dml import MSO_LINE

    made = slide.shapes.add_connector(1, *_emu(*ends))
    made.name, made.line.width, made.line.dash_style = name, Pt(1), MSO_LINE.SQUARE_DOT
    made.line.color.rgb = rgb(tint)
    unstyled(made)


def _words(slide: Slide, text: str, middle: tuple[float, float], room: float) -> None:
    """A label on paper in the middle of a gap."""
    points = TEXT if room > 140 else LEAST
    size = points * 4 / 3
    if max(fonts.width(word, size) for word in text.split()) > room - 6:
        return
    lines = -(-fonts.width(text, size) // max(room - 24, 30))
    wide = min(fonts.width(text, size) + 20, room - 8)
    tall = lines * size * 1.3 + 6
    box = slide.shapes.add_textbox(*_emu(middle[0] - wide / 2, middle[1] - tall / 2, wide, tall))
    box.fill.solid()
    box.fill.fore_color.rgb = rgb("paper")
    write(box, text, points, align=PP_ALIGN.CENTER)


def _label(
    slide: Slide,
    text: str,
    box: Box,
    size: float,
    tint: str,
    bold: bool = False,
    align: PP_ALIGN = PP_ALIGN.LEFT,
) -> None:
    made = slide.shapes.add_textbox(*_emu(*box))
    write(made, text, size, bold, align, tint)


def write(
    box: object, text: str, size: float, bold: bool = False, align: PP_ALIGN = PP_ALIGN.LEFT, tint: str = "ink"
) -> None:
    """One line of text in a shape, in the middle of its height."""
    from pptx.dml.color import RGBColor

    frame = box.text_frame  # type: ignore[attr-defined]
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    paragraph = frame.paragraphs[0]
    paragraph.alignment = align
    run = paragraph.add_run()
    run.text, run.font.size, run.font.bold = text, Pt(size), bold
    run.font.color.rgb = RGBColor.from_string(solid(LIGHT.get(tint, tint)))
