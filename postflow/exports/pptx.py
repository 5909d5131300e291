"""A deck for PowerPoint and LibreOffice: 16:9, our template or an organisation's, charts that can be edited."""

from __future__ import annotations

import io
import os
from pathlib import Path

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.exc import PackageNotFoundError
from pptx.presentation import Presentation as Deck
from pptx.shapes.base import BaseShape
from pptx.slide import Slide, SlideLayout
from pptx.util import Emu, Pt

from postflow import handling
from postflow.errors import ExportError
from postflow.exports import cells, fonts, picture, pptx_chart, pptx_marks, pptx_table, sheets
from postflow.exports.ink import LIGHT, solid
from postflow.exports.outgoing import Leaving, Outgoing

TEMPLATE = Path(__file__).resolve().parents[2] / "assets" / "template.pptx"
PX = 9525
PLACES = {
    0: (40, 62, 1200, 50),
    10: (40, 112, 1200, 28),
    11: (182, 14, 850, 30),
    12: (1060, 14, 180, 27),
    13: (40, 628, 1080, 78),
    14: (40, 598, 1200, 24),
    15: (1140, 628, 100, 24),
}
"""Where things stand in px of a 1280 × 720 stage if a template has no placeholder for them."""
FOOT = 708
LINE = 1.32
WIDE = 1200.0
CAPTION_PX = 13.4
"""10 pt: no type on a slide is smaller."""
Box = tuple[float, float, float, float]


def make(out: Outgoing, template: Path | None = None) -> bytes:
    """The deck: title, one slide a figure, sources and limits.

    Args:
        out: figures that the gate let out.
        template: an organisation's own; ``$POSTFLOW_PPTX_TEMPLATE`` or ours if None.

    Raises:
        ExportError: the template cannot be read.
    """
    deck = _opened(template or Path(os.environ.get("POSTFLOW_PPTX_TEMPLATE") or TEMPLATE))
    _title(deck, out)
    for number, item in enumerate(out.figures, start=1):
        _finding(deck, out, item, number)
    _closing(deck, out)
    words = deck.core_properties
    words.title, words.subject, words.author, words.keywords = (
        out.title[:250],
        f"Handling: {out.mark}",
        "Postflow",
        out.mark,
    )
    words.comments = f"{out.version}. {out.mark_words}"[:250]
    held = io.BytesIO()
    deck.save(held)
    return held.getvalue()


def _opened(path: Path) -> Deck:
    try:
        deck = Presentation(str(path))
    except (PackageNotFoundError, KeyError, ValueError, OSError) as error:
        raise ExportError(
            f"The slide template cannot be read: {error}.",
            file=str(path),
            next_step="Give a .pptx file, or run scripts/make_pptx_template.py.",
        ) from None
    deck.slide_width, deck.slide_height = Emu(1280 * PX), Emu(720 * PX)
    return deck


def _layout(deck: Deck, name: str) -> SlideLayout:
    return next((layout for layout in deck.slide_layouts if layout.name == name), deck.slide_layouts[-1])


# ---------- slides ----------


def _title(deck: Deck, out: Outgoing) -> None:
    slide = deck.slides.add_slide(_layout(deck, "Postflow title"))
    size, lines = _fit(out.title, 1120, (58, 44, 32, 24), 3)
    _put(slide, 0, out.title, size * 0.75, (40, 330 - lines * size * 1.2, 1120, lines * size * 1.2))
    _put(slide, 10, out.filters, 18 if len(out.filters) < 160 else 12, (40, 346, 1120, 80))
    _frame(slide, out, "")
    _put(slide, 13, f"{out.version} · made on {out.made_on.isoformat()}\n{out.mark_words}")
    _synthetic(slide, out)
    _done(slide)


def _finding(deck: Deck, out: Outgoing, item: Leaving, number: int) -> None:
    """The picture on a slide, and the tables that the page shows on as many more as hold them."""
    folio = f"{number} / {len(out.figures)}"
    if item.has_picture:
        slide, box = _headed(deck, out, item, folio)
        _picture(slide, item, box)
        _ended(slide, out, item)
    pages = sheets.sheets(item.body if item.has_picture else item.tables(), WIDE, _room(item))
    if not pages and not item.has_picture:
        slide, box = _headed(deck, out, item, folio)
        _nothing(slide, box)
        _ended(slide, out, item)
    for n, parts in enumerate(pages):
        more = f"{folio} · {n + 1} of {len(pages)}" if len(pages) > 1 else folio
        slide, box = _headed(deck, out, item, more)
        pptx_table.add(slide, parts, box[0], box[1], item.alt)
        _ended(slide, out, item)


def _heads(item: Leaving) -> tuple[float, float]:
    """Px of the headline's type, and where the headline ends."""
    size, lines = _fit(item.headline, WIDE, (38, 32, 24, 20), 2)
    return size, 62 + lines * size * 1.2


def _headed(deck: Deck, out: Outgoing, item: Leaving, folio: str) -> tuple[Slide, Box]:
    """A slide with all but its picture, and the box that is left for it."""
    slide = deck.slides.add_slide(_layout(deck, "Postflow finding"))
    size, y = _heads(item)
    _put(slide, 0, item.headline, size * 0.75, (40, 62, WIDE, y - 62))
    _put(slide, 10, item.measure, 15 if len(item.measure) < 130 else 11, (40, y + 4, WIDE, 26))
    _frame(slide, out, item.caption.filters)
    top = _foot(slide, item, folio)
    return slide, (40.0, y + 36, WIDE, top - y - 44)


def _room(item: Leaving) -> float:
    """Px of height that head and foot leave."""
    return _foot_top(item) - _heads(item)[1] - 44


def _ended(slide: Slide, out: Outgoing, item: Leaving) -> None:
    _synthetic(slide, out)
    slide.notes_slide.notes_text_frame.text = _notes(out, item)
    _done(slide)


def _closing(deck: Deck, out: Outgoing) -> None:
    slide = deck.slides.add_slide(_layout(deck, "Postflow closing"))
    _put(slide, 0, "What this rests on, and what it cannot say", 28.5)
    _put(slide, 10, f"{out.version} · made on {out.made_on.isoformat()}", 15)
    _frame(slide, out, out.filters)
    sources = [f"{s.title}. {s.publisher}. Licence: {s.licence}. {s.mark}." for s in out.sources] or list(
        dict.fromkeys(f.caption.sources for f in out.figures)
    )
    _column(slide, "Sources", sources, (40, 160, 580, 450))
    _column(slide, "Limits", list(out.limits), (660, 160, 580, 450))
    _put(slide, 13, f"Factor set: {dict(out.about).get('Factor set', '')}.\nHandling: {out.mark}. {out.mark_words}")
    _synthetic(slide, out)
    slide.notes_slide.notes_text_frame.text = "\n".join(
        [*(f"{label}: {text}" for label, text in out.about), "Limits:", *out.limits]
    )
    _done(slide)


def _column(slide: Slide, head: str, lines: list[str], box: tuple[float, float, float, float]) -> None:
    size = 13.0 if sum(len(line) for line in lines) < 800 else 11.0
    room, most = box[3] / (size * 4 / 3) - 3, 0
    while most < len(lines) and room > 0:
        room -= 1.7 + fonts.width(lines[most][:600], size * 4 / 3) // box[2] * 1.2
        most += room > 0
    made = slide.shapes.add_textbox(*(Emu(int(v * PX)) for v in box))
    frame = made.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_top = 0
    shown = [*lines[:most], *([f"… and {len(lines) - most} more, in the notes"] if len(lines) > most else [])]
    for n, text in enumerate([head, *shown]):
        paragraph = frame.paragraphs[0] if not n else frame.add_paragraph()
        paragraph.space_after = Pt(size * 0.5)
        run = paragraph.add_run()
        run.text, run.font.size, run.font.bold = text[:600], Pt(16 if not n else size), not n
        run.font.color.rgb = _rgb("ink")


# ---------- parts ----------


def _fit(text: str, room: float, sizes: tuple[int, ...], most_lines: int) -> tuple[float, int]:
    """The largest of the sizes (px) in which a headline takes few enough lines, and how many it takes."""
    for size in sizes:
        lines = max(1, -(-int(fonts.width(text, size, True) * 1.27) // int(room)))
        if lines <= most_lines:
            return float(size), lines
    return float(sizes[-1]), lines


def _frame(slide: Slide, out: Outgoing, sentence: str) -> None:
    """The strip: filters and mark."""
    _put(slide, 11, sentence, 10.5 if len(sentence) < 130 else 10)
    ground, ink = handling.colours(out.mark)
    wide = max(110.0, fonts.width(out.mark, 14, True) + 24)
    box = _put(slide, 12, out.mark, 10.5, (1240 - wide, 14, wide, 27))
    box.fill.solid()
    box.fill.fore_color.rgb = RGBColor.from_string(ground[1:])
    for paragraph in box.text_frame.paragraphs:
        paragraph.alignment = PP_ALIGN.CENTER
        for run in paragraph.runs:
            run.font.color.rgb, run.font.bold = RGBColor.from_string(ink[1:]), True


def _said(item: Leaving) -> tuple[list[str], float, float]:
    """The caption's lines, px of their type, and of their height."""
    text = [f"{item.caption.counted} {item.caption.left_out}", *item.caption_lines()[1:]]
    lines = sum(sheets.lines_of(line, 1050, CAPTION_PX) for line in text)
    return text, CAPTION_PX, lines * CAPTION_PX * LINE + 6


def _told(item: Leaving) -> tuple[str, float]:
    """The numbered events in a line, and px of their height."""
    words = "    ".join(f"[{n}] {text}" for n, text in item.events)
    return words, sheets.lines_of(words, 1180, CAPTION_PX) * 18 + 6 if words else 0.0


def _foot_top(item: Leaving) -> float:
    return FOOT - _said(item)[2] - _told(item)[1]


def _foot(slide: Slide, item: Leaving, folio: str) -> float:
    """Caption and numbered notes at the foot; gives the px where they begin."""
    text, size, tall = _said(item)
    top = FOOT - tall
    box = _put(slide, 13, "\n".join(text), size * 0.75, (40, top + 6, 1080, tall))
    first = box.text_frame.paragraphs[0]
    if first.runs:
        lead = first.runs[0]
        lead.text = item.caption.counted
        lead.font.bold, lead.font.color.rgb = True, _rgb("ink")
        rest = first.add_run()
        rest.text, rest.font.size = f" {item.caption.left_out}", Pt(size * 0.75)
    _put(slide, 15, folio, box=(1120, top + 6, 120, 24))
    rule = slide.shapes.add_connector(1, Emu(40 * PX), Emu(int(top * PX)), Emu(1240 * PX), Emu(int(top * PX)))
    rule.line.color.rgb, rule.line.width = _rgb("hair"), Pt(0.75)
    pptx_marks.unstyled(rule)
    words, rows = _told(item)
    if words:
        top -= rows
        _put(slide, 14, words, 10, (40, top, WIDE, rows - 6))
    return top


def _picture(slide: Slide, item: Leaving, box: Box) -> None:
    if item.drawing is not None and item.drawing.can_be_edited:
        pptx_chart.add(slide, item.drawing.renamed(_disarmed), box, item.alt)
        return
    image = picture.chart_png(item, int(box[2]), int(box[3]))
    made = slide.shapes.add_picture(io.BytesIO(image), *(Emu(int(v * PX)) for v in box))
    made._element.nvPicPr.cNvPr.set("descr", item.alt)


def _nothing(slide: Slide, box: Box) -> None:
    made = slide.shapes.add_textbox(*(Emu(int(v * PX)) for v in box))
    made.text_frame.word_wrap = True
    made.text_frame.text = "No row in this scope. That is not a zero: see what the caption leaves out."
    made.text_frame.paragraphs[0].runs[0].font.size = Pt(20)


def _disarmed(words: str) -> str:
    return str(cells.disarm(cells.line(words)))


def _notes(out: Outgoing, item: Leaving) -> str:
    parts = [
        item.note,
        item.headline,
        item.measure,
        item.alt,
        *item.caption_lines(),
        f"Handling: {out.mark}. {out.mark_words}",
    ]
    method = (
        "Counted from the rows of the sources named; 95 % intervals are counting noise only. Factor set: "
        + dict(out.about).get("Factor set", "")
        + "."
    )
    return "\n".join(
        dict.fromkeys(part for part in [*parts, f"Method: {method}", f"Link: {item.link}" if item.link else ""] if part)
    )


def _synthetic(slide: Slide, out: Outgoing) -> None:
    """The label across the slide: an editable chart has no layout of its own to carry it."""
    if not out.is_synthetic:
        return
    made = slide.shapes.add_textbox(*(Emu(v * PX) for v in (240, 300, 800, 130)))
    made.name, made.rotation = "Synthetic label", -12
    run = made.text_frame.paragraphs[0].add_run()
    made.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER
    run.text, run.font.size, run.font.bold = handling.SYNTHETIC, Pt(80), True
    run.font.color.rgb = RGBColor.from_string(solid("rgba(122,31,162,0.2)"))
    slide.shapes._spTree.remove(made._element)
    slide.shapes._spTree.insert(2, made._element)  # under the chart, which has no ground


def _put(
    slide: Slide, index: int, text: str, size: float | None = None, box: tuple[float, float, float, float] | None = None
) -> BaseShape:
    """Text in the placeholder of an index, or in a text box where the template has none."""
    found = next((shape for shape in slide.placeholders if shape.placeholder_format.idx == index), None)
    if found is None:
        found = slide.shapes.add_textbox(*(Emu(int(v * PX)) for v in box or PLACES[index]))
        found.text_frame.word_wrap = True
    elif box:
        found.left, found.top, found.width, found.height = (Emu(int(v * PX)) for v in box)
    found.text_frame.text = text
    if size:
        for paragraph in found.text_frame.paragraphs:
            for run in paragraph.runs:
                run.font.size = Pt(size)
    return found


def _done(slide: Slide) -> None:
    """Take out placeholders that hold nothing: PowerPoint would ask for text in them."""
    for shape in list(slide.placeholders):
        if shape.has_text_frame and not shape.text_frame.text.strip():
            shape._element.getparent().remove(shape._element)


def _rgb(name: str) -> RGBColor:
    return RGBColor.from_string(solid(LIGHT[name]))
