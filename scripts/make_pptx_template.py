"""Write assets/template.pptx: theme, master and three layouts. An organisation may put its own file in its place.

A template needs layouts named "Postflow title", "Postflow finding" and "Postflow closing"; placeholders are found by
their index (title 0, measure 10, filters 11, mark 12, caption 13, notes under the picture 14, folio 15). Those that it
lacks are set as text boxes at our places.

    python scripts/make_pptx_template.py
"""

from __future__ import annotations

import copy
import re
from pathlib import Path

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Deck
from pptx.util import Emu, Pt

TARGET = Path(__file__).resolve().parent.parent / "assets" / "template.pptx"
PX = 9525
COLOURS = {
    "dk1": "16202A",
    "lt1": "FBFAF7",
    "dk2": "505C68",
    "lt2": "F3F0E9",
    "accent1": "CC2A66",
    "accent2": "1496A9",
    "accent3": "2E55CC",
    "accent4": "BA8B12",
    "accent5": "1F5A2A",
    "accent6": "4F657A",
    "hlink": "16202A",
    "folHlink": "505C68",
}
P = "http://schemas.openxmlformats.org/presentationml/2006/main"

# index: (name, left, top, width, height in px, size in pt, theme font, bold, align, colour)
FINDING = {
    0: ("Headline", 40, 62, 1200, 50, 28.5, "+mj-lt", True, PP_ALIGN.LEFT, MSO_THEME_COLOR.TEXT_1),
    10: ("Measure", 40, 112, 1200, 28, 15, "+mn-lt", False, PP_ALIGN.LEFT, MSO_THEME_COLOR.TEXT_2),
    11: ("Filters", 182, 14, 850, 30, 10.5, "+mn-lt", False, PP_ALIGN.LEFT, MSO_THEME_COLOR.TEXT_2),
    12: ("Handling mark", 1060, 14, 180, 27, 10.5, "+mn-lt", True, PP_ALIGN.CENTER, MSO_THEME_COLOR.BACKGROUND_1),
    13: ("Caption", 40, 628, 1080, 78, 10, "+mn-lt", False, PP_ALIGN.LEFT, MSO_THEME_COLOR.TEXT_2),
    14: ("Notes under the picture", 40, 598, 1200, 24, 10.5, "+mn-lt", False, PP_ALIGN.LEFT, MSO_THEME_COLOR.TEXT_2),
    15: ("Folio", 1140, 628, 100, 24, 10.5, "+mn-lt", True, PP_ALIGN.RIGHT, MSO_THEME_COLOR.TEXT_2),
}
TITLE = FINDING | {
    0: ("Title", 40, 230, 1120, 130, 44, "+mj-lt", True, PP_ALIGN.LEFT, MSO_THEME_COLOR.TEXT_1),
    10: ("Scope", 40, 372, 1120, 60, 18, "+mn-lt", False, PP_ALIGN.LEFT, MSO_THEME_COLOR.TEXT_2),
}
LAYOUTS = (("Postflow title", TITLE), ("Postflow finding", FINDING), ("Postflow closing", FINDING))


def main() -> None:
    """Write the template."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Emu(1280 * PX), Emu(720 * PX)
    theme(deck)
    master(deck)
    keep_layouts(deck, len(LAYOUTS))
    scratch = deck.slides.add_slide(deck.slide_layouts[0])
    for layout, (name, places) in zip(deck.slide_layouts, LAYOUTS, strict=True):
        tree = layout.shapes._spTree
        for shape in list(layout.shapes):
            tree.remove(shape._element)
        layout.name = name
        for shape in [*decoration(scratch), *(placeholder(scratch, n, *place) for n, place in places.items())]:
            tree.append(shape)
    drop_slide(deck)
    deck.core_properties.title, deck.core_properties.author = "Postflow", "Postflow"
    deck.save(str(TARGET))


def theme(deck: Deck) -> None:
    """Ink on paper; Georgia and Arial, which every office has."""
    part = next(rel.target_part for rel in deck.slide_master.part.rels.values() if rel.reltype.endswith("/theme"))
    text = part.blob.decode("utf-8")
    for name, value in COLOURS.items():
        text = re.sub(
            rf"<a:{name}>.*?</a:{name}>", f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>', text, flags=re.S
        )
    text = re.sub(r'(<a:majorFont>\s*<a:latin typeface=")[^"]*', r"\g<1>Georgia", text)
    text = re.sub(r'(<a:minorFont>\s*<a:latin typeface=")[^"]*', r"\g<1>Arial", text)
    text = re.sub(r'(<a:theme [^>]*name=")[^"]*', r"\g<1>Postflow", text)
    part._blob = text.encode("utf-8")


def master(deck: Deck) -> None:
    """Paper ground; the master's own placeholders moved to 16:9."""
    fill = deck.slide_master.background.fill
    fill.solid()
    fill.fore_color.theme_color = MSO_THEME_COLOR.BACKGROUND_1
    tree = deck.slide_master.shapes._spTree
    for shape in list(deck.slide_master.placeholders):
        if shape.placeholder_format.type in (13, 15, 16):  # slide number, footer, date: ours are in the layouts
            tree.remove(shape._element)
        elif shape.placeholder_format.idx == 0:
            shape.left, shape.top, shape.width, shape.height = (Emu(v * PX) for v in (40, 62, 1200, 50))
        else:
            shape.left, shape.top, shape.width, shape.height = (Emu(v * PX) for v in (40, 150, 1200, 450))


def keep_layouts(deck: Deck, number: int) -> None:
    """Keep the first layouts only."""
    listed = deck.slide_master.part._element.find(qn("p:sldLayoutIdLst"))
    for item in list(listed)[number:]:
        deck.slide_master.part.drop_rel(item.get(qn("r:id")))
        listed.remove(item)


def drop_slide(deck: Deck) -> None:
    """Take the scratch slide out."""
    listed = deck.slides._sldIdLst
    deck.part.drop_rel(listed[0].get(qn("r:id")))
    listed.remove(listed[0])


def decoration(slide: object) -> list:
    """Logo, rule and tab, in native shapes."""
    shapes = slide.shapes  # type: ignore[attr-defined]
    line = shapes.add_connector(MSO_CONNECTOR.STRAIGHT, Emu(40 * PX), Emu(51 * PX), Emu(1240 * PX), Emu(51 * PX))
    tab = shapes.add_shape(MSO_SHAPE.RECTANGLE, Emu(40 * PX), Emu(51 * PX), Emu(40 * PX), Emu(5 * PX))
    ring = shapes.add_shape(MSO_SHAPE.OVAL, Emu(41 * PX), Emu(21 * PX), Emu(14 * PX), Emu(14 * PX))
    bar = shapes.add_connector(MSO_CONNECTOR.STRAIGHT, Emu(44 * PX), Emu(28 * PX), Emu(52 * PX), Emu(28 * PX))
    waves = []
    for y in (24, 28, 32):
        build = shapes.build_freeform(int(57 * PX), int(y * PX), scale=1.0)
        build.add_line_segments(
            [
                (int((57 + n * 1.2) * PX), int((y + (0, -1.4, -2, -1.4, 0, 1.4, 2, 1.4)[n % 8] * 0.8) * PX))
                for n in range(21)
            ],
            close=False,
        )
        waves.append(build.convert_to_shape())
    name = shapes.add_textbox(Emu(84 * PX), Emu(14 * PX), Emu(96 * PX), Emu(28 * PX))
    write(name, "Postflow", 13, "+mj-lt", True, PP_ALIGN.LEFT, MSO_THEME_COLOR.TEXT_1)
    for shape, width in ((line, 1.0), (bar, 1.5), (ring, 1.2), *((w, 1.2) for w in waves)):
        shape.line.width = Pt(width)
        shape.line.color.theme_color = MSO_THEME_COLOR.TEXT_1
    for shape in (ring, *waves):
        shape.fill.background()
    tab.fill.solid()
    tab.fill.fore_color.theme_color = MSO_THEME_COLOR.TEXT_1
    tab.line.fill.background()
    out = []
    for shape in (line, tab, ring, bar, *waves, name):
        shape.name = "Postflow frame"
        style = shape._element.find(qn("p:style"))
        if style is not None:  # else the default theme's shadow comes along
            shape._element.remove(style)
        out.append(taken(shape))
    return out


def write(
    shape: object, text: str, size: float, font: str, bold: bool, align: PP_ALIGN, colour: MSO_THEME_COLOR
) -> None:
    """Words in a text box."""
    frame = shape.text_frame  # type: ignore[attr-defined]
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = frame.paragraphs[0]
    paragraph.alignment = align
    run = paragraph.add_run()
    run.text, run.font.size, run.font.bold, run.font.name = text, Pt(size), bold, font
    run.font.color.theme_color = colour


def placeholder(
    slide: object,
    index: int,
    name: str,
    left: int,
    top: int,
    width: int,
    height: int,
    size: float,
    font: str,
    bold: bool,
    align: PP_ALIGN,
    colour: MSO_THEME_COLOR,
) -> object:
    """A text box turned into a placeholder, its look in the list style so that slides inherit it."""
    box = slide.shapes.add_textbox(*(Emu(v * PX) for v in (left, top, width, height)))  # type: ignore[attr-defined]
    box.name = name
    frame = box.text_frame
    frame.text, frame.word_wrap = name, True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE if index in (11, 12) else MSO_ANCHOR.TOP
    if index == 12:
        box.fill.solid()
        box.fill.fore_color.rgb = RGBColor(0, 0, 0)
    scheme = {MSO_THEME_COLOR.TEXT_1: "tx1", MSO_THEME_COLOR.TEXT_2: "tx2", MSO_THEME_COLOR.BACKGROUND_1: "bg1"}[colour]
    side = {PP_ALIGN.LEFT: "l", PP_ALIGN.CENTER: "ctr", PP_ALIGN.RIGHT: "r"}[align]
    style = parse_xml(
        f'<a:lstStyle xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:lvl1pPr marL="0" indent="0" algn="{side}">'
        f'<a:lnSpc><a:spcPct val="100000"/></a:lnSpc><a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/>'
        f'<a:defRPr sz="{int(size * 100)}" b="{int(bold)}"><a:solidFill><a:schemeClr val="{scheme}"/></a:solidFill><a:latin typeface="{font}"/></a:defRPr>'
        f"</a:lvl1pPr></a:lstStyle>"
    )
    body = frame._txBody
    body.replace(body.find(qn("a:lstStyle")), style) if body.find(qn("a:lstStyle")) is not None else body.insert(
        1, style
    )
    element = taken(box)
    kind = 'type="title"' if index == 0 else f'type="body" sz="quarter" idx="{index}"'
    element.find(qn("p:nvSpPr")).find(qn("p:nvPr")).append(parse_xml(f'<p:ph xmlns:p="{P}" {kind}/>'))
    element.find(qn("p:nvSpPr")).find(qn("p:cNvSpPr")).attrib.pop("txBox", None)
    return element


def taken(shape: object) -> object:
    """A copy of the element, taken off its slide."""
    element = copy.deepcopy(shape._element)  # type: ignore[attr-defined]
    shape._element.getparent().remove(shape._element)  # type: ignore[attr-defined]
    return element


if __name__ == "__main__":
    main()
